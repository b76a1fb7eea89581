"""Columns of a file as fields of mentions: each value typed, or its row kept aside with one reason."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from veille.gather.counts import left_out, read_counts
from veille.gather.rows import COUNTS, FIELDS, TIMES
from veille.mention import MentionKind
from veille.sources import clean, day_comes_first, parse_times

_BIGGEST = 2**63 - 1
_NEEDED = frozenset({"title", "text", "kind"})
_WEB = re.compile(r"https?://[^/?#\s]", re.IGNORECASE)
_LANGUAGE = re.compile(r"\s*([A-Za-z]{2})(?:[-_].*)?\s*")
DAY_OR_MONTH = "could have the day first or the month first"
"""Why a time is refused that is two different days to two readers."""
_MEDIA_SEPARATOR = re.compile(r"[\s|]+|[,;]\s*(?=https?:)")


@dataclass(frozen=True, slots=True)
class Typed:
    """Fields of a file.

    Parameters
    ----------
    frame
        Fields of `Mention` as columns, one row a row of the file.
    reasons
        Why a row cannot be a mention, empty where it can; the same index.
    warnings
        What a person should know about the columns.
    """

    frame: pd.DataFrame
    reasons: pd.Series
    warnings: tuple[str, ...]


def typed(
    raw: pd.DataFrame,
    columns: dict[str, list[str]],
    fixed: dict[str, str],
    timezone: str,
    day_first: bool | None = None,
) -> Typed:
    """Type the fields of a file.

    Parameters
    ----------
    raw
        Values as the file has them, dtype object.
    columns
        Columns of each field (see `resolve`); several texts are joined by a blank line for `text`, else by a space.
    fixed
        Value of all rows, by field.
    timezone
        Zone of the times without offset.
    day_first
        Whether `03/11/2026` is 3 November; None lets all columns of times together decide.
    """
    frame = pd.DataFrame(index=raw.index)
    reasons = pd.Series("", index=raw.index, dtype="object")
    warnings: list[str] = []
    given = {field: _values(raw, field, columns, fixed) for field in FIELDS if field in fixed or field in columns}
    order = day_first
    if order is None and any(field in given for field in TIMES):
        order = day_comes_first(pd.concat([given[field] for field in TIMES if field in given]))
        if order is False:
            warnings.append("dates are read with the month first, as some can only be: say --month-first if that is right")
    for field in FIELDS:
        if field not in given:
            frame[field] = pd.Series([None] * len(raw), index=raw.index, dtype="object")
            continue
        values = given[field]
        if field in TIMES:
            times = parse_times(values, timezone, order)
            frame[field], bad, what = times.instants, times.bad, "is no time that can be read"
            if times.unsure.any():
                reasons = reasons.where((reasons != "") | ~times.unsure, f"{field} {DAY_OR_MONTH}")
                warnings.append(_unsure(field, columns.get(field, []), values, times.unsure))
        elif field in COUNTS:
            frame[field], unread = read_counts(values)
            if unread.any():
                warnings.append(left_out(field, columns.get(field, []), values, unread))
            bad, what = pd.Series(False, index=raw.index), ""
        elif field == "media":
            frame[field], bad, what = values.map(_addresses), pd.Series(False, index=raw.index), ""
        else:
            frame[field], bad = _texts(values)
            what = "is no text"
            if field not in _NEEDED and bad.any():
                # Exports hold whole objects under such names; the mention itself is there.
                warnings.append(f"{int(bad.sum())} values of {field} are no texts and are left out: map {field}=column.key")
                bad = pd.Series(False, index=raw.index)
        reasons = reasons.where((reasons != "") | ~bad, f"{field} {what}")
    reasons = _checked(frame, reasons, warnings)
    return Typed(frame, reasons, tuple(warnings))


def _values(raw: pd.DataFrame, field: str, columns: dict[str, list[str]], fixed: dict[str, str]) -> pd.Series:
    if field in fixed:
        return pd.Series([fixed[field]] * len(raw), index=raw.index, dtype="object")
    parts = [_column(raw, name) for name in columns[field]]
    return parts[0] if len(parts) == 1 else _joined(parts, "\n\n" if field == "text" else " ")


def _unsure(field: str, columns: list[str], values: pd.Series, unsure: pd.Series) -> str:
    column, example = " + ".join(columns) or field, str(values.loc[unsure].iloc[0]).strip()
    return (
        f"{int(unsure.sum())} dates of column {column!r}, such as {example!r}, {DAY_OR_MONTH} and no other says which: "
        "import the file again with --day-first or --month-first"
    )


def _checked(frame: pd.DataFrame, reasons: pd.Series, warnings: list[str]) -> pd.Series:
    kinds = frame["kind"].map(lambda kind: kind.strip().lower(), na_action="ignore")
    frame["kind"] = kinds.where(kinds.notna() & (kinds != ""), None)
    unknown = frame["kind"].notna() & ~frame["kind"].isin(list(MentionKind))
    reasons = reasons.where((reasons != "") | ~unknown, f"kind is none of {', '.join(MentionKind)}")
    silent = ~(_says(frame["title"]) | _says(frame["text"]))
    reasons = reasons.where((reasons != "") | ~silent, "no title and no text")
    known = {
        value: match[1].lower()
        for value in frame["language_declared"].dropna().unique()
        if (match := _LANGUAGE.fullmatch(value))
    }
    frame["language_declared"] = frame["language_declared"].map(known)
    stripped = frame["url"].map(lambda url: url.strip(), na_action="ignore")
    web = stripped.map(lambda url: bool(_WEB.match(url)), na_action="ignore").fillna(False).astype(bool)
    other = stripped.notna() & (stripped != "") & ~web
    frame["url"] = stripped.where(web, None)
    if other.any():
        warnings.append(f"{int(other.sum())} addresses are no web addresses and are left out")
    return reasons


def _says(texts: pd.Series) -> pd.Series:
    return texts.map(lambda text: isinstance(text, str) and bool(text.strip())).astype(bool)


def _column(raw: pd.DataFrame, name: str) -> pd.Series:
    if name in raw.columns:
        return raw[name]
    head, *steps = name.split(".")
    values = raw[head]
    for step in steps:
        values = values.map(lambda value, step=step: value.get(step) if isinstance(value, AnyMapping) else None)
    return values.astype("object")


def _joined(parts: list[pd.Series], separator: str) -> pd.Series:
    typed_parts = [_texts(part)[0] for part in parts]
    rows = zip(*(part.tolist() for part in typed_parts), strict=True)
    joined = [separator.join(text for text in row if isinstance(text, str) and text.strip()) or None for row in rows]
    return pd.Series(joined, index=parts[0].index, dtype="object")


def _texts(values: pd.Series) -> tuple[pd.Series, pd.Series]:
    texts = values.astype("object").map(_as_text)
    bad = values.map(lambda value: isinstance(value, (dict, list, tuple, set, bool, np.ndarray, np.bool_))).astype(bool)
    return texts.where(~bad, None), bad


def _as_text(value: Any) -> str | None:
    if isinstance(value, str):
        return clean(value)
    if value is None or value is pd.NA or value is pd.NaT or isinstance(value, (dict, list, tuple, set, np.ndarray)):
        return None
    if isinstance(value, (float, np.floating)):
        if np.isnan(value):
            return None
        number = float(value)
        return str(int(number)) if number.is_integer() and abs(number) < _BIGGEST else str(number)
    return clean(value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value))


def _addresses(value: Any) -> list[str]:
    if isinstance(value, str):
        text = clean(value).strip()
        try:
            parts = json.loads(text) if text.startswith("[") else _MEDIA_SEPARATOR.split(text)
        except (ValueError, RecursionError):
            parts = _MEDIA_SEPARATOR.split(text.strip("[]"))
    else:
        parts = list(value) if isinstance(value, (list, tuple, np.ndarray)) else []
    texts = (clean(part).strip(" '\"") for part in parts if isinstance(part, str))
    return [text for text in dict.fromkeys(texts) if text.startswith(("http://", "https://"))]
