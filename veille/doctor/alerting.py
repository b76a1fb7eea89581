"""Checks of alerts: whether the job still runs, and whether the most serious one has a second way out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from veille.alerts import heartbeat
from veille.doctor.check import Check
from veille.errors import VeilleError
from veille.store import Store
from veille.watch import Watch

_CHANNELS = 2
_CRITICAL = 4


def alert_checks(watch: Watch, store: Store, as_of: datetime) -> Iterator[Check]:
    """Yield the checks of alerts; a watch that names no channel has none to send."""
    mail = {watch.delivery.mail} if watch.delivery.mail else set()
    named = mail | {name for step in watch.escalation.values() for name in step.via}
    named |= {name for person in watch.people for name in person.via}
    if not named:
        yield Check("alerts", True, "no channel is named: nobody is told between two editions")
        return
    yield _pulse(watch, store, as_of)
    yield from _two_channels(watch, mail)
    if watch.delivery.inbox:
        known = sum(person.mail is not None for person in watch.people)
        mend = "" if known else "give the people of watch.yml their mail"
        yield Check("replies", known > 0, f"{known} people can answer by mail", mend)


def _pulse(watch: Watch, store: Store, as_of: datetime) -> Check:
    try:
        pulse = heartbeat(watch, store, as_of)
    except VeilleError as error:
        return Check("alerts", False, error.message, error.hint)
    if pulse.last is None:
        return Check("alerts", False, "never ended well", "let a schedule run veille alerts (veille schedule prints it)")
    said = f"last ended well at {pulse.last:%Y-%m-%d %H:%M} UTC"
    if not pulse.alive:
        return Check("alerts", False, said, "the job has stopped: look at its schedule and its lock")
    late = f"{said}; {pulse.overdue} messages could not be sent in time"
    return Check("alerts", not pulse.overdue, late if pulse.overdue else said, "look at the channels" if pulse.overdue else "")


def _two_channels(watch: Watch, mail: set[str]) -> Iterator[Check]:
    """Say for the people of level 4 whether one broken channel would keep them from knowing."""
    of_level = set(watch.escalation[_CRITICAL].via) or mail
    for name in watch.escalation[_CRITICAL].to:
        person = watch.person(name)
        ways = set(person.via) if person and person.via else of_level
        good = len(ways) >= _CHANNELS
        mend = f"name {_CHANNELS} variables in escalation.{_CRITICAL}.via, or in via of the person"
        yield Check(f"level {_CRITICAL} {name}", good, f"{len(ways)} channels", "" if good else mend)
