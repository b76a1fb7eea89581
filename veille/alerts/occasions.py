"""What is owed to whom: one alarm a signal, then only what raises it; and a stand-in where nobody acknowledges.

Pure functions of frames: what is known at an instant in, rows of ALERTS out; the same again gives the same ids.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from veille.alerts.recipients import Told, person_of, recipients, seconds, stand_ins
from veille.alerts.tables import ALERTS, Occasion, Outcome
from veille.signals import SignalKind, SignalStatus, few, half_decided, status
from veille.signals.tables import Act
from veille.watch import Watch
from veille.watch.openings import RING_FROM, Openings, of_level, office, ring
from veille.watch.presence import handled_level

_CALM = timedelta(days=1)
"""Time without any sign of it after which what was closed comes back as a second wave."""


def owed(
    watch: Watch,
    as_of: datetime,
    signals: pd.DataFrame,
    events: pd.DataFrame,
    alerts: pd.DataFrame,
    history: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the messages that signals ask for and that are not owed yet.

    Parameters
    ----------
    watch, as_of
        What is watched, and the present.
    signals
        Rows of SIGNALS of the latest detection.
    events
        The journal until `as_of`.
    alerts
        Rows of ALERTS until `as_of`.
    history
        `signal_id`, `cutoff` and `evidence` of SIGNALS, of earlier detections too: a signal that has come to rest on nothing
        of what people were told is told again. None looks at no past.

    Returns
    -------
    DataFrame
        Rows of ALERTS, by signal and person.
    """
    states = status(events)
    rows: list[dict[str, object]] = []
    for signal in few.rows(signals):
        if signal.signal_id not in states.index or states.loc[signal.signal_id, "status"] == SignalStatus.CLOSED:
            continue
        level = handled_level(watch, int(signal.level), signal.role)
        strategic = signal.kind == SignalKind.STRATEGIC
        if level == 1 and not strategic:
            continue
        opened_at = states.loc[signal.signal_id, "opened_at"]
        told = alerts.loc[(alerts["signal_id"] == signal.signal_id) & (alerts["opened_at"] == opened_at)]
        occasion = _occasion(watch, as_of, signal, level, told, events)
        if occasion is None and level > 1 and history is not None and _is_another(signal, told, history):
            occasion = Occasion.CHANGED
        if occasion:
            owners = _owners(watch, signal) if strategic or level >= RING_FROM else []
            wave = _Wave(watch, as_of, signal.signal_id, opened_at, level, not pd.isna(signal.press_pickup_at))
            wave.about = signal.evidence[0] if occasion is Occasion.CHANGED else ""
            rows += wave.rows(occasion, wave.told(owners))
    return _frame(rows)


def unacknowledged(
    watch: Watch, as_of: datetime, events: pd.DataFrame, alerts: pd.DataFrame, deliveries: pd.DataFrame
) -> pd.DataFrame:
    """Return the messages to those who stand in for people that have not acknowledged at half the limit to decide.

    Parameters
    ----------
    watch, as_of, events, alerts
        As for `owed`.
    deliveries
        Rows of DELIVERIES until `as_of`.
    """
    states = status(events)
    # Who has decided has taken note; what is missing then is a second person, see `unconfirmed`.
    waiting = states.index[(states["status"] == SignalStatus.OPEN) & states["decided_at"].isna()]
    first = deliveries.loc[deliveries["outcome"] == Outcome.DELIVERED].groupby("alert_id")["at"].min()
    mine = alerts.loc[alerts["signal_id"].isin(waiting) & alerts["alert_id"].isin(first.index)]
    rows: list[dict[str, object]] = []
    for alert in few.rows(mine):
        limit = watch.escalation[alert.level].decide_within
        current = alert.opened_at == states.loc[alert.signal_id, "opened_at"]
        # Below an alert one reminder is enough; above, the next in line is asked until somebody answers.
        if limit is None or not current or (alert.level < RING_FROM and alert.occasion == Occasion.UNACKNOWLEDGED):
            continue
        if as_of >= _half(watch, alert, first[alert.alert_id], limit):
            rows += _instead(watch, as_of, alert, alerts, Occasion.UNACKNOWLEDGED)
    return _frame(rows)


