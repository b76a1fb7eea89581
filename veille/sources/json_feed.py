"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1): a feed as served becomes mentions, one item each."""

from __future__ import annotations

import json
from typing import Any

from veille.mention import Mention, MentionKind
from veille.sources.feed import MOST_MEDIA, Feed, sorted_out
from veille.sources.links import unwrapped
from veille.sources.text import decode, plain_text
from veille.sources.values import dict_of, dicts_of, id_of, language_of, moment_of, text_of, web_address

# Some write the number only.
_VERSIONS = ("https://jsonfeed.org/version/1", "http://jsonfeed.org/version/1", "https://www.jsonfeed.org/version/1", "1")


def parse_json_feed(content: bytes, *, source: str, source_type: str, url: str, timezone: str, place: str) -> Feed | None:
    """Read a JSON feed; None where the bytes are none, whatever else they are.

    Parameters
    ----------
    content
        The bytes as served.
    source, source_type
        Id and type of the source they came by.
    url
        Address they came from; what relative links are relative to.
    timezone
        Zone of the times that say no offset.
    place
        How messages name it.
    """
    if not content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return None
    try:
        feed = dict_of(json.loads(decode(content).text, strict=False))
    except (ValueError, RecursionError):
        return None
    if not text_of(feed.get("version")).startswith(_VERSIONS) or not isinstance(feed.get("items"), list):
        return None
    entries = [item_mention(dict_of(item), feed, source, source_type, url=url, timezone=timezone) for item in feed["items"]]
    return sorted_out(entries, place)


def item_mention(
    item: dict[str, Any], feed: dict[str, Any], source: str, source_type: str, *, url: str = "", timezone: str = "UTC"
) -> Mention:
    """Return an item of a JSON feed as a mention; its title and text may both be empty."""
    link = web_address(item.get("url"), url) or web_address(item.get("external_url"), url) or web_address(item.get("id"))
    texts = (plain_text(text_of(item.get(name))) for name in ("content_html", "summary"))
    images = [item.get("image"), item.get("banner_image"), *(part.get("url") for part in dicts_of(item.get("attachments")))]
    media = [address for address in (web_address(image, url) for image in images) if address]
    return Mention(
        source=source,
        source_type=source_type,
        kind=MentionKind.ARTICLE.value,
        title=plain_text(text_of(item.get("title"))),
        # What is no HTML is taken as it is: a < in it is a <.
        text=max(text_of(item.get("content_text")), *texts, key=len),
        native_id=id_of(item.get("id")) or link,
        url=unwrapped(link) if link else None,
        author=_author(item) or _author(feed),
        published_at=moment_of(item.get("date_published"), timezone) or moment_of(item.get("date_modified"), timezone),
        language_declared=language_of(item.get("language")) or language_of(feed.get("language")),
        media=list(dict.fromkeys(media))[:MOST_MEDIA],
    )


def _author(part: dict[str, Any]) -> str | None:
    """Return the first author; version 1.0 has one `author`, version 1.1 has `authors`."""
    found = [*dicts_of(part.get("authors")), dict_of(part.get("author"))]
    return next((name for name in (text_of(author.get("name")) for author in found) if name), None)
