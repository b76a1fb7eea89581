"""Counting: the unit is the story, and a story counts on the day of its first visible mention.

Near-duplicates, reposts and wire copies are one story, so that a dispatch taken up forty times is one fact, carried far.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from veille.reading import Tone

WHOLE = ""
"""Topic id that stands for the whole subject."""

GRAVE = 0.6
"""Gravity from which a story counts as grave."""

SEVERE = 0.8
"""Gravity from which a story alleges a danger to persons or to their health, in plain words."""

SURE_NEGATIVE = 0.9
"""Probability from which a press text counts as negative: tone is learnt from posts, and reads plain news as ill news."""

MEASURES = ("bad_stories", "loaded_stories", "grave_stories")
"""What is tested for change for the worse; `stories` is tested for any surge."""

PRESS_KINDS = ("article", "transcript")


def subject_mentions(
    mentions: pd.DataFrame,
    readings: pd.DataFrame,
    assignments: pd.DataFrame,
    cues: pd.DataFrame,
    timezone: str,
    toned: Callable[[pd.DataFrame], pd.DataFrame] | None = None,
) -> pd.DataFrame:
    """Return one row a visible mention and subject, with what was read in it.

    Parameters
    ----------
    mentions
        Visible mentions that carry at least one subject.
    readings, assignments
        Rows of READINGS, and of ASSIGNMENTS at this cut-off; a mention without reading is its own story, without tone.
    cues
        `read_cues` of the mentions, on their index.
    timezone
        IANA zone in which a day begins.
    toned
        Puts the tone towards the subject in the place of that of the whole mention, as `veille.reading.towards.toned` does.

    Returns
    -------
    DataFrame
        Columns of the mention that detection needs, `subject`, `topic_id` (`""` where none), `story_id`, `day` (naive
        local midnight), `press`, `p_negative`, `tone`, the cues, `grave` (0 or 1), `bad` (0 or 1,
        missing where the tone was not read and no cue tells).
    """
    kept = [
        "mention_id",
        "source",
        "publisher",
        "author",
        "author_followers",
        "published_at",
        "kind",
        "title",
        "text",
        "views",
        "shares",
        "likes",
    ]
    frame = mentions[[*kept, "subjects"]].join(cues)
    frame = frame.merge(readings[["mention_id", "story_id", "tone", "p_negative", "text_hash"]], on="mention_id", how="left")
    frame = frame.merge(assignments[["mention_id", "topic_id", "similarity"]], on="mention_id", how="left")
    frame = frame.explode("subjects").rename(columns={"subjects": "subject"})
    frame = frame.loc[frame["subject"].notna()].reset_index(drop=True)
    frame = toned(frame) if toned else frame
    frame["story_id"] = frame["story_id"].fillna(frame["mention_id"])
    frame["topic_id"] = frame["topic_id"].fillna(WHOLE)
    frame["press"] = frame["kind"].isin(PRESS_KINDS)
    frame["day"] = frame["published_at"].dt.tz_convert(timezone).dt.tz_localize(None).dt.normalize()
    sure = frame["p_negative"].astype(float) >= SURE_NEGATIVE
    # A tone that was not read is missing, not zero: what nobody could judge is in no denominator.
    read = frame["tone"].notna() & (frame["tone"] != Tone.NOT_READ.value)
    negative = ((frame["tone"] == Tone.NEGATIVE.value) & (sure | ~frame["press"])).astype(float)
    frame["negative"] = negative.where(read)
    frame["grave"] = (frame["gravity"].fillna(0.0) >= GRAVE).astype(float)
    bad = frame[["negative", "loaded", "grave"]].fillna(0.0).max(axis=1)
    frame["bad"] = bad.where(read | (bad > 0))
    return frame.sort_values(["published_at", "mention_id"], kind="stable", ignore_index=True)


def stories(frame: pd.DataFrame) -> pd.DataFrame:
    """Return one row a subject and story: its first mention's day, topic and source, and what most of its mentions say.

    `judged` is 1 where one of its mentions at least could be told bad or not.

    Parameters
    ----------
    frame
        Result of `subject_mentions`, in order of publication, with `reported` (see `veille.signals.reports`).
    """
    grouped = frame.groupby(["subject", "story_id"], sort=False)
    result = grouped.agg(
        day=("day", "first"),
        published_at=("published_at", "first"),
        topic_id=("topic_id", "first"),
        source=("source", "first"),
        mention_id=("mention_id", "first"),
        negative=("negative", "mean"),
        loaded=("loaded", "mean"),
        bad=("bad", "mean"),
        judged=("bad", "count"),
        gravity=("gravity", "max"),
        reported=("reported", "max"),
        mentions=("mention_id", "size"),
    ).reset_index()
    gravest = frame.sort_values("gravity", ascending=False, kind="stable").drop_duplicates(["subject", "story_id"])
    result = result.merge(gravest[["subject", "story_id", "gravity_category"]], on=["subject", "story_id"], how="left")
    result["judged"] = (result["judged"] > 0).astype(float)
    for flag in ("negative", "loaded", "bad"):
        result[flag] = (result[flag].fillna(0.0) >= 0.5).astype(float)
    result["grave"] = (result["gravity"].fillna(0.0) >= GRAVE).astype(float)
    result["severe"] = (result["gravity"].fillna(0.0) >= SEVERE).astype(float)
    return result


def daily(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the daily table: subject × topic × day with its counts of stories and its voices.

    Stories are counted in all, and as negative, loaded, grave, severe, reported, bad and judged, on their first day;
    publishers and authors on each. The rows of topic `""` are those of the whole subject.
    """
    first = stories(frame)
    columns = {
        f"{flag}_stories": (flag, "sum") for flag in ("negative", "loaded", "grave", "severe", "reported", "bad", "judged")
    }
    keys = ["subject", "topic_id", "day"]
    parts = []
    for whole in (True, False):
        part = first.assign(topic_id=WHOLE) if whole else first.loc[first["topic_id"] != WHOLE]
        counted = part.groupby(keys).agg(stories=("story_id", "size"), **columns)
        told = frame.assign(topic_id=WHOLE) if whole else frame.loc[frame["topic_id"] != WHOLE]
        carried = told.groupby(keys).agg(publishers=("publisher", "nunique"), authors=("author", "nunique"))
        parts.append(counted.join(carried, how="outer"))
    table = pd.concat(parts).fillna(0).astype(int).reset_index()
    return table.sort_values(keys, kind="stable", ignore_index=True)


