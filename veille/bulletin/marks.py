"""mark: give every item of a composed bulletin its marking, by the rules of `veille.bulletin.marking`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import pandas as pd

from veille.bulletin import marking as rules
from veille.bulletin.marking import least
from veille.bulletin.material import Material
from veille.bulletin.types import (
    Bulletin,
    Decision,
    Event,
    Finding,
    Marked,
    Marking,
    Question,
    Signal,
    Topic,
    highest,
)
from veille.masking import CONFIDENTIAL
from veille.signals.tables import SignalKind
from veille.topics import acts
from veille.watch import Role

if TYPE_CHECKING:
    from veille.watch import Watch

_MARKINGS = list(Marking)
_Item = TypeVar("_Item", bound=Marked)


def mark(bulletin: Bulletin, watch: Watch, material: Material) -> Bulletin:
    """Return the bulletin with the marking of each of its items, and the highest of them as that of its page.

    Parameters
    ----------
    bulletin
        As composed, with confidential terms masked.
    watch
        The watch, masked as its texts are printed.
    material
        What the bulletin was made from.
    """
    facts = _facts(watch, material)
    topics = _with(bulletin.topics, facts.of_topic)
    signals = tuple(facts.of_signal(signal) for signal in bulletin.signals)
    weak = tuple(facts.of_signal(signal) for signal in bulletin.weak_signals)
    by_signal = {signal.signal_id: signal.marking for signal in (*signals, *weak)}
    by_topic = {topic.topic_id: topic.marking for topic in topics}
    messages = _with(bulletin.messages, lambda item: facts.messages.get(item.message_id, least("message")))
    by_message = {message.message_id: message.marking for message in messages}
    share = {"share_of_voice": facts.share}
    counts = least("stories, negative share, days")
    method = bulletin.method.model_copy(
        update={
            "sources": _with(bulletin.method.sources, lambda _: least("source")),
            "not_read": _with(bulletin.method.not_read, lambda _: least("tone not read")),
            "set_aside": _with(bulletin.method.set_aside, lambda _: least("set aside, labels")),
            "checked": _with(bulletin.method.checked, lambda _: least("set aside, labels")),
        }
    )
    marked = bulletin.model_copy(
        update={
            "before_marking": facts.before,
            "tiles": _with(bulletin.tiles, lambda tile: share.get(tile.name, counts)),
            "findings": _with(bulletin.findings, lambda item: _of_finding(item, by_signal, by_topic, share)),
            "decisions": _with(bulletin.decisions, lambda item: _of_decision(item, by_signal, facts.strategy)),
            "signals": signals,
            "weak_signals": weak,
            "topics": topics,
            "relays": _with(bulletin.relays, lambda _: least("relay")),
            "questions": _with(bulletin.questions, lambda item: _of_question(item, by_message)),
            "messages": messages,
            "followup": _with(bulletin.followup, lambda item: least("leak" if item.signal_id in facts.leaks else "follow-up")),
            "method": method,
            "evidence": {one: _marked(item, facts.of_mention(one)) for one, item in bulletin.evidence.items()},
            "calendar": _with(bulletin.calendar, lambda item: facts.of_date(item)),
            "voices": _with(bulletin.voices, lambda _: facts.share),
            "around": _with(bulletin.around, lambda item: facts.subjects.get(item.subject, least("subject of another role"))),
        }
    )
    return marked.model_copy(update={"marking": rules.top(marked)})


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the tables and watch.yml say of who may read what."""

    strategy: Mapping[str, Marking]
    duties: Mapping[str, Marking]
    messages: Mapping[str, Marking]
    subjects: Mapping[str, Marking]
    dates: Mapping[tuple[object, str], Marking]
    mentions: Mapping[str, Marking]
    topics: Mapping[str, Marking]
    named: frozenset[str]
    leaks: frozenset[str]
    leaked: frozenset[str]
    leaking_topics: frozenset[str]
    before: Marking
    share: Marking

    def of_mention(self, mention_id: str) -> Marking:
        if mention_id in self.leaked:
            return least("mention that quotes a confidential term")
        return self.mentions.get(mention_id, least("subject of another role"))

    def of_topic(self, topic: Topic) -> Marking:
        if topic.topic_id in self.leaking_topics:
            return least("leak")
        said = self.topics.get(topic.topic_id, least("subject of another role"))
        own = topic.topic_id in self.named
        return highest(said, least("topic that a person named or asked for")) if own else said

    def of_signal(self, signal: Signal) -> Signal:
        effects = _with(
            signal.effects, lambda item: highest(least("effect on the strategy"), self.strategy.get(item.id, Marking.CLEAR))
        )
        duties = _with(signal.duties, lambda item: highest(least("duty"), self.duties.get(item.rule_id, Marking.CLEAR)))
        floor = least("leak" if signal.kind == "leak" else "signal")
        own = highest(floor, self.subjects.get(signal.subject, Marking.CLEAR))
        return _marked(signal.model_copy(update={"effects": effects, "duties": duties}), own)

    def of_date(self, event: Event) -> Marking:
        return self.dates.get((event.day, event.title), least("date of the calendar"))


