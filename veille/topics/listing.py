"""The registry as people read it: the topics of the latest update, with what was decided since."""

from __future__ import annotations

from datetime import datetime

import pandas as pd

from veille.store import Store
from veille.topics import acts
from veille.topics.tables import TOPIC_EVENTS, TOPICS, Level, TopicStatus
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
    if known.empty:
        return TOPICS.empty()
    topics = store.load(TOPICS, where=[("cutoff", "==", known["cutoff"].max())])
    topics = topics.loc[(topics["level"] == Level.FINE) & topics["listed_at"].notna()]
    decided = acts.decisions(store.load(TOPIC_EVENTS, where=[("at", "<=", moment)]))
    topics = acts.applied(topics, decided)
    absorbed = topics["topic_id"].isin(list(decided.into))
    topics["status"] = topics["status"].where(~absorbed, str(TopicStatus.MERGED))
    return TOPICS.check(topics.sort_values(["stories", "topic_id"], ascending=[False, True]))


def history(watch: Watch, store: Store, as_of: datetime) -> pd.DataFrame:
    """Return what happened to topics until a moment and still stands: TOPIC_EVENTS rows, oldest first, without undos."""
    return acts.effective(store.load(TOPIC_EVENTS, where=[("at", "<=", pd.Timestamp(as_of))]))
