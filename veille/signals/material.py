"""What detection looks at: the mentions of subjects with what was read in them, as counts a unit and day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from veille.language import Language
from veille.period import Period, published_before
from veille.reading import version
from veille.reading.relevance import remaining, set_aside
from veille.reading.tables import READINGS
from veille.reading.towards import toned
from veille.signals import counts, silence
from veille.signals.cues import read_cues
from veille.signals.emergence import elapsed_share, exposures
from veille.signals.reports import reported
from veille.signals.thresholds import Thresholds
from veille.store import Store
from veille.topics.acts import MACHINE, decisions
from veille.topics.tables import ASSIGNMENTS, TOPIC_EVENTS, TOPICS
from veille.watch import Role, Watch


@dataclass(frozen=True)
class Material:
    """Everything one detection looks at.

    Parameters
    ----------
    cutoff, start
        Publications before `cutoff` are seen; the period begins at `start`.
    mentions
        Visible mentions since the past begins, those of no subject included.
    cues
        Cues of the mentions, on their index.
    told
        Result of `counts.subject_mentions`.
    stories
        Result of `counts.stories`.
    grid, exposure, tested_days
        Daily counts, weight of each day, and the columns of the days of the period.
    topics
        Rows of TOPICS of this cut-off, indexed by topic id.
    given_titles
        Titles that people gave topics, by topic id.
    first_of_source
        First visible publication of each source.
    warnings
        What makes the result less sure, one sentence each.
    """

    cutoff: datetime
    start: datetime
    mentions: pd.DataFrame
    cues: pd.DataFrame
    told: pd.DataFrame
    stories: pd.DataFrame
    grid: counts.Grid
    exposure: NDArray[np.float64]
    tested_days: list[int]
    topics: pd.DataFrame
    first_of_source: pd.Series
    given_titles: dict[str, str]
    warnings: tuple[str, ...]


def load_material(watch: Watch, store: Store, as_of: datetime, period: Period, thresholds: Thresholds) -> Material:
    """Read what is visible and count it."""
    cutoff = published_before(as_of, period)
    start = min(period.start, cutoff)
    mentions = store.mentions(as_of, period)
    first_of_source = mentions.groupby("source")["published_at"].min()
    past = thresholds.baseline_days + thresholds.gap_days + max(*thresholds.windows_days, thresholds.weak_days)
    mentions = mentions.loc[mentions["published_at"] >= pd.Timestamp(start - timedelta(days=past))].reset_index(drop=True)
    mentions = remaining(mentions, set_aside(store, as_of, mentions))
    of_subject = mentions.loc[mentions["subjects"].map(len) > 0]
    readings = store.load(READINGS, ["mention_id", "version", "text_hash", "story_id", "language", "tone", "p_negative"])
    language = of_subject["mention_id"].map(readings.set_index("mention_id")["language"])
    cues = read_cues(of_subject["title"], of_subject["text"], language)
    stamp = [("cutoff", "=", pd.Timestamp(cutoff))]
    assignments = store.load(ASSIGNMENTS, ["mention_id", "cutoff", "topic_id", "similarity"], stamp)
    topics = store.load(TOPICS, where=stamp).set_index("topic_id")
    told = counts.subject_mentions(of_subject, readings, assignments, cues, watch.timezone, partial(toned, store, as_of))
    known = [subject.id for subject in watch.subjects]
    told = told.loc[told["subject"].isin(known) & ~told["topic_id"].isin(_ignored(topics))].reset_index(drop=True)
    told["reported"] = reported(watch, told)
    last = _local_day(pd.Timestamp(cutoff) - pd.Timedelta(microseconds=1), watch.timezone)
    local = mentions["published_at"].dt.tz_convert(watch.timezone).dt.tz_localize(None)
    day = local.dt.normalize()
    first = min(day.min(), last) if len(day) else last
    grid = counts.grid(counts.daily(told), known, first, last)
    volume = day.value_counts().reindex(grid.days).fillna(0).to_numpy(dtype=np.float64)
    begins = _local_day(pd.Timestamp(start), watch.timezone)
    # Of a day that is not over only what is usually said by that hour is awaited.
    seconds = (local - day).dt.total_seconds().to_numpy(dtype=np.float64)[(day < last).to_numpy()]
    share = elapsed_share(seconds, _seconds_of_day(pd.Timestamp(cutoff), watch.timezone))
    whole_days = np.r_[np.ones(len(grid.days) - 1), share]
    even = exposures(volume, grid.days, silent_below=np.inf) * whole_days
    return Material(
        cutoff=cutoff,
        start=start,
        mentions=mentions,
        cues=cues,
        told=told,
        stories=counts.stories(told),
        grid=grid,
        exposure=exposures(volume, grid.days) * whole_days,
        tested_days=[int(column) for column in np.flatnonzero(grid.days >= begins)],
        topics=topics,
        first_of_source=first_of_source,
        given_titles=_given_titles(store, as_of),
        warnings=(
            *_warnings(version(watch), of_subject, readings, topics),
            *_silences(watch, mentions["source"], day, grid, even, thresholds),
        ),
    )


def _silences(
    watch: Watch, source: pd.Series, day: pd.Series, grid: counts.Grid, exposure: NDArray[np.float64], thresholds: Thresholds
) -> tuple[str, ...]:
    """Say which sources, or that the organisation, are heard of far less than usual; a day without anything is no excuse."""
    by_source = pd.crosstab(source, day).reindex(columns=grid.days, fill_value=0)
    own = {subject.id: subject.name or subject.id for subject in watch.subjects if subject.role is Role.SELF}
    whole = ((grid.units["topic_id"] == counts.WHOLE) & grid.units["subject"].isin(list(own))).to_numpy()
    named = pd.DataFrame(
        {
            "kind": ["source"] * len(by_source) + ["subject"] * int(whole.sum()),
            "name": [*by_source.index, *grid.units.loc[whole, "subject"].map(own)],
        }
    )
    daily = np.concatenate([by_source.to_numpy(dtype=np.float64), grid.counts["stories"][whole]])
    language = Language(watch.languages[0])
    return silence.silences(named, daily, exposure, thresholds.gap_days, thresholds.baseline_days, language)


def _given_titles(store: Store, as_of: datetime) -> dict[str, str]:
    events = store.load(TOPIC_EVENTS, where=[("at", "<=", pd.Timestamp(as_of))])
    return decisions(events.loc[events["by"] != MACHINE]).titles


def _warnings(current: str, mentions: pd.DataFrame, readings: pd.DataFrame, topics: pd.DataFrame) -> tuple[str, ...]:
    """Say what is missing below: topics of this cut-off, readings, or readings by the models of today."""
    seen = readings.loc[readings["mention_id"].isin(mentions["mention_id"])]
    old, unread = int((seen["version"] != current).sum()), len(mentions) - len(seen)
    told = []
    if len(mentions) and topics.empty:
        told.append("there are no topics of this cut-off: signals are of whole subjects; update the topics first")
    if unread:
        told.append(
            f"{unread} of {len(mentions)} mentions have not been read: they count without story and tone; read them first"
        )
    if old:
        told.append(f"{old} of {len(mentions)} mentions were read by other models than {current}: read them again")
    return tuple(told)


def _local_day(moment: pd.Timestamp, timezone: str) -> pd.Timestamp:
    local = moment.tz_convert(timezone) if moment.tzinfo else moment.tz_localize("UTC").tz_convert(timezone)
    return local.tz_localize(None).normalize()


def _seconds_of_day(moment: pd.Timestamp, timezone: str) -> float:
    return float((moment.tz_convert(timezone).tz_localize(None) - _local_day(moment, timezone)).total_seconds())


def _ignored(topics: pd.DataFrame) -> list[str]:
    """Topics that people asked not to hear of again."""
    return (
        []
        if "ignored" not in topics
        else [str(topic) for topic in topics.index[topics["ignored"].fillna(value=False).astype(bool)]]
    )
