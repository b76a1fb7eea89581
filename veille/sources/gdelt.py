"""GDELT: articles of the world's press by its search of the last three months; no key, one request every five seconds.

It sheds load with 429, or with a complaint in plain text where JSON was asked for: it is then left alone, longer each time.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from veille.errors import SourceError
from veille.mention import Mention, MentionKind
from veille.sources.answers import AnsweredError
from veille.sources.breaker import Breaker
from veille.sources.http import Client
from veille.sources.paging import Bounds, Page, PausedError, search
from veille.sources.source import Fetched, Refused, Span, State
from veille.sources.text import decode, plain_text
from veille.sources.values import dict_of, host_of, list_of, moment_of, text_of, web_address

if TYPE_CHECKING:
    from veille.watch import SourceSpec

SERVER = "https://api.gdeltproject.org"
PATH = "/api/v2/doc/doc"
REACH = timedelta(days=90)
INTERVAL_SECONDS = 5.0
MOST_RECORDS = 250
_STAMP = "%Y%m%d%H%M%S"
_COMPLAINT = re.compile(r"limit (?:your )?requests|too many requests|rate limit", re.IGNORECASE)
_WRONG_ESCAPE = re.compile(r'\\(?!["\\/bfnrtu])')
# GDELT names languages in English; those of ISO 639-1 that a watch here is likely to meet.
LANGUAGES = {
    "Arabic": "ar", "Basque": "eu", "Bulgarian": "bg", "Catalan": "ca", "Chinese": "zh", "Croatian": "hr", "Czech": "cs",
    "Danish": "da", "Dutch": "nl", "English": "en", "Estonian": "et", "Finnish": "fi", "French": "fr", "German": "de",
    "Greek": "el", "Hebrew": "he", "Hindi": "hi", "Hungarian": "hu", "Indonesian": "id", "Italian": "it", "Japanese": "ja",
    "Korean": "ko", "Latvian": "lv", "Lithuanian": "lt", "Norwegian": "no", "Persian": "fa", "Polish": "pl",
    "Portuguese": "pt", "Romanian": "ro", "Russian": "ru", "Serbian": "sr", "Slovak": "sk", "Slovenian": "sl",
    "Spanish": "es", "Swedish": "sv", "Thai": "th", "Turkish": "tr", "Ukrainian": "uk", "Vietnamese": "vi",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class GdeltSource:
    """Source of type `gdelt`: every query is searched in the articles that GDELT saw.

    Parameters
    ----------
    timezone
        Not used: GDELT tells times in UTC.
    """

    timezone: str = "UTC"

    def fetch(self, spec: SourceSpec, state: State, as_of: datetime, client: Client) -> Fetched:
        """Return the articles that each query finds; while GDELT asks to be left alone, nothing is asked."""
        breaker = Breaker(state, as_of)
        if breaker.until:
            told = f"GDELT asked to be left alone: it is asked again from {breaker.until:%Y-%m-%d %H:%M} UTC on"
            return Fetched([], state, warnings=(told,))
        run = _Run(spec, client, breaker)
        places = {query: partial(run.page, query) for query in spec.queries}
        bounds = Bounds(as_of, timedelta(days=spec.backfill_days), reach=REACH, refresh=False)
        fetched = search(places, state, bounds, spec.limit)
        kept = {**fetched.state, **breaker.state}
        return replace(fetched, state=kept, warnings=(*fetched.warnings, *run.warnings))


@dataclass(slots=True)
class _Run:
    spec: SourceSpec
    client: Client
    breaker: Breaker
    warnings: list[str] = field(default_factory=list)

    def page(self, query: str, span: Span, cursor: str | None) -> Page:
        """Return one page of a query; the cursor is the end of its span."""
        if self.breaker.until:
            raise PausedError
        until = moment_of(cursor) or span.until
        language = next((name for name, code in LANGUAGES.items() if code == self.spec.language), "")
        params: dict[str, str | int] = {
            "query": f"{query} sourcelang:{language.lower()}" if language and "sourcelang:" not in query else query,
            "mode": "artlist",
            "format": "json",
            "maxrecords": MOST_RECORDS,
            "sort": "datedesc",
            "startdatetime": _stamp(span.since),
            "enddatetime": _stamp(until),
        }
        articles = self._ask(query, params)
        read = [article_mention(dict_of(article), self.spec.id, self.spec.type) for article in articles]
        refused = [
            Refused(query, number, "no title and no address", {"url": mention.url or "", "title": mention.title})
            for number, mention in enumerate(read, start=1)
            if not (mention.title and mention.url)
        ]
        mentions = [mention for mention in read if mention.title and mention.url]
        return Page(mentions, refused, self._older(query, mentions, until) if len(articles) >= MOST_RECORDS else None)

    def _older(self, query: str, mentions: list[Mention], until: datetime) -> str | None:
        """Return the end of the next page: the time of the oldest article, whose others are then seen again."""
        oldest = min((mention.published_at for mention in mentions if mention.published_at), default=None)
        if oldest is None:
            return None
        if oldest >= until.replace(microsecond=0):
            # GDELT looks every quarter of an hour: more than a page of one look cannot be told apart.
            oldest = until - timedelta(seconds=1)
            self.warnings.append(f"{query}: more than {MOST_RECORDS} articles of {until:%Y-%m-%d %H:%M} UTC, some are missing")
        return oldest.isoformat()

    def _ask(self, query: str, params: dict[str, str | int]) -> list[Any]:
        url = f"{str(self.spec.server or SERVER).rstrip('/')}{PATH}"
        try:
            reply = self.client.get(
                url, params=params, accept="application/json", interval_seconds=INTERVAL_SECONDS, attempts=1
            )
        except AnsweredError as error:
            if error.status == 429:
                self._trip(error.wait_seconds)
            raise
        text = decode(reply.content).text.strip()
        if _COMPLAINT.search(text[:500]) and not text.startswith("{"):
            self._trip()
        if not text or text == "{}":
            articles: list[Any] = []
        elif text.startswith("{"):
            articles = list_of(dict_of(_json(text)).get("articles"))
        else:
            said = plain_text(text)[:150].replace("\n", " ")
            raise SourceError(f"GDELT answers no articles but says: {said}", "look at the query in its own syntax")
        self.breaker.reset()
        return articles

    def _trip(self, wait_seconds: float | None = None) -> None:
        until = self.breaker.trip(wait_seconds)
        self.warnings.append(f"GDELT says that it is asked too much: it is asked again from {until:%Y-%m-%d %H:%M} UTC on")
        raise PausedError


def article_mention(article: dict[str, Any], source: str, source_type: str) -> Mention:
    """Return an article of GDELT as a mention; it may have no title or no address, and never has a text.

    GDELT tells when it saw an article first, not when it was published: within a quarter of an hour for most.
    """
    url = web_address(article.get("url"))
    image = web_address(article.get("socialimage"))
    return Mention(
        source=source,
        source_type=source_type,
        kind=MentionKind.ARTICLE.value,
        title=plain_text(text_of(article.get("title"))),
        text="",
        native_id=url,
        url=url,
        publisher=text_of(article.get("domain")).lower() or host_of(url or "") or None,
        published_at=moment_of(article.get("seendate")),
        language_declared=LANGUAGES.get(text_of(article.get("language")).title()),
        media=[image] if image else [],
    )


def _json(text: str) -> object:
    """Read JSON as GDELT writes it: with backslashes of titles that escape nothing, and line breaks within texts.

    Raises
    ------
    SourceError
        It is no JSON, repaired or not.
    """
    for attempt in (text, _WRONG_ESCAPE.sub(r"\\\\", text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    raise SourceError("GDELT answered what is no JSON", "it is asked again at the next run")


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime(_STAMP)
