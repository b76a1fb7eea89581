"""The registry as an update finds it: the topics and assignments of the latest earlier cut-off, and nothing later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pandas as pd

from veille.store import Store
from veille.topics.cluster import Labels
from veille.topics.decisions import Decisions, Move
from veille.topics.tables import ASSIGNMENTS, TOPICS, Act, Level, TopicStatus


@dataclass(frozen=True)
class Prior:
    """Topics of one level at the latest earlier cut-off.

    Parameters
    ----------
    topics
        TOPICS rows that can live on, sorted by id; their position is their number in the registry.
    of_mention
        Topic id by mention id.
    """

    topics: pd.DataFrame
    of_mention: pd.Series

    @property
    def ids(self) -> npt.NDArray[np.object_]:
        """Topic ids, by number."""
        return self.topics["topic_id"].to_numpy(dtype=object)

    def means(self, dimensions: int) -> npt.NDArray[np.float64]:
        """Mean vectors, shape (topics, dimensions); zeros for vectors of another model, which cannot be compared."""
        rows = np.zeros((len(self.topics), dimensions))
        for position, (centroid, cohesion) in enumerate(zip(self.topics["centroid"], self.topics["cohesion"], strict=True)):
            if len(centroid) == dimensions:
                rows[position] = np.asarray(centroid, dtype=np.float64) * cohesion
        return rows

    def number_of(self, mention_ids: pd.Series) -> Labels:
        """Return the number in the registry of each mention's topic, -1 where it had none."""
        numbers = pd.Series(np.arange(len(self.topics)), index=self.ids)
        return mention_ids.map(self.of_mention).map(numbers).fillna(-1).to_numpy(dtype=np.int64)


@dataclass(frozen=True)
class Registry:
    """Both levels of the registry and what they were made from.

    Parameters
    ----------
    fine, coarse
        The two levels.
    fingerprint
        Names the state: the next update's result depends on it.
    """

    fine: Prior
    coarse: Prior
    fingerprint: str = ""


def registry(topics: pd.DataFrame, assignments: pd.DataFrame, decided: Decisions) -> Registry:
    """Read the registry from the rows of one cut-off, with people's merges, splits and declarations applied.

    Parameters
    ----------
    topics, assignments
        TOPICS and ASSIGNMENTS rows of the latest earlier cut-off; both may be empty.
    decided
        What people have decided.
    """
    living = topics.loc[topics["status"] != TopicStatus.MERGED].sort_values("topic_id", ignore_index=True)
    fine = living.loc[living["level"] == Level.FINE].reset_index(drop=True)
    of_mention = assignments.set_index("mention_id")["topic_id"]
    for move in decided.moves:
        of_mention = _moved(of_mention, move)
    fine = _merged(_parted(fine, decided), decided.into)
    known = declared(decided).loc[lambda frame: ~frame["topic_id"].isin([*fine["topic_id"], *decided.into])]
    if len(known):
        fine = pd.concat([fine, known], ignore_index=True).sort_values("topic_id", ignore_index=True)
    coarse = living.loc[living["level"] == Level.COARSE].reset_index(drop=True)
    of_coarse = assignments.set_index("mention_id")["coarse_topic_id"]
    made_from = (
        "" if topics.empty else f"{topics['cutoff'].iloc[0].isoformat()} {topics['inputs'].iloc[0]} {topics['version'].iloc[0]}"
    )
    return Registry(Prior(fine, of_mention), Prior(coarse, of_coarse), made_from)


def declared(decided: Decisions) -> pd.DataFrame:
    """Return a TOPICS row for each topic that people described, as it is before anybody speaks of it."""
    rows = [
        {
            "topic_id": topic.topic_id,
            "cutoff": topic.at,
            "as_of": topic.at,
            "version": "",
            "inputs": "",
            "level": str(Level.FINE),
            "parent_id": None,
            "status": str(TopicStatus.DORMANT),
            "title": topic.title,
            "stories": 0,
            "mentions": 0,
            "born_at": topic.at,
            "last_at": topic.at,
            "listed_at": topic.at,
            "ignored": topic.topic_id in decided.ignored,
            "watched": topic.topic_id in decided.watched,
            "cohesion": 0.0,
        }
        for topic in decided.declared
    ]
    return TOPICS.check(pd.DataFrame(rows)) if rows else TOPICS.empty()