def unconfirmed(watch: Watch, as_of: datetime, events: pd.DataFrame, alerts: pd.DataFrame) -> pd.DataFrame:
    """Return the messages to those whose confirmation a decision awaits: those who know of the signal, once.

    Where nobody has confirmed when `alerts_cooldown_minutes` have passed, who stands in is asked, and then nobody more.

    Parameters
    ----------
    watch, as_of, events, alerts
        As for `owed`.
    """
    if len(watch.people) == 1:
        return ALERTS.empty()
    states, cooldown = status(events), timedelta(minutes=watch.detection.alerts_cooldown_minutes)
    rows: list[dict[str, object]] = []
    for decision in few.rows(half_decided(events).reset_index()):
        signal_id = decision.signal_id
        opened_at = states.loc[signal_id, "opened_at"]
        told = alerts.loc[(alerts["signal_id"] == signal_id) & (alerts["opened_at"] == opened_at)]
        if told.empty:
            continue
        asked = told.loc[(told["occasion"] == Occasion.CONFIRMATION) & (told["queued_at"] >= decision.at)]
        if len(asked) and as_of - asked["queued_at"].max() < cooldown:
            continue
        wave = _Wave(watch, as_of, signal_id, opened_at, int(told["level"].max()), bool(told["press_pickup"].any()))
        # Another decision, after the signal came back or by somebody else, awaits another confirmation.
        wave.about = decision.at.isoformat()
        decider = person_of(watch, decision.by)
        known = told.loc[told["occasion"] != Occasion.CONFIRMATION, "person"].unique().tolist()
        rows += wave.rows(Occasion.CONFIRMATION, seconds(watch, wave.level, wave.day, decider, known, asked["person"].tolist()))
    return _frame(rows)


def undelivered(watch: Watch, as_of: datetime, alert: Any, alerts: pd.DataFrame) -> pd.DataFrame:
    """Return the messages to those who stand in for a person whose every channel failed; `alert` is a row of ALERTS."""
    return _frame(list(_instead(watch, as_of, alert, alerts, Occasion.UNDELIVERED)))


def _frame(rows: list[dict[str, object]]) -> pd.DataFrame:
    return ALERTS.check(pd.DataFrame(rows).drop_duplicates("alert_id")) if rows else ALERTS.empty()


def _half(watch: Watch, alert: Any, delivered_at: pd.Timestamp, limit: timedelta) -> datetime:
    return _hours(watch, alert.level, alert.person, delivered_at).after(delivered_at.to_pydatetime(), limit / 2)


def _occasion(
    watch: Watch, as_of: datetime, signal: Any, level: int, told: pd.DataFrame, events: pd.DataFrame
) -> Occasion | None:
    if told.empty:
        mine = events.loc[events["signal_id"] == signal.signal_id]
        openings = mine.loc[mine["act"].isin([Act.OPENED, Act.REOPENED])]
        if openings["act"].iloc[-1] != Act.REOPENED:
            return Occasion.OPENED
        return Occasion.REOPENED if _second_wave(mine, openings["at"].iloc[-1], level) else None
    if level > told["level"].max():
        return Occasion.RAISED
    cooled = as_of - told["queued_at"].max() >= timedelta(minutes=watch.detection.alerts_cooldown_minutes)
    taken_up = not pd.isna(signal.press_pickup_at) and not told["press_pickup"].any()
    return Occasion.PRESS_PICKUP if taken_up and cooled and level > 1 else None


def _is_another(signal: Any, told: pd.DataFrame, history: pd.DataFrame) -> bool:
    """Say whether a signal rests on no mention of what people were told last."""
    if told.empty or not len(signal.evidence):
        return False
    before = history.loc[(history["signal_id"] == signal.signal_id) & (history["cutoff"] <= told["queued_at"].max())]
    return len(before) > 0 and not set(before.sort_values("cutoff")["evidence"].iloc[-1]) & set(signal.evidence)


