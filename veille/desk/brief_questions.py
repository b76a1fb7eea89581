"""The questions to expect, hostile ones first: those that the public asks, then those that open signals make likely.

A question that follows from a signal is a deduction and is told as one. The answer to any of them is an approved message, word
for word, or none: an answer that expired, or that is not for the public, is never printed beside a question.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pandas as pd

from veille.desk import answers
from veille.desk.lines import Line
from veille.desk.present import Present, inner
from veille.desk.questions import Answered, asked
from veille.folding import words_of
from veille.names import people_names
from veille.period import Period
from veille.signals import SignalKind, few
from veille.topics.tables import ASSIGNMENTS
from veille.typography import cut
from veille.watch import Message
from veille.watch.presence import present

SHOWN = 7
DAYS = 14
"""Days of mentions whose questions are looked at."""
_QUESTION, _ANSWER, _SHARED, _LOOKED_AT, _ON_GRAVEST, _ELSE, _VOICES = 150, 260, 2, 40, 4, 2.0, 2


@dataclass(frozen=True)
class Likely:
    """A question to expect.

    Parameters
    ----------
    text
        As it is asked.
    status, message_id
        Whether an approved message answers it, and which.
    owners
        Ids of the people to ask for an answer.
    evidence
        Ids of mentions that ask it, or of those that the signal rests on.
    voices
        How many ask it, 0 for a deduction.
    rank
        Where it comes, the lowest first.
    of
        What else it rests on.
    leak
        Whether it says that something leaked.
    """

    text: str
    status: Answered
    message_id: str | None
    owners: tuple[str, ...]
    evidence: tuple[str, ...]
    voices: int
    rank: tuple[float, ...]
    of: tuple[str, ...] = ()
    leak: bool = False


def likely_questions(known: Present, rows: pd.DataFrame) -> tuple[Line, ...]:
    """Return the questions to expect, those on open signals first, then by voices.

    Parameters
    ----------
    known
        What is known.
    rows
        Open signals, the gravest first, with those that may not be told left out.
    """
    found = [*_from_public(known, rows), *_from_signals(known, rows)]
    chosen: list[Likely] = []
    gravest = 0
    for one in sorted(found, key=lambda one: one.rank):
        # One crisis leaves room for what else is asked.
        if one.rank[0] < _ELSE and gravest == _ON_GRAVEST:
            continue
        gravest += one.rank[0] < _ELSE
        # One message answers one question: the public's own words stand for those that were deduced.
        if one.message_id is None or all(one.message_id != other.message_id for other in chosen):
            chosen.append(one)
    return tuple(_line(known, one) for one in chosen[:SHOWN])


def _from_public(known: Present, rows: pd.DataFrame) -> Iterator[Likely]:
    last = known.today
    table = asked(known.watch, known.store, known.as_of, Period(last - timedelta(days=DAYS - 1), last, known.watch.timezone))
    # Leaked terms come in spellings that no mask can promise to know: a question that holds one is not quoted.
    leaks = known.signals.loc[known.signals["kind"] == SignalKind.LEAK, "evidence"].explode().dropna()
    quotes_leak = table["evidence"].map(lambda ids: not set(ids).isdisjoint(leaks)) & table["quoted"].astype(bool)
    table = table.loc[~quotes_leak.astype(bool) & (table["voices"] >= _VOICES)].head(_LOOKED_AT)
    first = table["evidence"].str[0]
    told = known.store.mentions(known.as_of, columns=["mention_id", "title", "text"])
    told = told.loc[told["mention_id"].isin(first)].set_index("mention_id")
    texts = (told["title"] + " " + told["text"]).to_dict()
    gravest = next((row for row in few.rows(_own(rows))), None) if len(rows) else None
    topics = _topics(known, list(first)) if gravest is not None else {}
    for question in few.rows(table):
        evidence, status = tuple(str(one) for one in question.evidence), Answered(question.status)
        about = gravest is not None and (
            not set(evidence).isdisjoint(gravest.evidence)
            or (isinstance(gravest.topic_id, str) and topics.get(evidence[0]) == gravest.topic_id)
            or on_matter(gravest.words, str(texts.get(evidence[0], "")))
        )
        asked_of = _owners(known, gravest) if about and status is not Answered.ANSWERED else tuple(question.owners)
        text = known.hide(question.question)
        yield Likely(
            text=known.language.say("“{words}”", words=inner(cut(text, _QUESTION))) if question.quoted else text,
            status=status,
            message_id=question.message_id if isinstance(question.message_id, str) else None,
            owners=asked_of,
            evidence=evidence[:1],
            voices=int(question.voices),
            # What is asked of the crisis, then what it makes likely, then what is asked most.
            rank=(0.0 if about else 2.0, -float(question.voices)),
        )


def _topics(known: Present, ids: list[str]) -> dict[str, str]:
    """Return the topic that each of these mentions was last seen in."""
    where = [("mention_id", "in", ids), ("cutoff", "<=", pd.Timestamp(known.as_of))]
    seen = known.store.load(ASSIGNMENTS, ["mention_id", "cutoff", "topic_id"], where) if ids else ASSIGNMENTS.empty()
    latest = seen.sort_values("cutoff").drop_duplicates("mention_id", keep="last")
    return dict(zip(latest["mention_id"], latest["topic_id"], strict=True))


def _own(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.loc[(rows["level"] >= 2) & (rows["role"] != "competitor")]


def _from_signals(known: Present, rows: pd.DataFrame) -> Iterator[Likely]:
    for place, row in enumerate(few.rows(_own(rows))):
        owners, evidence = _owners(known, row), tuple(map(str, row.evidence[:1]))
        refs = (f"subjects.{row.subject}", f"signals.{row.signal_id}")
        about = "" if not place else known.quoted(row, 70)
        for number, (text, of) in enumerate(_deduced(known, row, about), start=1):
            rank = (3.0 if place else 1.0, float(number), float(place))
            yield Likely(text, Answered.UNANSWERED, None, owners, evidence, 0, rank, (*refs, *of), row.kind == SignalKind.LEAK)
        # What somebody prepared an answer for on this very matter is asked sooner or later.
        for message in (one for one in known.watch.messages if on_matter(row.words, one.question)):
            rank = (3.0 if place else 1.0, 0.0, float(place))
            yield Likely(known.own(message.question), _status(known, message), message.id, owners, evidence, 0, rank, refs)


def on_matter(words: Iterable[str], text: str) -> bool:
    """Say whether a text holds two of the words that tell a signal from all else."""
    telling = {_stem(part) for word in words for part in words_of(str(word))}
    return len(telling & {_stem(part) for part in words_of(text)}) >= _SHARED


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word[-1] in "sx" else word


def _status(known: Present, message: Message) -> Answered:
    if not answers.given(message):
        return Answered.NOT_PUBLIC
    return Answered.ANSWERED if answers.holds(message, known.today) else Answered.EXPIRED


def _deduced(known: Present, row: Any, about: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield what a hostile interviewer asks of a signal, the hardest first, with what of watch.yml it rests on.

    `about` names the signal; it is empty for the one that the page is about.
    """
    say, title = known.language.say, known.quoted(row, 90)
    on = f" ({say('“{words}”', words=about)})" if about else ""
    duties = known.duties(pd.DataFrame([{"signal_id": row.signal_id, "cutoff": row.cutoff}]))
    due = [one for one in few.rows(duties) if one.in_force]
    rules = {rule.id: rule for rule in known.watch.rules}
    if row.kind == SignalKind.LEAK:
        yield say("Are the documents that are going round yours, and are they genuine?"), ()
        return
    if row.kind == SignalKind.IMPOSTOR:
        yield say("Accounts speak in your name: which ones are yours?"), ()
        return
    if row.kind == SignalKind.STRATEGIC:
        yield say("“{title}”: what do you change in your plans?", title=title), ()
        return
    if row.responsibility_cluster == "preventable":
        yield say("Since when did you know, and what did you do?") + on, ()
    if row.gravity_category == "persons":
        yield say("Can you guarantee that nobody is in danger today?") + on, ()
    for one in due[:1]:
        duty = known.own(rules[one.rule_id].duty or rules[one.rule_id].title)
        yield say("Have you done what the rule asks: {duty}?", duty=cut(duty, 110)), (f"rules.{one.rule_id}",)
    if row.responsibility_cluster != "preventable" and row.gravity_category != "persons":
        yield say("“{title}”: is it true, and what do you answer?", title=title), ()


