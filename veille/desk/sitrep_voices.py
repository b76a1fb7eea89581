"""Who speaks of a signal, and what the organisation has answered: statements of a situation report."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from veille.desk import answers
from veille.desk.brief_questions import on_matter
from veille.desk.lines import Line
from veille.desk.present import Present, inner
from veille.desk.sitrep_known import part_of
from veille.desk.sitrep_said import Earlier, Statement, digest
from veille.labels import Relevance
from veille.reading.relevance import set_aside
from veille.signals import CARRIERS, few, half_decided
from veille.signals.carriers import Voice
from veille.signals.journal import MACHINE, said_alone
from veille.signals.tables import Act
from veille.typography import cut

SPEAKS, ANSWERED = "speaks", "answered"
_NAMES, _NOTE, _POSTS = 6, 140, 3
_BY_PEOPLE = (Act.ACKNOWLEDGED, Act.DECIDED, Act.JUDGED, Act.CLUSTER_CONFIRMED, Act.ANSWERED, Act.CLOSED)


def speaking(known: Present, row: Any, last: Earlier) -> Iterator[Statement]:
    """Yield who carries a signal, sort by sort; in a later report only those that are new are named. Authors never are."""
    table = known.store.load(CARRIERS, where=[("signal_id", "==", row.signal_id), ("cutoff", "==", row.cutoff)])
    of = (f"subjects.{row.subject}", f"signals.{row.signal_id}")
    leads = {
        Voice.NATIONAL_PRESS: known.language.say("National press"),
        Voice.PRESS: known.language.say("Press"),
        Voice.OFFICIAL: known.language.say("Institutions"),
    }
    for voice, lead in leads.items():
        mine = table.loc[(table["voice"] == voice.value) & ~table["carrier"].str.startswith("a_")]
        mine = mine.sort_values(["stories", "reach", "carrier"], ascending=[False, False, True])
        if mine.empty:
            continue
        key = f"voices.{voice}"
        # What is kept of a report names nobody.
        names = [digest(name) for name in mine["carrier"]]
        told = set(last.said.get(key, "").split("|"))
        fresh = [one for one, name in zip(few.rows(mine), names, strict=True) if name not in told] or list(few.rows(mine))
        counted = known.language.say_many("and {count} more", "and {count} more", len(fresh) - _NAMES)
        text = ", ".join(f"{known.hide(one.carrier)} ({known.language.number(one.stories)})" for one in fresh[:_NAMES])
        text = f"{text} {counted}." if len(fresh) > _NAMES else f"{text}."
        cites = tuple(str(one.evidence[0]) for one in fresh[:2] if len(one.evidence))
        line = Line(text, part_of(row), of, cites, lead, alarming=voice is Voice.NATIONAL_PRESS)
        yield Statement(key, "|".join(names), SPEAKS, line)
    if pd.notna(row.new_relays) and row.new_relays:
        text = known.language.say_many(
            "{count} voice with reach that had not spoken of it before.",
            "{count} voices with reach that had not spoken of it before.", int(row.new_relays),
        )  # fmt: skip
        line = Line(text, part_of(row), of, lead=known.language.say("New"))
        yield Statement("relays", str(int(row.new_relays)), SPEAKS, line)


def answered(known: Present, row: Any) -> Iterator[Statement]:
    """Yield what was done and answered since the signal opened: sendings, acts of people, own posts, approved messages."""
    mine = known.events.loc[known.events["signal_id"] == row.signal_id]
    say = known.language.say
    sent = mine.loc[mine["act"] == Act.SENT, "at"]
    if len(sent):
        yield Statement("sent", str(sent.min()), ANSWERED, _done(say("the alert is sent."), known.when(sent.min())))
    acts = mine.loc[mine["act"].isin(_BY_PEOPLE) & (mine["by"] != MACHINE)]
    for one in few.rows(acts):
        yield Statement(f"act.{one.event_id}", "", ANSWERED, _done(act_words(known, one), known.when(one.at)))
    if acts.empty:
        text = say("Nobody has taken note yet, nor decided.")
        yield Statement("answered.none", "", ANSWERED, Line(text, "follow-up", ("journal",), alarming=True))
    for one in few.rows(half_decided(mine).reset_index()):
        text = say("A second person’s confirmation is awaited.")
        yield Statement("answered.half", str(one.at), ANSWERED, Line(text, "follow-up", ("journal",), alarming=True))
    yield from _posts(known, row)
    yield from _messages(known, row)


def act_words(known: Present, event: Any) -> str:
    """Return what a person did, in a sentence."""
    say, who = known.language.say, known.hide(event.by)
    note = inner(cut(known.hide(said_alone(event.note)[0]), _NOTE))
    words = {
        Act.ACKNOWLEDGED: say("{who} has taken note.", who=who),
        Act.DECIDED: say("{who} has decided: “{note}”.", who=who, note=note),
        Act.CLUSTER_CONFIRMED: say("{who} has confirmed who is held responsible: “{note}”.", who=who, note=note),
        Act.JUDGED: say("{who} has judged it: “{note}”.", who=who, note=note),
        # What is held of an address names nobody private: the handle of an own account may be read.
        Act.ANSWERED: say("{who} has answered in public: {address}", who=who, address=cut(known.own(event.note), _NOTE)),
        Act.CLOSED: say("{who} has closed it: “{note}”.", who=who, note=note) if note else say("{who} has closed it.", who=who),
    }
    return words[Act(event.act)]


def _done(text: str, when: str) -> Line:
    return Line(text, "follow-up", ("journal",), lead=when)


def _posts(known: Present, row: Any) -> Iterator[Statement]:
    """Yield what the official accounts published on the matter since it began, by its words or as a reply within it."""
    columns = ["mention_id", "published_at", "title", "text", "parent_id", "native_id", "subjects"]
    mentions = known.store.mentions(known.as_of, columns=columns)
    mentions = mentions.loc[mentions["published_at"] >= row.first_seen]
    aside = set_aside(known.store, known.as_of, mentions)
    own = list(aside.loc[aside["verdict"] == Relevance.OWN_ACCOUNT.value, "mention_id"])
    mine = mentions.loc[mentions["mention_id"].isin(own)].sort_values("published_at")
    parents = set(mentions.loc[mentions["mention_id"].isin(list(row.evidence)), "native_id"].dropna())
    about = [
        on_matter(row.words, f"{title} {text}") or parent in parents
        for title, text, parent in zip(mine["title"], mine["text"], mine["parent_id"], strict=True)
    ]
    for post in few.rows(mine.loc[about].tail(_POSTS)):
        text = known.language.say("the organisation has published.")
        yield Statement(f"post.{digest(post.mention_id)}", "", ANSWERED,
                        Line(text, "mention", (f"subjects.{row.subject}",), (str(post.mention_id),),
                             known.when(post.published_at)))  # fmt: skip


def _messages(known: Present, row: Any) -> Iterator[Statement]:
    say = known.language.say
    found = [message for message in known.watch.messages if on_matter(row.words, message.question)]
    ready = [message for message in found if answers.given(message) and answers.holds(message, known.today)]
    for message in ready:
        text = say("“{title}”.", title=inner(cut(known.own(message.answer), 200)))
        yield Statement(f"message.{message.id}", "ready", ANSWERED,
                        Line(text, "message", (f"messages.{message.id}",), lead=say("Approved answer")))  # fmt: skip
    if not ready and known.watch.messages:
        text = say("No approved answer for the public stands on this matter.")
        yield Statement("message.none", "", ANSWERED, Line(text, "question", ("messages",), alarming=True))
