"""X: posts of the last seven days by the official search; each post costs money, so a budget of posts a month is kept.

Off unless watch.yml says `enabled: true`.
"""

from __future__ import annotations

import html
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from veille.errors import SourceError
from veille.mention import Mention, MentionKind
from veille.sources.answers import AnsweredError
from veille.sources.http import Client
from veille.sources.paging import MOST_MENTIONS, Ask, Bounds, Page, PausedError, search
from veille.sources.secrets import secret
from veille.sources.source import Fetched, Refused, Span, State
from veille.sources.values import count_of, dict_of, dicts_of, id_of, language_of, list_of, moment_of, text_of, web_address

if TYPE_CHECKING:
    from veille.watch import SourceSpec

SERVER = "https://api.x.com"
PATH = "/2/tweets/search/recent"
# The service counts its seven days from the moment it is asked, later than the run began.
REACH = timedelta(days=7) - timedelta(minutes=15)
LEAST_POSTS, MOST_POSTS = 10, 100
"""Posts of one page that may be asked for."""

_SPENT, _NEWEST = "(spent)", "(newest)"
_FIELDS = {
    "tweet.fields": "attachments,author_id,created_at,lang,note_tweet,public_metrics,referenced_tweets",
    "user.fields": "public_metrics,username",
    "media.fields": "preview_image_url,url",
}
_EXPANSIONS = "author_id,attachments.media_keys"
_QUOTED = "referenced_tweets.id"
_HINTS = {
    400: "the query is not in the syntax of X, or too long for the plan of the key",
    401: "the key is not valid: set a bearer token",
    402: "the credits of the key are used up",
    403: "the plan of the key does not allow the search",
    429: "it is asked too much, or the plan's posts of the month are used up; it is asked again at the next run",
}


@dataclass(frozen=True, slots=True)
class XSource:
    """Source of type `x`: queries are searched, accounts are followed by `from:`.

    Parameters
    ----------
    timezone
        Zone in which the calendar months of the budget begin.
    """

    timezone: str = "UTC"

    def fetch(self, spec: SourceSpec, state: State, as_of: datetime, client: Client) -> Fetched:
        """Return the posts that each query finds, as far as the budget of the month goes."""
        run = _Run(spec, state, client, f"{as_of.astimezone(ZoneInfo(self.timezone)):%Y-%m}")
        if run.left < LEAST_POSTS:
            return Fetched([], state, warnings=(run.told,))
        run.token = secret(spec, "token")
        bounds = Bounds(as_of, timedelta(days=spec.backfill_days), reach=REACH, refresh=False)
        fetched = search(run.places(), state, bounds, spec.limit)
        warnings = (*fetched.warnings, run.told) if run.left < LEAST_POSTS else fetched.warnings
        return replace(fetched, state={**fetched.state, **run.state}, warnings=warnings)


