"""Find the organisation's logo in a picture, as it is or altered, by the distance of hashes of windows of many sizes.

What is found is a likeness of shapes, with its distance: never a claim about what somebody meant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from veille.images.hashing import GRID, Grids, Hashes, distances, likeness, phashes
from veille.images.opening import flattened, open_layers
from veille.images.tables import LogoUse

SAME_CORRELATION = 0.9
"""Correlation with the logo's grey from which a window may be the logo as it is."""
ALTERED_CORRELATION = 0.7
"""The same from which it may be the logo altered."""
LEAST_LIKENESS = 0.35
"""Share of the blocks of a window that must agree with the logo's."""
LEAST_TOGETHER = 1.35
"""What the two must make together: a logo written over keeps the first, another logo reaches neither."""
CHANGED_CELLS = 0.04
"""Share of the cells of a window whose colour is another than the logo's, from which it is altered."""
_LONGEST = 200
_SHARES = (1.0, 0.85, 0.7, 0.58, 0.48, 0.4, 0.33, 0.27, 0.22)
_STEPS_A_WINDOW = 9
_LEAST_WINDOW = 20
_LEAST_SPREAD = 6.0
_COARSE = 16
_FARTHEST_BITS = 22
_REFINED = 30
_OTHER_COLOUR = 75.0
Windows = NDArray[np.float64]


