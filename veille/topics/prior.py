"""The registry as an update finds it: the topics and assignments of the latest earlier cut-off, and nothing later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pandas as pd

from veille.store import Store
from veille.topics.acts import Decisions
from veille.topics.cluster import Labels
from veille.topics.tables import ASSIGNMENTS, TOPICS, Level, TopicStatus


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
    """Read the registry from the rows of one cut-off, with people's merges applied.

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
    if decided.into:
        of_mention = of_mention.map(lambda topic: decided.into.get(topic, topic))
        survivors = fine["topic_id"].map(lambda topic: decided.into.get(topic, topic))
        # A survivor that has left the registry lives on in the largest of what was merged into it.
        ranked = fine.assign(survivor=survivors, own=survivors == fine["topic_id"])
        ranked = ranked.sort_values(["survivor", "own", "stories", "topic_id"], ascending=[True, False, False, True])
        fine = ranked.drop_duplicates("survivor").assign(topic_id=lambda frame: frame["survivor"])
        fine = fine.drop(columns=["survivor", "own"]).sort_values("topic_id", ignore_index=True)
    coarse = living.loc[living["level"] == Level.COARSE].reset_index(drop=True)
    of_coarse = assignments.set_index("mention_id")["coarse_topic_id"]
    made_from = (
        "" if topics.empty else f"{topics['cutoff'].iloc[0].isoformat()} {topics['inputs'].iloc[0]} {topics['version'].iloc[0]}"
    )
    return Registry(Prior(fine, of_mention), Prior(coarse, of_coarse), made_from)


def load(store: Store, cutoff: pd.Timestamp, as_of: datetime, decided: Decisions) -> Registry:
    """Load what was written for the latest cut-off before this one, by an update that knew no more than this one."""
    known = store.load(TOPICS, ["topic_id", "cutoff", "as_of"], [("cutoff", "<", cutoff)])
    known = known.loc[known["as_of"] <= pd.Timestamp(as_of)]
    if known.empty:
        return registry(TOPICS.empty(), ASSIGNMENTS.empty(), decided)
    latest = [("cutoff", "==", known["cutoff"].max())]
    return registry(store.load(TOPICS, where=latest), store.load(ASSIGNMENTS, where=latest), decided)
