"""Fine topics into few coarse ones, by who is whose neighbour.

What two stories of one wide subject share is less a direction than neighbours: "strike" and "delay" are far apart, and
many stories lie between. So stories are placed by a diffusion map of their graph of nearest neighbours before they are
grouped, and each fine topic goes where most of its stories are. No randomness, the same on any number of threads.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse.linalg import eigsh
from sklearn.cluster import KMeans
from threadpoolctl import threadpool_limits

from veille.topics.cluster import Labels, Vectors, in_order_of_appearance, means, unit

# Chosen on random draws of 210 and 600 texts of `searchsnippets` and `stackoverflow`, before `topics-fr` was looked at.
_NEIGHBOURS = (8, 15, 30)
_AXES = 12
_STEPS = 3
_HEIGHT_RATIO = 0.35
_FEWEST = 4
_SAMPLE = 8192
_DENSE_ROWS = 512
_BLOCK_ROWS = 1024
# Products of other thread counts differ in the last bits; rounding keeps them from changing who is whose neighbour.
_DECIMALS = 6


def coarse(vectors: Vectors, of_story: Labels, *, most: int) -> Labels:
    """Group fine topics into few coarse ones.

    Parameters
    ----------
    vectors
        One vector a story, shape (stories, d); a row of zeros has no neighbours and shapes nothing.
    of_story
        Fine topic of each story, numbered from 0, shape (stories,).
    most
        At most so many coarse topics; no more either than the square root of the fine topics with two stories or more.

    Returns
    -------
    Labels
        Coarse topic of each fine one, shape (fine topics,), numbered from 0 in order of appearance.

    Notes
    -----
    Diffusion map after Coifman & Lafon (2006) on the symmetric graph of nearest neighbours, rows at length 1 as Ng,
    Jordan & Weiss (2002) have them; Ward's tree is cut where it joins at .35 of its height, and k-means settles the groups.
    """
    units = unit(vectors)
    fine_topics = int(of_story.max()) + 1 if len(of_story) else 0
    limit = min(most, max(1, round(float((np.bincount(of_story, minlength=1) > 1).sum()) ** 0.5)))
    known = np.flatnonzero(np.linalg.norm(units, axis=1) > 0)
    # Evenly spaced over time: every week of the window shapes the groups.
    chosen = known[np.linspace(0, len(known) - 1, min(_SAMPLE, len(known))).astype(np.int64)] if len(known) else known
    if limit < 2 or len(chosen) <= limit:
        return np.zeros(fine_topics, dtype=np.int64)
    group = _groups(_diffused(units[chosen]), limit)
    votes = np.zeros((fine_topics, int(group.max()) + 1))
    np.add.at(votes, (of_story[chosen], group), 1)
    labels = votes.argmax(axis=1)
    silent = np.flatnonzero(votes.sum(axis=1) == 0)
    if len(silent):
        nearness = unit(means(units, of_story))[silent] @ unit(means(units[chosen], group)).T
        labels[silent] = np.round(nearness, _DECIMALS).argmax(axis=1)
    return in_order_of_appearance(labels)


def _graph(units: npt.NDArray[np.float64]) -> sp.csr_matrix:
    """Return the symmetric graph of nearest neighbours: the cosine, more where they are among the nearest few too."""
    rows = len(units)
    count = min(max(_NEIGHBOURS), rows - 1)
    closeness = np.mean([np.arange(count) < few for few in _NEIGHBOURS], axis=0)
    columns = np.empty((rows, count), dtype=np.int64)
    weights = np.empty((rows, count))
    for start in range(0, rows, _BLOCK_ROWS):
        near = np.round(units[start : start + _BLOCK_ROWS] @ units.T, _DECIMALS)
        near[np.arange(len(near)), start + np.arange(len(near))] = -2.0
        order = np.sort(np.argpartition(-near, count - 1, axis=1)[:, :count], axis=1)
        ranks = np.argsort(-np.take_along_axis(near, order, axis=1), axis=1, kind="stable")
        order = np.take_along_axis(order, ranks, axis=1)
        columns[start : start + len(near)] = order
        weights[start : start + len(near)] = np.take_along_axis(near, order, axis=1).clip(0.0, 1.0) * closeness
    from_row = np.repeat(np.arange(rows), count)
    one_way = sp.csr_matrix((weights.ravel(), (from_row, columns.ravel())), shape=(rows, rows))
    return sp.csr_matrix((one_way + one_way.T) / 2)


def _diffused(units: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return where each story is after some steps of a walk over its neighbours, shape (n, at most 12), rows at length 1."""
    graph = _graph(units)
    degree = np.asarray(graph.sum(axis=1)).ravel()
    scale = sp.diags(np.divide(1.0, np.sqrt(degree), out=np.zeros_like(degree), where=degree > 0))
    walk = sp.csr_matrix(scale @ graph @ scale)
    with threadpool_limits(1):
        if len(units) <= _DENSE_ROWS:
            strengths, axes = np.linalg.eigh(walk.toarray())
        else:
            # A fixed start, and none that is an answer already: from one of those the search goes on at random.
            start = 1.0 + np.cos(np.arange(len(units)))
            strengths, axes = eigsh(walk, k=_AXES, which="LA", v0=start, tol=1e-9)
    order = np.argsort(-strengths, kind="stable")[:_AXES]
    places = axes[:, order] * strengths[order].clip(0.0, 1.0) ** _STEPS
    return unit(np.round(places, _DECIMALS))


def _groups(places: npt.NDArray[np.float64], limit: int) -> Labels:
    tree = linkage(np.round(places, _DECIMALS), method="ward")
    heights = tree[:, 2]
    apart = int((heights > _HEIGHT_RATIO * heights[-1]).sum()) + 1
    count = min(limit, max(apart, _FEWEST))
    start = fcluster(tree, t=count, criterion="maxclust")
    centres = np.stack([places[start == group].mean(axis=0) for group in np.unique(start)])
    # A tree never takes back a join; from its groups, and not from chance, the moves have one end.
    with threadpool_limits(1):
        moved = KMeans(len(centres), init=np.round(centres, _DECIMALS), n_init=1, algorithm="lloyd", random_state=0).fit(places)
    return in_order_of_appearance(np.asarray(moved.labels_, dtype=np.int64))
