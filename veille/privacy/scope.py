"""What a removal is about: the mentions that go, and what goes with the last of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

import pandas as pd

from veille.mention import EARLIER_TEXTS, MENTIONS, MentionKind
from veille.privacy.tables import Cause
from veille.reading.tables import READINGS
from veille.reading.texts import mention_texts, text_hashes
from veille.store import Store

_KNOWN = ["mention_id", "source", "source_type", "author", "native_id", "parent_id", "kind"]
_TIMES = ["published_at", "gathered_at", "imported_at"]


@dataclass(frozen=True)
class Scope:
    """The mentions that go.

    Parameters
    ----------
    cause
        Why they go.
    mentions
        Rows of MENTIONS.
    earlier
        Rows of EARLIER_TEXTS of these mentions.
    authors
        Pseudonyms of authors of whom nothing is left, or who asked for it.
    """

    cause: Cause
    mentions: pd.DataFrame
    earlier: pd.DataFrame
    authors: tuple[str, ...]

    @cached_property
    def ids(self) -> list[str]:
        """Ids of the mentions."""
        return [str(name) for name in self.mentions["mention_id"]]

    @property
    def texts(self) -> list[str]:
        """Titles and texts of the mentions, those that their sources replaced too."""
        frames = (self.mentions, self.earlier)
        return [text for frame in frames for name in ("title", "text") for text in frame[name].unique() if text]

    def hashes(self, store: Store) -> list[str]:
        """Return the hashes of texts that no other stored mention has."""
        readings = store.load(READINGS, ["mention_id", "text_hash"])
        mine = readings["mention_id"].isin(self.ids)
        found = set(readings.loc[mine, "text_hash"])
        for frame in (self.mentions, self.earlier):
            found |= set(text_hashes(mention_texts(frame[["title", "text"]])["lead"])) if len(frame) else set()
        return sorted(found - set(readings.loc[~mine, "text_hash"]))


def of_authors(store: Store, author: str) -> Scope:
    """Return the scope of an author, by pseudonym."""
    return _scope(store, Cause.AUTHOR, lambda known: known["author"] == author, [author])


def of_mention(store: Store, mention_id: str) -> Scope:
    """Return the scope of one mention."""
    return _scope(store, Cause.MENTION, lambda known: known["mention_id"] == mention_id)


def of_source(store: Store, source: str) -> Scope:
    """Return the scope of all that one source brought."""
    return _scope(store, Cause.SOURCE, lambda known: known["source"] == source)


def older(store: Store, at: datetime, days: int) -> Scope:
    """Return the scope of what was published, or else gathered, or else imported, more than `days` days before `at`."""
    limit = pd.Timestamp(at) - timedelta(days=days)

    def old(known: pd.DataFrame) -> pd.Series:
        moment = known["published_at"].fillna(known["gathered_at"]).fillna(known["imported_at"])
        return moment < limit

    return _scope(store, Cause.RETENTION, old)


def _scope(store: Store, cause: Cause, goes: Callable[[pd.DataFrame], pd.Series], authors: Sequence[str] = ()) -> Scope:
    known = store.load(MENTIONS, [*_KNOWN, *_TIMES])
    chosen = goes(known).fillna(False).astype(bool)
    if cause is not Cause.RETENTION:
        # A repost is the same words again under another name.
        roots = pd.MultiIndex.from_frame(known.loc[chosen & known["native_id"].notna(), ["source_type", "native_id"]])
        of = pd.MultiIndex.from_frame(known[["source_type", "parent_id"]])
        chosen |= (known["kind"] == MentionKind.REPOST.value) & known["parent_id"].notna() & of.isin(roots)
    ids = known.loc[chosen, "mention_id"].tolist()
    left = set(known.loc[~chosen, "author"].dropna())
    gone = sorted({*authors, *(set(known.loc[chosen, "author"].dropna()) - left)})
    if not ids:
        return Scope(cause, MENTIONS.empty(), EARLIER_TEXTS.empty(), tuple(gone))
    mentions = store.load(MENTIONS, where=[("mention_id", "in", ids)])
    earlier = store.load(EARLIER_TEXTS, where=[("mention_id", "in", ids)])
    return Scope(cause, mentions, earlier, tuple(gone))
