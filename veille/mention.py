"""Mention: one public utterance, and the contract of the table that keeps them.

A source turns a raw payload into a `Mention` in exactly one place; from the store on everything is a frame.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from veille.contract import Column, Holds, Kind, Table, Update


class MentionKind(StrEnum):
    """What sort of utterance a mention is."""

    ARTICLE = "article"
    POST = "post"
    COMMENT = "comment"
    REVIEW = "review"
    REPOST = "repost"
    TRANSCRIPT = "transcript"
    SCREENSHOT = "screenshot"


class Extent(StrEnum):
    """How much of an article its text is."""

    LEAD = "lead"
    FULL = "full"
    PAYWALLED = "paywalled"


class Resemblance(StrEnum):
    """How the name an author published under is like that of the organisation; told before it becomes a pseudonym."""

    SAME = "same"
    """The handle of an official account: whether it is that account, its network tells."""
    LOOKALIKE = "lookalike"
    """Written to be read as one: letters that look alike, signs between, digits around, one letter apart."""
    ADDED_WORDS = "added_words"
    """The organisation's name with words of an office: service, support, refund, official."""
    DISPLAY_NAME = "display_name"
    """The name shown beside another handle is the organisation's."""
    SPOKESPERSON = "spokesperson"
    """The name shown says that its owner leads the organisation or speaks for it."""


@dataclass(slots=True)
class Mention:
    """One public utterance as a source read it; `author` is raw here and leaves as a pseudonym at the first write.

    Parameters
    ----------
    source, source_type
        Id of the source in watch.yml (how it reached us) and its type (`rss`, `import`…).
    text
        Body as it was published; may be empty where a title is not.
    published_at
        When it was published; None is kept and never counted. Must carry an offset.
    native_id
        The source's own id, unique within the source type.
    author
        Raw handle or name, never stored.
    author_name
        The name that is shown beside the handle, never stored: looked at for impostors alone.
    extent
        How much of an article the text is (`Extent`); None where nobody looked.
    """

    source: str
    source_type: str
    text: str
    published_at: datetime | None = None
    title: str = ""
    kind: str = MentionKind.POST.value
    native_id: str | None = None
    url: str | None = None
    publisher: str | None = None
    author: str | None = None
    author_name: str | None = None
    author_followers: int | None = None
    gathered_at: datetime | None = None
    parent_id: str | None = None
    language_declared: str | None = None
    likes: int | None = None
    shares: int | None = None
    replies: int | None = None
    views: int | None = None
    media: list[str] = field(default_factory=list)
    extent: str | None = None


MENTIONS = Table(
    name="mentions",
    doc="One row a mention: one public utterance, as it was published.",
    key=("mention_id",),
    columns=(
        Column("mention_id", Kind.TEXT, "First 16 bytes, hex, of SHA-256 over what identifies it", holds=Holds.MENTION),
        Column("source", Kind.TEXT, "Id of the source in watch.yml: how it reached us", update=Update.KEEP),
        Column("source_type", Kind.TEXT, "Type of that source", update=Update.KEEP),
        Column(
            "publisher",
            Kind.TEXT,
            "Outlet, site or server; else the host of the address",
            nullable=True,
            update=Update.COALESCE,
        ),
        Column("native_id", Kind.TEXT, "The source's own id", nullable=True, update=Update.COALESCE),
        Column("url", Kind.TEXT, "Address as given", nullable=True, update=Update.COALESCE),
        Column(
            "canonical_url",
            Kind.TEXT,
            "Address without tracking, fragment and letter case of the host",
            nullable=True,
            update=Update.COALESCE,
        ),
        Column(
            "author",
            Kind.TEXT,
            "Pseudonym (keyed hash) of the author",
            nullable=True,
            update=Update.COALESCE,
            holds=Holds.AUTHOR,
        ),
        Column(
            "resembles",
            Kind.TEXT,
            "How its author's name is like an official account's, told before it became a pseudonym; missing where it is not",
            nullable=True,
            choices=tuple(Resemblance),
            update=Update.COALESCE,
        ),
        Column(
            "author_followers",
            Kind.INTEGER,
            "Followers of the author when it was read",
            nullable=True,
            low=0,
            update=Update.COALESCE,
        ),
        Column(
            "published_at",
            Kind.TIME,
            "When it was published; may be missing: kept, never counted",
            nullable=True,
            update=Update.COALESCE,
        ),
        Column(
            "gathered_at",
            Kind.TIME,
            "When it was gathered; missing for an import that does not map it",
            nullable=True,
            update=Update.KEEP,
        ),
        Column(
            "imported_at", Kind.TIME, "When it was imported; missing for gathered mentions", nullable=True, update=Update.KEEP
        ),
        Column("kind", Kind.TEXT, "What sort of utterance it is", choices=tuple(MentionKind)),
        Column("parent_id", Kind.TEXT, "Native id of what it answers or reposts", nullable=True, update=Update.COALESCE),
        Column("title", Kind.TEXT, "Title as published, may be empty"),
        Column("text", Kind.TEXT, "Body as published, may be empty"),
        Column(
            "extent",
            Kind.TEXT,
            "How much of an article the text is: what its feed gave, its whole page, or the part before a paywall",
            nullable=True,
            choices=tuple(Extent),
            update=Update.COALESCE,
        ),
        Column(
            "language_declared",
            Kind.TEXT,
            "Language its source says it is in, ISO 639-1",
            nullable=True,
            update=Update.COALESCE,
        ),
        Column("likes", Kind.INTEGER, "Likes, latest seen", nullable=True, low=0, update=Update.COALESCE),
        Column("shares", Kind.INTEGER, "Shares, latest seen", nullable=True, low=0, update=Update.COALESCE),
        Column("replies", Kind.INTEGER, "Replies, latest seen", nullable=True, low=0, update=Update.COALESCE),
        Column("views", Kind.INTEGER, "Views, latest seen", nullable=True, low=0, update=Update.COALESCE),
        Column("media", Kind.TEXTS, "Addresses of pictures and films"),
        Column("subjects", Kind.TEXTS, "Ids of the subjects whose query it matches"),
    ),
)

