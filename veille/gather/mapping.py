"""`--map`: which column of a file is which field of a mention."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from veille.errors import UsageError
from veille.gather.rows import FIELDS

ALIASES: dict[str, tuple[str, ...]] = {
    "native_id": ("id", "tweet_id", "post_id", "guid"),
    "published_at": ("created_at", "date", "published", "timestamp"),
    "text": ("content", "body", "message", "description"),
    "title": ("headline",),
    "url": ("link", "permalink"),
    "author": ("username", "user", "screen_name"),
    "author_followers": ("followers", "followers_count"),
    "publisher": ("source", "outlet", "site"),
    "language_declared": ("language", "lang"),
    "likes": ("like_count", "favorite_count"),
    "shares": ("share_count", "retweet_count"),
    "replies": ("reply_count", "comments_count"),
    "views": ("view_count",),
}
"""Names of columns that are read as a field without being mapped, the first found first; letter case does not count."""

# `source` of a file is an outlet, not an id of watch.yml; gathered_at decides what the past could see.
_ONLY_MAPPED = frozenset({"source", "source_type", "gathered_at"})


@dataclass(frozen=True, slots=True)
class Mapping:
    """What the command line said.

    Parameters
    ----------
    columns
        Column, or columns joined by `+`, by field.
    fixed
        Value of all rows, by field.
    """

    columns: dict[str, str]
    fixed: dict[str, str]


def read_mapping(texts: Sequence[str]) -> Mapping:
    """Read `field=column`, `field=column+column` and `field==value`.

    Raises
    ------
    UsageError
        A text of another form, an unknown field, or a field given twice.
    """
    columns: dict[str, str] = {}
    fixed: dict[str, str] = {}
    for text in texts:
        match = re.fullmatch(r"\s*([^=\s]+)\s*(==?)\s*(.*?)\s*", text, re.DOTALL)
        if not match or not match[3]:
            raise UsageError(f"--map {text!r} cannot be read", "write field=column, text=title+description or kind==article")
        field, sign, value = match.groups()
        if field not in FIELDS:
            raise UsageError(f"--map {text!r}: a mention has no field {field}", f"its fields are {', '.join(FIELDS)}")
        if field in columns or field in fixed:
            raise UsageError(f"--map gives {field} twice", "give each field once; join columns with +")
        (fixed if sign == "==" else columns)[field] = value
    return Mapping(columns, fixed)


def resolve(mapping: Mapping, available: Iterable[str]) -> dict[str, list[str]]:
    """Return the columns of each field in one file.

    Parameters
    ----------
    mapping
        What the command line said; its columns that the file has not are left out.
    available
        Names of the file's columns. `a.b` asks for `b` inside the column `a`.
    """
    names = {name: name for name in available}
    folded = {name.strip().casefold(): name for name in reversed(list(names))}
    result: dict[str, list[str]] = {}
    for field, asked in mapping.columns.items():
        wanted = [asked] if _found(asked, names, folded) else [part.strip() for part in asked.split("+")]
        found = [name for name in (_found(part, names, folded) for part in wanted) if name]
        if found:
            result[field] = found
    # A column that the command line placed does not place itself too.
    taken = {name.split(".", 1)[0] if name not in names else name for found in result.values() for name in found}
    for field in FIELDS:
        if field in mapping.columns or field in mapping.fixed:
            continue
        own = () if field in _ONLY_MAPPED else (field, *ALIASES.get(field, ()))
        match = next((folded[alias] for alias in own if alias in folded and folded[alias] not in taken), None)
        if match:
            result[field] = [match]
            taken.add(match)
    return result


def missing_columns(mapping: Mapping, available: Iterable[str]) -> list[str]:
    """Return the columns that the command line names and no file has."""
    names = {name: name for name in available}
    folded = {name.strip().casefold(): name for name in names}
    missing: list[str] = []
    for asked in mapping.columns.values():
        if not _found(asked, names, folded):
            missing += [part.strip() for part in asked.split("+") if not _found(part.strip(), names, folded)]
    return missing


def _found(name: str, names: dict[str, str], folded: dict[str, str]) -> str:
    if name in names:
        return name
    if name.casefold() in folded:
        return folded[name.casefold()]
    return name if "." in name and name.split(".", 1)[0] in names else ""
