"""The verdict on a source: simple, and only against its own past, because no two sources publish alike."""

from __future__ import annotations

from datetime import datetime, timedelta

import pandas as pd

from veille.gather.tables import Verdict

LEAST_PAST = 5
"""Deliveries a source must have made before its volume is judged."""
MOST_PAST = 30
"""Deliveries looked back at."""
FACTOR = 4.0
"""How many times less or more than its median is low or high."""
LEAST_DIFFERENCE = 10
"""Mentions it must differ by, so that small feeds are not judged by their noise."""


def verdict(past: pd.DataFrame, *, received: int, unchanged: int, error: str, defect: bool = False) -> Verdict:
    """Judge what a source gave.

    Parameters
    ----------
    past
        Its rows of SOURCE_HEALTH before this gather.
    received
        Mentions it gave now.
    unchanged
        Its addresses that said that nothing changed.
    error
        What failed; empty where nothing did.
    defect
        Whether it is a mistake of ours that failed.

    Returns
    -------
    Verdict
        `defect` where veille itself failed, `broken` where the source did, `empty` where it gave nothing; `low` and `high`
        where it gave `FACTOR` times less or more than its median and differs by `LEAST_DIFFERENCE` mentions at least. Where
        nothing changed at one of its addresses its volume is not judged: `ok`.
    """
    if defect:
        return Verdict.DEFECT
    if error:
        return Verdict.BROKEN
    if unchanged:
        return Verdict.OK
    if received == 0:
        return Verdict.EMPTY
    failed = past["verdict"].isin([Verdict.BROKEN, Verdict.DEFECT])
    whole = (past["unchanged"].fillna(0) == 0) & ~past["not_modified"].astype(bool) & ~failed
    usual = past.loc[whole].sort_values("at")["received"].tail(MOST_PAST)
    if len(usual) < LEAST_PAST:
        return Verdict.OK
    median = float(usual.median())
    if abs(received - median) < LEAST_DIFFERENCE:
        return Verdict.OK
    if received * FACTOR <= median:
        return Verdict.LOW
    return Verdict.HIGH if received >= median * FACTOR else Verdict.OK


def silent_since(past: pd.DataFrame, as_of: datetime, every: timedelta | None) -> datetime | None:
    """Return when a source last gave something new, if that is longer ago than it is expected to publish; else None.

    Parameters
    ----------
    past
        Its rows of SOURCE_HEALTH before this gather, which brought nothing new.
    as_of
        Start of this gather.
    every
        How often it is expected to publish; None where nothing is expected.
    """
    if every is None or past.empty:
        return None
    fruitful = past.loc[past["new"] > 0, "at"]
    last = fruitful.max() if len(fruitful) else past["at"].min()
    return last.to_pydatetime() if last < pd.Timestamp(as_of) - every else None
