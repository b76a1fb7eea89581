"""What is new beside what was there: a cluster that joins two matters is parted along the registry's topics.

A tree cut at one distance for all lets a burst of news grow onto an older topic that is merely near, and the burst then
carries the old topic's id. Whether stories go on with a topic is told by comparing likeness between old and new with
likeness within each: a continuation is as like the old as the old is like itself.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from veille.topics.cluster import Labels, in_order_of_appearance

Reals = npt.NDArray[np.float64]

# Likeness between two groups, in likeness within them, from which they are one. Chosen on the first half of `tweets-t`:
# fresh true topics in an older topic's cluster had .52 to .87 (median .74), continued ones .69 to 1.08 (median .89).
_AS_LIKE = 0.8
# Fewer stories than this make no group of their own: they go to the nearest.
_LEAST_STORIES = 3


def apart(labels: Labels, units: Reals, numbers: Labels) -> Labels:
    """Return the clusters' labels with those parted that hold stories of several topics, or new ones, unlike each other.

    Parameters
    ----------
    labels
        Cluster of each story, shape (stories,).
    units
        Unit vectors, shape (stories, d).
    numbers
        Registry number of each story's topic, -1 for a new story, shape (stories,).
    """
    if not (numbers >= 0).any():
        return labels
    result, free = labels.copy(), int(labels.max()) + 1
    order = np.argsort(labels, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(labels[order])) + 1):
        names, group, sizes = np.unique(numbers[rows], return_inverse=True, return_counts=True)
        if len(names) < 2 or (sizes >= _LEAST_STORIES).sum() < 2:
            continue
        part = _parts(units[rows], group, sizes, is_new=names < 0)
        moved = part > 0
        result[rows[moved]] = free + part[moved] - 1
        free += int(part.max())
    return in_order_of_appearance(result)


def _parts(units: Reals, group: Labels, sizes: Labels, *, is_new: npt.NDArray[np.bool_]) -> Labels:
    """Return the part of each story of a cluster, from 0; all 0 where it is one matter."""
    able = np.flatnonzero(sizes >= _LEAST_STORIES)
    sums = np.zeros((len(able), units.shape[1]))
    for place, number in enumerate(able):
        sums[place] = units[group == number].sum(axis=0)
    counts, members = sizes[able].astype(np.float64), [[number] for number in able]
    while len(members) > 1:
        ratio = _ratios(sums, counts)
        one, other = divmod(int(ratio.argmax()), len(members))
        if ratio[one, other] < _AS_LIKE:
            break
        sums[one] += sums[other]
        counts[one] += counts[other]
        members[one] += members[other]
        sums, counts = np.delete(sums, other, axis=0), np.delete(counts, other)
        del members[other]
    part = np.full(len(sizes), -1, dtype=np.int64)
    for place, numbers in enumerate(members):
        part[numbers] = place
    # A new story that is nearer to an older part goes on with it; one of too small a group goes to the nearest.
    loose = (part[group] < 0) | is_new[group]
    found: Labels = part[group]
    found[loose] = np.round(units[loose] @ (sums / counts[:, None]).T, 6).argmax(axis=1)
    return found


def _ratios(sums: Reals, counts: Reals) -> Reals:
    """Return likeness between groups in the geometric mean of the likeness within them; the diagonal is -1."""
    within = (np.einsum("ij,ij->i", sums, sums) - counts) / (counts * (counts - 1))
    scale = np.sqrt(np.maximum(within, 1e-6))
    ratio: Reals = np.round(sums @ sums.T / np.outer(counts, counts) / np.outer(scale, scale), 6)
    # Each pair once, in one order.
    ratio[np.tril_indices(len(counts))] = -1.0
    return ratio
