"""Hashes: those of the reference implementation, unchanged by what leaves a picture the same, bounded and symmetric."""

from __future__ import annotations

from types import ModuleType

import imagehash
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from veille.images import grouping, hashing


def test_the_hash_is_near_that_of_imagehash(drawn: ModuleType, rng: np.random.Generator) -> None:
    """It is worked out from 48 instead of 32 levels a side; few bits near the median may turn."""
    far = []
    for _ in range(12):
        image = drawn.scene(rng)
        ours = hashing.phashes(hashing.grids(hashing.signature(image)[None]))[0]
        far.append(int(np.bitwise_count(np.uint64(int(str(imagehash.phash(image)), 16)) ^ ours)))
    assert max(far) <= 6
    assert float(np.mean(far)) <= 2


def test_the_hash_of_a_grid_is_that_of_imagehash_exactly(rng: np.random.Generator) -> None:
    levels = rng.integers(0, 256, (32, 32), dtype=np.uint8)
    ours = hashing.as_text(hashing.phashes(levels[None].astype(np.float32)))[0]
    assert ours == str(imagehash.phash(Image.fromarray(levels)))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(-40, 40), st.floats(0.5, 1.2))
def test_brightness_and_contrast_change_no_hash_and_no_likeness(seed: int, shift: int, scale: float) -> None:
    levels = np.random.default_rng(seed).uniform(60, 180, (1, 32, 32)).astype(np.float32)
    changed = (levels * np.float32(scale) + np.float32(shift)).astype(np.float32)
    assert int(hashing.distances(hashing.phashes(levels), hashing.phashes(changed))[0, 0]) <= 2
    assert hashing.likeness(levels, changed)[0] == 1


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_likeness_is_symmetric_bounded_and_falls_as_more_is_covered(seed: int) -> None:
    rng = np.random.default_rng(seed)
    first = rng.uniform(0, 255, (1, 32, 32)).astype(np.float32)
    other = rng.uniform(0, 255, (1, 32, 32)).astype(np.float32)
    assert hashing.likeness(first, other)[0] == hashing.likeness(other, first)[0]
    before = 1.0
    for rows in range(0, 33, 8):
        covered = first.copy()
        covered[:, :rows] = other[:, :rows]
        now = float(hashing.likeness(first, covered)[0])
        assert 0 <= now <= before
        before = now
    assert before < 0.2


def test_what_is_written_is_read_back(rng: np.random.Generator) -> None:
    levels = rng.integers(0, 256, (3, hashing.SIDE, hashing.SIDE), dtype=np.uint8)
    assert (hashing.unpacked([hashing.packed(one) for one in levels]) == levels).all()
    hashes = np.array([0, 2**64 - 1, 2**63], dtype=np.uint64)
    assert (hashing.from_text(hashing.as_text(hashes)) == hashes).all()
    assert hashing.distances(hashes, hashes).tolist() == [[0, 64, 1], [64, 0, 63], [1, 63, 0]]


@pytest.mark.parametrize("count", [0, 1, 2])
def test_few_pictures_are_grouped_too(count: int, drawn: ModuleType, rng: np.random.Generator) -> None:
    scene = hashing.signature(drawn.scene(rng))
    levels = np.stack([scene] * count) if count else np.zeros((0, hashing.SIDE, hashing.SIDE), np.uint8)
    joined = grouping.join(grouping.prints(levels, np.zeros(count, dtype=bool)), 0)
    assert joined.earlier.tolist() == [-1, 0][:count]


def test_the_batch_a_picture_comes_in_changes_no_group(drawn: ModuleType, rng: np.random.Generator) -> None:
    scenes = [drawn.scene(rng) for _ in range(30)]
    pictures = [copy for scene in scenes for copy in (scene, drawn.meme(rng, scene), drawn.cropped(scene, 0.06, rng))]
    levels = np.stack([hashing.signature(picture) for picture in pictures])
    prints = grouping.prints(levels, np.zeros(len(levels), dtype=bool))
    whole = grouping.join(prints, 0)
    for known in (1, 30, 63, 64, 65, 89):
        assert (grouping.join(prints, known).earlier == whole.earlier[known:]).all()
    assert (whole.earlier < np.arange(len(levels))).all()
