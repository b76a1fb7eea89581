"""brief: one page for an occasion, for a person who has five minutes before speaking in public.

What is said, the questions to expect with the approved answers and their proofs, what may be said at the present level, what is
not to be said, the organisation's dates, the rules in force; and what cannot be checked. Nothing is written to the store.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pandas as pd

from veille import topics
from veille.desk import situation
from veille.desk.autonomy import leave
from veille.desk.brief_occasion import occasion_day, occasion_matter
from veille.desk.brief_questions import likely_questions
from veille.desk.brief_setting import duties, news
from veille.desk.brief_speech import leave_line, may_say, not_say
from veille.desk.gaps import gaps
from veille.desk.lines import Block, Line, Page, PageKind
from veille.desk.present import Present, inner
from veille.desk.vectors import remembering
from veille.language import Language
from veille.names import people_names
from veille.signals import SignalKind, few
from veille.store import Store
from veille.typography import cut
from veille.watch import Watch

LONGEST_OCCASION = 80
"""Characters of the occasion."""
_SIGNALS, _TOPICS, _TITLE = 5, 2, 110


def brief(
    watch: Watch,
    store: Store,
    as_of: datetime,
    language: Language,
    terms: tuple[str, ...],
    *,
    occasion: str = "",
    withheld: frozenset[str] = frozenset(),
) -> Page:
    """Return the page for an occasion.

    Parameters
    ----------
    watch, store, as_of
        The watch, its memory, and the moment.
    language
        Language of the page.
    terms
        Confidential terms, hidden in every text.
    occasion
        What it is for, such as « plateau 18 nov. »: a day in it is the day that answers, dates and rules are looked at for,
        and open signals that it speaks of come first.
    withheld
        Ids of signals that the reader may not be told of.
    """
    known = Present.of(watch, store, as_of, language, terms)
    named = occasion_day(occasion, known.today)
    day = named if named and named > known.today else known.today
    rows = known.open
    rows = _ordered(known, rows.loc[~rows["signal_id"].isin(withheld)].reset_index(drop=True), occasion)
    own = rows.loc[rows["role"] != "competitor"]
    level = int(own["handled"].max()) if len(own) else 0
    questions = likely_questions(known, rows)
    shown = frozenset(ref.removeprefix("messages.") for line in questions for ref in line.of if ref.startswith("messages."))
    say = language.say
    blocks = (
        Block("essential", say("In brief"), tuple(_essential(known, rows, level))),
        Block("questions", say("Questions to expect"), questions),
        Block("said", say("What is said"), tuple(_said(known, rows))),
        Block("may", say("What you may say"), may_say(known, rows, shown)),
        Block("not", say("What not to say"), not_say(known, rows)),
        Block("news", say("The organisation’s dates"), news(known, day)),
        Block("rules", say("Rules"), duties(known, rows, day)),
    )
    return Page(
        kind=PageKind.BRIEF,
        language=language.code,
        title=say("Brief: {occasion}", occasion=cut(known.hide(" ".join(occasion.split())), LONGEST_OCCASION))
        if occasion.strip()
        else say("Brief of {day}", day=language.day(day)),
        about="",
        as_of=as_of,
        looked_at=known.looked_at,
        day=day,
        level=level if known.looked_at is not None else None,
        facts=tuple(_facts(known, day)),
        blocks=blocks,
        gaps=gaps(known),
        note=say("Every approved answer is given word for word. Nothing else here is a message."),
        subjects=tuple(sorted(set(rows["subject"]))),
    )  # fmt: skip


def _facts(known: Present, day: object) -> Iterator[tuple[str, str]]:
    say = known.language.say
    yield say("Made"), known.when(known.as_of)
    if known.looked_at is not None:
        yield say("Signals of"), known.language.cutoff(known.looked_at, known.watch.timezone)
    if day != known.today:
        yield say("Answers and rules of"), known.language.day(day)  # type: ignore[arg-type]


def _ordered(known: Present, rows: pd.DataFrame, occasion: str) -> pd.DataFrame:
    """Put the signals that an occasion speaks of first; else the gravest are."""
    matter = occasion_matter(occasion)
    if not matter or rows.empty:
        return rows
    model = remembering(known.watch)
    spoken = situation.spoken_of(
        situation.open_signals(known.watch, known.store, known.as_of, model), matter, model.encode([matter])
    )
    first = rows["signal_id"].isin([one.signal_id for one in spoken])
    return rows.assign(first=first).sort_values("first", ascending=False, kind="stable", ignore_index=True)


def _essential(known: Present, rows: pd.DataFrame, level: int) -> Iterator[Line]:
    say = known.language.say
    own = rows.loc[rows["role"] != "competitor"]
    if known.looked_at is None:
        yield Line(say("Nothing has been detected yet: open signals are not known."), "level", ("signals",), alarming=True)
        # A calm that nobody has looked at leaves nobody alone.
        names = people_names(known.watch, leave(known.watch, 0, known.today).ask, known.language)
        yield Line(say("Ask {names}.", names=names), "people", ("autonomy.0",), alarming=True)
        return
    if own.empty:
        yield Line(say("No signal is open: nothing that is said departs from habit."), "level", ("signals",))
    else:
        # What the occasion is about; the level is that of the gravest.
        row = next(few.rows(own))
        text = say("“{title}”: {counted}, since {when}.", title=known.quoted(row, _TITLE), counted=known.counted(row),
                   when=known.when(row.first_seen))  # fmt: skip
        yield Line(text, _part(row), (f"subjects.{row.subject}", f"signals.{row.signal_id}"),
                   tuple(map(str, row.evidence[:2])), known.level_words(int(row.handled)),
                   alarming=row.handled >= 3)  # fmt: skip
    yield leave_line(known, level, say("At this level"))


def _said(known: Present, rows: pd.DataFrame) -> Iterator[Line]:
    say = known.language.say
    own = rows.loc[rows["role"] != "competitor"]
    first = set(own["signal_id"].head(1))
    for row in few.rows(rows.loc[~rows["signal_id"].isin(first)].head(_SIGNALS)):
        lead = known.level_words(int(row.handled)) if row.role != "competitor" else _name(known, row.subject)
        tag = say("to be verified") if row.kind == SignalKind.WEAK else ""
        text = say("“{title}”: {counted}.", title=known.quoted(row, _TITLE), counted=known.counted(row))
        yield Line(text, _part(row), (f"subjects.{row.subject}", f"signals.{row.signal_id}"),
                   tuple(map(str, row.evidence[:1])), lead, tag, alarming=row.handled >= 3)  # fmt: skip
    yield from _topics(known, rows)


def _topics(known: Present, rows: pd.DataFrame) -> Iterator[Line]:
    """Yield the topics most talked about of which no signal is open: what else an interviewer has read."""
    table = topics.current(known.watch, known.store, known.as_of)
    taken = set(known.signals["topic_id"].dropna())
    leaking = set(known.signals.loc[known.signals["kind"] == SignalKind.LEAK, "evidence"].explode().dropna())
    table = table.loc[~table["ignored"].astype(bool) & (table["status"] == "active") & ~table["topic_id"].isin(taken)]
    table = table.loc[[not leaking & set(ids) for ids in table["representatives"]]]
    for row in few.rows(table.head(_TOPICS)):
        if not row.stories:
            continue
        text = known.language.say(
            "“{title}”: {counted}.", title=inner(cut(known.hide(row.title), _TITLE)),
            counted=known.language.say_many("{count} story", "{count} stories", int(row.stories)),
        )  # fmt: skip
        yield Line(text, "topic that a person named or asked for", (f"topics.{row.topic_id}",),
                   tuple(map(str, row.representatives[:1])), known.language.say("Also talked about"))  # fmt: skip


def _part(row: object) -> str:
    return "leak" if getattr(row, "kind", "") == SignalKind.LEAK else "signal"


def _name(known: Present, subject: str) -> str:
    return next((known.own(one.name or one.id) for one in known.watch.subjects if one.id == subject), subject)