@dataclass(slots=True)
class _Run:
    spec: SourceSpec
    before: State
    client: Client
    month: str
    token: str = ""
    busy: bool = False
    read: dict[str, int] = field(default_factory=dict)
    spent: int = field(init=False)
    newest: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.spent = count_of(self.before.get(_SPENT, {}).get(self.month)) or 0
        self.newest = dict(self.before.get(_NEWEST, {}))

    @property
    def left(self) -> int:
        """Posts that may still be paid for this month."""
        return max(0, (self.spec.posts_a_month or 0) - self.spent)

    @property
    def told(self) -> str:
        """What a person should know where nothing is left."""
        return (
            f"{self.spent} of the {self.spec.posts_a_month or 0} posts that may be paid for in {self.month} are read: X is not "
            "asked again before the next month"
        )

    @property
    def state(self) -> State:
        """What to keep besides how far each query came."""
        return {_SPENT: {self.month: str(self.spent)}, _NEWEST: self.newest}

    def places(self) -> dict[str, Ask]:
        """Return how to ask each query and account."""
        queries = [*self.spec.queries, *(f"from:{account.strip().lstrip('@')}" for account in self.spec.accounts)]
        self.read = dict.fromkeys(queries, 0)
        return {query: partial(self.page, query) for query in queries}

    def page(self, query: str, span: Span, cursor: str | None) -> Page:
        """Return one page of a query, no larger than what is left of the budget."""
        left = self.left
        if left < LEAST_POSTS or self.busy:
            raise PausedError
        # What is read beyond the share of a query was paid for all the same.
        wanted = (self.spec.limit or MOST_MENTIONS) // len(self.read) - self.read[query]
        most = min(MOST_POSTS, left, max(LEAST_POSTS, wanted))
        # A post may bring two more with it, the one it answers and the one it quotes: they may have to be paid for too.
        quoted = left >= 3 * most
        params: dict[str, str | int] = {
            "query": query,
            "max_results": most,
            "expansions": f"{_EXPANSIONS},{_QUOTED},{_QUOTED}.author_id" if quoted else _EXPANSIONS,
            **_FIELDS,
            **self._span(query, span),
            **({"next_token": cursor} if cursor else {}),
        }
        answer = self._ask(params)
        posts, included = dicts_of(answer.get("data")), dict_of(answer.get("includes"))
        self.read[query] += len(posts)
        known = {id_of(post.get("id")) for post in posts}
        self.spent += len(posts) + sum(id_of(post.get("id")) not in known for post in dicts_of(included.get("tweets")))
        self._note_newest(query, posts)
        read = [post_mention(post, included, self.spec.id, self.spec.type) for post in posts]
        refused = [
            Refused(query, number, "no id and no text", {"native_id": mention.native_id or ""})
            for number, mention in enumerate(read, start=1)
            if not (mention.native_id and mention.text)
        ]
        kept = [mention for mention in read if mention.native_id and mention.text]
        return Page(kept, refused, id_of(dict_of(answer.get("meta")).get("next_token")))

    def _span(self, query: str, span: Span) -> dict[str, str | int]:
        """Ask for what is newer than the newest known post, which would cost again, or else for times."""
        before = self.before.get(query, {})
        newest = self.before.get(_NEWEST, {}).get(query)
        if newest and before.get("reached") == span.since.isoformat():
            return {"since_id": newest}
        asked: dict[str, str | int] = {"start_time": _stamp(span.since)}
        if before.get("hole_until") == span.until.isoformat():
            asked["end_time"] = _stamp(span.until + timedelta(seconds=1))
        return asked

    def _note_newest(self, query: str, posts: list[dict[str, Any]]) -> None:
        ids = [text for text in (id_of(post.get("id")) for post in posts) if text and text.isascii() and text.isdigit()]
        known = self.newest.get(query, "")
        self.newest[query] = str(max([int(known) if known.isdigit() else 0, *(int(text[:30]) for text in ids)]))
        if self.newest[query] == "0":
            del self.newest[query]

    def _ask(self, params: dict[str, str | int]) -> dict[str, Any]:
        url = f"{str(self.spec.server or SERVER).rstrip('/')}{PATH}"
        headers = {"Authorization": f"Bearer {self.token}"}
        try:
            answer = self.client.get(url, params=params, headers=headers, accept="application/json").json()
        except AnsweredError as error:
            self.busy = error.status in (401, 402, 403, 429)
            hint = _HINTS.get(error.status)
            if hint:
                raise SourceError(f"X answered {error.status}: {hint}", hint) from error
            raise
        if not isinstance(answer, dict) or not ({"data", "meta"} & answer.keys()):
            raise SourceError("X answered what is no page of posts", "look whether the service has changed")
        return answer


def post_mention(post: dict[str, Any], included: dict[str, Any], source: str, source_type: str) -> Mention:
    """Return a post of the API v2 as a mention; its id and its text may be missing.

    Parameters
    ----------
    post
        One of `data`.
    included
        `includes` of the same answer: users, posts that are answered, quoted or reposted, and media.
    source, source_type
        Id and type of the source it came by.

    Notes
    -----
    A repost carries the whole text of what it reposts, which its own text cuts off, and none of its counters: they are
    those of the other post.
    """
    id_ = id_of(post.get("id"))
    author = _included(included, "users", "id", post.get("author_id"))
    username = text_of(author.get("username"))
    links = dicts_of(post.get("referenced_tweets"))
    link = next((part for kind in ("retweeted", "replied_to", "quoted") for part in links if part.get("type") == kind), {})
    repost = link.get("type") == "retweeted"
    original = _included(included, "tweets", "id", link.get("id")) if repost else {}
    metrics = {} if repost else dict_of(post.get("public_metrics"))
    shares = [count_of(metrics.get(name)) for name in ("retweet_count", "quote_count")]
    keys = [key for key in list_of(dict_of(post.get("attachments")).get("media_keys")) if isinstance(key, str)]
    media = [_included(included, "media", "media_key", key) for key in keys]
    addresses = (web_address(part.get("url")) or web_address(part.get("preview_image_url")) for part in media)
    return Mention(
        source=source,
        source_type=source_type,
        kind=(MentionKind.REPOST if repost else MentionKind.POST).value,
        text=_text(original) or _text(post),
        native_id=id_,
        url=f"https://x.com/{username or 'i'}/status/{id_}" if id_ and id_.isdigit() else None,
        parent_id=id_of(link.get("id")),
        author=username or id_of(post.get("author_id")),
        author_name=text_of(author.get("name")) or None,
        author_followers=count_of(dict_of(author.get("public_metrics")).get("followers_count")),
        published_at=moment_of(post.get("created_at")),
        language_declared=language_of(post.get("lang")),
        likes=count_of(metrics.get("like_count")),
        shares=sum(count or 0 for count in shares) if any(count is not None for count in shares) else None,
        replies=count_of(metrics.get("reply_count")),
        views=count_of(metrics.get("impression_count")),
        media=[address for address in addresses if address],
    )


def _text(post: dict[str, Any]) -> str:
    """Return the whole text: that of a long post stands apart; &, < and > are written as entities."""
    return html.unescape(text_of(dict_of(post.get("note_tweet")).get("text")) or text_of(post.get("text")))


def _included(included: dict[str, Any], name: str, key: str, value: object) -> dict[str, Any]:
    wanted = id_of(value)
    return next((part for part in dicts_of(included.get(name)) if wanted and id_of(part.get(key)) == wanted), {})


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
