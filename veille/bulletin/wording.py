"""Words that leadership may rely on: the closed list of probabilities, confidence, and a lint of what is not said.

The French list is the bulletin's own; the English one follows Intelligence Community Directive 203.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from veille.language import Language
from veille.typography import closed

# Upper bounds of the classes, in probability; the last class ends at certainty.
_BOUNDS = (0.05, 0.20, 0.45, 0.55, 0.80, 0.95, 1.0)
_LEGEND_PCT = ((1, 5), (5, 20), (20, 45), (45, 55), (55, 80), (80, 95), (95, 99))
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|\n+")
_CONFIDENCE = re.compile(r"\b(confiance|confidence)\b", re.IGNORECASE)
_PROBABILITY = re.compile(
    r"\b(probabilité|probabilités|probability|probable|improbable|likely|unlikely|likelihood|quasi certain|almost certain"
    r"|presque impossible|almost no chance|une chance sur deux|even chance)\b",
    re.IGNORECASE,
)
# « risque de » says neither how likely nor how bad; it stands only where a figure follows in the sentence.
_BANNED = (
    re.compile(r"\bil semblerait\b", re.IGNORECASE),
    re.compile(r"\bpeut[-‑]être\b", re.IGNORECASE),
    re.compile(r"\brisque(?:nt)? de\b(?![^.]*\d)", re.IGNORECASE),
    re.compile(r"\bit (?:would )?seems?\b", re.IGNORECASE),
    re.compile(r"\b(?:perhaps|maybe)\b", re.IGNORECASE),
    re.compile(r"\brisks? of\b(?![^.]*\d)", re.IGNORECASE),
)


def probability_words(language: Language) -> tuple[str, ...]:
    """Return the closed list, least probable first."""
    return (
        language.say("almost no chance"),
        language.say("very unlikely"),
        language.say("unlikely"),
        language.say("roughly even chance"),
        language.say("likely"),
        language.say("very likely"),
        language.say("almost certain"),
    )


def probability_word(probability: float | None, language: Language) -> str:
    """Return the word of a probability between 0 and 1; without one, the word for not quantifiable."""
    if probability is None:
        return language.say("not quantifiable")
    position = next(index for index, bound in enumerate(_BOUNDS) if probability <= bound)
    return probability_words(language)[position]


def legend(language: Language) -> tuple[tuple[str, str], ...]:
    """Return each word with its range, for the foot of the page."""
    ranges = (
        language.say("{low} to {high}", low=language.number(low), high=language.percent(high / 100))
        for low, high in _LEGEND_PCT
    )
    return tuple(zip(probability_words(language), ranges, strict=True))


def confidence(stories: int, publishers: int, *, short_history: bool, language: Language) -> tuple[str, str]:
    """Return how sure a finding is and why.

    High from ten stories of five publishers on a full history; low below three stories, with one publisher, or on a
    short history; medium between.
    """
    counted = language.say(
        "{stories}, {publishers}",
        stories=language.say_many("{count} story", "{count} stories", stories),
        publishers=language.say_many("{count} publisher", "{count} publishers", publishers),
    )
    if short_history:
        return language.say("low"), language.say("{counted}, short history", counted=counted)
    if stories < 3 or publishers < 2:
        return language.say("low"), counted
    return (language.say("high") if stories >= 10 and publishers >= 5 else language.say("medium")), counted


# A clause ends with its own sign, or before one that French sets apart by a space.
_CLAUSE_END = re.compile(r"^\S*[,;:.!?] |^\S+ [:;–—-]$")
_CLAUSE_TAIL = re.compile(r"[\s,;:–—-]+$")
_CLAUSE_WORDS = 3
_QUOTED = re.compile(r"«\s*([^«»]*?)\s*»")


def shorten(text: str, words: int) -> str:
    """Return the text in at most so many words: cut where a clause ends, else with an ellipsis for what was left out.

    Signs that stand alone are no words. Marks of quotation become inner ones: what is shortened is quoted itself.
    """
    pieces = _QUOTED.sub(r"“\1”", text).split()
    places = [place for place, piece in enumerate(pieces, 1) if any(letter.isalnum() for letter in piece)]
    if len(places) <= words:
        return " ".join(pieces)
    last = places[words - 1]
    ends = [
        place
        for place in range(places[min(_CLAUSE_WORDS, words) - 1], last + 1)
        if _CLAUSE_END.search(f"{pieces[place - 1]} {pieces[place]}")
    ]
    if ends:
        return closed(_CLAUSE_TAIL.sub("", " ".join(pieces[: ends[-1]])))
    return closed(" ".join(pieces[:last]) + "…")


def lint(sentences: Iterable[str]) -> list[str]:
    """Return what generated text must not say, a line each; empty where all is well."""
    problems = []
    for text in sentences:
        problems += [f"banned, {pattern.pattern}: {text}" for pattern in _BANNED if pattern.search(text)]
        for sentence in _SENTENCE_END.split(text):
            if _CONFIDENCE.search(sentence) and _PROBABILITY.search(sentence):
                problems.append(f"probability and confidence in one sentence: {sentence}")
    return problems
