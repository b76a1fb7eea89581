"""One signal a real-world story: what may become a signal, with the stories it rests on, and what of it is the same.

A rise shows twice, in the subject and in the topic that causes it; two topics can be two sides of one affair; an article
can name two subjects. Each is told once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from veille.signals import few
from veille.signals.counts import SEVERE, WHOLE
from veille.signals.tables import SignalKind
from veille.signals.thresholds import Thresholds

_SAME_DAYS = 7
_OVERLAP_RATIO = 0.5
_GRAVEST, _GRAVEST_STORIES = "persons", 2


@dataclass(frozen=True)
class Candidate:
    """What may become a signal.

    Parameters
    ----------
    kind
        What it is a sign of.
    subject, topic_id
        The unit; topic `""` where the whole subject changed.
    first_day
        Local day on which it showed first.
    window_days, p_value, expected
        The window that shows it best; p-value and expectation are missing where nothing was counted.
    recent_p
        Tail probability of its last days, which its velocity is read from; a slow signal is surprising, not fast.
    stories
        Ids of the stories it rests on.
    category
        Gravity category most of them speak of.
    carried
        Whether it is an earlier signal that goes on without being unusual any more.
    signal_id
        The earlier signal it continues, where that is already known.
    effects
        (id, effect) of objectives, decisions and red lines concerned.
    """

    kind: SignalKind
    subject: str
    topic_id: str
    first_day: pd.Timestamp
    window_days: int
    p_value: float | None
    expected: float | None
    stories: frozenset[str]
    recent_p: float | None = None
    category: str | None = None
    carried: bool = False
    signal_id: str | None = None
    effects: tuple[tuple[str, str], ...] = ()
    relevance: float = 0.0
    red_line: bool = False


def from_windows(found: pd.DataFrame, kind: SignalKind, stories: pd.DataFrame, *, bad_only: bool = True) -> list[Candidate]:
    """Return the candidates of discovered windows, one a unit, with the stories of their windows until now.

    Parameters
    ----------
    found
        One row a unit: `subject`, `topic_id`, `first_day`, `window_days`, `p_value`, `expected`.
    stories
        Result of `counts.stories`.
    bad_only
        Whether only bad stories are what it rests on.
    """
    told = stories.loc[stories["bad"] > 0] if bad_only else stories
    result = []
    for row in few.rows(found):
        since = row.first_day - pd.Timedelta(days=int(row.window_days) - 1)
        of_unit = told.loc[(told["subject"] == row.subject) & (told["day"] >= since)]
        if row.topic_id != WHOLE:
            of_unit = of_unit.loc[of_unit["topic_id"] == row.topic_id]
        if of_unit.empty:
            continue
        result.append(
            Candidate(
                kind=kind,
                subject=str(row.subject),
                topic_id=str(row.topic_id),
                first_day=row.first_day,
                window_days=int(row.window_days),
                p_value=float(row.p_value),
                expected=float(row.expected),
                recent_p=float(getattr(row, "recent_p", row.p_value)),
                stories=frozenset(of_unit["story_id"]),
                category=category_of(of_unit),
            )
        )
    return result


def category_of(stories: pd.DataFrame) -> str | None:
    """Return the gravity category that weighs most in these stories, danger to persons where two allege it; None where none."""
    if int(((stories["gravity_category"] == _GRAVEST) & (stories["gravity"] >= SEVERE)).sum()) >= _GRAVEST_STORIES:
        return _GRAVEST
    weights = stories.loc[stories["gravity_category"].notna()].groupby("gravity_category")["gravity"].sum()
    return str(weights.sort_index().idxmax()) if len(weights) else None


def one_per_affair(candidates: Sequence[Candidate], thresholds: Thresholds) -> list[Candidate]:
    """Return the candidates with each real-world story told once, most surprising first."""
    kept: list[Candidate] = []
    for subject in sorted({candidate.subject for candidate in candidates}):
        of_subject = [candidate for candidate in candidates if candidate.subject == subject]
        topics = _merge_topics([candidate for candidate in of_subject if candidate.topic_id != WHOLE])
        wholes = [candidate for candidate in of_subject if candidate.topic_id == WHOLE]
        kept += _whole_or_topics(wholes[0], topics, thresholds) if wholes else topics
    return _once_over_subjects(kept)


def _merge_topics(topics: list[Candidate]) -> list[Candidate]:
    merged: list[Candidate] = []
    for topic in sorted(topics, key=_rank):
        for number, other in enumerate(merged):
            close = abs((topic.first_day - other.first_day).days) <= _SAME_DAYS
            if (topic.category is not None and topic.category == other.category and close) or _overlap(
                topic, other
            ) >= _OVERLAP_RATIO:
                merged[number] = replace(
                    other, stories=other.stories | topic.stories, first_day=min(other.first_day, topic.first_day)
                )
                break
        else:
            merged.append(topic)
    return merged


def _whole_or_topics(whole: Candidate, topics: list[Candidate], thresholds: Thresholds) -> list[Candidate]:
    explained = [len(topic.stories & whole.stories) / max(1, len(whole.stories)) for topic in topics]
    if explained and max(explained) >= thresholds.explains_ratio:
        # The subject's own test is the more surprising of the two looks at the same rise.
        best = explained.index(max(explained))
        p_values = [value for value in (topics[best].p_value, whole.p_value) if value is not None]
        topics[best] = replace(
            topics[best],
            first_day=min(topics[best].first_day, whole.first_day),
            p_value=min(p_values) if p_values else None,
            recent_p=min(p_values) if p_values else None,
        )
        return topics
    return [whole]


def _once_over_subjects(candidates: list[Candidate]) -> list[Candidate]:
    kept: list[Candidate] = []
    for candidate in sorted(candidates, key=_rank):
        if all(_overlap(candidate, other) < _OVERLAP_RATIO for other in kept if other.subject != candidate.subject):
            kept.append(candidate)
    return kept


def _overlap(one: Candidate, other: Candidate) -> float:
    return len(one.stories & other.stories) / max(1, min(len(one.stories), len(other.stories)))


def _rank(candidate: Candidate) -> tuple[float, int, str, str]:
    p_value = 1.0 if candidate.p_value is None else candidate.p_value
    return (p_value, -len(candidate.stories), candidate.subject, candidate.topic_id)
