"""The organisation's own calendars and press releases: their dated events, read at each gather and kept for the time lines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pandas as pd

from veille.errors import SourceError
from veille.gather.ics import TITLE_CHARACTERS, Dated, parse_ics
from veille.gather.tables import CALENDAR
from veille.sources.answers import shown
from veille.sources.rss import parse_feed

if TYPE_CHECKING:
    from veille.sources import Client
    from veille.store import Store
    from veille.watch import CalendarEntry, Watch

SECONDS = 60.0
"""How long one calendar may take; what it could not give stays as it was."""


def gather_dates(watch: Watch, store: Store, as_of: datetime, client: Client | None) -> list[str]:
    """Read every calendar and feed of `calendar` in watch.yml, and keep what each says now; return what a person should know.

    Parameters
    ----------
    watch, store
        The watch and its memory.
    as_of
        When; an event that was known keeps the moment at which it was first seen.
    client
        Asks addresses; None reads files alone.
    """
    told: list[str] = []
    for entry in watch.calendar:
        name = key_of(entry)
        if name is None or (client is None and "://" in name):
            continue
        try:
            dated = _read(entry, watch, as_of, client)
        except SourceError as error:
            told.append(f"calendar: {error.message}")
            continue
        told += _left_out(dated, name)
        known = store.load(CALENDAR, where=[("entry", "=", name)])
        seen = {(row[0], row[1]): row[2] for row in known[["day", "title", "seen_at"]].to_numpy().tolist()}
        rows = [
            {"entry": name, "day": day.isoformat(), "title": title, "seen_at": seen.get((day.isoformat(), title), as_of)}
            for day, title in dated.events
        ]
        store.replace(CALENDAR, CALENDAR.check(pd.DataFrame(rows)) if rows else CALENDAR.empty(), "entry", name)
    return told


def key_of(entry: CalendarEntry) -> str | None:
    """Return what the events of an entry are kept under, its file or address; None for a date of the list."""
    return entry.ics or entry.rss


def _read(entry: CalendarEntry, watch: Watch, as_of: datetime, client: Client | None) -> Dated:
    if entry.ics and "://" not in entry.ics:
        path = watch.resolve(entry.ics)
        try:
            content = path.read_bytes()
        except OSError as error:
            raise SourceError(f"{entry.ics} cannot be read: {error.strerror or type(error).__name__}") from None
        return parse_ics(content, entry.ics, watch.timezone)
    address = str(entry.ics or entry.rss)
    assert client is not None
    reply = client.within(SECONDS).get(address.replace("webcal://", "https://", 1))
    if entry.ics:
        return parse_ics(reply.content, shown(address), watch.timezone)
    feed = parse_feed(
        reply.content,
        source="calendar",
        url=reply.url,
        content_type=reply.headers.get("Content-Type", ""),
        timezone=watch.timezone,
        place=shown(address),
    )
    return Dated(tuple(sorted(set(_released(feed.mentions, watch.timezone)))))


def _released(entries: list, timezone: str) -> Iterator[tuple[date, str]]:  # type: ignore[type-arg]
    for one in entries:
        title = " ".join((one.title or one.text or "").split())[:TITLE_CHARACTERS].rstrip()
        if title and one.published_at is not None:
            yield one.published_at.astimezone(ZoneInfo(timezone)).date(), title


def _left_out(dated: Dated, name: str) -> list[str]:
    place = shown(name) if "://" in name else name
    told = []
    if dated.repeating:
        told.append(f"calendar: {place} holds {dated.repeating} events that repeat: left out, give their days as dates")
    if dated.nameless:
        told.append(f"calendar: {place} holds {dated.nameless} events without a day or a name: they are left out")
    return told
