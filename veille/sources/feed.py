"""What a feed of any format gives once it was read."""

from __future__ import annotations

from dataclasses import dataclass, field

from veille.mention import Mention
from veille.sources.source import Refused

MOST_MEDIA = 20
"""Pictures and films kept of one entry."""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed that was read.

    Parameters
    ----------
    mentions
        Its entries, in its order.
    refused
        Entries that say nothing.
    undated
        Entries whose time of publication is missing or cannot be read; they are kept and never counted.
    whole
        Whether it was well formed to its end.
    """

    mentions: list[Mention] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    undated: int = 0
    whole: bool = True


def sorted_out(entries: list[Mention], place: str, whole: bool = True) -> Feed:
    """Return entries as a feed: those without any text are refused.

    Parameters
    ----------
    entries
        All entries, in the order of the feed.
    place
        Where they came from, fit to be printed.
    whole
        Whether the feed was well formed to its end.
    """
    mentions: list[Mention] = []
    refused: list[Refused] = []
    for number, mention in enumerate(entries, start=1):
        if mention.title or mention.text:
            mentions.append(mention)
        else:
            row = {"native_id": mention.native_id or "", "url": mention.url or ""}
            refused.append(Refused(place, number, "no title and no text", row))
    return Feed(mentions, refused, sum(mention.published_at is None for mention in mentions), whole)
