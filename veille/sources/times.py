"""Times as strangers write them, read for a whole column at once.

Feeds write RFC 822, exports ISO 8601, epochs or local dates; some say no offset. One reader serves them all, so that
the same text is the same instant whichever way it came. What cannot be read for sure is bad, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

DTYPE: Final = "datetime64[us, UTC]"
BLANK = frozenset({"", "nan", "none", "null", "nat", "na", "n/a", "<na>", "-"})
"""What exports write where there is no value, in lower case."""

_EARLIEST = pd.Timestamp("1900-01-01", tz="UTC")
_LATEST = pd.Timestamp("2100-01-01", tz="UTC")

_NUMBER = r"^[+]?\d{9,17}(?:\.\d+)?(?:[eE]\+?\d+)?$"
_ISO = r"^\d{4}-\d{1,2}-\d{1,2}|^\d{8}$|^\d{8}T|^\d{4}-W\d"
_OFFSET = r"(?:[zZ]|[+-]\d{2}(?::?\d{2})?(?::?\d{2})?)$"
_NUMBERED = r"^\d{1,2}[/.\-]\d{1,2}[/.\-]\d{4}(?:$|\D)"
_NUMBERED_PARTS = (
    r"^(?P<first>\d{1,2})(?P<sign>[/.\-])(?P<second>\d{1,2})[/.\-](?P<year>\d{4})"
    r"(?:(?:\s*,\s*|\s+à\s+|\s+|T)(?P<hour>\d{1,2})\s*[:hH]\s*(?P<minute>\d{2})?(?::(?P<seconds>\d{2})(?:\.\d+)?)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?)?\s*$"
)
# Only French writes the hour so.
_FRENCH_HOUR = r"\sà\s|\d\s*[hH](?:\s*\d{2})?\s*$"
_MONTH_NAMES = (
    "janvier janv january jan", "février fevrier févr fevr fév fev february feb", "mars march mar", "avril avr april apr",
    "mai may", "juin june jun", "juillet juil july jul", "août aout august aug", "septembre september sept sep",
    "octobre october oct", "novembre november nov", "décembre decembre déc december dec",
)  # fmt: skip
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, start=1) for name in names.split()}
_WORDED = (
    r"^(?:[a-zé]+\.?,?\s+)?(?P<day>\d{1,2})(?:er)?[\s\-]+"
    rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?[\s\-]+(?P<year>\d{{4}})(?P<rest>\D.*)?$"
)
# RFC 822 names the American zones only; European feeds write these. A name that is not known is bad, never local time.
_ZONES = {"CET": "+0100", "CEST": "+0200", "MET": "+0100", "MEST": "+0200", "WET": "+0000", "WEST": "+0100", "BST": "+0100"}
_RFC_ZONES = frozenset({"UT", "UTC", "GMT", "Z", "AST", "ADT", "EST", "EDT", "CST", "CDT", "MST", "MDT", "PST", "PDT"})


@dataclass(frozen=True, slots=True)
class Times:
    """A column of times that was read.

    Parameters
    ----------
    instants
        Instants, `datetime64[us, UTC]`; missing where there was none or it is bad.
    bad
        Whether there was something that is no time; dtype bool, the same index.
    unsure
        Of the bad ones, those that are one day with the day first and another with the month first (`03/11/2026`), where
        nothing says which.
    """

    instants: pd.Series
    bad: pd.Series
    unsure: pd.Series


def parse_times(column: pd.Series, timezone: str, day_first: bool | None = None) -> Times:
    """Read a column of times.

    Parameters
    ----------
    column
        Texts, numbers (epoch seconds, ms or µs, by size), dates or datetimes, mixed; missing and blank ones are allowed.
        Read are ISO 8601, RFC 822, `Tue Oct 18 21:53:25 +0000 2011`, `22/11/2026 18:30`, `22 nov. 2026` and
        `22 novembre 2026 à 18h30`. A date alone is the beginning of that day.
    timezone
        IANA name of the zone of times without offset. The hour that a clock change repeats is its first pass.
    day_first
        Whether `03/11/2026` is 3 November; None lets the column decide (see `day_comes_first`).
    """
    texts = column.astype("object").map(_as_text)
    unique = pd.Series(texts.dropna().unique(), dtype="str")
    order = _order(unique) if day_first is None else day_first
    instants = _parse_unique(unique, timezone, order)
    known = dict(zip(unique.tolist(), instants, strict=True))
    values = pd.Series(texts.map(known), index=column.index)
    values = pd.to_datetime(values, utc=True).astype(DTYPE)
    bad = texts.notna() & values.isna()
    both = set(unique[_either(unique)]) if order is None else set()
    return Times(values, bad, bad & texts.isin(both))


def day_comes_first(column: pd.Series) -> bool | None:
    """Return whether dates in numbers have the day first, the month first (False), or whether nothing says so (None).

    Parameters
    ----------
    column
        Times, as for `parse_times`. One date with a first number above 12, or one hour written in French (`14h05`), proves
        the day first; else one with a second number above 12 proves the month first.
    """
    return _order(pd.Series(column.astype("object").map(_as_text).dropna().unique(), dtype="str"))


def parse_time(text: str, timezone: str = "UTC") -> datetime | None:
    """Read one time, in UTC; None where there is none or it cannot be read."""
    value = parse_times(pd.Series([text], dtype="object"), timezone).instants.iloc[0]
    return None if pd.isna(value) else value.to_pydatetime()


def _as_text(value: object) -> str | None:
    if value is None or value is pd.NaT:
        return None
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, (bool, np.bool_)):
        return str(value)
    if isinstance(value, (float, np.floating)):
        return None if np.isnan(value) else np.format_float_positional(value, trim="-")
    text = str(value).replace("\x00", "").strip()
    return None if text.lower() in BLANK else text.encode("utf-8", "replace").decode("utf-8")


def _parse_unique(texts: pd.Series, timezone: str, day_first: bool | None) -> list[pd.Timestamp]:
    result = pd.Series(pd.NaT, index=texts.index, dtype=DTYPE)
    open_ = pd.Series(True, index=texts.index)
    lowered = texts.str.lower()
    readers: list[tuple[str, Callable[[pd.Series], pd.Series]]] = [
        (_NUMBER, _epoch),
        (_ISO, lambda some: _iso(some, timezone)),
        (_NUMBERED, lambda some: _numbered(some, timezone, day_first)),
        (_WORDED, lambda some: _worded(some, timezone)),
        (".", lambda some: some.map(lambda text: _rfc(text, timezone))),
    ]
    for pattern, reader in readers:
        chosen = open_ & (lowered if pattern == _WORDED else texts).str.contains(_unnamed(pattern), regex=True).astype(bool)
        if pattern == _NUMBER:
            chosen &= ~texts.str.fullmatch(r"(?:19|20)\d{6}").astype(bool)
        if chosen.any():
            result.loc[chosen] = pd.to_datetime(reader(texts.loc[chosen]), utc=True, errors="coerce").astype(DTYPE)
            # A month in words may be RFC 822 too, whose zones the next reader knows.
            open_ &= ~chosen if pattern != _WORDED else ~(chosen & result.notna())
    possible = (result >= _EARLIEST) & (result < _LATEST)
    return list(result.where(possible))


def _epoch(texts: pd.Series) -> pd.Series:
    numbers = texts.astype("float64")
    # 1e11 seconds is the year 5138 and 1e11 ms is 1973: the size says the unit.
    scale = np.select([numbers < 1e11, numbers < 1e14], [1e6, 1e3], 1.0)
    micros = (numbers * scale).round().astype("int64")
    instants: pd.Series = pd.to_datetime(micros, unit="us", utc=True)
    return instants


def _iso(texts: pd.Series, timezone: str) -> pd.Series:
    cleaned = (
        texts.str.replace(r"\s*(?:UTC|GMT)$", "Z", regex=True)
        .str.replace(r"\s+([+-]\d{2}:?\d{2})$", r"\1", regex=True)
        .str.replace(",", ".", regex=False)
    )
    timed = cleaned.str.contains(r"\d[T ]\d", regex=True).astype(bool)
    aware = timed & cleaned.str.contains(_OFFSET, regex=True).astype(bool)
    result = pd.Series(pd.NaT, index=texts.index, dtype=DTYPE)
    if aware.any():
        result.loc[aware] = pd.to_datetime(cleaned.loc[aware], format="ISO8601", utc=True, errors="coerce").astype(DTYPE)
    if (~aware).any():
        local = pd.to_datetime(cleaned.loc[~aware], format="ISO8601", errors="coerce")
        result.loc[~aware] = _localised(local, timezone)
    return result


def _localised(local: pd.Series, timezone: str) -> pd.Series:
    """Instants of local times: a repeated hour is its first pass, a skipped one the moment of the change."""
    first_pass = np.ones(len(local), dtype=bool)
    zoned: pd.Series = local.astype("datetime64[us]").dt.tz_localize(
        ZoneInfo(timezone), ambiguous=first_pass, nonexistent="shift_forward"
    )
    instants: pd.Series = zoned.dt.tz_convert(UTC)
    return instants


def _order(texts: pd.Series) -> bool | None:
    parts = texts.str.extract(_NUMBERED_PARTS)
    first, second = (pd.to_numeric(parts[name], errors="coerce") for name in ("first", "second"))
    in_french = first.notna() & texts.str.contains(_FRENCH_HOUR, regex=True).astype(bool)
    if (first.between(13, 31) & (second <= 12)).any() or in_french.any():
        return True
    return False if (second.between(13, 31) & (first <= 12)).any() else None


def _either(texts: pd.Series) -> pd.Series:
    """Whether a date is one day with the day first and another with the month first."""
    parts = texts.str.extract(_NUMBERED_PARTS)
    first, second = (pd.to_numeric(parts[name], errors="coerce") for name in ("first", "second"))
    # Who writes points, from Lisbon to Moscow, writes the day first.
    return first.between(1, 12) & second.between(1, 12) & (first != second) & (parts["sign"] != ".")


def _numbered(texts: pd.Series, timezone: str, day_first: bool | None) -> pd.Series:
    parts = texts.str.extract(_NUMBERED_PARTS)
    day, month = ("second", "first") if day_first is False else ("first", "second")
    readable = parts["year"].notna() & (~_either(texts) if day_first is None else True)
    hour, half = pd.to_numeric(parts["hour"], errors="coerce").fillna(0), parts["half"].str.lower().str[0]
    readable &= half.isna() | hour.between(1, 12)
    hour = hour.where(half.isna(), hour % 12 + 12 * (half == "p").fillna(False).astype(int)).astype(int)
    iso = (
        parts["year"] + "-" + parts[month].str.zfill(2) + "-" + parts[day].str.zfill(2)
        + "T" + hour.astype("str").str.zfill(2) + ":" + parts["minute"].fillna("00") + ":" + parts["seconds"].fillna("00")
    )  # fmt: skip
    return _localised(pd.to_datetime(iso.where(readable), format="ISO8601", errors="coerce"), timezone)


def _worded(texts: pd.Series, timezone: str) -> pd.Series:
    """Instants of dates with the month in French or English words: `3 nov. 2026`, `mardi 3 novembre 2026 à 14h05`."""
    parts = texts.str.lower().str.extract(_WORDED)
    month = parts["month"].map(_MONTHS).astype("Int64").astype("str")
    return _numbered(parts["day"] + "/" + month + "/" + parts["year"] + parts["rest"].fillna(""), timezone, True)


def _unnamed(pattern: str) -> str:
    # pandas warns of groups that a search does not give back.
    return re.sub(r"\(\?P<\w+>", "(?:", pattern)


def _rfc(text: str, timezone: str) -> pd.Timestamp | None:
    """Read a date with a month in words: RFC 822 or the one of old network exports."""
    if not re.search(r"[^\W\d_]{3}", text) or len(text) > 80:
        return None
    try:
        return pd.Timestamp(datetime.strptime(text, "%a %b %d %H:%M:%S %z %Y"))
    except ValueError:
        pass
    match = re.search(r"\s([A-Za-z]{1,5})$", text)
    zone = match[1].upper() if match else ""
    if match and zone in _ZONES:
        text = f"{text[: match.start()]} {_ZONES[zone]}"
    elif match and zone not in _RFC_ZONES:
        return None
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        # RFC 5322: -0000 says that it is UTC and nothing about where it was written.
        moment = moment.replace(tzinfo=UTC if text.endswith("-0000") else ZoneInfo(timezone))
    try:
        return pd.Timestamp(moment.astimezone(UTC))
    except OverflowError:
        return None
