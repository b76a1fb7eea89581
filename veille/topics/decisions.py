"""What people's acts amount to: an act that was undone does not count, of two on one question the later one does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pandas as pd

from veille.topics.tables import Act
from veille.watch import WatchedTopic

MACHINE = "veille"
_ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)
_MOVES = (Act.MERGE, Act.SPLIT, Act.WATCH)


@dataclass(frozen=True)
class Move:
    """An act after which mentions are in another topic.

    Parameters
    ----------
    act
        Merge, split, or a watch that declares a topic.
    topic_id, others
        As in TOPIC_EVENTS.
    target
        The topic that each mention goes to, by mention id; of a split.
    at
        When a person acted.
    undone_at
        When it was taken back; None while it stands.
    """

    act: Act
    topic_id: str
    others: tuple[str, ...]
    target: dict[str, str]
    at: pd.Timestamp
    undone_at: pd.Timestamp | None = None


@dataclass(frozen=True)
class Declared:
    """A topic that a person or the watch file described before, or whether or not, anybody speaks of it.

    Parameters
    ----------
    topic_id, title
        Its id and its name.
    query
        Lucene query that its stories match; empty for none.
    examples
        Mention ids of examples.
    at
        When it was declared; of the watch file's, which hold at any time, the moment that is looked at.
    """

    topic_id: str
    title: str
    query: str
    examples: tuple[str, ...]
    at: pd.Timestamp


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
    moves
        Merges and splits that stand, oldest first.
    undone
        Merges, splits and declarations that were taken back, the latest first.
    declared
        Topics given by words or examples: those of the watch file in its order, then people's, the oldest first.
    """

    titles: dict[str, str] = field(default_factory=dict)
    ignored: frozenset[str] = frozenset()
    watched: frozenset[str] = frozenset()
    into: dict[str, str] = field(default_factory=dict)
    moves: tuple[Move, ...] = ()
    undone: tuple[Move, ...] = ()
    declared: tuple[Declared, ...] = ()

    @property
    def families(self) -> tuple[frozenset[str], ...]:
        """Topics that people parted from each other; two groups share no topic."""
        groups: list[frozenset[str]] = []
        for move in self.moves:
            if move.act is Act.SPLIT:
                ids = {self.into.get(topic, topic) for topic in (move.topic_id, *move.others)}
                touching = [group for group in groups if group & ids]
                groups = [group for group in groups if not group & ids] + [frozenset(ids).union(*touching)]
        return tuple(group for group in groups if len(group) > 1)

    @property
    def arranged(self) -> frozenset[str]:
        """Topics whose mentions people put together or apart."""
        return frozenset(self.into.values()).union(*self.families)

    @property
    def kept(self) -> frozenset[str]:
        """Topics a person cared about, which therefore never die."""
        return (self.ignored | self.watched | self.arranged | frozenset(self.titles)) - frozenset(self.into)


def effective(events: pd.DataFrame) -> pd.DataFrame:
    """Return the events that stand: no standing undo names them; undos themselves are left out, an undone one restores."""
    ordered = events.sort_values(["at", "event_id"], kind="stable", ignore_index=True)
    undone = set(_undone(ordered))
    return ordered.loc[~ordered["event_id"].isin(undone) & (ordered["act"] != Act.UNDO)].reset_index(drop=True)


