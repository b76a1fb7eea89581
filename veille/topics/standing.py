"""Standing topics: the questions that the organisation answers publicly, asked in whatever words.

A question is asked a few times a week, never twice alike, for months. Clusters of so few stories change with every update;
the approved message names what they have in common.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from veille.reading import asks, question_vectors
from veille.store import Store
from veille.topics.about import About
from veille.topics.cluster import Labels
from veille.topics.registry import digest
from veille.watch import Watch

Reals = npt.NDArray[np.float64]

PUBLIC = "public"
# Least cosine with the message's question. On the demonstration's two planted questions .40 finds 45 to 60 % of the stories,
# .48 a third; nothing of a question nobody asks.
_ALIKE = 0.40
_FEWEST = 3


@dataclass(frozen=True)
class Standing:
    """Questions with an approved public answer.

    Parameters
    ----------
    ids
        Topic id of each.
    vectors
        Unit vector of each, shape (questions, d).
    """

    ids: tuple[str, ...] = ()
    vectors: Reals | None = None

    @property
    def fingerprint(self) -> str:
        """Names the questions and their vectors."""
        content = b"" if self.vectors is None else self.vectors.round(6).tobytes()
        return hashlib.sha256(" ".join(self.ids).encode() + content).hexdigest()[:12] if self.ids else ""

    def without(self, others: Container[str]) -> Standing:
        """Return the questions but some topics."""
        kept = [place for place, topic in enumerate(self.ids) if topic not in others]
        if self.vectors is None or len(kept) == len(self.ids):
            return self
        return Standing(tuple(self.ids[place] for place in kept), self.vectors[kept]) if kept else Standing()


def standing(watch: Watch, store: Store) -> Standing:
    """Return the questions of public messages that have a vector; expired answers count, for the question is still asked."""
    public = [message for message in watch.messages if message.audience == PUBLIC]
    known = question_vectors(watch, store, [message.question for message in public])
    ids = ["t" + digest("question", message.id) for message, vector in zip(public, known, strict=True) if vector is not None]
    vectors = [vector for vector in known if vector is not None]
    return Standing(tuple(ids), np.stack(vectors).astype(np.float64)) if vectors else Standing()


def asked(about: About, questions: Standing, before: Labels) -> Labels:
    """Return the question that each story asks, by position, -1 for none.

    Parameters
    ----------
    about
        The stories.
    questions
        What is looked for.
    before
        The question that each story asked until now, -1 for none: it still does.
    """
    found = before.copy()
    if questions.vectors is None or not len(about.units) or questions.vectors.shape[1] != about.units.shape[1]:
        return found
    asking = asks(about.texts)
    likeness = np.round(about.units @ questions.vectors.T, 6)
    alike = (likeness.max(axis=1) >= _ALIKE) & asking & (found < 0)
    found[alike] = likeness.argmax(axis=1)[alike]
    for number in range(len(questions.ids)):
        members = found == number
        if members.sum() >= _FEWEST:
            # Against all others, of any day: a question is not news.
            told = about.words.told_by(about.words.telling(members, members))
            found[about.near(members, told & asking & (found < 0))] = number
    return found
