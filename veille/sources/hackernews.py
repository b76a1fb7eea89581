"""Hacker News: stories and comments that a search finds, by the service that searches for Hacker News itself; no key."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from math import ceil, floor
from typing import TYPE_CHECKING, Any

from veille.errors import SourceError
from veille.mention import Mention, MentionKind
from veille.sources.answers import AnsweredError
from veille.sources.http import Client
from veille.sources.paging import Bounds, Page, PausedError, search
from veille.sources.source import Fetched, Refused, Span, State
from veille.sources.text import plain_text
from veille.sources.values import count_of, dict_of, id_of, list_of, moment_of, text_of, web_address

if TYPE_CHECKING:
    from veille.watch import SourceSpec

SERVER = "https://hn.algolia.com"
PATH = "/api/v1/search_by_date"
PUBLISHER = "news.ycombinator.com"
# The service allows 10,000 requests an hour from one address, which several watches may share.
INTERVAL_SECONDS = 1.0
PAGE = 100
_GONE = ("[deleted]", "[dead]", "[flagged]")


@dataclass(frozen=True, slots=True)
class HackerNewsSource:
    """Source of type `hackernews`: every query is searched in stories and comments.

    Parameters
    ----------
    timezone
        Not used: the service tells times in UTC.
    """

    timezone: str = "UTC"

    def fetch(self, spec: SourceSpec, state: State, as_of: datetime, client: Client) -> Fetched:
        """Return the stories and comments that each query finds; a service that is asked too much is asked no more."""
        run = _Run(spec, client)
        places = {query: partial(run.page, query) for query in spec.queries}
        fetched = search(places, state, Bounds(as_of, timedelta(days=spec.backfill_days)), spec.limit)
        return replace(fetched, warnings=(*fetched.warnings, *run.crowded.values()))


@dataclass(slots=True)
class _Run:
    spec: SourceSpec
    client: Client
    busy: bool = False
    crowded: dict[str, str] = field(default_factory=dict)

    def page(self, query: str, span: Span, cursor: str | None) -> Page:
        """Return one page of a query; the cursor is the last second of its span, since numbered pages end after 1000 hits."""
        if self.busy:
            raise PausedError
        until = int(cursor) if cursor else ceil(span.until.timestamp())
        params: dict[str, str | int] = {
            "query": query,
            "tags": "(story,comment)",
            "numericFilters": f"created_at_i>={floor(span.since.timestamp())},created_at_i<={until}",
            "hitsPerPage": PAGE,
            # A name that is nearly the one that is watched is another name.
            "typoTolerance": "false",
        }
        hits = self._ask(params)
        read = [hit_mention(dict_of(hit), self.spec.id, self.spec.type) for hit in hits]
        refused = [
            Refused(query, number, reason, {"native_id": mention.native_id or "", "url": mention.url or ""})
            for number, mention in enumerate(read, start=1)
            if (reason := _wrong(mention))
        ]
        kept = [mention for mention in read if not _wrong(mention)]
        return Page(kept, refused, self._older(query, read, until) if len(hits) >= PAGE else None)

    def _older(self, query: str, read: list[Mention], until: int) -> str | None:
        """Return the last second of the next page: that of the oldest hit, whose others are then seen again."""
        oldest = min((mention.published_at for mention in read if mention.published_at), default=None)
        if oldest is None:
            return None
        second = floor(oldest.timestamp())
        if second >= until:
            second = until - 1
            moment = datetime.fromtimestamp(until, UTC)
            told = f"{query}: more than {PAGE} hits at {moment:%Y-%m-%d %H:%M:%S} UTC, some are missing"
            self.crowded.setdefault(query, told)
        return str(second)

    def _ask(self, params: dict[str, str | int]) -> list[Any]:
        url = f"{str(self.spec.server or SERVER).rstrip('/')}{PATH}"
        try:
            reply = self.client.get(url, params=params, accept="application/json", interval_seconds=INTERVAL_SECONDS)
        except AnsweredError as error:
            self.busy = error.status == 429
            raise
        hits = dict_of(reply.json()).get("hits")
        if not isinstance(hits, list):
            raise SourceError(
                "the search of Hacker News answered what is no list of hits", "look whether the service has changed"
            )
        return hits


def hit_mention(hit: dict[str, Any], source: str, source_type: str) -> Mention:
    """Return a story or a comment of the search as a mention; its id, its title and its text may be missing.

    Parameters
    ----------
    hit
        One of `hits`.
    source, source_type
        Id and type of the source it came by.

    Notes
    -----
    The address of a story is its page on Hacker News; what it links to stands at the end of its text. Votes of comments are
    not told.
    """
    id_ = id_of(hit.get("objectID"))
    comment = "comment" in list_of(hit.get("_tags")) or bool(text_of(hit.get("comment_text")))
    story = [plain_text(text_of(hit.get("story_text"))), web_address(hit.get("url")) or ""]
    return Mention(
        source=source,
        source_type=source_type,
        kind=(MentionKind.COMMENT if comment else MentionKind.POST).value,
        title="" if comment else plain_text(text_of(hit.get("title"))),
        text=plain_text(text_of(hit.get("comment_text"))) if comment else "\n".join(filter(None, story)),
        native_id=id_,
        url=f"https://{PUBLISHER}/item?id={id_}" if id_ and id_.isascii() and id_.isdigit() else None,
        publisher=PUBLISHER,
        parent_id=id_of(hit.get("parent_id")) if comment else None,
        author=text_of(hit.get("author")) or None,
        published_at=moment_of(hit.get("created_at_i")) or moment_of(hit.get("created_at")),
        likes=count_of(hit.get("points")),
        replies=None if comment else count_of(hit.get("num_comments")),
    )


def _wrong(mention: Mention) -> str:
    if mention.text.strip().lower() in _GONE or mention.title.strip().lower() in _GONE:
        return "it was removed or deleted"
    if not mention.native_id:
        return "no id"
    return "" if mention.title or mention.text else "no title and no text"
