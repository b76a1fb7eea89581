"""sitrep: one page while a signal is at level 3 or more, and a closing page with lessons learned once it is closed.

The first report of a signal says what is known, what is not, who speaks, what was answered, and when the next is due. Each
later one says only what changed since the last: a statement that was made, and has the value it had, is not made again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pandas as pd

from veille.desk.autonomy import leave
from veille.desk.brief_speech import leave_line
from veille.desk.gaps import gaps
from veille.desk.lines import Block, Line, Page, PageKind
from veille.desk.present import Present
from veille.desk.sitrep_closing import closing_page
from veille.desk.sitrep_known import KNOWN, UNKNOWN, known_of, part_of, resolved, unknown_of
from veille.desk.sitrep_said import Earlier, Report, Statement
from veille.desk.sitrep_voices import ANSWERED, SPEAKS, answered, speaking
from veille.errors import UsageError
from veille.language import Language
from veille.signals import SignalStatus, few
from veille.signals.tables import Act
from veille.store import Store
from veille.watch import Watch
from veille.watch.openings import of_level

REPORTED_FROM = 3
"""Level from which a situation is reported."""
CADENCE = {3: timedelta(hours=4), 4: timedelta(hours=1)}
"""From one report to the next where `escalation` gives a level no `decide_within`."""
_MAY = "may"


@dataclass(frozen=True, slots=True)
class Sitrep:
    """A situation report: its page, and what is kept of it."""

    page: Page
    report: Report
    changed: int


def sitrep(watch: Watch, store: Store, as_of: datetime, signal_id: str, language: Language, terms: tuple[str, ...]) -> Sitrep:
    """Return the report of a signal as of a moment; nothing is written.

    Parameters
    ----------
    watch, store, as_of
        The watch, its memory, and the moment.
    signal_id
        The signal.
    language
        Language of the page.
    terms
        Confidential terms, hidden in every text.

    Raises
    ------
    UsageError
        There is no such signal at that moment, or it never came to level 3.
    """
    known = Present.of(watch, store, as_of, language, terms)
    rows = known.signals.loc[known.signals["signal_id"] == signal_id]
    if rows.empty:
        raise UsageError(f"there is no signal {signal_id} at {known.when(as_of)}", "`veille journal` lists them")
    row = next(few.rows(rows))
    last = Earlier.of(store, signal_id, as_of)
    if row.level < REPORTED_FROM and not last.number:
        raise UsageError(
            f"signal {signal_id} is at level {row.level}: a situation is reported from level {REPORTED_FROM} on",
            "the bulletin and `veille brief` tell of it",
        )
    closed = signal_id in known.states.index and known.states.loc[signal_id, "status"] == SignalStatus.CLOSED
    if closed:
        page = closing_page(known, row, last)
        report = Report(
            signal_id, as_of, last.number + 1, PageKind.CLOSING, int(row.level), row.cutoff.to_pydatetime(), None, ()
        )
        return Sitrep(page, report, len(list(page.lines)))
    next_at = _next(watch, int(row.level), as_of)
    statements = (
        *known_of(known, row, last), *unknown_of(known, row), *speaking(known, row, last), *answered(known, row),
        *_leave(known, int(row.handled)), *_due(known, row),
    )  # fmt: skip
    changed = last.changed(statements)
    gone = [text for key in last.gone(statements) if (text := resolved(key, language))]
    report = Report(
        signal_id, as_of, last.number + 1, PageKind.SITREP, int(row.level), row.cutoff.to_pydatetime(), next_at, statements
    )
    page = Page(
        kind=PageKind.SITREP,
        language=language.code,
        title=language.say("Situation report {number}", number=report.number),
        about=language.say("“{title}”", title=known.quoted(row, 120)),
        as_of=as_of,
        looked_at=known.looked_at,
        day=known.today,
        level=int(row.level),
        facts=tuple(_facts(known, row, last, next_at)),
        blocks=tuple(_blocks(known, row, last, changed, gone)),
        gaps=(*gaps(known), *_stale(known, row, last)),
        note=_note(known, last),
        subjects=(str(row.subject),),
        signal_id=signal_id,
    )  # fmt: skip
    return Sitrep(page, report, len(changed) + len(gone))


def _next(watch: Watch, level: int, as_of: datetime) -> datetime | None:
    """Return when the next report is due: the time that the level leaves to decide, in its hours; None below level 3."""
    if level < REPORTED_FROM:
        return None
    span = watch.escalation[level].decide_within or CADENCE[level]
    return of_level(watch, level).after(as_of, span)


def _leave(known: Present, level: int) -> Iterator[Statement]:
    line = leave_line(known, level, known.language.say("At this level"))
    mine = leave(known.watch, level, known.today)
    value = "/".join([*map(str, mine.alone), *mine.ask, str(mine.within)])
    yield Statement("leave", value, _MAY, line)


def _due(known: Present, row: Any) -> Iterator[Statement]:
    """Yield by when it must be decided, from the sending, as long as nobody has; a competitor's crisis is his to decide."""
    level, mine = int(row.handled), known.events.loc[known.events["signal_id"] == row.signal_id]
    sent, limit = mine.loc[mine["act"] == Act.SENT, "at"].min(), known.watch.escalation[level].decide_within
    decided = known.states.loc[row.signal_id, "decided_at"] if row.signal_id in known.states.index else None
    if level < REPORTED_FROM or pd.isna(sent) or limit is None or not pd.isna(decided):
        return
    due = of_level(known.watch, level).after(sent.to_pydatetime(), limit)
    past = due <= known.as_of
    line = Line(f"{known.when(due)}.", "people", ("journal", f"escalation.{level}"), lead=known.language.say("To decide by"),
                tag=known.language.say("past") if past else "", alarming=past)  # fmt: skip
    yield Statement("due", f"{due.isoformat()}/{past}", _MAY, line)