def _facts(watch: Watch, material: Material) -> _Facts:
    subjects = rules.of_subjects(watch)
    told = material.mentions[["mention_id", "topic_id", "weeks_ago", "subjects"]].explode("subjects")
    told["rank"] = told["subjects"].map({name: marking.rank for name, marking in subjects.items()})
    # A mention of several subjects is as open as the least restricted of them; one of none is nobody's business.
    ranks = told.groupby("mention_id")["rank"].min().dropna().astype("int64")
    week = material.week[material.week["topic_id"].notna()]
    # The middle one in order: at least half of the topic's mentions are as open as that.
    by_topic = week.assign(rank=week["mention_id"].map(ranks).astype("float64")).groupby("topic_id")["rank"].median().dropna()
    signals = pd.concat([material.signals_before, material.signals], ignore_index=True)
    leaks = signals[signals["kind"] == SignalKind.LEAK.value]
    was_leaking = bool((material.signals_before["kind"] == SignalKind.LEAK.value).any())
    dates: dict[tuple[object, str], Marking] = {
        (item.date, item.title or ""): Marking(str(item.tlp)) for item in watch.calendar if item.tlp is not None
    }
    given = set(acts.decisions(material.topic_events).titles) | {topic.topic_id for topic in watch.topics}
    return _Facts(
        strategy=rules.of_strategy(watch),
        duties=rules.of_rules(watch),
        messages=rules.of_messages(watch),
        subjects=subjects,
        dates=dates,
        mentions={str(one): _MARKINGS[rank] for one, rank in ranks.items()},
        topics={str(one): _MARKINGS[-int(-rank // 1)] for one, rank in by_topic.items()},
        named=frozenset(map(str, given)),
        leaks=frozenset(leaks["signal_id"].astype(str)),
        leaked=frozenset(leaks["evidence"].explode().dropna().astype(str)),
        leaking_topics=frozenset(leaks["topic_id"].dropna().astype(str)),
        before=least("leak" if was_leaking else "level"),
        # One share tells what the others add up to: they are for those who may know of every competitor.
        share=highest(least("share of voice"), *(subjects[item.id] for item in watch.subjects if item.role is Role.COMPETITOR)),
    )


def _with(items: tuple[Any, ...], marking_of: Any) -> tuple[Any, ...]:
    return tuple(_marked(item, marking_of(item)) for item in items)


def _marked(item: _Item, marking: Marking) -> _Item:
    """Mark an item; one in which a confidential term was hidden says that there is one: it is for those who read of leaks.

    The last look at an audience's files stops all of them where such a place is left: the item is what must go, not the page.
    """
    if any(CONFIDENTIAL in text for text in _texts(item)):
        marking = highest(marking, least("mention that quotes a confidential term"))
    return item.model_copy(update={"marking": marking})


def _texts(item: Marked) -> list[str]:
    values = [getattr(item, name) for name in type(item).model_fields]
    listed = [part for value in values if isinstance(value, tuple) for part in value]
    return [value for value in (*values, *listed) if isinstance(value, str)]


def _of_finding(
    item: Finding, by_signal: Mapping[str, Marking], by_topic: Mapping[str, Marking], share: Mapping[str, Marking]
) -> Marking:
    if item.signal_id is not None:
        return highest(least("finding from a signal"), by_signal.get(item.signal_id, Marking.CLEAR))
    about = by_topic.get(item.topic_id, least("subject of another role")) if item.topic_id else Marking.CLEAR
    return highest(least("finding about a topic or a share"), about, share.get(item.measure or "", Marking.CLEAR))


def _of_decision(item: Decision, by_signal: Mapping[str, Marking], strategy: Mapping[str, Marking]) -> Marking:
    rests_on = (by_signal.get(one, least("leak")) for one in item.signal_ids)
    return highest(least("decision asked"), strategy.get(item.decision_id, Marking.CLEAR), *rests_on)


def _of_question(item: Question, by_message: Mapping[str, Marking]) -> Marking:
    if item.status != "answered" or item.message_id is None:
        return least("question")
    answer = by_message.get(item.message_id, least("message"))
    return highest(least("question with a public answer"), answer)
