"""What people decide about topics: append-only events, undone by counter-events, applied by every later update."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import pandas as pd

from veille.errors import UsageError
from veille.store import Store
from veille.topics.registry import digest
from veille.topics.tables import TOPIC_EVENTS, TOPICS, Act, Level
from veille.watch import Watch

MACHINE = "veille"


@dataclass(frozen=True)
class Decisions:
    """What people have decided, as far as it was not undone.

    Parameters
    ----------
    titles
        The name a person gave, by topic id.
    ignored, watched
        Topic ids.
    into
        The topic that a topic was merged into by a person, by topic id, followed to the end.
    """

    titles: dict[str, str] = field(default_factory=dict)
    ignored: frozenset[str] = frozenset()
    watched: frozenset[str] = frozenset()
    into: dict[str, str] = field(default_factory=dict)

    @property
    def kept(self) -> frozenset[str]:
        """Topics a person cared about, which therefore never die."""
        return self.ignored | self.watched | frozenset(self.titles) | frozenset(self.into.values())


def effective(events: pd.DataFrame) -> pd.DataFrame:
    """Return the events that stand: no standing undo names them; undos themselves are left out, an undone one restores."""
    ordered = events.sort_values(["at", "event_id"], kind="stable", ignore_index=True)
    undos = ordered.loc[ordered["act"] == Act.UNDO, ["event_id", "others"]].explode("others")
    undone: set[str] = set()
    # Undos of one instant have no order, so that chains are followed from their ends: each pass settles one more link.
    for _ in range(len(undos) + 1):
        settled = set(undos.loc[~undos["event_id"].isin(undone), "others"].dropna())
        if settled == undone:
            break
        undone = settled
    return ordered.loc[~ordered["event_id"].isin(undone) & (ordered["act"] != Act.UNDO)].reset_index(drop=True)


def decisions(events: pd.DataFrame) -> Decisions:
    """Read people's decisions from TOPIC_EVENTS rows; of two on the same question the later one counts."""
    acts = effective(events)
    acts = acts.loc[acts["by"] != MACHINE]
    named = acts.loc[acts["act"] == Act.RENAME].drop_duplicates("topic_id", keep="last")
    attention = acts.loc[acts["act"].isin([Act.IGNORE, Act.WATCH])].drop_duplicates("topic_id", keep="last")
    into: dict[str, str] = {}
    merges = acts.loc[acts["act"] == Act.MERGE]
    for survivor, others in zip(merges["topic_id"], merges["others"], strict=True):
        # Merging back what was merged before turns the earlier merge round instead of closing a circle.
        into.pop(survivor, None)
        into.update((other, survivor) for other in others if other != survivor)
    return Decisions(
        titles=dict(zip(named["topic_id"], named["note"], strict=True)),
        ignored=frozenset(attention.loc[attention["act"] == Act.IGNORE, "topic_id"]),
        watched=frozenset(attention.loc[attention["act"] == Act.WATCH, "topic_id"]),
        into={topic: _followed(topic, into) for topic in into},
    )


def applied(topics: pd.DataFrame, decided: Decisions) -> pd.DataFrame:
    """Return TOPICS rows with the names people gave, and who is ignored and watched."""
    given = topics["topic_id"].map(decided.titles)
    return topics.assign(
        title=topics["title"].where(given.isna(), given),
        ignored=topics["topic_id"].isin(decided.ignored),
        watched=topics["topic_id"].isin(decided.watched),
    )


def rename(watch: Watch, store: Store, topic_id: str, title: str, *, at: datetime, by: str) -> pd.DataFrame:
    """Give a topic the name that a person chose; it stands until it is renamed or undone.

    Returns
    -------
    pandas.DataFrame
        The event written, one row of TOPIC_EVENTS; so for every verb here.

    Raises
    ------
    UsageError
        No such topic, an empty title or no name of who acts; so for every verb here.
    """
    line = " ".join(title.split())
    if not line:
        raise UsageError("a topic cannot be renamed to nothing", "give a title")
    return _act(store, Act.RENAME, topic_id, at=at, by=by, note=line)


