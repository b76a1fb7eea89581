"""What is remembered is what was encoded, in the order asked, and each text is encoded once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from veille.desk.vectors import MOST_TEXTS, Remembering


class Counting:
    """A tiny model that counts what it is asked."""

    name = "counting"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += texts
        return np.array([[len(text), 1] for text in texts], dtype=np.float32).reshape(-1, 2)


def test_each_text_is_encoded_once_and_given_in_the_order_asked() -> None:
    model = Counting()
    remembering = Remembering(model)
    assert remembering.encode(["aa", "b", "aa"]).tolist() == [[2, 1], [1, 1], [2, 1]]
    assert remembering.encode(["b", "ccc"]).tolist() == [[1, 1], [3, 1]]
    assert model.asked == ["aa", "b", "ccc"]
    assert remembering.encode([]).shape == (0, 2)


def test_a_full_memory_is_emptied_and_still_right() -> None:
    model = Counting()
    remembering = Remembering(model)
    remembering.encode([str(number) for number in range(MOST_TEXTS + 1)])
    assert remembering.encode(["0", "10"]).tolist() == [[1, 1], [2, 1]]
    assert len(model.asked) == MOST_TEXTS + 3
