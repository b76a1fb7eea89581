from __future__ import annotations

from datetime import date

import pytest

from veille.desk.brief_occasion import occasion_day, occasion_matter

TODAY = date(2026, 11, 16)


@pytest.mark.parametrize(
    ("occasion", "day"),
    [
        ("plateau 18 nov.", date(2026, 11, 18)),
        ("Plateau du 18 novembre 2026, 20 h", date(2026, 11, 18)),
        ("studio, 18 November", date(2026, 11, 18)),
        ("studio on November 18th", date(2026, 11, 18)),
        ("2026-12-01 audition", date(2026, 12, 1)),
        ("matinale 18/11", date(2026, 11, 18)),
        ("point presse du 1er décembre", date(2026, 12, 1)),
        ("vœux, 4 janv.", date(2027, 1, 4)),
        ("interview 31 février", None),
        ("plateau télé", None),
        ("", None),
        ("12 communes du plateau", None),
    ],
)
def test_the_day_of_an_occasion_is_read_in_both_languages(occasion: str, day: date | None) -> None:
    assert occasion_day(occasion, TODAY) == day


def test_a_day_without_year_is_the_nearest_one() -> None:
    assert occasion_day("2 janvier", date(2026, 12, 30)) == date(2027, 1, 2)
    assert occasion_day("30 décembre", date(2027, 1, 2)) == date(2026, 12, 30)


@pytest.mark.parametrize(
    ("occasion", "matter"),
    [
        ("plateau 18 nov.", ""),
        ("interview radio sur les vélos, 18 novembre", "velos"),
        ("TV set about the strike", "strike"),
    ],
)
def test_where_and_when_one_speaks_is_not_what_one_speaks_about(occasion: str, matter: str) -> None:
    assert occasion_matter(occasion) == matter
