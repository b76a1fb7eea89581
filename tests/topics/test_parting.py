"""A burst that grew onto an older topic is parted from it; what goes on with a topic stays."""

from __future__ import annotations

import numpy as np
import pytest

from veille.topics.cluster import unit
from veille.topics.parting import apart


def around(centre: np.ndarray, count: int, seed: int, spread: float = 0.06) -> np.ndarray:
    return unit(centre + spread * np.random.default_rng(seed).standard_normal((count, len(centre))))


EAST = np.eye(64)[0]
NORTH_EAST = unit(np.array([np.eye(64)[0] * 0.5 + np.eye(64)[1]]))[0]


def test_new_stories_unlike_the_old_ones_of_their_cluster_are_parted() -> None:
    units = np.vstack([around(EAST, 8, 1), around(NORTH_EAST, 20, 2)])
    numbers = np.repeat([4, -1], [8, 20])
    assert apart(np.zeros(28, dtype=np.int64), units, numbers).tolist() == [0] * 8 + [1] * 20


def test_new_stories_like_the_old_ones_stay() -> None:
    units = around(EAST, 28, 1)
    assert not apart(np.zeros(28, dtype=np.int64), units, np.repeat([4, -1], [8, 20])).any()


def test_new_stories_that_are_nearer_to_the_old_topic_go_on_with_it() -> None:
    units = np.vstack([around(EAST, 8, 1), around(EAST, 2, 3), around(NORTH_EAST, 20, 2)])
    found = apart(np.zeros(30, dtype=np.int64), units, np.repeat([4, -1], [8, 22]))
    assert found.tolist() == [0] * 10 + [1] * 20


def test_two_known_topics_stay_apart_and_a_stray_goes_to_the_nearer() -> None:
    units = np.vstack([around(EAST, 5, 1), around(NORTH_EAST, 6, 2)])
    numbers = np.array([1] * 5 + [3] * 5 + [7])
    assert apart(np.zeros(11, dtype=np.int64), units, numbers).tolist() == [0] * 5 + [1] * 6


def test_a_first_window_and_few_stories_are_left_as_they_are() -> None:
    units = np.vstack([around(EAST, 4, 1), around(NORTH_EAST, 2, 2)])
    labels = np.zeros(6, dtype=np.int64)
    assert not apart(labels, units, np.full(6, -1)).any()
    assert not apart(labels, units, np.array([1, 1, 1, 1, -1, -1])).any()


@pytest.mark.parametrize("vector", [0.0, 1.0], ids=["no vectors", "copies"])
def test_texts_without_likeness_and_copies_are_no_error(vector: float) -> None:
    units = unit(np.full((8, 4), vector))
    found = apart(np.zeros(8, dtype=np.int64), units, np.repeat([2, -1], 4))
    assert len(set(found)) == (1 if vector else 2)


def test_the_order_of_the_stories_changes_no_part() -> None:
    units = np.vstack([around(EAST, 8, 1), around(NORTH_EAST, 20, 2)])
    numbers, shuffled = np.repeat([4, -1], [8, 20]), np.random.default_rng(5).permutation(28)
    found = apart(np.zeros(28, dtype=np.int64), units[shuffled], numbers[shuffled])
    assert (found[:, None] == found[None, :]).tolist() == ((numbers[shuffled][:, None] == numbers[shuffled][None, :]).tolist())
