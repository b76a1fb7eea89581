"""A watch without past: nothing is a rise until there is a habit, and then what is far above it is found."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from veille.signals import emergence
from veille.signals.counts import WHOLE, Grid
from veille.signals.thresholds import Thresholds
from veille.signals.young import FEWEST_PAST_DAYS, YOUNG_PAST_DAYS, past_of, share_memory

THRESHOLDS = Thresholds()
LENGTHS = st.lists(st.integers(1, 10), min_size=1, max_size=4, unique=True).map(tuple)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 120), LENGTHS, st.integers(0, 5), st.integers(14, 90))
def test_no_window_feeds_its_own_past(last: int, windows: tuple[int, ...], gap: int, baseline: int) -> None:
    past = past_of(last, windows, gap, baseline)
    assert 0 <= past.first <= past.end
    assert set(past.windows_days) <= set(windows)
    if past.windows_days:
        assert past.end <= last + 1 - max(past.windows_days)
        assert past.end - past.first >= FEWEST_PAST_DAYS
        assert past.end - past.first <= max(baseline, last)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 120), LENGTHS, st.integers(0, 5))
def test_what_can_be_tested_only_grows_with_time(last: int, windows: tuple[int, ...], gap: int) -> None:
    before, after = past_of(last, windows, gap, 56), past_of(last + 1, windows, gap, 56)
    assert set(before.windows_days) <= set(after.windows_days)
    assert after.young <= before.young


def test_an_old_watch_keeps_its_whole_past_and_its_gap() -> None:
    past = past_of(80, (1, 3, 7), 1, 56)
    assert (past.first, past.end, past.windows_days, past.young) == (17, 73, (1, 3, 7), False)
    assert past_of(7 + 1 + YOUNG_PAST_DAYS - 1, (1, 3, 7), 1, 56).young is False


def test_first_days_are_not_tested_and_the_first_one_is_no_past() -> None:
    assert past_of(FEWEST_PAST_DAYS, (1, 3, 7), 1, 56).windows_days == ()
    assert past_of(FEWEST_PAST_DAYS + 1, (1, 3, 7), 1, 56).first == 1


def test_a_gap_is_kept_as_soon_as_the_past_can_spare_it() -> None:
    ends = [past_of(last, (1,), 2, 56).end for last in (5, 6, 7, 8)]
    assert ends == [5, 5, 5, 6]


def test_a_share_is_better_known_from_a_shorter_past_and_as_before_from_the_usual_one() -> None:
    memories = [share_memory(past_of(last, (1,), 0, 56), 20.0, 56) for last in (5, 8, 12)]
    assert memories == sorted(memories, reverse=True)
    assert share_memory(past_of(80, (1, 3, 7), 1, 56), 20.0, 56) == 20.0


def busy(days: int, seed: int, share: float = 0.45) -> Grid:
    """Two subjects of whom hundreds of stories are told a day from the first day on, and a topic born each day."""
    rng = np.random.default_rng(seed)
    stories = rng.poisson(300 * rng.gamma(60, 1 / 60, (2, days)))
    bad = rng.binomial(stories, share)
    topics = np.diag(np.full(days, 40))
    stories, bad = np.vstack([stories, topics]), np.vstack([bad, topics])
    units = pd.DataFrame({"subject": ["a", "b", *["a"] * days], "topic_id": [WHOLE, WHOLE, *[f"t{n}" for n in range(days)]]})
    zero = np.zeros(stories.shape)
    counts = {"stories": stories, "judged_stories": stories, "bad_stories": bad, "negative_stories": bad}
    counts |= {"loaded_stories": zero, "grave_stories": zero.copy(), "severe_stories": zero.copy()}
    dates = pd.date_range("2022-03-01", periods=days)
    return Grid(units, dates, {name: values.astype(float) for name, values in counts.items()})


def alarms(grid: Grid) -> pd.DataFrame:
    days = list(range(len(grid.days)))
    weights = emergence.exposures(grid.counts["stories"][:2].sum(axis=0), grid.days)
    tests = emergence.run_tests(grid, weights, days, THRESHOLDS)
    chosen = emergence.windows(grid, tests, emergence.unit_days(tests, THRESHOLDS.fdr_level), THRESHOLDS)
    return chosen.loc[chosen["emergence"]] if len(chosen) else pd.DataFrame({"unit": [], "day": []})


@pytest.mark.parametrize("seed", range(4))
def test_a_busy_watch_that_begins_today_alarms_nobody(seed: int) -> None:
    assert alarms(busy(18, seed)).empty


@pytest.mark.parametrize("seed", range(4))
def test_a_day_of_twice_the_bad_stories_is_found_after_a_week(seed: int) -> None:
    grid = busy(9, seed)
    for name in ("stories", "judged_stories", "bad_stories", "negative_stories"):
        grid.counts[name][0, 8] += 300
    found = alarms(grid)
    assert set(found["unit"]) == {0}
    assert set(found["day"]) == {grid.days[8]}


def test_weekdays_that_were_seen_once_have_no_weight_of_their_own() -> None:
    daily = np.array([100.0] * 6 + [500.0])
    assert emergence.exposures(daily, pd.date_range("2022-03-01", periods=7)).tolist() == [1.0] * 7
