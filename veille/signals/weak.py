"""Weak signals: what is too small to be an emergence and too grave, or too steady, to be left unsaid.

Two shapes: *slow*, bad stories spread over at least three of the last four weeks, grave or rising; *grave*, a few
stories in a window that allege a danger to persons, where the subject's habit has almost none.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from veille.signals import surprise, tone
from veille.signals.counts import WHOLE, Grid
from veille.signals.emergence import Floats
from veille.signals.thresholds import Thresholds

_WEEKS = 4
_GRAVE_STORIES = 2


def weak_windows(
    grid: Grid, tests: pd.DataFrame, exposure: Floats, tested_days: list[int], thresholds: Thresholds
) -> pd.DataFrame:
    """Return one row a unit that shows a weak signal: its window, count, expectation and p-value, most surprising first.

    Parameters
    ----------
    grid, tests, exposure, tested_days
        As given to, and returned by, `emergence.run_tests`; the grid also counts `severe_stories`.
    """
    if not tested_days:
        return pd.DataFrame()
    found = [
        part for part in (_grave(grid, tests, thresholds), _slow(grid, exposure, tested_days[-1], thresholds)) if len(part)
    ]
    if not found:
        return pd.DataFrame()
    last = tests.loc[(tests["day"] == grid.days[tested_days[-1]]) & (tests["measure"] != "stories")]
    result = pd.concat(found, ignore_index=True)
    result["recent_p"] = result["unit"].map(last.groupby("unit")["p_value"].min())
    result["recent_p"] = result["recent_p"].where(result["shape"] == "slow", result["p_value"])
    result = result.sort_values(["p_value", "unit", "window_days"], kind="stable")
    return result.drop_duplicates("unit").reset_index(drop=True)


def _grave(grid: Grid, tests: pd.DataFrame, thresholds: Thresholds) -> pd.DataFrame:
    chosen = tests.loc[
        (tests["measure"] == "grave_stories") & (tests["p_value"] <= thresholds.weak_p) & (tests["count"] >= _GRAVE_STORIES)
    ]
    if chosen.empty:
        return chosen
    chosen = chosen.reset_index(drop=True)
    last = grid.days.get_indexer(pd.DatetimeIndex(chosen["day"]))
    start = np.maximum(0, last + 1 - chosen["window_days"].to_numpy())
    unit = chosen["unit"].to_numpy()
    severe, bad, told = (grid.between(name, unit, start, last + 1) for name in ("severe_stories", "bad_stories", "stories"))
    kept = (severe >= _GRAVE_STORIES) & (bad >= thresholds.negative_share * told)
    chosen = chosen.loc[kept].sort_values(["p_value", "window_days"], kind="stable").drop_duplicates("unit")
    return chosen.assign(shape="grave", first_day=chosen["day"])


def _slow(grid: Grid, exposure: Floats, last: int, thresholds: Thresholds) -> pd.DataFrame:
    length = thresholds.weak_days
    past_end = last + 1 - length - thresholds.gap_days
    if past_end < thresholds.short_history_days:
        return pd.DataFrame()
    past = slice(max(0, past_end - thresholds.baseline_days), past_end)
    whole = (grid.units["topic_id"] == WHOLE).to_numpy()
    measure = grid.counts["bad_stories"]
    past_counts, past_days = measure[:, past].sum(axis=1), float(exposure[past].sum())
    prior = surprise.fit_prior(past_counts[whole], past_days, default_mean=thresholds.prior_per_day)
    count = grid.window("bad_stories", last, length)
    index = surprise.dispersion(measure[:, past], 7)
    weight = float(exposure[last + 1 - length : last + 1].sum())
    p_value, expected = surprise.tail(count, weight, past_counts, past_days, prior, index, discount=thresholds.past_discount)
    weekly = measure[:, last + 1 - length : last + 1].reshape(len(measure), _WEEKS, -1).sum(axis=2)
    half = _WEEKS // 2
    rising = weekly[:, half:].sum(axis=1) > weekly[:, :half].sum(axis=1)
    grave = grid.window("grave_stories", last, length) >= _GRAVE_STORIES
    share = tone.share_interval(count, grid.window("stories", last, length), thresholds.error_rates)[0]
    kept = (
        ((weekly > 0).sum(axis=1) >= _WEEKS - 1)
        & (weekly[:, -1] > 0)
        & (grave | rising)
        & (share > thresholds.negative_share)
        & (p_value <= thresholds.weak_p)
    )
    rows = np.flatnonzero(kept)
    return grid.units.iloc[rows].assign(
        unit=rows,
        day=grid.days[last],
        first_day=grid.days[last],
        measure="bad_stories",
        window_days=length,
        count=count[rows],
        expected=expected[rows],
        p_value=p_value[rows],
        shape="slow",
    )
