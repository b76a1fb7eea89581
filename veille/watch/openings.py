"""When people can be reached, and delays counted in that time only: office hours, ring hours, or always.

Everything here is a pure function of instants: the same for a replay of the past and for tonight.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from veille.watch.closed import public_holidays
from veille.watch.model import Watch
from veille.watch.values import OfficeHours, TimeSpan

RING_FROM = 3
"""Level from which a message may ring outside the office."""
ALWAYS_FROM = 4
"""Level from which it rings at any hour."""
_EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)


@dataclass(frozen=True, slots=True)
class Openings:
    """Hours that come back every week, in local time.

    Parameters
    ----------
    timezone
        IANA name of the zone of the hours; where clocks change, an hour that does not exist is not counted and one that
        comes twice is counted twice.
    hours
        Days of the week and their hours; None is always open.
    holidays
        Country, ISO 3166, whose public holidays are closed; None for none.
    """

    timezone: str
    hours: OfficeHours | None = None
    holidays: str | None = None

    def opens(self, at: datetime) -> datetime:
        """Return the first open instant that is not before `at`."""
        return self.after(at, timedelta(0))

    def after(self, at: datetime, span: timedelta) -> datetime:
        """Return the instant by which `span` of open time has passed since `at`.

        Parameters
        ----------
        at
            Any instant, with a zone.
        span
            Open time, zero or more; zero gives the first open instant.
        """
        if self.hours is None:
            return at + span
        left = span
        for start, end in self._intervals(at):
            begin = max(start, at)
            if end - begin >= left:
                return begin + left
            left -= end - begin
        raise AssertionError("the days of the week never end")  # pragma: no cover

    def _intervals(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield the open intervals that end after `at`, in UTC."""
        hours, zone = self.hours, ZoneInfo(self.timezone)
        if hours is None:
            return
        day = at.astimezone(zone).date() - timedelta(days=1)
        while True:
            if day.isoweekday() in hours.days and day not in public_holidays(self.holidays, day.year):
                # Through UTC: between two local times Python counts the hours of the wall, not those that pass.
                start = datetime.combine(day, hours.span.start, zone).astimezone(UTC)
                end = datetime.combine(day, hours.span.end, zone).astimezone(UTC)
                if end > max(at, start):
                    yield start, end
            day += timedelta(days=1)


def office(watch: Watch) -> Openings:
    """Return the office hours of a watch, closed on public holidays."""
    return Openings(watch.timezone, watch.hours.office, watch.hours.holidays)


def ring(watch: Watch) -> Openings:
    """Return the hours in which level 3 may ring, every day of the year."""
    return Openings(watch.timezone, OfficeHours(_EVERY_DAY, TimeSpan(watch.hours.ring.start, watch.hours.ring.end)))


def of_level(watch: Watch, level: int, *, on_call: bool = False) -> Openings:
    """Return the hours in which a message of a level is sent, and in which its delays are counted.

    Parameters
    ----------
    watch
        The watch.
    level
        1 to 4; below 3 office hours, at 3 ring hours, at 4 always.
    on_call
        Whether who is told is on call: level 3 is then sent at any hour.
    """
    if level >= ALWAYS_FROM or (level >= RING_FROM and on_call):
        return Openings(watch.timezone)
    return ring(watch) if level >= RING_FROM else office(watch)
