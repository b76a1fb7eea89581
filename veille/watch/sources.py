"""Where what is said comes from: each source of a watch, and what its type needs to be asked."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from importlib.metadata import entry_points
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from veille.watch.values import AsTuple, Duration, Model, Slug, Text, Texts, Variable, WebAddress, problem

GRADES = ("A", "B", "C", "D", "E", "F")
"""Admiralty code of a source: A completely reliable to E unreliable, F cannot be judged."""

PLUGINS = "veille.sources"
"""Group of entry points by which a package adds types of sources."""


class SourceType(StrEnum):
    """What sort of place a source is, of those that come with veille; the room above has a reader for each but `import`."""

    RSS = "rss"
    GOOGLE_NEWS = "google_news"
    MASTODON = "mastodon"
    BLUESKY = "bluesky"
    HACKERNEWS = "hackernews"
    REDDIT = "reddit"
    GDELT = "gdelt"
    YOUTUBE = "youtube"
    X = "x"
    TELEGRAM = "telegram"
    FILES = "files"
    IMPORT = "import"


# Asking them costs money, so that nobody does it by leaving a key out.
_OFF = (SourceType.X,)

# Keys of which a source of that type needs one at least, and keys it needs all of.
_ANY: dict[SourceType, tuple[str, ...]] = {
    SourceType.RSS: ("urls",),
    SourceType.GOOGLE_NEWS: ("queries",),
    SourceType.MASTODON: ("queries", "accounts"),
    SourceType.BLUESKY: ("queries", "accounts"),
    SourceType.HACKERNEWS: ("queries",),
    SourceType.REDDIT: ("queries", "accounts"),
    SourceType.GDELT: ("queries",),
    SourceType.YOUTUBE: ("queries", "accounts", "urls"),
    SourceType.X: ("queries", "accounts"),
    SourceType.TELEGRAM: ("accounts",),
    SourceType.FILES: ("folder",),
}
_ALL: dict[SourceType, tuple[str, ...]] = {
    SourceType.MASTODON: ("server",),
    SourceType.BLUESKY: ("user", "token"),
    SourceType.YOUTUBE: ("token",),
    SourceType.X: ("token", "posts_a_month"),
}
_EXAMPLES = {
    "urls": "[https://example.org/rss.xml]",
    "queries": "[acme]",
    "accounts": "[acme]",
    "server": "https://mastodon.social",
    "folder": "inbox",
    "user": "ACME_USER (the name of an environment variable)",
    "token": "ACME_TOKEN (the name of an environment variable)",
    "posts_a_month": "2000",
}


@cache
def plugged_types() -> tuple[str, ...]:
    """Return the types of sources that other packages add, in alphabetical order; none of their code is run."""
    return tuple(sorted({point.name for point in entry_points(group=PLUGINS)} - set(SourceType)))


def _type(value: Any) -> Any:
    known = (*SourceType, *plugged_types())
    if value not in known:
        raise problem(f"“{value}” is not a type of source", f"write one of {', '.join(known)}")
    return value


def _grade(value: Any) -> Any:
    if isinstance(value, str) and value not in GRADES:
        raise problem(f"“{value}” is not a grade", "write one letter from A (reliable) to F (cannot be judged)")
    return value


class Rights(Model):
    """What may be shown of a source's texts."""

    fulltext: bool = Field(
        default=True, description="Whether whole texts may be kept in an edition; false keeps quotations only"
    )
    quote_max: int = Field(default=300, ge=0, le=10_000, description="Longest quotation, in characters")
    licence: Text = Field(default="", description="What the publisher or a contract says about reuse, for those who ask")


class SourceSpec(Model):
    """One place that mentions come from."""

    id: Slug = Field(description="Short name, unique among sources; the `source` of its mentions")
    type: Annotated[str, BeforeValidator(_type)] = Field(
        description="What sort of place it is (see sources.md), or `import` for what only `veille import` brings"
    )
    urls: Annotated[tuple[WebAddress, ...], AsTuple] = Field(default=(), description="Addresses to read; needed by `rss`")
    queries: Texts = Field(default=(), description="What to search for, in the source's own syntax")
    accounts: Texts = Field(default=(), description="Accounts, channels or groups to read")
    server: WebAddress | None = Field(default=None, description="Address of the server, for networks that have several")
    token: Variable | None = Field(default=None, description="Environment variable that holds the access key")
    user: Variable | None = Field(default=None, description="Environment variable that holds the user name that goes with it")
    language: str | None = Field(default=None, pattern="^[a-z]{2}$", description="Language of what it publishes, ISO 639-1")
    publisher: Text | None = Field(default=None, description="Name of the outlet, where all its mentions have the same")
    every: Duration | None = Field(
        default=None, description="How often it is expected to publish; silence beyond it is a warning"
    )
    limit: int | None = Field(default=None, ge=1, description="Most mentions taken in one run")
    backfill_days: int = Field(default=30, ge=0, le=3650, description="How far back the first gather asks, in days")
    articles: bool = Field(default=False, description="Whether the page of each new article is read for its whole text")
    folder: Text | None = Field(default=None, description="Folder to look into, relative to watch.yml; needed by `files`")
    country: str | None = Field(default=None, pattern="^[A-Z]{2}$", description="Country of a news search, ISO 3166-1")
    posts_a_month: int | None = Field(default=None, ge=1, description="Most posts paid for in a calendar month; needed by `x`")
    enabled: bool = Field(
        default=True, description="Whether it is gathered; one of type `x` only where `true` is written, since each post costs"
    )
    grade: Annotated[str, BeforeValidator(_grade)] = Field(
        default="F", description="Admiralty letter of its reliability, A to F (F: cannot be judged)"
    )
    rights: Rights = Field(default=Rights(), description="What may be shown of its texts")

    @model_validator(mode="before")
    @classmethod
    def _off(cls, values: Any) -> Any:
        """Leave a source that costs money out where nobody says that it is to be gathered."""
        if isinstance(values, dict) and values.get("type") in _OFF and values.get("enabled") is None:
            return {**values, "enabled": False}
        return values

    def missing(self) -> Iterator[tuple[str, str, str]]:
        """Yield the key, what is wrong and what to write, for each key that its type needs and it has not."""
        if self.type not in list(SourceType):
            return
        kind = SourceType(self.type)
        needed = _ANY.get(kind, ())
        if needed and not any(getattr(self, key) for key in needed):
            yield needed[0], f"a source of type {kind} has no {' and no '.join(needed)}", _example(needed[0])
        for key in _ALL.get(kind, ()):
            if not getattr(self, key):
                yield key, f"a source of type {kind} has no {key}", _example(key)


def _example(key: str) -> str:
    return f"write {key}: {_EXAMPLES[key]}"
