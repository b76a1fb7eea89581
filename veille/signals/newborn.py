"""Topics that are born: how much is said of one in its first days, learnt from those that were born before.

A topic is spoken of most when it is new, so that its first days look a rise beside the long run of others. What they are
compared with is the first days of earlier topics, the most that was said in any window of them: each topic is looked at
on every one of those days, and what is unusual for one in a hundred topics is so once, not once a day.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from veille.signals import surprise

Floats = NDArray[np.float64]

FIRST_DAYS = 14
"""Days of earlier topics that new ones are compared with."""

NEW_DAYS = 28
"""Days in which a topic is new: its own past is too short to be its habit."""

FEWEST_SEVERAL = 10
"""Earlier topics of two stories or more below which the long run of all topics is what is believed of a new one."""


def births(stories: Floats) -> NDArray[np.intp]:
    """Return the column of the first story of each unit, shape (units,); the number of columns where there is none."""
    told = stories > 0
    return np.asarray(np.where(told.any(axis=1), told.argmax(axis=1), stories.shape[1]), dtype=np.intp)


def peaks(counts: Floats, born: NDArray[np.intp], window_days: int, first_days: int) -> Floats:
    """Return the most that was counted of each unit in any window of its first days, shape (units,).

    Parameters
    ----------
    counts
        Daily counts, shape (units, days).
    born
        Result of `births`.
    window_days, first_days
        Length of a window, and of what counts as the first days. Days past the last column count nothing.
    """
    units, days = counts.shape
    ages = np.arange(first_days)[None, :]
    column = born[:, None] + ages
    rows = np.arange(units)[:, None]
    ends = np.arange(1, first_days + 1)
    mine = np.where(column < days, counts[rows, np.minimum(column, days - 1)], 0.0)
    total = np.pad(np.cumsum(mine, axis=1), ((0, 0), (1, 0)))
    return np.asarray((total[:, ends] - total[:, np.maximum(0, ends - window_days)]).max(axis=1), dtype=np.float64)


def tail(counts: Floats, earlier: Floats) -> Floats:
    """Return P(as many or more at the peak) of new topics, given that they are spoken of, shape (units,).

    Parameters
    ----------
    counts
        What was counted in a window of each.
    earlier
        Peaks of earlier topics in such windows, shape (topics,).

    Notes
    -----
    A hurdle model (Mullahy, 1986): most topics are one story, which says nothing of how large the others become. What goes
    beyond two stories is negative binomial, fitted by moments as the rates are.
    """
    n = np.asarray(counts, dtype=np.float64)
    several = earlier[earlier >= 2]
    chance_of_several = (len(several) + 0.5) / (len(earlier) + 1)
    prior = surprise.fit_prior(several - 2, 1.0, default_mean=1.0)
    nothing = np.zeros_like(n)
    beyond, _ = surprise.tail(np.maximum(n - 2, 0.0), 1.0, nothing, 0.0, prior)
    return np.asarray(np.where(n >= 2, chance_of_several * beyond, 1.0), dtype=np.float64)