ENGAGEMENT = Table(
    name="engagement",
    doc="One row an observation of a mention's counters.",
    key=("mention_id", "observed_at"),
    append_only=True,
    columns=(
        Column("mention_id", Kind.TEXT, "The mention", holds=Holds.MENTION),
        Column("observed_at", Kind.TIME, "When the counters were seen"),
        Column("likes", Kind.INTEGER, "Likes", nullable=True, low=0),
        Column("shares", Kind.INTEGER, "Shares", nullable=True, low=0),
        Column("replies", Kind.INTEGER, "Replies", nullable=True, low=0),
        Column("views", Kind.INTEGER, "Views", nullable=True, low=0),
    ),
)

EARLIER_TEXTS = Table(
    name="earlier_texts",
    doc="One row a text that its source has replaced: what the mention said until then.",
    key=("mention_id", "replaced_at"),
    append_only=True,
    columns=(
        Column("mention_id", Kind.TEXT, "The mention", holds=Holds.MENTION),
        Column("replaced_at", Kind.TIME, "When the newer text was seen"),
        Column("title", Kind.TEXT, "Title until then"),
        Column("text", Kind.TEXT, "Text until then"),
    ),
)

ERASED = Table(
    name="erased",
    doc="One row a mention or author that was erased on request: what comes again of it is not taken.",
    key=("tombstone",),
    append_only=True,
    columns=(
        Column("tombstone", Kind.TEXT, "Keyed hash of the mention's id or of the author's pseudonym; it cannot be read back"),
        Column("at", Kind.TIME, "When it was erased"),
    ),
)

# A set of signs and no pattern: one of a megabyte of slashes would take hours.
_PATH_END = "/" + "".join(filter(str.isspace, map(chr, range(0x3001))))
# Query parameters that say how a reader came, never what is read.
_TRACKING_PREFIXES = ("utm_", "at_", "mc_", "pk_", "mtm_", "xtor", "fbclid", "gclid", "igshid", "ocid", "cmpid", "spref")


def canonical_url(url: str | None) -> str | None:
    """Return the address without tracking parameters, fragment, default port and letter case of scheme and host.

    Parameters
    ----------
    url
        An address as published; None and what is no web address come back as None.
    """
    if not url:
        return None
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
        return None
    host = f"[{parts.hostname.lower()}]" if ":" in parts.hostname else parts.hostname.lower()
    if port and port not in (80, 443):
        host = f"{host}:{port}"
    kept = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not name.lower().startswith(_TRACKING_PREFIXES)
    ]
    # White space may end the path where a fragment was taken off: the address of an address must be itself.
    path = parts.path.rstrip(_PATH_END) or "/"
    return urlunsplit(("https", host, path, urlencode(sorted(kept)), ""))


def mention_id(mention: Mention) -> str:
    """Return the id of a mention: first 16 bytes, hex, of SHA-256 over what identifies it.

    Articles are identified by their canonical address; else by source type and native id; else by address; else by
    publisher, text, time and author. That publisher is the one the raw entry or file names, never the one that watch.yml
    fills in, so that editing watch.yml does not make a second mention of each.
    """
    canonical = canonical_url(mention.url)
    if mention.kind == MentionKind.ARTICLE and canonical:
        parts = ["article", canonical]
    elif mention.native_id:
        parts = ["native", mention.source_type, mention.native_id]
    elif canonical or mention.url:
        parts = ["url", canonical or mention.url or ""]
    else:
        published = mention.published_at.isoformat() if mention.published_at else ""
        parts = ["content", mention.publisher or "", mention.text or mention.title, published, mention.author or ""]
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).digest()[:16].hex()
