"""Affairs: topics that words hold together where meaning does not.

Two hundred people tell one event in a hundred ways: a clustering by meaning makes sixty topics of it, another sixty next
week, and none of them is what people talk about. The words of an event are rare before it and together in it. So words
that burst seed an affair, its telling words gather its stories, and it is a topic where so many such stories could not be
chance. It keeps its stories in every later update, and takes new ones by the words that it began with.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from veille.topics.about import RECENT_DAYS, About
from veille.topics.cluster import Labels, in_order_of_appearance

Reals = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

# Fewer stories before the recent days than this tell nothing of what words are usual.
_LEAST_BEFORE = 50
# A word is looked at from three stories and a log likelihood ratio (Dunning, 1993) that chance gives once in 400; the test
# below decides, this only saves work.
_WORD_STORIES, _WORD_G2, _WORD_LIFT, _WORDS_TRIED = 3, 9.0, float(np.log(4.0)), 20
# An affair: four stories, three times as many as before, so many by chance once in 200 updates over 400 words.
_LEAST_STORIES, _LEAST_RATIO, _CHANCE = 4, 3.0, 0.005 / 400
# Least mean cosine within an affair, of vectors without what all stories share.
_COHERENCE = 0.05
# What likeness holds already needs no words: the largest share that one cluster may have of an affair.
_HELD_RATIO = 1 / 3
_MOST_AFFAIRS = 20


@dataclass(frozen=True)
class Known:
    """What the registry knows of the stories of a window.

    Parameters
    ----------
    numbers
        Registry number of each story's topic, -1 for none, shape (stories,).
    affairs
        Registry numbers of the topics that are affairs, in the order of their ids.
    """

    numbers: Labels
    affairs: Labels


@dataclass(frozen=True)
class Gathered:
    """Clusters with the affairs among them.

    Parameters
    ----------
    of_story
        Cluster of each story, numbered from 0 in order of appearance.
    in_affair
        Whether a story is in an affair.
    """

    of_story: Labels
    in_affair: Flags


def gather(labels: Labels, about: About, known: Known, *, apart: Flags) -> Gathered:
    """Give the stories of affairs, known ones and new ones, a cluster of their own each.

    Parameters
    ----------
    labels
        Cluster of each story, shape (stories,).
    about
        The stories.
    known
        What the registry knows of them.
    apart
        Stories that are held together by something else.
    """
    result, taken = labels.copy(), apart.copy()
    free_label = int(labels.max()) + 1 if len(labels) else 0
    for members in (*_going_on(about, known, taken), *_new(about, labels, taken)):
        result[members] = free_label
        free_label += 1
    return Gathered(in_order_of_appearance(result), taken & ~apart)


def _going_on(about: About, known: Known, taken: Flags) -> Iterator[Flags]:
    """Yield the members of each known affair that still has two stories; mark them as taken."""
    for number in known.affairs:
        old = (known.numbers == number) & ~taken
        if old.sum() < 2:
            continue
        members, first = old, int(about.day[old].min())
        # Where its first days may have left the window, its beginning is not known any more.
        if first >= about.day.min() + RECENT_DAYS:
            beginning = (about.day >= first) & (about.day < first + RECENT_DAYS)
            founders = old & beginning
            # Its words are those that it began with: learnt again every week they would wander off with whatever comes next.
            weight = about.words.telling(founders, beginning)
            members = old | about.near(founders, about.words.told_by(weight) & about.recent & ~taken)
        taken |= members
        yield members


def _new(about: About, labels: Labels, taken: Flags) -> Iterator[Flags]:
    """Yield the members of affairs that begin in the recent days, the least probable by chance first; mark them as taken."""
    if (~about.recent).sum() < _LEAST_BEFORE:
        return
    tried: dict[int, _Candidate | None] = {}
    for _ in range(_MOST_AFFAIRS):
        stems = _bursting(about, about.recent & ~taken)
        for stem in stems:
            before = tried.get(stem)
            # What lost no story to the affairs found since would be found again.
            if stem not in tried or (before is not None and (before.members & taken).any()):
                tried[stem] = _grown(about, labels, stem, taken)
        able = [candidate for stem in stems if (candidate := tried[stem]) is not None]
        if not able:
            return
        members = min(able, key=lambda candidate: candidate.log_chance).members
        taken |= members
        yield members


def _bursting(about: About, free: Flags) -> list[int]:
    """Return the stems that the free recent stories hold far more often than those of before, the most telling first."""
    matrix, count, before = about.words.matrix, int(free.sum()), ~about.recent
    if not count:
        return []
    now = np.asarray(matrix[free].sum(axis=0), dtype=np.float64).ravel()
    seen, past = np.asarray(matrix[before].sum(axis=0), dtype=np.float64).ravel(), int(before.sum())
    lift = np.log((now + 0.5) / (count + 1)) - np.log((seen + 0.5) / (past + 1))
    score = np.where((now >= _WORD_STORIES) & (lift >= _WORD_LIFT), _likelihood_ratio(now, count, seen, past), 0.0)
    order = np.argsort(-np.round(score, 6), kind="stable")[:_WORDS_TRIED]
    return [int(stem) for stem in order if score[stem] >= _WORD_G2]


def _likelihood_ratio(now: Reals, count: int, seen: Reals, past: int) -> Reals:
    """Return Dunning's G² of two binomial shares, 0 where the first is not the larger, shape (stems,)."""
    both = (now + seen) / (count + past)

    def log_likelihood(hits: Reals, trials: int, share: Reals) -> Reals:
        sure = np.clip(share, 1e-12, 1 - 1e-12)
        return np.asarray(hits * np.log(sure) + (trials - hits) * np.log1p(-sure), dtype=np.float64)

    apart = log_likelihood(now, count, now / count) + log_likelihood(seen, past, seen / past)
    ratio = 2 * (apart - log_likelihood(now, count, both) - log_likelihood(seen, past, both))
    return np.where(now / count > seen / past, np.maximum(ratio, 0.0), 0.0)


@dataclass(frozen=True)
class _Candidate:
    members: Flags
    log_chance: float


def _grown(about: About, labels: Labels, stem: int, taken: Flags) -> _Candidate | None:
    """Return the affair that a stem seeds, None where it is none."""
    words, free = about.words, about.recent & ~taken
    holds = np.asarray(words.matrix[:, [stem]].todense()).ravel() > 0
    ids = words.stories.index
    found = words.grow(ids[holds & free], about.since, apart=ids[taken])
    members = np.asarray(ids.isin(list(found))) & free
    if members.sum() < _LEAST_STORIES or np.bincount(labels[members]).max() > _HELD_RATIO * members.sum():
        return None
    told = words.told_by(words.telling(members, about.recent))
    joined, before = int((told & free).sum()), int((~about.recent).sum())
    rate = ((told & ~about.recent).sum() + 1) / (before + 2)
    log_chance = float(stats.binom.logsf(joined - 1, free.sum(), rate))
    fits = log_chance < np.log(_CHANCE) and joined >= _LEAST_RATIO * rate * free.sum() and about.cohesion(members) >= _COHERENCE
    close = about.near(members, members) if fits else members
    return _Candidate(close, round(log_chance, 6)) if fits and close.sum() >= _LEAST_STORIES else None
