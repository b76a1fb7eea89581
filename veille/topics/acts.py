"""What people decide about topics: append-only events, undone by counter-events, applied by every later update."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pandas as pd

from veille.errors import UsageError
from veille.mention import MENTIONS
from veille.store import Store
from veille.topics.decisions import MACHINE, Decisions, decisions, effective
from veille.topics.registry import digest
from veille.topics.tables import TOPIC_EVENTS, TOPICS, Act, Level
from veille.watch import Watch, any_of, unfit

__all__ = [
    "MACHINE",
    "Decisions",
    "act",
    "applied",
    "decisions",
    "declare",
    "effective",
    "event_row",
    "ignore",
    "merge",
    "rename",
    "undo",
    "watch",
]


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
    return act(watch, store, Act.RENAME, topic_id, at=at, by=by, note=line)


def merge(
    watch: Watch, store: Store, topic_id: str, others: Sequence[str], *, at: datetime, by: str, note: str = ""
) -> pd.DataFrame:
    """Make other topics part of this one, from the next update on; see `rename` for what is returned and raised."""
    absorbed = sorted(set(others) - {topic_id})
    if not absorbed:
        raise UsageError(f"topic {topic_id} needs another topic to be merged with", "name the topics that become part of it")
    return act(watch, store, Act.MERGE, topic_id, others=absorbed, at=at, by=by, note=note)


def ignore(watch: Watch, store: Store, topic_id: str, *, at: datetime, by: str, note: str = "") -> pd.DataFrame:
    """Ask not to be shown a topic; see `rename` for what is returned and raised."""
    return act(watch, store, Act.IGNORE, topic_id, at=at, by=by, note=note)


def watch(watch: Watch, store: Store, topic_id: str, *, at: datetime, by: str, note: str = "") -> pd.DataFrame:
    """Ask to be told of a topic, also one that was ignored; see `rename` for what is returned and raised."""
    return act(watch, store, Act.WATCH, topic_id, at=at, by=by, note=note)


def declare(
    watch: Watch,
    store: Store,
    title: str,
    *,
    at: datetime,
    by: str,
    words: str = "",
    examples: Sequence[str] = (),
) -> pd.DataFrame:
    """Ask to be told of a topic that is described by words or by examples, whether or not anybody speaks of it yet.

    Parameters
    ----------
    title
        Its name.
    words
        Lucene query; a comma between words means "or".
    examples
        Mention ids of examples.

    Raises
    ------
    UsageError
        Neither words nor examples, no title, words that are no query, or an example that is not stored; see also `rename`.
    """
    line, query = " ".join(title.split()), as_query(words)
    if not line:
        raise UsageError("a topic to be watched has no title", "give one with --title")
    if not query and not examples:
        raise UsageError(f"the topic “{line}” is described by nothing", "give --words or --examples")
    if examples:
        known = set(store.load(MENTIONS, ["mention_id"])["mention_id"])
        missing = [mention for mention in examples if mention not in known]
        if missing:
            raise UsageError(f"no mention is known as {', '.join(missing)}", "`veille search` shows mentions and their ids")
    moment = pd.Timestamp(at)
    topic_id = "t" + digest("declared", line, query, *sorted(examples), moment.isoformat(), by)
    return act(
        watch,
        store,
        Act.WATCH,
        topic_id,
        at=at,
        by=by,
        note=line,
        query=query or None,
        mentions=sorted(set(examples)),
        declares=True,
    )


def as_query(words: str) -> str:
    """Return words with commas as one Lucene query; raise `UsageError` where it is none."""
    query = any_of([line for line in (" ".join(part.split()) for part in words.split(",")) if line])
    wrong = unfit(query) if query else None
    if wrong:
        raise UsageError(f"the words {words!r} are no query for a topic: it {wrong[0]}", wrong[1])
    return query


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
    return act(watch, store, Act.UNDO, str(first["topic_id"]), others=[str(first["event_id"])], at=at, by=by, note=note)


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


def act(
    watch: Watch,
    store: Store,
    what: Act,
    topic_id: str,
    *,
    at: datetime,
    by: str,
    others: Sequence[str] = (),
    note: str = "",
    declares: bool = False,
    **details: object,
) -> pd.DataFrame:
    """Write what a person did to a topic that exists, or comes to exist by it; see `rename` for what is raised."""
    if not by.strip() or by == MACHINE:
        raise UsageError(f"who acts on topic {topic_id} is not said", "give the name of a person")
    # An undo names an event, and its topic may be gone: a declaration that was taken back before.
    asked = {Act.MERGE: [topic_id, *others], Act.UNDO: []}.get(what, [topic_id])
    missing = [] if declares else [topic for topic in asked if topic not in _known(watch, store)]
    if missing:
        raise UsageError(f"no topic is known as {', '.join(missing)}", "`veille topics list` shows the topics and their ids")
    row = event_row(what, topic_id, others, note, at=pd.Timestamp(at), by=by, salt="person") | details
    event = TOPIC_EVENTS.check(pd.DataFrame([row]))
    store.merge(TOPIC_EVENTS, event)
    return event


def _known(watch: Watch, store: Store) -> set[str]:
    topics = store.load(TOPICS, ["topic_id", "cutoff", "level"])
    decided = decisions(store.load(TOPIC_EVENTS), watch.topics)
    parts = (part for move in decided.moves for part in move.others if move.act is Act.SPLIT)
    declared = (item.topic_id for item in decided.declared)
    return set(topics.loc[topics["level"] == Level.FINE, "topic_id"]).union(parts, declared)
