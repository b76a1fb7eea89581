"""Whether a probability word may be said: "will this grow in the next 7 days?", answered by the past.

A tail probability is not a probability of growth. This one is learned: on one part of the days re-lived it is counted how
often topics of a signal grew, by how much of what was said of them lately was said in the last three days; on the days after,
it is measured whether it holds. The learned function never falls (isotonic regression, Barlow et al. 1972), because it is
read as an order of words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from veille.replay.result import Relived

HORIZON_DAYS = 7
LEAST_SIGNALS = 20
"""Distinct signals below which a frequency is not told: days of one signal say nearly the same."""
_LEAST_STORIES = 3
_KEY = ["subject", "topic_id"]


def outlook(found: Relived, *, every_topic: bool = False) -> pd.DataFrame:
    """Return for each signal and day whether its topic grew: stories of the next 7 days above those of the last 7.

    Parameters
    ----------
    found
        A replay.
    every_topic
        Not signals only, which are few: each subject and topic of at least three stories in the last 7 days; `signal_id`
        then names subject and topic, and `level` is 0.

    Returns
    -------
    pandas.DataFrame
        `day`, `signal_id`, `subject`, `topic_id`, `level`, `stories_7d`, `momentum_ratio` (share of those stories that is of
        the last 3 days, 0 to 1), `next_7d`, `grew`. Days whose next 7 were not all re-lived are left out, and signals
        of which nothing was said in the last 7.
    """
    spoken = found.activity
    if every_topic:
        now = spoken.loc[spoken["stories_7d"] >= _LEAST_STORIES]
        now = now.assign(signal_id=now["subject"] + "/" + now["topic_id"], level=0)
    else:
        signals = found.signals[["cutoff", "signal_id", *_KEY, "level"]]
        now = signals.assign(topic_id=signals["topic_id"].fillna("")).merge(spoken, on=["cutoff", *_KEY])
    later = spoken[["day", *_KEY, "stories_7d"]].rename(columns={"stories_7d": "next_7d"})
    ahead = pd.to_datetime(now["day"]) + pd.Timedelta(days=HORIZON_DAYS)
    seen = (ahead <= pd.Timestamp(found.period.last)).to_numpy()
    now = now.assign(ahead=ahead.dt.strftime("%Y-%m-%d")).loc[seen]
    rows = now.merge(later, left_on=["ahead", *_KEY], right_on=["day", *_KEY], how="left", suffixes=("", "_ahead"))
    rows["next_7d"] = rows["next_7d"].fillna(0).astype("int64")
    rows["stories_7d"] = rows["stories_7d"].astype("int64")
    rows["momentum_ratio"] = rows["stories_3d"].astype("float64") / rows["stories_7d"]
    rows["grew"] = rows["next_7d"] > rows["stories_7d"]
    kept = ["day", "signal_id", *_KEY, "level", "stories_7d", "momentum_ratio", "next_7d", "grew"]
    return rows[kept].sort_values(["day", "signal_id"], ignore_index=True)


@dataclass(frozen=True)
class Calibration:
    """A function that never falls, from momentum to the probability of growth.

    Parameters
    ----------
    low
        Least momentum of each step, ascending, shape (steps,).
    probability
        Observed frequency of growth in each step, ascending, shape (steps,).
    signals
        Distinct signals of each step, shape (steps,).
    """

    low: NDArray[np.float64]
    probability: NDArray[np.float64]
    signals: NDArray[np.int64]

    def of(self, momentum_ratio: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the probability of each, shape of the input; NaN where it is not quantifiable."""
        if not len(self.low):
            return np.full(np.shape(momentum_ratio), np.nan)
        step = np.clip(np.searchsorted(self.low, momentum_ratio, side="right") - 1, 0, None)
        return np.where(self.signals[step] >= LEAST_SIGNALS, self.probability[step], np.nan)


def calibrate(rows: pd.DataFrame) -> Calibration:
    """Fit the probability of growth to rows of `outlook`."""
    if rows.empty:
        return Calibration(np.empty(0), np.empty(0), np.empty(0, dtype=np.int64))
    from sklearn.isotonic import IsotonicRegression

    momentum = rows["momentum_ratio"].to_numpy(dtype=np.float64)
    fitted = IsotonicRegression(y_min=0.0, y_max=1.0).fit_transform(momentum, rows["grew"].to_numpy(dtype=np.float64))
    steps = pd.DataFrame({"momentum": momentum, "p": np.round(fitted, 6), "signal_id": rows["signal_id"].to_numpy()})
    grouped = steps.groupby("p").agg(low=("momentum", "min"), signals=("signal_id", "nunique")).reset_index()
    return Calibration(
        grouped["low"].to_numpy(dtype=np.float64),
        grouped["p"].to_numpy(dtype=np.float64),
        grouped["signals"].to_numpy(dtype=np.int64),
    )


def reliability(
    rows: pd.DataFrame, split: date, edges: Sequence[float] = (0.0, 0.05, 0.2, 0.45, 0.55, 0.8, 0.95, 1.0)
) -> pd.DataFrame:
    """Learn on the days whose horizon ends before a day, measure from that day on.

    Parameters
    ----------
    rows
        Result of `outlook`.
    split
        First day of the measuring part; the week before teaches nothing, for its outcome lies in that part.
    edges
        Borders of the bins, those of the probability words.

    Returns
    -------
    pandas.DataFrame
        `low`, `high` (the bin), `predicted_ratio` and `observed_ratio` (missing where nothing fell into it), `rows`, `signals`,
        `quantifiable` (signals enough); the last row, without borders, is what could not be quantified.
    """
    day = pd.to_datetime(rows["day"])
    learnt = rows.loc[day + pd.Timedelta(days=HORIZON_DAYS) < pd.Timestamp(split)]
    measured = rows.loc[day >= pd.Timestamp(split)]
    told = calibrate(learnt).of(measured["momentum_ratio"].to_numpy(dtype=np.float64))
    # The first bin holds both its ends.
    place = np.where(np.isnan(told), -1, np.clip(np.searchsorted(np.asarray(edges), told, side="left") - 1, 0, len(edges) - 2))
    frame = measured.assign(told=told, place=place)
    table = []
    for number in [*range(len(edges) - 1), -1]:
        mine = frame.loc[frame["place"] == number]
        signals = int(mine["signal_id"].nunique())
        table.append(
            {
                "low": edges[number] if number >= 0 else np.nan,
                "high": edges[number + 1] if number >= 0 else np.nan,
                "predicted_ratio": float(mine["told"].mean()) if number >= 0 and len(mine) else np.nan,
                "observed_ratio": float(mine["grew"].mean()) if len(mine) else np.nan,
                "rows": len(mine),
                "signals": signals,
                "quantifiable": number >= 0 and signals >= LEAST_SIGNALS,
            }
        )
    return pd.DataFrame(table)