def decisions(events: pd.DataFrame, given: Sequence[WatchedTopic] = (), at: datetime = _ALWAYS) -> Decisions:
    """Read people's decisions from TOPIC_EVENTS rows; of two on the same question the later one counts.

    Parameters
    ----------
    events
        TOPIC_EVENTS rows until the moment.
    given
        Topics that the watch file watches: they stand like a declaration before the first of those acts.
    at
        The moment.
    """
    people = events.loc[events["by"] != MACHINE].sort_values(["at", "event_id"], kind="stable", ignore_index=True)
    undone = _undone(people)
    acts = people.loc[~people["event_id"].isin(set(undone)) & (people["act"] != Act.UNDO)]
    declaring = acts.loc[(acts["act"] == Act.WATCH) & _declares(acts)]
    named = pd.concat([acts.loc[acts["act"] == Act.RENAME], declaring]).sort_index().drop_duplicates("topic_id", keep="last")
    attention = acts.loc[acts["act"].isin([Act.IGNORE, Act.WATCH])].drop_duplicates("topic_id", keep="last")
    into: dict[str, str] = {}
    moves = _moves(acts.loc[acts["act"].isin([Act.MERGE, Act.SPLIT])], {})
    for move in moves:
        if move.act is Act.MERGE:
            # Merging back what was merged before turns the earlier merge round instead of closing a circle.
            into.pop(move.topic_id, None)
            into.update((other, move.topic_id) for other in move.others if other != move.topic_id)
    taken_back = people.loc[people["event_id"].isin(set(undone)) & people["act"].isin(_MOVES)]
    taken_back = taken_back.loc[(taken_back["act"] != Act.WATCH) | _declares(taken_back)]
    return Decisions(
        titles={topic.topic_id: topic.title for topic in given} | dict(zip(named["topic_id"], named["note"], strict=True)),
        ignored=frozenset(attention.loc[attention["act"] == Act.IGNORE, "topic_id"]),
        watched=frozenset(attention.loc[attention["act"] == Act.WATCH, "topic_id"])
        | (frozenset(topic.topic_id for topic in given) - frozenset(attention["topic_id"])),
        into={topic: followed(topic, into) for topic in into},
        moves=moves,
        undone=_moves(taken_back, undone)[::-1],
        declared=tuple(Declared(topic.topic_id, topic.title, topic.query, topic.examples, pd.Timestamp(at)) for topic in given)
        + tuple(
            Declared(str(topic), str(note), query if isinstance(query, str) else "", tuple(mentions), at)
            for topic, note, query, mentions, at in zip(
                *(declaring[name] for name in ("topic_id", "note", "query", "mentions", "at")), strict=True
            )
        ),
    )


def followed(topic: str, into: dict[str, str]) -> str:
    """Return the topic that a topic is part of now, through any number of merges."""
    seen = {topic}
    while topic in into and into[topic] not in seen:
        topic = into[topic]
        seen.add(topic)
    return topic


def _declares(events: pd.DataFrame) -> pd.Series:
    return events["query"].notna() | (events["mentions"].str.len() > 0)


def _undone(ordered: pd.DataFrame) -> dict[str, pd.Timestamp]:
    """Return when each event that does not stand was taken back, by event id."""
    undos = ordered.loc[ordered["act"] == Act.UNDO, ["event_id", "at", "others"]].explode("others").dropna(subset="others")
    undone: dict[str, pd.Timestamp] = {}
    # Undos of one instant have no order, so that chains are followed from their ends: each pass settles one more link.
    for _ in range(len(undos) + 1):
        standing = undos.loc[~undos["event_id"].isin(set(undone))]
        settled = dict(zip(standing["others"], standing["at"], strict=True))
        if settled.keys() == undone.keys():
            break
        undone = settled
    return undone


def _moves(events: pd.DataFrame, undone: dict[str, pd.Timestamp]) -> tuple[Move, ...]:
    names = ("event_id", "act", "topic_id", "others", "mentions", "mention_topics", "at")
    return tuple(
        Move(
            Act(act),
            str(topic),
            tuple(_texts(others)),
            # A declaration's examples have no topic of their own.
            dict(zip(_texts(mentions), _texts(targets), strict=False)),
            at,
            undone.get(str(event)),
        )
        for event, act, topic, others, mentions, targets, at in zip(*(events[name] for name in names), strict=True)
    )


def _texts(values: Iterable[object]) -> list[str]:
    return [str(value) for value in values]
