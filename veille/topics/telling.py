"""Telling words: what the stories of one event share, however differently each tells of it.

People tell one event in a hundred ways, so that clustering by meaning cuts it into many small topics. What they share is
words that were rare before: an affair is grown from a seed over the stories of the same days that hold several of its
telling words.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from veille.folding import arrow_texts, token_text

_STEM_LETTERS = 6
_MIN_LETTERS = 3
# How much more frequent a telling word is than elsewhere, and what one word counts at most (natural logarithms).
_LIFT_MIN, _LIFT_MAX = float(np.log(4.0)), 4.0
_TELLING_WORDS = 30
_FEW_STORIES = 6
_COMMON_RATIO = 0.05
# Two words, and together as telling as one seen 250 times more often than elsewhere.
_JOIN_WORDS, _JOIN_WEIGHT = 2, 5.5
_SEED_WORDS = 10
_ROUNDS = 4
_TOPIC_RATIO = 0.5
# Days before the event is really there: a lone story that only sounds like it does not date it.
_ONSET_RATIO = 0.1


def stems(texts: pd.Series) -> list[list[str]]:
    """Return the distinct crude stems of each text: folded words without plural ending, cut at six letters.

    Handles are left out: who is spoken to is not what is spoken of.
    """
    result = []
    for line in token_text(arrow_texts(texts)).to_pylist():
        words = (word.lstrip("#") for word in line.split() if not word.startswith("@"))
        result.append(sorted({_stem(word) for word in words if len(word) >= _MIN_LETTERS and not word.isdigit()}))
    return result


def _stem(word: str) -> str:
    return (word[:-1] if len(word) > _MIN_LETTERS and word[-1] in "sx" else word)[:_STEM_LETTERS]


@dataclass(frozen=True)
class Words:
    """Stories as sets of stems.

    Parameters
    ----------
    stories
        One row a story, indexed by story id, with `day` and `topic_id`.
    matrix
        0 or 1, shape (stories, vocabulary).
    vocabulary
        The stems.
    """

    stories: pd.DataFrame
    matrix: sparse.csr_matrix
    vocabulary: NDArray[np.object_]

    @classmethod
    def of(cls, stories: pd.DataFrame, texts: pd.Series) -> Words:
        """Read the words of stories.

        Parameters
        ----------
        stories
            One row a story, indexed by story id, with `day` and `topic_id`.
        texts
            What each story says, in the order of `stories`.
        """
        exploded = pd.Series(stems(texts), index=range(len(texts)), dtype="object").explode().dropna()
        codes, vocabulary = pd.factorize(exploded.to_numpy(dtype=object), sort=True)
        rows = exploded.index.to_numpy(dtype=np.int64)
        matrix = sparse.csr_matrix((np.ones(len(rows)), (rows, codes)), shape=(len(stories), len(vocabulary)))
        return cls(stories, matrix, np.asarray(vocabulary, dtype=object))

    @cached_property
    def _days(self) -> NDArray[np.datetime64]:
        return self.stories["day"].to_numpy()

    def _rows(self, story_ids: Collection[str]) -> NDArray[np.bool_]:
        return np.asarray(self.stories.index.isin(list(story_ids)), dtype=bool)

    def window(self, since: pd.Timestamp) -> NDArray[np.bool_]:
        """Return which stories were first told since that day, shape (stories,)."""
        return np.asarray(self._days >= np.datetime64(since), dtype=bool)

    def telling(self, members: NDArray[np.bool_], window: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Return the weight of each stem for some stories of a window, shape (vocabulary,), 0 where it tells nothing.

        The weight is a log ratio of frequencies, against the stories of before, lessened where all others hold it too.
        """
        count = int(members.sum())
        inside = np.asarray(self.matrix[members].sum(axis=0)).ravel()

        def lift(others: NDArray[np.bool_]) -> NDArray[np.float64]:
            seen = np.asarray(self.matrix[others].sum(axis=0)).ravel()
            return np.asarray(np.log((inside + 0.5) / (count + 1)) - np.log((seen + 0.5) / (others.sum() + 1)))

        # Among the other stories of these days it may be as frequent: an affair can be all that is spoken of.
        weight = np.minimum(lift(~window), lift(~members) + _LIFT_MIN)
        least = max(2 if count < _FEW_STORIES else 3, _COMMON_RATIO * count)
        weight = np.where((inside >= least) & (weight >= _LIFT_MIN), np.minimum(weight, _LIFT_MAX), 0.0)
        strength = weight * inside
        if (strength > 0).sum() > _TELLING_WORDS:
            edge = np.sort(strength)[-_TELLING_WORDS]
            weight = np.where(strength >= edge, weight, 0.0)
        return weight

    def signature(self, story_ids: Collection[str], since: pd.Timestamp) -> dict[str, float]:
        """Return the telling stems of some stories with how much each tells of them: weight times stories."""
        members = self._rows(story_ids)
        if not members.any():
            return {}
        strength = self.telling(members, self.window(since)) * np.asarray(self.matrix[members].sum(axis=0)).ravel()
        return {str(self.vocabulary[column]): float(strength[column]) for column in np.flatnonzero(strength > 0)}

    def told_by(self, weight: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return which stories hold enough of some telling words, shape (stories,).

        Parameters
        ----------
        weight
            Result of `telling`.
        """
        score = np.asarray(self.matrix @ weight).ravel()
        words = np.asarray(self.matrix @ (weight > 0).astype(np.float64)).ravel()
        return np.asarray((score >= _JOIN_WEIGHT) & (words >= _JOIN_WORDS), dtype=bool)

    def grow(
        self, seed: Collection[str], since: pd.Timestamp, *, until: pd.Timestamp | None = None, apart: Collection[str] = ()
    ) -> frozenset[str]:
        """Return the stories of the affair that a seed belongs to, since a day; the seed's own stories of these days stay.

        Parameters
        ----------
        seed
            Ids of stories that certainly tell of it.
        since, until
            Local days between which stories may belong to it.
        apart
            Stories of other affairs.

        Notes
        -----
        Words are weighed by the stories found, stories are found by the words, a fixed number of times.
        """
        window = self.window(since)
        open_to = window & ~self._rows(apart)
        if until is not None:
            open_to &= np.asarray(self._days <= np.datetime64(until), dtype=bool)
        start = self._rows(seed)
        members = start & open_to if (start & open_to).any() else start
        if members.sum() < 2:
            return frozenset(self.stories.index[members & open_to])
        for _ in range(_ROUNDS):
            weight = self.telling(members, window | members)
            found = open_to & self.told_by(weight)
            if not found.any() or (found == members).all():
                break
            members = found
        members = (members | start) & open_to
        return self._dated(members | self._of_topics(members, open_to))

    def _of_topics(self, members: NDArray[np.bool_], open_to: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Stories of the topics that mostly are this affair."""
        topics = self.stories["topic_id"].where(open_to, "")
        counted = pd.DataFrame({"topic": topics.to_numpy(), "mine": members})
        shares = counted.loc[counted["topic"] != ""].groupby("topic")["mine"].agg(["mean", "sum"])
        whole = shares.index[(shares["mean"] >= _TOPIC_RATIO) & (shares["sum"] >= 2)]
        return np.asarray(topics.isin(whole).to_numpy() & open_to, dtype=bool)

    def _dated(self, members: NDArray[np.bool_]) -> frozenset[str]:
        daily = pd.Series(self._days[members]).value_counts()
        if daily.empty:
            return frozenset()
        begins = daily.index[daily >= _ONSET_RATIO * daily.max()].min()
        return frozenset(self.stories.index[members & (self._days >= np.datetime64(begins))])

    def burst(self, story_ids: Collection[str], since: pd.Timestamp) -> frozenset[str]:
        """Return those of some stories that hold two of their most telling words: a seed where no topic is one."""
        members = self._rows(story_ids)
        strength = self.telling(members, self.window(since)) * np.asarray(self.matrix[members].sum(axis=0)).ravel()
        loudest = np.argsort(-strength, kind="stable")[:_SEED_WORDS]
        held = np.asarray((self.matrix[:, loudest[strength[loudest] > 0]] > 0).sum(axis=1)).ravel()
        return frozenset(self.stories.index[members & (held >= _JOIN_WORDS)])

    def holding(self, story_ids: Collection[str], wanted: Collection[str]) -> float:
        """Return the share of some stories that hold one of these stems, 0 where there are none."""
        members, columns = self._rows(story_ids), np.flatnonzero(np.isin(self.vocabulary.astype(str), list(wanted)))
        if not members.any() or not len(columns):
            return 0.0
        return float((np.asarray(self.matrix[members][:, columns].sum(axis=1)).ravel() > 0).mean())

    def main_topic(self, story_ids: Collection[str]) -> str:
        """Return the topic that holds most of some stories, the empty text where none has one."""
        topics = self.stories.loc[self._rows(story_ids), "topic_id"]
        counted = topics.loc[topics != ""].value_counts().sort_index(kind="stable")
        return str(counted.idxmax()) if len(counted) else ""
