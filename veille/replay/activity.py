"""How much was said of each subject and topic, day by day: what a replay counts beside what production writes.

It lives in the replay's own memory, never in the watch's store.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd

from veille.contract import Column, Kind, Table
from veille.period import Period
from veille.reading.relevance import remaining, set_aside
from veille.reading.tables import READINGS
from veille.store import Store
from veille.topics.tables import ASSIGNMENTS
from veille.watch import Watch

_STORY_DAYS = 14

ACTIVITY = Table(
    name="activity",
    doc="One row a day, subject and topic of which something was said in its last seven days, topics as they stood that day.",
    key=("cutoff", "subject", "topic_id"),
    columns=(
        Column("cutoff", Kind.TIME, "End of the day"),
        Column("day", Kind.TEXT, "The local day, ISO 8601"),
        Column("subject", Kind.TEXT, "Id of the subject"),
        Column("topic_id", Kind.TEXT, "The topic; the empty text where it is the whole subject"),
        Column("stories_7d", Kind.INTEGER, "Stories whose first mention is of the last seven days", low=0),
        Column("stories_3d", Kind.INTEGER, "Of those, of the last three days", low=0),
    ),
)


def spoken(mentions: pd.DataFrame, end: datetime, timezone: str) -> pd.DataFrame:
    """Count the stories of each subject and topic in the last days before a moment.

    Parameters
    ----------
    mentions
        `mention_id`, `published_at`, `subjects`, `story_id`, and `topic_id`, missing where a mention has none; those of the
        last three weeks at least, so that a story which began earlier is not counted again.
    end
        The moment; days are counted back from it by the clock of the zone.
    timezone
        IANA name of the zone.

    Returns
    -------
    pandas.DataFrame
        `subject`, `topic_id` (the empty text for the whole subject), `stories_7d`, `stories_3d`.
    """
    local = end.astimezone(ZoneInfo(timezone))
    since, recent = (pd.Timestamp((local - timedelta(days=days)).astimezone(UTC)) for days in (7, 3))
    # A story that began before the week is not counted again: its members are at most two weeks apart.
    late = mentions.loc[mentions["published_at"] >= since - pd.Timedelta(days=_STORY_DAYS)]
    told = late.explode("subjects").rename(columns={"subjects": "subject"}).dropna(subset=["subject"])
    first = told.sort_values(["published_at", "mention_id"]).drop_duplicates(["subject", "story_id"])
    first = first.loc[first["published_at"] >= since]
    counted = pd.concat([first.assign(topic_id=""), first.dropna(subset=["topic_id"])])
    counted = counted.assign(fresh=counted["published_at"] >= recent)
    return counted.groupby(["subject", "topic_id"])["fresh"].agg(stories_7d="size", stories_3d="sum").reset_index()


def activity(watch: Watch, store: Store, day: date) -> pd.DataFrame:
    """Return how many stories each subject and topic had in the last days, as topics stood at the end of a day.

    Returns
    -------
    pandas.DataFrame
        Rows of ACTIVITY.
    """
    period = Period(day, day, watch.timezone)
    end = period.end
    mentions = store.mentions(end, period, ["mention_id", "published_at", "subjects"])
    mentions = mentions.loc[mentions["published_at"] >= pd.Timestamp(end) - pd.Timedelta(days=_STORY_DAYS + 8)]
    mentions = mentions.reset_index(drop=True)
    mentions = remaining(mentions, set_aside(store, end, mentions))
    stories = store.load(READINGS, ["mention_id", "story_id"])
    of_topic = store.load(ASSIGNMENTS, ["mention_id", "cutoff", "topic_id"], [("cutoff", "==", pd.Timestamp(end))])
    told = mentions.merge(stories, on="mention_id").merge(of_topic.drop(columns="cutoff"), on="mention_id", how="left")
    sizes = spoken(told, end, watch.timezone)
    return ACTIVITY.check(sizes.assign(cutoff=pd.Timestamp(end), day=day.isoformat()))
