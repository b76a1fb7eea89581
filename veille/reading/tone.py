"""How a mention speaks: negative, neutral or positive, for the languages a model was trained on.

Three small linear experts see each text: its embedding, its words and letter groups, and what the lexicon says. Their
scores are added and calibrated. The whole is a file of plain numbers that `training/sentiment.py` writes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.special import softmax
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.preprocessing import normalize

from veille.errors import VeilleError
from veille.folding import fold
from veille.reading import lexicon
from veille.reading.tables import Tone

LANGUAGES = lexicon.LANGUAGES
TONES = (Tone.NEGATIVE, Tone.NEUTRAL, Tone.POSITIVE)
FOREIGN = "transformer-"
"""What the version of a model begins with that is not ours."""
EXPERTS = ("embedding", "words", "lexicon")
WORD_BUCKETS = 2**15
LETTER_BUCKETS = 2**16
_FILE = "tone.npz"

_WORD = r"[^\W_]+"
_WORDS = HashingVectorizer(
    n_features=WORD_BUCKETS, ngram_range=(1, 2), token_pattern=_WORD, lowercase=False, alternate_sign=False, norm=None
)
_LETTERS = HashingVectorizer(
    n_features=LETTER_BUCKETS, analyzer="char_wb", ngram_range=(2, 5), lowercase=False, alternate_sign=False, norm=None
)
Numbers = Mapping[str, NDArray[np.float32]]


def counts(text: pd.Series) -> sp.csr_matrix:
    """Return hashed counts of words, word pairs and letter groups, log-scaled, shape (texts, 98304)."""
    folded = fold(text)
    both = sp.csr_matrix(sp.hstack([_WORDS.transform(folded), _LETTERS.transform(folded)]), dtype=np.float32)
    both.data = 1 + np.log(both.data)
    return both


def weighted(count: sp.csr_matrix, rarity: NDArray[np.float32]) -> sp.csr_matrix:
    """Return tf-idf rows; words and letter groups have length one each, so that long texts do not shout."""
    scaled = sp.csr_matrix(count @ sp.diags(rarity.astype(np.float32)))
    words, letters = scaled[:, :WORD_BUCKETS], scaled[:, WORD_BUCKETS:]
    return sp.csr_matrix(sp.hstack([normalize(words), normalize(letters)]))


@cache
def _bytes() -> bytes:
    return resources.files("veille.reading").joinpath("models", _FILE).read_bytes()


@cache
def _numbers() -> Numbers:
    place = resources.files("veille.reading").joinpath("models", _FILE)
    try:
        with resources.as_file(place) as path, np.load(path, allow_pickle=False) as file:
            return {name: file[name].astype(np.float32) for name in file.files}
    except (OSError, ValueError) as error:
        raise VeilleError(f"the tone model {place} cannot be read: {error}", "install veille again") from error


def version() -> str:
    """Return the version of the model: the head of the hash of its numbers and of the lexicons."""
    content = hashlib.sha256(_bytes())
    for language in LANGUAGES:
        content.update(resources.files("veille.reading").joinpath("lexicon", f"{language}.txt").read_bytes())
    return f"tone-{content.hexdigest()[:10]}"


def measured(versions: pd.Series) -> pd.Series:
    """Say of each version of READINGS whether the error of its model of tone was measured; missing counts as measured."""
    foreign = [name for name in versions.dropna().unique() if str(name).partition("/")[2].startswith(FOREIGN)]
    return ~versions.isin(foreign)


def confusion(language: str) -> NDArray[np.float64]:
    """Return the measured error rates: shape (3, 3), row the true tone, column the tone read, rows sum to one.

    Order negative, neutral, positive; from cross-validation on the training tweets. It is what corrects a prevalence.

    Raises
    ------
    VeilleError
        No tone is read in that language.
    """
    if language not in LANGUAGES:
        raise VeilleError(f"no tone is read in {language!r}", f"languages read: {', '.join(LANGUAGES)}")
    return _numbers()[f"{language}.confusion"].astype(np.float64)


def score_bins(language: str, kind: str = "post") -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
    """Return how scores of negative texts and of others fall: (edges, shape (bins - 1,); counts, shape (2, bins)).

    Row 0 counts the negative texts of the training set by bin of `p_negative`, row 1 the others; each was scored by a model
    that had not seen it. None where that was not measured.

    Parameters
    ----------
    language
        ISO 639-1.
    kind
        `post` (measured on tweets) or `article` (on headlines, French only).
    """
    numbers = _numbers()
    counts = numbers.get(f"{language}.bins.{kind}")
    return None if counts is None else (numbers[f"{language}.bins.edges"].astype(np.float64), counts.astype(np.float64))


def scores(text: pd.Series, embedded: NDArray[np.float32], language: str, numbers: Numbers) -> dict[str, NDArray[np.float64]]:
    """Return what each expert says, before they are added: name to logits of shape (texts, 3)."""
    rows = weighted(counts(text), numbers[f"{language}.rarity"])
    figures = (lexicon.features(text, language) - numbers[f"{language}.lexicon.mean"]) / numbers[f"{language}.lexicon.scale"]
    seen: dict[str, Any] = {"embedding": embedded, "words": rows, "lexicon": figures}
    return {
        name: np.asarray(seen[name] @ numbers[f"{language}.{name}.weights"] + numbers[f"{language}.{name}.bias"], np.float64)
        for name in EXPERTS
    }


def probabilities(
    text: pd.Series, embedded: NDArray[np.float32], language: str, numbers: Numbers | None = None
) -> NDArray[np.float64]:
    """Return the calibrated probabilities of negative, neutral and positive, shape (texts, 3).

    Parameters
    ----------
    text
        Cleaned texts of one language.
    embedded
        Their vectors by use-multilingual-v3, shape (texts, 512).
    language
        `fr` or `en`.
    numbers
        Another model than the one that ships; training uses it.

    Notes
    -----
    softmax(sum of w_k · logits_k + b), w and b fitted on held-out folds (vector scaling, Guo et al. 2017).
    """
    numbers = _numbers() if numbers is None else numbers
    said = scores(text, embedded, language, numbers)
    weights = numbers[f"{language}.mix"]
    total = sum((weights[place] * said[name] for place, name in enumerate(EXPERTS)), np.zeros((len(text), 3)))
    return np.round(np.asarray(softmax(total + numbers[f"{language}.offset"], axis=1)), 4)


def tones(text: pd.Series, embedded: NDArray[np.float32], language: pd.Series) -> pd.DataFrame:
    """Return the tone of each text.

    Parameters
    ----------
    text, language
        Cleaned texts and their languages, on the same index.
    embedded
        Their vectors by use-multilingual-v3; rows of texts in other languages are not looked at.

    Returns
    -------
    pandas.DataFrame
        `tone`, `p_negative`, `p_neutral`, `p_positive`; `not_read` and missing where no model knows the language.
    """
    table = np.full((len(text), 3), np.nan)
    for known in LANGUAGES:
        rows = np.flatnonzero((language == known).to_numpy())
        if len(rows):
            table[rows] = probabilities(text.iloc[rows], embedded[rows], known)
    return framed(table, text.index)


def framed(table: NDArray[np.float64], index: pd.Index) -> pd.DataFrame:
    """Return probabilities, shape (texts, 3), as columns of READINGS with the likeliest tone; rows of NaN are `not_read`."""
    read = ~np.isnan(table[:, 0])
    tone = np.full(len(table), Tone.NOT_READ.value, dtype="object")
    tone[read] = np.array([item.value for item in TONES], dtype="object")[table[read].argmax(axis=1)]
    return pd.DataFrame(
        {"tone": tone, "p_negative": table[:, 0], "p_neutral": table[:, 1], "p_positive": table[:, 2]}, index=index
    )
