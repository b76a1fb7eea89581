"""Whether a share of bad stories is above its habit, knowing that the classifier errs.

A classifier that calls a fifth of everything negative must not cry wolf each time the volume rises: shares are
corrected by its error rates before they are judged, and their interval is carried along.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]

MEMORY_STORIES = 20.0
"""Stories of a past of usual length that the habit of a share rests on at most."""


@dataclass(frozen=True, slots=True)
class ErrorRates:
    """How often the reading of bad stories is right.

    Parameters
    ----------
    sensitivity_ratio
        Share of truly bad stories called bad.
    specificity_ratio
        Share of other stories not called bad.
    """

    sensitivity_ratio: float = 0.75
    specificity_ratio: float = 0.80


def corrected(share: Floats | float, rates: ErrorRates) -> Floats:
    """Return the true share behind an apparent one (Rogan & Gladen, 1978), kept within 0..1.

    A classifier no better than chance says nothing: the apparent share comes back unchanged.
    """
    apparent = np.asarray(share, dtype=np.float64)
    power = rates.sensitivity_ratio + rates.specificity_ratio - 1
    if power <= 0.05:
        return apparent
    return np.asarray(np.clip((apparent + rates.specificity_ratio - 1) / power, 0.0, 1.0), dtype=np.float64)


def share_interval(bad: Floats, stories: Floats, rates: ErrorRates, *, level: float = 0.9) -> tuple[Floats, Floats, Floats]:
    """Return the corrected share of bad stories with its interval: (share, low, high), each of shape (units,).

    Jeffreys' interval of the apparent share, its ends corrected. Without stories: 0, 0, 1.
    """
    n = np.asarray(stories, dtype=np.float64)
    k = np.asarray(bad, dtype=np.float64)
    side = (1 - level) / 2
    low = np.where(k > 0, stats.beta.ppf(side, k + 0.5, n - k + 0.5), 0.0)
    high = np.where(k < n, stats.beta.ppf(1 - side, k + 0.5, n - k + 0.5), 1.0)
    share = np.divide(k, n, out=np.zeros_like(n), where=n > 0)
    some = n > 0
    return (
        np.where(some, corrected(share, rates), 0.0),
        np.where(some, corrected(low, rates), 0.0),
        np.where(some, corrected(high, rates), 1.0),
    )


def share_tail(
    bad: Floats,
    stories: Floats,
    past_bad: Floats,
    past_stories: Floats,
    *,
    population_share: Floats | float,
    strength: float = 6.0,
    memory: Floats | float = MEMORY_STORIES,
) -> Floats:
    """Return the mid-p of as many bad stories or more among these, by the beta-binomial that the past gives, shape (units,).

    Parameters
    ----------
    bad, stories
        Bad stories and stories in the window.
    past_bad, past_stories
        The same in the past.
    population_share
        Share of bad stories in the watch, or in the subject that a topic belongs to: where a unit without past starts.
    strength
        Pseudo-stories that share weighs.
    memory
        Stories of the past at most counted: what a share was over hundreds of stories does not bind it today.

    Notes
    -----
    Both sides are apparent shares read by the same classifier, so its bias cancels out. The mid-p counts what was seen for
    one half (Lancaster, 1961, "Significance tests in discrete distributions", JASA 56): of four stories all can be ill and
    the whole tail still be a tenth, so that a first day could not be told however ill it is.
    """
    n_past = np.asarray(past_stories, dtype=np.float64)
    scale = np.minimum(1.0, memory / np.maximum(n_past, 1.0))
    start = np.asarray(population_share, dtype=np.float64)
    alpha = strength * start + scale * np.asarray(past_bad, dtype=np.float64)
    beta = strength * (1 - start) + scale * (n_past - np.asarray(past_bad, dtype=np.float64))
    n = np.asarray(stories, dtype=np.float64)
    k = np.asarray(bad, dtype=np.float64)
    habit = stats.betabinom(n, np.maximum(alpha, 1e-3), np.maximum(beta, 1e-3))
    p_value = (habit.sf(k - 1) + habit.sf(k)) / 2
    return np.asarray(np.where(k > 0, np.clip(p_value, 0.0, 1.0), 1.0), dtype=np.float64)


def habitual_share(
    bad: Floats, stories: Floats, *, memory: float = 20.0, default: float = 0.3, strength: float = 10.0
) -> float:
    """Return the ordinary share of bad stories in a watch, shrunk to a default while it has few stories.

    Parameters
    ----------
    bad, stories
        Past stories of each subject, shape (subjects,).
    memory
        Stories of one subject at most counted: one crisis must not become the habit of all.
    """
    scale = np.minimum(1.0, memory / np.maximum(stories, 1.0))
    return float((np.sum(scale * bad) + default * strength) / (np.sum(scale * stories) + strength))
