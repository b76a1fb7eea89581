"""Look at what is new: ask the sources that are due, read, and detect in the 24 hours that end now.

The verbs are those of the edition. Only the days differ: they end at the hour, not at midnight, so that what began this
morning is weighed against whole days of habit.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd

from veille import gather, reading, topics
from veille.alerts.tables import ALERTS, DELIVERIES
from veille.errors import LockedError, StoreError, VeilleError
from veille.gather import SOURCE_HEALTH, Verdict
from veille.period import Period
from veille.reading import towards
from veille.reading.relevance import judge
from veille.reading.tables import READINGS
from veille.signals import DETECTIONS, JOURNAL, SIGNALS, SURGES, detect
from veille.store import RunKind, Store, lock
from veille.topics.tables import ASSIGNMENTS, TOPICS
from veille.watch import SourceSpec, SourceType, Watch

_METERED = (SourceType.GDELT, SourceType.GOOGLE_NEWS, SourceType.REDDIT, SourceType.X, SourceType.YOUTUBE)
"""Services that count requests, or answer slowly to those who ask often."""
_METERED_EVERY = timedelta(hours=1)
_EARLY = timedelta(seconds=30)
_SEEN, _CUTOFF, _TIDIED = "alerts/seen", "alerts/cutoff", "alerts/tidied"
_TABLES = (ALERTS, ASSIGNMENTS, DELIVERIES, DETECTIONS, JOURNAL, READINGS, SIGNALS, SOURCE_HEALTH, SURGES, TOPICS)


@dataclass(frozen=True)
class Looked:
    """What was looked at.

    Parameters
    ----------
    signals
        Rows of SIGNALS of the latest detection.
    detected
        Whether there was anything new to detect in.
    warnings
        What makes it less sure.
    """

    signals: pd.DataFrame
    detected: bool
    warnings: tuple[str, ...] = ()


def rolling(watch: Watch, as_of: datetime) -> tuple[Watch, Period]:
    """Return the watch with days that end at the hour, and the one that ends at the first full hour from `as_of` on.

    Habits are counted a day. Days that end at midnight would hold few hours in the morning, when a rise cannot yet be told;
    days of a zone whose midnight is that hour hold 23 to 24 hours at any moment.
    """
    end = as_of.astimezone(UTC)
    if end != end.replace(minute=0, second=0, microsecond=0):
        end = end.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    # In these names the sign is turned round: Etc/GMT+5 is five hours behind.
    zone = f"Etc/GMT+{end.hour}" if end.hour <= 12 else f"Etc/GMT-{24 - end.hour}"
    day = (end - timedelta(hours=1)).astimezone(ZoneInfo(zone)).date()
    return watch.model_copy(update={"timezone": zone}), Period(day, day, zone)


def due_sources(watch: Watch, health: pd.DataFrame, as_of: datetime) -> list[SourceSpec]:
    """Return the sources to ask now: those not asked since the last run, services that count requests once an hour.

    Parameters
    ----------
    watch, as_of
        What is watched, and the present.
    health
        Rows of SOURCE_HEALTH.
    """
    every = timedelta(minutes=watch.detection.alerts_every_minutes)
    last = health.loc[health["at"] <= pd.Timestamp(as_of)].groupby("source")["at"].max()

    def due(spec: SourceSpec) -> bool:
        wait = max(every, _METERED_EVERY) if spec.type in _METERED else every
        return spec.id not in last.index or as_of - last[spec.id] >= wait - _EARLY

    return [spec for spec in gather.asked_sources(watch) if due(spec)]


def bring(watch: Watch, store: Store, as_of: datetime, progress: Callable[[str, Verdict], None] | None = None) -> list[str]:
    """Ask the sources that are due; return what a person should know. Where a gather is under way it is left to it."""
    specs = due_sources(watch, store.load(SOURCE_HEALTH, ["source", "at"]), as_of)
    if not specs:
        return []
    try:
        with lock(watch, RunKind.GATHER):
            gathered = gather.gather(
                watch.model_copy(update={"sources": tuple(specs)}), store, as_of, progress=progress or (lambda *_: None)
            )
    except LockedError:
        return []
    if gathered.defects:
        return [*gathered.warnings, *(f"source {defect.source}: {defect.sentence}" for defect in gathered.defects)]
    return list(gathered.warnings)


def look(watch: Watch, store: Store, as_of: datetime) -> Looked:
    """Read what is new and detect in the last 24 hours; where no mention came since the last time, nothing is done again."""
    seen = _fingerprint(watch, store, as_of)
    warnings: tuple[str, ...] = ()
    detected = store.state.get(_SEEN) != seen
    if detected:
        rolled, period = rolling(watch, as_of)
        reading.read(watch, store, as_of)
        judge(watch, store, as_of)
        towards.hear(watch, store, as_of)
        updated = topics.update(rolled, store, as_of, period)
        found = detect(rolled, store, as_of, period)
        # A watch that has too few stories for topics is young, and nobody need see to it every ten minutes.
        warnings = () if updated.verdict else found.warnings
        _forget(watch, store, as_of)
        store.state.put(_SEEN, seen)
    return Looked(latest_signals(store, as_of), detected, warnings)


def latest_signals(store: Store, as_of: datetime) -> pd.DataFrame:
    """Return the rows of SIGNALS of the latest cut-off that had been looked at by an instant."""
    now = pd.Timestamp(as_of)
    known = store.load(DETECTIONS, ["cutoff", "as_of"], [("as_of", "<=", now)])["cutoff"]
    return store.load(SIGNALS, where=[("cutoff", "==", known.max())]) if len(known) else SIGNALS.empty()


def tidy(watch: Watch, store: Store, as_of: datetime) -> None:
    """Once a local day, join the files that a run every ten minutes leaves: a table of thousands of them is slow to read."""
    today = as_of.astimezone(ZoneInfo(watch.timezone)).date().isoformat()
    if store.state.get(_TIDIED) == today:
        return
    for table in _TABLES:
        # It is housekeeping: another writer, or a table that is broken, is not a reason to tell nobody of a crisis.
        with suppress(StoreError):
            store.tidy(table)
    store.state.put(_TIDIED, today)


def _fingerprint(watch: Watch, store: Store, as_of: datetime) -> str:
    mentions = store.mentions(as_of, columns=["mention_id"])
    content = [watch.config_sha256, *mentions["mention_id"]]
    return hashlib.sha256("\n".join(content).encode()).hexdigest()


def _forget(watch: Watch, store: Store, as_of: datetime) -> None:
    """Keep of one day the topics of its last look only: each holds every mention of the window once more."""
    before = store.state.get(_CUTOFF)
    zone = ZoneInfo(watch.timezone)
    if before:
        earlier = datetime.fromisoformat(before)
        if earlier < as_of and earlier.astimezone(zone).date() == as_of.astimezone(zone).date():
            for table in (TOPICS, ASSIGNMENTS):
                try:
                    store.replace(table, table.empty(), "cutoff", pd.Timestamp(earlier))
                except VeilleError:
                    return
    store.state.put(_CUTOFF, as_of.isoformat())
