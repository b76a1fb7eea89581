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
_DAY_FIRST = r"^\d{1,2}[/.\-]\d{1,2}[/.\-]\d{4}(?:$|\D)"
_DAY_FIRST_PARTS = re.compile(
    r"^(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})"
    r"(?:(?:\s*,\s*|\s+à\s+|\s+|T)(\d{1,2})\s*[:hH]\s*(\d{2})?(?::(\d{2})(?:\.\d+)?)?)?\s*$"
)
_MONTHS = {
    "janvier": 1, "février": 2, "fevrier": 2, "mars": 3, "avril": 4, "mai": 5, "juin": 6, "juillet": 7, "août": 8, "aout": 8,
    "septembre": 9, "octobre": 10, "novembre": 11, "décembre": 12, "decembre": 12,
}  # fmt: skip
_FRENCH = re.compile(rf"^(?:[a-zé]+\.?,?\s+)?(\d{{1,2}})(?:er)?\s+({'|'.join(_MONTHS)})\s+(\d{{4}})\b(.*)$", re.IGNORECASE)
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
    month_first
        Whether the column seems to write the month before the day (`2/24/2015`); such values are bad.
    """

    instants: pd.Series
    bad: pd.Series
    month_first: bool = False


def parse_times(column: pd.Series, timezone: str) -> Times:
    """Read a column of times.

    Parameters
    ----------
    column
        Texts, numbers (epoch seconds, ms or µs, by size), dates or datetimes, mixed; missing and blank ones are allowed.
        Read are ISO 8601, RFC 822, `Tue Oct 18 21:53:25 +0000 2011`, `22/11/2026 18:30` (day first) and
        `22 novembre 2026 à 18h30`. A date alone is the beginning of that day.
    timezone
        IANA name of the zone of times without offset. The hour that a clock change repeats is its first pass.
    """
    texts = column.astype("object").map(_as_text)
    unique = pd.Series(texts.dropna().unique(), dtype="str")
    instants, month_first = _parse_unique(unique, timezone)
    known = dict(zip(unique.tolist(), instants, strict=True))
    values = pd.Series(texts.map(known), index=column.index)
    values = pd.to_datetime(values, utc=True).astype(DTYPE)
    return Times(values, texts.notna() & values.isna(), month_first)


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


def _parse_unique(texts: pd.Series, timezone: str) -> tuple[list[pd.Timestamp], bool]:
    result = pd.Series(pd.NaT, index=texts.index, dtype=DTYPE)
    open_ = pd.Series(True, index=texts.index)
    day_first, month_first = _day_first(texts, timezone)
    readers: list[tuple[str, Callable[[pd.Series], pd.Series]]] = [
        (_NUMBER, _epoch),
        (_ISO, lambda some: _iso(some, timezone)),
        (_DAY_FIRST, lambda some: day_first.loc[some.index]),
        (".", lambda some: some.map(lambda text: _worded(text, timezone))),
    ]
    for pattern, reader in readers:
        chosen = open_ & texts.str.contains(pattern, regex=True).astype(bool)
        if pattern == _NUMBER:
            chosen &= ~texts.str.fullmatch(r"(?:19|20)\d{6}").astype(bool)
        if chosen.any():
            result.loc[chosen] = pd.to_datetime(reader(texts.loc[chosen]), utc=True, errors="coerce").astype(DTYPE)
            open_ &= ~chosen
    possible = (result >= _EARLIEST) & (result < _LATEST)
    return list(result.where(possible)), month_first


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


def _day_first(texts: pd.Series, timezone: str) -> tuple[pd.Series, bool]:
    parts = texts.str.extract(_DAY_FIRST_PARTS.pattern)
    first, second = (pd.to_numeric(parts[number], errors="coerce") for number in (0, 1))
    dates = first.notna()
    month_first = bool((dates & (second > 12) & (first <= 12)).any()) and not bool((first > 12).any())
    # Where the column itself shows the other order, a date that could be both is not known.
    readable = dates & (second <= 12) & (first <= 31) & (not month_first)
    iso = (
        parts[2]
        + "-"
        + parts[1].str.zfill(2)
        + "-"
        + parts[0].str.zfill(2)
        + "T"
        + parts[3].fillna("0").str.zfill(2)
        + ":"
        + parts[4].fillna("00")
        + ":"
        + parts[5].fillna("00")
    )
    local = pd.to_datetime(iso.where(readable), format="ISO8601", errors="coerce")
    return _localised(local, timezone), month_first


def _worded(text: str, timezone: str) -> pd.Timestamp | None:
    """Read a date with a month in words: French, RFC 822 or the one of old network exports."""
    if not re.search(r"[^\W\d_]{3}", text) or len(text) > 80:
        return None
    french = _FRENCH.match(text)
    if french:
        day, month, year, rest = french.groups()
        value = _day_first(pd.Series([f"{day}/{_MONTHS[month.lower()]}/{year}{rest}"], dtype="str"), timezone)[0].iloc[0]
        return None if pd.isna(value) else value
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
