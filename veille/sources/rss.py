"""RSS, Atom and JSON Feed: a feed as served becomes mentions, one entry each."""

from __future__ import annotations

import io
import re
import xml.sax
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import feedparser
import pandas as pd

from veille.errors import SourceError
from veille.mention import Mention, MentionKind
from veille.sources.answers import shown
from veille.sources.feed import MOST_MEDIA, Feed, sorted_out
from veille.sources.http import Client
from veille.sources.json_feed import parse_json_feed
from veille.sources.links import unwrapped
from veille.sources.source import Fetched, Refused, Span
from veille.sources.text import decode, plain_text
from veille.sources.times import DTYPE as TIME_DTYPE
from veille.sources.times import day_comes_first, parse_times
from veille.sources.values import count_of, host_of, language_of, text_of, web_address

if TYPE_CHECKING:
    from veille.watch import SourceSpec

_ACCEPT = (
    "application/rss+xml, application/atom+xml, application/rdf+xml, application/feed+json, application/json;q=0.9, "
    "application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1"
)
_SEARCHED_CHARACTERS = 50_000
_DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9_.:\-]+)[\"']")
_IMAGE = re.compile(r"<img\b[^>]{0,2000}?\bsrc\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class RssSource:
    """Source of type `rss`: every address of the source is a feed.

    Parameters
    ----------
    timezone
        Zone of the times that say no offset.
    """

    timezone: str = "UTC"

    def fetch(self, spec: SourceSpec, state: dict[str, dict[str, str]], as_of: datetime, client: Client) -> Fetched:
        """Return the entries of all feeds that changed; one feed that fails does not stop the others."""
        mentions: list[Mention] = []
        refused: list[Refused] = []
        kept: dict[str, dict[str, str]] = {}
        errors: list[str] = []
        warnings: list[str] = []
        unfilled: list[Span] = []
        unchanged = 0
        for url in spec.urls:
            before = state.get(url, {})
            kept[url] = before
            try:
                reply = client.get(url, etag=before.get("etag"), last_modified=before.get("last_modified"), accept=_ACCEPT)
                if reply.not_modified:
                    unchanged += 1
                    continue
                feed = parse_feed(
                    reply.content,
                    source=spec.id,
                    source_type=spec.type,
                    url=reply.url,
                    content_type=reply.headers.get("Content-Type", ""),
                    timezone=self.timezone,
                )
            except SourceError as error:
                errors.append(error.message)
                continue
            mentions += feed.mentions
            refused += feed.refused
            if feed.undated:
                warnings.append(f"{shown(url)}: {feed.undated} entries without a readable time, kept and never counted")
            lost = _turned_over(feed, before.get("newest"))
            unfilled += [lost] if lost else []
            newest = max((mention.published_at for mention in feed.mentions if mention.published_at), default=None)
            # A date in the future must not hide a gap that comes before it.
            reached = min(newest, as_of).isoformat() if newest else before.get("newest")
            kept[url] = {"newest": reached} if reached else {}
            if feed.whole:
                kept[url] |= _validators(reply.headers.get("ETag"), reply.headers.get("Last-Modified"))
            else:
                # The rest of a feed that breaks off must be asked for again: nothing is kept to ask for what changed.
                warnings.append(f"{shown(url)}: not well formed, {len(feed.mentions)} entries could be read")
        return Fetched(
            mentions=mentions,
            state=kept,
            refused=refused,
            asked=len(spec.urls),
            unchanged=unchanged,
            errors=tuple(errors),
            warnings=tuple(warnings),
            unfilled=tuple(unfilled),
        )


def parse_feed(
    content: bytes,
    *,
    source: str,
    source_type: str = "rss",
    url: str = "",
    content_type: str = "",
    timezone: str = "UTC",
    place: str = "",
) -> Feed:
    """Read a feed.

    Parameters
    ----------
    content
        The bytes as served.
    source, source_type
        Id and type of the source they came by.
    url
        Address they came from; what relative links are relative to.
    content_type
        Header `Content-Type`.
    timezone
        Zone of the times that say no offset.
    place
        How messages name it; its address where left out.

    Raises
    ------
    SourceError
        It is no feed.
    """
    place = place or (shown(url) if url else source)
    feed = parse_json_feed(content, source=source, source_type=source_type, url=url, timezone=timezone, place=place)
    if feed is not None:
        return feed
    body, charset = _in_one_encoding(content.replace(b"\x00", b"") if not _is_wide(content) else content, content_type)
    headers = {"content-type": f"application/xml; charset={charset}" if charset else "application/xml"}
    try:
        # A stream: feedparser would open bytes that happen to be the name of a file.
        parsed = feedparser.parse(io.BytesIO(body), response_headers={**headers, "content-location": url}, sanitize_html=False)
    except Exception as error:
        # A stranger's bytes in a parser that is not ours: whatever breaks is the feed's failure, and no defect of ours.
        raise SourceError(f"{place} is a feed that cannot be read: {type(error).__name__}") from error
    if not parsed.get("version") and not parsed.entries:
        raise SourceError(f"{place} is no RSS or Atom feed, and no JSON feed", "give the address of the feed, not of the page")
    language = language_of(parsed.feed.get("language"))
    entries: list[Mention] = []
    for entry, published_at in zip(parsed.entries, _published(parsed.entries, timezone), strict=True):
        mention = entry_mention(entry, source, source_type, url=url, language=language)
        mention.published_at = published_at
        entries.append(mention)
    return sorted_out(entries, place, not _broken(parsed))


def entry_mention(entry: Any, source: str, source_type: str, *, url: str = "", language: str | None = None) -> Mention:
    """Return an entry of feedparser as a mention, its time left out; its title and text may both be empty."""
    link = web_address(entry.get("link"), url) or web_address(entry.get("id"), "")
    origin = entry.get("source") or {}
    outlet = plain_text(text_of(origin.get("title")))
    return Mention(
        source=source,
        source_type=source_type,
        kind=MentionKind.ARTICLE.value,
        # An aggregator writes the outlet behind the title: the same article elsewhere would be another one.
        title=_without(plain_text(text_of(entry.get("title"))), outlet),
        text=_body(entry),
        native_id=text_of(entry.get("id")) or link,
        url=unwrapped(link) if link else None,
        # An aggregator names the outlet it took the entry from.
        publisher=host_of(text_of(origin.get("href"))) or outlet or None,
        author=text_of(entry.get("author")) or None,
        language_declared=language_of((entry.get("title_detail") or {}).get("language")) or language,
        replies=count_of(entry.get("slash_comments") or entry.get("thr_total")),
        media=_media(entry, url),
    )


def _turned_over(feed: Feed, newest: str | None) -> Span | None:
    """Return what may be missing: the span between what was known as newest and the oldest entry, where all are newer."""
    oldest = min((mention.published_at for mention in feed.mentions if mention.published_at), default=None)
    try:
        known = datetime.fromisoformat(newest) if newest else None
    except ValueError:
        return None
    return Span(known, oldest) if known and oldest and known.tzinfo and known < oldest else None


def _without(title: str, outlet: str) -> str:
    end = f" - {outlet}"
    return title.removesuffix(end).rstrip() if outlet and len(title) > len(end) else title


def _body(entry: Any) -> str:
    """Return the longest of summary and contents: which of them holds the article differs between publishers."""
    texts = [entry.get("summary"), *(part.get("value") for part in entry.get("content") or [] if _is_text(part))]
    return max((plain_text(text_of(text)) for text in texts), key=len)


def _published(entries: list[Any], timezone: str) -> list[datetime | None]:
    """Return when each entry was published, else created, else changed; all entries of a feed are read at once."""
    result = pd.Series(pd.NaT, index=range(len(entries)), dtype=TIME_DTYPE)
    for name in ("published", "created", "updated"):
        # `get` of feedparser answers `updated` with `published`; the keys do not.
        texts = [text_of(entry.get(name)) if name in entry.keys() else "" for entry in entries]  # noqa: SIM118
        if any(texts):
            column = pd.Series(texts, dtype="object")
            # Nobody can be asked what a feed means by 03/11/2026; those that break RFC 822 so write the day first.
            result = result.fillna(parse_times(column, timezone, day_comes_first(column) is not False).instants)
    return [None if pd.isna(moment) else moment.to_pydatetime() for moment in result]


def _media(entry: Any, url: str) -> list[str]:
    found = [part.get("url") for part in [*(entry.get("media_content") or []), *(entry.get("media_thumbnail") or [])]]
    found += [part.get("href") for part in entry.get("enclosures") or []]
    found += _IMAGE.findall(text_of(entry.get("summary"))[:_SEARCHED_CHARACTERS])
    addresses = (web_address(part, url) for part in found)
    return list(dict.fromkeys(address for address in addresses if address))[:MOST_MEDIA]


def _in_one_encoding(content: bytes, content_type: str) -> tuple[bytes, str]:
    """Settle the encoding: what the bytes are weighs more than what the file and the server say they are."""
    if _is_wide(content):
        return content, ""
    declared = _DECLARED.match(content.removeprefix(b"\xef\xbb\xbf"))
    served = re.search(r"charset\s*=\s*[\"']?([A-Za-z0-9_.:\-]+)", content_type, re.IGNORECASE)
    name = declared[1].decode("ascii") if declared else served[1] if served else "utf-8"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        if name.lower().replace("_", "-") in ("utf-8", "utf8", "us-ascii", "ascii"):
            return decode(content).text.encode("utf-8"), "utf-8"
        return content, name
    # Text in another encoding is UTF-8 by chance only where it is ASCII, or an escape encoding.
    return content, name if name.lower().startswith(("iso-2022", "hz", "utf-7")) else "utf-8"


def _is_wide(content: bytes) -> bool:
    return content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in content[:4]


def _broken(parsed: Any) -> bool:
    return bool(parsed.get("bozo")) and isinstance(parsed.get("bozo_exception"), xml.sax.SAXException)


def _validators(etag: str | None, last_modified: str | None) -> dict[str, str]:
    pairs = {"etag": etag, "last_modified": last_modified}
    return {name: value for name, value in pairs.items() if value and len(value) <= 1000}


def _is_text(part: Any) -> bool:
    return not text_of(part.get("type")).startswith(("image/", "audio/", "video/", "application/octet"))
