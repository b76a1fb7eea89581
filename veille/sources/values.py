"""Values in strangers' JSON: whatever stands where a text, a number or a time should, it is read or it is missing."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from veille.sources.text import clean
from veille.sources.times import parse_time

_LARGEST_COUNT = 10**15


def text_of(value: object) -> str:
    """Return a text, without NUL and broken characters and without white space around it; empty where it is none."""
    return clean(value).strip() if isinstance(value, str) else ""


def id_of(value: object) -> str | None:
    """Return an identifier that may be written as a text or as a whole number; None where it is none, or is unlikely long."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    text = text_of(value)
    return text if text and len(text) <= 500 else None


def dict_of(value: object) -> dict[str, Any]:
    """Return an object of JSON; empty where it is none."""
    return value if isinstance(value, dict) else {}


def list_of(value: object) -> list[Any]:
    """Return a list of JSON; empty where it is none."""
    return value if isinstance(value, list) else []


def dicts_of(value: object) -> list[dict[str, Any]]:
    """Return the objects in a list of JSON; what else stands there is left out."""
    return [part for part in list_of(value) if isinstance(part, dict)]


def count_of(value: object) -> int | None:
    """Return a counter, written as a number or as digits; None where it is none, below zero or beyond belief."""
    if isinstance(value, str):
        digits = value.strip()
        value = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 16 else None
    if isinstance(value, float):
        value = int(value) if value.is_integer() else None
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if 0 <= value <= _LARGEST_COUNT else None


def moment_of(value: object, timezone: str = "UTC") -> datetime | None:
    """Return an instant, written as seconds since 1970 or in any way `parse_time` reads; None where it is none."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            return datetime.fromtimestamp(value, UTC)
        except (ValueError, OverflowError, OSError):
            return None
    text = text_of(value)
    try:
        # What nearly all write; the reader of all other ways is made for columns, and slow for one.
        moment = datetime.fromisoformat(text)
        if moment.tzinfo and len(text) > len("20261122T18Z"):
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    return parse_time(text, timezone) if text and len(text) < 100 else None


def web_address(value: object, base: str = "") -> str | None:
    """Return an address of the web, whole; None where it is none.

    Parameters
    ----------
    value
        An address, perhaps relative.
    base
        What it is relative to.
    """
    text = text_of(value)
    if not text:
        return None
    try:
        address = urljoin(base, text) if base else text
        parts = urlsplit(address)
        return address if parts.scheme.lower() in ("http", "https") and parts.hostname else None
    except ValueError:
        return None


def host_of(value: str) -> str:
    """Return the host of an address, in small letters; empty where it has none."""
    try:
        return (urlsplit(value).hostname or "").lower()
    except ValueError:
        return ""


def language_of(value: object) -> str | None:
    """Return the language of a tag such as `fr-FR`, ISO 639-1; None where it is none, or has no code of two letters."""
    match = re.match(r"^([A-Za-z]{2})(?:[-_].*)?$", text_of(value))
    return match[1].lower() if match else None
