"""The organisation's dates: those of watch.yml, and those that its calendars and its feed of press releases held."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pandas as pd

from veille.bulletin.base import clean
from veille.bulletin.types import Event
from veille.gather.tables import CALENDAR
from veille.language import Language
from veille.masking import mask
from veille.period import Period
from veille.watch import CalendarEntry, confidential_terms

if TYPE_CHECKING:
    from veille.store import Store
    from veille.watch import Watch


def with_dates(watch: Watch, store: Store, as_of: datetime) -> Watch:
    """Return the watch with the events of its calendars among its dates, each marked as its calendar is.

    Parameters
    ----------
    watch, store
        The watch and its memory.
    as_of
        What a gather found later is not known.
    """
    if not any(entry.ics or entry.rss for entry in watch.calendar):
        return watch
    kept = store.load(CALENDAR, where=[("seen_at", "<=", pd.Timestamp(as_of))])
    terms = confidential_terms(watch)
    entries: list[CalendarEntry] = []
    for entry in watch.calendar:
        entries.append(entry)
        mine = kept.loc[kept["entry"] == (entry.ics or entry.rss or "")].sort_values(["day", "title"])
        for day, title in mine[["day", "title"]].to_numpy().tolist():
            # Written by whoever writes the calendar: handles and phones are hidden as in any text that was gathered.
            told = mask(clean(title), terms).strip()
            if told:
                entries.append(CalendarEntry(date=date.fromisoformat(day), title=told, tlp=entry.tlp))
    return watch.model_copy(update={"calendar": tuple(entries)})


def events(watch: Watch, period: Period, days: int = 28) -> tuple[Event, ...]:
    """Return the dates of a watch in the last days of a period, the oldest first.

    Parameters
    ----------
    watch
        Result of `with_dates`.
    period
        Its last day is the last of the time line.
    days
        Days of the time line.
    """
    first = period.last - timedelta(days=days - 1)
    dated = {(item.date, item.title or "") for item in watch.calendar if item.date is not None}
    return tuple(Event(day=day, title=title) for day, title in sorted(dated) if first <= day <= period.last)


def told(dates: tuple[Event, ...], language: Language) -> tuple[str, ...]:
    """Return each day of a time line with what stands on it, in words."""
    by_day: dict[date, list[str]] = {}
    for event in dates:
        by_day.setdefault(event.day, []).append(event.title)
    return tuple(
        language.say("{day}: {events}", day=language.day(day, "d MMMM"), events=" · ".join(titles))
        for day, titles in sorted(by_day.items())
    )
