"""The identity of signals over detections: one alarm a story, updated and not repeated; a second wave reopens it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pandas as pd

from veille.signals import few
from veille.signals.affairs import Lexis
from veille.signals.candidates import Candidate
from veille.signals.counts import WHOLE
from veille.signals.tables import Act, SignalKind
from veille.signals.thresholds import Thresholds

_MEMORY_DAYS = 120
# One story of seven in common is a crossing of two affairs, not the same one.
_LEAST_SHARED = 0.3
# Of what goes on: a lone story is an echo.
_FEWEST_STORIES = 2


def latest(earlier: pd.DataFrame) -> pd.DataFrame:
    """Return the last row of each earlier signal."""
    return earlier.sort_values(["cutoff", "signal_id"], kind="stable").drop_duplicates("signal_id", keep="last")


def first_times(earlier: pd.DataFrame, past_events: pd.DataFrame) -> pd.DataFrame:
    """Return since when each earlier signal is known, whatever its later rows say.

    Parameters
    ----------
    earlier
        Rows of SIGNALS of earlier cut-offs.
    past_events
        The journal until now: a signal was known when it was opened, though the row of that detection was written anew since.

    Returns
    -------
    DataFrame
        Indexed by `signal_id`: `first_seen` and `detected_at`, the earliest of each.
    """
    first = earlier.groupby("signal_id")[["first_seen", "detected_at"]].min()
    opened = past_events.loc[past_events["act"] == Act.OPENED.value].groupby("signal_id")["at"].min().reindex(first.index)
    return first.assign(detected_at=first["detected_at"].where(~(opened < first["detected_at"]), opened))


def identify(candidates: Sequence[Candidate], earlier: pd.DataFrame, story_of: pd.Series, cutoff: datetime) -> list[Candidate]:
    """Give each candidate the id of the earlier signal it continues, else a new one.

    A candidate continues an earlier signal of its subject when enough of the stories that it rested on are its own, when they
    have the same topic, or are both of the whole subject. The pair that shares most is joined first; each earlier signal
    is continued once.

    Parameters
    ----------
    earlier
        Rows of SIGNALS of earlier cut-offs.
    story_of
        Story of each mention, by mention id.
    """
    known = latest(earlier)
    known = known.loc[known["cutoff"] >= pd.Timestamp(cutoff - timedelta(days=_MEMORY_DAYS))]
    taken = {str(candidate.signal_id) for candidate in candidates if candidate.signal_id}
    pairs = sorted(
        (-likeness, place, str(row.signal_id))
        for row in few.rows(known.loc[~known["signal_id"].isin(list(taken))])
        for place, candidate in enumerate(candidates)
        if candidate.signal_id is None and (likeness := _likeness(candidate, row, story_of)) > 0
    )
    found: dict[int, str] = {}
    for _, place, signal_id in pairs:
        if place not in found and signal_id not in taken:
            found[place] = signal_id
            taken.add(signal_id)
    return [
        candidate if candidate.signal_id else replace(candidate, signal_id=found.get(place) or _new_id(candidate, cutoff))
        for place, candidate in enumerate(candidates)
    ]


def _likeness(candidate: Candidate, row: Any, story_of: pd.Series) -> float:
    """Return how much of an earlier signal a candidate is, 0 where it is another matter; half a point for the same topic."""
    apart = (SignalKind.LEAK, SignalKind.IMPOSTOR)
    if row.subject != candidate.subject or (candidate.kind != row.kind and (candidate.kind in apart or row.kind in apart)):
        return 0.0
    # What leaks again is the same leak, whoever says it; another term is another matter.
    if candidate.leaked_term and isinstance(row.leaked_term, str):
        return float(candidate.leaked_term == row.leaked_term)
    before = {story_of.get(mention, mention) for mention in row.evidence}
    shared = len(before & candidate.stories) / max(1, min(len(before), len(candidate.stories)))
    topic = "" if pd.isna(row.topic_id) else str(row.topic_id)
    whole = topic == WHOLE and row.kind == candidate.kind == SignalKind.NEGATIVE_EMERGENCE and not candidate.words
    alike = topic == candidate.topic_id and (topic != WHOLE or whole)
    if candidate.kind is SignalKind.STRATEGIC or row.kind == SignalKind.STRATEGIC:
        alike = bool(set(row.effects_ids) & {item for item, _ in candidate.effects}) and candidate.kind == row.kind
    return round((shared if shared >= _LEAST_SHARED else 0.0) + 0.5 * alike, 6)


def _new_id(candidate: Candidate, cutoff: datetime) -> str:
    content = "\x1f".join(
        [candidate.subject, candidate.topic_id, str(candidate.kind), min(candidate.stories, default=""), cutoff.isoformat()]
    )
    return "s" + hashlib.sha256(content.encode()).hexdigest()[:12]


def carried(
    earlier: pd.DataFrame,
    candidates: Sequence[Candidate],
    told: pd.DataFrame,
    lexis: Lexis,
    closed: set[str],
    start: datetime,
    cutoff: datetime,
    thresholds: Thresholds,
) -> list[Candidate]:
    """Return the earlier signals that go on: still spoken ill of in the period, though no longer unusual.

    Parameters
    ----------
    earlier
        Rows of SIGNALS of earlier cut-offs.
    candidates
        What was found now, already identified.
    told
        Result of `counts.subject_mentions`.
    lexis
        The words of the stories: what goes on is told in the words of the evidence.
    closed
        Ids of signals that people closed.
    start, cutoff
        First instant of the period, and the instant from which publications are not seen.
    thresholds
        Settings of the detection; a signal is over when nothing is said of it, or it is back to its habit, for long enough.
    """
    known = latest(earlier)
    ids = {candidate.signal_id for candidate in candidates} | closed
    since = pd.Timestamp(start) - pd.Timedelta(days=thresholds.reopen_after_days)
    unusual = earlier.loc[(earlier["cutoff"] >= since) & (earlier["p_value"] <= thresholds.unusual_p)]
    recent = known.loc[
        ~known["signal_id"].isin(list(ids))
        & known["kind"].isin([SignalKind.NEGATIVE_EMERGENCE])
        & (known["cutoff"] >= pd.Timestamp(cutoff) - pd.Timedelta(days=thresholds.reopen_after_days))
        & known["signal_id"].isin(unusual["signal_id"])
    ]
    told_now = told.loc[(told["published_at"] >= pd.Timestamp(start)) & (told["bad"] > 0)]
    claimed = {(candidate.subject, story) for candidate in candidates for story in candidate.stories}
    result = []
    for row in few.rows(recent):
        topic = "" if pd.isna(row.topic_id) else str(row.topic_id)
        now = _of_affair(told_now.loc[told_now["subject"] == row.subject], topic, row, told, lexis)
        stories = frozenset(story for story in now["story_id"] if (row.subject, story) not in claimed)
        if len(stories) >= _FEWEST_STORIES:
            telling = {} if topic == WHOLE else lexis.of(str(row.subject)).signature(stories, now["day"].min())
            result.append(
                Candidate(
                    kind=SignalKind(row.kind),
                    subject=str(row.subject),
                    topic_id=topic,
                    first_day=now["day"].min(),
                    window_days=7,
                    p_value=None,
                    expected=None,
                    stories=stories,
                    category=None if pd.isna(row.gravity_category) else str(row.gravity_category),
                    carried=True,
                    signal_id=str(row.signal_id),
                    words=tuple(telling.items()),
                )
            )
    return result


def _of_affair(now: pd.DataFrame, topic: str, row: Any, told: pd.DataFrame, lexis: Lexis) -> pd.DataFrame:
    """Return the mentions of now that are of an earlier signal: of its topic, or in the words of its evidence."""
    before = told.loc[(told["subject"] == row.subject) & told["mention_id"].isin(list(row.evidence))]
    if topic == WHOLE or now.empty:
        return now
    affair = lexis.of(str(row.subject)).grow(set(before["story_id"]), before["day"].min()) if len(before) else frozenset()
    mine = now.loc[now["story_id"].isin(list(affair))]
    return mine if len(mine) else now.loc[now["topic_id"] == topic]
