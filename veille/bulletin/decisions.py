"""What is asked of whom, by which hour, and what waiting costs."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from veille.bulletin.signals import next_working_day
from veille.bulletin.types import Decision, Signal
from veille.bulletin.wording import shorten
from veille.language import Language
from veille.names import people_names

if TYPE_CHECKING:
    from veille.watch import Watch

MAXIMUM = 3
_TITLE_WORDS = 9
_CAUSE_WORDS = 8
_SETTLED = ("decided", "closed")


def ask(watch: Watch, signals: Sequence[Signal], as_of: datetime, language: Language) -> tuple[Decision, ...]:
    """Return at most three decisions: what signals ask by themselves, then what is called into question, then what is bent.

    One is asked for each open signal of level 3 and above, and for each objective, decision or red line that an open
    signal bends or calls into question; a competitor's signal asks nothing.
    """
    open_signals = [signal for signal in signals if signal.status not in _SETTLED and signal.role != "competitor"]
    strategic = list(_strategic(watch, open_signals, as_of, language))
    weighed = {signal_id for decision in strategic for signal_id in decision.signal_ids}
    asked = [*_alerts(open_signals, weighed, language), *strategic]
    # What each signal asks comes before what it does to several decisions: one crisis must not hide another.
    # Who has a false account closed does not wait for leadership: its alert asks the communication director at once.
    routine = {signal.signal_id for signal in open_signals if signal.kind == "impostor"}
    asked.sort(key=partial(_rank, [item.id for item in watch.strategy.decisions], routine))
    return tuple(asked[:MAXIMUM])


def _rank(pending: Sequence[str], routine: Collection[str], decision: Decision) -> tuple[object, ...]:
    """Put what is called into question before what is bent, a decision to be taken before an aim or a line, routine last."""
    return (
        decision.decision_id in routine,
        decision.effect is not None,
        decision.effect == "bends",
        decision.decision_id not in pending,
        -decision.level,
        decision.due,
        decision.decision_id,
    )


def _strategic(watch: Watch, signals: Sequence[Signal], as_of: datetime, language: Language) -> Iterator[Decision]:
    strategy = watch.strategy
    decision_due = {item.id: item.due for item in strategy.decisions}
    red_lines = {item.id for item in strategy.red_lines}
    zone = ZoneInfo(watch.timezone)
    for item in (*strategy.decisions, *strategy.red_lines, *strategy.objectives):
        concerned = [signal for signal in signals if _effect_on(item.id, signal) != "contributes"]
        if not concerned:
            continue
        worst = min(concerned, key=lambda signal: _effect_on(item.id, signal) == "bends")
        effect = _effect_on(item.id, worst)
        due = worst.due or next_working_day(watch, as_of)
        fixed = decision_due.get(item.id)
        if fixed is not None:
            due = min(due, datetime.combine(fixed, watch.hours.office.span.end, zone))
        title = shorten(item.title, _TITLE_WORDS)
        if item.id in decision_due:
            wording = language.say("Keep or revise “{title}”", title=title)
        elif item.id in red_lines:
            wording = language.say("Respond: a red line is touched, “{title}”", title=title)
        else:
            wording = language.say("Protect the objective “{title}”", title=title)
        yield Decision(
            decision_id=item.id,
            title=item.title,
            effect=effect,
            ask=wording,
            owner=people_names(watch, [item.owner], language) if item.owner else worst.owner.split(", ")[0],
            due=due,
            waiting=cause(worst, language),
            signal_ids=(worst.signal_id, *(signal.signal_id for signal in concerned if signal is not worst)),
            level=worst.level,
        )


def _effect_on(item_id: str, signal: Signal) -> str:
    return next((effect.effect for effect in signal.effects if effect.id == item_id), "contributes")


def _alerts(signals: Sequence[Signal], weighed: set[str], language: Language) -> Iterator[Decision]:
    for signal in signals:
        if signal.level < 3 or signal.due is None:
            continue
        # Strategic information asks through the decision it weighs on; what only contributes asks nothing.
        if signal.kind == "strategic" and (signal.signal_id in weighed or signal.effects):
            continue
        title = shorten(signal.title, _TITLE_WORDS)
        yield Decision(
            decision_id=signal.signal_id,
            title=signal.title,
            effect=None,
            ask=language.say("Stop the leak of confidential terms and answer for it, or not")
            if signal.kind == "leak"
            else language.say("Have the account closed and warn the public, or not")
            if signal.kind == "impostor"
            else language.say("Say whether this is a crisis: “{title}”", title=title)
            if signal.level == 4
            else language.say("Answer in public, or not: “{title}”", title=title),
            owner=signal.owner.split(", ")[0],
            due=signal.due,
            waiting=_waiting(signal, language),
            signal_ids=(signal.signal_id,),
            level=signal.level,
        )


def cause(signal: Signal, language: Language) -> str:
    """Name the signal for which a decision, an aim or a red line is asked about, whose own title does not tell it.

    Parameters
    ----------
    signal
        The gravest that the reader may know of.
    language
        Language of the sentence.
    """
    cost = (
        language.say_many("{count} publisher", "{count} publishers", signal.publishers)
        if signal.press_pickup_at is not None
        else _waiting(signal, language)
    )
    return language.say("“{title}”: {cost}", title=shorten(signal.title, _CAUSE_WORDS), cost=cost)


def _waiting(signal: Signal, language: Language) -> str:
    """Say what is already known of the cost of waiting; no projection is made."""
    if signal.kind == "leak":
        return language.say_many("{count} story quotes them already", "{count} stories quote them already", signal.stories)
    if signal.kind == "impostor":
        return language.say_many("It was seen {count} time this week", "It was seen {count} times this week", signal.mentions)
    if signal.press_pickup_at is not None:
        return language.say_many(
            "The press has taken it up: {count} publisher",
            "The press has taken it up: {count} publishers",
            signal.publishers,
        )
    if signal.history and len(signal.history) > 1 and signal.history[-2] is not None:
        return language.say_many(
            "{count} negative story this week, {before} the week before",
            "{count} negative stories this week, {before} the week before",
            signal.negative_stories,
            before=language.number(signal.history[-2]),
        )
    return language.say_many(
        "{count} negative story this week",
        "{count} negative stories this week",
        signal.negative_stories,
    )
