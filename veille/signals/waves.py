"""Second waves: an affair that was closed, or of which nothing was said any more, and of which many suddenly speak again.

The first wave is part of the habit of the eight weeks after it, so that a second of the same size is no rarity to the tests
of `emergence`. It is one to those who lived through the first. Affairs that were signals once are few: each is looked at
by itself, under no shared error rate, and nothing is opened that was not a signal before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

from veille.signals import continuity, few, surprise
from veille.signals.affairs import Lexis
from veille.signals.candidates import Candidate
from veille.signals.counts import WHOLE
from veille.signals.tables import SignalKind
from veille.signals.thresholds import Thresholds

_WAVE_DAYS = 3
# As much as half of what the first wave was at its height: less is an echo of it.
_OF_THE_FIRST = 0.5


@dataclass(frozen=True)
class _Wave:
    """The stories of a second wave, `at` and `day` of the first mention of each by story id; how rare so many are."""

    stories: pd.DataFrame
    p_value: float
    expected: float


def second_waves(
    earlier: pd.DataFrame,
    candidates: Sequence[Candidate],
    told: pd.DataFrame,
    lexis: Lexis,
    closed: set[str],
    start: datetime,
    thresholds: Thresholds,
) -> list[Candidate]:
    """Return the earlier emergences that are spoken ill of again, at least half as much as at their height.

    Parameters
    ----------
    earlier
        Rows of SIGNALS of earlier cut-offs.
    candidates
        What was found now, already identified.
    told
        Result of `counts.subject_mentions`.
    lexis
        The words of the stories.
    closed
        Ids of signals that people closed.
    start
        First instant of the period: a wave is of stories that were first told since, and after the signal's last row.
    thresholds
        Settings of the detection; a wave has `min_stories` within three days, follows a closing or `reopen_after_days` without
        a row, and comes at most `baseline_days` after the last.

    Notes
    -----
    Its p-value is the gamma-Poisson tail against what was told of the affair between the two waves, as of any topic of which
    nothing else is known; without one the signal would not go on once its stories are no news any more.
    """
    known = continuity.latest(earlier.loc[earlier["kind"] == SignalKind.NEGATIVE_EMERGENCE])
    since, over = (
        pd.Timestamp(start) - pd.Timedelta(days=days) for days in (thresholds.baseline_days, thresholds.reopen_after_days)
    )
    ended = known["signal_id"].isin(list(closed)) | (known["cutoff"] < over)
    known = known.loc[ended & (known["cutoff"] >= since) & ~known["signal_id"].isin([one.signal_id for one in candidates])]
    claimed = {(one.subject, story) for one in candidates for story in one.stories}
    result: list[Candidate] = []
    for row in few.rows(known.sort_values(["cutoff", "signal_id"], ascending=[False, True], kind="stable")):
        wave = _wave(row, told, lexis, start, thresholds)
        if wave is not None and len({(row.subject, story) for story in wave.stories.index} - claimed) >= thresholds.min_stories:
            result.append(_candidate(row, wave, lexis, claimed))
            claimed |= {(row.subject, story) for story in wave.stories.index}
    return result


def _wave(row: Any, told: pd.DataFrame, lexis: Lexis, start: datetime, thresholds: Thresholds) -> _Wave | None:
    mine = told.loc[(told["subject"] == row.subject) & (told["bad"] > 0)]
    seed = mine.loc[mine["mention_id"].isin(list(row.evidence))]
    if seed.empty:
        return None
    affair = lexis.of(str(row.subject)).grow(set(seed["story_id"]), seed["day"].min())
    of_topic = (mine["topic_id"] == row.topic_id) if row.topic_id != WHOLE and not pd.isna(row.topic_id) else False
    first = mine.loc[mine["story_id"].isin(list(affair)) | of_topic].groupby("story_id")
    stories: pd.DataFrame = first.agg(at=("published_at", "min"), day=("day", "min"))
    before, now = stories["at"] <= row.cutoff, stories["at"] >= max(pd.Timestamp(start), row.cutoff)
    height, again = (_most(stories.loc[chosen, "day"]) for chosen in (before, now))
    if again < max(thresholds.min_stories, _OF_THE_FIRST * height):
        return None
    between = float((~before & ~now).sum())
    days = max(0.0, (stories.loc[now, "at"].min() - row.cutoff) / pd.Timedelta(days=1))
    prior = surprise.fit_prior(np.zeros(0), 0.0, default_mean=thresholds.prior_per_day)
    p_value, expected = surprise.tail(
        np.array([float(again)]), _WAVE_DAYS, np.array([between]), days, prior, discount=thresholds.past_discount
    )
    if p_value[0] > thresholds.unusual_p:
        return None
    return _Wave(stories.loc[now], float(p_value[0]), float(expected[0]))


def _most(days: pd.Series) -> int:
    """Return the most stories of any few days in a row."""
    if days.empty:
        return 0
    daily = days.value_counts().sort_index().asfreq("D", fill_value=0)
    return int(daily.rolling(_WAVE_DAYS, min_periods=1).sum().max())


def _candidate(row: Any, wave: _Wave, lexis: Lexis, claimed: set[tuple[str, str]]) -> Candidate:
    stories = frozenset(str(story) for story in wave.stories.index if (row.subject, story) not in claimed)
    first_day = wave.stories["day"].min()
    return Candidate(
        kind=SignalKind.NEGATIVE_EMERGENCE,
        subject=str(row.subject),
        topic_id="" if pd.isna(row.topic_id) else str(row.topic_id),
        first_day=first_day,
        window_days=_WAVE_DAYS,
        p_value=wave.p_value,
        expected=wave.expected,
        recent_p=wave.p_value,
        stories=stories,
        category=None if pd.isna(row.gravity_category) else str(row.gravity_category),
        signal_id=str(row.signal_id),
        words=tuple(lexis.of(str(row.subject)).signature(stories, first_day).items()),
    )
