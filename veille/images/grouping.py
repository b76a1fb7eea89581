"""Groups: copies of one picture, however they were resized, cropped, recompressed or written over.

A picture may only join one that was looked at before it, so that the id of a group, that of its founder, never changes
as pictures arrive, and two groups are never made one by a picture that resembles both.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from veille.images.hashing import Grids, Hashes, boxes, distances, grids, is_page, likeness, phashes

MOST_BITS = 14
"""Bits of 64 by which the hashes of two pictures, or of one and a part of the other, may differ."""
LEAST_LIKENESS = 0.55
PAGE_BITS = 6
"""The same for pages of text, which look alike from afar, compared as a whole."""
PAGE_LIKENESS = 0.8
_CANDIDATES = 24
_STEP = 0.03
_ROWS_A_BLOCK = 64
_WHOLE = (0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True)
class Prints:
    """What pictures are compared by.

    Parameters
    ----------
    signatures
        Shape (pictures, SIDE, SIDE).
    whole
        Shape (pictures,): hash of the whole.
    parts
        Shape (pictures, parts): hash of each of `boxes()`.
    plain
        Shape (pictures,): whether it shows too little to be compared.
    """

    signatures: NDArray[np.uint8]
    whole: Hashes
    parts: Hashes
    plain: NDArray[np.bool_]


@dataclass(frozen=True)
class Joined:
    """For each new picture, the earlier one it joins.

    Parameters
    ----------
    earlier
        Shape (new,): position among known and new ones, -1 where it founds its own group.
    likeness
        Shape (new,): share of it that agrees with that one, 1 for a founder.
    """

    earlier: NDArray[np.int64]
    likeness: NDArray[np.float64]


def prints(signatures: NDArray[np.uint8], plain: NDArray[np.bool_]) -> Prints:
    """Return what pictures are compared by, from their signatures."""
    parts = [phashes(grids(signatures, box)) for box in boxes()]
    return Prints(signatures, phashes(grids(signatures)), np.stack(parts, axis=1), plain)


def join(everything: Prints, known: int) -> Joined:
    """Say which earlier picture each new one joins.

    Parameters
    ----------
    everything
        Pictures in the order in which they came; the first `known` have their groups.
    known
        How many are not new.

    Notes
    -----
    The time is that of comparing each new hash with all, some billion a minute; no index is kept.
    """
    count = len(everything.whole)
    earlier = np.full(count - known, -1, dtype=np.int64)
    best = np.ones(count - known)
    page = is_page(everything.signatures)
    for start in range(known, count, _ROWS_A_BLOCK):
        rows = np.arange(start, min(start + _ROWS_A_BLOCK, count))
        row, other, part = _candidates(everything, rows)
        if not len(row):
            continue
        agreed = _likeness(everything, row, other, part)
        alike = page[row] | page[other]
        strict = (part == 0) & (distances_of(everything, row, other) <= PAGE_BITS) & (agreed >= PAGE_LIKENESS)
        good = np.where(alike, strict, agreed >= LEAST_LIKENESS)
        row, other, agreed = row[good], other[good], agreed[good]
        # The best comes last for each row, and stays; of two as good, the one that came first.
        order = np.lexsort((-other, agreed, row))
        earlier[row[order] - known] = other[order]
        best[row[order] - known] = agreed[order]
    return Joined(earlier, best)


def distances_of(everything: Prints, row: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Return in how many bits the whole hashes of pairs differ."""
    return np.asarray(np.bitwise_count(everything.whole[row] ^ everything.whole[other]), dtype=np.uint8)


def _candidates(everything: Prints, rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return pairs (new, earlier) near enough to look at, and which parts are nearest.

    These are 0 for both wholes, k for part k of the earlier one, -k for part k of the new one.
    """
    count = int(rows[-1])
    if count == 0:
        return (np.zeros(0, dtype=np.int64),) * 3
    whole, parts = everything.whole[:count], everything.parts[:count]
    nearest = distances(everything.whole[rows], whole)
    which = np.zeros(nearest.shape, dtype=np.int64)
    for number in range(parts.shape[1]):
        for sign, found in (
            (1, distances(everything.whole[rows], parts[:, number])),
            (-1, distances(everything.parts[rows, number], whole)),
        ):
            nearer = found < nearest
            nearest[nearer] = found[nearer]
            which[nearer] = sign * (number + 1)
    later = np.arange(count)[None, :] >= rows[:, None]
    nearest[later | everything.plain[None, :count] | everything.plain[rows][:, None]] = 65
    if count > _CANDIDATES:
        chosen = np.sort(np.argpartition(nearest, _CANDIDATES, axis=1)[:, :_CANDIDATES], axis=1)
    else:
        chosen = np.broadcast_to(np.arange(count), (len(rows), count))
    places = np.arange(len(rows))[:, None]
    near = nearest[places, chosen] <= MOST_BITS
    row, column = np.nonzero(near)
    other = chosen[row, column]
    return rows[row], other.astype(np.int64), which[row, other]


def _likeness(
    everything: Prints, row: NDArray[np.int64], other: NDArray[np.int64], part: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return how alike pairs are, the part of one laid over the whole of the other, moved a little where it does not fit."""
    result = np.zeros(len(row))
    for number in np.unique(part):
        pairs = np.flatnonzero(part == number)
        box = boxes()[abs(number) - 1] if number else _WHOLE
        larger, smaller = (row, other) if number < 0 else (other, row)
        whole: Grids = grids(everything.signatures[smaller[pairs]])
        result[pairs] = likeness(grids(everything.signatures[larger[pairs]], box), whole)
        poor = np.flatnonzero(result[pairs] < LEAST_LIKENESS)
        for moved in _moved(box) if len(poor) else ():
            again = likeness(grids(everything.signatures[larger[pairs[poor]]], moved), whole[poor])
            result[pairs[poor]] = np.maximum(result[pairs[poor]], again)
    return result


def _moved(box: tuple[float, float, float, float]) -> list[tuple[float, float, float, float]]:
    """Return the box with one side, or all of it, moved by a step: a crop falls between the fixed parts."""
    steps = [(side, sign * _STEP) for side in range(4) for sign in (-1, 1)]
    moved = [tuple(value + step * (place == side) for place, value in enumerate(box)) for side, step in steps]
    moved += [
        tuple(value + (x, y)[place % 2] for place, value in enumerate(box))
        for x, y in ((_STEP, 0), (-_STEP, 0), (0, _STEP), (0, -_STEP))
    ]
    return [(max(left, 0), max(top, 0), min(right, 1), min(bottom, 1)) for left, top, right, bottom in moved]
