"""What a person who speaks must know of the organisation itself: its dates, and the rules in force."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pandas as pd

from veille.desk.lines import Line, sentence
from veille.desk.present import Present
from veille.gather.tables import CALENDAR
from veille.signals import few
from veille.signals.rules import in_force
from veille.watch import CalendarEntry, Rule, Tlp

_BEFORE, _AFTER = timedelta(days=10), timedelta(days=30)
_DATES, _RULES, _TEXT = 6, 5, 130


def news(known: Present, day: date) -> tuple[Line, ...]:
    """Return the organisation's dates from ten days before an occasion to thirty after, and whether they are announced."""
    say = known.language.say
    dated = [one for one in known.watch.calendar if one.date is not None and day - _BEFORE <= one.date <= day + _AFTER]
    ordered = sorted(dated, key=lambda one: (abs((one.date or day) - day), one.title or ""))[:_DATES]
    published = _published(known)

    def line(one: CalendarEntry) -> Line:
        title, is_out = one.title or "", one.tlp is Tlp.CLEAR
        tag = say("public") if is_out else say("not public: do not announce")
        if (str(one.date), title) in published:
            tag, is_out = say("press release"), True
        return Line(sentence(known.own(title), _TEXT), "date of the calendar", (f"calendar.{one.date}.{title}",),
                    lead=known.language.day(one.date or day, "d MMMM"), tag=tag, alarming=not is_out)  # fmt: skip

    return tuple(line(one) for one in sorted(ordered, key=lambda one: (one.date or day, one.title or "")))


def _published(known: Present) -> set[tuple[str, str]]:
    """Return the day and title of what the organisation's own feed of press releases held: it is out already."""
    feeds = [one.rss for one in known.watch.calendar if one.rss]
    if not feeds:
        return set()
    rows = known.store.load(CALENDAR, ["entry", "day", "title", "seen_at"], [("seen_at", "<=", pd.Timestamp(known.as_of))])
    rows = rows.loc[rows["entry"].isin(feeds)]
    return set(zip(rows["day"], rows["title"], strict=True))


def duties(known: Present, rows: pd.DataFrame, day: date) -> tuple[Line, ...]:
    """Return the rules in force, those that open signals started first, then those that expired, which are not applied."""
    say = known.language.say
    started = list(_started(known, rows))
    begun = {ref for line in started for ref in line.of}
    others = [rule for rule in known.watch.rules if f"rules.{rule.id}" not in begun]
    holding = [rule for rule in others if in_force(rule, day)]
    over = [rule for rule in others if not in_force(rule, day)]
    lines = [
        *started,
        *(Line(_told(known, rule), "duty", (f"rules.{rule.id}",), lead=say("In force")) for rule in holding),
        *(Line(_told(known, rule), "duty", (f"rules.{rule.id}",), lead=say("Expired, not applied")) for rule in over),
    ]
    return tuple(lines[:_RULES])


def _started(known: Present, rows: pd.DataFrame) -> Iterator[Line]:
    say, rules = known.language.say, {rule.id: rule for rule in known.watch.rules}
    table = known.duties(rows)
    for one in few.rows(table.loc[table["in_force"].astype(bool)].drop_duplicates("rule_id")):
        rule = rules[one.rule_id]
        tag = ""
        if pd.notna(one.due_at):
            tag = say("by {when} at the latest", when=known.when(one.due_at))
        elif one.at_once:
            tag = say("without delay, known since {when} at the latest", when=known.when(one.known_at))
        yield Line(_told(known, rule), "duty", (f"rules.{rule.id}",), tuple(map(str, one.evidence[:1])),
                   say("Duty begun"), tag, alarming=True)  # fmt: skip


def _told(known: Present, rule: Rule) -> str:
    text = f"{rule.title} – {rule.duty}" if rule.duty else rule.title
    return sentence(known.own(text), _TEXT)
