"""The registry as people read it: the topics of the latest update, with what was decided since."""

from __future__ import annotations

from datetime import datetime

import pandas as pd

from veille.store import Store
from veille.topics import acts, prior
from veille.topics.tables import TOPIC_EVENTS, TOPICS, Act, Level, TopicStatus
from veille.watch import Watch


def current(watch: Watch, store: Store, as_of: datetime) -> pd.DataFrame:
    """Return the fine topics with stories enough to be shown, of the latest update up to a moment, largest first.

    Returns
    -------
    pandas.DataFrame
        TOPICS rows; names given and merges, ignores and watches decided since the update are applied.
    """
    moment = pd.Timestamp(as_of)
    known = store.load(TOPICS, ["topic_id", "cutoff", "as_of"], [("cutoff", "<=", moment)])
    known = known.loc[known["as_of"] <= moment]
    decided = acts.decisions(store.load(TOPIC_EVENTS, where=[("at", "<=", moment)]), watch.topics, as_of)
    declared = prior.declared(decided)
    if known.empty:
        return declared
    topics = store.load(TOPICS, where=[("cutoff", "==", known["cutoff"].max())])
    topics = topics.loc[(topics["level"] == Level.FINE) & topics["listed_at"].notna()]
    # Declared, or taken back, since the update.
    declared = declared.loc[~declared["topic_id"].isin(topics["topic_id"])]
    topics = pd.concat([topics, declared], ignore_index=True) if len(declared) else topics
    taken_back = [move.topic_id for move in decided.undone if move.act is Act.WATCH]
    topics = topics.loc[~topics["topic_id"].isin(taken_back)]
    topics = acts.applied(topics, decided)
    absorbed = topics["topic_id"].isin(list(decided.into))
    topics["status"] = topics["status"].where(~absorbed, str(TopicStatus.MERGED))
    return TOPICS.check(topics.sort_values(["stories", "topic_id"], ascending=[False, True]))


def silent(topics: pd.DataFrame) -> pd.Series:
    """Say of each topic that `current` returns whether a person watches it and nobody spoke of it in its last seven days."""
    quiet = (topics["stories"] == 0) | (topics["last_at"] < topics["cutoff"] - pd.Timedelta(days=7))
    return topics["watched"].astype(bool) & quiet.astype(bool)


def history(watch: Watch, store: Store, as_of: datetime) -> pd.DataFrame:
    """Return what happened to topics until a moment and still stands: TOPIC_EVENTS rows, oldest first, without undos."""
    return acts.effective(store.load(TOPIC_EVENTS, where=[("at", "<=", pd.Timestamp(as_of))]))


def known_titles(watch: Watch, store: Store, as_of: datetime) -> pd.Series:
    """Return the latest title of each topic that was ever known until a moment, by topic id; a person's where one was given."""
    moment = pd.Timestamp(as_of)
    decided = acts.decisions(store.load(TOPIC_EVENTS, where=[("at", "<=", moment)]), watch.topics, as_of)
    known = store.load(TOPICS, ["topic_id", "cutoff", "as_of", "title"], [("cutoff", "<=", moment)])
    latest = known.loc[known["as_of"] <= moment].sort_values("cutoff").drop_duplicates("topic_id", keep="last")
    given = pd.Series(decided.titles, dtype="str")
    return given.combine_first(latest.set_index("topic_id")["title"])