@dataclass(frozen=True)
class Grid:
    """The daily table as arrays: one row a unit, one column a day without holes.

    Parameters
    ----------
    units
        `subject`, `topic_id`; shape (units, 2).
    days
        Local days, first to last.
    counts
        By measure (`stories`, `bad_stories`…), shape (units, days).
    """

    units: pd.DataFrame
    days: pd.DatetimeIndex
    counts: dict[str, NDArray[np.float64]]

    def window(self, measure: str, last: int, length: int) -> NDArray[np.float64]:
        """Sum of the `length` days that end on column `last`, shape (units,); days before the first count nothing."""
        first = max(0, last - length + 1)
        return np.asarray(self.counts[measure][:, first : last + 1].sum(axis=1), dtype=np.float64)

    def between(self, measure: str, units: NDArray[Any], start: NDArray[Any], end: NDArray[Any]) -> NDArray[np.float64]:
        """Sum of the days from column `start` to before `end`, each of shape (n,), of the unit in row `units`."""
        cumulated = np.pad(np.cumsum(self.counts[measure], axis=1), ((0, 0), (1, 0)))
        return np.asarray(cumulated[units, end] - cumulated[units, start], dtype=np.float64)


def grid(table: pd.DataFrame, subjects: list[str], first: pd.Timestamp, last: pd.Timestamp) -> Grid:
    """Lay the daily table out on all days from first to last; every subject has a row, quiet ones too."""
    days = pd.date_range(first, last, freq="D")
    inside = table.loc[(table["day"] >= first) & (table["day"] <= last)]
    wholes = pd.DataFrame({"subject": subjects, "topic_id": WHOLE})
    topics = inside.loc[inside["topic_id"] != WHOLE, ["subject", "topic_id"]].drop_duplicates()
    units = pd.concat([wholes, topics]).drop_duplicates().reset_index(drop=True)
    index = pd.MultiIndex.from_frame(units)
    rows = index.get_indexer(pd.MultiIndex.from_frame(inside[["subject", "topic_id"]]))
    columns = days.get_indexer(pd.DatetimeIndex(inside["day"]))
    known = rows >= 0
    arrays = {}
    for measure in ("stories", "negative_stories", "severe_stories", "reported_stories", "judged_stories", *MEASURES):
        array = np.zeros((len(units), len(days)))
        np.add.at(array, (rows[known], columns[known]), inside[measure].to_numpy(dtype=np.float64)[known])
        arrays[measure] = array
    return Grid(units, days, arrays)