def _owners(known: Present, row: Any) -> tuple[str, ...]:
    owners = {item.id: item.owner for item in known.watch.strategy.items if item.owner}
    effects = [owners[one] for one in row.effects_ids if one in owners]
    # Who may approve at that level first, as the reply check asks them.
    return tuple(dict.fromkeys([*known.watch.autonomy[int(row.handled)].ask, *effects]))


def _line(known: Present, one: Likely) -> Line:
    say, language = known.language.say, known.language
    message = next((item for item in known.watch.messages if item.id == one.message_id), None)
    names = people_names(known.watch, present(known.watch, one.owners[:2], known.today), language)
    asked_by = language.say_many("asked by {count} voice", "asked by {count} voices", one.voices) if one.voices else ""
    tag = asked_by or (say("prepared") if message else say("deduced from the signals"))
    answer = proofs = ""
    text = cut(one.text, _QUESTION + 4)
    of = (*one.of, *([f"messages.{message.id}"] if message else []))
    if one.status is Answered.ANSWERED and message is not None:
        answer = cut(known.own(message.answer), _ANSWER)
        proofs = ", ".join(known.own(proof) for proof in message.proofs)
        return Line(text, "question with a public answer", of, one.evidence, say("Approved answer"), tag, answer, proofs,
                    assumed=not one.voices)  # fmt: skip
    lead = {
        Answered.EXPIRED: say("Answer expired, do not give it"),
        Answered.NOT_PUBLIC: say("Answer not public, do not give it"),
    }.get(one.status, say("No approved answer"))
    answer = say("Ask {names}.", names=names) if names else ""
    return Line(
        text, "leak" if one.leak else "question", of, one.evidence, lead, tag, answer, alarming=True, assumed=not one.voices
    )
