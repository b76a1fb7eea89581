"""What of a picture survives a copy: perceptual hashes of the whole and of fixed parts, and a small grey signature.

The perceptual hash is the DCT hash of `imagehash.phash` (Zauner 2010), worked out for many pictures at once.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from functools import cache

import imagehash
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.fft import dct

SIDE = 48
"""Side of a signature."""
GRID = 32
"""Side of what is hashed."""
_HASH = 8
_BLOCK = 8
_LEAST_SIDE = 64
_LEAST_SPREAD = 6.0
_MOST_IN_TWO_LEVELS = 0.915
_LEVEL = 6
_LEAST_BLOCK_SPREAD = 3.0
_AGREES = 0.8
_PAGE_SHARE = 0.6

Grids = NDArray[np.float32]
Hashes = NDArray[np.uint64]


@cache
def boxes() -> tuple[tuple[float, float, float, float], ...]:
    """Return the fixed parts, (left, top, right, bottom) as ratios: what a small crop may leave of a picture."""
    found = []
    for keep in (0.9, 0.8):
        gap = 1 - keep
        found += [(x, y, x + keep, y + keep) for x, y in ((gap / 2, gap / 2), (0, 0), (gap, 0), (0, gap), (gap, gap))]
    found += [(0, 0.15, 1, 1), (0, 0, 1, 0.85), (0.15, 0, 1, 1), (0, 0, 0.85, 1), (0, 0.08, 1, 0.92), (0.08, 0, 0.92, 1)]
    return tuple(found)


@cache
def _samplers(low: float, high: float, side: int) -> NDArray[np.float32]:
    """Return the matrix, shape (GRID, side), that samples `GRID` places between two ratios of a line."""
    places = (low + (np.arange(GRID) + 0.5) / GRID * (high - low)) * side - 0.5
    places = np.clip(places, 0, side - 1)
    left = np.floor(places).astype(np.int64)
    right = np.minimum(left + 1, side - 1)
    weights = np.zeros((GRID, side), dtype=np.float32)
    rows = np.arange(GRID)
    np.add.at(weights, (rows, left), 1 - (places - left))
    np.add.at(weights, (rows, right), places - left)
    return weights


def signature(image: Image.Image) -> NDArray[np.uint8]:
    """Return a picture as `SIDE` x `SIDE` levels of grey."""
    return np.asarray(image.convert("L").resize((SIDE, SIDE), Image.Resampling.LANCZOS), dtype=np.uint8)


def packed(levels: NDArray[np.uint8]) -> str:
    """Return a signature as text."""
    return base64.b64encode(levels.tobytes()).decode("ascii")


def unpacked(texts: Sequence[str]) -> NDArray[np.uint8]:
    """Return signatures that were written as texts, shape (texts, SIDE, SIDE)."""
    joined = b"".join(base64.b64decode(text) for text in texts)
    return np.frombuffer(joined, dtype=np.uint8).reshape(len(texts), SIDE, SIDE)


def grids(signatures: NDArray[np.uint8], box: tuple[float, float, float, float] = (0, 0, 1, 1)) -> Grids:
    """Return a part of each signature, shape (pictures, GRID, GRID)."""
    left, top, right, bottom = box
    rows, columns = _samplers(top, bottom, SIDE), _samplers(left, right, SIDE)
    return np.asarray(rows @ signatures.astype(np.float32) @ columns.T, dtype=np.float32)


def phashes(levels: Grids) -> Hashes:
    """Return the perceptual hash of each grid, 64 bits: which of the 8 x 8 slowest waves are above their median."""
    if not len(levels):
        return np.zeros(0, dtype=np.uint64)
    slow = dct(dct(levels, axis=-2)[:, :_HASH, :], axis=-1)[:, :, :_HASH].reshape(len(levels), _HASH * _HASH)
    bits = slow > np.median(slow, axis=1, keepdims=True)
    return np.packbits(bits, axis=1).view(">u8").ravel().astype(np.uint64)


def dhash(image: Image.Image) -> str:
    """Return the hash of differences between neighbours, hex."""
    return str(imagehash.dhash(image))


def as_text(hashes: Hashes) -> list[str]:
    """Return hashes in hex, 16 signs each."""
    return [f"{int(value):016x}" for value in hashes]


def from_text(texts: Sequence[str]) -> Hashes:
    """Return hashes that were written in hex."""
    return np.array([int(text, 16) for text in texts], dtype=np.uint64)


def distances(first: Hashes, second: Hashes) -> NDArray[np.uint8]:
    """Return in how many bits each of the first differs from each of the second, shape (first, second)."""
    return np.asarray(np.bitwise_count(first[:, None] ^ second[None, :]), dtype=np.uint8)


def is_plain(image: Image.Image, levels: NDArray[np.uint8]) -> bool:
    """Say whether a picture shows too little to be compared: tiny, of one colour, or a silhouette in two.

    Notes
    -----
    Shannon's entropy does not tell a silhouette from a page of text; the share that its two levels cover does.
    """
    if min(image.size) < _LEAST_SIDE or float(levels.std()) < _LEAST_SPREAD:
        return True
    share = np.bincount(levels.ravel(), minlength=256) / levels.size
    covered = 0.0
    for _ in range(2):
        around = np.convolve(share, np.ones(2 * _LEVEL + 1), "same")
        peak = int(around.argmax())
        covered += float(around[peak])
        share[max(0, peak - _LEVEL) : peak + _LEVEL + 1] = 0
    return covered >= _MOST_IN_TWO_LEVELS


def is_page(signatures: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Say of each signature whether one level is most of it, as in a screen of text: such pictures look alike from afar."""
    flat = signatures.reshape(len(signatures), SIDE * SIDE)
    counts = np.stack([(flat >> 4 == level).sum(axis=1) for level in range(16)], axis=1)
    return np.asarray(counts.max(axis=1) >= _PAGE_SHARE * flat.shape[1], dtype=np.bool_)


def likeness(first: Grids, second: Grids) -> NDArray[np.float64]:
    """Return which share of each pair of grids agrees, 0 to 1: what was written over a picture spoils only its own place.

    Parameters
    ----------
    first, second
        Shape (pairs, GRID, GRID).

    Notes
    -----
    Of 16 blocks, those in which either picture shows anything; they agree where they correlate by .8.
    """
    count = GRID // _BLOCK
    shape = (len(first), count, _BLOCK, count, _BLOCK)
    parts = [grid.reshape(shape).transpose(0, 1, 3, 2, 4).reshape(len(first), count * count, -1) for grid in (first, second)]
    centred = [part - part.mean(axis=2, keepdims=True) for part in parts]
    spread = [np.sqrt((part**2).mean(axis=2)) for part in centred]
    told = (spread[0] > _LEAST_BLOCK_SPREAD) | (spread[1] > _LEAST_BLOCK_SPREAD)
    product = (centred[0] * centred[1]).mean(axis=2) / np.maximum(spread[0] * spread[1], 1e-6)
    agrees = (product >= _AGREES) & told
    return np.asarray(agrees.sum(axis=1) / np.maximum(told.sum(axis=1), 1), dtype=np.float64)
