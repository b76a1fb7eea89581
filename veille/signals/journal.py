"""The life of a signal: what was done about it, as events that are only added; where it stands follows from them."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlsplit

import pandas as pd

from veille.errors import UsageError
from veille.folding import fold_text
from veille.masking import HANDLE
from veille.pseudonym import tombstone
from veille.quotation import address as shown_address
from veille.signals import few
from veille.signals.tables import JOURNAL, SIGNALS, Act, SignalStatus
from veille.store import Store

MACHINE = "veille"
TWO_PEOPLE_FROM = 3
"""Level from which deciding and closing take two people."""

_STATUS = {
    Act.OPENED: SignalStatus.OPEN,
    Act.REOPENED: SignalStatus.OPEN,
    Act.ACKNOWLEDGED: SignalStatus.ACKNOWLEDGED,
    Act.DECIDED: SignalStatus.DECIDED,
    Act.CLOSED: SignalStatus.CLOSED,
}

MOST_ADDRESS = 2_000
_NO_ADDRESS = re.compile(r"[\s<>\"\\^`{|}]")

CLUSTER_NAMES = ("victim", "accident", "preventable")
"""Clusters of Situational Crisis Communication Theory (Coombs, 2007), least responsible first."""


class Judgement(StrEnum):
    """What a person says of a signal afterwards."""

    TRUE = "true"
    FALSE = "false"
    MISSED = "missed"


def journal(store: Store, as_of: datetime | None = None) -> pd.DataFrame:
    """Return the journal in order of time, what was done after `as_of` left out.

    Parameters
    ----------
    store
        The memory of the watch.
    as_of
        None gives everything.
    """
    frame = store.load(JOURNAL)
    if as_of is not None:
        frame = frame.loc[frame["at"] <= pd.Timestamp(as_of)]
    return frame.sort_values(["at", "event_id"], kind="stable", ignore_index=True)


def status(events: pd.DataFrame) -> pd.DataFrame:
    """Return where each signal of a journal stands.

    Parameters
    ----------
    events
        Result of `journal`.

    Returns
    -------
    DataFrame
        Indexed by `signal_id`: `status`, `opened_at`, `acknowledged_at`, `acknowledged_by`, `decided_at`,
        `decided_by` (names joined by a comma), `judgement`; missing where it did not happen since the last opening.
    """
    rows: dict[str, dict[str, object]] = {}
    # Folded, so that one person who writes their name in two ways is still one.
    deciders: dict[str, dict[str, str]] = {}
    # An event is not a mention: a journal holds hundreds, and each depends on the one before.
    for event in few.rows(events):
        state = rows.setdefault(event.signal_id, _fresh())
        act = Act(event.act)
        if act in (Act.OPENED, Act.REOPENED):
            deciders.pop(event.signal_id, None)
            state |= {**_fresh(), "opened_at": event.at, "judgement": state["judgement"]}
        elif act is Act.ACKNOWLEDGED and state["acknowledged_at"] is None:
            state |= {"acknowledged_at": event.at, "acknowledged_by": event.by}
        elif act is Act.DECIDED:
            names = deciders.setdefault(event.signal_id, {})
            names.setdefault(fold_text(event.by).strip(), event.by)
            state |= {"decided_at": event.at, "decided_by": ", ".join(names.values())}
            alone = len(names) < 2 and not event.note.endswith(_ALONE)
            if not pd.isna(event.level) and event.level >= TWO_PEOPLE_FROM and alone:
                continue
        elif act is Act.JUDGED:
            state["judgement"] = event.note.split(":", 1)[0]
        if act in _STATUS:
            state["status"] = str(_STATUS[act])
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=list(_fresh()))
    frame.index.name = "signal_id"
    return frame


def half_decided(events: pd.DataFrame) -> pd.DataFrame:
    """Return the signals of which one person has decided, and that await a second.

    Parameters
    ----------
    events
        Result of `journal`.

    Returns
    -------
    DataFrame
        Indexed by `signal_id`: `at`, `by` and `note` of the decision that stands alone, the last of that person.
    """
    states = status(events)
    decided = states["decided_at"].notna() & ~states["status"].isin([str(SignalStatus.DECIDED), str(SignalStatus.CLOSED)])
    mine = events.loc[(events["act"] == Act.DECIDED.value) & events["signal_id"].isin(states.index[decided])]
    last = mine.sort_values(["at", "event_id"], kind="stable").drop_duplicates("signal_id", keep="last")
    return last.set_index("signal_id")[["at", "by", "note"]].sort_index()


def _fresh() -> dict[str, object]:
    names = ("opened_at", "acknowledged_at", "acknowledged_by", "decided_at", "decided_by", "judgement")
    return {"status": str(SignalStatus.OPEN), **dict.fromkeys(names)}


_ALONE = "[one-person team]"


def said_alone(note: str) -> tuple[str, bool]:
    """Return the words of a decision without the mark of a one-person team, and whether it had one."""
    words = note.removesuffix(_ALONE)
    return words.rstrip(), words != note


def acknowledge(store: Store, signal_id: str, at: datetime, by: str, note: str = "") -> pd.DataFrame:
    """Add that a person has taken note of a signal; return the event, one row of JOURNAL.

    Raises
    ------
    UsageError
        There is no such signal, or no name was given.
    """
    return _add(store, signal_id, at, by, Act.ACKNOWLEDGED, note)


def decide(store: Store, signal_id: str, at: datetime, by: str, decision: str, *, one_person: bool = False) -> pd.DataFrame:
    """Add a person's decision; at level 3 and above it stands once a second person has decided too.

    Parameters
    ----------
    store, signal_id
        The memory of the watch and the signal.
    at, by
        When, and who.
    decision
        What was decided, in words.
    one_person
        Whether the team is one person, as `people` of watch.yml says; the journal then says so.

    Raises
    ------
    UsageError
        There is no such signal, no name or no decision was given.
    """
    # The mark of a one-person team is the machine's to give.
    words = decision.replace(_ALONE, "").strip()
    if not words:
        raise UsageError("a decision needs words", "say what was decided with --decision")
    return _add(store, signal_id, at, by, Act.DECIDED, f"{words} {_ALONE}" if one_person else words)


def close(store: Store, signal_id: str, at: datetime, by: str, note: str = "", *, one_person: bool = False) -> pd.DataFrame:
    """Close a signal; at level 3 and above only once two people have decided.

    Raises
    ------
    UsageError
        There is no such signal, no name was given, or the second decision is missing.
    """
    level = _last(store, signal_id)["level"]
    events = journal(store, at)
    events = events.loc[events["signal_id"] == signal_id]
    if level >= TWO_PEOPLE_FROM and not one_person:
        names = set(events.loc[events["act"] == Act.DECIDED, "by"]) | {by}
        if len(names) < 2 or status(events).loc[signal_id, "decided_at"] is None:
            raise UsageError(
                f"signal {signal_id} is at level {level}: closing it takes two people", "have a second person decide first"
            )
    return _add(store, signal_id, at, by, Act.CLOSED, note)


def judge(store: Store, signal_id: str, verdict: str, at: datetime, by: str, note: str = "") -> pd.DataFrame:
    """Add what a person says of a signal afterwards: it was true, false, or came too late (missed).

    Raises
    ------
    UsageError
        There is no such signal or verdict, or no name was given.
    """
    if verdict not in tuple(Judgement):
        raise UsageError(f"{verdict!r} is no judgement", f"write one of {', '.join(Judgement)}")
    return _add(store, signal_id, at, by, Act.JUDGED, f"{verdict}: {note}" if note else verdict)


def learn(store: Store, signal_id: str, at: datetime, by: str, lesson: str) -> pd.DataFrame:
    """Add what a person has learned of a signal; the closing report shows it.

    Raises
    ------
    UsageError
        There is no such signal, no name or no lesson was given.
    """
    if not lesson.strip():
        raise UsageError("a lesson needs words", "say what was learned with --lesson")
    return _add(store, signal_id, at, by, Act.LEARNED, lesson.strip())


def answer(
    store: Store, signal_id: str, at: datetime, by: str, address: str, *, public: frozenset[str] = frozenset()
) -> tuple[pd.DataFrame, bool]:
    """Add that a person has answered in public; return the event, one row of JOURNAL, and whether it is new.

    The same address of the same signal is one event, the first: what was posted once was answered once.

    Parameters
    ----------
    store, signal_id
        The memory of the watch and the signal.
    at, by
        When, and who.
    address
        Where the reply stands. One that names a private person is kept as its host and a keyed hash alone.
    public
        Handles that may be named, as `veille.quotation.handles` gives them.

    Raises
    ------
    UsageError
        There is no such signal, no name was given, or the address is none of the web.
    """
    note = _held(store, address.strip(), public)
    events = journal(store)
    same = (events["signal_id"] == signal_id) & (events["act"] == Act.ANSWERED) & (events["note"] == note)
    if same.any():
        return JOURNAL.check(events.loc[same].head(1).reset_index(drop=True)), False
    return _add(store, signal_id, at, by, Act.ANSWERED, note), True


def _held(store: Store, address: str, public: frozenset[str]) -> str:
    try:
        parts = urlsplit(address)
        right = parts.scheme.lower() in ("http", "https") and bool(parts.hostname) and not (parts.username or parts.password)
        host = parts.hostname or ""
    except ValueError:
        right, host = False, ""
    if not right or _NO_ADDRESS.search(address) or not address.isprintable() or len(address) > MOST_ADDRESS:
        raise UsageError("that is no address of a reply", "give the whole address of what was posted, with https:// or http://")
    whole = shown_address(address, None, (), key=store.key, public=public)
    return whole or f"https://{host}/{HANDLE} [{tombstone(store.key, address)[:8]}]"


def confirm_cluster(store: Store, signal_id: str, cluster: str, at: datetime, by: str, note: str = "") -> pd.DataFrame:
    """Add which SCCT cluster a person says a signal is of; from the next detection on it replaces what was proposed.

    A later one replaces it: who errs confirms again.

    Raises
    ------
    UsageError
        There is no such signal or cluster, or no name was given.
    """
    if cluster not in CLUSTER_NAMES:
        raise UsageError(f"{cluster!r} is no cluster", f"write one of {', '.join(CLUSTER_NAMES)}")
    return _add(store, signal_id, at, by, Act.CLUSTER_CONFIRMED, f"{cluster}: {note}" if note else cluster)


def confirmed_clusters(events: pd.DataFrame) -> pd.DataFrame:
    """Return the cluster that people last confirmed of each signal of a journal.

    Parameters
    ----------
    events
        Result of `journal`.

    Returns
    -------
    DataFrame
        Indexed by `signal_id`: `cluster`, `by`.
    """
    mine = events.loc[events["act"] == Act.CLUSTER_CONFIRMED.value].sort_values(["at", "event_id"], kind="stable")
    last = mine.drop_duplicates("signal_id", keep="last").set_index("signal_id")
    return pd.DataFrame({"cluster": last["note"].str.split(":", n=1).str[0], "by": last["by"]}, index=last.index)


def event(signal_id: str, at: datetime, by: str, act: Act, level: int | None, note: str = "") -> dict[str, object]:
    """Return one row of JOURNAL, whose id is the same whenever the same is done again."""
    content = "\x1f".join([signal_id, at.isoformat(), by, str(act), note])
    event_id = "e" + hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return {"event_id": event_id, "at": at, "by": by, "act": str(act), "signal_id": signal_id, "level": level, "note": note}


def _add(store: Store, signal_id: str, at: datetime, by: str, act: Act, note: str) -> pd.DataFrame:
    if not by.strip():
        raise UsageError("an act needs the name of who acts", "give it with --by")
    level = int(_last(store, signal_id)["level"])
    frame = JOURNAL.check(pd.DataFrame([event(signal_id, at, by.strip(), act, level, note)]))
    store.merge(JOURNAL, frame)
    return frame


def _last(store: Store, signal_id: str) -> pd.Series:
    rows = store.load(SIGNALS, ["signal_id", "cutoff", "level"], [("signal_id", "=", signal_id)])
    if rows.empty:
        raise UsageError(f"there is no signal {signal_id}", "`veille journal` lists them")
    return rows.sort_values("cutoff", kind="stable").iloc[-1]
