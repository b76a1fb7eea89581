"""Affairs: the stories of one event, however many topics it was split over; see `veille.topics.telling`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from veille.topics.telling import Words, stems

__all__ = ["Lexis", "Words", "stems", "weigh", "words_of"]


def words_of(told: pd.DataFrame, stories: pd.DataFrame, subject: str) -> Words:
    """Return the words of a subject's stories, each read in its first mention.

    Parameters
    ----------
    told, stories
        Results of `counts.subject_mentions` and `counts.stories`.
    """
    mine = stories.loc[stories["subject"] == subject].set_index("story_id")
    first = told.loc[told["subject"] == subject].drop_duplicates("story_id").set_index("story_id").loc[mine.index]
    return Words.of(mine, first["title"].fillna("") + " . " + first["text"].fillna(""))


@dataclass(frozen=True)
class Lexis:
    """The words of every subject, read when first asked for.

    Parameters
    ----------
    told, stories
        Results of `counts.subject_mentions` and `counts.stories`.
    """

    told: pd.DataFrame
    stories: pd.DataFrame

    @cached_property
    def _known(self) -> dict[str, Words]:
        return {}

    def of(self, subject: str) -> Words:
        """Return the words of one subject's stories."""
        if subject not in self._known:
            self._known[subject] = words_of(self.told, self.stories, subject)
        return self._known[subject]


def weigh(texts: Sequence[str], signature: dict[str, float]) -> NDArray[np.float64]:
    """Return how much of an affair each text names, 0..1: the share of its telling words, by their strength."""
    total = sum(signature.values())
    if not total or not len(texts):
        return np.zeros(len(texts))
    return np.array([sum(signature.get(stem, 0.0) for stem in words) for words in stems(pd.Series(list(texts)))]) / total
