"""Alarms, and what they are worth against what really happened: small pure functions over days.

An alarm is the first day that a signal reaches level 2, once since it was opened or reopened; updates are none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

import pandas as pd

from veille.replay.truth import Event, EventKind
from veille.signals.tables import Act

ALARM_LEVEL = 2
AFTER_DAYS = 3
"""An alarm this many days after the end of a crisis is still of it, though it does not count as found."""
EPISODE_DAYS = 14
"""False alarms of a subject less than so many days apart are one episode."""
SERIOUS_LEVEL = 3
"""Level that wakes people: an ordinary week should hold at most one alarm of it."""
_DAYS_A_YEAR = 365.25


def alarms(signals: pd.DataFrame, journal: pd.DataFrame, *, level: int = ALARM_LEVEL, score: float = 0.0) -> pd.DataFrame:
    """Return the rows of SIGNALS at which alarms were given, in order of time.

    Parameters
    ----------
    signals
        Rows of SIGNALS, one a signal and day.
    journal
        Rows of JOURNAL: when signals were reopened.
    level, score
        Least level and score of an alarm; the defaults are those of the product, others show what they would change.
    """
    again = journal.loc[journal["act"] == Act.REOPENED, ["signal_id", "at"]].drop_duplicates()
    rows = signals.merge(again, left_on=["signal_id", "cutoff"], right_on=["signal_id", "at"], how="left")
    rows = rows.sort_values(["signal_id", "cutoff"], kind="stable")
    # Which life of the signal it is: each reopening begins another.
    life = rows["at"].notna().groupby(rows["signal_id"]).cumsum().rename("life")
    loud = rows.assign(life=life).loc[(rows["level"] >= level) & (rows["score"] >= score)]
    first = loud.drop_duplicates(["signal_id", "life"]).drop(columns=["life", "at"])
    return first.sort_values(["cutoff", "level", "signal_id"], ascending=[True, False, True], ignore_index=True)


@dataclass(frozen=True)
class Found:
    """What became of one event.

    Parameters
    ----------
    event
        The event.
    detected
        An alarm on a day from its onset to its end; of an event that was no crisis, one that belongs to no crisis.
    first_alarm
        First such day.
    """

    event: Event
    detected: bool
    first_alarm: date | None

    @property
    def lag_days(self) -> int | None:
        """Days from the onset to the first alarm; None where there was none."""
        return None if self.first_alarm is None else (self.first_alarm - self.event.onset).days


def attributed(days: Sequence[tuple[str, date]], events: Sequence[Event]) -> list[str | None]:
    """Return for each alarm, given as subject and day, the crisis it belongs to.

    Of several crises of one subject it belongs to one that is not over yet, and of these to the latest.
    """
    return [_crisis_of(subject, day, events) for subject, day in days]


def _crisis_of(subject: str, day: date, events: Sequence[Event]) -> str | None:
    near = [
        event
        for event in events
        if event.kind is EventKind.CRISIS
        and event.subject == subject
        and event.onset <= day <= event.end + timedelta(days=AFTER_DAYS)
    ]
    best = max(near, key=lambda event: (day <= event.end, event.onset, event.event_id), default=None)
    return best.event_id if best else None


def found(days: Sequence[tuple[str, date]], events: Sequence[Event]) -> list[Found]:
    """Return what became of each event."""
    of_crisis = attributed(days, events)
    result = []
    for event in events:
        crisis = event.kind is EventKind.CRISIS
        mine = [
            day
            for (subject, day), name in zip(days, of_crisis, strict=True)
            if subject == event.subject and event.onset <= day <= event.end and (crisis or name is None)
        ]
        result.append(Found(event, bool(mine), min(mine, default=None)))
    return result


def false_episodes(days: Sequence[tuple[str, date]], events: Sequence[Event]) -> list[list[int]]:
    """Return the alarms that belong to no crisis, as positions, one list a false episode; the earliest first."""
    of_crisis = attributed(days, events)
    left = sorted((subject, day, place) for place, (subject, day) in enumerate(days) if of_crisis[place] is None)
    episodes: list[list[int]] = []
    before: tuple[str, date] | None = None
    for subject, day, place in left:
        if before is not None and before[0] == subject and (day - before[1]).days < EPISODE_DAYS:
            episodes[-1].append(place)
        else:
            episodes.append([place])
        before = (subject, day)
    return sorted(episodes, key=lambda episode: (days[episode[0]][1], days[episode[0]][0]))


@dataclass(frozen=True)
class Scores:
    """What a replay is worth against labelled events.

    Parameters
    ----------
    events
        What became of each event.
    false_episodes
        Result of `false_episodes`.
    first, last, subjects
        Local days re-lived, and the number of subjects.
    """

    events: Sequence[Found]
    false_episodes: Sequence[Sequence[int]]
    first: date
    last: date
    subjects: int

    @property
    def crises(self) -> list[Found]:
        """Crises whose onset lies in the period."""
        return [one for one in self.events if one.event.kind is EventKind.CRISIS and self.first <= one.event.onset <= self.last]

    @property
    def recall(self) -> float | None:
        """Share of those crises that were detected; None where there is none."""
        return sum(one.detected for one in self.crises) / len(self.crises) if self.crises else None

    @property
    def missed(self) -> list[str]:
        """Ids of those crises that were not."""
        return [one.event.event_id for one in self.crises if not one.detected]

    @property
    def median_lag_days(self) -> float | None:
        """Median lag of the detected ones; None where there is none."""
        lags = [one.lag_days for one in self.crises if one.lag_days is not None]
        return float(median(lags)) if lags else None

    @property
    def false_alarms(self) -> int:
        """False episodes."""
        return len(self.false_episodes)

    @property
    def false_alarms_per_subject_year(self) -> float | None:
        """False episodes a subject and year."""
        years = self.subjects * ((self.last - self.first).days + 1) / _DAYS_A_YEAR
        return self.false_alarms / years if years > 0 else None


def per_week(levels: Sequence[int], days: int) -> dict[str, float]:
    """Return the alarms a week, by the level they were given at."""
    weeks = days / 7
    return {str(level): round(list(levels).count(level) / weeks, 4) if weeks > 0 else 0.0 for level in (2, 3, 4)}


@dataclass(frozen=True)
class Ordinary:
    """Weeks that no crisis touches, and the alarms in them.

    Parameters
    ----------
    weeks
        Such weeks, Monday to Sunday, that lie wholly in the period.
    alarms, most
        Alarms in all of them, and in the worst.
    """

    weeks: int
    alarms: int
    most: int


def ordinary(days: Sequence[tuple[str, date]], events: Sequence[Event], first: date, last: date) -> Ordinary:
    """Return the weeks of a period that no crisis touches, to three days after its end, and the alarms in them.

    Parameters
    ----------
    days
        Alarms, as subject and day.
    events
        Labelled events.
    first, last
        Local days re-lived, inclusive.
    """
    monday = first + timedelta(days=-first.weekday() % 7)
    mondays = []
    while monday + timedelta(days=6) <= last:
        mondays.append(monday)
        monday += timedelta(days=7)
    crises = [event for event in events if event.kind is EventKind.CRISIS]
    quiet = [
        monday
        for monday in mondays
        if not any(
            event.onset <= monday + timedelta(days=6) and monday <= event.end + timedelta(days=AFTER_DAYS) for event in crises
        )
    ]
    counts = [sum(0 <= (day - monday).days < 7 for _, day in days) for monday in quiet]
    return Ordinary(len(quiet), sum(counts), max(counts, default=0))