@dataclass(frozen=True)
class Logo:
    """A logo ready to be looked for.

    Parameters
    ----------
    file
        As watch.yml names it.
    faces
        It as red, green and blue, on white, and on black too where it is transparent; without its empty margin.
    """

    file: str
    faces: tuple[Image.Image, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """A logo that was found.

    Parameters
    ----------
    use
        As it is, or altered.
    file
        Which logo.
    distance
        Bits of 64 in which the hash of the window differs from the logo's.
    correlation
        Of the greys, negative where light and dark are exchanged.
    """

    use: LogoUse
    file: str
    distance: int
    correlation: float


def read_logo(file: str, content: bytes) -> Logo:
    """Return a logo from the bytes of its file.

    Raises
    ------
    RefusedError
        They are no picture that can be opened.
    """
    layers = open_layers(content)
    layers.thumbnail((2 * _LONGEST, 2 * _LONGEST), Image.Resampling.LANCZOS)
    grounds: list[tuple[int, int, int]] = [(255, 255, 255)]
    if layers.mode == "RGBA" and np.asarray(layers)[..., 3].min() < 128:
        layers = layers.crop(layers.getbbox())
        grounds.append((0, 0, 0))
    faces = [flattened(layers, ground) for ground in grounds]
    # A dark logo on black, or a light one on white, shows nothing that could be found.
    return Logo(file, tuple(face for face in faces if np.asarray(face.convert("L")).std() >= _LEAST_SPREAD))


def find(image: Image.Image, logos: Sequence[Logo]) -> Seen | None:
    """Return the logo that is seen best in a picture; None where there is none.

    Parameters
    ----------
    image
        Red, green and blue.
    logos
        The logos to look for.

    Notes
    -----
    Windows of the logo's shape, from the whole picture to a fifth of its width, are hashed; those nearest by hash are
    moved and resized a little, and judged by the correlation of their grey with the logo's.
    """
    small = image.copy()
    small.thumbnail((_LONGEST, _LONGEST), Image.Resampling.BOX)
    levels = [_integral(np.asarray(band, dtype=np.float64)) for band in (small.convert("L"), *small.split())]
    # Faces of one shape look through the same windows.
    shapes: dict[float, _Windows] = {}
    found = []
    for logo in logos:
        for face in logo.faces:
            ratio = round(face.width / face.height, 3)
            shapes[ratio] = shapes.get(ratio) or _hashed(levels[0], ratio)
            seen = _seen(logo.file, face, shapes[ratio], levels)
            found += [seen] if seen else []
    return max(found, key=lambda seen: (seen.use is LogoUse.LOGO, abs(seen.correlation)), default=None)


@dataclass(frozen=True)
class _Windows:
    """Windows that show anything, and the hash of each."""

    places: Windows
    hashes: Hashes


def _hashed(grey: Windows, ratio: float) -> _Windows:
    sampled, kept = _told(grey, _windows(grey.shape[1] - 1, grey.shape[0] - 1, ratio), _COARSE)
    return _Windows(kept, phashes(sampled))


def _seen(file: str, face: Image.Image, shape: _Windows, levels: list[Windows]) -> Seen | None:
    grey = levels[0]
    coarse, fine = _grid(face, _COARSE), _grid(face, GRID)
    windows = _nearest(coarse, shape)
    for step in (0.06, 0.03, 0.015):
        if not len(windows):
            return None
        sampled, moved = _told(grey, _moved(windows, step), _COARSE)
        strength = np.abs(_correlation(sampled, coarse))
        windows = moved[np.argsort(-strength, kind="stable")[:3]]
    sampled, windows = _told(grey, windows[:1], GRID)
    if not len(windows):
        return None
    correlation = float(np.clip(_correlation(sampled, fine)[0], -1, 1))
    agreed = float(likeness(sampled * np.float32(np.sign(correlation)), fine[None])[0])
    if min(abs(correlation) - ALTERED_CORRELATION, agreed - LEAST_LIKENESS, abs(correlation) + agreed - LEAST_TOGETHER) < 0:
        return None
    distance = int(distances(phashes(sampled), phashes(fine[None]))[0, 0])
    same = correlation >= SAME_CORRELATION and _changed(face, windows, levels[1:]) < CHANGED_CELLS
    return Seen(LogoUse.LOGO if same else LogoUse.LOGO_ALTERED, file, distance, round(correlation, 3))


def _nearest(face: NDArray[np.float32], shape: _Windows) -> Windows:
    """Return the windows whose hash is nearest to that of the logo or of its negative, which has every bit turned."""
    bits = distances(shape.hashes, phashes(face[None]))[:, 0].astype(np.int64)
    nearest = np.minimum(bits, 64 - bits)
    chosen = np.argsort(nearest, kind="stable")[:_REFINED]
    return shape.places[chosen[nearest[chosen] <= _FARTHEST_BITS]]


def _changed(face: Image.Image, windows: Windows, bands: list[Windows]) -> float:
    """Return the share of the cells of one window whose colour is that of no cell of the logo near the same place."""
    side = GRID
    aim = np.asarray(face.resize((side, side), Image.Resampling.BOX), dtype=np.float64)
    seen = np.stack([_cells(band, windows, side)[0] for band in bands], axis=-1)
    padded = np.pad(aim, ((1, 1), (1, 1), (0, 0)), mode="edge")
    near = [padded[y : y + side, x : x + side] for y in range(3) for x in range(3)]
    least = np.min([np.linalg.norm(seen - one, axis=-1) for one in near], axis=0)
    return float((least > _OTHER_COLOUR).mean())


def _grid(face: Image.Image, side: int) -> NDArray[np.float32]:
    return np.asarray(face.convert("L").resize((side, side), Image.Resampling.BOX), dtype=np.float32)


def _windows(width: int, height: int, ratio: float) -> Windows:
    """Return windows of a shape, (left, top, width, height) in pixels, shape (windows, 4)."""
    found = [np.array([[0.0, 0.0, width, height]])]
    widest = min(width, height * ratio)
    for share in _SHARES:
        w, h = widest * share, widest * share / ratio
        if min(w, h) < _LEAST_WINDOW:
            break
        lefts = np.arange(0, width - w + 0.01, max(w / _STEPS_A_WINDOW, 1))
        tops = np.arange(0, height - h + 0.01, max(h / _STEPS_A_WINDOW, 1))
        x, y = np.meshgrid(lefts, tops)
        found.append(np.stack([x.ravel(), y.ravel(), np.full(x.size, w), np.full(x.size, h)], axis=1))
    return np.concatenate(found)


def _moved(windows: Windows, step: float) -> Windows:
    """Return windows with their neighbours: moved by a step of their size, and a step larger and smaller."""
    steps = np.array([(x, y, s) for s in (1 - step, 1.0, 1 + step) for x in (-step, 0, step) for y in (-step, 0, step)])
    left, top, width, height = (windows[:, place, None] for place in range(4))
    scale = steps[None, :, 2]
    w, h = width * scale, height * scale
    x = left + steps[None, :, 0] * width + (width - w) / 2
    y = top + steps[None, :, 1] * height + (height - h) / 2
    return np.stack([x, y, w, h], axis=2).reshape(-1, 4)


def _integral(grey: Windows) -> Windows:
    summed = np.zeros((grey.shape[0] + 1, grey.shape[1] + 1))
    summed[1:, 1:] = grey.cumsum(axis=0).cumsum(axis=1)
    return summed


def _told(grey: Windows, windows: Windows, side: int) -> tuple[Grids, Windows]:
    """Return the windows that show anything, as grids of the mean grey of their cells, and where they are."""
    sampled = _cells(grey, windows, side).astype(np.float32)
    kept = sampled.reshape(len(sampled), -1).std(axis=1) >= _LEAST_SPREAD
    return sampled[kept], windows[kept]


def _cells(band: Windows, windows: Windows, side: int) -> Windows:
    height, width = band.shape[0] - 1, band.shape[1] - 1
    share = np.arange(side + 1) / side
    columns = np.clip(windows[:, 0, None] + share * windows[:, 2, None], 0, width)
    rows = np.clip(windows[:, 1, None] + share * windows[:, 3, None], 0, height)
    summed = np.diff(np.diff(_at(band, rows, columns), axis=1), axis=2)
    area = np.diff(rows, axis=1)[:, :, None] * np.diff(columns, axis=1)[:, None, :]
    result: Windows = summed / np.maximum(area, 1e-9)
    return result


def _at(grey: Windows, rows: Windows, columns: Windows) -> Windows:
    """Return the integral between pixels, shape (windows, rows, columns)."""
    top = np.minimum(rows.astype(np.int64), grey.shape[0] - 2)
    left = np.minimum(columns.astype(np.int64), grey.shape[1] - 2)
    down, right = (rows - top)[:, :, None], (columns - left)[:, None, :]
    top, left = top[:, :, None], left[:, None, :]
    upper = grey[top, left] * (1 - right) + grey[top, left + 1] * right
    lower = grey[top + 1, left] * (1 - right) + grey[top + 1, left + 1] * right
    result: Windows = upper * (1 - down) + lower * down
    return result


def _correlation(sampled: Grids, face: NDArray[np.float32]) -> NDArray[np.float64]:
    flat = sampled.reshape(len(sampled), -1).astype(np.float64)
    flat -= flat.mean(axis=1, keepdims=True)
    aim = face.ravel().astype(np.float64)
    aim -= aim.mean()
    norm = np.sqrt((flat**2).sum(axis=1) * (aim**2).sum())
    return np.asarray((flat @ aim) / np.maximum(norm, 1e-9))
