"""Weak signals: what is too small to be an emergence and too grave, or too steady, to be left unsaid.

Two shapes: *grave*, a few stories in a window that allege a danger to persons where the subject's habit has almost none;
*slow*, stories told in the same words over at least three of the last four weeks, in which a harm to persons is alleged.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from veille.signals import surprise
from veille.signals.affairs import Words
from veille.signals.candidates import Candidate, category_of
from veille.signals.counts import GRAVE, Grid
from veille.signals.tables import SignalKind
from veille.signals.thresholds import Thresholds

_WEEKS = 4
_GRAVE_STORIES = 2
_SLOW_STORIES = 4
_TRIED_WORDS = 8


def grave_windows(grid: Grid, tests: pd.DataFrame, thresholds: Thresholds) -> pd.DataFrame:
    """Return one row a unit with a few grave stories: its window, count, expectation and p-value, most surprising first.

    Parameters
    ----------
    grid, tests
        As given to, and returned by, `emergence.run_tests`; the grid also counts `severe_stories`.
    """
    chosen = tests.loc[
        (tests["measure"] == "grave_stories") & (tests["p_value"] <= thresholds.weak_p) & (tests["count"] >= _GRAVE_STORIES)
    ]
    if chosen.empty:
        return chosen
    chosen = chosen.reset_index(drop=True)
    last = grid.days.get_indexer(pd.DatetimeIndex(chosen["day"]))
    start = np.maximum(0, last + 1 - chosen["window_days"].to_numpy())
    unit = chosen["unit"].to_numpy()
    severe, bad, judged = (grid.between(f"{name}_stories", unit, start, last + 1) for name in ("severe", "bad", "judged"))
    kept = (severe >= _GRAVE_STORIES) & (bad >= thresholds.negative_share * judged)
    chosen = chosen.loc[kept].sort_values(["p_value", "window_days"], kind="stable").drop_duplicates("unit")
    return chosen.assign(first_day=chosen["day"], recent_p=chosen["p_value"]).reset_index(drop=True)


def slow_affairs(
    words: Words, subject: str, grid: Grid, thresholds: Thresholds, apart: frozenset[str] = frozenset()
) -> list[Candidate]:
    """Return the affairs that allege a harm to persons week after week in the same words, most surprising first.

    Parameters
    ----------
    words
        The stories of the subject.
    grid
        Daily counts; its days are those looked at.
    apart
        Stories of other affairs.

    Notes
    -----
    Nothing is grown here: over four weeks too much sounds alike. What is told is what alleges the harm.
    """
    last = grid.days[-1]
    since = last - pd.Timedelta(days=thresholds.weak_days - 1)
    past_days = len(grid.days) - thresholds.weak_days - thresholds.gap_days
    if past_days < thresholds.short_history_days:
        return []
    window = words.window(since)
    category, gravity = words.stories["gravity_category"], words.stories["gravity"].fillna(0.0)
    harms = ((category == "health") | ((category == "persons") & (gravity >= GRAVE))).to_numpy(dtype=bool)
    harms = harms & ~words.stories.index.isin(list(apart))
    alleges = harms & window
    if alleges.sum() < _SLOW_STORIES:
        return []
    weight = words.telling(alleges, window)
    strength = weight * np.asarray(words.matrix[alleges].sum(axis=0)).ravel()
    result: list[Candidate] = []
    for stem in np.argsort(-strength, kind="stable")[:_TRIED_WORDS]:
        holds = np.asarray(words.matrix[:, [int(stem)]].todense()).ravel() > 0
        stories = frozenset(words.stories.index[holds & alleges])
        taken = any(stories & other.stories for other in result)
        if strength[stem] <= 0 or taken or not _steady(words.stories.loc[holds & alleges, "day"], last):
            continue
        past = np.array([float((holds & harms & ~window).sum())])
        prior = surprise.fit_prior(past, float(past_days), default_mean=thresholds.prior_per_day)
        p_value, expected = surprise.tail(
            np.array([float(len(stories))]),
            float(thresholds.weak_days),
            past,
            float(past_days),
            prior,
            discount=thresholds.past_discount,
        )
        if p_value[0] > thresholds.weak_p:
            continue
        result.append(
            Candidate(
                kind=SignalKind.WEAK,
                subject=subject,
                topic_id=words.main_topic(stories),
                first_day=last,
                window_days=thresholds.weak_days,
                p_value=float(p_value[0]),
                expected=float(expected[0]),
                # It is surprising, not fast.
                recent_p=1.0,
                stories=stories,
                category=category_of(words.stories.loc[holds & alleges]),
                words=tuple(words.signature(stories, since).items()),
            )
        )
    return sorted(result, key=lambda candidate: (candidate.p_value or 0.0, min(candidate.stories)))


def _steady(days: pd.Series, last: pd.Timestamp) -> bool:
    """Whether stories are enough, in three of the last four weeks, this one included."""
    weeks = set((last - days).dt.days // 7)
    return len(days) >= _SLOW_STORIES and 0 in weeks and len(weeks) >= _WEEKS - 1
