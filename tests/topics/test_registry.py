"""Who is who over updates: shared mentions decide, one to one, and what became of each topic is said."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from veille.topics import registry
from veille.topics.settings import TopicSettings

SETTINGS = TopicSettings()
ALIKE = np.ones((9, 2))


def matched(
    counts: list[list[int]], *, topics: np.ndarray = ALIKE, clusters: np.ndarray = ALIKE, **options: object
) -> registry.Matching:
    shared = registry.sp.csr_matrix(np.array(counts, dtype=float).reshape(len(counts), -1))
    return registry.match(shared, topics[: shared.shape[0]], clusters[: shared.shape[1]], SETTINGS, **options)


def test_the_same_mentions_are_the_same_topic() -> None:
    found = matched([[0, 9], [5, 0]])
    assert found.topic.tolist() == [1, 0]
    assert found.merged_into().tolist() == [-1, -1]
    assert found.split_from().tolist() == [-1, -1]


def test_a_cluster_without_a_known_mention_is_new() -> None:
    assert matched([[4, 0]], clusters=np.array([[1.0, 0.0], [0.0, 1.0]]), topics=np.array([[1.0, 0.0]])).topic.tolist() == [
        0,
        -1,
    ]


def test_of_two_topics_in_one_cluster_the_larger_lives_on_and_the_other_is_merged() -> None:
    found = matched([[20], [5]])
    assert found.topic.tolist() == [0]
    assert found.merged_into().tolist() == [-1, 0]


def test_of_two_clusters_of_one_topic_the_larger_carries_on_and_the_other_is_split() -> None:
    found = matched([[5, 20]])
    assert found.topic.tolist() == [-1, 0]
    assert found.split_from().tolist() == [0, -1]


def test_a_fragment_does_not_carry_the_id_of_a_topic_that_was_merged_away() -> None:
    found = matched([[50, 0], [9, 1]])
    assert found.topic.tolist() == [0, -1]
    assert found.merged_into().tolist() == [-1, 0]


def test_what_a_person_named_keeps_its_id_in_a_merge() -> None:
    assert matched([[20], [5]], person=np.array([False, True])).topic.tolist() == [1]
    assert matched([[20, 0], [2, 9]], person=np.array([False, True])).topic.tolist() == [0, 1]


def test_the_assignment_is_the_best_overall() -> None:
    # Topic 0 fits both clusters, topic 1 only the first: both can live on.
    assert matched([[6, 5], [6, 0]]).topic.tolist() == [1, 0]


def test_a_topic_out_of_the_window_comes_back_by_likeness() -> None:
    near, far = np.array([[0.8, 0.1]]), np.array([[0.1, 0.8]])
    assert matched([[0]], topics=np.array([[0.9, 0.0]]), clusters=near).topic.tolist() == [0]
    assert matched([[0]], topics=np.array([[0.9, 0.0]]), clusters=far).topic.tolist() == [-1]


def test_more_shared_mentions_never_lose_the_match() -> None:
    found = [matched([[count, 20]]).topic[0] == 0 for count in range(0, 61, 5)]
    assert found == sorted(found)
    assert not found[0]
    assert found[-1]


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (3, 0)])
def test_an_empty_side_is_no_error(shape: tuple[int, int]) -> None:
    found = registry.match(registry.sp.csr_matrix(shape), ALIKE[: shape[0]], ALIKE[: shape[1]], SETTINGS)
    assert (found.topic == -1).all()
    assert len(found.merged_into()) == shape[0]
    assert len(found.split_from()) == shape[1]


def test_one_to_one_whatever_the_overlaps() -> None:
    random = np.random.default_rng(4)
    for _ in range(20):
        topics, clusters = random.integers(1, 9, size=2)
        counts = random.integers(0, 6, size=(topics, clusters)) * (random.random((topics, clusters)) < 0.4)
        found = matched(counts.tolist())
        carried = found.topic[found.topic >= 0]
        assert len(set(carried)) == len(carried)


def test_overlap_counts_mentions_known_to_the_registry() -> None:
    shared = registry.overlap(np.array([0, 0, -1, 1]), np.array([1, 1, 1, 0]), 2, 2)
    assert shared.toarray().tolist() == [[0, 2], [1, 0]]


def test_clusters_of_what_a_person_merged_are_united() -> None:
    of_story = np.array([0, 1, 2])
    of_mention = np.array([0, 0, 1, 1, 2, 2])
    known = np.array([7, 7, 7, -1, 3, 3])
    assert registry.united(of_story, known, of_mention, [7]).tolist() == [0, 0, 1]
    assert registry.united(of_story, known, of_mention, []).tolist() == [0, 1, 2]


def test_new_stories_far_outnumbering_the_old_are_not_united() -> None:
    of_mention = np.repeat([0, 1], [4, 20])
    known = np.where(np.arange(24) < 5, 7, -1)
    assert registry.united(np.array([0, 1]), known, of_mention, [7]).tolist() == [0, 1]


def test_ids_depend_on_story_and_cutoff_only() -> None:
    cutoff = pd.Timestamp("2026-11-16", tz="UTC")
    ids = registry.new_ids(pd.Series(["a", "b"]), cutoff, prefix="t")
    assert ids.tolist() == registry.new_ids(pd.Series(["a", "b"]), cutoff, prefix="t").tolist()
    assert len({*ids, *registry.new_ids(pd.Series(["a", "b"]), cutoff + pd.Timedelta(days=1), prefix="t")}) == 4
    assert registry.digest("ab", "c") != registry.digest("a", "bc")


def test_a_higher_minimum_matches_less() -> None:
    shared = registry.sp.csr_matrix(np.array([[3.0, 5.0], [2.0, 0.0]]))
    counts = [
        (registry.match(shared, ALIKE[:2], ALIKE[:2], replace(SETTINGS, match_minimum=least)).topic >= 0).sum()
        for least in (0.0, 0.25, 0.8, 1.0)
    ]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] == 2
    assert counts[-1] == 0