def _second_wave(mine: pd.DataFrame, reopened_at: pd.Timestamp, level: int) -> bool:
    """Say whether a reopening is news: what somebody closed while it went on is not, unless it is more serious than ever."""
    before = mine.loc[mine["at"] < reopened_at]
    closed = before.loc[before["act"] == Act.CLOSED, "at"]
    calm = closed.empty or reopened_at - closed.max() >= _CALM
    return bool(calm or level > before["level"].max())


def _owners(watch: Watch, signal: Any) -> list[str]:
    """Return the ids of those who own the decisions, objectives and red lines that a signal bears on."""
    owners = {item.id: item.owner for item in watch.strategy.items if item.owner}
    return [*dict.fromkeys(owners[item] for item in signal.effects_ids if item in owners)]


def _instead(
    watch: Watch, as_of: datetime, alert: Any, alerts: pd.DataFrame, occasion: Occasion
) -> Iterator[dict[str, object]]:
    wave = _Wave(watch, as_of, alert.signal_id, alert.opened_at, int(alert.level), bool(alert.press_pickup))
    told = alerts.loc[(alerts["signal_id"] == alert.signal_id) & (alerts["opened_at"] == alert.opened_at)]
    if (told["in_place_of"].eq(alert.person) & told["occasion"].eq(occasion)).any():
        return iter(())
    return wave.rows(occasion, stand_ins(watch, wave.level, alert.person, wave.day, list(told["person"])))


def _hours(watch: Watch, level: int, person_id: str, at: datetime) -> Openings:
    person = watch.person(person_id)
    on_call = person is not None and person.is_on_call(at.astimezone(ZoneInfo(watch.timezone)).date())
    return of_level(watch, level, on_call=on_call)


class _Wave:
    """One opening of a signal at one level: who is told when."""

    def __init__(
        self, watch: Watch, as_of: datetime, signal_id: str, opened_at: datetime, level: int, press_pickup: bool
    ) -> None:
        self.watch, self.as_of, self.signal_id, self.opened_at = watch, as_of, signal_id, opened_at
        self.level, self.press_pickup = level, press_pickup
        self.about = ""
        zone = ZoneInfo(watch.timezone)
        # Who is away is asked of the day on which the message will be read.
        self.day = of_level(watch, level).opens(as_of).astimezone(zone).date()
        self.today = as_of.astimezone(zone).date()

    def told(self, owners: Sequence[str]) -> tuple[Told, ...]:
        night = ring(self.watch).opens(self.as_of) > self.as_of
        return recipients(self.watch, self.level, self.day, owners=owners, tonight=self.today if night else None)

    def rows(self, occasion: Occasion, told: Sequence[Told]) -> Iterator[dict[str, object]]:
        span = self.watch.escalation[self.level].send_within
        for one in told:
            hours = _hours(self.watch, self.level, one.person, self.as_of)
            # What only bears on a decision reaches its owner within one working day.
            due_at = office_day(self.watch, self.as_of) if span is None else hours.after(self.as_of, span)
            content = [
                self.signal_id,
                pd.Timestamp(self.opened_at).isoformat(),
                str(occasion),
                str(self.level),
                one.person,
                self.about,
            ]
            yield {
                "alert_id": "a" + hashlib.sha256("\x1f".join(content).encode()).hexdigest()[:16],
                "signal_id": self.signal_id,
                "opened_at": self.opened_at,
                "occasion": str(occasion),
                "level": self.level,
                "press_pickup": self.press_pickup,
                "person": one.person,
                "in_place_of": one.in_place_of,
                "queued_at": self.as_of,
                "not_before": hours.opens(self.as_of),
                "due_at": due_at,
            }


def office_day(watch: Watch, at: datetime) -> datetime:
    """Return the instant by which one working day has passed."""
    span = watch.hours.office.span
    hours = timedelta(hours=span.end.hour - span.start.hour, minutes=span.end.minute - span.start.minute)
    return office(watch).after(at, hours)
