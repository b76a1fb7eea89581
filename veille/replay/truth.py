"""What really happened: labelled events that a replay's alarms are held against."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

import pandas as pd

from veille.errors import UsageError
from veille.watch import Watch

COLUMNS = ("event_id", "subject", "onset", "end", "kind")


class EventKind(StrEnum):
    """Whether an event was a crisis."""

    CRISIS = "crisis"
    NOT_CRISIS = "not_crisis"


@dataclass(frozen=True)
class Event:
    """A labelled event; both days are inclusive.

    Parameters
    ----------
    event_id, subject
        Its id, and the id of the subject it befell.
    onset, end
        First and last local day.
    kind
        Whether it was a crisis.
    """

    event_id: str
    subject: str
    onset: date
    end: date
    kind: EventKind


def read_truth(file: Path, watch: Watch) -> tuple[Event, ...]:
    """Read labelled events from a CSV file: `event_id, subject, onset, end, kind`; other columns are ignored.

    Raises
    ------
    UsageError
        The file cannot be read, lacks a column, or a row is no event of a subject of the watch.
    """
    try:
        frame = pd.read_csv(file, dtype="str", keep_default_na=False, encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise UsageError(f"there is no file {file}", "give the labelled events with --truth FILE") from error
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise UsageError(f"{file} is no CSV file in UTF-8: {error}", f"its columns are {', '.join(COLUMNS)}") from error
    missing = [name for name in COLUMNS if name not in frame.columns]
    if missing:
        raise UsageError(f"{file} has no column {', '.join(missing)}", f"its columns are {', '.join(COLUMNS)}")
    frame = frame[list(COLUMNS)].apply(lambda column: column.str.strip())
    subjects = {subject.id for subject in watch.subjects}
    events = tuple(_event(file, line, row, subjects) for line, row in enumerate(frame.to_dict("records"), start=2))
    twice = frame["event_id"][frame["event_id"].duplicated()]
    if len(twice):
        raise UsageError(f"{file} has two events {twice.iloc[0]}", "give each event an id of its own")
    return events


def _event(file: Path, line: int, row: dict[str, str], subjects: set[str]) -> Event:
    place = f"{file}, line {line}"
    if not row["event_id"]:
        raise UsageError(f"{place}: the event has no event_id", "give each event an id")
    if row["subject"] not in subjects:
        raise UsageError(f"{place}: the watch has no subject {row['subject']!r}", f"it has {', '.join(sorted(subjects))}")
    if row["kind"] not in tuple(EventKind):
        raise UsageError(f"{place}: kind is {row['kind']!r}", f"write {' or '.join(EventKind)}")
    onset, end = (_day(place, name, row[name]) for name in ("onset", "end"))
    if end < onset:
        raise UsageError(f"{place}: the event ends on {end}, before its onset {onset}", "write the first day first")
    return Event(row["event_id"], row["subject"], onset, end, EventKind(row["kind"]))


def _day(place: str, name: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{place}: {name} is {text!r}, which is no day", "write it like 2022-01-26") from error
