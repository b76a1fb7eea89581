"""Second waves: an affair that was closed, or of which nothing was said any more, and of which many suddenly speak again.

The first wave is part of the habit of the eight weeks after it, so that a second of the same size is no rarity to the tests
of `emergence`. It is one to those who lived through the first. Affairs that were signals once are few: each is looked at
by itself, under no shared error rate, and nothing is opened that was not a signal before.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pandas as pd

from veille.signals import continuity, few
from veille.signals.affairs import Lexis
from veille.signals.candidates import Candidate
from veille.signals.counts import WHOLE
from veille.signals.tables import SignalKind
from veille.signals.thresholds import Thresholds

_WAVE_DAYS = 3
_MEMORY_DAYS = 56
# As much as half of what the first wave was at its height: less is an echo of it.
_OF_THE_FIRST = 0.5


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
        Settings of the detection; a wave has `min_stories` within three days, and follows a closing or
        `reopen_after_days` of which nothing was unusual.
    """
    known = continuity.latest(earlier.loc[earlier["kind"] == SignalKind.NEGATIVE_EMERGENCE])
    since, over = (pd.Timestamp(start) - pd.Timedelta(days=days) for days in (_MEMORY_DAYS, thresholds.reopen_after_days))
    ended = known["signal_id"].isin(list(closed)) | (known["cutoff"] < over)
    known = known.loc[ended & (known["cutoff"] >= since) & ~known["signal_id"].isin([one.signal_id for one in candidates])]
    claimed = {(one.subject, story) for one in candidates for story in one.stories}
    result: list[Candidate] = []
    for row in few.rows(known.sort_values(["cutoff", "signal_id"], ascending=[False, True], kind="stable")):
        wave = _wave(row, told, lexis, start, thresholds)
        wave = wave.loc[[(row.subject, story) not in claimed for story in wave.index]]
        if len(wave) >= thresholds.min_stories:
            claimed |= {(row.subject, story) for story in wave.index}
            result.append(_candidate(row, wave, lexis))
    return result


def _wave(row: Any, told: pd.DataFrame, lexis: Lexis, start: datetime, thresholds: Thresholds) -> pd.DataFrame:
    """Return the stories of the second wave by id, `at` and `day` of the first mention of each; none where there is none."""
    mine = told.loc[(told["subject"] == row.subject) & (told["bad"] > 0)]
    seed = mine.loc[mine["mention_id"].isin(list(row.evidence))]
    if seed.empty:
        return pd.DataFrame({"at": [], "day": []})
    words = lexis.of(str(row.subject))
    affair = words.grow(set(seed["story_id"]), seed["day"].min())
    of_topic = (mine["topic_id"] == row.topic_id) if row.topic_id != WHOLE and not pd.isna(row.topic_id) else False
    first = mine.loc[mine["story_id"].isin(list(affair)) | of_topic].groupby("story_id")
    stories: pd.DataFrame = first.agg(at=("published_at", "min"), day=("day", "min"))
    now = stories["at"] >= max(pd.Timestamp(start), row.cutoff)
    height, again = (_most(stories.loc[chosen, "day"]) for chosen in (stories["at"] <= row.cutoff, now))
    enough = again >= max(thresholds.min_stories, _OF_THE_FIRST * height)
    return stories.loc[now] if enough else stories.iloc[:0]


def _most(days: pd.Series) -> int:
    """Return the most stories of any few days in a row."""
    if days.empty:
        return 0
    daily = days.value_counts().sort_index().asfreq("D", fill_value=0)
    return int(daily.rolling(_WAVE_DAYS, min_periods=1).sum().max())


def _candidate(row: Any, wave: pd.DataFrame, lexis: Lexis) -> Candidate:
    stories = frozenset(str(story) for story in wave.index)
    return Candidate(
        kind=SignalKind.NEGATIVE_EMERGENCE,
        subject=str(row.subject),
        topic_id="" if pd.isna(row.topic_id) else str(row.topic_id),
        first_day=wave["day"].min(),
        window_days=_WAVE_DAYS,
        p_value=None,
        expected=None,
        stories=stories,
        category=None if pd.isna(row.gravity_category) else str(row.gravity_category),
        signal_id=str(row.signal_id),
        words=tuple(lexis.of(str(row.subject)).signature(stories, wave["day"].min()).items()),
    )
