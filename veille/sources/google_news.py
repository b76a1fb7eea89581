"""Google News: each query is a feed of the newest articles that name it; no key, and no page beyond the first."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from veille.mention import Mention
from veille.sources.http import Client
from veille.sources.paging import Bounds, Page, search
from veille.sources.rss import parse_feed
from veille.sources.source import Fetched, Span, State

if TYPE_CHECKING:
    from veille.watch import SourceSpec

SERVER = "https://news.google.com"
INTERVAL_SECONDS = 2.0
MOST_ENTRIES = 100
"""Entries of one answer at most: what is beyond them is never told."""

_LANGUAGE = "fr"
# The country whose edition a language means where watch.yml names none; the others are named as their language.
_COUNTRIES = {"en": "US", "cs": "CZ", "da": "DK", "el": "GR", "ja": "JP", "ko": "KR", "sv": "SE", "uk": "UA", "zh": "CN"}
_OWN_SPAN = re.compile(r"(?<!\w)(?:when|after|before):", re.IGNORECASE)


def google_news_address(query: str, language: str | None = None, country: str | None = None, server: str = SERVER) -> str:
    """Return the address of the feed of a search of Google News.

    Parameters
    ----------
    query
        What to search for, in its own syntax: words, "phrases", OR, -word, intitle:, site:, when:7d.
    language
        Language of the edition, ISO 639-1; French where None.
    country
        Country of the edition, ISO 3166-1; that of the language where None (`fr` is FR, `en` is US).
    server
        Base address.
    """
    language = (language or _LANGUAGE).lower()
    usual = _COUNTRIES.get(language, language.upper())
    country = (country or usual).upper()
    edition = language if country == usual and language != "en" else f"{language}-{country}"
    asked = urlencode({"q": query, "hl": edition, "gl": country, "ceid": f"{country}:{language}"})
    return f"{server.rstrip('/')}/rss/search?{asked}"


@dataclass(frozen=True, slots=True)
class GoogleNewsSource:
    """Source of type `google_news`: every query is searched in the edition of a language and a country.

    Parameters
    ----------
    timezone
        Zone of the times that say no offset.
    """

    timezone: str = "UTC"

    def fetch(self, spec: SourceSpec, state: State, as_of: datetime, client: Client) -> Fetched:
        """Return the articles that each query finds; one that fails does not stop the others."""
        run = _Run(spec, as_of, client, self.timezone)
        places = {query: partial(run.page, query) for query in spec.queries}
        bounds = Bounds(as_of, timedelta(days=spec.backfill_days), refresh=False)
        fetched = search(places, state, bounds, spec.limit)
        return replace(fetched, warnings=(*fetched.warnings, *run.warnings))


@dataclass(slots=True)
class _Run:
    spec: SourceSpec
    as_of: datetime
    client: Client
    timezone: str
    warnings: list[str] = field(default_factory=list)

    def page(self, query: str, span: Span, _: str | None = None) -> Page:
        """Return what a query finds in a span; there is no second page."""
        spec = self.spec
        asked = query if _OWN_SPAN.search(query) else f"{query} when:{_ago(self.as_of - span.since)}"
        url = google_news_address(asked, spec.language, spec.country, str(spec.server or SERVER))
        reply = self.client.get(url, accept="application/rss+xml, */*;q=0.1", interval_seconds=INTERVAL_SECONDS)
        feed = parse_feed(
            reply.content,
            source=spec.id,
            source_type=spec.type,
            url=reply.url,
            content_type=reply.headers.get("Content-Type", ""),
            timezone=self.timezone,
        )
        if not feed.whole:
            self.warnings.append(f"{query}: the feed is not well formed, {len(feed.mentions)} entries could be read")
        if len(feed.mentions) >= MOST_ENTRIES:
            self.warnings.append(
                f"{query}: Google News answered {len(feed.mentions)} articles and gives no more; what it left out is not "
                "known: ask more often, or with narrower queries"
            )
        return Page([article(mention) for mention in feed.mentions], feed.refused)


def article(mention: Mention) -> Mention:
    """Return an entry of a feed of Google News as the article it is about.

    Its text is only its title and its outlet again, or the titles of others; neither was said by the article.
    """
    if mention.title:
        mention.text = ""
    return mention


def _ago(span: timedelta) -> str:
    """Write a span as the operator `when:` has it, never shorter."""
    hours = max(1, math.ceil(span / timedelta(hours=1)))
    return f"{hours}h" if hours <= 24 else f"{math.ceil(hours / 24)}d"
