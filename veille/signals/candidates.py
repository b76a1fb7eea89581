"""One signal a real-world story: what may become a signal, with the stories it rests on, and what of it is the same.

A rise shows twice, in the subject and in the topic that causes it; an affair is split over several topics; an article
can name two subjects. Each is told once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from veille.signals import few
from veille.signals.affairs import Lexis, Words
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
    relevance, red_line
        Strategic relevance, and whether a red line is concerned.
    excess
        Bad stories above what the habit expects, at least 1.
    words
        (stem, strength) of the words that tell its stories from all others.
    telling
        Mentions that say what the effects are; of an impostor, its own.
    posing
        How an account poses as the organisation; None where it is no impostor.
    leaked_term
        Keyed hash of the confidential term that is public; None where it is no leak.
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
    excess: float = 1.0
    words: tuple[tuple[str, float], ...] = ()
    telling: frozenset[str] = frozenset()
    posing: str | None = None
    leaked_term: str | None = None


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
                excess=_excess(of_unit, since, row),
                stories=frozenset(of_unit["story_id"]),
                category=category_of(of_unit),
            )
        )
    return result


def _excess(of_unit: pd.DataFrame, since: pd.Timestamp, row: Any) -> float:
    """Stories above what the habit expects from the first day of the window to the last day told, at least 1."""
    days = int((of_unit["day"].max() - since).days) + 1
    habit = float(getattr(row, "expected_bad", 0.0)) * days / int(row.window_days)
    return float(max(1.0, of_unit["story_id"].nunique() - habit))


def category_of(stories: pd.DataFrame) -> str | None:
    """Return the gravity category that weighs most in these stories, danger to persons where two allege it; None where none."""
    if int(((stories["gravity_category"] == _GRAVEST) & (stories["gravity"] >= SEVERE)).sum()) >= _GRAVEST_STORIES:
        return _GRAVEST
    weights = stories.loc[stories["gravity_category"].notna()].groupby("gravity_category")["gravity"].sum()
    return str(weights.sort_index().idxmax()) if len(weights) else None


def one_per_affair(candidates: Sequence[Candidate], lexis: Lexis, thresholds: Thresholds) -> list[Candidate]:
    """Return the candidates with each real-world story told once, most surprising first.

    Parameters
    ----------
    candidates
        What emerges, topics and whole subjects.
    lexis
        The words of the stories, by which an affair that was split over several topics is put together again.
    """
    kept: list[Candidate] = []
    for subject in sorted({candidate.subject for candidate in candidates}):
        of_subject = [candidate for candidate in candidates if candidate.subject == subject]
        affairs = _unite([candidate for candidate in of_subject if candidate.topic_id != WHOLE], lexis.of(subject))
        wholes = [candidate for candidate in of_subject if candidate.topic_id == WHOLE]
        kept += _whole_or_affairs(wholes[0], affairs, lexis.of(subject), thresholds) if wholes else affairs
    return _once_over_subjects(kept)


def with_bursts(known: Sequence[Candidate], found: Sequence[Candidate]) -> list[Candidate]:
    """Return what is known and what was found besides, in order of surprise; other sides of what is known go into it."""
    result = list(known)
    for candidate in sorted(found, key=_rank):
        same = [
            number
            for number, other in enumerate(result)
            if other.subject == candidate.subject
            and (_overlap(candidate, other) >= _OVERLAP_RATIO or (other in known and _same(candidate, other)))
        ]
        if same:
            other = result[same[0]]
            result[same[0]] = replace(other, stories=other.stories | candidate.stories)
        else:
            result.append(candidate)
    return result


def grown(
    candidate: Candidate,
    words: Words,
    seed: frozenset[str],
    apart: frozenset[str] = frozenset(),
    beside: frozenset[str] = frozenset(),
) -> Candidate:
    """Return the candidate with all stories of its affair since its seed was first told, and its telling words.

    Parameters
    ----------
    seed
        Stories that certainly are of it.
    apart
        Stories of other affairs.
    beside
        Stories that rise in the same days: the topic that rises most may be a late side of what they began.
    """
    told = words.stories.loc[words.stories.index.isin(list(seed | beside))]
    if told.empty:
        return candidate
    since = told["day"].min()
    stories = words.grow(seed, since, apart=apart) or seed
    mine = words.stories.loc[words.stories.index.isin(list(stories))]
    return replace(
        candidate,
        stories=stories,
        topic_id=words.main_topic(stories) or candidate.topic_id,
        category=category_of(mine) or candidate.category,
        words=tuple(words.signature(stories, since).items()),
    )


def _unite(topics: list[Candidate], words: Words) -> list[Candidate]:
    """Return one candidate an affair: each topic grown to its affair, and those that are parts of one before, in it."""
    united: list[Candidate] = []
    for topic in sorted(topics, key=_rank):
        whole = next((number for number, other in enumerate(united) if _same(topic, other)), None)
        if whole is None:
            apart = frozenset().union(*(other.stories for other in united))
            near = (one for one in topics if abs((one.first_day - topic.first_day).days) <= _SAME_DAYS)
            beside = frozenset().union(*(one.stories for one in near)) - apart
            united.append(grown(topic, words, topic.stories - apart, apart, beside))
        else:
            other = united[whole]
            united[whole] = replace(
                other, stories=other.stories | topic.stories, first_day=min(other.first_day, topic.first_day)
            )
    return united


def _same(topic: Candidate, other: Candidate) -> bool:
    close = abs((topic.first_day - other.first_day).days) <= _SAME_DAYS
    alike = topic.category is not None and topic.category == other.category
    return (alike and close) or _overlap(topic, other) >= _OVERLAP_RATIO


def _whole_or_affairs(whole: Candidate, affairs: list[Candidate], words: Words, thresholds: Thresholds) -> list[Candidate]:
    """Return the affairs where one of them explains the rise of the subject, else the subject itself."""
    if not affairs:
        since = words.stories.loc[words.stories.index.isin(list(whole.stories)), "day"].min()
        seed = words.burst(whole.stories, since)
        affairs = [grown(whole, words, seed)] if seed else []
    explained = [len(affair.stories & whole.stories) / whole.excess for affair in affairs]
    if not explained or max(explained) < thresholds.explains_ratio:
        return [whole]
    # The subject's own test is the more surprising of the two looks at the same rise.
    best = explained.index(max(explained))
    p_values = [value for value in (affairs[best].p_value, whole.p_value) if value is not None]
    affairs[best] = replace(
        affairs[best],
        first_day=min(affairs[best].first_day, whole.first_day),
        p_value=min(p_values) if p_values else None,
        recent_p=min(p_values) if p_values else None,
    )
    return affairs


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
