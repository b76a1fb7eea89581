"""Darija in Arabic and in Latin letters: recognised, written back, and near what says the same."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from veille.reading.arabic import Variety, arabizi, latin_to_arabic, varieties, written_back
from veille.reading.embedding import DEFAULT_MODEL, by_name


def sure(*texts: str) -> list[bool]:
    return [bool(chance) for chance in arabizi(pd.Series(list(texts), dtype="object"))]


@pytest.mark.parametrize(
    "text", ["3lach lma m9to3 f l7ouma", "mzyan bzaf", "wach kayn chi mochkil", "bzzaaaf hadchi", "7chouma 3likom, sma3tiw"]
)
def test_arabizi_is_recognised(text: str) -> None:
    assert sure(text) == [True]


@pytest.mark.parametrize(
    "text",
    [
        "a2m1 devant la gare",
        "l'A7 et la RN7",
        "la 3ème et la 9eme fois",
        "iPhone 13, Win7, PS5 et RTX3090",
        "h3llo w0rld l33t sp34k n3w",
        "A380 B737 K39 R2D2 C3PO",
        "had fin bach",
        "il a 9 ans et 3 mois, 7h30",
        "",
        "😀 3 7 9",
    ],
)
def test_digits_of_french_english_and_codes_are_no_arabizi(text: str) -> None:
    assert sure(text) == [False]


def test_more_telling_words_are_surer() -> None:
    chances = arabizi(pd.Series(["le bus de la ville machi bzaf", "le bus machi bzaf hadchi", "machi bzaf hadchi"]))
    assert 0 < chances[0] <= chances[1] <= chances[2] <= 0.95


@pytest.mark.parametrize(
    ("latin", "arabic"),
    [
        ("3lach", "علاش"),
        ("bzaf", "بزاف"),
        ("bzzaf", "بزاف"),
        ("lma m9to3", "الماء مقطوع"),
        ("7outa", "حوتا"),
        ("wach kayn internet", "واش كاين internet"),
    ],
)
def test_words_are_written_back_and_french_ones_stay(latin: str, arabic: str) -> None:
    assert latin_to_arabic(latin) == arabic


def test_only_arabizi_is_written_back() -> None:
    said = ["Le train est en retard, 2m1 aussi", "wach kayn chi mochkil", ""]
    back = written_back(said)
    assert [back[0], back[2]] == [said[0], said[2]]
    assert back[1] == "واش كاين شي مشكل"


def test_varieties() -> None:
    text = pd.Series(["انقطاع المياه عن المدينة", "واش كاين الما بزاف", "wach kayn lma bzaf", "le train"])
    told = varieties(text, pd.Series(["ar", "ar", "ar", "fr"]))
    assert told.tolist()[:3] == [Variety.STANDARD, Variety.DARIJA, Variety.ARABIZI]
    assert told.isna().tolist() == [False, False, False, True]


def test_arabizi_is_nearer_to_the_same_in_arabic_letters_than_unwritten() -> None:
    """The encoder's vector is that of the text written back, so that what is said alike lies together."""
    model = by_name(DEFAULT_MODEL)
    latin, letters, other = model.encode(
        ["3lach lma m9to3 mn lbare7", "علاش الماء مقطوع من البارح", "شكرا على الخدمة المزيانة"]
    )
    assert latin @ letters > 0.8
    assert latin @ letters > latin @ other + 0.3
    np.testing.assert_allclose(latin, model.encode([latin_to_arabic("3lach lma m9to3 mn lbare7")])[0], atol=1e-6)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.text(max_size=30), max_size=4))
def test_hostile_text_never_raises(texts: list[str]) -> None:
    assert len(written_back(texts)) == len(texts)
    assert arabizi(pd.Series(texts, dtype="object")).shape == (len(texts),)
