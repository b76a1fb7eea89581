"""Find the feeds of a site as its pages name them; each is kept only if it can really be read as one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from lxml import etree, html

from veille.errors import SourceError, UsageError
from veille.sources import Client, parse_feed, shown

MOST_FEEDS = 5
"""Feeds that are kept of one site."""
MOST_TRIED = 20
"""Addresses that are tried for one site."""
_TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json")
_LOOKS_LIKE_ONE = re.compile(r"(?:^|[/._-])(?:rss|atom|feeds?)(?:[/._?-]|$)", re.IGNORECASE)
_SITEMAP = re.compile(r"^\s*sitemap\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_NEWS = re.compile(r"news|actu|rss|feed|atom", re.IGNORECASE)
_COMMON = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json")
_ACCEPT = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.1"


@dataclass(slots=True)
class SiteFeeds:
    """What was found at a site.

    Parameters
    ----------
    site
        Its address.
    feeds
        Addresses of feeds that could be read, and how many entries each has.
    notes
        What else a person should know, one sentence each.
    """

    site: str
    feeds: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def find_feeds(site: str, client: Client) -> SiteFeeds:
    """Look for the feeds of a site: those its page names, those its sitemaps name, then the usual addresses.

    Parameters
    ----------
    site
        Address of a page; `https://` may be left out.
    client
        The HTTP client. The page is read only where the site lets robots do so.

    Raises
    ------
    UsageError
        It is no address of the web. What fails at the site is no error: it is in the notes.
    """
    address = _address(site)
    found = SiteFeeds(address)
    known: list[frozenset[str]] = []
    tried: set[str] = set()

    def keep(candidates: Iterator[str]) -> None:
        for url in candidates:
            if url in tried or len(tried) >= MOST_TRIED or len(found.feeds) >= MOST_FEEDS:
                continue
            tried.add(url)
            _verify(url, client, found, known)

    keep(_named(address, client, found))
    keep(_in_sitemaps(address, client))
    if not found.feeds:
        keep(urljoin(address, path) for path in _COMMON)
    if not found.feeds:
        found.notes.append(f"no feed was found at {shown(address)}")
    return found


def _address(site: str) -> str:
    address = site.strip() if "://" in site else f"https://{site.strip()}"
    if not _fit(address):
        raise UsageError(f"{site!r} is not the address of a site", "write it like https://www.example.org")
    return address


def _fit(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    # What stands before an @ would be a password; spaces and control characters end up in a file.
    return parts.scheme in ("http", "https") and bool(host) and "@" not in parts.netloc and url.isprintable() and " " not in url


def _named(address: str, client: Client, found: SiteFeeds) -> Iterator[str]:
    try:
        reply = client.page(address)
    except SourceError as error:
        found.notes.append(error.message)
        return
    try:
        page = html.fromstring(reply.content, base_url=reply.url) if reply.content.strip() else None
    except (etree.LxmlError, ValueError):
        page = None
    if page is None:
        return
    base = urljoin(reply.url, str(next(iter(page.xpath("//base/@href")), "")))
    links = [
        str(link.get("href"))
        for link in page.iterfind(".//link[@href]")
        if "alternate" in (link.get("rel") or "").lower().split() and (link.get("type") or "").strip().lower() in _TYPES
    ]
    anchors = [str(href) for href in page.xpath("//a/@href") if _LOOKS_LIKE_ONE.search(str(href))]
    for href in dict.fromkeys([*links, *anchors]):
        try:
            url = urljoin(base, href.strip())
        except ValueError:
            continue
        if _fit(url):
            yield url


def _in_sitemaps(address: str, client: Client) -> Iterator[str]:
    """Sitemaps may be feeds, says their protocol; those for news are looked at."""
    try:
        rules = client.get(urljoin(address, "/robots.txt"), accept="text/plain, */*;q=0.1", attempts=1)
    except SourceError:
        return
    for url in _SITEMAP.findall(rules.content[:500_000].decode("utf-8", "replace")):
        if _fit(url) and _NEWS.search(urlsplit(url).path):
            yield url


def _verify(url: str, client: Client, found: SiteFeeds, known: list[frozenset[str]]) -> None:
    try:
        reply = client.get(url, accept=_ACCEPT, attempts=1)
        feed = parse_feed(
            reply.content, source="site", url=reply.url, content_type=reply.headers.get("Content-Type", ""), place=shown(url)
        )
    except SourceError:
        # Most candidates are none: only what was found is told.
        if "sitemap" in urlsplit(url).path.lower():
            found.notes.append(f"{shown(url)} is a sitemap and no feed: no type of source reads it")
        return
    entries = frozenset(mention.url or mention.title for mention in feed.mentions)
    # The same entries as RSS and as Atom are one feed.
    if entries and entries not in known:
        known.append(entries)
        found.feeds[url] = len(feed.mentions)
