"""What people decided, held over any clustering: what they put together or apart is so, whatever the clusters are.

Nothing here knows a cluster's number from one update to the next: topics are known by the mentions they had. A refit,
another cut, another library or another embedding model may shuffle the clusters; a topic that a person decided about
keeps its stories.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from veille.query import fold_mentions, parse
from veille.topics.cluster import Labels, in_order_of_appearance
from veille.topics.corpus import Corpus
from veille.topics.decisions import Decisions
from veille.topics.prior import Prior

Reals = npt.NDArray[np.float64]

# A cluster is a topic's where it holds so much of what was known of the cluster; and where the known stories are so much
# of all: new ones that far outnumber them are another matter.
_MOST = 0.5
_LEAST_OF_CLUSTER = 0.3
# A cluster with less of a topic's stories than this holds strays of it: its new stories are another matter.
_LEAST_OF_TOPIC = 0.2


def topic_of_stories(topic_of_mention: Labels, story_of_mention: Labels, stories: int) -> Labels:
    """Return the registry's number of each story's topic, that of its first mention that had one; -1 for none."""
    known = np.flatnonzero(topic_of_mention >= 0)
    found, first = np.unique(story_of_mention[known], return_index=True)
    numbers = np.full(stories, -1, dtype=np.int64)
    numbers[found] = topic_of_mention[known][first]
    return numbers


def declared_stories(window: Corpus, units: Reals, numbers: Labels, decided: Decisions, prior: Prior, *, cut: float) -> Labels:
    """Return the registry's number of each story's topic, where stories that match a declared topic are in that one.

    Parameters
    ----------
    window, units
        Stories and their unit vectors, shape (stories, d).
    numbers
        Topic of each story until now, -1 for none.
    decided, prior
        Declared topics, of which the earlier one takes a story that two match; and the registry, where each has a row.
        Stories of a topic that a person acted upon in another way stay where they are.
    cut
        Cosine distance from the mean of the examples within which a story is like them.
    """
    found = numbers.copy()
    position = {topic: number for number, topic in enumerate(prior.ids)}
    others = decided.kept | frozenset(decided.titles)
    free = ~np.isin(numbers, [position[topic] for topic in others if topic in position])
    story = window.story_of_mention
    folded = fold_mentions(window.mentions)
    for topic in decided.declared:
        if topic.topic_id not in position:
            continue
        matched = np.zeros(len(found), dtype=bool)
        if topic.query:
            matched[story[parse(topic.query).matches(window.mentions, folded=folded).to_numpy(dtype=bool)]] = True
        shown = np.unique(story[window.mentions["mention_id"].isin(topic.examples).to_numpy()])
        if len(shown):
            centre = units[shown].mean(axis=0)
            length = float(np.linalg.norm(centre))
            matched |= np.round(units @ centre, 6) >= (1.0 - cut) * length if length else False
            matched[shown] = True
        mine = numbers == position[topic.topic_id]
        found[(matched & free) | mine] = position[topic.topic_id]
        free &= ~(matched | mine)
    return found


def hold(labels: Labels, units: Reals, numbers: Labels, prior_means: Reals, *, touched: Labels, family: Labels) -> Labels:
    """Return the clusters' labels with the topics that people decided about kept together, and apart from each other.

    Parameters
    ----------
    labels
        Cluster of each story, shape (stories,).
    units
        Unit vectors, shape (stories, d).
    numbers
        Registry number of each story's topic, -1 for none, shape (stories,).
    prior_means
        Mean vectors of the registry's topics, shape (topics, d); stand in for a part without a story in the window.
    touched
        Numbers of the topics that people named, merged, parted, declared, watched or ignored: every known story of theirs
        stays in them.
    family
        For each topic of the registry a number that topics share which people parted, shape (topics,).

    Notes
    -----
    A cluster that is theirs gives its new stories to the nearest of the topics that it holds and of those parted from
    them, by average linkage's own rule: the least mean distance.
    """
    if not len(labels) or not len(touched):
        return labels
    count = int(labels.max()) + 1
    mine = np.isin(numbers, touched)
    held = np.zeros((count, len(prior_means)))
    np.add.at(held, (labels[mine], numbers[mine]), 1.0)
    held[held < _LEAST_OF_TOPIC * held.sum(axis=0)] = 0.0
    known = np.bincount(labels[numbers >= 0], minlength=count)
    inside = held.sum(axis=1)
    theirs = (inside > 0) & (inside >= _MOST * known) & (inside >= _LEAST_OF_CLUSTER * np.bincount(labels, minlength=count))
    result = labels.copy()
    result[mine] = count + numbers[mine]
    means = _means(units, numbers, prior_means, touched)
    for cluster in np.flatnonzero(theirs):
        free = np.flatnonzero((labels == cluster) & ~mine)
        if len(free):
            holders = np.flatnonzero(held[cluster] > 0)
            options = touched[np.isin(touched, holders) | np.isin(family[touched], family[holders])]
            result[free] = count + options[np.round(units[free] @ means[options].T, 6).argmax(axis=1)]
    return in_order_of_appearance(result)


def numbers_of(ids: npt.NDArray[np.object_], topics: frozenset[str]) -> Labels:
    """Return the registry's numbers of topics, ascending; those that it does not know are left out."""
    return np.flatnonzero(np.isin(ids, list(topics))).astype(np.int64)


def families(ids: npt.NDArray[np.object_], decided: Decisions) -> Labels:
    """Return for each topic of the registry a number that it shares with those that people parted from it."""
    found = np.arange(len(ids), dtype=np.int64)
    for number, group in enumerate(decided.families):
        found[np.isin(ids, list(group))] = len(ids) + number
    return found


def _means(units: Reals, numbers: Labels, prior_means: Reals, touched: Labels) -> Reals:
    means = prior_means.copy()
    present = pd.Index(touched).intersection(pd.Index(numbers))
    for topic in present:
        means[topic] = units[numbers == topic].mean(axis=0)
    return means
