"""Approved messages and inside knowledge, held against the sentences of a draft by likeness and by figures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from veille.desk.draft import Sentence
from veille.desk.facts import figures, telling
from veille.folding import fold_text
from veille.reading import Embedder
from veille.watch import Message, StrategicItem, Tlp

PUBLIC = "public"
# Least cosines, set on the development half of the sixty drafts.
APPROVED, SAME, ABOUT, NEAR = 0.58, 0.5, 0.42, 0.3
_SENTENCE = re.compile(r"(?<=[.;!?])\s+")
_NOT = re.compile(
    r"\b(?:ne|n|pas|non|aucune?|jamais|interdit\w*|impossible|payant\w*|not|no|never|cannot|can't|don't|forbidden)\b"
)


@dataclass(frozen=True)
class Held:
    """Texts that belong to one message or strategic item, with their vectors, shape (texts, d)."""

    item: str
    texts: tuple[str, ...]
    vectors: NDArray[np.float32]
    figures: frozenset[str]

    def likeness(self, vector: NDArray[np.float32]) -> float:
        """Return the greatest cosine with one of its texts."""
        return float((self.vectors @ vector).max()) if len(self.texts) else 0.0


def of_texts(embedder: Embedder, item: str, texts: Sequence[str]) -> Held:
    """Return the texts of an item with their vectors and figures."""
    kept = tuple(text for text in texts if text.strip())
    return Held(item, kept, embedder.encode(list(kept)), figures(" ".join(kept)))


def answer_of(embedder: Embedder, message: Message) -> Held:
    """Return what a message answers: its answer, whole and sentence by sentence."""
    return of_texts(embedder, message.id, [message.answer, *_SENTENCE.split(message.answer)])


def question_of(embedder: Embedder, message: Message) -> Held:
    """Return what a message is asked."""
    return of_texts(embedder, message.id, [message.question])


def inside_of(embedder: Embedder, item: StrategicItem) -> Held:
    """Return what a strategic item says: its title and what it takes for granted."""
    return of_texts(embedder, item.id, [item.title, *item.assumptions])


def given(message: Message) -> bool:
    """Say whether the public may be given a message: its audience is, and no marking of its own says otherwise."""
    return message.audience == PUBLIC and (message.tlp is None or message.tlp is Tlp.CLEAR)


def holds(message: Message, today: date) -> bool:
    """Say whether a message holds on a local day: its last day is the last on which it does."""
    return message.valid_until is None or today <= message.valid_until


def approved(sentence: Sentence, vector: NDArray[np.float32], message: Message, question: Held, answer: Held) -> bool:
    """Say whether a sentence gives an approved answer: like it, with no figure of its own, and not its contrary."""
    if max(answer.likeness(vector), question.likeness(vector)) < APPROVED:
        return False
    if figures(sentence.text) - answer.figures - question.figures:
        return False
    denies = _NOT.search(fold_text(sentence.said)) is not None
    return not denies or _NOT.search(fold_text(message.answer)) is not None


def tells(sentence: Sentence, vector: NDArray[np.float32], held: Held) -> bool:
    """Say whether a sentence tells what is held: the same in other words, or its figures."""
    likeness = held.likeness(vector)
    shared = figures(sentence.text) & held.figures
    return (
        likeness >= SAME
        or (likeness >= NEAR and bool(telling(shared)))
        or (likeness >= ABOUT and bool(shared))
        or len(telling(shared)) >= 2
    )
