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


def wilson(part: int, whole: int) -> tuple[float, float]:
    """Return the 95 % score interval of a proportion (Wilson 1927), rounded to four decimals; `whole` is at least 1."""
    ratio = part / whole
    centre = ratio + _Z95**2 / (2 * whole)
    spread = _Z95 * np.sqrt(ratio * (1 - ratio) / whole + _Z95**2 / (4 * whole**2))
    scale = 1 + _Z95**2 / whole
    return round(max(0.0, float((centre - spread) / scale)), 4), round(min(1.0, float((centre + spread) / scale)), 4)


def differs(now: Share, before: Share) -> bool:
    """Say whether two shares differ: the 95 % interval of the difference (Newcombe 1998, method 10) leaves out zero."""
    if not now.whole or not before.whole:
        return False
    p1, p0 = now.part / now.whole, before.part / before.whole
    (l1, u1), (l0, u0) = wilson(now.part, now.whole), wilson(before.part, before.whole)
    low = (p1 - p0) - np.hypot(p1 - l1, u0 - p0)
    high = (p1 - p0) + np.hypot(u1 - p1, p0 - l0)
    return bool(low > 0 or high < 0)


def points(now: Share, before: Share) -> float | None:
    """Return the change of a share in points (0 to 100), None where either week has no stories."""
    if not now.whole or not before.whole:
        return None
    return round(100 * (now.part / now.whole - before.part / before.whole), 1)


def change_pct(now: int, before: int | None) -> float | None:
    """Return the change of a count in per cent, None where there was none before."""
    return round(100 * (now - before) / before, 1) if before else None


def story_table(mentions: pd.DataFrame, by: tuple[str, ...] = ()) -> pd.DataFrame:
    """Return one row a story, or a story and each value of `by`.

    A story counts on the day of its first mention, however often it was copied later.

    Parameters
    ----------
    mentions
        Columns `mention_id`, `story_id`, `day`, `weeks_ago` (0 is the week of the bulletin) and `tone`.
    by
        Columns that part the stories, such as `topic_id`.

    Returns
    -------
    pandas.DataFrame
        `story_id`, `day`, `weeks_ago`, `read` (its tone could be read), `negative` (at least half of its read mentions
        are), `mentions`.
    """
    marked = mentions.assign(
        is_read=mentions["tone"].ne(Tone.NOT_READ.value), is_negative=mentions["tone"].eq(Tone.NEGATIVE.value)
    )
    grouped = (
        marked.groupby([*by, "story_id"], sort=True, observed=True)
        .agg(
            day=("day", "min"),
            weeks_ago=("weeks_ago", "max"),
            mentions=("mention_id", "size"),
            reads=("is_read", "sum"),
            negatives=("is_negative", "sum"),
        )
        .reset_index()
    )
    grouped["read"] = grouped["reads"] > 0
    grouped["negative"] = grouped["read"] & (2 * grouped["negatives"] >= grouped["reads"])
    return grouped[[*by, "story_id", "day", "weeks_ago", "read", "negative", "mentions"]]


def count(stories: pd.DataFrame, weeks_ago: int = 0) -> int:
    """Return the stories of one week."""
    return int((stories["weeks_ago"] == weeks_ago).sum())


def negative_share(stories: pd.DataFrame, weeks_ago: int = 0) -> Share:
    """Return the share of negative stories among those whose tone could be read."""
    week = stories[stories["weeks_ago"] == weeks_ago]
    return Share(int(week["negative"].sum()), int(week["read"].sum()))


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
    """Return stories and negative stories a local day, the last `days` days of the period.

    Parameters
    ----------
    stories
        As of `story_table`.
    """
    every = [period.last - timedelta(days=back) for back in range(days - 1, -1, -1)]
    totals = stories.groupby("day").agg(stories=("story_id", "size"), negative=("negative", "sum")).reindex(every, fill_value=0)
    return tuple(
        Day(day=day, stories=int(total), negative=int(negative))
        for day, total, negative in zip(every, totals["stories"], totals["negative"], strict=True)
    )
