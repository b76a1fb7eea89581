"""What the notebook of a replay opens: the watch, its store, the days and the labelled events."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from veille.errors import UsageError
from veille.mention import MENTIONS
from veille.replay.truth import Event, read_truth
from veille.store import Store
from veille.watch import Watch, load_watch

_DAYS = 28


@dataclass(frozen=True)
class Opened:
    """What is to be re-lived.

    Parameters
    ----------
    watch, store
        The watch and its memory.
    first, last
        Local days, inclusive.
    truth
        Labelled events, none where no file was given.
    """

    watch: Watch
    store: Store
    first: date
    last: date
    truth: tuple[Event, ...] = ()

    @property
    def middle(self) -> date:
        """First day of the second half."""
        return self.first + (self.last - self.first + timedelta(days=1)) // 2


def open_replay(watch_file: str = "", first: str = "", last: str = "", truth_file: str = "") -> Opened:
    """Open a watch for a replay.

    Parameters
    ----------
    watch_file
        Else `VEILLE_WATCH`, else `watch.yml` of this folder.
    first, last
        Local days, ISO 8601; else the last four weeks of what is stored.
    truth_file
        CSV of labelled events.

    Raises
    ------
    UsageError
        A day is none, or nothing is stored and no day was given.
    """
    watch = load_watch(Path(watch_file or os.environ.get("VEILLE_WATCH", "watch.yml")))
    store = Store(watch)
    ends = _day(last) if last else _latest(watch, store)
    begins = _day(first) if first else ends - timedelta(days=_DAYS - 1)
    return Opened(watch, store, begins, ends, read_truth(Path(truth_file), watch) if truth_file else ())


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{text!r} is not a day", "write it like 2026-11-22") from error


def _latest(watch: Watch, store: Store) -> date:
    published = store.load(MENTIONS, ["published_at"])["published_at"].dropna()
    if published.empty:
        raise UsageError(f"nothing is stored of {watch.watch} to re-live", "gather or import mentions first")
    latest: date = published.max().tz_convert(watch.timezone).date()
    return latest
