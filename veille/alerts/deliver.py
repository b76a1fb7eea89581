"""Send what is due: the most serious first, by the next channel where one fails, by another person where all do."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pandas as pd

from veille.alerts import channels
from veille.alerts.channels import Route
from veille.alerts.message import Message, message_of
from veille.alerts.occasions import undelivered
from veille.alerts.outbox import WHOLE, Outbox, superseded
from veille.alerts.tables import Occasion, Outcome
from veille.errors import DeliveryError
from veille.signals import SIGNALS, SignalStatus, few, half_decided, status
from veille.store import Store
from veille.watch import Watch
from veille.watch.openings import ALWAYS_FROM, RING_FROM, of_level


@dataclass
class Postman:
    """One round of deliveries.

    Parameters
    ----------
    watch, store
        The watch and its memory.
    outbox
        What is owed and what became of it.
    clock
        Tells when an attempt is made.
    environment
        Where the variables of channels are looked for.
    """

    watch: Watch
    store: Store
    outbox: Outbox
    clock: Callable[[], datetime]
    environment: Mapping[str, str]
    down: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    sent: list[dict[str, object]] = field(default_factory=list)
    failed: list[dict[str, object]] = field(default_factory=list)
    _key: bytes = b""

    def round(self, as_of: datetime, events: pd.DataFrame) -> None:
        """Withdraw what nobody needs any more, and try what is due.

        Parameters
        ----------
        as_of
            The present.
        events
            The journal.
        """
        self._withdraw(as_of, events)
        latest = self.store.load(SIGNALS, where=[("as_of", "<=", pd.Timestamp(as_of))])
        latest = latest.sort_values("cutoff", kind="stable").drop_duplicates("signal_id", keep="last").set_index("signal_id")
        tried: set[str] = set()
        while True:
            # What stands in for somebody who could not be reached is due in the same round.
            due = self.waiting().loc[lambda rows: (rows["not_before"] <= pd.Timestamp(as_of)) & ~rows["alert_id"].isin(tried)]
            if due.empty:
                return
            alert = next(iter(few.rows(due)))
            tried.add(alert.alert_id)
            if alert.signal_id in latest.index:
                self._deliver(as_of, alert, _row(latest, alert.signal_id))

    def waiting(self) -> pd.DataFrame:
        """Return the messages that are still owed, most serious first."""
        owed = self.outbox.alerts.loc[~self.outbox.alerts["alert_id"].isin(self.outbox.settled())]
        return owed.sort_values(["level", "due_at", "alert_id"], ascending=[False, True, True], kind="stable")

    def _withdraw(self, as_of: datetime, events: pd.DataFrame) -> None:
        states = status(events)
        closed = set(states.index[states["status"] == SignalStatus.CLOSED])
        awaited = set(half_decided(events).index)
        late = superseded(self.outbox.alerts, self.outbox.settled())
        for alert in few.rows(self.waiting()):
            confirmed = alert.occasion == Occasion.CONFIRMATION and alert.signal_id not in awaited
            why = "the signal is closed" if alert.signal_id in closed else "a later message says it better"
            why = "a second person has decided" if confirmed else why
            if alert.signal_id in closed or alert.alert_id in late or confirmed:
                self.outbox = self.outbox.note(self.store, alert.alert_id, WHOLE, as_of, Outcome.WITHDRAWN, why)

    def _deliver(self, as_of: datetime, alert: Any, signal: Any) -> None:
        every = alert.level >= ALWAYS_FROM
        taken, reachable, tried = 0, 0, 0
        plans = self._plans(alert)
        for _, routes in plans:
            results = [self._try(alert, signal, route) for route in routes]
            tried += sum(result is not None for result in results)
            taken += all(self.outbox.is_delivered(alert.alert_id, route.key) for route in routes)
            reachable += any(self.outbox.is_delivered(alert.alert_id, route.key) for route in routes)
            if taken and not every:
                break
        if plans and taken >= (len(plans) if every else 1):
            self.outbox = self.outbox.note(self.store, alert.alert_id, WHOLE, self.clock(), Outcome.DELIVERED)
        elif not reachable and (tried or not plans) and alert.level >= RING_FROM:
            self._elsewhere(as_of, alert, [route for _, routes in plans for route in routes])

    def _elsewhere(self, as_of: datetime, alert: Any, failed: list[Route]) -> None:
        """Have others told where a person cannot be reached.

        By another channel at once; by another address of the same one where this one is refused for good, or when half of the
        time to send it has passed: a server that asks to come back later, as many do of strangers, is asked again.
        """
        half = alert.queued_at + (alert.due_at - alert.queued_at) / 2
        same = (alert.alert_id in self.refused and alert.occasion != Occasion.UNDELIVERED) or as_of >= half
        shut = {route.key for route in failed} if same else {route.variable for route in failed}
        rows = undelivered(self.watch, as_of, alert, self.outbox.alerts)
        reachable = [any((way.key if same else way.variable) not in shut for way in self._ways(row)) for row in few.rows(rows)]
        self.outbox = self.outbox.queue(self.store, rows.loc[reachable].reset_index(drop=True))

    def _ways(self, alert: Any) -> list[Route]:
        """Return the routes to a person that are not known to be down."""
        person, found = self.watch.person(alert.person), []
        for variable in self._variables(alert.person, alert.level):
            with suppress(DeliveryError):
                found += channels.routes(variable, person, self.environment) if variable not in self.down else []
        return found

    def _variables(self, person_id: str, level: int) -> tuple[str, ...]:
        person = self.watch.person(person_id)
        own = person.via if person else ()
        mail = (self.watch.delivery.mail,) if self.watch.delivery.mail else ()
        return own or self.watch.escalation[level].via or mail

    def _plans(self, alert: Any) -> list[tuple[str, list[Route]]]:
        plans = []
        for variable in self._variables(alert.person, alert.level):
            try:
                plans.append((variable, channels.routes(variable, self.watch.person(alert.person), self.environment)))
            except DeliveryError as error:
                self.down.add(variable)
                self._fail(alert, variable, error.message)
        if not self._variables(alert.person, alert.level):
            self._fail(alert, "", "no channel is named: set delivery.mail, or via of the level or the person")
        return plans

    def _try(self, alert: Any, signal: Any, route: Route) -> bool | None:
        """Try a route; None where there was nothing to do, or it is not time yet."""
        every = timedelta(minutes=self.watch.detection.alerts_every_minutes)
        if self.outbox.is_delivered(alert.alert_id, route.key):
            return None
        now = self.clock()
        code = code_of(self._secret(), signal.signal_id)
        mail_id = channels.message_id(route, code, alert.alert_id)
        if self.outbox.twins(alert.alert_id, route.key):
            self._note(alert, route, now, Outcome.DELIVERED, "one message on this channel for several people", mail_id)
            return True
        if route.variable in self.down:
            return False
        if not self.outbox.may_try(alert.alert_id, route.key, now, every):
            return None
        message = self._message(alert, signal, code, now)
        self._note(alert, route, now, Outcome.STARTED, "", mail_id)
        attempt = channels.send(route, message, alert_id=alert.alert_id, code=code, at=now)
        ended = self.clock()
        if attempt.delivered:
            self._note(alert, route, ended, Outcome.DELIVERED, "", mail_id)
            self.sent.append(_told(alert, route.key))
            return True
        self._note(alert, route, ended, Outcome.FAILED, attempt.detail, mail_id)
        self._fail(alert, route.key, attempt.detail)
        if attempt.down:
            self.down.add(route.variable)
        if attempt.refused:
            self.refused.add(alert.alert_id)
        return False

    def _message(self, alert: Any, signal: Any, code: str, now: datetime) -> Message:
        limit = self.watch.escalation[alert.level].decide_within
        due = of_level(self.watch, alert.level).after(now, limit) if limit else None
        same = ["signal_id", "opened_at", "occasion", "level"]
        alerts = self.outbox.alerts
        mine = alerts.loc[(alerts[same] == [getattr(alert, name) for name in same]).all(axis=1)]
        order = {name: place for place, name in enumerate(self.watch.escalation[alert.level].to)}
        people = sorted(mine["person"], key=lambda name: (order.get(name, len(order)), name))
        return message_of(self.watch, self.store, signal, alert, code=code, people=people, sent_at=now, due=due)

    def _note(self, alert: Any, route: Route, at: datetime, outcome: Outcome, detail: str, message_id: str) -> None:
        self.outbox = self.outbox.note(self.store, alert.alert_id, route.key, at, outcome, detail, message_id)

    def _fail(self, alert: Any, route: str, why: str) -> None:
        self.failed.append({**_told(alert, route), "why": why})

    def _secret(self) -> bytes:
        self._key = self._key or self.store.key
        return self._key


def code_of(key: bytes, signal_id: str) -> str:
    """Return the short code of a signal by which replies are matched; who has not seen a message cannot guess it.

    Parameters
    ----------
    key
        Key of the watch's pseudonyms.
    signal_id
        The signal.
    """
    digest = hmac.new(key, f"alert:{signal_id}".encode(), hashlib.sha256).digest()
    return "V-" + base64.b32encode(digest[:5]).decode()


def _row(latest: pd.DataFrame, signal_id: str) -> Any:
    return next(iter(few.rows(latest.loc[[signal_id]].reset_index())))


def _told(alert: Any, route: str) -> dict[str, object]:
    told = {"signal_id": alert.signal_id, "level": int(alert.level), "occasion": str(alert.occasion), "person": alert.person}
    return {**told, "channel": route, "due_at": alert.due_at.isoformat()}
