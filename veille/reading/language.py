"""Which language a mention is in.

Short public texts fool every detector, so what the source declares and what the watch reads count as prior, scripts
decide where they can, and where nothing is sure the answer is `und` rather than a guess.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from functools import cache
from importlib.metadata import version as package_version

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from veille.folding import fold
from veille.reading import arabic

# Raised when a rule changes.
_RULES = 2
UNKNOWN = "und"
LANGUAGES = ("ar", "de", "en", "es", "fr", "it", "nl", "pt")
# The detector is asked about so much text; more changes nothing.
_CHARACTERS = 400
_FEWEST_LETTERS = 3
_SUREST = 0.5
_DECLARED_FACTOR = 6.0
_WATCHED_FACTOR = 1.5
# Odds of a language for each of its function words found: a detector of letters knows them too little in short texts.
_FUNCTION_FACTOR = 4.0
_FUNCTION_WORDS = {
    "fr": "le la les des du une est et je tu il nous vous ils pas que qui dans pour avec sur mon ma mes ce cette c j l d n qu "
    "merci bonjour toujours encore chez depuis mais tres trop plus aux leur ca slt svp mdr nul en retard panne",
    "en": "the is are was you my your this that and of to for with not it i have has we they be at on so do what thanks "
    "hello please just from will service again very",
    "es": "el los las una es y yo por para con que en no muy pero mi su gracias hola esta del al",
    "de": "der die das und ist ich nicht mit ein eine von zu auf den im wir sie danke für auch sehr",
    "it": "il lo gli una e di che non per con sono mi della grazie ciao anche molto piu questo",
    "pt": "o os uma e de que nao para com em muito obrigado obrigada voce isso mas do da meu minha",
    "nl": "het een en van ik niet met is dat de voor op te zijn bedankt ook heel wij",
}


@cache
def _identifier(languages: tuple[str, ...]) -> LanguageIdentifier:
    if not languages:
        return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    # Reading the model takes seconds; the copy shares its tables.
    identifier = copy(_identifier(()))
    identifier.set_languages(languages)
    return identifier


def version() -> str:
    """Return the version of the detector."""
    return f"langid-{package_version('py3langid')}-{_RULES}"


def languages(text: pd.Series, declared: pd.Series, watched: Iterable[str] = ()) -> pd.DataFrame:
    """Return the language of each text.

    Parameters
    ----------
    text
        Cleaned texts.
    declared
        What the source says, any form that begins with an ISO 639-1 code (`fr`, `fr-FR`); may be missing.
    watched
        Languages of the watch: they join the eight that are always considered and count a little more.

    Returns
    -------
    pandas.DataFrame
        On the index of `text`: `language` (ISO 639-1, or `und`) and `language_probability` in 0..1, which for `und` is
        the probability of the best guess that was not good enough.
    """
    codes = {code[:2].lower() for code in watched}
    candidates = tuple(sorted(set(LANGUAGES) | (codes & set(_identifier(()).labels))))
    head = text.str.slice(0, _CHARACTERS).astype("object")
    said = declared.astype("object").where(declared.notna(), "").str.slice(0, 2).str.lower()
    letters = head.str.count(r"[^\W\d_]").to_numpy(dtype=np.int64)
    latin = head.str.count(r"[A-Za-zÀ-ɏ]").to_numpy(dtype=np.int64)
    in_arabic = head.str.count(f"[{arabic.LETTERS}]").to_numpy(dtype=np.int64)
    if not len(text):
        return pd.DataFrame({"language": pd.Series(dtype="object"), "language_probability": pd.Series(dtype="float64")})

    posterior = _posterior(head, candidates) * _function_words(head, candidates)
    posterior *= np.where(said.to_numpy()[:, None] == np.array(candidates), _DECLARED_FACTOR, 1.0)
    posterior *= np.where(np.isin(candidates, sorted(codes)), _WATCHED_FACTOR, 1.0)
    posterior /= posterior.sum(axis=1, keepdims=True)
    best = posterior.argmax(axis=1)
    language = np.array(candidates, dtype="object")[best]
    probability = posterior[np.arange(len(best)), best]

    share = in_arabic / np.maximum(letters, 1)
    language, probability = np.where(share > 0.5, "ar", language), np.where(share > 0.5, share, probability)
    other = (letters > 0) & (latin + in_arabic < letters / 2)
    if other.any():
        language[other], probability[other] = _any_language(head[other])
    dialect = arabic.arabizi(head)
    spoken = (dialect > 0) & (share <= 0.5) & ~other
    language = np.where(spoken, "ar", language)
    probability = np.where(spoken, dialect, probability)
    unsure = (letters < _FEWEST_LETTERS) | (probability < _SUREST)
    probability = np.where(letters == 0, 0.0, np.clip(probability, 0, 1))
    return pd.DataFrame(
        {"language": np.where(unsure, UNKNOWN, language), "language_probability": np.round(probability, 4)}, index=text.index
    )


def _posterior(text: pd.Series, candidates: tuple[str, ...]) -> NDArray[np.float64]:
    identifier = _identifier(candidates)
    ranked = text.map(lambda item: dict(identifier.rank(item)))
    return pd.DataFrame(list(ranked), index=text.index)[list(candidates)].to_numpy(dtype=np.float64) + 1e-6


def _any_language(text: pd.Series) -> tuple[NDArray[np.object_], NDArray[np.float64]]:
    """Text in a third script is asked of the detector without restriction."""
    found = pd.DataFrame(text.map(_identifier(()).classify).tolist(), columns=["language", "probability"])
    return found["language"].to_numpy(dtype="object"), found["probability"].to_numpy(dtype=np.float64)


def _function_words(text: pd.Series, candidates: tuple[str, ...]) -> NDArray[np.float64]:
    folded = fold(text)
    factors = np.ones((len(text), len(candidates)))
    for place, language in enumerate(candidates):
        if language in _FUNCTION_WORDS:
            pattern = r"\b(?:" + "|".join(sorted(set(_FUNCTION_WORDS[language].split()))) + r")\b"
            found = folded.str.count(pattern).to_numpy(dtype=np.float64)
            factors[:, place] = _FUNCTION_FACTOR ** np.minimum(found, 4)
    return factors
