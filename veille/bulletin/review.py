"""What a person does to a draft: withhold, reorder, take back. Events that stand for a week, applied to a saved bulletin.

What is withheld leaves the page with everything that rests on it alone, and the page says that, by whom and why; never
what it was, or withholding would be telling it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

import pandas as pd

from veille.bulletin.decisions import cause
from veille.bulletin.headline import headline
from veille.bulletin.marking import least, top
from veille.bulletin.page_one import fit
from veille.bulletin.tables import REVIEWS, ReviewAct
from veille.bulletin.types import Bulletin, Decision, Finding, Followup, Marking, Reviewed, Signal, highest
from veille.errors import UsageError
from veille.language import Language
from veille.store import Store

_SIGNAL, _FINDING = "signal:", "finding:"
NOTE_WORDS = 60
"""Words of the analyst at most: page 1 is read in thirty seconds."""


def reviews(store: Store, week: str, as_of: datetime | None = None) -> pd.DataFrame:
    """Return the acts on the edition of a week that stand, oldest first: those taken back left out.

    Parameters
    ----------
    store
        The memory of the watch.
    week
        ISO week.
    as_of
        What was done later is not seen; None gives everything.
    """
    events = store.load(REVIEWS, where=[("week", "=", week)])
    if as_of is not None:
        events = events.loc[events["at"] <= pd.Timestamp(as_of)]
    undone = set(chain.from_iterable(events.loc[events["act"] == ReviewAct.UNDO, "items"]))
    standing = events.loc[(events["act"] != ReviewAct.UNDO) & ~events["event_id"].isin(undone)]
    return standing.sort_values(["at", "event_id"], kind="stable", ignore_index=True)


def withhold(store: Store, bulletin: Bulletin, reference: str, *, at: datetime, by: str, reason: str) -> pd.DataFrame:
    """Keep a finding (its number on page 1) or a signal (its id) out of the edition of a week, until it is taken back.

    Returns
    -------
    pandas.DataFrame
        The event, one row of REVIEWS.

    Raises
    ------
    UsageError
        The bulletin holds no such thing, or no name or reason was given.
    """
    return act(store, bulletin.edition.week, ReviewAct.WITHHELD, [key_of(bulletin, reference)], at=at, by=by, note=reason)


def order(store: Store, bulletin: Bulletin, references: Sequence[str], *, at: datetime, by: str, reason: str) -> pd.DataFrame:
    """Put findings or signals first, in the order given; the others keep theirs. See `withhold`."""
    keys = [key_of(bulletin, reference) for reference in references]
    if not keys:
        raise UsageError("an order needs something to put first", "give numbers of findings or ids of signals, with commas")
    return act(store, bulletin.edition.week, ReviewAct.ORDERED, keys, at=at, by=by, note=reason)


def undo(store: Store, week: str, event_id: str, *, at: datetime, by: str, reason: str = "") -> pd.DataFrame:
    """Take back what was withheld or ordered, by its event id. See `withhold`."""
    standing = reviews(store, week)
    of = standing.loc[(standing["event_id"] == event_id) & (standing["act"] != ReviewAct.RELEASED)]
    if of.empty:
        raise UsageError(
            f"nothing that stands for {week} is known as {event_id}",
            "`veille review WEEK` lists it; a release is not taken back but corrected",
        )
    return act(store, week, ReviewAct.UNDO, [event_id], at=at, by=by, note=reason, needs_reason=False)


def act(
    store: Store,
    week: str,
    what: ReviewAct,
    items: Sequence[str],
    *,
    at: datetime,
    by: str,
    note: str,
    run_id: str = "",
    needs_reason: bool = True,
) -> pd.DataFrame:
    """Write one event and return it; the same again is the same event. See `withhold` for what is raised."""
    who, why = " ".join(by.split()), " ".join(note.split())
    if not who:
        raise UsageError("an act needs the name of who acts", "give it with --by")
    if needs_reason and not why:
        raise UsageError("what is withheld or reordered needs a reason", "give it with --reason: readers are told")
    content = "\x1f".join([week, str(what), run_id, *items, at.isoformat(), who, why])
    event_id = "r" + hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    row = {"event_id": event_id, "at": at, "by": who, "act": str(what), "week": week, "run_id": run_id}
    frame = REVIEWS.check(pd.DataFrame([{**row, "items": list(items), "note": why}]))
    store.merge(REVIEWS, frame)
    return frame


def key_of(bulletin: Bulletin, reference: str) -> str:
    """Return what events call the finding of that number on page 1, or the signal of that id.

    Raises
    ------
    UsageError
        The bulletin holds neither.
    """
    given = reference.strip()
    if given.isdecimal() and 1 <= int(given) <= len(bulletin.findings):
        return _finding_key(bulletin.findings[int(given) - 1])
    if any(signal.signal_id == given for signal in (*bulletin.signals, *bulletin.weak_signals)):
        return _SIGNAL + given
    raise UsageError(
        f"the edition {bulletin.edition.week} holds no finding and no signal {given!r}",
        "`veille review WEEK` lists the numbers of findings and the ids of signals",
    )


def applied(bulletin: Bulletin, events: pd.DataFrame, hide: Callable[[str], str]) -> Bulletin:
    """Return the bulletin as the standing acts of people leave it.

    Parameters
    ----------
    bulletin
        As it was composed.
    events
        Result of `reviews`.
    hide
        Masks a text of a person.
    """
    language = Language(bulletin.edition.language)
    rows: list[dict[str, Any]] = events.loc[events["act"] != ReviewAct.RELEASED].to_dict("records")  # type: ignore[assignment]
    known = _markings(bulletin)
    told = tuple(
        Reviewed(
            act=row["act"],
            what=_what(bulletin, [key for key in row["items"] if key in known], language),
            by=hide(row["by"]),
            at=row["at"].to_pydatetime(),
            reason=hide(row["note"]),
            # That something was withheld is for those alone who might have read it.
            marking=highest(least("review"), *(known[key] for key in row["items"] if key in known)),
        )
        for row in rows
        if known.keys() & set(row["items"])
    )
    if not told:
        return bulletin
    gone = {key for row in rows if row["act"] == ReviewAct.WITHHELD for key in row["items"]}
    orders = [list(row["items"]) for row in rows if row["act"] == ReviewAct.ORDERED]
    left = _ordered(_without(bulletin, gone, language), orders[-1] if orders else [])
    left = fit(left.model_copy(update={"reviewed": told}))
    return left.model_copy(update={"marking": top(left)})


def review_followup(
    store: Store, week: str, as_of: datetime, language: Language, hide: Callable[[str], str]
) -> tuple[Followup, ...]:
    """Return what people withheld or reordered in the edition of a week, for the edition that follows it.

    Parameters
    ----------
    store
        The memory of the watch.
    week
        ISO week of the earlier edition.
    as_of
        What was known at this instant.
    language
        Language of the sentences.
    hide
        Masks a text of a person.
    """
    rows: list[dict[str, Any]] = reviews(store, week, as_of).to_dict("records")  # type: ignore[assignment]
    title = language.say("Edition of week {number}", number=int(week[-2:]))
    return tuple(
        Followup(
            signal_id=row["items"][0].partition(":")[2],
            title=title,
            asked=said_act(row["act"], _counted(row["items"], language), hide(row["by"]), language),
            outcome=language.say("Reason: {reason}", reason=hide(row["note"])),
        )
        for row in rows
        if row["act"] != ReviewAct.RELEASED
    )


def said_act(what_was_done: str, what: str, by: str, language: Language) -> str:
    """Return one act as a sentence: who withheld what, or put what first."""
    if what_was_done == ReviewAct.WITHHELD:
        return language.say("Withheld by {name}: {what}", name=by, what=what)
    return language.say("Put first by {name}: {what}", name=by, what=what)


def _markings(bulletin: Bulletin) -> dict[str, Marking]:
    """Return who may read what can be withheld or put first, by its key."""
    signals = {_SIGNAL + signal.signal_id: signal.marking for signal in (*bulletin.signals, *bulletin.weak_signals)}
    return signals | {_finding_key(finding): finding.marking for finding in bulletin.findings}


def _finding_key(finding: Finding) -> str:
    told = finding.signal_id or finding.topic_id or finding.measure
    return _FINDING + (told or hashlib.sha256(finding.title.encode()).hexdigest()[:12])


def _what(bulletin: Bulletin, keys: Sequence[str], language: Language) -> str:
    """Return what keys stand for without telling it: a signal by level and subject, findings by their number."""
    signals = {_SIGNAL + signal.signal_id: signal for signal in (*bulletin.signals, *bulletin.weak_signals)}
    told = [
        language.say("a signal of level {level} about {subject}", level=one.level, subject=one.subject_name or one.subject)
        for one in (signals[key] for key in keys if key in signals)
    ]
    findings = sum(key.startswith(_FINDING) for key in keys)
    return ", ".join([*told, *([language.say_many("{count} finding", "{count} findings", findings)] if findings else [])])


def _counted(keys: Sequence[str], language: Language) -> str:
    signals = sum(key.startswith(_SIGNAL) for key in keys)
    parts = [language.say_many("{count} signal", "{count} signals", signals)] if signals else []
    findings = len(keys) - signals
    return ", ".join([*parts, *([language.say_many("{count} finding", "{count} findings", findings)] if findings else [])])


def _without(bulletin: Bulletin, gone: set[str], language: Language) -> Bulletin:
    """Leave out what is withheld, the decisions asked for its sake alone, and the evidence that nothing else cites."""
    held = {signal.signal_id for signal in (*bulletin.signals, *bulletin.weak_signals) if _SIGNAL + signal.signal_id in gone}

    def kept(signals: tuple[Signal, ...]) -> tuple[Signal, ...]:
        return tuple(signal for signal in signals if signal.signal_id not in held)

    findings = tuple(one for one in bulletin.findings if one.signal_id not in held and _finding_key(one) not in gone)
    signals, weak = kept(bulletin.signals), kept(bulletin.weak_signals)
    by_id = {one.signal_id: one for one in (*signals, *weak)}

    def asked(decision: Decision) -> Decision:
        left = tuple(name for name in decision.signal_ids if name not in held)
        changes: dict[str, Any] = {"signal_ids": left}
        # What waiting costs names the first of its signals, which is not to be told any more.
        if left[:1] != decision.signal_ids[:1] and left[0] in by_id:
            changes["waiting"] = cause(by_id[left[0]], language)
        return decision.model_copy(update=changes)

    decisions = tuple(asked(one) for one in bulletin.decisions if not held.issuperset(one.signal_ids) or not one.signal_ids)
    cited = [
        *(one.evidence for one in findings),
        *(one.evidence for one in (*signals, *weak)),
        *(one.evidence for one in bulletin.topics),
        *(one.evidence for one in bulletin.questions),
        *(one.evidence for one in bulletin.around),
    ]
    known = set(chain.from_iterable(cited))
    changed: dict[str, Any] = {
        "findings": findings,
        "decisions": decisions,
        "signals": signals,
        "weak_signals": weak,
        "followup": tuple(one for one in bulletin.followup if one.signal_id not in held),
        "around": tuple(
            one.model_copy(update={"signal_ids": tuple(name for name in one.signal_ids if name not in held)})
            for one in bulletin.around
        ),
        "evidence": {name: one for name, one in bulletin.evidence.items() if name in known},
    }
    if held and bulletin.level is not None:
        edition, told = bulletin.edition, (*signals, *weak)
        changed["headline"] = headline(
            edition, bulletin.level, bulletin.level_before, told, decisions, language, withheld=len(held)
        )
    return bulletin.model_copy(update=changed)


def _ordered(bulletin: Bulletin, first: Sequence[str]) -> Bulletin:
    place = {key: number for number, key in enumerate(first)}
    last = len(place)

    def of_signal(signal: Signal) -> int:
        return place.get(_SIGNAL + signal.signal_id, last)

    def of_finding(finding: Finding) -> int:
        return min(place.get(_finding_key(finding), last), place.get(f"{_SIGNAL}{finding.signal_id}", last))

    # Sorting is stable: what is not named keeps its order.
    return bulletin.model_copy(
        update={
            "findings": tuple(sorted(bulletin.findings, key=of_finding)),
            "signals": tuple(sorted(bulletin.signals, key=of_signal)),
            "weak_signals": tuple(sorted(bulletin.weak_signals, key=of_signal)),
        }
    )
