"""A topic is said to be back only where it had been one before."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from veille.bulletin.figures import NegativeShare
from veille.bulletin.sections import _born, _changed
from veille.language import Language
from veille.period import week

PERIOD = week("2026-W47", "Europe/Paris")


def said(weeks_ago: list[int]) -> str:
    stories = pd.DataFrame({"weeks_ago": weeks_ago})
    first = pd.Timestamp(PERIOD.start) - pd.Timedelta(weeks=max(weeks_ago)) + pd.Timedelta(hours=1)
    born = _born(first, stories, SimpleNamespace(period=PERIOD))
    now, before = weeks_ago.count(0), weeks_ago.count(1)
    share = NegativeShare(0, 0, None, None, None)
    return _changed(now, before, share, share, born, Language("en")).split(":")[0].split(",")[0]


@pytest.mark.parametrize(
    ("weeks_ago", "begins"),
    [
        ([0] * 20, "Born this week"),
        # One stray story of October beside twenty of the week.
        ([0] * 20 + [5], "Born this week"),
        ([0] * 20 + [1], "20 stories"),
        # It was a topic five weeks ago, and silent since.
        ([0] * 20 + [5] * 2, "Back this week"),
        ([0] * 2 + [3] * 9, "Back this week"),
        # One story now and one then: what came back is not born.
        ([0, 4], "Back this week"),
        ([0] * 20 + [1] * 2, "20 stories"),
        ([0, 1, 2], "1 story"),
    ],
)
def test_born_back_or_going_on(weeks_ago: list[int], begins: str) -> None:
    assert said(weeks_ago) == begins
