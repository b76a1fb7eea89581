"""Counts and shares with their intervals: the only place where the bulletin computes a figure.

Everything counts stories, and a story counts once, on the day of its first mention, however often it was copied.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pandas as pd

from veille.bulletin.types import Day
from veille.period import Period
from veille.reading import prevalence
from veille.reading.tables import Tone

WEEKS = 12
_Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Share:
    """A share of stories with its 95 % interval.

    Parameters
    ----------
    part, whole
        Stories that count, and all those that could.
    """

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """Part by whole, 0 to 1; None without stories."""
        return round(self.part / self.whole, 4) if self.whole else None

    @property
    def low(self) -> float | None:
        """Lower end of the interval."""
        return wilson(self.part, self.whole)[0] if self.whole else None

    @property
    def high(self) -> float | None:
        """Upper end of the interval."""
        return wilson(self.part, self.whole)[1] if self.whole else None


@dataclass(frozen=True, slots=True)
class NegativeShare:
    """The share of negative stories among those whose tone was read, corrected for the measured error of the reading.

    Parameters
    ----------
    part, whole
        Stories that were called negative, as read, and all whose tone was read.
    value, low, high
        The corrected share and its 95 % interval, 0 to 1; None without stories.
    uncorrected
        Those of `whole` that are counted as read, for the error of their reading is not known.
    """

    part: int
    whole: int
    value: float | None
    low: float | None
    high: float | None
    uncorrected: int = 0


def wilson(part: int, whole: int) -> tuple[float, float]:
    """Return the 95 % score interval of a proportion (Wilson 1927), rounded to four decimals; `whole` is at least 1."""
    ratio = part / whole
    centre = ratio + _Z95**2 / (2 * whole)
    spread = _Z95 * np.sqrt(ratio * (1 - ratio) / whole + _Z95**2 / (4 * whole**2))
    scale = 1 + _Z95**2 / whole
    return round(max(0.0, float((centre - spread) / scale)), 4), round(min(1.0, float((centre + spread) / scale)), 4)


def differs(now: Share | NegativeShare, before: Share | NegativeShare) -> bool:
    """Say whether two shares differ: the 95 % interval of the difference leaves out zero.

    Notes
    -----
    The interval is made of those of both shares (Newcombe 1998, method 10; Zou and Donner 2008 for any pair of intervals).
    Two weeks read by one model err alike, so that for corrected shares it is too wide rather than too narrow.
    """
    if now.value is None or now.low is None or now.high is None:
        return False
    if before.value is None or before.low is None or before.high is None:
        return False
    change = now.value - before.value
    low = change - np.hypot(now.value - now.low, before.high - before.value)
    high = change + np.hypot(now.high - now.value, before.value - before.low)
    return bool(low > 0 or high < 0)


def points(now: Share | NegativeShare, before: Share | NegativeShare) -> float | None:
    """Return the change of a share in points (0 to 100), None where either week has no stories."""
    if now.value is None or before.value is None:
        return None
    return round(100 * (now.value - before.value), 1)


def change_pct(now: int, before: int | None) -> float | None:
    """Return the change of a count in per cent, None where there was none before."""
    return round(100 * (now - before) / before, 1) if before else None


def story_table(mentions: pd.DataFrame, by: tuple[str, ...] = ()) -> pd.DataFrame:
    """Return one row a story, or a story and each value of `by`.

    A story counts on the day of its first mention, however often it was copied later.

    Parameters
    ----------
    mentions
        Columns `mention_id`, `story_id`, `day`, `weeks_ago` (0 is the week of the bulletin), `tone`, `p_negative`,
        `language` and `kind`, in the order of publication; where it is known, `measured` (whether the error of the model is).
    by
        Columns that part the stories, such as `topic_id`.

    Returns
    -------
    pandas.DataFrame
        `story_id`, `day`, `weeks_ago`, `read` (its tone could be read), `negative` (at least half of its read mentions
        are), `mentions`, `p_negative` (mean of its read mentions), `language` and `kind` (of the first of them), missing
        where none was read; `measured` (of all of them) where it was given.
    """
    is_read = mentions["tone"].ne(Tone.NOT_READ.value)
    marked = mentions.assign(
        is_read=is_read,
        is_negative=mentions["tone"].eq(Tone.NEGATIVE.value),
        read_score=mentions["p_negative"].astype("float64").where(is_read),
        read_language=mentions["language"].where(is_read),
        read_kind=mentions["kind"].where(is_read),
    )
    told = {}
    if "measured" in mentions:
        marked["read_measured"] = mentions["measured"] | ~is_read
        told = {"measured": ("read_measured", "all")}
    grouped = (
        marked.groupby([*by, "story_id"], sort=True, observed=True)
        .agg(
            day=("day", "min"),
            weeks_ago=("weeks_ago", "max"),
            mentions=("mention_id", "size"),
            reads=("is_read", "sum"),
            negatives=("is_negative", "sum"),
            p_negative=("read_score", "mean"),
            language=("read_language", "first"),
            kind=("read_kind", "first"),
            **told,
        )
        .reset_index()
    )
    grouped["read"] = grouped["reads"] > 0
    grouped["negative"] = grouped["read"] & (2 * grouped["negatives"] >= grouped["reads"])
    kept = ["story_id", "day", "weeks_ago", "read", "negative", "mentions", "p_negative", "language", "kind"]
    return grouped[[*by, *kept, *told]]


def count(stories: pd.DataFrame, weeks_ago: int = 0) -> int:
    """Return the stories of one week."""
    return int((stories["weeks_ago"] == weeks_ago).sum())


def negative_share(stories: pd.DataFrame, weeks_ago: int = 0) -> NegativeShare:
    """Return the share of negative stories among those whose tone could be read, corrected for the error of the reading."""
    week = stories[(stories["weeks_ago"] == weeks_ago) & stories["read"]]
    found = prevalence.negative_share(week)
    return NegativeShare(int(week["negative"].sum()), found.read, found.share, found.low, found.high, found.uncorrected)


def history(stories: pd.DataFrame, known_weeks: int, column: str | None = None) -> tuple[float | None, ...]:
    """Return the twelve weekly counts, oldest first; None for weeks before the watch has mentions.

    Parameters
    ----------
    stories
        As of `story_table`.
    known_weeks
        Weeks, this one included, of which the watch has mentions.
    column
        A flag that a story must have to count; None counts all.
    """
    chosen = stories[stories[column]] if column else stories
    counts = chosen["weeks_ago"].value_counts()
    return tuple(float(counts.get(weeks_ago, 0)) if weeks_ago < known_weeks else None for weeks_ago in range(WEEKS - 1, -1, -1))


def daily(stories: pd.DataFrame, period: Period, days: int = 28) -> tuple[Day, ...]:
    """Return stories, negative stories and stories that were read a local day, the last `days` days of the period.

    Parameters
    ----------
    stories
        As of `story_table`.
    """
    every = [period.last - timedelta(days=back) for back in range(days - 1, -1, -1)]
    counted = stories.groupby("day").agg(stories=("story_id", "size"), negative=("negative", "sum"), read=("read", "sum"))
    totals = counted.reindex(every, fill_value=0).astype("int64")
    return tuple(
        Day(day=day, stories=total, negative=negative, read=read)
        for day, (total, negative, read) in zip(every, totals.to_numpy().tolist(), strict=True)
    )
