"""Coarse topics: few, over whole fine topics, the same whatever the threads."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from threadpoolctl import threadpool_limits

from veille.topics.cluster import unit
from veille.topics.coarse import coarse


def world(subjects: int, fine_each: int, stories_each: int, *, seed: int = 3) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return vectors of stories, their fine topic, and the subject of each fine topic."""
    random = np.random.default_rng(seed)
    subject = random.normal(size=(subjects, 48))
    subject_of_fine = np.repeat(np.arange(subjects), fine_each)
    centres = unit(subject[subject_of_fine]) + 0.8 * unit(random.normal(size=(subjects * fine_each, 48)))
    of_story = np.repeat(np.arange(len(centres)), stories_each)
    return centres[of_story] + 0.05 * random.normal(size=(len(of_story), 48)), of_story, subject_of_fine


def test_fine_topics_of_one_subject_come_together() -> None:
    vectors, of_story, subject = world(5, 8, 6)
    labels = coarse(vectors, of_story, most=10)
    assert len(set(zip(labels, subject, strict=True))) == len(set(labels)) == 5


@pytest.mark.parametrize("most", [1, 2, 3, 10])
def test_never_more_than_asked_and_every_fine_topic_has_one(most: int) -> None:
    vectors, of_story, _ = world(6, 6, 4)
    labels = coarse(vectors, of_story, most=most)
    assert len(labels) == 36
    assert 1 <= labels.max() + 1 <= most


def test_few_fine_topics_give_fewer_coarse_ones() -> None:
    vectors, of_story, _ = world(3, 3, 4)
    assert coarse(vectors, of_story, most=10).max() + 1 <= 3


def test_lone_stories_alone_are_one_group() -> None:
    assert coarse(np.eye(5), np.arange(5), most=10).tolist() == [0] * 5


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_hardly_any_story_is_no_error(rows: int) -> None:
    assert coarse(np.eye(4)[:rows], np.arange(rows), most=10).tolist() == [0] * rows


def test_copies_and_empty_vectors_are_no_error() -> None:
    assert coarse(np.ones((40, 8)), np.arange(40) // 2, most=10).shape == (20,)
    assert coarse(np.zeros((40, 8)), np.arange(40) // 2, most=10).tolist() == [0] * 20
    assert coarse(np.full((6, 8), np.nan), np.arange(6) // 2, most=10).tolist() == [0] * 3


def test_an_empty_story_shapes_nothing() -> None:
    vectors, of_story, _ = world(4, 5, 5)
    alone = coarse(vectors, of_story, most=10)
    with_empty = coarse(np.vstack([vectors, np.zeros((1, 48))]), np.append(of_story, of_story.max() + 1), most=10)
    assert with_empty[:-1].tolist() == alone.tolist()


@pytest.mark.parametrize("stories_each", [4, 30])
def test_the_same_on_one_thread_and_on_many(stories_each: int) -> None:
    vectors, of_story, _ = world(6, 6, stories_each)
    with threadpool_limits(1):
        alone = coarse(vectors, of_story, most=10)
    with threadpool_limits(4):
        together = coarse(vectors, of_story, most=10)
    assert alone.tolist() == together.tolist() == coarse(vectors, of_story, most=10).tolist()


@given(seed=st.integers(0, 2**16), fine=st.integers(1, 12), most=st.integers(1, 6))
@settings(max_examples=30, deadline=None)
def test_labels_are_numbered_from_zero_without_a_gap(seed: int, fine: int, most: int) -> None:
    random = np.random.default_rng(seed)
    of_story = np.concatenate([np.arange(fine), random.integers(0, fine, size=3 * fine)])
    labels = coarse(random.normal(size=(len(of_story), 6)), of_story, most=most)
    assert len(labels) == fine
    assert set(labels) == set(range(labels.max() + 1))
    assert labels[0] == 0
    assert len(set(labels)) <= most
