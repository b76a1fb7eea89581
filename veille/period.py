"""The two clocks: what period an output speaks of, and as of when it was known."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from veille.errors import UsageError

_WEEK = re.compile(r"^(\d{4})-W(\d{2})$")


@dataclass(frozen=True, slots=True)
class Period:
    """Local days, first and last inclusive, in one time zone.

    Parameters
    ----------
    first, last
        Local days.
    timezone
        IANA name of the zone the days are in.
    """

    first: date
    last: date
    timezone: str

    @property
    def start(self) -> datetime:
        """First instant of the period, in UTC."""
        return local_midnight(self.first, self.timezone)

    @property
    def end(self) -> datetime:
        """First instant after the period, in UTC."""
        return local_midnight(self.last + timedelta(days=1), self.timezone)

    @property
    def days(self) -> int:
        """Number of local days."""
        return (self.last - self.first).days + 1

    @property
    def before(self) -> Period:
        """The period of the same length that ends where this one begins."""
        length = timedelta(days=self.days)
        return Period(self.first - length, self.last - length, self.timezone)

    @property
    def week(self) -> str:
        """ISO week of the last day, `2026-W47`."""
        year, number, _ = self.last.isocalendar()
        return f"{year}-W{number:02d}"


def local_midnight(day: date, timezone: str) -> datetime:
    """Return the instant at which a local day begins, in UTC."""
    return datetime.combine(day, time(), ZoneInfo(timezone)).astimezone(UTC)


def week(name: str, timezone: str) -> Period:
    """Return the ISO week of that name, Monday 00:00 to Sunday 24:00 in the zone.

    Raises
    ------
    UsageError
        The name is not of the form `2026-W47`, or that year has no such week.
    """
    match = _WEEK.match(name)
    try:
        if not match:
            raise ValueError(name)
        monday = date.fromisocalendar(int(match[1]), int(match[2]), 1)
    except ValueError as error:
        raise UsageError(f"{name!r} is not an ISO week", "write it like 2026-W47") from error
    return Period(monday, monday + timedelta(days=6), timezone)


def last_complete_week(as_of: datetime, timezone: str) -> Period:
    """Return the last ISO week that was over at `as_of`."""
    today = as_of.astimezone(ZoneInfo(timezone)).date()
    sunday = today - timedelta(days=today.isoweekday())
    return Period(sunday - timedelta(days=6), sunday, timezone)


def instant(text: str, timezone: str) -> datetime:
    """Read a time of the command line: ISO 8601, in the watch's zone without offset, a date alone is the end of that day.

    Raises
    ------
    UsageError
        The text is not ISO 8601.
    """
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return local_midnight(date.fromisoformat(text) + timedelta(days=1), timezone)
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{text!r} is not a time", "write it like 2026-11-22 or 2026-11-22T18:30") from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(timezone))).astimezone(UTC)


def published_before(as_of: datetime, period: Period | None) -> datetime:
    """Return the instant from which publications are not visible: the end of the period or `as_of`, whichever is first."""
    return min(period.end, as_of) if period else as_of
