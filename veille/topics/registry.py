"""Who is who: the clusters of this update against the topics of the one before.

Windows overlap, so most mentions of a topic were already in it last time: shared mentions say who is who far better
than centroids do, which move with the news. One-to-one assignment keeps one id from naming two topics.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy.sparse as sp
from scipy.optimize import linear_sum_assignment
from scipy.sparse.csgraph import connected_components

from veille.topics.cluster import Labels, in_order_of_appearance, unit
from veille.topics.settings import TopicSettings

Reals = npt.NDArray[np.float64]

# A fragment with less of a topic's known mentions than this never carries its id.
_LEAST_SHARE = 0.2
# Most of a topic's known mentions: merged into the cluster that holds them.
_MOST = 0.5
# A topic that a person named or watched keeps its id before any other of the same cluster.
_PERSON_FIRST = 1.0


@dataclass(frozen=True)
class Matching:
    """Which topic of the registry each cluster carries on.

    Parameters
    ----------
    topic
        Position in the registry for each cluster, -1 for a new topic, shape (clusters,).
    shared
        Mentions in common, shape (topics, clusters).
    """

    topic: Labels
    shared: sp.csr_matrix

    def merged_into(self) -> Labels:
        """Return for each topic that no cluster carries on the cluster that holds most of its mentions, else -1."""
        known = np.asarray(self.shared.sum(axis=1)).ravel()
        held, where = _largest(self.shared)
        gone = ~np.isin(np.arange(len(known)), self.topic)
        return np.where(gone & (held > 0) & (held >= _MOST * known), where, -1)

    def split_from(self) -> Labels:
        """Return for each new cluster the topic, carried on elsewhere, that most of its known mentions are from, else -1."""
        known = np.asarray(self.shared.sum(axis=0)).ravel()
        held, where = _largest(sp.csr_matrix(self.shared.T))
        kept = np.isin(where, self.topic) & (self.topic < 0)
        return np.where(kept & (held > 0) & (held >= _MOST * known), where, -1)


def overlap(topic_of_mention: Labels, cluster_of_mention: Labels, topics: int, clusters: int) -> sp.csr_matrix:
    """Count shared mentions, shape (topics, clusters); a mention unknown to the registry has topic -1."""
    known = topic_of_mention >= 0
    pairs = (topic_of_mention[known], cluster_of_mention[known])
    return sp.csr_matrix((np.ones(int(known.sum())), pairs), shape=(topics, clusters))


def match(
    shared: sp.csr_matrix,
    topic_means: Reals,
    cluster_means: Reals,
    settings: TopicSettings,
    *,
    person: npt.NDArray[np.bool_] | None = None,
) -> Matching:
    """Match clusters to the topics of the registry, one to one.

    Parameters
    ----------
    shared
        Mentions in common, shape (topics, clusters).
    topic_means, cluster_means
        Mean vectors, not scaled to length 1, shapes (topics, d) and (clusters, d).
    settings
        Weight of the overlap, least score, revival distance.
    person
        Topics that a person named or watched, shape (topics,).

    Notes
    -----
    Score of a pair that shares mentions: weight · Jaccard index over the mentions known to both + (1 - weight) · cosine
    of the means. Topics without any mention left in the window are matched to the clusters that remain where the mean
    distance between their members is within `revival_distance`.
    """
    found = np.full(shared.shape[1], -1, dtype=np.int64)
    if not min(shared.shape):
        return Matching(found, shared)
    known_topic = np.asarray(shared.sum(axis=1)).ravel()
    known_cluster = np.asarray(shared.sum(axis=0)).ravel()
    pairs = shared.tocoo()
    rows, columns, common = pairs.row.astype(np.int64), pairs.col.astype(np.int64), pairs.data
    jaccard = common / (known_topic[rows] + known_cluster[columns] - common)
    cosine = np.einsum("ij,ij->i", unit(topic_means)[rows], unit(cluster_means)[columns]).clip(0.0, 1.0)
    weight = settings.overlap_weight_ratio
    score = np.round(weight * jaccard + (1 - weight) * cosine, 6)
    fits = (score >= settings.match_minimum) & (common >= _LEAST_SHARE * known_topic[rows])
    if person is not None:
        score = score + _PERSON_FIRST * (person[rows] & (common >= _MOST * known_topic[rows]))
    _assign(rows[fits], columns[fits], score[fits], found)

    asleep, free = np.flatnonzero(known_topic == 0), np.flatnonzero(found < 0)
    closeness = np.round(topic_means[asleep] @ cluster_means[free].T, 6)
    near = np.nonzero(closeness >= 1.0 - settings.revival_distance)
    _assign(asleep[near[0]], free[near[1]], closeness[near], found)
    return Matching(found, shared)


def united(labels: Labels, topic_of_mention: Labels, cluster_of_mention: Labels, joined: Sequence[int]) -> Labels:
    """Return the clusters' labels with those united that hold what a person merged into one topic.

    Parameters
    ----------
    labels
        Cluster of each story.
    topic_of_mention, cluster_of_mention
        Registry position (-1 unknown) and cluster of each mention.
    joined
        Registry positions of topics that people merged others into.
    """
    target = np.arange(int(labels.max()) + 1 if len(labels) else 0)
    sizes = np.bincount(cluster_of_mention, minlength=len(target))
    known = np.bincount(cluster_of_mention[topic_of_mention >= 0], minlength=len(target))
    for topic in joined:
        held = np.bincount(cluster_of_mention[topic_of_mention == topic], minlength=len(target))
        # New stories far outnumbering the old ones are another matter, whatever the few old ones were merged with.
        parts = np.flatnonzero((held > 0) & (held >= _MOST * known) & (held >= 0.3 * sizes))
        if len(parts):
            target[np.isin(target, target[parts])] = target[parts].min()
    return in_order_of_appearance(target[labels]) if len(labels) else labels


def new_ids(founders: pd.Series, cutoff: pd.Timestamp, *, prefix: str) -> npt.NDArray[np.object_]:
    """Return an id for each founding story, the same whenever the same update runs again."""
    stamp = cutoff.isoformat()
    return np.array([prefix + digest(story, stamp) for story in founders], dtype=object)


def digest(*parts: object) -> str:
    """Return 12 hex characters of SHA-256 over the parts, whose borders count."""
    joined = "\x1f".join(str(part) for part in parts)
    return hashlib.sha256(joined.encode("utf-8", "replace")).hexdigest()[:12]


def _largest(matrix: sp.csr_matrix) -> tuple[Reals, Labels]:
    """Return the largest value of each row and its column (the first of several), 0 and 0 for an empty row."""
    if not min(matrix.shape):
        return np.zeros(matrix.shape[0]), np.zeros(matrix.shape[0], dtype=np.int64)
    pairs = matrix.tocoo()
    order = np.lexsort((pairs.col, -pairs.data, pairs.row))
    rows, first = np.unique(pairs.row[order], return_index=True)
    value, where = np.zeros(matrix.shape[0]), np.zeros(matrix.shape[0], dtype=np.int64)
    value[rows], where[rows] = pairs.data[order][first], pairs.col[order][first]
    return value, where


def _assign(rows: Labels, columns: Labels, scores: Reals, found: Labels) -> None:
    """Fill `found[column] = row` for the one-to-one assignment of greatest total score among the given pairs."""
    if not len(rows):
        return
    # Pairs fall into many small groups that share no one; a dense problem over all would grow with the square.
    row_names, row = np.unique(rows, return_inverse=True)
    column_names, column = np.unique(columns, return_inverse=True)
    size = len(row_names) + len(column_names)
    graph = sp.csr_matrix((np.ones(len(row)), (row, column + len(row_names))), shape=(size, size))
    _, group = connected_components(graph, directed=False)
    order = np.argsort(group[row], kind="stable")
    for part in np.split(order, np.flatnonzero(np.diff(group[row][order])) + 1):
        part_rows, i = np.unique(row[part], return_inverse=True)
        part_columns, j = np.unique(column[part], return_inverse=True)
        dense = np.zeros((len(part_rows), len(part_columns)))
        dense[i, j] = scores[part]
        best_i, best_j = linear_sum_assignment(dense, maximize=True)
        real = dense[best_i, best_j] > 0
        found[column_names[part_columns[best_j[real]]]] = row_names[part_rows[best_i[real]]]
