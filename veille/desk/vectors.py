"""Vectors of short texts, each encoded once a process: a check compares the same messages and titles again and again."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from veille.reading import Embedder, embedder
from veille.watch import Watch

MOST_TEXTS = 4096
"""Texts remembered; beyond them all are forgotten."""


class Remembering:
    """An embedder that remembers what it has encoded.

    Parameters
    ----------
    model
        What encodes.
    """

    def __init__(self, model: Embedder) -> None:
        self._model = model
        self._known: dict[str, NDArray[np.float32]] = {}

    @property
    def name(self) -> str:
        """Name of the model."""
        return self._model.name

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit vector a text, shape (texts, d)."""
        if len(self._known) > MOST_TEXTS:
            self._known.clear()
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known.update(zip(new, self._model.encode(new), strict=True))
        return np.stack([self._known[text] for text in texts]) if texts else self._model.encode([])


_held: dict[str, Remembering] = {}


def remembering(watch: Watch) -> Remembering:
    """Return the embedder of a watch, the same one for every watch of that model."""
    name = watch.embedding.model
    if name not in _held:
        _held[name] = Remembering(embedder(watch))
    return _held[name]
