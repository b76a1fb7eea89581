"""Clusters of stories: nothing is forced, nothing is random, and assigning keeps the rule that built the clusters."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from threadpoolctl import threadpool_limits

from veille.topics import cluster

CUT = 0.68


def groups(*sizes: int, spread: float = 0.3, dimensions: int = 32, seed: int = 7) -> tuple[np.ndarray, np.ndarray]:
    """Return vectors around orthogonal directions, in mixed order, with their true group."""
    random = np.random.default_rng(seed)
    truth = np.repeat(np.arange(len(sizes)), sizes)
    vectors = np.eye(dimensions)[truth] + spread * random.normal(size=(len(truth), dimensions)) / np.sqrt(dimensions)
    order = random.permutation(len(truth))
    return vectors[order], truth[order]


def same_partition(one: np.ndarray, other: np.ndarray) -> bool:
    return len(set(zip(one, other, strict=True))) == len(set(one)) == len(set(other))


def test_groups_are_found_whatever_their_size() -> None:
    vectors, truth = groups(1, 2, 3, 40)
    assert same_partition(cluster.fine(vectors, cut=CUT), truth)


def test_labels_follow_the_first_story_of_each_cluster() -> None:
    vectors, _ = groups(3, 3, 3)
    labels = cluster.fine(vectors, cut=CUT)
    _, first = np.unique(labels, return_index=True)
    assert labels[0] == 0
    assert (np.diff(first) > 0).all()


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_hardly_any_story_is_no_error(rows: int) -> None:
    labels = cluster.fine(np.eye(4)[:rows], cut=CUT)
    assert labels.tolist() == list(range(rows))


def test_copies_are_one_cluster_and_empty_vectors_are_each_their_own() -> None:
    assert set(cluster.fine(np.ones((50, 8)), cut=CUT)) == {0}
    assert len(set(cluster.fine(np.zeros((6, 8)), cut=CUT))) == 6


def test_what_is_no_number_counts_as_empty() -> None:
    assert np.isfinite(cluster.unit(np.array([[np.nan, 1.0], [np.inf, 0.0], [0.0, 0.0]]))).all()
    assert len(set(cluster.fine(np.full((3, 4), np.nan), cut=CUT))) == 3


def test_a_wider_cut_never_gives_more_clusters() -> None:
    vectors, _ = groups(5, 5, 5, 5, spread=1.2)
    counts = [cluster.fine(vectors, cut=cut).max() + 1 for cut in (0.0, 0.3, 0.5, 0.68, 0.8, 1.0, 2.0)]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] == 20
    assert counts[-1] == 1


def test_length_of_the_vectors_does_not_count() -> None:
    vectors, _ = groups(4, 4, 4)
    scale = np.random.default_rng(1).uniform(0.1, 10, size=(12, 1))
    assert (cluster.fine(vectors, cut=CUT) == cluster.fine(vectors * scale, cut=CUT)).all()


def test_the_same_on_one_thread_and_on_many() -> None:
    vectors = np.random.default_rng(3).normal(size=(400, 64)) + 1.0
    with threadpool_limits(1):
        alone = cluster.fine(vectors, cut=0.45)
    with threadpool_limits(4):
        together = cluster.fine(vectors, cut=0.45)
    assert alone.max() > 1
    assert (alone == together).all()


def test_beyond_the_sample_every_story_still_gets_its_cluster() -> None:
    vectors, truth = groups(30, 30, 30, 2)
    labels = cluster.fine(vectors, cut=CUT, sample=20)
    assert (labels >= 0).all()
    assert same_partition(labels, truth)


def test_the_sample_holds_the_most_recent_half_and_even_steps_before() -> None:
    rows = cluster.sample_rows(100, 10)
    assert len(rows) == len(set(rows)) == 10
    assert rows[-5:].tolist() == [95, 96, 97, 98, 99]
    assert rows[0] == 0
    assert np.ptp(np.diff(rows[:5])) <= 1
    assert cluster.sample_rows(10, 10).tolist() == list(range(10))


@given(rows=st.integers(0, 300), size=st.integers(1, 60))
@settings(max_examples=60, deadline=None)
def test_a_sample_is_ascending_distinct_and_of_its_size(rows: int, size: int) -> None:
    chosen = cluster.sample_rows(rows, size)
    assert len(chosen) == min(rows, size)
    assert (np.diff(chosen) > 0).all()
    assert ((chosen >= 0) & (chosen < rows)).all()


def test_assigning_uses_the_mean_distance_to_the_members() -> None:
    units = cluster.unit(np.random.default_rng(5).normal(size=(9, 6)) + 0.5)
    labels = np.array([0, 0, 0, 1, 1, 1, 2, 2, 2])
    by_hand = np.array([[1 - (units[labels == c] @ unit).mean() for c in range(3)] for unit in units])
    found = cluster.nearest(units, cluster.means(units, labels), cut=2.0)
    assert found.tolist() == by_hand.argmin(axis=1).tolist()
    assert (cluster.nearest(units, cluster.means(units, labels), cut=-1.0) == -1).all()


def test_cohesion_is_one_for_copies_and_less_for_others() -> None:
    units = cluster.unit(np.array([[1.0, 0.0], [1.0, 0.0], [1.0, 0.0], [0.0, 1.0]]))
    lengths = np.linalg.norm(cluster.means(units, np.array([0, 0, 1, 1])), axis=1)
    assert lengths.tolist() == pytest.approx([1.0, np.sqrt(0.5)])


def test_a_crumb_goes_back_to_the_large_topic_it_is_like() -> None:
    near = cluster.unit(np.array([[1.0, 0.0, 0.0], [0.85, 0.5, 0.0], [0.0, 0.0, 1.0]]))
    vectors = np.vstack([np.repeat(near[:1], 200, axis=0), near[1:], near[1:2] * [1.0, 1.0, 0.0] + [0.0, 0.0, 0.3]])
    labels = cluster.fine(vectors, cut=0.1)
    assert labels[200] == labels[0]
    assert labels[201] != labels[0]


def test_what_has_no_vector_joins_nothing_however_large() -> None:
    labels = cluster.fine(np.vstack([np.ones((300, 4)), np.zeros((2, 4))]), cut=CUT)
    assert len(set(labels)) == 3
