"""What may be said at the present level, and what is not to be said: from autonomy, messages, voice, strategy and red lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pandas as pd

from veille.desk import answers
from veille.desk.autonomy import leave
from veille.desk.lines import Line, sentence
from veille.desk.present import Present
from veille.desk.wording import alone_words, delay_words
from veille.names import people_names
from veille.signals import few
from veille.typography import cut, typeset
from veille.watch import StrategicItem, Tlp

_LINE, _ANSWER, _ITEM, _MESSAGES, _ITEMS, _EXPIRED = 150, 260, 90, 4, 3, 2


def leave_line(known: Present, level: int, lead: str) -> Line:
    """Return what may be posted alone at a level, whom to ask otherwise and within how long: the same in every page."""
    mine = leave(known.watch, level, known.today)
    values = {
        "names": people_names(known.watch, mine.ask, known.language),
        "delay": delay_words(mine.within, known.language),
    }
    text = (
        known.language.say(
            "{alone}, without asking; for all else ask {names}, answer within {delay}.",
            alone=alone_words(mine, known.language), **values,
        )
        if mine.alone
        else known.language.say("nothing without the consent of {names}, answer within {delay}.", **values)
    )  # fmt: skip
    return Line(text, "people", (f"autonomy.{level}",), lead=lead, alarming=not mine.alone)


def may_say(known: Present, rows: pd.DataFrame, shown: frozenset[str]) -> tuple[Line, ...]:
    """Return what may be said: by level, then the public messages that hold, then how the organisation speaks.

    Parameters
    ----------
    known
        What is known.
    rows
        Open signals, the gravest first.
    shown
        Ids of the messages that already stand beside a question.
    """
    own = rows.loc[rows["role"] != "competitor"]
    lines = []
    calm = leave(known.watch, 0, known.today)
    levels = sorted(set(own["handled"].astype(int)) - {0, 1}, reverse=True)
    # The gravest level stands at the head of the page; one that leaves as much as calm does is any other subject.
    for level in levels[1:]:
        if replace(leave(known.watch, level, known.today), level=0) == calm:
            continue
        titles = [known.quoted(row, 60) for row in few.rows(own.loc[own["handled"] == level])][:2]
        lead = known.language.say("Level {level} (“{title}”)", level=level, title=" · ".join(titles))
        lines.append(leave_line(known, level, lead))
    if known.looked_at is not None:
        lines.append(leave_line(known, 0, known.language.say("Any other subject")))
    return (*lines, *_messages(known, shown), *_voice(known))


def _messages(known: Present, shown: frozenset[str]) -> Iterator[Line]:
    valid = [one for one in known.watch.messages if answers.given(one) and answers.holds(one, known.today)]
    for message in [one for one in valid if one.id not in shown][:_MESSAGES]:
        answer = cut(known.own(message.answer), _ANSWER)
        yield Line(answer, "message", (f"messages.{message.id}",), lead=cut(known.own(message.question), 90))


def _voice(known: Present) -> Iterator[Line]:
    voice, say = known.watch.voice, known.language.say
    values = ", ".join(voice.values)
    if voice.tone or values:
        told = "; ".join(known.own(text) for text in (voice.tone or "", values) if text)
        yield Line(sentence(told, _LINE), "message", ("voice",), lead=say("How we speak"))


def not_say(known: Present, rows: pd.DataFrame) -> tuple[Line, ...]:
    """Return what is not to be said: red lines that are touched, what is internal, answers that may not be given, words."""
    touched = [str(one) for ids in rows["effects_ids"] for one in ids] if len(rows) else []
    return (*_red_lines(known, touched), *_words(known), *_inside(known, touched), *_withheld(known), *_confidential(known))


def _red_lines(known: Present, touched: list[str]) -> Iterator[Line]:
    lines = [one for one in known.watch.strategy.red_lines if one.id in touched][:_ITEMS]
    if lines:
        lead = known.language.say("Red line touched, say nothing that crosses it")
        yield _listed(known, lines, lead, alarming=True)


def _inside(known: Present, touched: list[str]) -> Iterator[Line]:
    strategy = known.watch.strategy
    inside = [one for one in (*strategy.decisions, *strategy.objectives) if one.tlp is not Tlp.CLEAR]
    inside = [one for one in inside if one.id in touched] or inside
    if inside:
        yield _listed(known, inside[:_ITEMS], known.language.say("Internal, neither announce nor confirm"))


def _listed(known: Present, items: Sequence[StrategicItem], lead: str, *, alarming: bool = False) -> Line:
    text = "; ".join(cut(known.own(item.title), _ITEM) for item in items)
    refs = tuple(f"strategy.{item.id}" for item in items)
    return Line(
        sentence(typeset(text, known.language.code), 3 * _LINE), "effect on the strategy", refs, lead=lead, alarming=alarming
    )


def _withheld(known: Present) -> Iterator[Line]:
    say = known.language.say
    expired = [one for one in known.watch.messages if answers.given(one) and not answers.holds(one, known.today)]
    for message in expired[:_EXPIRED]:
        when = known.language.day(message.valid_until) if message.valid_until else ""
        yield Line(cut(known.own(message.question), _LINE), "message", (f"messages.{message.id}",),
                   lead=say("Answer expired on {day}", day=when))  # fmt: skip
    for message in [one for one in known.watch.messages if not answers.given(one)][:_EXPIRED]:
        yield Line(cut(known.own(message.question), _LINE), "message", (f"messages.{message.id}",),
                   lead=say("Answer that is not public"))  # fmt: skip


def _words(known: Present) -> Iterator[Line]:
    say = known.language.say
    if known.watch.voice.never:
        words = ", ".join(say("“{words}”", words=known.own(one)) for one in known.watch.voice.never)
        yield Line(sentence(words, 2 * _LINE), "message", ("voice",), lead=say("Words never used"))


def _confidential(known: Present) -> Iterator[Line]:
    say = known.language.say
    if known.terms:
        text = known.language.say_many(
            "{count} term, not written here: it is never said.", "{count} terms, not written here: they are never said.",
            len(known.terms),
        )  # fmt: skip
        yield Line(text, "message", ("confidential",), lead=say("Confidential"))
