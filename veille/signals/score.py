"""The crisogenic score: how much a signal matters, 0 to 100, with every part shown.

A part that is not known makes an interval, never a silent zero: the low end counts it at its least, the high end at
its most.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

PARTS = ("gravity", "responsibility", "velocity", "reach", "loaded_words")
WEIGHTS: Mapping[str, float] = {"gravity": 0.30, "responsibility": 0.25, "velocity": 0.20, "reach": 0.15, "loaded_words": 0.10}


def crisogenic(parts: pd.DataFrame, weights: Mapping[str, float] = WEIGHTS) -> pd.DataFrame:
    """Return the score of each row with its interval.

    Parameters
    ----------
    parts
        Columns `part_gravity`, `part_responsibility`, `part_velocity`, `part_reach`, `part_loaded_words`, each 0..1 or
        missing; one row a signal, columns in any order.
    weights
        Weight of each part; they are brought to the sum 1.

    Returns
    -------
    DataFrame
        Columns `score`, `score_low`, `score_high` (0..100), on the index of `parts`; `score` is the middle of the interval.

    Notes
    -----
    100 · (0.30 gravity + 0.25 responsibility + 0.20 velocity + 0.15 reach + 0.10 loaded words) by default.
    """
    total = sum(weights[name] for name in PARTS)
    if total <= 0 or any(weights[name] < 0 for name in PARTS):
        raise ValueError("the weights of the crisogenic score must not be negative, and one must be above zero")
    shares = np.array([weights[name] / total for name in PARTS])
    values = parts[[f"part_{name}" for name in PARTS]].to_numpy(dtype=np.float64, na_value=np.nan)
    low = 100 * np.clip(np.where(np.isnan(values), 0.0, np.clip(values, 0.0, 1.0)) @ shares, 0.0, 1.0)
    high = 100 * np.clip(np.where(np.isnan(values), 1.0, np.clip(values, 0.0, 1.0)) @ shares, 0.0, 1.0)
    return pd.DataFrame({"score": (low + high) / 2, "score_low": low, "score_high": high}, index=parts.index)


def velocity(p_value: pd.Series, *, full_surprise: float = 1e-8) -> pd.Series:
    """Return how fast it grows against habit, 0..1: the surprise in decades, 1 at `full_surprise`."""
    surprise = np.log10(1 / p_value.astype(float).clip(1e-300, 1.0))
    return pd.Series(surprise / -np.log10(full_surprise)).clip(0.0, 1.0)


def reach(
    publishers: pd.Series,
    national: pd.Series,
    audience: pd.Series,
    *,
    pickup_publishers: int = 3,
    full_publishers: int = 8,
    full_audience: float = 1e6,
) -> pd.Series:
    """Return how far it is carried, 0..1, missing where neither publishers nor an audience are known.

    Parameters
    ----------
    publishers, national
        Distinct press titles that carry it, and how many of them have national reach.
    audience
        People who may have seen it (views, followers, counters); missing where no source tells.
    pickup_publishers
        Titles that one of national reach counts for.
    full_publishers, full_audience
        Where each is as far as it goes; both grow by their logarithm.
    """
    titles = publishers.astype(float) + (pickup_publishers - 1) * national.astype(float)
    carried = (np.log2(1 + titles) / np.log2(1 + full_publishers)).clip(0.0, 1.0).where(publishers > 0)
    heard = (np.log10(1 + audience.astype(float)) / np.log10(1 + full_audience)).clip(0.0, 1.0)
    return pd.Series(pd.concat([carried, heard], axis=1).max(axis=1, skipna=True))
