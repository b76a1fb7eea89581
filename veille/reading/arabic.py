"""Arabic as people post it: Darija in its own letters, and in Latin letters with digits (Arabizi), which is written back.

A detector of languages knows neither, and a sentence encoder that knows Arabic reads "3lach lma m9to3" as noise.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from veille.folding import fold, fold_text

LETTERS: Final = "\u0600-\u06ff\u0750-\u077f\u0870-\u08ff\ufb50-\ufdff\ufe70-\ufefc"
"""What stands between brackets of a regular expression for a letter of Arabic."""


class Variety(StrEnum):
    """Which Arabic a text is in: the written one, Moroccan and Algerian Darija, or Darija in Latin letters."""

    STANDARD = "standard"
    DARIJA = "darija"
    ARABIZI = "arabizi"


def _plain(folded: str) -> str:
    """Return a folded text with one spelling of what Arabizi spells in many ways: a doubled letter once."""
    return re.sub(r"([a-z])\1+", r"\1", folded)


_HERE = Path(__file__).parent
# `latin` as Arabizi spells it, `arabic` as people write it in letters; what is `shared` is a word of French or English too and
# tells only beside words that are not.
_LATIN = pd.read_csv(_HERE / "darija.csv", keep_default_na=False).assign(latin=lambda frame: frame["latin"].map(_plain))
_SPELT: Final[dict[str, str]] = dict(zip(_LATIN["latin"], _LATIN["arabic"], strict=True))
_SHARED: Final = frozenset(_LATIN.loc[_LATIN["shared"] == "yes", "latin"])
_TELLING: Final = "|".join(sorted(set(_SPELT) - _SHARED, key=lambda word: (-len(word), word)))
# One digit that stands for a letter, at the head of a word, inside or at its end; what counts or measures is none.
_DIGIT_WORD: Final = re.compile(
    r"(?<![\w@#-])(?!\d+(?:e|em|eme|ere?|er|nde?|nd|rd|th|st|am|pm|h|k|m|mn|min|mois|ans?|eur|euros?|go|mo|gb|mb|kb|ko|to|kg|km|cm|mm|"
    r"cv|ch|x|d|g|gb|ghz|hz|kw|kwh|mw|ml|cl|l|ha|way|you|me|ever|nite|day|u|p|w|in|for|all|sat|bis|ter|zip|up|pts?|go|vs|eve|"
    r"heures?|jours?|fois|pers|pcs|pack|mio|mds?|etoiles?)\b)"
    r"(?:[379][a-z]{2,9}|[a-z]{1,6}[379][a-z]{1,7}(?:[379][a-z]{0,3})?|[a-z]{2,7}[379])(?![\w-])"
)
# What a leet or a product name looks like: a digit for a vowel between consonants, or a name and its number.
_NO_ARABIC: Final = re.compile(
    r"^(?:[a-z]*[bcdfgjlnptvwz]3[bdfgjlnprtvw]{1,2}[a-z]?|h3llo|l33t|n3w|win(?:dows)?\d|ps\d|mp\d|iphone\d|covid\d|gpt\d|web3|"
    r"note\d|rx\d|k7|c3po|bac\d|ter\d|rer\d|ligne\d|tgv\d|bus\d|tram\d|metro\d|zone\d|euro\d|top\d|tf1|m6|w9|tf\d|d8|france\d|fr3|"
    r"canal\d|cac\d+|art\d|lot\d|saison\d|ep\d|no\d|part\d|vol\d|phase\d|peugeot\d|audi[a-z]?\d|model3|step\d|mach3|level\d|"
    r"team\d|game\d|area\d|http\d|python\d|html\d|css3|mp3s?|sha3|es7|r9|mi9|s9|a7)$"
)
_WORD: Final = re.compile(r"[^\W_]+")
_DIGRAPHS: Final = (
    ("3'", "غ"), ("7'", "خ"), ("9'", "ض"), ("6'", "ظ"), ("tch", "تش"), ("ch", "ش"), ("sh", "ش"), ("kh", "خ"), ("gh", "غ"),
    ("th", "ث"), ("dh", "ذ"), ("ou", "و"), ("oo", "و"), ("ai", "ي"), ("ay", "اي"), ("ei", "ي"),
)  # fmt: skip
_LETTERS: Final = str.maketrans(
    {
        "2": "ء", "3": "ع", "5": "خ", "6": "ط", "7": "ح", "8": "غ", "9": "ق", "b": "ب", "c": "س", "d": "د", "e": "", "f": "ف",
        "g": "ك", "h": "ه", "i": "ي", "j": "ج", "k": "ك", "l": "ل", "m": "م", "n": "ن", "o": "و", "p": "ب", "q": "ق", "r": "ر",
        "s": "س", "t": "ت", "u": "و", "v": "ف", "w": "و", "x": "كس", "y": "ي", "z": "ز",
    }
)  # fmt: skip
# Words of Darija in Arabic letters; those that are `shared` with the written language tell nothing alone.
_LETTERED = pd.read_csv(_HERE / "darija_words.csv", keep_default_na=False)
_TOLD_BY: Final = frozenset(fold(_LETTERED.loc[_LETTERED["shared"] != "yes", "word"]))


def in_arabic_letters(text: str) -> bool:
    """Say whether more letters of a text are Arabic than not."""
    arabic = len(re.findall(f"[{LETTERS}]", text))
    return 2 * arabic > sum(map(str.isalpha, text))


def arabizi(text: pd.Series) -> NDArray[np.float64]:
    """Return how sure it is that a text is Arabic in Latin letters: 0, or .6 to .95 by the share of words that tell it.

    Parameters
    ----------
    text
        Cleaned texts.

    Notes
    -----
    A word of Darija tells fully, a word with a digit for a letter four fifths, one that is French or English too half
    and only beside the others. One that tells fully is needed, or three with digits.
    """
    head = text.astype("object").str.slice(0, 400)
    # Most texts hold no word that could tell: one pass over them all, and the rest is done on the few.
    plain = pd.Series([_plain(item) for item in fold(head)], index=head.index, dtype="object")
    sure = np.zeros(len(head))
    likely = plain.str.contains(rf"\b(?:{_TELLING}|[a-z]*[379][a-z]+|[a-z]{{2,}}[379])\b", regex=True).to_numpy(dtype=bool)
    for row in np.flatnonzero(likely):
        sure[row] = _surety(plain.iloc[row])
    return sure


def _surety(plain: str) -> float:
    words = _WORD.findall(plain)
    full = sum(word in _SPELT and word not in _SHARED for word in words)
    digits = sum(word not in _SPELT and bool(_DIGIT_WORD.fullmatch(word)) and not _NO_ARABIC.match(word) for word in words)
    soft = sum(word in _SHARED for word in words)
    if not (full or digits >= 3):
        return 0.0
    weight = full + 0.8 * digits + 0.5 * soft
    share = weight / max(len(words), 1)
    enough = weight >= 1.8 if len(words) > 3 else weight >= 1
    return min(0.6 + share / 2, 0.95) if enough and share >= 0.25 else 0.0


def varieties(text: pd.Series, language: pd.Series) -> pd.Series:
    """Return which Arabic each text is in, missing where its language is not Arabic.

    Parameters
    ----------
    text
        Cleaned texts.
    language
        Their languages, ISO 639-1, on the same index.
    """
    result = pd.Series(None, index=text.index, dtype="object")
    told = language == "ar"
    if told.any():
        result[told] = [_variety(item) for item in fold(text[told].astype("object").str.slice(0, 400))]
    return result


def _variety(folded: str) -> str:
    words = _WORD.findall(folded)
    if sum(bool(re.search(f"[{LETTERS}]", word)) for word in words) * 2 < len(words):
        return Variety.ARABIZI.value
    stems = [word[1:] if len(word) > 3 and word[0] in "وف" else word for word in words]
    return (Variety.STANDARD if _TOLD_BY.isdisjoint([*words, *stems]) else Variety.DARIJA).value


def latin_to_arabic(text: str) -> str:
    """Return a text of Arabizi with its words in Arabic letters; those that are French or English words stay.

    The table follows what Moroccans and Algerians write: 2 ء, 3 ع, 5 خ, 6 ط, 7 ح, 8 غ, 9 ق, `ch` ش, `gh` غ, `kh` خ, `ou` و.
    """
    return _WORD.sub(lambda match: _in_arabic(match[0]), fold_text(text))


def written_back(texts: Sequence[str]) -> list[str]:
    """Return the texts, those of Arabizi in Arabic letters: what an encoder that knows Arabic is given."""
    said = pd.Series(list(texts), dtype="object")
    sure = arabizi(said)
    return [latin_to_arabic(text) if chance else text for text, chance in zip(texts, sure, strict=True)]


def _in_arabic(written: str) -> str:
    word = _plain(written)
    if word in _SPELT:
        return _SPELT[word]
    if not word.isascii() or word.isdecimal() or not _looks_arabic(word):
        return written
    for latin, arabic in _DIGRAPHS:
        word = word.replace(latin, arabic)
    # A short "a" between consonants is not written, at the ends of a word it is.
    inner = re.sub(r"(?<=.)a(?=[^\Wa][^\W])", "", word)
    return inner.replace("a", "ا").translate(_LETTERS)


def _looks_arabic(word: str) -> bool:
    """Say whether a word of an Arabizi text is Arabic: a digit for a letter, or sounds that French and English do not write."""
    digit = bool(re.search(r"[235679]", word)) and bool(re.search(r"[a-z]", word))
    sounds = bool(re.search(r"kh|gh[^t]|dh|^[bdflmnstkwr][bdfgjkmnqstwz]|^l[bcdfghjkmnpqrstwz]|[^aeiouy]{3}", word))
    negation = bool(re.fullmatch(r"ma[a-z0-9]{2,}(?:ch|sh)", word))
    return digit or sounds or negation
