"""What a cluster is shown by: its representatives, its title and its words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from veille.topics.cluster import Labels
from veille.topics.corpus import Corpus
from veille.topics.representatives import choose
from veille.topics.settings import TopicSettings
from veille.topics.titles import distinct_titles, headline

# A title is kept while one of so many central stories still carries it.
_CENTRAL_STORIES = 25


@dataclass(frozen=True)
class Names:
    """Names of clusters, in the order of their labels.

    Parameters
    ----------
    titles
        One line each, all different.
    words
        Telling words of each.
    representatives
        Mention ids of each.
    """

    titles: list[str]
    words: list[list[str]]
    representatives: list[list[str]]


def name(
    window: Corpus,
    units: npt.NDArray[np.float64],
    labels: Labels,
    words: list[list[str]],
    before: Sequence[str],
    settings: TopicSettings,
    *,
    taken: Iterable[str] = (),
    headlines: bool = True,
) -> Names:
    """Name clusters.

    Parameters
    ----------
    window
        The stories and where they are from.
    units
        Unit vectors of the stories.
    labels
        Cluster of each story, from 0 without gaps.
    words
        Telling words of each cluster.
    before
        Title that each cluster's topic had; empty for a new one.
    settings
        How many representatives, how different, how long a title.
    taken
        Titles that nothing here may have.
    headlines
        Take titles from headlines; else, for groups of topics, from words.
    """
    stories = window.stories
    voices = stories["publisher"].fillna(stories["author"]).fillna("").to_numpy(dtype=object)
    order = np.argsort(labels, kind="stable")
    groups = np.split(order, np.flatnonzero(np.diff(labels[order])) + 1)
    representatives, candidates, kept = [], [], []
    for group, title_before in zip(groups, before, strict=True):
        centre = units[group].mean(axis=0)
        shown = group[
            choose(units[group], centre, voices[group], count=settings.representatives, diversity=settings.diversity_ratio)
        ]
        central = group[np.argsort(-np.round(units[group] @ centre, 6), kind="stable")[:_CENTRAL_STORIES]]
        lines = _headlines(window, [*shown, *central], settings.title_characters) if headlines else []
        still = title_before in lines
        representatives.append(stories["mention_id"].iloc[shown].tolist())
        candidates.append(list(dict.fromkeys([title_before, *lines])) if still else lines)
        kept.append(still)
    sizes = np.bincount(labels)
    precedence = np.lexsort((np.arange(len(sizes)), -sizes, ~np.array(kept, dtype=bool)))
    ranked = distinct_titles(
        [candidates[position] for position in precedence],
        [words[position] for position in precedence],
        taken=taken,
        most=settings.title_characters,
    )
    titles = [""] * len(sizes)
    for position, title in zip(precedence, ranked, strict=True):
        titles[position] = title
    return Names(titles, words, representatives)


def _headlines(window: Corpus, rows: Sequence[int], most: int) -> list[str]:
    chosen = window.stories.iloc[list(dict.fromkeys(rows))]
    publishers = chosen["publisher"].fillna("")
    fields = zip(chosen["title"], chosen["text"], publishers, strict=True)
    lines = [headline(title, text, publisher=publisher, most=most) for title, text, publisher in fields]
    return [line for line in lines if line]
