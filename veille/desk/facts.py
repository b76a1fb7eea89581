"""Figures of a text: numbers, hours, dates and phone numbers in one form, so that two spellings of a figure are the same."""

from __future__ import annotations

import re

from veille.folding import fold_text

_WORDS = {
    "deux": "2", "trois": "3", "quatre": "4", "cinq": "5", "six": "6", "sept": "7", "huit": "8", "neuf": "9",
    "dix": "10",
    "onze": "11", "douze": "12", "quinze": "15", "vingt": "20", "trente": "30", "quarante": "40", "cinquante": "50",
    "cent": "100",
    "mille": "1000", "two": "2", "three": "3", "four": "4", "five": "5", "seven": "7", "eight": "8", "nine": "9", "ten": "10",
    "eleven": "11", "twelve": "12", "fifteen": "15", "twenty": "20", "thirty": "30", "forty": "40", "fifty": "50",
    "hundred": "100",
}  # fmt: skip
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_EVENING = re.compile(r"(\d{1,2})(?::(\d\d))?(?:-(\d{1,2})(?::(\d\d))?)?\s?pm\b")
_SPACED = re.compile(r"(?<=\d)[\s.](?=\d{2,3}(?!\d))")
_SIGNIFICANT = 10


def figures(text: str) -> frozenset[str]:
    """Return the figures of a text, numbers in words among them, hours of the afternoon as in `16:30`.

    `un` and `one` are articles as often as figures: they are none here.
    """
    folded = fold_text(text)
    folded = _EVENING.sub(lambda match: ":".join(_later(part) for part in match.groups() if part is not None), folded)
    joined = _SPACED.sub("", folded)
    found = {_plain(number) for number in _NUMBER.findall(joined)}
    return frozenset(found | {_WORDS[word] for word in re.findall(r"[a-z]+", folded) if _WORDS.get(word)})


def telling(found: frozenset[str]) -> frozenset[str]:
    """Return the figures that few texts share by chance: two digits and more."""
    return frozenset(number for number in found if float(number.replace(",", ".")) >= _SIGNIFICANT)


def _plain(number: str) -> str:
    return number.lstrip("0") or "0"


def _later(part: str) -> str:
    number = int(part)
    return str(number + 12) if number < 12 else part
