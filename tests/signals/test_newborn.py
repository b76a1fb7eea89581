"""New topics are compared with the first days of earlier ones."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from veille.signals import newborn


def test_birth_is_the_first_day_on_which_a_topic_is_spoken_of() -> None:
    told = np.array([[0, 2, 0, 1], [1, 0, 0, 0], [0, 0, 0, 0]], dtype=float)
    assert newborn.births(told).tolist() == [1, 0, 4]


def test_peak_is_the_fullest_window_of_the_first_days_only() -> None:
    told = np.array([[0, 1, 3, 2, 0, 9]], dtype=float)
    born = newborn.births(told)
    assert newborn.peaks(told, born, 1, 3).tolist() == [3]
    assert newborn.peaks(told, born, 2, 3).tolist() == [5]
    assert newborn.peaks(told, born, 7, 3).tolist() == [6]
    assert newborn.peaks(told, born, 1, 99).tolist() == [9], "days that have not come count nothing"
    assert newborn.peaks(np.zeros((1, 4)), np.array([4]), 1, 3).tolist() == [0]


@given(count=st.integers(0, 60), several=st.lists(st.integers(2, 30), min_size=0, max_size=30))
def test_more_is_more_surprising_and_larger_earlier_topics_make_it_less_so(count: int, several: list[int]) -> None:
    earlier = np.array([1.0] * 60 + several)
    larger = np.array([1.0] * 60 + [one + 5 for one in several])
    here = newborn.tail(np.array([count, count + 1.0]), earlier)
    assert 0.0 <= here[1] <= here[0] <= 1.0
    if len({*several}) == 1:
        assert newborn.tail(np.array([count + 1.0]), larger)[0] >= here[1] - 1e-9


def test_ends_of_the_tail() -> None:
    ones = np.ones(200)
    assert newborn.tail(np.array([0.0, 1.0]), ones).tolist() == [1.0, 1.0]
    assert newborn.tail(np.array([12.0]), ones)[0] < 1e-3
    assert newborn.tail(np.array([2.0]), np.full(200, 2.0))[0] > 0.95
