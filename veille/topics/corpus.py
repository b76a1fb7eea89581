"""What an update looks at: the mentions of the window, and one row for each of their stories."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from veille.period import Period, published_before
from veille.reading import version as reading_version
from veille.reading.relevance import remaining, set_aside
from veille.reading.tables import READINGS
from veille.store import Store
from veille.topics.cluster import Labels
from veille.topics.settings import TopicSettings
from veille.watch import Watch

_MENTION_COLUMNS = ["mention_id", "source", "publisher", "author", "published_at", "title", "text", "subjects"]


@dataclass(frozen=True)
class Corpus:
    """The window of one update.

    Parameters
    ----------
    cutoff
        Publications before this instant are in it.
    mentions
        One row a mention with at least one subject and a reading: `mention_id`, `story_id`, `text_hash`, `published_at`,
        `publisher`, `author`, `title`, `text`, `story` (position in `stories`).
    stories
        One row a story, in order of publication: the columns of its first mention in the window.
    unread
        Mentions left out because the reading room has not read them.
    """

    cutoff: pd.Timestamp
    mentions: pd.DataFrame
    stories: pd.DataFrame
    unread: int = 0

    @property
    def story_of_mention(self) -> Labels:
        """Position of each mention's story."""
        return self.mentions["story"].to_numpy(dtype=np.int64)

    @property
    def fingerprint(self) -> str:
        """Hash of the mentions, their stories and their texts."""
        rows = self.mentions.sort_values("mention_id")[["mention_id", "story_id", "text_hash"]]
        lines = rows["mention_id"] + " " + rows["story_id"] + " " + rows["text_hash"]
        return hashlib.sha256("\n".join(lines).encode("utf-8", "replace")).hexdigest()


def corpus(cutoff: datetime, mentions: pd.DataFrame, readings: pd.DataFrame) -> Corpus:
    """Join mentions with their readings and collapse them to stories.

    Parameters
    ----------
    cutoff
        Publications before this instant are in it.
    mentions
        One row a mention of the window.
    readings
        `mention_id`, `text_hash`, `story_id`; a mention without reading is left out and counted.
    """
    read = readings[["mention_id", "text_hash", "story_id"]]
    joined = mentions.merge(read, on="mention_id", how="inner", validate="one_to_one")
    joined = joined.sort_values(["published_at", "mention_id"], kind="stable", ignore_index=True)
    stories = joined.drop_duplicates("story_id").reset_index(drop=True)
    position = pd.Series(np.arange(len(stories)), index=stories["story_id"])
    joined["story"] = joined["story_id"].map(position).astype("int64")
    return Corpus(pd.Timestamp(cutoff), joined, stories, unread=len(mentions) - len(joined))


def load(watch: Watch, store: Store, as_of: datetime, period: Period | None, settings: TopicSettings) -> Corpus:
    """Return the visible mentions of the rolling window that match a subject, with what the present models read in them."""
    cutoff = pd.Timestamp(published_before(as_of, period))
    mentions = store.mentions(as_of, period, _MENTION_COLUMNS)
    recent = mentions["published_at"] >= cutoff - pd.Timedelta(days=settings.window_days)
    mentions = mentions.loc[recent & (mentions["subjects"].str.len() > 0)].reset_index(drop=True)
    # What people talk about is the public's: not homonyms, spam or the organisation's own words.
    mentions = remaining(mentions, set_aside(store, as_of, mentions))
    mentions = mentions.loc[mentions["subjects"].str.len() > 0].reset_index(drop=True)
    readings = store.load(READINGS, ["mention_id", "version", "text_hash", "story_id"])
    readings = readings.loc[readings["version"] == reading_version(watch)]
    return corpus(cutoff, mentions, readings.loc[readings["mention_id"].isin(mentions["mention_id"])])
