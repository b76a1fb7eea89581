"""Whether a probability word may be said: will this grow in the next 7 days? Learned on one part of time, measured on another.

A tail probability is not a probability of growth. `growth.learn` makes one from what came on some days; here it is
measured on others, word by word: how often it was said, and how often it came true. A word is only said where that holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

import numpy as np
import pandas as pd

from veille.replay.growth import HORIZON_DAYS, Growth, learn
from veille.replay.result import Relived

WORDS = (0.0, 0.05, 0.2, 0.45, 0.55, 0.8, 0.95, 1.0)
"""Borders of the probability words, least probable first."""
LEAST_TOPICS = 20
"""Topics below which a frequency is not told: days of one topic say nearly the same."""
LEAST_STORIES = 3
"""Stories of the last 7 days from which growth is asked of something."""
_NEAR = 0.1
_Z95 = 1.959963984540054
_KEY = ["subject", "topic_id"]


def outcomes(activity: pd.DataFrame, last: date) -> pd.DataFrame:
    """Return for each day and topic of stories enough whether more were told of it in the next 7 days than in the last.

    Parameters
    ----------
    activity
        Rows of ACTIVITY.
    last
        Last local day that was looked at: what has no outcome by then is left out.

    Returns
    -------
    pandas.DataFrame
        `day`, `subject`, `topic_id`, `unit` (what counts as one: the topic), `stories_7d`, `stories_3d`, `next_7d`, `grew`.
        Whole subjects are left out: they go on as topics do not.
    """
    spoken = activity[["day", *_KEY, "stories_7d", "stories_3d"]].astype({"stories_7d": "int64", "stories_3d": "int64"})
    now = spoken.loc[(spoken["stories_7d"] >= LEAST_STORIES) & (spoken["topic_id"] != "")]
    ahead = pd.to_datetime(now["day"]) + pd.Timedelta(days=HORIZON_DAYS)
    seen = (ahead <= pd.Timestamp(last)).to_numpy()
    now = now.assign(ahead=ahead.dt.strftime("%Y-%m-%d")).loc[seen]
    later = spoken[["day", *_KEY, "stories_7d"]].rename(columns={"day": "ahead", "stories_7d": "next_7d"})
    rows = now.merge(later, on=["ahead", *_KEY], how="left")
    rows["next_7d"] = rows["next_7d"].fillna(0).astype("int64")
    rows["grew"] = rows["next_7d"] > rows["stories_7d"]
    rows["unit"] = rows["topic_id"]
    kept = ["day", *_KEY, "unit", "stories_7d", "stories_3d", "next_7d", "grew"]
    return rows[kept].sort_values(["day", *_KEY], ignore_index=True)


def outlook(found: Relived, *, signals: bool = False) -> pd.DataFrame:
    """Return the outcomes of a replay, of everything that was spoken of, or of what signals are about only."""
    rows = outcomes(found.activity, found.period.last)
    if not signals:
        return rows
    local = (found.signals["cutoff"] - pd.Timedelta(microseconds=1)).dt.tz_convert(found.watch.timezone)
    about = found.signals.assign(day=local.dt.strftime("%Y-%m-%d")).dropna(subset=["topic_id"])
    return rows.merge(about[["day", *_KEY]].drop_duplicates(), on=["day", *_KEY]).reset_index(drop=True)


def parted(rows: pd.DataFrame, split: date) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the outcomes to learn from, all known before a day, and those to measure on, from that day on."""
    day = pd.to_datetime(rows["day"])
    # The outcomes of the week before lie in the part that measures: it teaches nothing.
    return rows.loc[day + pd.Timedelta(days=HORIZON_DAYS) < pd.Timestamp(split)], rows.loc[day >= pd.Timestamp(split)]


def interval(came: pd.Series, unit: pd.Series) -> tuple[float, float]:
    """Return the 95 % interval of a frequency whose cases hang together by unit.

    Notes
    -----
    The score interval (Wilson 1927) of as many independent cases as the spread between units is worth (Korn and Graubard
    1998), at most all cases; where all came out alike, of as many as there are units.
    """
    cases, units = len(came), unit.nunique()
    share = float(came.mean())
    off = (came.astype("float64") - share).groupby(unit.to_numpy()).sum()
    spread = float((off**2).sum()) / cases**2 * units / max(1, units - 1)
    worth = min(float(cases), share * (1 - share) / spread) if spread > 0 else float(units)
    centre = share + _Z95**2 / (2 * worth)
    half = _Z95 * np.sqrt(share * (1 - share) / worth + _Z95**2 / (4 * worth**2))
    scale = 1 + _Z95**2 / worth
    return max(0.0, float((centre - half) / scale)), min(1.0, float((centre + half) / scale))


def measure(growth: Growth, rows: pd.DataFrame) -> pd.DataFrame:
    """Return how often each word would have been said of some outcomes, and how often it came true.

    Parameters
    ----------
    growth
        What was learned on other days.
    rows
        Outcomes.

    Returns
    -------
    pandas.DataFrame
        A row a word: `low`, `high` (its range), `predicted_ratio`, `observed_ratio`, `observed_low`, `observed_high` (95 %,
        missing where it was never said), `rows`, `topics`, `holds`: topics enough, the observed frequency within the range,
        and its interval at most ten points outside of it.
    """
    told = growth.probability(rows["stories_7d"], rows["stories_3d"])
    # A probability at a border has the lower word, as where words are printed.
    place = np.clip(np.searchsorted(np.asarray(WORDS), told, side="left") - 1, 0, len(WORDS) - 2)
    table = []
    for number, (low, high) in enumerate(pairwise(WORDS)):
        mine = rows.loc[place == number]
        topics = int(mine["unit"].nunique())
        observed = float(mine["grew"].mean()) if len(mine) else np.nan
        ends = interval(mine["grew"], mine["unit"]) if len(mine) else (np.nan, np.nan)
        near = low <= observed <= high and low - _NEAR <= ends[0] and ends[1] <= high + _NEAR
        table.append(
            {
                "low": low,
                "high": high,
                "predicted_ratio": float(told[place == number].mean()) if len(mine) else np.nan,
                "observed_ratio": observed,
                "observed_low": ends[0],
                "observed_high": ends[1],
                "rows": len(mine),
                "topics": topics,
                "holds": topics >= LEAST_TOPICS and near,
            }
        )
    return pd.DataFrame(table)


def reliability(rows: pd.DataFrame, split: date) -> pd.DataFrame:
    """Learn on what was known before a day, measure from that day on: see `measure`; without cases where nothing was known."""
    learnt, measured = parted(rows, split)
    if learnt.empty:
        return measure(Growth(0.0, 0.0, 0.0, 1.0), measured.head(0))
    return measure(learn(learnt), measured)


def supported(rows: pd.DataFrame, topics: int = LEAST_TOPICS) -> int:
    """Return the largest number of stories in 7 days that as many topics reached: beyond it nothing was measured."""
    most = rows.groupby("unit")["stories_7d"].max().sort_values(ascending=False)
    return int(most.iloc[topics - 1]) if len(most) >= topics else 0


def pooled(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return outcomes of several sets as one, their units kept apart."""
    named = [part.assign(unit=f"{number} " + part["unit"]) for number, part in enumerate(parts)]
    return pd.concat(named, ignore_index=True)
