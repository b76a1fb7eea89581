"""Mastodon: hashtags and accounts of a server, and with a key what its search finds.

Servers of other programs that speak the same interface are read as well, as far as they do.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote, urlsplit

from veille.errors import SourceError
from veille.mention import Mention
from veille.sources.answers import AnsweredError, Reply, shown
from veille.sources.http import Client
from veille.sources.mastodon_posts import status_mention, wrong_of
from veille.sources.paging import Ask, Bounds, Page, PausedError, search
from veille.sources.secrets import secret
from veille.sources.source import Fetched, Refused, Span, State
from veille.sources.timeline import timeline_page
from veille.sources.values import dict_of, host_of, id_of, list_of, text_of

if TYPE_CHECKING:
    from veille.watch import SourceSpec

PAGE = 40
_SERVER = "(server)"
_HASHTAG = re.compile(r"#(\w[\w·]*)")
_DOMAIN = re.compile(r"[a-z0-9.-]{1,253}(?::\d{1,5})?")
_NUMBER = re.compile(r"\d{15,20}")
_NEXT = re.compile(r"<([^<>]{1,2000})>\s*;\s*rel=\"?next\"?")


@dataclass(frozen=True, slots=True)
class MastodonSource:
    """Source of type `mastodon`: queries are hashtags (`#acme`) or, with a key, searches; accounts are `name` or `name@server`.

    Parameters
    ----------
    timezone
        Not used: servers tell times in UTC.
    """

    timezone: str = "UTC"

    def fetch(self, spec: SourceSpec, state: State, as_of: datetime, client: Client) -> Fetched:
        """Return what is new at each query and account; a server that says it is asked too much is asked no more."""
        run = _Run(spec, client, as_of)
        run.domain = state.get(_SERVER, {}).get(run.host, "")
        if spec.token:
            run.headers = {"Authorization": f"Bearer {secret(spec, 'token')}"}
        fetched = search(run.places(), state, Bounds(as_of, timedelta(days=spec.backfill_days)), spec.limit)
        for mention in fetched.mentions:
            # An answer comes before what it answers, which is known by its global id only now.
            mention.parent_id = run.uris.get(mention.parent_id or "", mention.parent_id)
        kept: State = {_SERVER: {run.host: run.domain}} if run.domain else {}
        return replace(fetched, state={**fetched.state, **kept})


@dataclass(slots=True)
class _Run:
    spec: SourceSpec
    client: Client
    as_of: datetime
    domain: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    busy: bool = False
    numbered: bool = False
    unnamed: bool = False
    uris: dict[str, str] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)

    @property
    def server(self) -> str:
        """Its address, without a slash at its end."""
        return str(self.spec.server or "").rstrip("/")

    @property
    def host(self) -> str:
        """Host of its address."""
        return host_of(self.server)

    def places(self) -> dict[str, Ask]:
        """Return how to ask each query and account."""
        found: dict[str, Ask] = {}
        for query in self.spec.queries:
            match = _HASHTAG.fullmatch(query.strip())
            found[query] = partial(self._hashtag, query, match[1]) if match else partial(self._search, query)
        names = [account.strip().lstrip("@") for account in self.spec.accounts]
        return found | {f"@{name}": partial(self._account, name, {}) for name in names}

    def _hashtag(self, place: str, tag: str, span: Span, cursor: str | None) -> Page:
        return self._timeline(place, f"/api/v1/timelines/tag/{quote(tag, safe='')}", span, cursor)

    def _account(self, name: str, found: dict[str, str], span: Span, cursor: str | None) -> Page:
        """Return one page of an account; servers know accounts by numbers of their own, which are looked up once a run."""
        if not found:
            try:
                reply = self._get("/api/v1/accounts/lookup", {"acct": name})
            except AnsweredError as error:
                if error.status == 404:
                    raise SourceError("the server does not know this account: write name, or name@server") from error
                raise
            id_ = id_of(dict_of(reply.json()).get("id"))
            if not id_:
                raise SourceError("the server answered what is no account", "look whether it speaks the interface of Mastodon")
            found["id"] = id_
        return self._timeline(f"@{name}", f"/api/v1/accounts/{quote(found['id'], safe='')}/statuses", span, cursor)

    def _timeline(self, place: str, path: str, span: Span, cursor: str | None) -> Page:
        reply = self._get(path, {"limit": PAGE, **({"max_id": cursor} if cursor else self._from(span))})
        statuses = _statuses_of(reply.json())
        read, refused = self._read(place, statuses)
        # Servers answer fewer than asked, and no next page, where they have hidden some: only an empty page is the last.
        ids = [id_ for id_ in (id_of(dict_of(status).get("id")) for status in statuses) if id_]
        return timeline_page(read, refused, _next(reply) or (ids[-1] if ids else None), span, self.as_of)

    def _search(self, query: str, span: Span, cursor: str | None) -> Page:
        if not self.headers:
            raise self._once(
                "a server searches posts only for those who have a key: write token: and the name of an environment variable, "
                "or look for a hashtag, such as #acme"
            )
        skipped = int(cursor or 0)
        params: dict[str, str | int] = {"q": query, "type": "statuses", "limit": PAGE, "offset": skipped, **self._from(span)}
        statuses = _statuses_of(dict_of(self._get("/api/v2/search", params).json()).get("statuses"))
        read, refused = self._read(query, statuses)
        return timeline_page(read, refused, str(skipped + len(statuses)) if statuses else None, span, self.as_of)

    def _from(self, span: Span) -> dict[str, str | int]:
        """Begin at the end of a hole; other programs number posts in other ways: there everything above it is read again."""
        return {"max_id": _id_at(span.until)} if self.numbered and span.until < self.as_of else {}

    def _read(self, place: str, statuses: list[Any]) -> tuple[list[Mention], list[Refused]]:
        kept: list[Mention] = []
        refused: list[Refused] = []
        for number, raw in enumerate(statuses, start=1):
            status = dict_of(raw)
            id_ = id_of(status.get("id")) or ""
            self.numbered = self.numbered or bool(_NUMBER.fullmatch(id_))
            mention = status_mention(status, self.spec.id, self.spec.type, self._domain())
            reason = wrong_of(status, mention)
            if reason:
                refused.append(Refused(place, number, reason, {"native_id": mention.native_id or ""}))
            else:
                kept.append(mention)
                self.uris[f"{self._domain()}/{id_}"] = mention.native_id or ""
        return kept, refused

    def _domain(self) -> str:
        """Return the name that accounts of this server have in their handles; it may be another than that of its address."""
        if not (self.domain or self.unnamed or self.busy):
            try:
                reply = self.client.get(f"{self.server}/api/v2/instance", headers=self.headers, accept="application/json")
                said = text_of(dict_of(reply.json()).get("domain")).lower()
            except SourceError:
                # Older servers, and other programs, do not say. It is not kept: the next run asks again.
                said = ""
            self.domain = said if _DOMAIN.fullmatch(said) else ""
            self.unnamed = not self.domain
        return self.domain or self.host

    def _get(self, path: str, params: Mapping[str, str | int]) -> Reply:
        if self.busy:
            raise PausedError
        try:
            return self.client.get(f"{self.server}{path}", params=params, headers=self.headers, accept="application/json")
        except AnsweredError as error:
            self.busy = error.status == 429
            refusal = self._refusal(error.status)
            if refusal:
                raise self._once(refusal) from error
            raise

    def _refusal(self, status: int) -> str:
        name = shown(self.server)
        if status in (401, 422) and not self.headers:
            return (
                f"{name} shows this only to those who have a key ({status}): make one under Preferences, Development of an "
                "account there, and write token: and the name of the environment variable that holds it"
            )
        if status == 401:
            return f"{name} refuses the key (401): look whether {self.spec.token} holds a valid one"
        if status == 403:
            asked = "whether the key may read:search and read:statuses" if self.headers else "whether it wants a key: set token"
            return f"{name} refuses (403): look {asked}, or whether it keeps robots out"
        return ""

    def _once(self, message: str) -> SourceError:
        """Return an error, or, where it was told already, what passes over this place."""
        if message in self.told:
            return PausedError()
        self.told.add(message)
        return SourceError(message)


def _statuses_of(answer: object) -> list[Any]:
    if not isinstance(answer, list):
        raise SourceError("the server answered what is no list of posts", "look whether it speaks the interface of Mastodon")
    return list_of(answer)


def _next(reply: Reply) -> str | None:
    """Return `max_id` of the next page that the header `Link` names; only the number: the address is ours."""
    match = _NEXT.search(reply.headers.get("Link", ""))
    try:
        found = parse_qs(urlsplit(match[1]).query).get("max_id", []) if match else []
    except ValueError:
        return None
    return id_of(found[0]) if found else None


def _id_at(moment: datetime) -> str:
    """Return the lowest id of a later millisecond: ids are milliseconds since 1970, shifted by 16 bits."""
    return str((int(moment.timestamp() * 1000) + 1) << 16)
