"""From one window and the registry to the topics of this update: a pure function, so that a replay can trust it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from veille.topics import cluster, registry, words
from veille.topics.acts import MACHINE, Decisions, applied, event_row
from veille.topics.cluster import Labels
from veille.topics.coarse import coarse as grouped
from veille.topics.corpus import Corpus
from veille.topics.naming import Names, name
from veille.topics.prior import Prior, Registry
from veille.topics.registry import Matching
from veille.topics.settings import TopicSettings
from veille.topics.tables import ASSIGNMENTS, TOPIC_EVENTS, TOPICS, Act, Level, TopicStatus
from veille.topics.text import clean, lead


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
class Derived:
    """Rows of an update.

    Parameters
    ----------
    topics, assignments, events
        Frames that keep the contracts TOPICS, ASSIGNMENTS and TOPIC_EVENTS.
    """

    topics: pd.DataFrame
    assignments: pd.DataFrame
    events: pd.DataFrame


@dataclass(frozen=True)
class _Level:
    """One level of clusters with their identity."""

    of_story: Labels
    ids: npt.NDArray[np.object_]
    matching: Matching
    means: npt.NDArray[np.float64]
    prior: Prior


def derive(
    window: Corpus,
    vectors: cluster.Vectors,
    known: Registry,
    decided: Decisions,
    stamp: Stamp,
    settings: TopicSettings,
    *,
    demoted: Sequence[str] = (),
) -> Derived:
    """Cluster a window's stories, give the clusters their identity and names, and say what happened.

    Parameters
    ----------
    window
        Mentions and stories, at least one story.
    vectors
        One a story, shape (stories, d).
    known
        The registry of the earlier cut-off.
    decided
        What people decided until now.
    stamp, settings
        What the rows carry, how topics are made.
    demoted
        Phrases, such as the subjects' names, whose words describe no topic.
    """
    units = cluster.unit(vectors)
    fine_of_story = cluster.fine(units, cut=settings.cut_distance, sample=settings.sample_stories)
    story_of_mention, mention_ids = window.story_of_mention, window.mentions["mention_id"]
    numbers = known.fine.number_of(mention_ids)
    merged_by_people = np.flatnonzero(np.isin(known.fine.ids, [*decided.into.values()])).tolist()
    fine_of_story = registry.united(fine_of_story, numbers, fine_of_story[story_of_mention], merged_by_people)
    person = np.isin(known.fine.ids, [*decided.titles, *decided.watched])
    fine = _identify(window, units, fine_of_story, known.fine, stamp, settings, person=person, prefix="t")

    coarse_of_fine = grouped(units, fine_of_story, most=settings.coarse_topics)
    coarse = _identify(window, units, coarse_of_fine[fine_of_story], known.coarse, stamp, settings, person=None, prefix="c")

    texts = clean(lead(window.stories["title"], window.stories["text"]))
    fine_words = words.describe(texts, fine.of_story, count=settings.words, demoted=demoted)
    coarse_words = words.describe(texts, coarse.of_story, count=settings.words, demoted=demoted, contrast=True)
    carried = _carried(fine, decided, stamp, settings)
    fine_names = name(window, units, fine.of_story, fine_words, _titles_before(fine), settings, taken=carried["title"])
    coarse_names = name(
        window, units, coarse.of_story, coarse_words, _titles_before(coarse), settings, taken=fine_names.titles, headlines=False
    )
    coarse_topics = _rows(window, coarse, coarse_names, stamp, settings).assign(level=str(Level.COARSE), parent_id=None)
    fine_topics = _rows(window, fine, fine_names, stamp, settings).assign(
        level=str(Level.FINE), parent_id=coarse.ids[coarse_of_fine]
    )
    topics = pd.concat([fine_topics, carried, coarse_topics], ignore_index=True)
    topics = TOPICS.check(applied(topics, decided)).sort_values(["level", "topic_id"], ignore_index=True)
    events = _events(fine, fine_topics, carried, stamp, settings)
    return Derived(topics, _assignments(window, units, fine, coarse, stamp), events)


def _identify(
    window: Corpus,
    units: npt.NDArray[np.float64],
    of_story: Labels,
    prior: Prior,
    stamp: Stamp,
    settings: TopicSettings,
    *,
    person: npt.NDArray[np.bool_] | None,
    prefix: str,
) -> _Level:
    cluster_means = cluster.means(units, of_story)
    numbers = prior.number_of(window.mentions["mention_id"])
    shared = registry.overlap(numbers, of_story[window.story_of_mention], len(prior.topics), len(cluster_means))
    matching = registry.match(shared, prior.means(units.shape[1]), cluster_means, settings, person=person)
    _, founders = np.unique(of_story, return_index=True)
    ids = registry.new_ids(window.stories["story_id"].iloc[founders], stamp.cutoff, prefix=prefix)
    carried_on = matching.topic >= 0
    ids[carried_on] = prior.ids[matching.topic[carried_on]]
    return _Level(of_story, ids, matching, cluster_means, prior)


def _titles_before(level: _Level) -> list[str]:
    titles = [*level.prior.topics["title"], ""]
    return [titles[number] for number in level.matching.topic]


def _rows(window: Corpus, level: _Level, names: Names, stamp: Stamp, settings: TopicSettings) -> pd.DataFrame:
    of_mention = level.of_story[window.story_of_mention]
    count = len(level.ids)
    dates = window.mentions["published_at"].groupby(of_mention).agg(["min", "max"])
    before = level.prior.topics.iloc[np.maximum(level.matching.topic, 0)] if len(level.prior.topics) else None
    carried_on = pd.Series(level.matching.topic >= 0)
    born, last, listed = dates["min"], dates["max"], pd.Series(pd.NaT, index=range(count), dtype="datetime64[us, UTC]")
    stories = pd.Series(np.bincount(level.of_story, minlength=count))
    if before is not None:
        old = before.reset_index(drop=True)
        born = born.where(~carried_on | (born <= old["born_at"]), old["born_at"])
        listed = old["listed_at"].where(carried_on)
    listed = listed.fillna(pd.Series(stamp.cutoff, index=listed.index).where(stories >= settings.min_stories))
    silent = stamp.cutoff - last > pd.Timedelta(days=settings.dormant_days)
    cohesion = np.linalg.norm(level.means, axis=1)
    return pd.DataFrame(
        {
            "topic_id": level.ids,
            "cutoff": stamp.cutoff,
            "as_of": stamp.as_of,
            "version": stamp.version,
            "inputs": stamp.inputs,
            "status": np.where(silent, str(TopicStatus.DORMANT), str(TopicStatus.ACTIVE)),
            "title": names.titles,
            "words": names.words,
            "stories": stories,
            "mentions": np.bincount(of_mention, minlength=count),
            "born_at": born,
            "last_at": last,
            "listed_at": listed,
            "representatives": names.representatives,
            "centroid": list(cluster.unit(level.means).astype(np.float32)),
            "cohesion": cohesion.round(6).clip(0.0, 1.0),
        }
    )


def _carried(level: _Level, decided: Decisions, stamp: Stamp, settings: TopicSettings) -> pd.DataFrame:
    """Return the rows of listed topics that have no cluster any more: merged, dead (without a status) or dormant."""
    prior = level.prior.topics
    gone = ~np.isin(np.arange(len(prior)), level.matching.topic) & prior["listed_at"].notna().to_numpy()
    into = level.matching.merged_into()
    rows = prior.loc[gone].copy()
    too_old = stamp.cutoff - rows["last_at"] > pd.Timedelta(days=settings.memory_days)
    dead = too_old & ~rows["topic_id"].isin(decided.kept) & (into[gone] < 0)
    rows["status"] = np.where(into[gone] >= 0, str(TopicStatus.MERGED), str(TopicStatus.DORMANT))
    rows = rows.assign(
        cutoff=stamp.cutoff,
        as_of=stamp.as_of,
        version=stamp.version,
        inputs=stamp.inputs,
        parent_id=None,
        stories=0,
        mentions=0,
    )
    return rows.loc[~dead]


def _assignments(window: Corpus, units: npt.NDArray[np.float64], fine: _Level, coarse: _Level, stamp: Stamp) -> pd.DataFrame:
    similarity = np.einsum("ij,ij->i", units, cluster.unit(fine.means)[fine.of_story]).clip(-1.0, 1.0).round(6)
    story = window.story_of_mention
    rows = pd.DataFrame(
        {
            "mention_id": window.mentions["mention_id"],
            "cutoff": stamp.cutoff,
            "topic_id": fine.ids[fine.of_story][story],
            "coarse_topic_id": coarse.ids[coarse.of_story][story],
            "similarity": similarity[story],
        }
    )
    return ASSIGNMENTS.check(rows.sort_values("mention_id"))


def _events(fine: _Level, topics: pd.DataFrame, carried: pd.DataFrame, stamp: Stamp, settings: TopicSettings) -> pd.DataFrame:
    prior = fine.prior.topics
    found = fine.matching.topic
    listed_before = prior["listed_at"].notna().to_numpy()
    listed_now = topics["listed_at"].notna().to_numpy()
    was_listed = (found >= 0) & np.append(listed_before, False)[found]
    from_topic = fine.matching.split_from()
    split = listed_now & ~was_listed & (from_topic >= 0) & np.append(listed_before, False)[from_topic]
    facts: list[tuple[Act, str, list[str]]] = [(Act.BIRTH, topic, []) for topic in fine.ids[listed_now & ~was_listed & ~split]]
    facts += [
        (Act.SPLIT, prior["topic_id"].iloc[number], sorted(fine.ids[split & (from_topic == number)]))
        for number in np.unique(from_topic[split])
    ]
    into = fine.matching.merged_into()
    merged = listed_before & (into >= 0)
    facts += [
        (Act.MERGE, fine.ids[number], sorted(prior["topic_id"].to_numpy()[merged & (into == number)]))
        for number in np.unique(into[merged])
    ]
    asleep = np.append((prior["status"] == TopicStatus.DORMANT).to_numpy(), False)[found] & (found >= 0)
    awake = (topics["status"] == TopicStatus.ACTIVE).to_numpy()
    facts += [(Act.REVIVAL, topic, []) for topic in fine.ids[was_listed & asleep & awake]]
    gone = listed_before & ~np.isin(np.arange(len(prior)), found) & ~prior["topic_id"].isin(carried["topic_id"]).to_numpy()
    facts += [(Act.DEATH, topic, []) for topic in prior["topic_id"].to_numpy()[gone]]
    rows = [
        event_row(act, str(topic), [str(other) for other in others], "", at=stamp.cutoff, by=MACHINE, salt=stamp.inputs)
        for act, topic, others in facts
    ]
    return TOPIC_EVENTS.check(pd.DataFrame(rows, columns=TOPIC_EVENTS.column_names))