def _facts(known: Present, row: Any, last: Earlier, next_at: datetime | None) -> Iterator[tuple[str, str]]:
    say = known.language.say
    yield say("As of"), known.when(known.as_of)
    yield say("Signals of"), known.language.cutoff(row.cutoff.to_pydatetime(), known.watch.timezone)
    if last.at is not None:
        yield say("Last report"), say("{number}, {when}", number=last.number, when=known.when(last.at))
    yield say("Next report"), known.when(next_at) if next_at else say("none: below level 3")
    yield say("Signal"), str(row.signal_id)


def _blocks(known: Present, row: Any, last: Earlier, changed: tuple[Statement, ...], gone: list[str]) -> Iterator[Block]:
    say = known.language.say
    later = last.number > 0
    of = (f"subjects.{row.subject}", f"signals.{row.signal_id}")
    if later and not changed and not gone:
        text = say("Nothing has changed since report {number}.", number=last.number)
        yield Block("changed", say("Changed since the last report"), (Line(text, part_of(row), of),))
    if gone:
        lines = tuple(Line(text, part_of(row), of) for text in gone)
        yield Block("changed", say("Known since the last report"), lines)
    titles = {
        KNOWN: say("Changed: what is known") if later else say("What is known"),
        UNKNOWN: say("Changed: what is not known") if later else say("What is not known"),
        SPEAKS: say("New: who speaks") if later else say("Who speaks"),
        ANSWERED: say("New: what was done and answered") if later else say("What was done and answered"),
        _MAY: say("Changed: who may answer") if later else say("Who may answer"),
    }
    for name, title in titles.items():
        lines = tuple(one.line for one in changed if one.block == name)
        if lines:
            yield Block(name, title, lines)


def _stale(known: Present, row: Any, last: Earlier) -> Iterator[str]:
    """Yield that nothing was looked at since the last report: no change is then no news."""
    if last.at is not None and known.looked_at is not None and known.looked_at <= last.at:
        when = known.language.cutoff(known.looked_at, known.watch.timezone)
        yield known.language.say("Nothing was looked at since the last report: the last detection is of {when}.", when=when)


def _note(known: Present, last: Earlier) -> str:
    if not last.number or last.at is None:
        return ""
    return known.language.say(
        "What is not said again stands as report {number} said it, or an earlier one.", number=last.number
    )
