"""A page of the web as the article it holds: title, text, date and address, and whether a part of it must be paid for."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml import html as lxml_html

from veille.errors import SourceError
from veille.mention import Extent, Mention, MentionKind
from veille.sources import Reply, clean, decode, parse_time, plain_text, shown

MOST_BYTES = 5 * 1024 * 1024
"""Largest page that is looked into; an article is a hundredth of it."""
_MOST_TEXT = 200_000
_DEEPEST = 12
_DATES = (
    "article:published_time", "og:article:published_time", "datepublished", "publication_date", "dc.date", "dc.date.issued",
    "dcterms.date", "date", "parsely-pub-date", "sailthru.date",
)  # fmt: skip
# What stands where an article breaks off; words that pages also use to praise other articles are no sign.
_WALLS = re.compile(
    r"il vous reste [\d.,]+\s?% de cet article à lire|la suite (?:de cet article )?est réservée aux abonnés"
    r"|cet article est réservé (?:à nos|aux) abonnés|pour lire la suite,? abonnez[ -]vous|abonnez[ -]vous pour lire la suite"
    r"|subscribe to (?:continue|keep) reading|to (?:continue|keep) reading this article,? (?:please )?subscribe"
    r"|this (?:article|content) is (?:for subscribers only|reserved for subscribers|exclusive to subscribers)",
    re.IGNORECASE,
)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:\-]{2,40})", re.IGNORECASE)

for _name in ("trafilatura", "htmldate", "courlan", "justext"):
    # They tell of pages they cannot read to whoever has set up no log: to standard error.
    logging.getLogger(_name).addHandler(logging.NullHandler())


@dataclass(frozen=True, slots=True)
class Article:
    """What a page holds.

    Parameters
    ----------
    title, text
        Of the article, one line a paragraph; either may be empty.
    url
        Address by which it wants to be known; that of the page where it names none of its own host.
    author, language
        Who signed it, and its language in two letters; None where it does not say.
    published_at
        When it was published; None where it does not say. A page that says the day only gives its beginning.
    paywalled
        Whether it says that the text goes on for those who pay.
    """

    title: str
    text: str
    url: str
    author: str | None
    language: str | None
    published_at: datetime | None
    paywalled: bool

    def mention(self, source: str, source_type: str) -> Mention:
        """Return it as a mention of that source."""
        return Mention(
            source=source,
            source_type=source_type,
            kind=MentionKind.ARTICLE.value,
            title=self.title,
            text=self.text,
            url=self.url or None,
            author=self.author,
            published_at=self.published_at,
            language_declared=self.language,
            extent=(Extent.PAYWALLED if self.paywalled else Extent.FULL).value,
        )


def read_page(reply: Reply, timezone: str) -> Article:
    """Read the article of a page.

    Parameters
    ----------
    reply
        The page as served.
    timezone
        IANA name of the zone of its times without offset.

    Raises
    ------
    SourceError
        It is no page, is too large, or holds no text.
    """
    kind = reply.headers.get("Content-Type", "")
    if kind and not re.match(r"\s*(?:text/|application/xhtml)", kind, re.IGNORECASE):
        raise SourceError(
            f"{shown(reply.url)} is no page but {kind.split(';')[0].strip()[:60]}", "bring its text in with --text"
        )
    return read_article(reply.content, reply.url, timezone, content_type=kind)


def read_article(content: bytes, url: str, timezone: str, *, content_type: str = "", place: str = "") -> Article:
    """Read the article of an HTML page.

    Parameters
    ----------
    content
        Its bytes.
    url
        Where it was read; empty where nobody knows.
    timezone
        IANA name of the zone of its times without offset.
    content_type
        Header `Content-Type`.
    place
        How messages name it; its address where left out.

    Raises
    ------
    SourceError
        It is too large, no HTML, or holds no text.
    """
    place = place or shown(url)
    if len(content) > MOST_BYTES:
        raise SourceError(f"{place} is larger than {MOST_BYTES >> 20} MB", "bring its text in with --text")
    page = _decoded(content, content_type)
    # Only a run that reads pages waits for it.
    import trafilatura

    try:
        root = lxml_html.fromstring(page) if page.strip() else None
        found = None if root is None else trafilatura.bare_extraction(
            page, url=url or None, with_metadata=True, include_comments=False, include_tables=True,
            # Of all the dates on a page only what it declares is its own.
            date_extraction_params={"extensive_search": False, "original_date": True},
        )  # fmt: skip
    except Exception as error:
        # A stranger's page in a parser that is not ours: whatever breaks is the page's failure, and no defect of ours.
        raise SourceError(f"{place} cannot be read as a page: {type(error).__name__}") from error
    told: dict[str, Any] = found.as_dict() if found is not None and not isinstance(found, dict) else {}
    data = list(_linked_data(root)) if root is not None else []
    title = plain_text(_first(told.get("title"), *(node.get("headline") for node in data)))
    text = _body(clean(_first(told.get("text")))[:_MOST_TEXT], title)
    if root is None or not (title and text):
        raise SourceError(f"{place} holds no article that can be read", "bring its text in with --text")
    return Article(
        title=title,
        text=text,
        url=_canonical(root, url),
        author=plain_text(_first(told.get("author"))) or None,
        language=_language(root, told),
        published_at=_published(root, data, told, timezone),
        paywalled=_is_walled(root, data, text),
    )


def _decoded(content: bytes, content_type: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    served = re.search(r"charset\s*=\s*[\"']?([A-Za-z0-9_.:\-]{2,40})", content_type, re.IGNORECASE)
    declared = _CHARSET.search(content[:4096])
    for name in (declared[1].decode("ascii") if declared else "", served[1] if served else ""):
        if name and not name.lower().replace("_", "-").startswith(("utf-8", "utf8")):
            try:
                return content.decode(name)
            except (LookupError, ValueError):
                continue
    return decode(content).text


def _linked_data(root: Any) -> Iterator[dict[str, Any]]:
    """Yield what the page says of itself as an article (JSON-LD, schema.org)."""
    for script in root.iter("script"):
        if "ld+json" in (script.get("type") or "").lower():
            try:
                yield from _articles(json.loads((script.text or "")[:_MOST_TEXT]), 0)
            except (ValueError, RecursionError):
                continue


def _articles(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth > _DEEPEST:
        return
    if isinstance(value, dict):
        kinds = value.get("@type")
        named = [kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)]
        if any(kind.endswith(("Article", "Posting", "WebPage", "Report")) for kind in named):
            yield value
        for part in value.values():
            yield from _articles(part, depth + 1)
    elif isinstance(value, list):
        for part in value[:200]:
            yield from _articles(part, depth + 1)


def _first(*values: object) -> str:
    return next((value for value in values if isinstance(value, str) and value.strip()), "")


def _body(text: str, title: str) -> str:
    """Return the text without the title it begins with."""
    first, _, rest = text.strip().partition("\n")
    return (rest if plain_text(first) == title and rest.strip() else text).strip()


def _canonical(root: Any, url: str) -> str:
    """Return the address a page names for itself; one of another host could pass it off for another's article."""
    links = [link.get("href") or "" for link in root.iter("link") if "canonical" in (link.get("rel") or "").lower().split()]
    links += [_meta(root, "og:url")]
    for link in filter(None, links):
        try:
            address = urljoin(url, link.strip())
            parts = urlsplit(address)
        except ValueError:
            continue
        if parts.scheme in ("http", "https") and parts.hostname and (not url or _site(address) == _site(url)):
            return str(address)
    return url


