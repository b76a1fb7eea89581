"""What is owed and what became of it: queued before it is sent, each attempt written down, nothing lost, nothing twice.

An attempt is written before something is sent and again after. A run that dies between the two leaves a message of which
nobody knows whether it arrived: it is sent again, under the same Message-ID. At least once, and exactly once but for that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import pandas as pd

from veille.alerts.tables import ALERTS, DELIVERIES, Outcome
from veille.store import Store

WHOLE = ""
"""Route of the row that says of a message that it was withdrawn, or that enough channels have taken it."""
_LONG = timedelta(days=1)
_LATE_WAIT = timedelta(hours=1)


@dataclass(frozen=True)
class Outbox:
    """What a store knows of messages. What has been sent has been sent: a run as of a past moment knows it too.

    Parameters
    ----------
    alerts, deliveries
        Rows of ALERTS and DELIVERIES.
    """

    alerts: pd.DataFrame
    deliveries: pd.DataFrame

    @classmethod
    def open(cls, store: Store) -> Outbox:
        """Return all that was queued and tried."""
        return cls(store.load(ALERTS), store.load(DELIVERIES))

    def queue(self, store: Store, rows: pd.DataFrame) -> Outbox:
        """Write messages that are owed; those that are known already change nothing."""
        new = rows.loc[~rows["alert_id"].isin(self.alerts["alert_id"])]
        if new.empty:
            return self
        store.merge(ALERTS, new)
        return Outbox(ALERTS.check(pd.concat([self.alerts, new], ignore_index=True)), self.deliveries)

    def note(
        self, store: Store, alert_id: str, route: str, at: datetime, outcome: Outcome, detail: str = "", message_id: str = ""
    ) -> Outbox:
        """Write what became of an attempt, before anything else is done."""
        values = {"alert_id": alert_id, "route": route, "at": at, "outcome": str(outcome)}
        row = DELIVERIES.check(pd.DataFrame([{**values, "detail": detail, "message_id": message_id}]))
        store.merge(DELIVERIES, row)
        return Outbox(self.alerts, DELIVERIES.check(pd.concat([self.deliveries, row], ignore_index=True)))

    def outcomes(self, alert_id: str, route: str) -> pd.DataFrame:
        """Return the attempts of a message on a route, oldest first."""
        of = self.deliveries.loc[(self.deliveries["alert_id"] == alert_id) & (self.deliveries["route"] == route)]
        return of.sort_values("at", kind="stable")

    def is_delivered(self, alert_id: str, route: str) -> bool:
        """Say whether a channel took the message."""
        return bool((self.outcomes(alert_id, route)["outcome"] == Outcome.DELIVERED).any())

    def twins(self, alert_id: str, route: str) -> bool:
        """Say whether the same message, to another person, has been taken by this very route."""
        mine = self.alerts.loc[self.alerts["alert_id"] == alert_id].iloc[0]
        same = ["signal_id", "opened_at", "occasion", "level"]
        others = self.alerts.loc[(self.alerts[same] == mine[same]).all(axis=1), "alert_id"]
        taken = self.deliveries.loc[self.deliveries["outcome"] == Outcome.DELIVERED]
        return bool((taken["alert_id"].isin(others) & (taken["route"] == route)).any())

    def may_try(self, alert_id: str, route: str, now: datetime, every: timedelta) -> bool:
        """Say whether it is time for the next attempt on a route."""
        past = self.outcomes(alert_id, route)
        failed = past.loc[past["outcome"] == Outcome.FAILED, "at"]
        if failed.empty:
            return True
        queued = self.alerts.loc[self.alerts["alert_id"] == alert_id, "queued_at"].iloc[0]
        return now >= next_try(len(failed), failed.max().to_pydatetime(), queued.to_pydatetime(), every)

    def settled(self) -> set[str]:
        """Return the ids of messages that nothing more is done about: withdrawn, or taken by enough channels."""
        return set(self.deliveries.loc[self.deliveries["route"] == WHOLE, "alert_id"])


def next_try(failures: int, last: datetime, queued: datetime, every: timedelta) -> datetime:
    """Return when a failed route is tried again: after 1, 2, 4… minutes, at the latest with the next run; hourly after a day.

    Parameters
    ----------
    failures
        Attempts that failed, one or more.
    last
        When the last one did.
    queued
        When the message was written.
    every
        Time between two runs.
    """
    longest = every if last - queued < _LONG else max(every, _LATE_WAIT)
    # A run that comes some seconds early must not wait for the one after it.
    return last + min(timedelta(minutes=2 ** min(failures - 1, 10)), longest) - timedelta(seconds=30)


def superseded(alerts: pd.DataFrame, settled: Sequence[str] | set[str]) -> set[str]:
    """Return the ids of messages that a later one to the same person about the same signal says better.

    Parameters
    ----------
    alerts
        Rows of ALERTS.
    settled
        Ids that nothing more is done about.
    """
    waiting = alerts.loc[~alerts["alert_id"].isin(list(settled))]
    ordered = waiting.sort_values(["queued_at", "level"], kind="stable")
    return set(ordered.loc[ordered.duplicated(["signal_id", "person"], keep="last"), "alert_id"])
