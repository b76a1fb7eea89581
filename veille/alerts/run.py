"""The verb `alerts`: between two editions, look at what is new and tell those who must know, in time."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import pandas as pd

from veille.alerts.deliver import Postman, code_of
from veille.alerts.inbox import Answers, read_inbox
from veille.alerts.look import bring, latest_signals, look, tidy
from veille.alerts.occasions import owed, unacknowledged, unconfirmed
from veille.alerts.outbox import Outbox
from veille.alerts.pulse import beat, ping
from veille.alerts.tables import ALERTS, Occasion, Outcome
from veille.errors import DeliveryError, VeilleError
from veille.gather import Verdict
from veille.signals import JOURNAL, SIGNALS, few, journal
from veille.signals.journal import MACHINE, event
from veille.signals.tables import Act
from veille.sources import Client
from veille.store import RunKind, Store, lock
from veille.watch import Watch

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class AlertsResult:
    """What a run did.

    Parameters
    ----------
    queued
        Rows of ALERTS that it added.
    sent, failed
        One record a message that a channel took, and an attempt that failed.
    pending
        Rows of ALERTS that are still owed.
    overdue
        How many of these should have been sent by now.
    answers
        What people said by mail.
    warnings
        What a person must see.
    failure
        Why nothing new could be looked at, where that is so; what was owed was sent all the same.
    """

    queued: pd.DataFrame
    sent: tuple[dict[str, object], ...]
    failed: tuple[dict[str, object], ...]
    pending: pd.DataFrame
    overdue: int
    answers: Answers = field(default_factory=Answers)
    warnings: tuple[str, ...] = ()
    failure: VeilleError | None = None

    @property
    def opened(self) -> tuple[str, ...]:
        """Ids of the signals that people are told of for the first time, or again after quiet."""
        return self._of(Occasion.OPENED, Occasion.REOPENED)

    @property
    def updated(self) -> tuple[str, ...]:
        """Ids of the signals whose level rose, which the press took up, or which are about something else now."""
        return self._of(Occasion.RAISED, Occasion.PRESS_PICKUP, Occasion.CHANGED)

    def _of(self, *occasions: Occasion) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.queued.loc[self.queued["occasion"].isin(occasions), "signal_id"]))


def alerts(
    watch: Watch,
    store: Store,
    as_of: datetime,
    *,
    clock: Clock,
    fetch: bool = True,
    environment: Mapping[str, str] | None = None,
    progress: Callable[[str, Verdict], None] | None = None,
    client: Client | None = None,
) -> AlertsResult:
    """Gather, read, detect, read replies, and send what is due.

    Parameters
    ----------
    watch, store
        The watch and its memory.
    as_of
        What was known, and what is due, at this instant.
    clock
        Tells when messages are sent.
    fetch
        Whether sources are asked; a past that is lived again asks nobody.
    environment
        Where the variables of channels are looked for; the process's own where None.
    progress
        Told of each source that is done.
    client
        The HTTP client of the heartbeat.

    Raises
    ------
    LockedError
        Another run is under way.
    """
    variables = os.environ if environment is None else environment
    with lock(watch, RunKind.ALERTS):
        warnings: list[str] = []
        failure: VeilleError | None = None
        try:
            warnings += bring(watch, store, as_of, progress) if fetch else []
            looked = look(watch, store, as_of)
            signals = looked.signals
            warnings += looked.warnings if looked.detected else ()
        except VeilleError as error:
            # What is owed already must not wait for a source or a model that is broken.
            failure, signals = error, latest_signals(store, as_of)
        answers = _answers(watch, store, as_of, variables, warnings)
        events = journal(store)
        outbox = Outbox.open(store)
        before = len(outbox.alerts)
        told_of = store.load(SIGNALS, ["signal_id", "cutoff", "evidence"])
        outbox = outbox.queue(store, owed(watch, as_of, signals, events, outbox.alerts, told_of))
        waiting = unacknowledged(watch, as_of, events, outbox.alerts, outbox.deliveries)
        outbox = outbox.queue(store, waiting)
        outbox = outbox.queue(store, unconfirmed(watch, as_of, events, outbox.alerts))
        postman = Postman(watch, store, outbox, clock, variables)
        try:
            postman.round(as_of, events)
        finally:
            _journal_sent(store, postman.outbox, events)
        pending = postman.waiting()
        overdue = int((pending["due_at"] < pd.Timestamp(as_of)).sum())
        warnings += _told(postman.failed, overdue)
        tidy(watch, store, as_of)
        if failure is None:
            beat(store, clock(), overdue)
            if not overdue:
                # Where nobody can be told, the switch outside is what still can tell: it is left to fire.
                problem = ping(watch, variables, client) if fetch else ""
                warnings += [problem] if problem else []
    queued = postman.outbox.alerts.iloc[before:].reset_index(drop=True)
    return AlertsResult(
        queued=ALERTS.check(queued),
        sent=tuple(postman.sent),
        failed=tuple(postman.failed),
        pending=pending.reset_index(drop=True),
        overdue=overdue,
        answers=answers,
        warnings=tuple(dict.fromkeys(warnings)),
        failure=failure,
    )


def _answers(watch: Watch, store: Store, as_of: datetime, variables: Mapping[str, str], warnings: list[str]) -> Answers:
    if watch.delivery.inbox is None:
        return Answers()
    known = store.load(SIGNALS, ["signal_id"])["signal_id"].unique()
    key = store.key
    try:
        answers = read_inbox(watch, store, as_of, variables, {code_of(key, signal_id): signal_id for signal_id in known})
    except DeliveryError as error:
        warnings.append(error.message)
        return Answers()
    warnings.extend(answers.refused)
    return answers


def _journal_sent(store: Store, outbox: Outbox, events: pd.DataFrame) -> None:
    """Write in the journal when each message first arrived; the same again is the same event."""
    taken = outbox.deliveries.loc[(outbox.deliveries["outcome"] == Outcome.DELIVERED) & (outbox.deliveries["route"] != "")]
    first = taken.sort_values("at", kind="stable").drop_duplicates("alert_id")
    merged = outbox.alerts.merge(first[["alert_id", "at", "route"]], on="alert_id")
    rows = [
        event(
            row.signal_id,
            row.at.to_pydatetime(),
            MACHINE,
            Act.SENT,
            int(row.level),
            f"{row.occasion}: {row.person}, {row.route}",
        )
        for row in few.rows(merged)
    ]
    new = [row for row in rows if row["event_id"] not in set(events["event_id"])]
    if new:
        store.merge(JOURNAL, JOURNAL.check(pd.DataFrame(new)))


def _told(failed: list[dict[str, object]], overdue: int) -> list[str]:
    told = [f"message to {one['person']} by {one['channel'] or 'no channel'}: {one['why']}" for one in failed]
    return [*told, f"{overdue} messages should have been sent by now"] if overdue else told
