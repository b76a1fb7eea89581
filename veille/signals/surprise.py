"""How unusual a count is: a gamma-Poisson predictive tail, its prior learnt from all that the watch follows.

Counts of mentions are far more dispersed than Poisson, and most subjects have too little past to learn from alone.
So the rate of each unit (a subject or a topic) has a gamma prior fitted to all units (empirical Bayes), its own past
updates it, discounted because habits drift, and what windows vary beyond that widens the predictive distribution.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]

# What is believed of a rate before any unit was seen: as weak as one story of past.
_DEFAULT_SHAPE = 1.0
# Units it takes for the fitted prior to weigh as much as the default one.
_POPULATION_HALF = 5.0
_MIN_SHAPE = 0.05
_MAX_STRENGTH_DAYS = 120.0
# Quantiles of the estimate of a dispersion, closer where it may be far too low, as normal scores with their weights.
_QUANTILES = np.array([0.0005, 0.003, 0.01, 0.03, 0.1, 0.25, 0.5, 0.75, 0.95])
_SCORES = special.ndtri(_QUANTILES)
_WEIGHTS = np.diff(np.r_[0.0, (_QUANTILES[1:] + _QUANTILES[:-1]) / 2, 1.0])
# Above it nothing is decided, and what the dispersion may be besides is not worth the computing.
_BODY_P = 0.1


@dataclass(frozen=True, slots=True)
class GammaPrior:
    """A gamma prior of daily rates.

    Parameters
    ----------
    shape
        Pseudo-stories.
    days
        Pseudo-days of exposure; the mean rate is shape / days.
    """

    shape: float
    days: float

    @property
    def mean(self) -> float:
        """Mean daily rate."""
        return self.shape / self.days


def fit_prior(counts: Floats, exposure_days: float, *, default_mean: float = 0.05) -> GammaPrior:
    """Fit a gamma prior of rates to the pasts of all units by moments, shrunk to a weak default where units are few.

    Parameters
    ----------
    counts
        Stories of each unit in its past, shape (units,).
    exposure_days
        Length of that past, the same for all.
    default_mean
        Daily rate believed in before any unit was seen.

    Notes
    -----
    For n ~ Poisson(rate · T), rate ~ Gamma(a, b): E n = T a / b and Var n = E n + (E n)² / a (negative binomial).
    """
    weight = len(counts) / (len(counts) + _POPULATION_HALF) if exposure_days > 0 else 0.0
    mean, shape = default_mean, _DEFAULT_SHAPE
    if weight > 0:
        average = float(np.mean(counts))
        # Half a story over the whole population: a population of zeros is rare, not impossible.
        fitted_mean = (average * len(counts) + 0.5) / (len(counts) * exposure_days)
        excess = float(np.var(counts, ddof=1)) - average if len(counts) > 1 else 0.0
        strongest = fitted_mean * _MAX_STRENGTH_DAYS
        fitted_shape = average**2 / excess if excess > 0 else strongest
        fitted_shape = float(np.clip(fitted_shape, _MIN_SHAPE, max(strongest, _MIN_SHAPE)))
        mean = float(np.exp(weight * np.log(fitted_mean) + (1 - weight) * np.log(default_mean)))
        shape = float(np.exp(weight * np.log(fitted_shape) + (1 - weight) * np.log(_DEFAULT_SHAPE)))
    return GammaPrior(shape=shape, days=shape / mean)


@dataclass(frozen=True, slots=True)
class Dispersion:
    """How much more window counts vary than Poisson's, of each unit, and how well that is known.

    Parameters
    ----------
    index
        Variance over mean, at least 1, shape (units,).
    freedom
        Degrees of freedom that the index rests on, shape (units,).
    """

    index: Floats
    freedom: Floats


def dispersion(past: Floats, window_days: int, *, strength: float = 30.0, trim_ratio: float = 0.1) -> Floats:
    """Return the index of `spread` alone, shape (units,)."""
    return spread(past, window_days, strength=strength, trim_ratio=trim_ratio).index


def spread(past: Floats, window_days: int, *, strength: float = 30.0, trim_ratio: float = 0.1) -> Dispersion:
    """Return the index of dispersion of window counts of each unit, shrunk to what all units let expect, and its freedom.

    Parameters
    ----------
    past
        Daily counts, shape (units, days).
    window_days
        Length of the windows compared; windows do not overlap.
    strength
        Degrees of freedom that the common value weighs.
    trim_ratio
        Share of the most dispersed units left out of the common value: one past crisis must not hide the next.

    Notes
    -----
    Pearson's statistic over its degrees of freedom (McCullagh & Nelder, 1989, section 4.5). What all let expect is the
    greater of one index for all and of 1 + α · mean, the quadratic variance of negative binomial counts (Lawless, 1987,
    "Negative binomial and mixed Poisson regression"): a unit of which much is said swings more than its many small fellows.
    α is shrunk to 0 by `strength` degrees of freedom. The variance of a term (n - m)²/m of Pearson's statistic is 2 + 1/m,
    not the 2 of a normal one, so that a unit of small mean m has m / (m + 1/2) of its degrees of freedom.
    """
    units, days = past.shape
    blocks = days // window_days
    if blocks < 2 or units == 0:
        return Dispersion(np.ones(units), np.full(units, strength))
    folded = past[:, days - blocks * window_days :].reshape(units, blocks, window_days).sum(axis=2)
    mean = folded.mean(axis=1)
    seen = mean > 0
    pearson = np.zeros(units)
    pearson[seen] = ((folded[seen] - mean[seen, None]) ** 2).sum(axis=1) / mean[seen]
    freedom = np.where(seen, blocks - 1.0, 0.0)
    ratio = np.divide(pearson, freedom, out=np.zeros(units), where=freedom > 0)
    order = np.argsort(ratio[seen], kind="stable")
    kept = np.flatnonzero(seen)[order[: int(np.ceil(seen.sum() * (1 - trim_ratio)))]]
    total = float(freedom[kept].sum()) if len(kept) else 0.0
    common = max(1.0, float(pearson[kept].sum()) / total) if total > 0 else 1.0
    exposed = float((freedom[kept] * mean[kept]).sum()) if len(kept) else 0.0
    quadratic = max(0.0, float((pearson[kept] - freedom[kept]).sum()) / exposed) if exposed > 0 else 0.0
    # A few units over a few days do not show how variance grows with the mean.
    quadratic *= total / (total + strength)
    awaited = np.maximum(common, 1 + quadratic * mean)
    own = mean / (mean + 0.5)
    known = strength + own * freedom
    return Dispersion(np.maximum(1.0, (strength * awaited + own * pearson) / known), known)


def tail(
    counts: Floats,
    window_exposure: Floats | float,
    past_counts: Floats,
    past_exposure: Floats | float,
    prior: GammaPrior,
    dispersion_index: Floats | float = 1.0,
    *,
    freedom: Floats | None = None,
    discount: float = 0.6,
) -> tuple[Floats, Floats]:
    """Return P(count or more) and the expected count of a window, given the past.

    Parameters
    ----------
    counts
        Stories in the window, shape (units,).
    window_exposure, past_exposure
        Length of the window and of the past, in days of ordinary weight.
    past_counts
        Stories in the past.
    prior
        Prior of the daily rate; a unit without past has nothing else.
    dispersion_index
        Variance of window counts over their mean, given the rate; 1 is Poisson.
    freedom
        Degrees of freedom that the index rests on, shape (units,); where they are given, it is not taken for the truth.
    discount
        Weight of the past, 0..1 (power prior): habits drift, so the past counts for less than it holds.

    Notes
    -----
    With dispersion 1 it is the negative binomial predictive of the gamma-Poisson model; above 1 the negative
    binomial of the same mean μ whose variance is μ (dispersion + window / (prior + past)).

    An index known by ν degrees of freedom is ν · index / χ² of ν of them; the tail is its mean over nine quantiles of
    that (χ² by Wilson & Hilferty, 1931), and the past from which the rate is known is as dispersed as the window, so that
    the variance is μ · dispersion · (1 + window / (prior + past)). Taken for the truth, an index makes tails far too thin: in
    simulated quiet what should be seen once in 10,000 was seen four times (a press watch) to twenty times (posts) as often.
    """
    n = np.asarray(counts, dtype=np.float64)
    window = np.asarray(window_exposure, dtype=np.float64)
    past_days = prior.days + discount * np.asarray(past_exposure, dtype=np.float64)
    rate = (prior.shape + discount * np.asarray(past_counts, dtype=np.float64)) / past_days
    expected = np.asarray(rate * window, dtype=np.float64)
    index = np.asarray(dispersion_index, dtype=np.float64)
    if freedom is None:
        return _tail(n, expected, index - 1 + window / past_days), expected
    p_value = _tail(n, expected, index * (1 + window / past_days) - 1)
    whole = np.broadcast_arrays(n, expected, index, window / past_days, freedom)
    rare = p_value < _BODY_P
    few, mean, plug_in, ratio, known = (values[rare][:, None] for values in whole)
    spread = 2 / (9 * known)
    chance = (1 - spread + _SCORES * np.sqrt(spread)) ** 3
    mixed = _tail(few, mean, np.maximum(1.0, plug_in / chance) * (1 + ratio) - 1) @ _WEIGHTS
    p_value[rare] = np.clip(mixed, p_value[rare], _BODY_P)
    return p_value, expected


def _tail(counts: Floats, expected: Floats, extra: Floats) -> Floats:
    """Return P(count or more) of the negative binomial of that mean whose variance is (1 + extra) times it."""
    extra = np.maximum(extra, 1e-9)
    # The incomplete beta function is the negative binomial's tail (Abramowitz & Stegun, 26.5.26).
    tail = special.betainc(np.maximum(counts, 1e-9), np.maximum(expected / extra, 1e-9), extra / (1 + extra))
    return np.asarray(np.where(counts > 0, tail, 1.0), dtype=np.float64)


def lower_tail(
    counts: Floats,
    window_exposure: Floats | float,
    past_counts: Floats,
    past_exposure: Floats | float,
    prior: GammaPrior,
    dispersion_index: Floats | float = 1.0,
    *,
    discount: float = 0.6,
) -> tuple[Floats, Floats]:
    """Return P(count or fewer) and the expected count of a window, given the past: whether something has fallen silent.

    Parameters, and the distribution, are those of `tail`: P(count or fewer) = 1 - P(count + 1 or more).
    """
    more = np.asarray(counts, dtype=np.float64) + 1
    upper, expected = tail(more, window_exposure, past_counts, past_exposure, prior, dispersion_index, discount=discount)
    return np.clip(1.0 - upper, 0.0, 1.0), expected


def combine(p_values: Floats) -> Floats:
    """Return one p-value a unit from several that look at the same stories (Simes, 1986), shape (units, tests) to (units,)."""
    if p_values.size == 0:
        return np.ones(p_values.shape[0])
    ordered = np.sort(p_values, axis=1)
    tests = ordered.shape[1]
    return np.asarray(np.minimum(1.0, (ordered * tests / np.arange(1, tests + 1)).min(axis=1)), dtype=np.float64)


def adjusted(p_values: Floats) -> Floats:
    """Return the least false-discovery level at which each hypothesis is rejected (Yekutieli & Benjamini, 1999)."""
    tests = len(p_values)
    order = np.argsort(p_values, kind="stable")
    result = np.empty(tests)
    scaled = p_values[order] * tests / np.arange(1, tests + 1)
    result[order] = np.minimum.accumulate(scaled[::-1])[::-1]
    return result


def discoveries(p_values: Floats, level: float) -> NDArray[np.bool_]:
    """Return which hypotheses are rejected at that false-discovery level (Benjamini & Hochberg, 1995)."""
    return np.asarray(adjusted(p_values) <= level, dtype=bool)


def weekday_factors(daily: Floats, weekdays: NDArray[np.int64], *, strength: float = 50.0) -> Floats:
    """Return the weight of each weekday in the watch's volume, mean 1, shape (7,), shrunk to 1 where stories are few.

    Parameters
    ----------
    daily
        Stories of the whole watch a day, shape (days,).
    weekdays
        0 for Monday to 6, shape (days,).
    strength
        Pseudo-stories a weekday that speak for no effect.
    """
    days = np.bincount(weekdays, minlength=7).astype(np.float64)
    stories = np.bincount(weekdays, weights=daily, minlength=7)
    mean = stories.sum() / max(days.sum(), 1.0)
    if mean <= 0:
        return np.ones(7)
    factors = (stories + strength) / (mean * days + strength)
    return np.asarray(factors / factors.mean(), dtype=np.float64)
