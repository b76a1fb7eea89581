"""The mentions that show a topic best: central, yet different from each other and from different mouths."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from veille.topics.cluster import Labels, Vectors

# More candidates change nothing that a reader could see.
_CANDIDATES = 60
# What a second story of the same publisher or author loses.
_SAME_VOICE = 0.25


def choose(units: Vectors, centroid: Vectors, voices: npt.NDArray[np.object_], *, count: int, diversity: float) -> Labels:
    """Return row numbers by maximal marginal relevance (Carbonell and Goldstein 1998), the most central first.

    Parameters
    ----------
    units
        Unit vectors of the topic's stories, shape (n, d).
    centroid
        Shape (d,).
    voices
        Publisher or author of each story, shape (n,); empty where unknown.
    count
        At most so many rows.
    diversity
        Weight of the likeness to those already chosen against closeness to the centroid, 0 to 1.
    """
    closeness = np.round(units @ centroid, 6)
    pool = np.argsort(-closeness, kind="stable")[:_CANDIDATES]
    likeness = np.round(units[pool] @ units[pool].T, 6)
    known = np.array([bool(voice) for voice in voices[pool]])
    same_voice = (voices[pool][:, None] == voices[pool][None, :]) & known[:, None]
    chosen = [0]
    while len(chosen) < min(count, len(pool)):
        worth = (1 - diversity) * closeness[pool] - diversity * likeness[:, chosen].max(axis=1)
        worth = worth - _SAME_VOICE * same_voice[:, chosen].any(axis=1)
        worth[chosen] = -np.inf
        chosen.append(int(worth.argmax()))
    return np.asarray(pool[chosen], dtype=np.int64)
