"""What people say of pictures: captions with who and when, only ever added; the latest that stands counts."""

from __future__ import annotations

import hashlib
from datetime import datetime

import pandas as pd

from veille.errors import UsageError
from veille.folding import clean_text
from veille.images.tables import PICTURE_EVENTS, PICTURES, PictureAct
from veille.store import Store

MOST_CHARACTERS = 500
"""Longest caption."""


def caption(store: Store, picture_id: str, text: str, *, at: datetime, by: str) -> pd.DataFrame:
    """Say what a picture shows, or is used for; it counts for its whole group.

    Parameters
    ----------
    store
        The memory of the watch.
    picture_id
        A picture, or a group.
    text
        The words.
    at, by
        When, and who.

    Returns
    -------
    pandas.DataFrame
        The event, one row of PICTURE_EVENTS.

    Raises
    ------
    UsageError
        There is no such picture, no name or no words, or too many.
    """
    words = " ".join(clean_text(text).split())
    if not words:
        raise UsageError("a caption needs words", "say what the picture shows; `veille picture undo` takes a caption back")
    if len(words) > MOST_CHARACTERS:
        raise UsageError(f"the caption has {len(words)} characters, more than {MOST_CHARACTERS}", "keep what must be known")
    known = store.load(PICTURES, ["picture_id", "group_id"])
    found = known.loc[(known["picture_id"] == picture_id) | (known["group_id"] == picture_id), "group_id"]
    if found.empty:
        raise UsageError(f"there is no picture {picture_id[:64]}", "`veille picture list` shows the pictures and their ids")
    return _add(store, PictureAct.CAPTION, str(found.iloc[0]), words, at=at, by=by)


def undo(store: Store, event_id: str, *, at: datetime, by: str) -> pd.DataFrame:
    """Take back a caption by its event id; the one before it counts again. See `caption` for what is returned.

    Raises
    ------
    UsageError
        There is no such event, or no name was given.
    """
    known = events(store, at)
    found = known.loc[known["event_id"] == event_id]
    if found.empty:
        raise UsageError(f"there is no event {event_id[:64]}", "`veille picture list` shows captions with their events")
    return _add(store, PictureAct.UNDO, str(found["group_id"].iloc[0]), event_id, at=at, by=by)


def events(store: Store, as_of: datetime) -> pd.DataFrame:
    """Return what people did until `as_of`, oldest first."""
    frame = store.load(PICTURE_EVENTS, where=[("at", "<=", pd.Timestamp(as_of))])
    return frame.sort_values(["at", "event_id"], kind="stable", ignore_index=True)


def captions(store: Store, as_of: datetime) -> pd.DataFrame:
    """Return the caption of each group at `as_of`: `group_id`, `caption`, `caption_by`, `caption_at`, `event_id`."""
    known = events(store, as_of)
    undone: set[str] = set()
    # Newest first: an undo that was itself undone takes nothing back.
    undos = known.loc[known["act"] == PictureAct.UNDO, ["event_id", "note"]].iloc[::-1]
    for event_id, note in zip(undos["event_id"], undos["note"], strict=True):
        if event_id not in undone:
            undone.add(note)
    standing = known.loc[(known["act"] == PictureAct.CAPTION) & ~known["event_id"].isin(undone)]
    latest = standing.drop_duplicates("group_id", keep="last")
    renamed = latest.rename(columns={"note": "caption", "by": "caption_by", "at": "caption_at"})
    return renamed[["group_id", "caption", "caption_by", "caption_at", "event_id"]].reset_index(drop=True)


def _add(store: Store, act: PictureAct, group_id: str, note: str, *, at: datetime, by: str) -> pd.DataFrame:
    name = clean_text(by).strip()
    if not name:
        raise UsageError("an act needs the name of who acts", "give it with --by")
    content = "\x1f".join([str(act), group_id, note, pd.Timestamp(at).isoformat(), name])
    event_id = "e" + hashlib.sha256(content.encode()).hexdigest()[:16]
    row = {"event_id": event_id, "at": at, "by": name, "act": str(act), "group_id": group_id, "note": note}
    event = PICTURE_EVENTS.check(pd.DataFrame([row]))
    store.merge(PICTURE_EVENTS, event)
    return event
