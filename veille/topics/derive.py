"""From one window and the registry to the topics of this update: a pure function, so that a replay can trust it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from veille.masking import mask_words
from veille.topics import cluster, hold, registry, words
from veille.topics.acts import applied
from veille.topics.cluster import Labels
from veille.topics.coarse import coarse as grouped
from veille.topics.corpus import Corpus
from veille.topics.decisions import Decisions
from veille.topics.happened import Identified, Stamp, events
from veille.topics.naming import Names, name
from veille.topics.prior import Prior, Registry
from veille.topics.settings import TopicSettings
from veille.topics.standing import Standing
from veille.topics.tables import ASSIGNMENTS, TOPICS, Level, Origin, TopicStatus
from veille.topics.text import clean, lead
from veille.topics.together import together


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


def derive(
    window: Corpus,
    vectors: cluster.Vectors,
    known: Registry,
    decided: Decisions,
    stamp: Stamp,
    settings: TopicSettings,
    *,
    questions: Standing | None = None,
    demoted: Sequence[str] = (),
    quote_max: Mapping[str, int] | None = None,
    terms: tuple[str, ...] = (),
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
    questions
        Questions that are topics whatever the clusters are.
    demoted
        Phrases, such as the subjects' names, whose words describe no topic.
    quote_max
        Longest quotation that each source allows, by source id.
    terms
        Confidential terms: no topic is named by one.
    """
    units = cluster.unit(vectors)
    texts = clean(lead(window.stories["title"], window.stories["text"]))
    fine_of_story = cluster.fine(units, cut=settings.cut_distance, sample=settings.sample_stories)
    gathered = together(window, units, texts, fine_of_story, known.fine, decided, questions or Standing())
    fine_of_story, numbers = _decided(window, units, gathered.of_story, known.fine, decided, settings)
    numbers = gathered.numbers(window, known.fine, numbers, hold.numbers_of(known.fine.ids, decided.kept))
    person = np.isin(known.fine.ids, [*decided.titles, *decided.watched, *decided.arranged])
    fine = _identify(window, units, fine_of_story, numbers, known.fine, stamp, settings, person=person, prefix="t")
    fine = gathered.with_ids(fine)

    coarse_of_fine = grouped(units, fine_of_story, most=settings.coarse_topics)
    of_coarse = known.coarse.number_of(window.mentions["mention_id"])
    coarse_of_story = coarse_of_fine[fine_of_story]
    coarse = _identify(window, units, coarse_of_story, of_coarse, known.coarse, stamp, settings, person=None, prefix="c")

    fine_words = words.describe(texts, fine.of_story, count=settings.words, demoted=demoted)
    coarse_words = words.describe(texts, coarse.of_story, count=settings.words, demoted=demoted, contrast=True)
    if terms:
        fine_words, coarse_words = ([mask_words(line, terms) for line in lines] for lines in (fine_words, coarse_words))
    carried = _carried(fine, decided, stamp, settings)
    before, taken = _titles_before(fine), carried["title"]
    origins = gathered.origins(fine)
    fine_names = name(
        window,
        units,
        fine.of_story,
        fine_words,
        before,
        settings,
        taken=taken,
        held_by_words=origins == Origin.AFFAIR,
        quote_max=quote_max,
        terms=terms,
    )
    coarse_names = name(
        window, units, coarse.of_story, coarse_words, _titles_before(coarse), settings, taken=fine_names.titles, headlines=False
    )
    coarse_topics = _rows(window, coarse, coarse_names, stamp, settings).assign(level=str(Level.COARSE), parent_id=None)
    fine_topics = _rows(window, fine, fine_names, stamp, settings).assign(
        level=str(Level.FINE), parent_id=coarse.ids[coarse_of_fine], origin=origins
    )
    topics = pd.concat([fine_topics, carried, coarse_topics], ignore_index=True)
    topics = TOPICS.check(applied(topics, decided)).sort_values(["level", "topic_id"], ignore_index=True)
    happened = events(fine, fine_topics, carried, stamp)
    return Derived(topics, _assignments(window, units, fine, coarse, stamp), happened)


def _decided(
    window: Corpus,
    units: npt.NDArray[np.float64],
    of_story: Labels,
    prior: Prior,
    decided: Decisions,
    settings: TopicSettings,
) -> tuple[Labels, Labels]:
    """Return the cluster of each story with what people decided applied, and the registry's number of each mention's topic."""
    numbers, story = prior.number_of(window.mentions["mention_id"]), window.story_of_mention
    touched = hold.numbers_of(prior.ids, decided.kept)
    of_known = hold.topic_of_stories(numbers, story, len(window.stories))
    if not len(touched):
        return of_story, numbers
    declared = frozenset(topic.topic_id for topic in decided.declared)
    if declared:
        asked = hold.declared_stories(window, units, of_known, decided, prior, cut=settings.example_distance)
        # Matching then finds the declared topic in the cluster that is made of its stories.
        numbers = np.where(asked != of_known, asked, -1)[story]
        numbers = np.where(numbers >= 0, numbers, prior.number_of(window.mentions["mention_id"]))
        of_known = asked
    held = hold.hold(
        of_story,
        units,
        of_known,
        prior.means(units.shape[1]),
        touched=touched,
        family=hold.families(prior.ids, decided),
    )
    return held, numbers


def _identify(
    window: Corpus,
    units: npt.NDArray[np.float64],
    of_story: Labels,
    numbers: Labels,
    prior: Prior,
    stamp: Stamp,
    settings: TopicSettings,
    *,
    person: npt.NDArray[np.bool_] | None,
    prefix: str,
) -> Identified:
    cluster_means = cluster.means(units, of_story)
    now, sizes = of_story[window.story_of_mention], (len(prior.topics), len(cluster_means))
    shared = registry.overlap(numbers, now, *sizes)
    matching = registry.match(shared, prior.means(units.shape[1]), cluster_means, settings, person=person)
    # What became of a topic is told by the mentions it had, also those that a declared topic took.
    matching = registry.Matching(matching.topic, registry.overlap(prior.number_of(window.mentions["mention_id"]), now, *sizes))
    _, founders = np.unique(of_story, return_index=True)
    ids = registry.new_ids(window.stories["story_id"].iloc[founders], stamp.cutoff, prefix=prefix)
    carried_on = matching.topic >= 0
    ids[carried_on] = prior.ids[matching.topic[carried_on]]
    return Identified(of_story, ids, matching, cluster_means, prior)


def _titles_before(level: Identified) -> list[str]:
    titles = [*level.prior.topics["title"], ""]
    return [titles[number] for number in level.matching.topic]


def _rows(window: Corpus, level: Identified, names: Names, stamp: Stamp, settings: TopicSettings) -> pd.DataFrame:
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


def _carried(level: Identified, decided: Decisions, stamp: Stamp, settings: TopicSettings) -> pd.DataFrame:
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


def _assignments(
    window: Corpus, units: npt.NDArray[np.float64], fine: Identified, coarse: Identified, stamp: Stamp
) -> pd.DataFrame:
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
