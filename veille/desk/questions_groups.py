"""Questions that are the same, asked in whatever words, and the approved message whose matter each is.

Questions are clustered by meaning and by words, as fine as they come; each small group is held against the messages; what no
message answers is then clustered once more, less finely. A message is matched by a group, not by a single question: what a
group has in common says more than one short text does.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from veille.desk.questions_words import WHOLE_WANTS, Words, words_in
from veille.reading import Embedder
from veille.topics.cluster import fine, in_order_of_appearance, means, unit
from veille.watch import Message

# Set on the questions of the demonstration's first twelve weeks and on those of a telecom operator that nobody had labelled.
_WORDS_SHARE: Final = 0.5
_FINE_CUT: Final = 0.62
_WIDE_CUT: Final = 0.72
# Least cosine of meanings between a group and a message: one asked for the same thing; one asked for what is nearly the whole
# question; one that shares two words with it; one that shares a word.
_SAME_WANT, _WANT_ALONE, _TWO_WORDS, _ONE_WORD = 0.37, 0.48, 0.40, 0.54
# Share of a group's members that makes a word common, and members that make a group large.
_COMMON, _MANY = 0.5, 6
_SHORT_NAME: Final = 3


@dataclass(frozen=True)
class Grouped:
    """Which questions are one.

    Parameters
    ----------
    group
        Number of each question's group, from 0 in order of appearance, -1 for what says too little to be one; shape
        (questions,).
    message
        Place of the message that each question is the matter of, -1 for none; shape (questions,).
    likeness
        Cosine of each question with the centre of its group, shape (questions,).
    """

    group: NDArray[np.int64]
    message: NDArray[np.int64]
    likeness: NDArray[np.float64]


@dataclass(frozen=True)
class Answers:
    """What each message is asked for, what its answer tells besides, and the words of both.

    Parameters
    ----------
    asked, told
        Wants of its question, and of its answer.
    objects
        Stems of both.
    """

    asked: tuple[frozenset[str], ...]
    told: tuple[frozenset[str], ...]
    objects: tuple[frozenset[str], ...]

    @classmethod
    def of(cls, messages: Sequence[Message], words: Words, left_out: Sequence[str]) -> Answers:
        """Return the words of messages, whose questions are the last of `words`."""
        count = len(messages)
        told = words_in([one.answer for one in messages], left_out)
        asked, objects = words.wants[-count:] if count else (), words.objects[-count:] if count else ()
        return cls(asked, told.wants, tuple(one | other for one, other in zip(objects, told.objects, strict=True)))


def grouped(questions: Sequence[str], messages: Sequence[Message], embedder: Embedder, left_out: Sequence[str] = ()) -> Grouped:
    """Group questions, and match the groups with messages.

    Parameters
    ----------
    questions
        Cleaned, in order of time.
    messages
        Approved messages, expired and non-public ones too.
    embedder
        Model of the watch.
    left_out
        Names that every question may hold.
    """
    count = len(questions)
    known = [message.question for message in messages]
    hidden = _names(left_out)
    texts = [hidden.sub(" ", text) for text in (*questions, *known)]
    words = words_in(texts, left_out)
    meaning = unit(embedder.encode(texts))
    vectors = _vectors(meaning, words)
    group, message = np.full(count, -1, dtype=np.int64), np.full(count, -1, dtype=np.int64)
    telling = np.flatnonzero(words.telling[:count]) if count else np.empty(0, dtype=np.int64)
    if not len(telling):
        return Grouped(group, message, np.zeros(count))
    answers = Answers.of(messages, words, left_out)
    small = fine(vectors[telling], cut=_FINE_CUT)
    matched = _matched(meaning[telling], small, words, telling, meaning[count:], answers)
    message[telling] = matched[small]
    rest = telling[message[telling] < 0]
    group[telling] = len(texts) + message[telling]
    if len(rest):
        group[rest] = fine(vectors[rest], cut=_WIDE_CUT)
    found = group >= 0
    group[found] = in_order_of_appearance(group[found])
    centres = unit(means(vectors[:count][found], group[found]))
    likeness = np.zeros(count)
    likeness[found] = np.round(np.einsum("ij,ij->i", vectors[:count][found], centres[group[found]]), 6)
    return Grouped(group, message, likeness)


def _names(names: Sequence[str]) -> re.Pattern[str]:
    """Compile names, and the first word of each that is long enough to be one, to a pattern over texts as they are written."""
    forms = {form for name in names for form in (name, *name.split()[:1]) if len(form) > _SHORT_NAME}
    longest = sorted(forms, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)" if longest else r"(?!)", re.IGNORECASE)


def _vectors(meaning: NDArray[np.float64], words: Words) -> NDArray[np.float64]:
    """Return meaning and words of each text side by side as unit rows."""
    return np.hstack([np.sqrt(1 - _WORDS_SHARE) * meaning, np.sqrt(_WORDS_SHARE) * words.matrix().toarray()])


def _matched(
    meaning: NDArray[np.float64],
    group: NDArray[np.int64],
    words: Words,
    rows: NDArray[np.int64],
    asked: NDArray[np.float64],
    answers: Answers,
) -> NDArray[np.int64]:
    """Return the message of each group, -1 for none, shape (groups,)."""
    centres = unit(means(meaning, group))
    result = np.full(len(centres), -1, dtype=np.int64)
    if not len(asked):
        return result
    likeness = np.round(centres @ asked.T, 6)
    for number in range(len(centres)):
        members = rows[group == number]
        about = _common([words.objects[row] for row in members])
        wants = _common([words.wants[row] for row in members])
        least = [_least(about, wants, answers, place, len(members)) for place in range(len(asked))]
        beyond = likeness[number] - np.array(least)
        if beyond.max() >= 0:
            result[number] = int(beyond.argmax())
    return result


def _least(about: frozenset[str], wants: frozenset[str], answers: Answers, place: int, members: int) -> float:
    """Return the least cosine from which a group is a message's matter, by what they share; infinite where that is nothing."""
    shared, wanted = len(about & answers.objects[place]), wants & answers.asked[place]
    if wanted & WHOLE_WANTS:
        return _SAME_WANT if shared else _WANT_ALONE
    if not shared:
        return np.inf
    if wanted:
        return _SAME_WANT
    if wants and answers.asked[place] and not wants & answers.told[place]:
        return np.inf
    # What all of many people say, and no message holds, is what they ask about.
    held = shared == len(about) if members >= _MANY else 2 * shared > len(about)
    return _TWO_WORDS if shared > 1 and held and not wants else _ONE_WORD


def _common(sets: Sequence[frozenset[str]]) -> frozenset[str]:
    """Return the words that at least half of some sets hold."""
    counted = Counter(word for one in sets for word in one)
    return frozenset(word for word, count in counted.items() if count >= _COMMON * len(sets))
