"""A compact polarity lexicon, written for veille, and the figures it gives a text.

A linear model on a few thousand tweets knows few words; a lexicon carries the rest, and the words of accusation and
damage that press headlines use and tweets do not.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from veille.errors import VeilleError
from veille.reading import marks
from veille.reading.texts import tokens

LANGUAGES = ("en", "fr")
FEATURES = (
    "positive_sum",
    "negative_sum",
    "harm_sum",
    "balance",
    "positive_share",
    "negative_share",
    "harm_any",
    "negators",
    "first_half_balance",
    "second_half_balance",
    "strongest_positive",
    "strongest_negative",
    "exclamations",
    "questions",
    "shouting_ratio",
    "ellipsis",
    "smiles",
    "frowns",
    "words",
    "digits",
    "emoji_balance",
    "drawn_out",
    "praise_with_blame",
)
_GROUPS = ("words", "harm", "negators", "intensifiers", "dampers", "breakers")
_REACH_WORDS = 3
_TURNED = -0.8
_STRONGER = 1.4
_WEAKER = 0.6
_IRONY_WEIGHT = 2.0


@dataclass(frozen=True)
class Lexicon:
    """One language's words and their weights.

    Parameters
    ----------
    weights
        Word or stem (ending in `*`) or expression to weight, -3 to 3.
    harm
        The entries that name accusation, damage or failure of service.
    negators, intensifiers, dampers
        Words that turn or scale the weight of what follows.
    breakers
        Words that end what a negator reaches: `but`.
    """

    weights: dict[str, float]
    harm: frozenset[str]
    negators: frozenset[str]
    intensifiers: frozenset[str]
    dampers: frozenset[str]
    breakers: frozenset[str] = frozenset()

    def entry(self, word: str) -> str | None:
        """Return the entry that holds a word: itself, else its longest stem; a word drawn out counts as its short form."""
        if word in self.weights:
            return word
        found = next((stem for size in range(len(word), 1, -1) if (stem := word[:size] + "*") in self.weights), None)
        if found or not marks.drawn_out(word):
            return found
        return next((entry for short in marks.shortened(word) if (entry := self.entry(short))), None)


@cache
def lexicon(language: str) -> Lexicon:
    """Read the lexicon of a language that ships with veille.

    Raises
    ------
    VeilleError
        A line of the file cannot be read.
    """
    lines = resources.files("veille.reading").joinpath("lexicon", f"{language}.txt").read_text("utf-8").splitlines()
    weights: dict[str, float] = {}
    groups: dict[str, list[str]] = {name: [] for name in _GROUPS}
    group = "words"
    for number, line in enumerate(lines, 1):
        entry = line.strip()
        if not entry or entry.startswith("#"):
            continue
        if entry.startswith("["):
            group = entry.strip("[]")
            continue
        try:
            if group in ("words", "harm"):
                weight, _, entry = entry.partition(" ")
                # An entry of two groups keeps the graver weight.
                weights[entry] = min(float(weight), weights.get(entry, np.inf))
            groups[group].append(entry)
        except (KeyError, ValueError) as error:
            raise VeilleError(f"lexicon {language}, line {number}: cannot read {line!r}") from error
    return Lexicon(
        weights,
        frozenset(groups["harm"]),
        frozenset(groups["negators"]),
        frozenset(groups["intensifiers"]),
        frozenset(groups["dampers"]),
        frozenset(groups["breakers"]),
    )


def features(text: pd.Series, language: str) -> NDArray[np.float32]:
    """Return what the lexicon says of each text.

    Parameters
    ----------
    text
        Cleaned texts of one language.
    language
        `fr` or `en`.

    Returns
    -------
    numpy.ndarray
        Shape (texts, 23), columns as in `FEATURES`; a weight is turned (times -0.8) within three words after a negator, scaled
        by 1.4 after an intensifier or where the word is drawn out, and by 0.6 after a damper. In a text marked as ironic praise
        is turned, and the mark itself weighs like a word of blame.
    """
    words = lexicon(language)
    rows = len(text)
    flat = _glue_expressions(tokens(marks.hashtags_apart(text)), words)
    row = flat["row"].to_numpy()
    codes, vocabulary = pd.factorize(flat["word"])
    entries = [words.entry(str(word)) for word in vocabulary]
    weight = np.array([words.weights[entry] if entry else 0.0 for entry in entries], dtype=np.float64)[codes]
    harm = np.array([entry in words.harm for entry in entries], dtype=bool)[codes]
    drawn = np.array([marks.drawn_out(str(word)) for word in vocabulary], dtype=bool)[codes]
    weight = weight * _context(row, codes, vocabulary, words) * np.where(drawn, _STRONGER, 1.0)
    ironic = marks.ironic(text).to_numpy(dtype=bool)
    weight = np.where(ironic[row] & (weight > 0), _TURNED * weight, weight)

    length = np.bincount(row, minlength=rows).astype(np.float64)
    start = np.cumsum(length) - length
    place = (np.arange(len(row)) - start[row]) / np.maximum(length[row], 1)
    positive, negative = np.maximum(weight, 0), np.maximum(-weight, 0)
    total = {
        "positive": np.bincount(row, positive, rows),
        # Too few of the training tweets say that they are ironic: what the mark does is a rule, not learned.
        "negative": np.bincount(row, negative, rows) + _IRONY_WEIGHT * ironic,
        "harm": np.bincount(row, negative * harm, rows),
        "first": np.bincount(row, weight * (place < 0.5), rows),
        "second": np.bincount(row, weight * (place >= 0.5), rows),
    }
    peak_positive, peak_negative = np.zeros(rows), _IRONY_WEIGHT * ironic
    np.maximum.at(peak_positive, row, positive)
    np.maximum.at(peak_negative, row, negative)
    negator = np.array([word in words.negators for word in vocabulary], dtype=bool)[codes]
    balance = total["positive"] - total["negative"]
    letters = text.str.count(r"[^\W\d_]").to_numpy(dtype=np.float64)
    capitals = text.str.count(r"\b[A-ZÀ-Ý]{3,}\b").to_numpy(dtype=np.float64)
    smiles, frowns = marks.smiles(text).to_numpy(dtype=np.float64), marks.frowns(text).to_numpy(dtype=np.float64)
    columns = [
        np.log1p(total["positive"]),
        np.log1p(total["negative"]),
        np.log1p(total["harm"]),
        np.tanh(balance / 4),
        total["positive"] / np.maximum(length, 3),
        total["negative"] / np.maximum(length, 3),
        np.minimum(total["harm"], 1),
        np.log1p(np.bincount(row, negator, rows)),
        np.tanh(total["first"] / 3),
        np.tanh(total["second"] / 3),
        peak_positive / 3,
        peak_negative / 3,
        np.log1p(text.str.count("!").to_numpy(dtype=np.float64)),
        np.log1p(text.str.count(r"\?").to_numpy(dtype=np.float64)),
        np.where(letters > 0, np.minimum(capitals / np.maximum(length, 3), 1), 0),
        np.minimum(text.str.count(r"\.\.|…").to_numpy(dtype=np.float64), 2) / 2,
        np.log1p(smiles),
        np.log1p(frowns),
        np.log1p(length) / 4,
        np.minimum(text.str.count(r"\d").to_numpy(dtype=np.float64), 10) / 10,
        np.tanh((smiles - frowns) / 2),
        np.log1p(np.bincount(row, drawn, rows)),
        np.log1p(np.minimum(total["positive"], total["negative"])),
    ]
    return np.column_stack(columns).astype(np.float32)


def _glue_expressions(flat: pd.DataFrame, words: Lexicon) -> pd.DataFrame:
    """Give the last word of an expression the expression as its word, and blank the ones before it."""
    expressions = [entry for entry in words.weights if " " in entry]
    row = flat["row"].to_numpy()
    word = flat["word"].to_numpy(dtype="object").copy()
    original = word.copy()
    for expression in sorted(expressions, key=lambda entry: entry.count(" ")):
        parts = expression.split()
        last = len(parts) - 1
        if len(word) <= last:
            continue
        hit = row[last:] == row[: len(row) - last]
        for offset, part in enumerate(parts):
            hit = hit & (original[offset : len(original) - last + offset] == part)
        where = np.flatnonzero(hit)
        for offset in range(last):
            word[where + offset] = ""
        word[where + last] = expression
    return pd.DataFrame({"row": row, "word": word})


def _context(row: NDArray[np.int64], codes: NDArray[np.int64], vocabulary: pd.Index, words: Lexicon) -> NDArray[np.float64]:
    """Return the factor that the words before each word put on its weight."""
    negator = np.array([word in words.negators for word in vocabulary], dtype=bool)[codes]
    scale_of = [_STRONGER if word in words.intensifiers else _WEAKER if word in words.dampers else 1.0 for word in vocabulary]
    scale = np.array(scale_of, dtype=np.float64)[codes]
    factor = np.ones(len(row))
    breaker = np.array([word in words.breakers for word in vocabulary], dtype=bool)[codes]
    clause = row + breaker.cumsum()
    turned = np.zeros(len(row), dtype=bool)
    for back in range(1, _REACH_WORDS + 1):
        if len(row) <= back:
            break
        same = (row[back:] == row[:-back]) & (clause[back:] == clause[:-back])
        turned[back:] |= same & negator[:-back]
        if back == 1:
            factor[back:] = np.where(same, scale[:-back], 1.0)
    return np.where(turned, _TURNED * factor, factor)
