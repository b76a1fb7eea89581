"""The words of a file of labels: names of its columns, and what people may write in them, in French and in English."""

from __future__ import annotations

import pandas as pd

from veille.folding import words_of
from veille.labels.tables import WITHDRAWN, What

REFERENCE = "veille_ref"
"""Column that ties a row to what was exported; the same in every language."""

COLUMNS: dict[str, dict[str, str]] = {
    "date": {"fr": "date", "en": "date"},
    "subject": {"fr": "sujet", "en": "subject"},
    "publisher": {"fr": "éditeur", "en": "publisher"},
    "title": {"fr": "titre", "en": "title"},
    "text": {"fr": "texte", "en": "text"},
    "read_tone": {"fr": "tonalité lue", "en": "tone read"},
    "tone": {"fr": "tonalité", "en": "tone"},
    "read_relevance": {"fr": "pertinence lue", "en": "relevance read"},
    "relevance": {"fr": "pertinence", "en": "relevance"},
    "note": {"fr": "note", "en": "note"},
    "why": {"fr": "pourquoi celle-ci", "en": "why this one"},
    "sampling": {"fr": "probabilité de tirage", "en": "probability of being drawn"},
    "address": {"fr": "adresse", "en": "address"},
}

SHOWN: dict[str, dict[str, str]] = {
    "negative": {"fr": "négatif", "en": "negative"},
    "neutral": {"fr": "neutre", "en": "neutral"},
    "positive": {"fr": "positif", "en": "positive"},
    "not_read": {"fr": "non lu", "en": "not read"},
    "relevant": {"fr": "pertinent", "en": "relevant"},
    "homonym": {"fr": "homonyme", "en": "homonym"},
    "spam": {"fr": "spam", "en": "spam"},
    "own_account": {"fr": "compte officiel", "en": "own account"},
    "off_topic": {"fr": "hors sujet", "en": "off topic"},
    WITHDRAWN: {"fr": "retirer", "en": "withdraw"},
}

WHY: dict[str, dict[str, str]] = {
    "unsure_tone": {"fr": "tonalité incertaine", "en": "its tone is uncertain"},
    "unsure_relevance": {"fr": "pertinence incertaine", "en": "its relevance is uncertain"},
    "not_read": {"fr": "tonalité que le modèle ne lit pas", "en": "a tone that the model does not read"},
    "drawn": {"fr": "tirée au sort, pour mesurer", "en": "drawn at random, to measure"},
}

_MORE: dict[What, dict[str, list[str]]] = {
    What.TONE: {
        "negative": ["neg", "negative", "mauvais"],
        "neutral": ["neu", "neutres"],
        "positive": ["pos", "positive", "bon"],
    },
    What.RELEVANCE: {
        "relevant": ["pertinente", "oui", "yes"],
        "homonym": ["homonymie"],
        "spam": ["indesirable", "publicite", "pub"],
        "own_account": ["compte propre", "notre compte", "own"],
        "off_topic": ["hs", "autre sujet", "irrelevant", "non pertinent", "offtopic"],
    },
}
_WITHDRAWN = ["retire", "withdrawn", "annuler"]


def _key(text: str) -> str:
    return " ".join(words_of(text.replace("_", " ")))


def _accepted(what: What) -> dict[str, str]:
    table: dict[str, str] = {}
    for value, more in [*_MORE[what].items(), (WITHDRAWN, _WITHDRAWN)]:
        table |= {_key(word): value for word in [value, *SHOWN[value].values(), *more]}
    return table


_ACCEPTED = {what: _accepted(what) for what in What}


def values_of(what: What, cells: pd.Series) -> pd.Series:
    """Return the value of what people wrote, missing where a cell is empty, `?` where it is no word that is known.

    Case, accents and hyphens do not count.
    """
    keys = cells.astype("object").map(lambda cell: "" if cell is None or cell != cell else str(cell).strip())
    value = keys.map(lambda cell: _ACCEPTED[what].get(_key(cell), "?")).astype("object")
    return value.where(keys != "", None)


def choices(what: What, language: str) -> list[str]:
    """Return what may be written, in one language."""
    return [SHOWN[value][language] for value in (*_MORE[what], WITHDRAWN)]


def column_named(name: str) -> str | None:
    """Return the column that a header of any language names; None where it is none of ours."""
    wanted = _key(name)
    found = [key for key, words in COLUMNS.items() if wanted in [_key(word) for word in (key, *words.values())]]
    return found[0] if found else "mention_id" if name.strip().casefold() == "mention_id" else None
