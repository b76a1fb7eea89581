"""Who may read what: the marking of every part of a bulletin, declared here with its reason and nowhere else.

What the public says is public. What shows whom the organisation watches, what it wants, fears or decides, who acts and
how it is alarmed is not. What is declared nowhere is TLP:AMBER, so that a part that is new is closed until somebody says
otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from veille.bulletin.types import Bulletin, Edition, Evidence, Marked, Marking, Method, Question, highest
from veille.watch import Role

if TYPE_CHECKING:
    from veille.watch import Watch

CLEAR, AMBER, STRICT = Marking.CLEAR, Marking.AMBER, Marking.AMBER_STRICT


@dataclass(frozen=True, slots=True)
class Rule:
    """The least marking of a part, and why."""

    marking: Marking
    reason: str


RULES: Mapping[str, Rule] = MappingProxyType({
    "subject of role self": Rule(CLEAR, "that an organisation follows what is said of it is no secret"),
    "subject of another role": Rule(AMBER, "whom else it watches shows what it prepares"),
    "mention": Rule(CLEAR, "it was published; that of the least restricted of its subjects"),
    "mention that quotes a confidential term": Rule(STRICT, "its address leads to the term, even where the quotation hides it"),
    "topic": Rule(CLEAR, "its title and words are those of mentions; that of at least half of its mentions"),
    "topic that a person named or asked for": Rule(AMBER, "its name is the organisation's own words"),
    "stories, negative share, days": Rule(CLEAR, "counts of what was published about the organisation"),
    "share of voice": Rule(AMBER, "it names whom the organisation measures itself against"),
    "finding about a topic or a share": Rule(CLEAR, "a count of what was published; that of its topic or share"),
    "finding from a signal": Rule(AMBER, "it shows what alarms the organisation; that of its signal"),
    "relay": Rule(CLEAR, "a publisher and its stories; authors are never named"),
    "question with a public answer": Rule(CLEAR, "question and answer are both meant for the public"),
    "question": Rule(AMBER, "that no answer is ready, or none that may be given, is the organisation's business"),
    "message for the public": Rule(CLEAR, "it was approved to be given to anybody"),
    "message": Rule(AMBER, "it is for those of its audience; that of its audience"),
    "level": Rule(AMBER, "how alarmed the organisation is"),
    "signal": Rule(AMBER, "what is detected, how, who acts and by when"),
    "leak": Rule(STRICT, "it says that confidential terms are out, and where: for those who must act, nobody else"),
    "decision asked": Rule(AMBER, "what is asked of whom; that of the decision and of its signals"),
    "effect on the strategy": Rule(AMBER, "an objective, a decision to come or a red line"),
    "duty": Rule(AMBER, "a rule that may be broken, and since when that is known"),
    "follow-up": Rule(AMBER, "what was asked and decided before"),
    "review": Rule(AMBER, "who withheld what, and why; that of what was withheld"),
    "date of the calendar": Rule(AMBER, "the organisation's own dates, some not announced"),
    "grade of a source": Rule(AMBER, "what the organisation thinks of a publisher"),
    "source": Rule(AMBER, "what is watched and what is not received shows how to stay unseen"),
    "tone not read": Rule(CLEAR, "a limit of the figures, which their reader must know"),
    "set aside, labels": Rule(AMBER, "what analysts judged"),
    "thresholds, delays, versions": Rule(AMBER, "how to stay below an alarm, how fast it is answered, what runs"),
    "address of the pages": Rule(AMBER, "where the organisation keeps its editions"),
    "people": Rule(AMBER, "who acts, and who released"),
})  # fmt: skip
"""Least marking of each part of a bulletin, by its name in docs/watch.md."""

FIELDS: Mapping[tuple[type[BaseModel], str], tuple[str, Any]] = MappingProxyType({
    (Bulletin, "level"): ("level", None),
    (Edition, "published_by"): ("people", None),
    (Edition, "address"): ("address of the pages", None),
    (Edition, "sources_active"): ("source", 0),
    (Edition, "sources_expected"): ("source", 0),
    (Question, "owner"): ("people", None),
    (Evidence, "grade"): ("grade of a source", ""),
    (Method, "thresholds"): ("thresholds, delays, versions", {}),
    (Method, "replay"): ("thresholds, delays, versions", None),
    (Method, "publication_to_sending_minutes"): ("thresholds, delays, versions", None),
    (Method, "sending_to_acknowledgement_minutes"): ("thresholds, delays, versions", None),
    (Method, "versions"): ("thresholds, delays, versions", {}),
})  # fmt: skip
"""Values that are marked apart from the item they stand in: the rule each follows, and what stands in their place."""

# What people wrote about the whole page may speak of anything on it: it goes where the whole page goes.
WHOLE_PAGE: Mapping[tuple[type[BaseModel], str], Any] = MappingProxyType({
    (Edition, "note"): "",
    (Edition, "note_language"): None,
    (Edition, "correction"): None,
    (Bulletin, "reviewed"): (),
})  # fmt: skip


def least(part: str) -> Marking:
    """Return the least marking of a part of the bulletin, by its name in `RULES`."""
    return RULES[part].marking


def top(bulletin: Bulletin) -> Marking:
    """Return the highest marking of anything a bulletin holds: that of its page."""
    before = [bulletin.before_marking] if bulletin.level_before is not None else []
    return highest(*before, *_held(bulletin))


def _held(value: Any) -> Iterator[Marking]:
    if isinstance(value, Marked):
        yield value.marking
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            part = getattr(value, name)
            rule = FIELDS.get((type(value), name))
            if rule and part != rule[1]:
                yield least(rule[0])
            yield from _held(part)
    elif isinstance(value, tuple | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _held(item)


def of_subjects(watch: Watch) -> dict[str, Marking]:
    """Return who may know of each subject that it is watched."""
    of_role = {True: least("subject of role self"), False: least("subject of another role")}
    return {item.id: _given(item.tlp, of_role[item.role is Role.SELF]) for item in watch.subjects}


def of_strategy(watch: Watch) -> dict[str, Marking]:
    """Return who may read each objective, decision and red line."""
    return {item.id: _given(item.tlp, least("effect on the strategy")) for item in watch.strategy.items}


def of_rules(watch: Watch) -> dict[str, Marking]:
    """Return who may read each rule."""
    return {rule.id: _given(rule.tlp, least("duty")) for rule in watch.rules}


def of_messages(watch: Watch) -> dict[str, Marking]:
    """Return who may be given each approved answer."""
    ceilings = {name: Marking(str(tlp)) for name, tlp in watch.audiences.items()}

    def of_audience(name: str) -> Marking:
        ceiling = ceilings.get(name, CLEAR if name == "public" else AMBER)
        return least("message for the public") if ceiling is CLEAR else highest(ceiling, least("message"))

    return {message.id: _given(message.tlp, of_audience(message.audience)) for message in watch.messages}


def _given(tlp: object, default: Marking) -> Marking:
    return default if tlp is None else Marking(str(tlp))
