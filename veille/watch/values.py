"""The kinds of value that watch.yml is made of, each with one sentence for what is wrong and one for what to write."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]*")
_DURATION = re.compile(r"(\d{1,5})\s*(m|min|h|d)")
_UNITS = {"m": "minutes", "min": "minutes", "h": "hours", "d": "days"}
_SPAN = r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})"


class Model(BaseModel):
    """Base of every section: frozen, unknown keys are errors, values are not converted silently."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _left_out(cls, values: Any) -> Any:
        """Take a known key without value as left out; an unknown one stays, to be reported."""
        if not isinstance(values, dict):
            return values
        return {name: value for name, value in values.items() if value is not None or name not in cls.model_fields}


def problem(what: str, hint: str = "") -> PydanticCustomError:
    """Return the error of one value; `what` follows the name of its key in the message.

    Parameters
    ----------
    what
        What is wrong, as the end of a sentence that starts with the key.
    hint
        What to write instead.
    """
    return PydanticCustomError("veille", "{what}", {"what": what, "hint": hint})


def _slug(value: Any) -> Any:
    if isinstance(value, str) and (len(value) > 64 or not _SLUG.fullmatch(value)):
        raise problem(f"“{value}” is not a short name", "write lower-case letters, digits, - and _, such as my-name")
    return value


def _variable(value: Any) -> Any:
    # The value is never repeated: it may be the secret itself.
    if isinstance(value, str) and not _VARIABLE.fullmatch(value):
        raise problem(
            "must be the name of an environment variable, never the secret or address itself",
            "write a name such as MAIL_URL and set that variable where veille runs",
        )
    return value


def _duration(value: Any) -> Any:
    if isinstance(value, dt.timedelta):
        return value
    match = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if not match or not int(match[1]):
        raise problem(f"“{value}” is not a duration", "write a number and m, h or d, such as 60m, 4h or 2d")
    return dt.timedelta(**{_UNITS[match[2]]: int(match[1])})


def _day(value: Any) -> Any:
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    try:
        if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            raise ValueError(value)
        return dt.date.fromisoformat(value)
    except ValueError:
        raise problem(f"“{value}” is not a date", "write it like 2026-12-15") from None


def web_address(value: Any) -> Any:
    """Let what is no text be, for others to refuse; a text must be an address of the web without a password."""
    if not isinstance(value, str):
        return value
    try:
        parts = urlsplit(value)
        right = parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", value)
    except ValueError:
        right = False
    if not right:
        raise problem(
            f"“{value}” is not a web address", "write it with https:// or http://, such as https://example.org/rss.xml"
        )
    if parts.password or parts.username:
        raise problem("holds a user name or a password", "remove them from the address: secrets are environment variables")
    return value


class Tlp(StrEnum):
    """Traffic Light Protocol 2.0 (FIRST), least restricted first; never translated."""

    CLEAR = "TLP:CLEAR"
    GREEN = "TLP:GREEN"
    AMBER = "TLP:AMBER"
    AMBER_STRICT = "TLP:AMBER+STRICT"
    RED = "TLP:RED"

    @property
    def rank(self) -> int:
        """0 for CLEAR to 4 for RED."""
        return list(Tlp).index(self)


def _tlp(value: Any) -> Any:
    if isinstance(value, str) and value not in list(Tlp):
        raise problem(f"“{value}” is not a TLP marking", f"write one of {', '.join(Tlp)}")
    return Tlp(value) if isinstance(value, str) else value


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """Hours of a local day, from `start` until just before `end`."""

    start: dt.time
    end: dt.time

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """Days of the week (1 Monday to 7 Sunday) and the hours in which an office is open on them."""

    days: tuple[int, ...]
    span: TimeSpan

    def __str__(self) -> str:
        return f"{','.join(WEEKDAYS[day - 1] for day in self.days)} {self.span}"


@dataclass(frozen=True, slots=True)
class WeekTime:
    """A moment of every week: day (1 Monday to 7 Sunday) and local time."""

    day: int
    time: dt.time

    def __str__(self) -> str:
        return f"{WEEKDAYS[self.day - 1]} {self.time:%H:%M}"


def _span(value: Any) -> Any:
    match = re.fullmatch(_SPAN, value.strip()) if isinstance(value, str) else None
    try:
        if not match:
            raise ValueError(value)
        start, end = _clock(match[1], match[2]), _clock(match[3], match[4])
    except ValueError:
        raise problem(f"“{value}” is not a span of hours", 'write it like "07:00-22:00", in quotes') from None
    if start >= end:
        raise problem(f"“{value}” ends before it starts", 'write it like "07:00-22:00"')
    return TimeSpan(start, end)


def _office(value: Any) -> Any:
    days, _, hours = value.strip().partition(" ") if isinstance(value, str) else ("", "", "")
    numbers = _days(days)
    if not numbers or not re.fullmatch(_SPAN, hours.strip()):
        raise problem(f"“{value}” are not office hours", 'write them like "Mon-Fri 09:00-18:00", in quotes')
    return OfficeHours(numbers, _span(hours))


def _days(text: str) -> tuple[int, ...]:
    found: set[int] = set()
    for part in text.split(","):
        first, _, last = part.partition("-")
        if first not in WEEKDAYS or (last or first) not in WEEKDAYS:
            return ()
        start, end = WEEKDAYS.index(first), WEEKDAYS.index(last or first)
        found.update((start + step) % 7 + 1 for step in range((end - start) % 7 + 1))
    return tuple(sorted(found))


def _week_time(value: Any) -> Any:
    match = re.fullmatch(r"(\w{3})\s+(\d{1,2}):(\d{2})", value.strip()) if isinstance(value, str) else None
    try:
        if not match or match[1] not in WEEKDAYS:
            raise ValueError(value)
        return WeekTime(WEEKDAYS.index(match[1]) + 1, _clock(match[2], match[3]))
    except ValueError:
        raise problem(f"“{value}” is not a moment of the week", 'write it like "Mon 08:30", in quotes') from None


def _clock(hours: str, minutes: str) -> dt.time:
    return dt.time(int(hours), int(minutes))


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Slug = Annotated[str, BeforeValidator(_slug)]
Variable = Annotated[str, BeforeValidator(_variable)]
Duration = Annotated[dt.timedelta, BeforeValidator(_duration)]
Day = Annotated[dt.date, BeforeValidator(_day)]
WebAddress = Annotated[str, BeforeValidator(web_address)]
Marking = Annotated[Tlp, BeforeValidator(_tlp)]
Span = Annotated[
    TimeSpan, BeforeValidator(lambda value: value if isinstance(value, TimeSpan) else _span(value)), PlainSerializer(str)
]
Office = Annotated[
    OfficeHours,
    BeforeValidator(lambda value: value if isinstance(value, OfficeHours) else _office(value)),
    PlainSerializer(str),
]
WeekMoment = Annotated[
    WeekTime, BeforeValidator(lambda value: value if isinstance(value, WeekTime) else _week_time(value)), PlainSerializer(str)
]


def texts(value: Any) -> Any:
    """Let a YAML list become a tuple, which strict models ask for."""
    return tuple(value) if isinstance(value, list) else value


AsTuple = BeforeValidator(texts)
Texts = Annotated[tuple[Text, ...], AsTuple]
