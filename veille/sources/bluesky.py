"""Bluesky: posts that a search finds and what accounts post and repost, by the official interface with an app password."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from veille.errors import SourceError
from veille.mention import Mention
from veille.sources.answers import AnsweredError
from veille.sources.bluesky_posts import post_mention, wrong_of
from veille.sources.http import Client
from veille.sources.paging import Ask, Bounds, Page, PausedError, search
from veille.sources.secrets import secret
from veille.sources.source import Fetched, Refused, Span, State
from veille.sources.text import decode
from veille.sources.timeline import timeline_page
from veille.sources.values import count_of, dict_of, id_of, text_of

if TYPE_CHECKING:
    from veille.watch import SourceSpec

SERVER = "https://bsky.social"
PAGE = 100
_STALE = ("ExpiredToken", "InvalidToken")


@dataclass(frozen=True, slots=True)
class BlueskySource:
    """Source of type `bluesky`: queries are searched, accounts are read by their handles.

    Parameters
    ----------
    timezone
        Not used: the service tells times in UTC.
    """

    timezone: str = "UTC"

    def fetch(self, spec: SourceSpec, state: State, as_of: datetime, client: Client) -> Fetched:
        """Return what is new at each query and account; a service that says it is asked too much is asked no more."""
        run = _Run(spec, client, as_of)
        run.log_in()
        return search(run.places(), state, Bounds(as_of, timedelta(days=spec.backfill_days)), spec.limit)


@dataclass(slots=True)
class _Run:
    spec: SourceSpec
    client: Client
    as_of: datetime
    token: str = ""
    renewed: bool = False
    busy: bool = False
    seen: dict[tuple[str, str], int] = field(default_factory=dict)

    @property
    def server(self) -> str:
        """Its address, without a slash at its end."""
        return str(self.spec.server or SERVER).rstrip("/")

    def places(self) -> dict[str, Ask]:
        """Return how to ask each query and account."""
        found: dict[str, Ask] = {query: partial(self._search, query) for query in self.spec.queries}
        names = [account.strip().lstrip("@") for account in self.spec.accounts]
        found |= {f"@{name}": partial(self._feed, name) for name in names}
        return found

    def log_in(self) -> None:
        """Get a token, which is kept for this run only.

        Raises
        ------
        SourceError
            The name or the password is not set, or the server refuses it.
        """
        login = {"identifier": secret(self.spec, "user").lstrip("@"), "password": secret(self.spec, "token")}
        try:
            reply = self.client.post(f"{self.server}/xrpc/com.atproto.server.createSession", json=login)
        except AnsweredError as error:
            if error.status in (400, 401, 403):
                hint = f"look whether {self.spec.user} holds a handle and {self.spec.token} an app password of it"
                raise SourceError(f"Bluesky refuses the login ({error.status}): {hint}", hint) from error
            raise
        token = text_of(dict_of(reply.json()).get("accessJwt"))
        if not token or not token.isascii() or not token.isprintable():
            raise SourceError("Bluesky gives no token for the login", "look whether the account still exists")
        self.token = token

    def _search(self, query: str, span: Span, cursor: str | None) -> Page:
        """Return one page of a search; its cursor is the end of a span and, behind a space, that of the service."""
        until, _, theirs = (cursor or f"{_stamp(span.until + timedelta(seconds=1))} ").partition(" ")
        between: dict[str, str | int] = {"since": _stamp(span.since), "until": until}
        answer = self._ask("app.bsky.feed.searchPosts", {"q": query, "sort": "latest", "limit": PAGE, **between}, theirs)
        posts = _list_of(answer, "posts")
        read, refused, moments = self._read(query, [{"post": post} for post in posts])
        # A date that the service does not sort by says nothing about how far down it came.
        kept = [mention for mention in read if mention.published_at is None or mention.published_at >= span.since]
        self.seen[query, until] = self.seen.get((query, until), 0) + len(posts)
        theirs = id_of(answer.get("cursor")) or ""
        if theirs:
            return Page(kept, refused, f"{until} {theirs}")
        # The service ends long lists before their end; what is older is another search.
        more = len(posts) >= PAGE or (count_of(answer.get("hitsTotal")) or 0) > self.seen[query, until]
        older = _below([moment for moment in moments if moment >= span.since], until) if more else ""
        return Page(kept, refused, f"{older} " if older else None)

    def _feed(self, name: str, span: Span, cursor: str | None) -> Page:
        params: dict[str, str | int] = {"actor": name, "limit": PAGE}
        answer = self._ask("app.bsky.feed.getAuthorFeed", params, cursor or "")
        items = _list_of(answer, "feed")
        read, refused, _ = self._read(f"@{name}", items)
        return timeline_page(read, refused, id_of(answer.get("cursor")), span, self.as_of)

    def _read(self, place: str, items: list[Any]) -> tuple[list[Mention], list[Refused], list[datetime]]:
        kept: list[Mention] = []
        refused: list[Refused] = []
        moments: list[datetime] = []
        for number, raw in enumerate(items, start=1):
            item = dict_of(raw)
            mention = post_mention(item, self.spec.id, self.spec.type)
            moments += [mention.published_at] if mention.published_at else []
            reason = wrong_of(item, mention)
            if reason:
                refused.append(Refused(place, number, reason, {"native_id": mention.native_id or ""}))
            else:
                kept.append(mention)
        return kept, refused, moments

    def _ask(self, method: str, params: dict[str, str | int], cursor: str) -> dict[str, Any]:
        if self.busy:
            raise PausedError
        asked = {**params, **({"cursor": cursor} if cursor else {})}
        try:
            return self._get(method, asked)
        except AnsweredError as error:
            if self.renewed or error.status not in (400, 401) or _error_of(error) not in _STALE:
                raise self._told(error) from error
        self.renewed = self.busy = True
        self.log_in()
        self.busy = False
        try:
            return self._get(method, asked)
        except AnsweredError as error:
            raise self._told(error) from error

    def _get(self, method: str, params: dict[str, str | int]) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.token}"}
        url = f"{self.server}/xrpc/{method}"
        return dict_of(self.client.get(url, params=params, headers=headers, accept="application/json").json())

    def _told(self, error: AnsweredError) -> SourceError:
        """Return an error as one sentence, and ask nothing more where every other request would end so too."""
        said = _error_of(error)
        refused = error.status in (401, 403) or said in _STALE
        self.busy = refused or error.status == 429
        if refused:
            text = f"Bluesky refuses ({error.status}): look whether the app password in {self.spec.token} is still valid"
        elif said in ("BlockedActor", "BlockedByActor"):
            text = "this account blocks the one that asks, or is blocked by it: its posts are not shown"
        elif error.status == 400:
            text = "Bluesky answered 400: it does not know this account, or cannot read this query"
        else:
            text = error.message
        return SourceError(text, error.hint)


def _list_of(answer: dict[str, Any], name: str) -> list[Any]:
    found = answer.get(name)
    if not isinstance(found, list):
        raise SourceError("Bluesky answered what is no page of posts", "look whether the service has changed")
    return found


def _error_of(error: AnsweredError) -> str:
    try:
        return text_of(dict_of(json.loads(decode(error.said).text)).get("error"))
    except (ValueError, RecursionError):
        return ""


def _below(moments: list[datetime], until: str) -> str:
    """Return the end of the search that goes on below a list, newest first; empty where there is no going on."""
    last = moments[-3:]
    if not last:
        return ""
    end = last[-1] if last == sorted(last, reverse=True) else max(last)
    # What has the same date as the last is seen again, or else some of it might never be.
    return next((text for text in (_stamp(end + timedelta(milliseconds=1)), _stamp(end)) if text < until), "")


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
