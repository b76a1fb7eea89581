"""One topic that a person sees two in: which of its stories go where, said once in mention ids and kept from then on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pandas as pd

from veille.errors import UsageError
from veille.mention import MENTIONS
from veille.query import parse
from veille.reading import vectors
from veille.reading.tables import READINGS
from veille.store import Store
from veille.topics import cluster, prior
from veille.topics.acts import act, as_query
from veille.topics.cluster import Labels
from veille.topics.decisions import decisions
from veille.topics.registry import digest
from veille.topics.settings import TopicSettings
from veille.topics.tables import TOPIC_EVENTS, Act
from veille.topics.titles import headline
from veille.watch import Watch

_QUERIED = ["mention_id", "title", "text", "author", "publisher", "source", "language_declared"]
# Finer cuts are tried in such steps until so large a share of the stories stands beside the largest part.
_STEP = 0.02
_LEAST_SHARE = 0.15
_ROUNDS = 10


def split(
    watch: Watch,
    store: Store,
    topic_id: str,
    *,
    at: datetime,
    by: str,
    words: str = "",
    mentions: Sequence[str] = (),
    into: int = 2,
    note: str = "",
) -> pd.DataFrame:
    """Make several topics of one, from the next update on; later stories go to the nearer part.

    Parameters
    ----------
    topic_id
        The topic; it keeps its id for what stays.
    words
        Lucene query (a comma means "or"): stories that match it leave.
    mentions
        Mention ids of the topic: they leave, and with them the stories that are nearer to them than to the others.
    into
        Without words and mentions: so many parts, as a finer cut of the clusters gives them; the largest stays.

    Returns
    -------
    pandas.DataFrame
        The event, one row of TOPIC_EVENTS: `others` are the new topics, `mentions` and `mention_topics` say which mention
        is in which part.

    Raises
    ------
    UsageError
        No such topic, one without mentions, a mention that is not of it, or a part that would be empty.
    """
    moment = pd.Timestamp(at)
    # Rows of this very instant count too: the cut-off of an update may be now.
    earlier = moment + pd.Timedelta(microseconds=1)
    decided = decisions(store.load(TOPIC_EVENTS, where=[("at", "<=", moment)]), watch.topics, at)
    of_mention = prior.load(store, earlier, at, decided).fine.of_mention
    members = of_mention.index[of_mention == topic_id].tolist()
    if len(members) < 2:
        raise UsageError(f"topic {topic_id} holds {len(members)} mentions, nothing to part", "see `veille topics list`")
    readings = store.load(READINGS, ["mention_id", "story_id", "text_hash"], [("mention_id", "in", members)])
    stories = readings.sort_values("mention_id").drop_duplicates("story_id").reset_index(drop=True)
    place = readings["story_id"].map(pd.Series(stories.index, index=stories["story_id"])).to_numpy(dtype=np.int64)
    units = cluster.unit(vectors(watch, store, stories["text_hash"].tolist()))
    query = as_query(words)
    if query:
        asked = store.load(MENTIONS, _QUERIED, [("mention_id", "in", members)]).set_index("mention_id", drop=False)
        asked = asked.loc[readings["mention_id"].tolist()].reset_index(drop=True)
        part = np.zeros(len(stories), dtype=np.int64)
        part[place[parse(query).matches(asked, store.key).to_numpy(dtype=bool)]] = 1
    elif mentions:
        foreign = sorted(set(mentions) - set(readings["mention_id"]))
        if foreign:
            raise UsageError(f"topic {topic_id} does not hold {', '.join(foreign)}", "give mentions of that topic")
        part = _by_example(units, np.unique(place[readings["mention_id"].isin(list(mentions)).to_numpy()]))
    else:
        part = _finer(units, into, TopicSettings.of(watch).cut_distance)
    parts = int(part.max()) + 1 if len(part) else 0
    if parts < 2 or not (part == 0).any():
        raise UsageError(
            f"topic {topic_id} cannot be parted like that: one part would hold all its {len(stories)} stories",
            "give other words or mentions of it",
        )
    new = ["t" + digest("split", topic_id, moment.isoformat(), by, number) for number in range(1, parts)]
    names = np.array([topic_id, *new], dtype=object)
    return act(
        watch,
        store,
        Act.SPLIT,
        topic_id,
        at=at,
        by=by,
        others=new,
        note=note,
        query=query or None,
        mentions=readings["mention_id"].tolist(),
        mention_topics=names[part[place]].tolist(),
        shared_mentions=int((part[place] > 0).sum()),
        known_mentions=len(readings),
    )


def parts(store: Store, event: pd.DataFrame) -> pd.DataFrame:
    """Return where the mentions of a split go: `topic_id`, `mention_id`, `line` (its title, or how it begins)."""
    row = event.iloc[0]
    gone = pd.DataFrame({"topic_id": row["mention_topics"], "mention_id": row["mentions"]})
    texts = store.load(MENTIONS, ["mention_id", "title", "text"], [("mention_id", "in", gone["mention_id"].tolist())])
    gone = gone.merge(texts, on="mention_id").sort_values(["topic_id", "mention_id"], ignore_index=True)
    fields = zip(gone["title"].fillna(""), gone["text"].fillna(""), strict=True)
    return gone[["topic_id", "mention_id"]].assign(line=[headline(title, text) for title, text in fields])


def _by_example(units: npt.NDArray[np.float64], shown: Labels) -> Labels:
    """Return 1 for the stories shown and those nearer to them than to the others, by the least mean distance."""
    part = np.zeros(len(units), dtype=np.int64)
    part[shown] = 1
    for _ in range(_ROUNDS):
        if part.all():
            break
        near = np.round(units @ cluster.means(units, part).T, 6)
        moved = (near[:, 1] > near[:, 0]).astype(np.int64)
        moved[shown] = 1
        if (moved == part).all():
            break
        part = moved
    return part


def _finer(units: npt.NDArray[np.float64], into: int, cut: float) -> Labels:
    """Return the parts that the first finer cut gives which has enough of some size; the largest is 0."""
    if into < 2:
        raise UsageError(f"a topic is parted into 2 or more, not {into}", "give --into 2")
    least = max(1, int(_LEAST_SHARE * len(units) / (into - 1)))
    for finer in np.arange(cut, 0.0, -_STEP):
        labels = cluster.fine(units, cut=float(finer))
        sizes = np.bincount(labels)
        largest = np.lexsort((np.arange(len(sizes)), -sizes))[:into]
        if len(largest) == into and sizes[largest].min() >= least:
            centres = np.stack([units[labels == number].mean(axis=0) for number in largest])
            found: Labels = np.round(units @ centres.T, 6).argmax(axis=1).astype(np.int64)
            for number, label in enumerate(largest):
                found[labels == label] = number
            return found
    return np.zeros(len(units), dtype=np.int64)