def load(store: Store, cutoff: pd.Timestamp, as_of: datetime, decided: Decisions) -> Registry:
    """Load what was written for the latest cut-off before this one, by an update that knew no more than this one."""
    known = store.load(TOPICS, ["topic_id", "cutoff", "as_of"], [("cutoff", "<", cutoff)])
    known = known.loc[known["as_of"] <= pd.Timestamp(as_of)]
    if known.empty:
        return registry(TOPICS.empty(), ASSIGNMENTS.empty(), decided)
    latest = [("cutoff", "==", known["cutoff"].max())]
    topics, assignments = store.load(TOPICS, where=latest), store.load(ASSIGNMENTS, where=latest)
    for move in decided.undone:
        # Its effects are in these rows only where they were written between the act and its undo.
        if move.undone_at is not None and move.at <= topics["as_of"].max() < move.undone_at:
            earlier = known.loc[known["as_of"] < move.at, "cutoff"]
            before = [("cutoff", "==", earlier.max())] if len(earlier) else [("cutoff", "==", cutoff)]
            topics, assignments = taken_back(
                topics, assignments, move, store.load(TOPICS, where=before), store.load(ASSIGNMENTS, where=before)
            )
    return registry(topics, assignments, decided)


def taken_back(
    topics: pd.DataFrame, assignments: pd.DataFrame, move: Move, topics_before: pd.DataFrame, assignments_before: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the registry's rows as if an act that was undone had never been.

    Parameters
    ----------
    topics, assignments
        TOPICS and ASSIGNMENTS rows that show its effects.
    move
        The act.
    topics_before, assignments_before
        Rows of the latest cut-off before it.
    """
    current = assignments["topic_id"]
    earlier = assignments["mention_id"].map(assignments_before.set_index("mention_id")["topic_id"])
    gone: tuple[str, ...] = ()
    if move.act is Act.MERGE:
        back = earlier.where((current == move.topic_id) & earlier.isin(move.others))
    elif move.act is Act.SPLIT:
        gone = move.others
        back = pd.Series(move.topic_id, index=current.index).where(current.isin(gone))
    else:
        gone = (move.topic_id,)
        back = earlier.where(current == move.topic_id)
        assignments = assignments.loc[(current != move.topic_id) | back.notna()]
    assignments = assignments.assign(topic_id=back.fillna(current).loc[assignments.index])
    topics = topics.loc[~topics["topic_id"].isin(gone)]
    # Merged away by the act: still there under that status, or in the rows before.
    absorbed = (topics["status"] == TopicStatus.MERGED) & topics["topic_id"].isin(assignments["topic_id"])
    topics = topics.loc[~absorbed]
    missing = assignments.loc[~assignments["topic_id"].isin(topics["topic_id"]), "topic_id"].unique()
    restored = topics_before.loc[topics_before["topic_id"].isin(missing)]
    return pd.concat([topics, restored], ignore_index=True), assignments.reset_index(drop=True)


def _moved(of_mention: pd.Series, move: Move) -> pd.Series:
    if move.act is Act.MERGE:
        return of_mention.where(~of_mention.isin(move.others), move.topic_id)
    target = of_mention.index.to_series().map(move.target)
    return of_mention.where((of_mention != move.topic_id) | target.isna(), target)


def _parted(fine: pd.DataFrame, decided: Decisions) -> pd.DataFrame:
    """Return the rows with one for each part of a split that has none yet: like the topic it came out of, without its title."""
    for move in decided.moves:
        missing = [topic for topic in move.others if move.act is Act.SPLIT and topic not in set(fine["topic_id"])]
        origin = fine.loc[fine["topic_id"] == move.topic_id]
        parts = [origin.assign(topic_id=topic, title="") for topic in missing if topic not in decided.into]
        if parts and len(origin):
            fine = pd.concat([fine, *parts], ignore_index=True)
    return fine.sort_values("topic_id", ignore_index=True)


def _merged(fine: pd.DataFrame, into: dict[str, str]) -> pd.DataFrame:
    """Return one row a survivor; one that has left the registry lives on in the largest of what was merged into it."""
    if not into:
        return fine
    survivors = fine["topic_id"].map(lambda topic: into.get(topic, topic))
    ranked = fine.assign(survivor=survivors, own=survivors == fine["topic_id"])
    ranked = ranked.sort_values(["survivor", "own", "stories", "topic_id"], ascending=[True, False, False, True])
    fine = ranked.drop_duplicates("survivor").assign(topic_id=lambda frame: frame["survivor"])
    return fine.drop(columns=["survivor", "own"]).sort_values("topic_id", ignore_index=True)
