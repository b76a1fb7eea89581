"""Which mention shows which picture: pictures joined to the mentions that were visible, and those that travel."""

from __future__ import annotations

from datetime import datetime

import pandas as pd

from veille.images.captions import captions
from veille.images.tables import MEDIA, PICTURES
from veille.mention import MentionKind
from veille.period import Period
from veille.reading import READINGS
from veille.store import Store

_OF_PICTURES = [
    "picture_id", "group_id", "first_seen", "width", "height", "plain", "altered", "likeness", "words", "words_verdict",
    "logo", "logo_file", "logo_distance",
]  # fmt: skip


def shown_media(store: Store, as_of: datetime, period: Period | None = None) -> pd.DataFrame:
    """Return the addresses of pictures that visible mentions show: `mention_id`, `published_at`, `address`."""
    mentions = store.mentions(as_of, period, ["mention_id", "published_at", "media"])
    some = mentions.loc[mentions["media"].map(len) > 0]
    return some.explode("media").rename(columns={"media": "address"}).reset_index(drop=True)


def groups(store: Store, as_of: datetime, period: Period | None = None) -> pd.DataFrame:
    """Return which pictures each visible mention shows, and the group of each.

    Parameters
    ----------
    store
        The memory of the watch.
    as_of
        What was known at this instant.
    period
        Publications after its end are not seen.

    Returns
    -------
    pandas.DataFrame
        One row a mention and picture: `mention_id`, `published_at`, `address`, `picture_id`, `group_id`, `first_seen`,
        `width`, `height`, `plain`, `altered`, `likeness`, `words`, `words_verdict`, `logo`, `logo_file`, `logo_distance`.
    """
    media = store.load(MEDIA, ["address", "picture_id"])
    shown = shown_media(store, as_of, period) if len(media) else pd.DataFrame(columns=["mention_id", "published_at", "address"])
    pictures = store.load(PICTURES, _OF_PICTURES)
    joined = shown.merge(media.dropna(subset=["picture_id"]), on="address").merge(pictures, on="picture_id")
    return joined.sort_values(["published_at", "mention_id", "address"], kind="stable", ignore_index=True)


def words_by_mention(store: Store, as_of: datetime) -> pd.Series:
    """Return the words of each mention's pictures, indexed by `mention_id`; mentions without are left out."""
    read = groups(store, as_of)
    read = read.loc[read["words"].fillna("") != ""]
    return read.groupby("mention_id")["words"].agg(" ".join) if len(read) else pd.Series(dtype="object")


def listing(store: Store, as_of: datetime, period: Period | None = None) -> pd.DataFrame:
    """Return the groups of pictures that visible mentions show, those of most stories first.

    Parameters
    ----------
    store, as_of
        The memory of the watch, and what was known at this instant.
    period
        Mentions outside it are not counted; None counts all.

    Returns
    -------
    pandas.DataFrame
        One row a group: `group_id`, `mentions`, `stories`, `publishers`, `voices`, `pictures`, `first_seen`, `last_seen`,
        `altered` (pictures whose words differ from the founder's), `plain`, `words` and `words_verdict` of the founder or
        the first there is, `logo`, `logo_file`, `logo_distance`, `caption`, `caption_by`, `caption_at`, `event_id`.
    """
    seen = groups(store, as_of, period)
    first = seen.groupby("group_id")["published_at"].min()
    if period is not None:
        seen = seen.loc[seen["published_at"] >= pd.Timestamp(period.start)]
    people = store.mentions(as_of, period, ["mention_id", "kind", "publisher", "source", "author"]) if len(seen) else None
    if people is None:
        columns = ["group_id", "mentions", "stories", "publishers", "voices", "pictures", "first_seen", "last_seen", "altered"]
        shown = ["plain", "words", "words_verdict", "logo", "logo_file", "logo_distance"]
        return pd.DataFrame(columns=[*columns, *shown, "caption", "caption_by", "caption_at", "event_id"])
    readings = store.load(READINGS, ["mention_id", "story_id"])
    seen = seen.merge(people, on="mention_id").merge(readings, on="mention_id", how="left")
    seen["story_id"] = seen["story_id"].fillna(seen["mention_id"])
    seen["publisher"] = seen["publisher"].fillna(seen["source"])
    # An outlet speaks with one voice, whoever signs; a server of posts with as many as there are authors.
    article = seen["kind"] == MentionKind.ARTICLE
    seen["voice"] = seen["publisher"].where(article | seen["author"].isna(), seen["author"])
    seen["changed"] = seen["picture_id"].where(seen["altered"].fillna(False).astype(bool))
    by_group = seen.assign(founder=seen["picture_id"] != seen["group_id"]).sort_values(
        ["founder", "published_at", "mention_id"], kind="stable"
    )
    grouped = by_group.groupby("group_id")
    table = grouped.agg(
        mentions=("mention_id", "nunique"),
        stories=("story_id", "nunique"),
        publishers=("publisher", "nunique"),
        voices=("voice", "nunique"),
        pictures=("picture_id", "nunique"),
        last_seen=("published_at", "max"),
        altered=("changed", "nunique"),
        plain=("plain", "first"),
        words=("words", "first"),
        words_verdict=("words_verdict", "first"),
        logo=("logo", "first"),
        logo_file=("logo_file", "first"),
        logo_distance=("logo_distance", "first"),
    )
    table["first_seen"] = first
    table = table.reset_index().merge(captions(store, as_of), on="group_id", how="left")
    return table.sort_values(
        ["stories", "mentions", "group_id"], ascending=[False, False, True], kind="stable", ignore_index=True
    )


def travelling(store: Store, as_of: datetime, period: Period) -> pd.DataFrame:
    """Return the groups of `listing` that went from one voice to another in the period, plain pictures left out.

    Notes
    -----
    At least two voices, and two stories or two publishers: the picture that a site puts beside all it prints does not
    travel, nor does a repost.
    """
    table = listing(store, as_of, period)
    if table.empty:
        return table
    moved = (table["voices"] >= 2) & ((table["stories"] >= 2) | (table["publishers"] >= 2))
    return table.loc[moved & ~table["plain"].astype(bool)].reset_index(drop=True)
