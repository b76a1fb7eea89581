"""The closing page of a signal: how it went, how long everything took against what was set, and the lessons learned.

What figures teach is told as a deduction; what people have learned stands in the journal under their names.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pandas as pd

from veille.desk import answers
from veille.desk.brief_questions import on_matter
from veille.desk.gaps import gaps
from veille.desk.lines import Block, Line, Page, PageKind
from veille.desk.present import Present, inner
from veille.desk.sitrep_known import part_of, unknown_of
from veille.desk.sitrep_said import Earlier
from veille.desk.sitrep_voices import act_words
from veille.desk.wording import delay_words, span_words
from veille.signals import SIGNALS, few
from veille.signals.journal import MACHINE
from veille.signals.tables import Act
from veille.typography import cut
from veille.watch.openings import of_level

_LESSON, _ACTS = 200, 8
_TOLD = (Act.ACKNOWLEDGED, Act.DECIDED, Act.CLUSTER_CONFIRMED, Act.ANSWERED, Act.CLOSED)


def closing_page(known: Present, row: Any, last: Earlier) -> Page:
    """Return the closing page of a signal.

    Parameters
    ----------
    known
        What is known.
    row
        Row of SIGNALS, as the last detection showed it.
    last
        The reports made before.
    """
    say = known.language.say
    history = known.store.load(SIGNALS, where=[("signal_id", "==", row.signal_id), ("as_of", "<=", pd.Timestamp(known.as_of))])
    history = history.sort_values("cutoff", ignore_index=True)
    mine = known.events.loc[known.events["signal_id"] == row.signal_id]
    blocks = (
        Block("essential", say("In brief"), tuple(_essential(known, row, history))),
        Block("story", say("How it went"), tuple(_story(known, row, history, mine))),
        Block("delays", say("Delays"), tuple(_delays(known, row, mine))),
        Block("lessons", say("Lessons learned"), tuple(_lessons(known, row, mine))),
        Block("unknown", say("What is still not known"), tuple(one.line for one in unknown_of(known, row))),
    )
    return Page(
        kind=PageKind.CLOSING,
        language=known.language.code,
        title=say("Closing report"),
        about=say("“{title}”", title=known.quoted(row, 120)),
        as_of=known.as_of,
        looked_at=known.looked_at,
        day=known.today,
        level=int(history["level"].max()),
        facts=(
            (say("As of"), known.when(known.as_of)),
            (say("Reports made"), known.language.number(last.number)),
            (say("Signal"), str(row.signal_id)),
        ),
        blocks=blocks,
        gaps=gaps(known),
        subjects=(str(row.subject),),
        signal_id=str(row.signal_id),
    )


def _essential(known: Present, row: Any, history: pd.DataFrame) -> Iterator[Line]:
    say = known.language.say
    peak = history.loc[history["level"] == history["level"].max()].iloc[0]
    most = history.sort_values("stories").iloc[-1]
    text = say("from {when} on; at most {counted} in a period.", when=known.when(peak["cutoff"]), counted=known.counted(most))
    yield Line(text, part_of(row), _of(row), tuple(map(str, row.evidence[:2])),
               known.level_words(int(peak["level"])), alarming=True)  # fmt: skip
    judgement = known.states.loc[row.signal_id, "judgement"]
    said = {
        "true": say("It was judged true."), "false": say("It was judged a false alarm."),
        "missed": say("It was judged to have come too late."),
    }.get(str(judgement), say("Nobody has judged it yet: the command veille judge says whether it was right."))  # fmt: skip
    yield Line(said, "follow-up", ("journal",))


def _story(known: Present, row: Any, history: pd.DataFrame, mine: pd.DataFrame) -> Iterator[Line]:
    say = known.language.say
    steps: list[tuple[pd.Timestamp, str, str]] = [
        (row.first_seen, say("first publication."), "signal"),
        (row.detected_at, say("first detection."), "signal"),
    ]
    if pd.notna(row.press_pickup_at):
        steps.append((row.press_pickup_at, say("the press takes it up."), "signal"))
    rises = history.loc[history["level"] > history["level"].cummax().shift(fill_value=0)]
    steps += [(one.cutoff, f"{known.level_words(int(one.level))}.", "signal") for one in few.rows(rises)]
    sent = mine.loc[mine["act"] == Act.SENT, "at"]
    steps += [(sent.min(), say("the alert is sent."), "journal")] if len(sent) else []
    acts = mine.loc[mine["act"].isin(_TOLD) & (mine["by"] != MACHINE)]
    steps += [(one.at, act_words(known, one), "journal") for one in few.rows(acts.tail(_ACTS))]
    if (mine["act"] == Act.CLOSED).any() and not (acts["act"] == Act.CLOSED).any():
        steps.append((mine.loc[mine["act"] == Act.CLOSED, "at"].max(), say("closed."), "journal"))
    for at, text, source in sorted(steps, key=lambda step: step[0]):
        of = ("journal",) if source == "journal" else _of(row)
        yield Line(text, part_of(row) if source == "signal" else "follow-up", of, lead=known.when(at))


def _delays(known: Present, row: Any, mine: pd.DataFrame) -> Iterator[Line]:
    say, level = known.language.say, int(row.level)
    step = known.watch.escalation[level]
    sent = mine.loc[mine["act"] == Act.SENT, "at"].min()
    taken = mine.loc[(mine["act"] == Act.ACKNOWLEDGED) & (mine["by"] != MACHINE), "at"].min()
    decided = mine.loc[(mine["act"] == Act.DECIDED) & (mine["by"] != MACHINE), "at"].min()
    yield _delay(known, say("From publication to detection"), row.first_seen, row.detected_at, None, level)
    yield _delay(known, say("From detection to sending"), row.detected_at, sent, step.send_within, level)
    yield _delay(known, say("From sending to taking note"), sent, taken, None, level)
    yield _delay(known, say("From sending to a decision"), sent, decided, step.decide_within, level)


def _delay(known: Present, lead: str, start: pd.Timestamp, end: pd.Timestamp, limit: timedelta | None, level: int) -> Line:
    say = known.language.say
    of = ("journal", f"escalation.{level}") if limit else ("journal",)
    if pd.isna(start) or pd.isna(end):
        return Line(say("not known: the journal does not say."), "thresholds, delays, versions", of, lead=lead)
    text = f"{span_words(max(timedelta(0), end - start), known.language)}."
    if limit is None:
        return Line(text, "thresholds, delays, versions", of, lead=lead)
    late = end.to_pydatetime() > _due(known, start.to_pydatetime(), limit, level)
    allowed = delay_words(limit, known.language)
    tag = say("limit {limit}, missed", limit=allowed) if late else say("limit {limit}, kept", limit=allowed)
    return Line(text, "thresholds, delays, versions", of, lead=lead, tag=tag, alarming=late)


def _due(known: Present, start: datetime, limit: timedelta, level: int) -> datetime:
    return of_level(known.watch, level).after(start, limit)


def _lessons(known: Present, row: Any, mine: pd.DataFrame) -> Iterator[Line]:
    """Yield what people have learned, with who says so; then what follows from messages, delays and the journal."""
    say = known.language.say
    learned = mine.loc[mine["act"] == Act.LEARNED]
    for one in few.rows(learned):
        text = say("“{words}”", words=inner(cut(known.hide(one.note), _LESSON)))
        yield Line(f"{text}.", "follow-up", ("journal",), lead=known.hide(one.by))
    for one in few.rows(mine.loc[(mine["act"] == Act.JUDGED) & mine["note"].str.contains(": ", regex=False)]):
        note = inner(cut(known.hide(one.note.split(": ", 1)[1]), _LESSON))
        yield Line(f"{say('“{words}”', words=note)}.", "follow-up", ("journal",), lead=known.hide(one.by))
    if learned.empty:
        text = say("Nobody has written one: veille sitrep {signal} --lesson … keeps it.", signal=row.signal_id)
        yield Line(text, "follow-up", ("journal",), alarming=True)
    yield from _deduced(known, row, mine)


def _deduced(known: Present, row: Any, mine: pd.DataFrame) -> Iterator[Line]:
    say = known.language.say
    found = [message for message in known.watch.messages if on_matter(row.words, message.question)]
    ready = [message for message in found if answers.given(message) and answers.holds(message, known.today)]
    refs = tuple(f"messages.{message.id}" for message in found) or ("messages",)
    deduced = say("deduced")
    if known.watch.messages and not ready:
        text = say("No approved answer for the public stood on this matter: have one approved before the next time.")
        yield Line(text, "question", refs, tag=deduced, assumed=True)
    if row.detected_at - row.first_seen > timedelta(hours=known.watch.detection.alerts_every_minutes / 60 + 1):
        text = say("Detection came later than a round of alerts and an hour: look at how often sources are asked.")
        yield Line(text, "thresholds, delays, versions", _of(row), tag=deduced, assumed=True)
    if mine.loc[mine["act"] == Act.SENT].empty:
        text = say("No alert was sent: the command veille doctor says whether channels are set.")
        yield Line(text, "thresholds, delays, versions", ("journal",), tag=deduced, assumed=True)
    duties = known.duties(pd.DataFrame([{"signal_id": row.signal_id, "cutoff": row.cutoff}]))
    for one in few.rows(duties.loc[duties["in_force"].astype(bool)]):
        rule = next(rule for rule in known.watch.rules if rule.id == one.rule_id)
        text = say("Whether the duty was done is in no journal: {title}.", title=cut(known.own(rule.title), _LESSON))
        yield Line(text, "duty", (f"rules.{rule.id}",), tuple(map(str, one.evidence[:1])), tag=deduced, assumed=True)


def _of(row: Any) -> tuple[str, ...]:
    return (f"subjects.{row.subject}", f"signals.{row.signal_id}")
