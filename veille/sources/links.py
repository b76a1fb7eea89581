"""Addresses that Google wraps around those of others, unwrapped on this machine: nobody is asked, and nobody is told."""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import parse_qs, urlsplit

from veille.sources.values import web_address

_GOOGLE = re.compile(r"(?:www\.)?google\.(?:[a-z]{2,3}|com?\.[a-z]{2})")
_NEWS_PATH = re.compile(r"/(?:rss/)?(?:articles|read)/([A-Za-z0-9_=-]{8,4000})/?")
# Field 1 of the message holds 19, field 4 the address with its length before it.
_NEWS_HEAD = b"\x08\x13\x22"


def unwrapped(url: str) -> str:
    """Return the address that an address of Google leads to; any other, and one that does not say, comes back as it is.

    Parameters
    ----------
    url
        An address of the web. Two forms are known: `https://www.google.com/url?…&url=TARGET` of Google Alerts, and
        `https://news.google.com/rss/articles/CBMi…` of Google News where it holds its target, as until July 2024.
    """
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
        if host == "news.google.com":
            match = _NEWS_PATH.fullmatch(parts.path)
            return (_news_target(match[1]) if match else None) or url
        if parts.path == "/url" and _GOOGLE.fullmatch(host):
            wrapped = parse_qs(parts.query, max_num_fields=50)
            return web_address((wrapped.get("url") or wrapped.get("q") or [""])[0]) or url
    except ValueError:
        return url
    return url


def _news_target(text: str) -> str | None:
    try:
        packed = base64.urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))
    except (binascii.Error, ValueError):
        return None
    if not packed.startswith(_NEWS_HEAD):
        return None
    length, shift, position = 0, 0, len(_NEWS_HEAD)
    for byte in packed[position : position + 3]:
        length, shift, position = length | (byte & 0x7F) << shift, shift + 7, position + 1
        if byte < 0x80:
            break
    target = packed[position : position + length]
    try:
        return web_address(target.decode("utf-8")) if target.startswith(b"http") and len(target) == length else None
    except UnicodeDecodeError:
        return None
