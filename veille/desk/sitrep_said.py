"""What situation reports said: statements with values, so that the next one tells what changed and nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import pandas as pd

from veille.desk.lines import Line, PageKind
from veille.desk.tables import SITREPS
from veille.signals import JOURNAL
from veille.signals.journal import MACHINE, event
from veille.signals.tables import Act
from veille.store import Store


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that a report says.

    Parameters
    ----------
    key
        What it is about, the same in every report: `volume`, `effect.d1`.
    value
        What is said of it, in no language; another value is a change.
    block
        Name of the part of the page it stands in.
    line
        The sentence.
    """

    key: str
    value: str
    block: str
    line: Line


@dataclass(frozen=True)
class Earlier:
    """The reports made of a signal before a moment.

    Parameters
    ----------
    number
        How many.
    at
        When the last was made; None where there is none.
    said
        What the last knew: value by key.
    shown
        Mentions that any of them cited.
    """

    number: int = 0
    at: datetime | None = None
    said: Mapping[str, str] = field(default_factory=dict)
    shown: frozenset[str] = frozenset()

    @classmethod
    def of(cls, store: Store, signal_id: str, before: datetime) -> Earlier:
        """Return those made before a moment: one made at that very moment is made again."""
        rows = store.load(SITREPS, where=[("signal_id", "==", signal_id), ("at", "<", pd.Timestamp(before))]).sort_values("at")
        if rows.empty:
            return cls()
        last = rows.iloc[-1]
        said = dict(zip(map(str, last["statements"]), map(str, last["said"]), strict=True))
        shown = frozenset(str(one) for ids in rows["shown"] for one in ids)
        return cls(len(rows), last["at"].to_pydatetime(), said, shown)

    def changed(self, statements: Iterable[Statement]) -> tuple[Statement, ...]:
        """Return the statements that are new or have another value."""
        return tuple(one for one in statements if self.said.get(one.key) != one.value)

    def gone(self, statements: Iterable[Statement]) -> tuple[str, ...]:
        """Return the keys of what the last report said and this one does not."""
        kept = {one.key for one in statements}
        return tuple(key for key in self.said if key not in kept)


@dataclass(frozen=True, slots=True)
class Report:
    """What is kept of one report, so that the next one knows it.

    Parameters
    ----------
    signal_id, at, number, kind, level
        Which report of what, of which moment.
    cutoff
        Cut-off of the detection that it rests on.
    next_at
        When the next is due; None where none is.
    statements
        All that was known, told again or not.
    """

    signal_id: str
    at: datetime
    number: int
    kind: PageKind
    level: int
    cutoff: datetime
    next_at: datetime | None
    statements: tuple[Statement, ...]


def digest(text: str) -> str:
    """Return what stands for a stranger's words or name among the values of a report: the same for the same, and no more."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def record(store: Store, report: Report, shown: Iterable[str], by: str = MACHINE) -> None:
    """Keep what a report said, and write in the journal that it was made; made again at the same moment it changes nothing.

    Parameters
    ----------
    store
        The memory of the watch.
    report
        The report.
    shown
        Ids of the mentions that it cites.
    by
        Who made it.
    """
    row = {
        "signal_id": report.signal_id, "at": report.at, "by": by, "number": report.number, "kind": str(report.kind),
        "level": report.level, "cutoff": report.cutoff, "next_at": report.next_at,
        "statements": [one.key for one in report.statements], "said": [one.value for one in report.statements],
        "shown": sorted(set(shown)),
    }  # fmt: skip
    frame = pd.DataFrame([row])
    frame["next_at"] = pd.to_datetime(frame["next_at"], utc=True)
    store.merge(SITREPS, SITREPS.check(frame))
    note = f"{report.kind} {report.number}"
    store.merge(
        JOURNAL, JOURNAL.check(pd.DataFrame([event(report.signal_id, report.at, by, Act.REPORTED, report.level, note)]))
    )
