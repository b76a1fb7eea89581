"""What happened to topics in an update, and what shows that it did: births, merges, splits, revivals and deaths."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from veille.topics.acts import event_row
from veille.topics.cluster import Labels, unit
from veille.topics.decisions import MACHINE
from veille.topics.prior import Prior
from veille.topics.registry import Matching
from veille.topics.tables import TOPIC_EVENTS, Act, TopicStatus


@dataclass(frozen=True)
class Stamp:
    """What every row of an update carries.

    Parameters
    ----------
    cutoff, as_of
        The two clocks.
    version
        Version of the verb, its settings and the embedding model.
    inputs
        Fingerprint of the window, the registry and people's acts.
    """

    cutoff: pd.Timestamp
    as_of: pd.Timestamp
    version: str
    inputs: str


@dataclass(frozen=True)
class Identified:
    """One level of clusters with their identity.

    Parameters
    ----------
    of_story
        Cluster of each story.
    ids
        Topic id of each cluster.
    matching
        Which topic of the registry each carries on.
    means
        Mean vector of each, shape (clusters, d).
    prior
        The registry that they were matched to.
    """

    of_story: Labels
    ids: npt.NDArray[np.object_]
    matching: Matching
    means: npt.NDArray[np.float64]
    prior: Prior


def events(fine: Identified, topics: pd.DataFrame, carried: pd.DataFrame, stamp: Stamp) -> pd.DataFrame:
    """Return the TOPIC_EVENTS of an update.

    Parameters
    ----------
    fine
        The clusters and who they are.
    topics, carried
        TOPICS rows of the clusters, in their order, and of the topics that have none.
    stamp
        What the rows carry.
    """
    prior = fine.prior.topics
    found = fine.matching.topic
    listed_before = prior["listed_at"].notna().to_numpy()
    listed_now = topics["listed_at"].notna().to_numpy()
    was_listed = (found >= 0) & np.append(listed_before, False)[found]
    from_topic = fine.matching.split_from()
    split = listed_now & ~was_listed & (from_topic >= 0) & np.append(listed_before, False)[from_topic]
    into = fine.matching.merged_into()
    merged = listed_before & (into >= 0)
    asleep = np.append((prior["status"] == TopicStatus.DORMANT).to_numpy(), False)[found] & (found >= 0)
    awake = (topics["status"] == TopicStatus.ACTIVE).to_numpy()
    gone = listed_before & ~np.isin(np.arange(len(prior)), found) & ~prior["topic_id"].isin(carried["topic_id"]).to_numpy()
    facts = _Facts(fine, topics["representatives"], stamp)
    rows = [facts.row(Act.BIRTH, cluster=int(position)) for position in np.flatnonzero(listed_now & ~was_listed & ~split)]
    rows += [facts.row(Act.SPLIT, int(from_topic[position]), int(position)) for position in np.flatnonzero(split)]
    rows += [facts.row(Act.MERGE, int(number), int(into[number])) for number in np.flatnonzero(merged)]
    rows += [
        facts.row(Act.REVIVAL, int(found[position]), int(position)) for position in np.flatnonzero(was_listed & asleep & awake)
    ]
    rows += [facts.row(Act.DEATH, int(number)) for number in np.flatnonzero(gone)]
    return TOPIC_EVENTS.check(pd.DataFrame(rows, columns=TOPIC_EVENTS.column_names))


@dataclass(frozen=True)
class _Facts:
    """What an event says of a topic of the registry and of a cluster: who, and by what it is seen."""

    fine: Identified
    shown: pd.Series
    stamp: Stamp

    def row(self, act: Act, topic: int | None = None, cluster: int | None = None) -> dict[str, object]:
        """Return a row of TOPIC_EVENTS, with the mentions and figures that explain it."""
        prior, shared = self.fine.prior, self.fine.matching.shared
        old = None if topic is None else str(prior.ids[topic])
        new = None if cluster is None else str(self.fine.ids[cluster])
        who, others = {Act.SPLIT: (old, [new]), Act.MERGE: (new, [old]), Act.DEATH: (old, [])}.get(act, (new, []))
        shown = prior.topics["representatives"] if cluster is None else self.shown
        figures: dict[str, object] = {"mentions": list(shown.iloc[(topic or 0) if cluster is None else cluster])}
        if topic is not None and cluster is not None:
            axis, place = (0, cluster) if act is Act.SPLIT else (1, topic)
            known = np.asarray(shared.sum(axis=axis)).ravel()[place]
            means = prior.means(self.fine.means.shape[1])
            likeness = unit(means[[topic]])[0] @ unit(self.fine.means[[cluster]])[0]
            figures |= {
                "shared_mentions": int(shared[topic, cluster]),
                "known_mentions": int(known),
                "similarity": float(np.round(likeness, 6).clip(-1.0, 1.0)),
            }
        names, stamp = [str(other) for other in others], self.stamp
        return event_row(act, str(who), names, "", at=stamp.cutoff, by=MACHINE, salt=stamp.inputs) | figures
