"""Known names: places from CLDR and our own list, organisations, first names, and words that only look like names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Final

from babel import Locale

from veille.folding import fold_text
from veille.reading.entities.tables import EntityKind

WORD: Final = re.compile(r"[^\W_]+")
# Between the words of one name.
_GAP: Final = re.compile(r"\s?[-'’.&]?\s?")
_ACRONYM_LETTERS = 5
_ARTICLES: Final = frozenset(("le", "la", "les", "l", "the"))
# A single word from here on is a name even where nobody wrote its capital, unless it is a word as well.
_PLAIN_LETTERS = 6


@dataclass(frozen=True, slots=True)
class Known:
    """A known name as the words it is made of.

    Parameters
    ----------
    words
        Folded.
    kind
        What it stands for.
    shown
        As it is written.
    """

    words: tuple[str, ...]
    kind: EntityKind
    shown: str

    @property
    def acronym(self) -> bool:
        """Whether it must be written with the same letters, small or large: "OMS", not "oms"; "UE", not "ue"."""
        return len(self.words) == 1 and len(self.shown) <= _ACRONYM_LETTERS and self.shown.isupper()


def _lines(file: str) -> Iterator[str]:
    text = resources.files("veille.reading.entities").joinpath("lists", file).read_text("utf-8")
    return (line for line in text.splitlines() if line and not line.startswith("#"))


def split(name: str) -> tuple[str, ...]:
    """Return the folded words of a name."""
    return tuple(WORD.findall(fold_text(name)))


@cache
def known() -> dict[str, tuple[Known, ...]]:
    """Return the known places and organisations by their first word, the longest first."""
    names: dict[tuple[str, ...], Known] = {}
    places = [name.strip() for line in _lines("places.txt") for name in line.split(";")]
    for code in ("fr", "en"):
        territories = Locale(code).territories
        # Two letters are a country; numbers are parts of the world, and of four codes none is a place.
        places += [
            str(name).split(" (")[0]
            for key, name in territories.items()
            if len(key) == 2 and key not in ("EU", "EZ", "UN", "QO", "XA", "XB", "ZZ")
        ]
    organisations = [name.strip() for line in _lines("organisations.txt") for name in line.split(";")]
    for kind, listed in ((EntityKind.PLACE, places), (EntityKind.ORGANISATION, organisations)):
        for name in listed:
            words = split(name)
            names[words] = Known(words, kind, name)
    by_first: dict[str, list[Known]] = {}
    for item in names.values():
        by_first.setdefault(item.words[0], []).append(item)
    return {first: tuple(sorted(items, key=lambda item: -len(item.words))) for first, items in by_first.items()}


@cache
def ambiguous() -> frozenset[str]:
    """Return the known names of one word that are something else as well, folded."""
    return frozenset(fold_text(name) for line in _lines("ambiguous.txt") for name in line.split())


@cache
def first_names() -> frozenset[str]:
    """Return the first names, folded."""
    return frozenset(fold_text(name) for line in _lines("first_names.txt") for name in line.split())


@cache
def not_names() -> frozenset[str]:
    """Return the words that name nobody though they bear a capital, folded."""
    return frozenset(fold_text(name) for line in _lines("not_names.txt") for name in line.split())


def kind_of(name: str) -> EntityKind | None:
    """Return what a name that is in the lists stands for, None where it is in none."""
    words = split(name)
    return next((item.kind for item in known().get(words[0], ()) if item.words == words), None) if words else None


def found(
    text: str, names: dict[str, tuple[Known, ...]] | None = None, *, any_case: bool = False
) -> list[tuple[int, int, Known]]:
    """Return where a text holds known names, each as (start, end, name), the longest at each place, none overlapping.

    Parameters
    ----------
    text
        As it is written, apostrophes straight.
    names
        As `known` gives them, which is the default.
    any_case
        Whether a name counts also where it is written small.
    """
    listed = known() if names is None else names
    spans = [(match.start(), match.end(), fold_text(match[0])) for match in WORD.finditer(text)]
    # In a text that shouts, capitals say nothing.
    shouts = sum(letter.isupper() for letter in text) > sum(letter.islower() for letter in text)
    result: list[tuple[int, int, Known]] = []
    place = 0
    while place < len(spans):
        item = next(
            (one for one in listed.get(spans[place][2], ()) if _stands(one, text, spans, place, any_case, shouts)), None
        )
        if item is None:
            place += 1
            continue
        end = spans[place + len(item.words) - 1][1]
        result.append((spans[place][0], end + item.shown.endswith("+"), item))
        place += len(item.words)
    return result


def _stands(item: Known, text: str, spans: list[tuple[int, int, str]], place: int, any_case: bool, shouts: bool) -> bool:
    taken = spans[place : place + len(item.words)]
    if tuple(word for _, _, word in taken) != item.words:
        return False
    if any(not _GAP.fullmatch(text[one[1] : other[0]]) for one, other in pairwise(taken)):
        return False
    start, end = taken[0][0], taken[-1][1]
    if item.shown.endswith("+") and text[end : end + 1] != "+":
        return False
    # "@orange" is an account; "vert-orange" a colour.
    if start and text[start - 1] in "@-_":
        return False
    if any_case:
        return True
    # "Le point" opens a sentence, "Le Point" is a weekly.
    if len(taken) > 1 and taken[0][2] in _ARTICLES and not text[taken[1][0]].isupper():
        return False
    if item.acronym:
        return text[start:end] == item.shown and not shouts
    plain = len(item.words) == 1 and len(item.words[0]) >= _PLAIN_LETTERS and item.kind is EntityKind.ORGANISATION
    return text[start].isupper() or (plain and item.words[0] not in ambiguous())
