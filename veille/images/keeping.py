"""How long pictures are kept: as long as a stored mention shows them, the retention allows it, and there is room."""

from __future__ import annotations

from datetime import datetime, timedelta

import pandas as pd

from veille.images import thumbnails
from veille.images.tables import MEDIA, PICTURES
from veille.mention import MENTIONS
from veille.store import Store
from veille.watch import Watch


def prune(watch: Watch, store: Store, as_of: datetime) -> int:
    """Forget what no stored mention shows any more, and remove thumbnails that are too old, or too many.

    Parameters
    ----------
    watch, store
        The watch and its memory.
    as_of
        The instant that `privacy.retention_days` is counted from.

    Returns
    -------
    int
        Thumbnails removed.

    Notes
    -----
    A mention that is erased from the store takes along, at the next look, what was read in its pictures.
    """
    media = store.load(MEDIA, ["address", "picture_id"])
    pictures = store.load(PICTURES, ["picture_id", "first_seen"])
    there = thumbnails.kept(watch)
    mentions = store.load(MENTIONS, ["mention_id", "published_at", "media"])
    shown = mentions.loc[mentions["media"].map(len) > 0].explode("media").rename(columns={"media": "address"})
    orphans = media.loc[~media["address"].isin(shown["address"])]
    for address in orphans["address"]:
        store.replace(MEDIA, MEDIA.empty(), "address", address)
    standing = media.loc[media["address"].isin(shown["address"])]
    forgotten = pictures.loc[~pictures["picture_id"].isin(standing["picture_id"]), "picture_id"]
    for picture_id in forgotten:
        store.replace(PICTURES, PICTURES.empty(), "picture_id", picture_id)
    last = shown.merge(standing, on="address").groupby("picture_id")["published_at"].max()
    fresh = last.index[last.isna() | (last >= pd.Timestamp(as_of) - timedelta(days=watch.privacy.retention_days))]
    gone = [picture_id for picture_id in there if picture_id not in fresh]
    return thumbnails.drop(watch, [*gone, *_beyond(watch, there, pictures, set(gone))])


def _beyond(watch: Watch, there: dict[str, int], pictures: pd.DataFrame, gone: set[str]) -> list[str]:
    """Return the thumbnails for which there is no room, the oldest first."""
    newest = pictures.loc[pictures["picture_id"].isin(there) & ~pictures["picture_id"].isin(gone)]
    newest = newest.sort_values(["first_seen", "picture_id"], ascending=[False, True], kind="stable")
    size = newest["picture_id"].map(there).cumsum()
    return newest.loc[size > watch.images.thumbnails_mb * 1_000_000, "picture_id"].tolist()
