"""What holds stories together besides likeness: affairs by their words, and questions that the organisation answers."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from veille.topics import affairs, hold
from veille.topics.about import About
from veille.topics.cluster import Labels, in_order_of_appearance
from veille.topics.corpus import Corpus
from veille.topics.decisions import Decisions
from veille.topics.happened import Identified
from veille.topics.parting import apart
from veille.topics.prior import Prior
from veille.topics.standing import Standing, asked
from veille.topics.tables import Origin

_SECONDS_A_DAY = 86_400


@dataclass(frozen=True)
class Together:
    """Clusters of all origins.

    Parameters
    ----------
    of_story
        Cluster of each story, numbered from 0 in order of appearance.
    in_affair
        Whether a story is in an affair.
    question
        The question that each story asks, by its place in `question_ids`, -1 for none.
    question_ids
        Topic id of each question.
    """

    of_story: Labels
    in_affair: npt.NDArray[np.bool_]
    question: Labels
    question_ids: tuple[str, ...]

    def numbers(self, window: Corpus, prior: Prior, numbers: Labels, kept: Labels) -> Labels:
        """Return the registry's number of each mention's topic, where those that ask a known question are in its topic.

        Matching then finds the question in the cluster that is made of its stories.

        Parameters
        ----------
        window, prior
            The mentions and the registry.
        numbers
            Number of each mention's topic until now.
        kept
            Numbers of topics that people decided about: their mentions stay theirs.
        """
        known = _positions(prior, self.question_ids)[self.question][window.story_of_mention]
        theirs = (self.question[window.story_of_mention] >= 0) & (known >= 0) & ~np.isin(numbers, kept)
        return np.where(theirs, known, numbers)

    def with_ids(self, level: Identified) -> Identified:
        """Return the clusters with their ids, that of a question asked for the first time among them."""
        ids = level.ids.copy()
        for number in np.unique(self.question[self.question >= 0]):
            cluster = int(np.bincount(level.of_story[self.question == number]).argmax())
            name = self.question_ids[number]
            if level.matching.topic[cluster] < 0 and name not in level.prior.ids:
                ids[cluster] = name
        return replace(level, ids=ids)

    def origins(self, level: Identified) -> npt.NDArray[np.object_]:
        """Return what holds each cluster together: what is true of most of its stories."""
        sizes = np.bincount(level.of_story, minlength=len(level.ids))

        def mostly(flags: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
            return np.asarray(2 * np.bincount(level.of_story[flags], minlength=len(level.ids)) > sizes)

        found = np.full(len(level.ids), str(Origin.MEANING), dtype=object)
        found[mostly(self.in_affair)] = str(Origin.AFFAIR)
        found[mostly(self.question >= 0)] = str(Origin.QUESTION)
        return found


def together(
    window: Corpus,
    units: npt.NDArray[np.float64],
    texts: pd.Series,
    labels: Labels,
    prior: Prior,
    decided: Decisions,
    questions: Standing,
) -> Together:
    """Gather stories that a clustering by meaning left apart, and part those that it joined with an older matter.

    Parameters
    ----------
    window, units, texts
        The stories, their unit vectors, shape (stories, d), and what they say.
    labels
        Cluster of each story.
    prior, decided
        The registry, and what people decided: a question that they made part of another topic is none any more.
    questions
        Questions with a public answer.
    """
    questions = questions.without(decided.into)
    of_known = hold.topic_of_stories(prior.number_of(window.mentions["mention_id"]), window.story_of_mention, len(labels))
    labels = apart(labels, units, of_known)
    about = About(units, texts, _days(window))
    positions = _positions(prior, questions.ids)
    before = np.full(len(labels), -1, dtype=np.int64)
    for place, position in enumerate(positions[:-1]):
        before[(of_known == position) & (position >= 0)] = place
    question = asked(about, questions, before)
    asking = question >= 0
    free = int(labels.max()) + 1 if len(labels) else 0
    known = affairs.Known(of_known, np.flatnonzero(prior.topics["origin"] == Origin.AFFAIR))
    gathered = affairs.gather(np.where(asking, free + question, labels), about, known, apart=asking)
    return Together(in_order_of_appearance(gathered.of_story), gathered.in_affair, question, questions.ids)


def _positions(prior: Prior, ids: tuple[str, ...]) -> Labels:
    """Return the registry's number of each topic, -1 where it knows none; one more -1 for what is no topic."""
    place = pd.Index(prior.ids).get_indexer(pd.Index(ids, dtype="object"))
    return np.append(place, -1).astype(np.int64)


def _days(window: Corpus) -> Labels:
    """Return the whole days from the cut-off to each story, -1 for the last 24 hours."""
    ago = (window.stories["published_at"] - window.cutoff).dt.total_seconds().to_numpy(dtype=np.float64)
    return np.floor(ago / _SECONDS_A_DAY).astype(np.int64)
