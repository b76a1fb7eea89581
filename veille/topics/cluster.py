"""Stories into clusters: pure functions over unit vectors, no randomness, the same on any number of threads.

Average linkage needs no seed, takes two stories as well as ten thousand and forces none into noise. Its criterion, the
mean cosine distance between the members of two clusters, is one minus the dot product of the clusters' mean vectors,
so that assigning a story to a cluster later uses exactly the rule that built the cluster.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.cluster.hierarchy import fcluster, linkage
from sklearn.cluster import KMeans
from threadpoolctl import threadpool_limits

Vectors = npt.NDArray[np.floating[Any]]
Labels = npt.NDArray[np.int64]

_BLOCK_ROWS = 1024
# Products of other thread counts differ in the last bits; rounding keeps them from changing who is merged first.
_DECIMALS = 6


def unit(vectors: Vectors) -> npt.NDArray[np.float64]:
    """Return the rows at length 1; a row of zeros, or of what is no number, comes back as zeros.

    Parameters
    ----------
    vectors
        Shape (n, d).
    """
    finite = np.nan_to_num(np.asarray(vectors, dtype=np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    lengths = np.linalg.norm(finite, axis=1, keepdims=True)
    scaled: npt.NDArray[np.float64] = np.divide(finite, lengths, out=np.zeros_like(finite), where=lengths > 1e-12)
    return scaled


def fine(vectors: Vectors, *, cut: float, sample: int = 10_000) -> Labels:
    """Cluster stories by average linkage, cut at a cosine distance; every story gets a cluster, perhaps its own.

    Parameters
    ----------
    vectors
        One vector a story in order of publication, shape (n, d). A row of zeros is at distance 1 from everything.
    cut
        Clusters whose members are further apart than this, on average, stay apart.
    sample
        More rows than this: the most recent half and evenly spaced earlier ones are clustered, each other row joins the
        nearest cluster within the cut, and those that fit nowhere are clustered among themselves.

    Returns
    -------
    Labels
        Shape (n,), numbered from 0 in order of each cluster's first story.
    """
    units = unit(vectors)
    labels = np.full(len(units), -1, dtype=np.int64)
    pending = np.arange(len(units))
    while len(pending):
        chosen = pending[sample_rows(len(pending), sample)]
        found = _average_linkage(units[chosen], cut)
        labels[chosen] = found + labels.max() + 1
        pending = pending[labels[pending] < 0]
        if len(pending):
            joined = nearest(units[pending], means(units[chosen], found), cut)
            offset = labels.max() - found.max()
            labels[pending] = np.where(joined >= 0, joined + offset, -1)
            pending = pending[joined < 0]
    return in_order_of_appearance(labels)


def sample_rows(rows: int, size: int) -> Labels:
    """Return at most `size` row numbers, ascending: the most recent half, and evenly spaced ones before them."""
    if rows <= size:
        return np.arange(rows, dtype=np.int64)
    recent = max(size // 2, 1)
    spread = np.linspace(0, rows - recent, num=size - recent, endpoint=False).astype(np.int64)
    return np.concatenate([spread, np.arange(rows - recent, rows, dtype=np.int64)])


def means(units: Vectors, labels: Labels) -> npt.NDArray[np.float64]:
    """Return the mean vector of each cluster, shape (clusters, d); its length is the cluster's cohesion, 1 for copies."""
    count = int(labels.max()) + 1 if len(labels) else 0
    order = np.argsort(labels, kind="stable")
    present, starts = np.unique(labels[order], return_index=True)
    totals = np.zeros((count, units.shape[1]))
    if count:
        totals[present] = np.add.reduceat(np.asarray(units, dtype=np.float64)[order], starts, axis=0)
    return totals / np.maximum(np.bincount(labels, minlength=count), 1)[:, None]


