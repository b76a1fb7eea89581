"""Names that are also words: told by the expression they stand in, or by what is said around them.

A lost crisis is the worst error, so that a doubt keeps the mention: only expressions in which the word cannot be the name, with
no word of the organisation beside them, or several words of another world with a vector on their side, set a mention aside.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from veille.folding import words_of
from veille.reading.embedding import Embedder
from veille.reading.names import naming
from veille.reading.relevance.tables import Reason
from veille.reading.terms import Terms, terms
from veille.reading.texts import mention_texts
from veille.watch import Subject

_FILE = "senses.txt"
# How much nearer a text must be to the other meaning than to the organisation; cosines of sentence vectors.
MARGIN = 0.04
CONTEXT_WORDS = 2


@dataclass(frozen=True)
class Sense:
    """What a name means besides the organisation.

    Parameters
    ----------
    expressions, near, brand
        What to look for: expressions in which it is a word; words beside the word; words of the organisation.
    means, word
        Sentences that describe the organisation and the word.
    """

    expressions: Terms
    near: Terms
    brand: Terms
    means: tuple[str, ...]
    word: tuple[str, ...]


@cache
def senses() -> dict[str, Sense]:
    """Return what is known of names that are words, by the folded name."""
    lines = resources.files("veille.reading.relevance").joinpath(_FILE).read_text("utf-8").splitlines()
    raw: dict[str, dict[str, list[str]]] = {}
    entry: dict[str, list[str]] = {}
    for line in map(str.strip, lines):
        if line.startswith("["):
            entry = raw.setdefault(line.strip("[]"), {})
        elif line and not line.startswith("#"):
            key, _, told = line.partition(":")
            entry.setdefault(key, []).extend([told.strip()] if key in ("means", "word") else told.split(","))
    return {
        name: Sense(
            terms(parts.get("as", [])),
            terms(parts.get("near", [])),
            terms(parts.get("brand", [])),
            tuple(parts.get("means", [])),
            tuple(parts.get("word", [])),
        )
        for name, parts in raw.items()
    }


def ambiguous_name(subject: Subject) -> str | None:
    """Return the word among a subject's names of which another meaning is known, None where there is none."""
    names = set(re.findall(r"[^\W_]+", naming(subject).pattern.pattern))
    first = [*words_of(subject.name)[:1], *words_of(subject.id.replace("-", " "))[:1]]
    return next((name for name in first if name in senses() and name in names), None)


def homonyms(
    words: pd.Series, subject: Subject, others: Terms, embed: Callable[[], Embedder], mentions: pd.DataFrame
) -> pd.DataFrame:
    """Return what the words around a subject's name say.

    Parameters
    ----------
    words
        Texts that match the subject's query, as of `words_text`.
    subject
        The subject.
    others
        What names the other subjects of the watch and its own vocabulary: beside them a name is the name.
    embed
        Gives the watch's embedding model; only asked where words leave a doubt.
    mentions
        `title` and `text`, on the same index.

    Returns
    -------
    pandas.DataFrame
        Only rows with something against them: `reason` (`other_expression` and `other_context` set aside, `doubtful_context`
        does not), `detail`, `probability`: of the verdict, so that a doubtful one is relevant with a low one.
    """
    known = ambiguous_name(subject)
    if known is None or words.empty:
        return pd.DataFrame({"reason": [], "detail": [], "probability": []}, index=words.index[:0])
    sense, name = senses()[known], naming(subject)
    bare = sense.expressions.blanked(words)
    found, left = sense.expressions.holds(words), name.holds(bare)
    signed = Terms((f"@{known}[^ ]*",)).holds(words)
    backed = signed | (sense.brand | others).holds(bare)
    near = sense.near.found(bare).map(len).to_numpy()
    only_expression = found & ~left
    candidate = ~backed & left & (near >= CONTEXT_WORDS)
    context = np.zeros(len(words), dtype=bool)
    rows = np.flatnonzero(candidate)
    if len(rows):
        context[rows] = _nearer_word(sense, embed(), mention_texts(mentions.iloc[rows])["lead"])
    doubtful = (only_expression & backed) | (candidate & ~context) | (~backed & left & (near == 1))
    reason = np.select(
        [only_expression & ~backed, context, doubtful],
        [Reason.OTHER_EXPRESSION, Reason.OTHER_CONTEXT, Reason.DOUBTFUL_CONTEXT],
        "",
    )
    frame = pd.DataFrame({"reason": reason}, index=words.index)
    told = frame["reason"] != ""
    frame = frame.loc[told]
    frame["detail"] = words.loc[told].map(lambda text: _first(text, (sense.expressions, sense.near)))
    sure = {Reason.OTHER_EXPRESSION: 0.95, Reason.OTHER_CONTEXT: 0.85, Reason.DOUBTFUL_CONTEXT: 0.6}
    frame["probability"] = frame["reason"].map(sure)
    return frame


def _nearer_word(sense: Sense, embed: Embedder, lead: pd.Series) -> NDArray[np.bool_]:
    vectors = embed.encode(lead.tolist())
    word = (vectors @ embed.encode(list(sense.word)).T).max(axis=1)
    means = (vectors @ embed.encode(list(sense.means)).T).max(axis=1)
    return np.asarray(word > means + MARGIN, dtype=bool)


def _first(text: str, patterns: Iterable[Terms]) -> str:
    found = [match.group() for part in patterns for match in part.pattern.finditer(text)]
    return ", ".join(list(dict.fromkeys(found))[:3])
