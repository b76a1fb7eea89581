from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veille.alerts.recipients import Told, recipients, stand_ins
from veille.watch import Absence, Watch
from veille.watch.presence import handled_level

DAY = date(2026, 11, 19)
PEOPLE = ("analyste", "chefcom", "dircom", "dg")


def with_away(watch: Watch, *names: str) -> Watch:
    span = Absence(first=DAY, last=DAY)
    people = [person.model_copy(update={"away": (span,) if person.id in names else ()}) for person in watch.people]
    return watch.model_copy(update={"people": tuple(people)})


def ids(told: tuple[Told, ...]) -> list[str]:
    return [one.person for one in told]


@pytest.mark.parametrize(
    ("level", "away", "expected"),
    [
        (3, (), ["dircom"]),
        (3, ("dircom",), ["chefcom"]),  # the deputy
        (3, ("dircom", "chefcom"), ["dg"]),  # deputy away too: the level above
        (3, ("dircom", "chefcom", "dg"), ["analyste"]),  # the level above away too: anybody who is there
        (3, PEOPLE, ["dircom"]),  # everybody away: those who are meant
        (4, ("dg",), ["dircom"]),  # no deputy: the next in the list of the level
        (4, ("dg", "dircom"), ["chefcom"]),  # deputy of the next
        (2, ("chefcom",), ["dircom"]),
    ],
)
def test_who_is_told(watch: Watch, level: int, away: tuple[str, ...], expected: list[str]) -> None:
    assert ids(recipients(with_away(watch, *away), level, DAY)) == expected


def test_who_stands_in_says_for_whom(watch: Watch) -> None:
    assert recipients(with_away(watch, "dircom"), 3, DAY) == (Told("chefcom", "dircom"),)


def test_absence_counts_on_its_days_only(watch: Watch) -> None:
    assert ids(recipients(with_away(watch, "dircom"), 3, date(2026, 11, 20))) == ["dircom"]


def test_owners_are_told_beside_a_level_and_in_place_of_the_analyst(watch: Watch) -> None:
    assert ids(recipients(watch, 3, DAY, owners=["dg", "dircom"])) == ["dircom", "dg"]
    assert ids(recipients(watch, 1, DAY, owners=["dg"])) == ["dg"]
    assert ids(recipients(watch, 1, DAY)) == ["analyste"]


@given(st.integers(1, 4), st.sets(st.sampled_from(PEOPLE)), st.sets(st.sampled_from(PEOPLE)))
def test_never_nobody_nobody_twice_and_nobody_away_while_another_is_there(level: int, away: set[str], owners: set[str]) -> None:
    watch = _WATCH
    told = ids(recipients(with_away(watch, *away), level, DAY, owners=sorted(owners)))
    assert told
    assert len(set(told)) == len(told)
    if away != set(PEOPLE):
        assert not set(told) & away


def test_deputies_of_each_other_are_no_endless_chain(watch: Watch) -> None:
    assert ids(stand_ins(watch, 3, "dircom", DAY, ["dircom"])) == ["chefcom"]
    assert ids(stand_ins(watch, 3, "chefcom", DAY, ["dircom", "chefcom"])) == ["dg"]
    assert ids(stand_ins(watch, 3, "dg", DAY, PEOPLE)) == []


def test_functions_stand_for_people_that_are_not_listed(make_watch: object) -> None:
    bare = make_watch("watch: a\norganisation: A\nsubjects: [{id: a, query: a}]\n")  # type: ignore[operator]
    assert ids(recipients(bare, 2, DAY)) == ["head_of_communication"]
    assert ids(stand_ins(bare, 2, "head_of_communication", DAY, ["head_of_communication"])) == ["communication_director"]


def test_a_competitor_is_handled_as_vigilance(watch: Watch) -> None:
    assert [handled_level(watch, level, "competitor") for level in (1, 2, 3, 4)] == [1, 2, 2, 2]
    assert handled_level(watch, 4, "self") == 4
    others = watch.model_copy(update={"subjects": tuple(one for one in watch.subjects if one.role == "competitor")})
    assert handled_level(others, 4, "competitor") == 4


def _loaded() -> Watch:
    from pathlib import Path
    from tempfile import TemporaryDirectory

    from veille.watch import load_watch

    from .conftest import WATCH

    with TemporaryDirectory() as folder:
        file = Path(folder) / "watch.yml"
        file.write_text(WATCH, encoding="utf-8")
        return load_watch(file)


_WATCH = _loaded()