def nearest(units: Vectors, cluster_means: Vectors, cut: float) -> Labels:
    """Return for each row the cluster at the least average distance, or -1 where that is beyond the cut."""
    found = np.full(len(units), -1, dtype=np.int64)
    if not len(cluster_means):
        return found
    for start in range(0, len(units), _BLOCK_ROWS):
        distances = np.round(1.0 - units[start : start + _BLOCK_ROWS] @ cluster_means.T, _DECIMALS)
        best = distances.argmin(axis=1)
        found[start : start + _BLOCK_ROWS] = np.where(distances[np.arange(len(best)), best] <= cut, best, -1)
    return found


def coarse(vectors: Vectors, sizes: Labels, *, most: int) -> Labels:
    """Group fine topics into few coarse ones: Ward linkage on their centroids, then k-means from its groups.

    Parameters
    ----------
    vectors
        Mean vector of each fine topic, shape (n, d); a topic whose stories differ has a short one and pulls less.
    sizes
        Stories of each; fine topics of one story join the nearest group instead of shaping the groups.
    most
        At most so many groups; about the square root of the number of fine topics where that is less.

    Returns
    -------
    Labels
        Shape (n,), numbered from 0 in order of appearance.
    """
    units = unit(vectors)
    shaping = np.flatnonzero(sizes > 1)
    if not len(shaping):
        shaping = np.arange(len(units))
    groups = min(most, max(1, round(len(shaping) ** 0.5)))
    labels = np.zeros(len(units), dtype=np.int64)
    if groups > 1:
        tree = linkage(np.round(units[shaping], _DECIMALS), method="ward")
        ward = fcluster(tree, t=groups, criterion="maxclust").astype(np.int64) - 1
        labels[shaping] = _settled(vectors[shaping], sizes[shaping], ward)
        rest = np.setdiff1d(np.arange(len(units)), shaping)
        if len(rest):
            labels[rest] = nearest(units[rest], unit(means(units[shaping], labels[shaping])), cut=np.inf)
    return in_order_of_appearance(labels)


def _settled(vectors: Vectors, sizes: Labels, start: Labels) -> Labels:
    """Let topics move to the group they are nearest to, each weighing as many stories as it has (Lloyd's k-means).

    A tree never takes back a join; from its groups, and not from chance, the moves have one end. Measured on every third
    text of `searchsnippets`: AMI .589 before, .637 after.
    """
    centres = np.stack(
        [np.average(vectors[start == group], axis=0, weights=sizes[start == group]) for group in np.unique(start)]
    )
    # One thread: sums in another order could send a topic elsewhere.
    with threadpool_limits(1):
        moved = KMeans(len(centres), init=np.round(centres, _DECIMALS), n_init=1, algorithm="lloyd", random_state=0).fit(
            np.round(vectors, _DECIMALS), sample_weight=sizes
        )
    return np.asarray(moved.labels_, dtype=np.int64)


def in_order_of_appearance(labels: Labels) -> Labels:
    """Return the labels renumbered from 0 in the order in which the clusters first appear."""
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first, kind="stable")] = np.arange(len(first))
    return rank[inverse]


def _average_linkage(units: npt.NDArray[np.float64], cut: float) -> Labels:
    if len(units) < 2:
        return np.zeros(len(units), dtype=np.int64)
    tree = linkage(_condensed_distances(units), method="average")
    return fcluster(tree, t=cut, criterion="distance").astype(np.int64) - 1


def _condensed_distances(units: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    # Filled by blocks: the full square would double the memory of the largest sample.
    rows = len(units)
    condensed = np.empty(rows * (rows - 1) // 2)
    filled = 0
    for start in range(0, rows, _BLOCK_ROWS):
        block = np.round(1.0 - units[start : start + _BLOCK_ROWS] @ units[start:].T, _DECIMALS)
        for offset in range(len(block)):
            tail = block[offset, offset + 1 :]
            condensed[filled : filled + len(tail)] = tail
            filled += len(tail)
    return np.maximum(condensed, 0.0, out=condensed)