def _site(url: str) -> str:
    return (urlsplit(url).hostname or "").lower().removeprefix("www.").removeprefix("m.")


def _meta(root: Any, *names: str) -> str:
    for name in names:
        for meta in root.iter("meta"):
            if name in ((meta.get(key) or "").lower() for key in ("property", "name", "itemprop")):
                return str(meta.get("content") or "")
    return ""


def _published(root: Any, data: list[dict[str, Any]], told: dict[str, Any], timezone: str) -> datetime | None:
    declared = [node.get("datePublished") for node in data]
    declared += [_meta(root, name) for name in _DATES]
    declared += [time.get("datetime") for time in root.iter("time") if time.get("pubdate") or time.get("itemprop")]
    declared += [told.get("date")]
    moments = (parse_time(text, timezone) for text in declared if isinstance(text, str) and text.strip())
    return next((moment for moment in moments if moment), None)


def _language(root: Any, told: dict[str, Any]) -> str | None:
    html = next(iter(root.iter("html")), None)
    said = _first(html.get("lang") if html is not None else None, told.get("language"))
    match = re.match(r"\s*([A-Za-z]{2})(?:[-_].*)?\s*$", said)
    return match[1].lower() if match else None


def _is_walled(root: Any, data: list[dict[str, Any]], text: str) -> bool:
    free = [node["isAccessibleForFree"] for node in data if "isAccessibleForFree" in node]
    if any(value is False or str(value).rsplit("/", 1)[-1].lower() == "false" for value in free):
        return True
    if _meta(root, "article:content_tier").lower() == "locked":
        return True
    etree.strip_elements(root, "script", "style", "noscript", "template", with_tail=False)
    return bool(_WALLS.search(" ".join(root.text_content().split())) or _WALLS.search(text))
