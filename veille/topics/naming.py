"""What a cluster is shown by: its representatives, its title and its words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from veille.folding import fold_text
from veille.masking import mask_terms
from veille.topics.cluster import Labels
from veille.topics.corpus import Corpus
from veille.topics.representatives import choose
from veille.topics.settings import TopicSettings
from veille.topics.titles import distinct_titles, headline

# A title is kept while one of so many central stories still carries it.
_CENTRAL_STORIES = 25
# A whole headline that holds one of the topic's words is looked for among so many; further out it would be another story.
_PREFERRED = 10


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
    held_by_words: npt.NDArray[np.bool_] | None = None,
    quote_max: Mapping[str, int] | None = None,
    terms: tuple[str, ...] = (),
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
    held_by_words
        Clusters without a centre, shape (clusters,): the headline that holds most of their words names them.
    quote_max
        Longest quotation that each source allows, in characters, by source id; a headline is one.
    terms
        Confidential terms: a line that holds one names nothing.
    """
    stories = window.stories
    voices = stories["publisher"].fillna(stories["author"]).fillna("").to_numpy(dtype=object)
    order = np.argsort(labels, kind="stable")
    groups = np.split(order, np.flatnonzero(np.diff(labels[order])) + 1)
    representatives, candidates, kept = [], [], []
    titled = (stories["title"].fillna("").str.strip() != "").to_numpy(dtype=bool)
    by_words = np.zeros(len(groups), dtype=bool) if held_by_words is None else held_by_words
    for group, title_before, telling, whole in zip(groups, before, words, by_words, strict=True):
        centre = units[group].mean(axis=0)
        shown = group[
            choose(units[group], centre, voices[group], count=settings.representatives, diversity=settings.diversity_ratio)
        ]
        central = group[np.argsort(-np.round(units[group] @ centre, 6), kind="stable")[:_CENTRAL_STORIES]]
        lines = _headlines(window, [*shown, *central], settings.title_characters, quote_max or {}) if headlines else []
        lines = [line for line in lines if mask_terms(line, terms) == line]
        # Without a centre, what a newsroom put above its text names it best.
        above = _headlines(window, group[titled[group]], settings.title_characters, quote_max or {}) if whole else []
        above = [line for line in above if mask_terms(line, terms) == line]
        still = title_before in {*lines, *above}
        representatives.append(stories["mention_id"].iloc[shown].tolist())
        candidates.append(
            list(dict.fromkeys([title_before, *lines])) if still else [*_held_most(above, telling), *best_first(lines, telling)]
        )
        kept.append(still)
    sizes = np.bincount(labels)
    precedence = np.lexsort((np.arange(len(sizes)), -sizes, ~np.array(kept, dtype=bool)))
    ranked = distinct_titles(
        [candidates[position] for position in precedence],
        [words[position] for position in precedence],
        taken=taken,
        most=settings.title_characters,
        kept=[before[position] if kept[position] else "" for position in precedence],
    )
    titles = [""] * len(sizes)
    for position, title in zip(precedence, ranked, strict=True):
        titles[position] = title
    return Names(titles, words, representatives)


def best_first(lines: list[str], telling: Sequence[str]) -> list[str]:
    """Return the lines with those first that are whole and hold one of the topic's words, then as they were."""
    distinct = list(dict.fromkeys(lines))
    near, rest = distinct[:_PREFERRED], distinct[_PREFERRED:]
    said = [fold_text(word) for word in telling]
    return [*sorted(near, key=lambda line: 2 * line.endswith("…") + (not _held(line, said))), *rest]


def _held_most(lines: list[str], telling: Sequence[str]) -> list[str]:
    """Return the whole lines that hold one of the topic's words, those that hold most first."""
    said = [fold_text(word) for word in telling]
    good = [line for line in lines if not line.endswith("…") and _held(line, said)]
    return sorted(good, key=lambda line: -_held(line, said))


def _held(line: str, said: Sequence[str]) -> int:
    folded = fold_text(line)
    return sum(word in folded for word in said)


def _headlines(window: Corpus, rows: Iterable[int], most: int, quote_max: Mapping[str, int]) -> list[str]:
    chosen = window.stories.iloc[list(dict.fromkeys(rows))]
    publishers = chosen["publisher"].fillna("")
    allowed = [quote_max.get(str(source), most) for source in chosen["source"]] if quote_max else [most] * len(chosen)
    limits = [min(most, limit) for limit in allowed]
    fields = zip(chosen["title"], chosen["text"], publishers, limits, strict=True)
    lines = [headline(title, text, publisher=publisher, most=limit) for title, text, publisher, limit in fields if limit]
    return [line for line in lines if line]
