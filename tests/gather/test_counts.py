"""Counters as strangers write them: read where they are sure, else missing; never a row that is lost."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from veille.gather.counts import left_out, read_counts
from veille.gather.values import typed


def count(value: object) -> tuple[object, bool]:
    counts, bad = read_counts(pd.Series([value], dtype="object"))
    return (None if pd.isna(counts.iloc[0]) else counts.iloc[0]), bool(bad.iloc[0])


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (5, 5), (5.0, 5), ("5", 5), ("12.0", 12), ("12,00", 12), ("1.5e3", 1500), ("+7", 7), (0, 0),
        ("1 234", 1234), ("1\u202f234", 1234), ("1,234", 1234), ("1'234", 1234), ("1.234.567", 1_234_567), ("1,234.0", 1234),
        ("1,234,000", 1_234_000), ("5,000", 5000), ("1.2k", 1200),
        ("1,2 k", 1200), ("1,2\u00a0k", 1200), ("3K", 3000), ("1.25K", 1250),
        ("1.2M", 1_200_000), ("2,4 Md", 2_400_000_000), ("1B", 10**9), (b"12", 12),
    ],
)  # fmt: skip
def test_numbers_that_are_sure_are_read(value: object, number: int) -> None:
    assert count(value) == (number, False)


@pytest.mark.parametrize("value", [None, "", " ", "nan", float("nan"), "null", "N/A", "n/a", "-", pd.NA, pd.NaT])
def test_no_number_is_missing(value: object) -> None:
    assert count(value) == (None, False)


@pytest.mark.parametrize(
    "value",
    [
        -1, "-1", 1.5, 1.234, "many", True, [1], {"n": 1}, "1.5", "1.234", "9" * 30, float("inf"), "1,23", "٣", "1e99",
        "1,234k", "3m", "1k+", "1.2345k", "k", "10 000 vues", "12,34,567", "5.000",
    ],
)  # fmt: skip
def test_what_is_not_sure_is_left_out_and_told(value: object) -> None:
    assert count(value) == (None, True)


def test_the_row_is_kept_and_the_column_and_an_example_are_told() -> None:
    raw = pd.DataFrame({"J'aime": ["12", "beaucoup", "1,2 k", "", "trop"], "t": "texte"}, dtype="object")
    result = typed(raw, {"likes": ["J'aime"], "text": ["t"]}, {}, "UTC")
    assert result.reasons.tolist() == [""] * 5
    assert [None if pd.isna(value) else value for value in result.frame["likes"]] == [12, None, 1200, None, None]
    assert result.warnings == (
        """2 values of column "J'aime" (likes) are no whole numbers from 0 up, such as 'beaucoup': left out, their rows kept""",
    )


def test_the_example_shows_nobody_and_is_short() -> None:
    bad = pd.Series([True])
    assert "jean" not in left_out("likes", ["likes"], pd.Series(["@jean.dupont"]), bad)
    assert "jean" not in left_out("likes", ["likes"], pd.Series([{"name": "jean"}]), bad)
    assert len(left_out("likes", ["likes"], pd.Series(["x" * 5000]), bad)) < 200


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**62), st.sampled_from([",", " ", "\u202f"]))
def test_thousands_set_apart_come_back(number: int, sign: str) -> None:
    assert count(f"{number:,}".replace(",", sign)) == (number, False)