def merge(
    watch: Watch, store: Store, topic_id: str, others: Sequence[str], *, at: datetime, by: str, note: str = ""
) -> pd.DataFrame:
    """Make other topics part of this one, from the next update on; see `rename` for what is returned and raised."""
    absorbed = sorted(set(others) - {topic_id})
    if not absorbed:
        raise UsageError(f"topic {topic_id} needs another topic to be merged with", "name the topics that become part of it")
    return _act(store, Act.MERGE, topic_id, others=absorbed, at=at, by=by, note=note)


def ignore(watch: Watch, store: Store, topic_id: str, *, at: datetime, by: str, note: str = "") -> pd.DataFrame:
    """Ask not to be shown a topic; see `rename` for what is returned and raised."""
    return _act(store, Act.IGNORE, topic_id, at=at, by=by, note=note)


def watch(watch: Watch, store: Store, topic_id: str, *, at: datetime, by: str, note: str = "") -> pd.DataFrame:
    """Ask to be told of a topic, also one that was ignored; see `rename` for what is returned and raised."""
    return _act(store, Act.WATCH, topic_id, at=at, by=by, note=note)


def undo(watch: Watch, store: Store, reference: str, *, at: datetime, by: str, note: str = "") -> pd.DataFrame:
    """Take back an act by its event id, or the latest standing act of a person on a topic by the topic's id.

    See `rename` for what is returned; an undo can itself be undone by its event id.

    Raises
    ------
    UsageError
        No such event, nothing to take back, or the event is the machine's.
    """
    known = store.load(TOPIC_EVENTS, where=[("at", "<=", pd.Timestamp(at))])
    people = known.loc[known["by"] != MACHINE]
    event = people.loc[people["event_id"] == reference]
    if event.empty:
        standing = effective(known)
        event = standing.loc[(standing["by"] != MACHINE) & (standing["topic_id"] == reference)].tail(1)
    if event.empty:
        raise UsageError(f"nothing that a person did is known as {reference}", "give an event id, or a topic that was acted on")
    first = event.iloc[0]
    return _act(store, Act.UNDO, str(first["topic_id"]), others=[str(first["event_id"])], at=at, by=by, note=note)


def event_row(
    act: Act, topic_id: str, others: Sequence[str], note: str, *, at: pd.Timestamp, by: str, salt: str
) -> dict[str, object]:
    """Return one row of TOPIC_EVENTS; the same event of the same update has the same id."""
    event_id = "e" + digest(salt, act, topic_id, *others, note, at.isoformat(), by)
    return {
        "event_id": event_id,
        "at": at,
        "by": by,
        "act": str(act),
        "topic_id": topic_id,
        "others": list(others),
        "note": note,
    }


def _act(
    store: Store, act: Act, topic_id: str, *, at: datetime, by: str, others: Sequence[str] = (), note: str = ""
) -> pd.DataFrame:
    if not by.strip() or by == MACHINE:
        raise UsageError(f"who acts on topic {topic_id} is not said", "give the name of a person")
    topics = store.load(TOPICS, ["topic_id", "cutoff", "level"])
    known = set(topics.loc[topics["level"] == Level.FINE, "topic_id"])
    asked = [topic_id] if act is Act.UNDO else [topic_id, *others]
    missing = [topic for topic in asked if topic not in known]
    if missing:
        raise UsageError(f"no topic is known as {', '.join(missing)}", "`veille topics list` shows the topics and their ids")
    row = event_row(act, topic_id, others, note, at=pd.Timestamp(at), by=by, salt="person")
    event = TOPIC_EVENTS.check(pd.DataFrame([row]))
    store.merge(TOPIC_EVENTS, event)
    return event


def _followed(topic: str, into: dict[str, str]) -> str:
    seen = {topic}
    while topic in into and into[topic] not in seen:
        topic = into[topic]
        seen.add(topic)
    return topic
