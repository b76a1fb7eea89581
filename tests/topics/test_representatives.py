"""Representatives: central, different, from several mouths."""

from __future__ import annotations

import numpy as np

from veille.topics.cluster import unit
from veille.topics.representatives import choose

UNITS = unit(np.array([[1.0, 0.0, 0.1], [1.0, 0.0, 0.1], [1.0, 0.3, 0.0], [1.0, -0.3, 0.0], [0.2, 0.0, 1.0]]))
CENTRE = UNITS.mean(axis=0)
UNKNOWN = np.array([""] * 5, dtype=object)


def test_the_most_central_comes_first_and_a_copy_of_it_late() -> None:
    chosen = choose(UNITS, CENTRE, UNKNOWN, count=4, diversity=0.4).tolist()
    assert chosen[0] == int((UNITS @ CENTRE).argmax())
    assert {0, 1} - set(chosen[:2])
    assert len(set(chosen)) == 4


def test_without_diversity_only_closeness_counts() -> None:
    chosen = choose(UNITS, CENTRE, UNKNOWN, count=5, diversity=0.0)
    assert (np.diff(np.round(UNITS @ CENTRE, 6)[chosen]) <= 0).all()


def test_another_voice_is_preferred() -> None:
    units = unit(np.array([[1.0, 0.0], [1.0, 0.01], [1.0, 0.02]]))
    voices = np.array(["a", "a", "b"], dtype=object)
    first, second = choose(units, np.array([1.0, 0.0]), voices, count=2, diversity=0.0).tolist()
    assert (first, second) == (0, 2)
    assert choose(units, np.array([1.0, 0.0]), UNKNOWN[:3], count=2, diversity=0.0).tolist() == [0, 1]


def test_never_more_than_there_are() -> None:
    assert choose(UNITS[:1], CENTRE, UNKNOWN[:1], count=5, diversity=0.4).tolist() == [0]
    assert choose(np.zeros((3, 2)), np.zeros(2), UNKNOWN[:3], count=5, diversity=0.4).tolist() == [0, 1, 2]
