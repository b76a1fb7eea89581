"""Reddit: posts that a search finds and what is new in a subreddit or of a user, from its feeds or, with a key, its API."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urljoin, urlsplit

from veille.errors import SourceError
from veille.mention import Mention, MentionKind
from veille.sources.answers import AnsweredError, Reply
from veille.sources.http import Client
from veille.sources.paging import Ask, Bounds, Page, PausedError, search
from veille.sources.rss import parse_feed
from veille.sources.secrets import secret
from veille.sources.source import Fetched, Refused, Span, State
from veille.sources.text import plain_text
from veille.sources.values import count_of, dict_of, dicts_of, id_of, moment_of, text_of, web_address

if TYPE_CHECKING:
    from veille.watch import SourceSpec

SERVER = "https://www.reddit.com"
API = "https://oauth.reddit.com"
INTERVAL_SECONDS = 2.0
PAGE = 100
_ACCOUNT = re.compile(r"/?(?:(r)/([A-Za-z0-9_]{2,50})|(?:u|user)/([A-Za-z0-9_-]{2,50}))/?")
_NAME = re.compile(r"(?:^|/)(t[13]_[a-z0-9]{1,15})/?$")
_PERMALINK = re.compile(r"/comments/([a-z0-9]{1,15})(?:/[^/]*(?:/([a-z0-9]{1,15}))?)?/?$")
_GONE = ("[removed]", "[deleted]", "[removed by reddit]", "[deleted by user]")
_TRAILER = re.compile(r"\s*submitted by\s+/u/\S+(?:\s+to\s+r/\S+)?\s*(?:\[link\])?\s*(?:\[comments\])?\s*$")
_REFUSED_HINT = "Reddit keeps programs without a key out of many networks: name the variables of a key in token and user"
_BUSY_HINT = "ask less often, fewer queries and accounts, or with a key; it is asked again at the next run"


@dataclass(frozen=True, slots=True)
class RedditSource:
    """Source of type `reddit`: queries are searched; accounts are subreddits (`r/france`) and users (`u/name`).

    Parameters
    ----------
    timezone
        Zone of the times that say no offset.
    """

    timezone: str = "UTC"

    def fetch(self, spec: SourceSpec, state: State, as_of: datetime, client: Client) -> Fetched:
        """Return what is new at each query and account; once Reddit says that it is asked too much, nothing more is asked."""
        run = _Run(spec, client, self.timezone)
        if spec.token:
            run.headers = {"Authorization": f"Bearer {_token(spec, client)}"}
        bounds = Bounds(as_of, timedelta(days=spec.backfill_days), refresh=bool(spec.token))
        fetched = search(run.places(), state, bounds, spec.limit)
        return replace(fetched, errors=(*run.errors, *fetched.errors), warnings=(*fetched.warnings, *run.warnings))


@dataclass(slots=True)
class _Run:
    spec: SourceSpec
    client: Client
    timezone: str
    headers: dict[str, str] = field(default_factory=dict)
    busy: bool = False
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def places(self) -> dict[str, Ask]:
        """Return how to ask each query and account."""
        found: dict[str, Ask] = {}
        for query in self.spec.queries:
            found[query] = self._ask(query, "/search", {"q": query, "sort": "new"})
        for account in self.spec.accounts:
            match = _ACCOUNT.fullmatch(account.strip())
            if not match:
                self.errors.append(f"{account} is neither a subreddit nor a user: write r/name or u/name")
            elif not match[1]:
                found[account] = self._ask(account, f"/user/{quote(match[3])}", {"sort": "new"})
            else:
                found[account] = self._ask(account, f"/r/{match[2]}/new", {})
                if self.headers:
                    found[f"{account}/comments"] = self._ask(account, f"/r/{match[2]}/comments", {})
        return found

    def _ask(self, place: str, path: str, params: dict[str, str | int]) -> Ask:
        read: Callable[[Reply, str], Page] = self._listing if self.headers else self._feed
        server = str(self.spec.server or (API if self.headers else SERVER)).rstrip("/")
        ending = "" if self.headers else "/.rss" if path != "/search" else ".rss"

        def ask(_: Span, cursor: str | None) -> Page:
            if self.busy:
                raise PausedError
            asked = {
                **params,
                "limit": PAGE,
                **({"after": cursor} if cursor else {}),
                **({"raw_json": 1} if self.headers else {}),
            }
            try:
                reply = self.client.get(
                    f"{server}{path}{ending}",
                    params=asked,
                    headers=self.headers,
                    accept="application/json" if self.headers else "application/atom+xml, */*;q=0.1",
                    interval_seconds=INTERVAL_SECONDS,
                )
            except AnsweredError as error:
                self.busy = error.status == 429
                raise _clear(error, bool(self.headers)) from error
            return read(reply, place)

        return ask

    def _feed(self, reply: Reply, place: str) -> Page:
        feed = parse_feed(
            reply.content,
            source=self.spec.id,
            source_type=self.spec.type,
            url=reply.url,
            content_type=reply.headers.get("Content-Type", ""),
            timezone=self.timezone,
            place=place,
        )
        if not feed.whole:
            self.warnings.append(f"{place}: the feed is not well formed, {len(feed.mentions)} entries could be read")
        read = [feed_mention(mention) for mention in feed.mentions]
        kept, gone = _sorted_out(read, place)
        # From an entry that has no name nothing further can be asked for.
        last = read[-1].native_id if len(read) + len(feed.refused) >= PAGE and read else None
        return Page(kept, [*feed.refused, *gone], last)

    def _listing(self, reply: Reply, place: str) -> Page:
        data = dict_of(dict_of(reply.json()).get("data"))
        if not isinstance(data.get("children"), list):
            raise SourceError("Reddit answered what is no listing", "look whether the service has changed")
        things = [dict_of(child.get("data")) for child in dicts_of(data["children"])]
        kept, refused = _sorted_out([thing_mention(thing, self.spec.id, self.spec.type) for thing in things], place)
        return Page(kept, refused, id_of(data.get("after")))


def feed_mention(mention: Mention) -> Mention:
    """Return an entry of a feed of Reddit as the post or the comment it is."""
    mention.native_id = _name(mention)
    comment = (mention.native_id or "").startswith("t1_")
    mention.kind = (MentionKind.COMMENT if comment else MentionKind.POST).value
    mention.author = re.sub(r"^/?u/", "", mention.author or "") or None
    mention.text = _TRAILER.sub("", mention.text.replace("\xa0", " "))
    if comment:
        # Its title is its author and the title of the post.
        mention.title = ""
    return mention


def _name(mention: Mention) -> str | None:
    """Return its full name (`t3_…`): the reader of feeds makes an address of it; else its own address says it."""
    name = _NAME.search(mention.native_id or "")
    if name:
        return name[1]
    address = _PERMALINK.search(urlsplit(mention.url or "").path)
    if address is None:
        return None
    return f"t1_{address[2]}" if address[2] else f"t3_{address[1]}"


def thing_mention(thing: dict[str, Any], source: str, source_type: str) -> Mention:
    """Return a post (`t3_…`) or a comment (`t1_…`) of the API as a mention; what was removed has its mark as text."""
    name = id_of(thing.get("name"))
    comment = (name or "").startswith("t1_")
    removed = bool(text_of(thing.get("removed_by_category")))
    image = web_address(thing.get("url_overridden_by_dest"))
    permalink = text_of(thing.get("permalink"))
    author = text_of(thing.get("author"))
    return Mention(
        source=source,
        source_type=source_type,
        kind=(MentionKind.COMMENT if comment else MentionKind.POST).value,
        title="" if comment else plain_text(text_of(thing.get("title"))),
        text=_GONE[0] if removed else text_of(thing.get("body" if comment else "selftext")),
        native_id=name,
        url=web_address(urljoin(f"{SERVER}/", permalink)) if permalink else None,
        parent_id=id_of(thing.get("parent_id")) if comment else None,
        author=author if author and author not in _GONE else None,
        published_at=moment_of(thing.get("created_utc")),
        likes=_score(thing.get("score")),
        replies=None if comment else count_of(thing.get("num_comments")),
        media=[image] if image and image.lower().endswith((".jpg", ".jpeg", ".png", ".gif", ".webp", ".mp4")) else [],
    )


def _score(value: object) -> int | None:
    """Votes against can outnumber those for: the score is then below zero, and nobody likes it."""
    return 0 if isinstance(value, int) and value < 0 else count_of(value)


def _sorted_out(read: list[Mention], place: str) -> tuple[list[Mention], list[Refused]]:
    kept: list[Mention] = []
    refused: list[Refused] = []
    for number, mention in enumerate(read, start=1):
        reason = _wrong(mention)
        if reason:
            refused.append(Refused(place, number, reason, {"native_id": mention.native_id or "", "url": mention.url or ""}))
        else:
            kept.append(mention)
    return kept, refused


def _wrong(mention: Mention) -> str:
    if mention.text.strip().lower() in _GONE or mention.title.strip().lower() in _GONE:
        return "it was removed or deleted"
    if not mention.native_id:
        return "no id"
    return "" if mention.title or mention.text else "no title and no text"


def _token(spec: SourceSpec, client: Client) -> str:
    """Return a token of the application itself: nobody logs in.

    Raises
    ------
    SourceError
        The key is not set, or Reddit refuses it.
    """
    login = (secret(spec, "user"), secret(spec, "token"))
    url = f"{str(spec.server or SERVER).rstrip('/')}/api/v1/access_token"
    try:
        answer = dict_of(client.post(url, form={"grant_type": "client_credentials"}, login=login).json())
    except AnsweredError as error:
        if error.status in (400, 401, 403):
            raise SourceError(
                f"Reddit refuses the key ({error.status})", f"look whether {spec.user} is its id and {spec.token} its secret"
            ) from error
        raise
    token = text_of(answer.get("access_token"))
    if not token or not token.isascii() or not token.isprintable():
        raise SourceError("Reddit gives no token for the key", "look whether the application still exists")
    return token


def _clear(error: AnsweredError, keyed: bool) -> SourceError:
    if error.status == 403:
        hint = "it may be private, or the key may not read it" if keyed else _REFUSED_HINT
        return SourceError(f"Reddit refuses (403): {hint}", hint)
    if error.status == 429:
        return SourceError(f"Reddit says that it is asked too much (429): {_BUSY_HINT}", _BUSY_HINT)
    if error.status == 404:
        return SourceError("Reddit does not know it (404), or it is banned", "look at its name")
    return error
