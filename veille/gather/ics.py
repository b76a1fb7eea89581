"""Read the dated events of a calendar file (iCalendar, RFC 5545): the little that a time line needs, and nothing guessed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from veille.errors import SourceError
from veille.sources.text import plain_text

TITLE_CHARACTERS = 120
_MOST_BYTES = 5_000_000
_NAME = re.compile(r'([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+=(?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)*):(.*)', re.DOTALL)
_PARAMETER = re.compile(r';([A-Za-z0-9-]+)=("[^"]*"|[^";:]*)')
_WHEN = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z?))?")
_REPEATS = ("RRULE", "RDATE")


@dataclass(frozen=True, slots=True)
class Dated:
    """Events of a calendar, and how many could not be one: those that repeat, and those without a day or a name.

    Parameters
    ----------
    events
        Local day and name of each, in the order of days.
    repeating, nameless
        Events that are left out.
    """

    events: tuple[tuple[date, str], ...]
    repeating: int = 0
    nameless: int = 0


def parse_ics(content: bytes, place: str, timezone: str) -> Dated:
    """Return the events of a calendar file on their local days.

    Parameters
    ----------
    content
        Its bytes.
    place
        How messages name it.
    timezone
        Zone of the days, and of times that name no zone, or one that is not an IANA name.

    Raises
    ------
    SourceError
        It is no calendar file, or too large.

    Notes
    -----
    An event that lasts stands on its first day; one that repeats (RRULE, RDATE) is left out and counted, for its days would
    have to be computed; one that was cancelled is none.
    """
    if len(content) > _MOST_BYTES:
        raise SourceError(f"{place} is larger than {_MOST_BYTES // 1_000_000} MB", "export fewer years")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SourceError(f"{place} is not in UTF-8", "export it again as iCalendar (.ics)") from None
    # A line goes on in the next where that begins with a space or a tab.
    lines = re.sub(r"\r?\n[ \t]", "", text).splitlines()
    if not lines or lines[0].strip().upper() != "BEGIN:VCALENDAR":
        raise SourceError(f"{place} is no calendar file", "give an iCalendar file: its first line is BEGIN:VCALENDAR")
    found, repeating, nameless = [], 0, 0
    for event in _events(lines):
        if event.get("STATUS", ("", ""))[1].strip().upper() == "CANCELLED":
            continue
        if any(name in event for name in _REPEATS):
            repeating += 1
            continue
        day, title = _day(*event.get("DTSTART", ("", "")), timezone), _title(event.get("SUMMARY", ("", ""))[1])
        if day is None or not title:
            nameless += 1
        else:
            found.append((day, title))
    return Dated(tuple(sorted(set(found))), repeating, nameless)


def _events(lines: list[str]) -> Iterator[dict[str, tuple[str, str]]]:
    """Yield the properties of each event, the first of each name; those of a part of it, such as an alarm, are not its own."""
    event: dict[str, tuple[str, str]] | None = None
    inside = 0
    for line in lines:
        match = _NAME.fullmatch(line)
        if not match:
            continue
        name, parameters, value = match[1].upper(), match[2], match[3]
        if name == "BEGIN":
            inside += event is not None
            event = {} if event is None and value.strip().upper() == "VEVENT" else event
        elif name == "END" and inside:
            inside -= 1
        elif name == "END" and event is not None:
            yield event
            event = None
        elif event is not None and not inside:
            event.setdefault(name, (parameters, value))


def _day(parameters: str, value: str, timezone: str) -> date | None:
    match = _WHEN.fullmatch(value.strip())
    if not match:
        return None
    year, month, day = (int(part) for part in match.groups()[:3])
    try:
        if match[4] is None:
            return date(year, month, day)
        moment = datetime(year, month, day, int(match[4]), int(match[5]), tzinfo=_zone(parameters, match[7], timezone))
    except ValueError:
        return None
    return moment.astimezone(ZoneInfo(timezone)).date()


def _zone(parameters: str, utc: str, timezone: str) -> tzinfo:
    if utc:
        return UTC
    named = {name.upper(): value.strip('"') for name, value in _PARAMETER.findall(parameters)}
    try:
        return ZoneInfo(named.get("TZID", timezone))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        # Names of one vendor's own: the event is taken for one of here.
        return ZoneInfo(timezone)


def _title(value: str) -> str:
    text = re.sub(r"\\([\\;,nN])", lambda found: " " if found[1] in "nN" else found[1], value)
    return " ".join(plain_text(text).split())[:TITLE_CHARACTERS].rstrip()
