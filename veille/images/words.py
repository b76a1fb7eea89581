"""The words in a picture, by Tesseract where it is installed; nothing here is ever required."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from veille.folding import clean_text, words_of
from veille.images.tables import WordsVerdict

LEAST_CONFIDENCE = 60
"""Tesseract's own confidence, 0 to 100, below which a word is not believed."""
SECONDS_A_PICTURE = 20
MOST_CHARACTERS = 4_000
_CODES = {"fr": "fra", "en": "eng", "ar": "ara"}
_ALWAYS = ("fr", "en", "ar")
_WHITE = 235
_LONGEST = 1600
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]+")


@dataclass(frozen=True, slots=True)
class Words:
    """What was read.

    Parameters
    ----------
    text
        The words believed, between spaces; empty where there are none.
    verdict
        Whether they could be read.
    """

    text: str
    verdict: WordsVerdict


def installed() -> tuple[str, ...]:
    """Return the languages that the installed Tesseract reads, as it names them; none where it is not installed."""
    if shutil.which("tesseract") is None:
        return ()
    # Late: most runs look at no picture.
    import pytesseract

    try:
        return tuple(sorted(set(pytesseract.get_languages()) - {"osd"}))
    except (OSError, RuntimeError, ValueError, pytesseract.TesseractError):
        return ()


def chosen(available: Iterable[str], languages: Sequence[str] = _ALWAYS) -> str:
    """Return the languages to read in as Tesseract takes them: French, English and Arabic where it has them."""
    there = set(available)
    codes = [_CODES[code] for code in dict.fromkeys((*languages, *_ALWAYS)) if code in _CODES]
    return "+".join(code for code in codes if code in there)


def read_words(image: Image.Image, languages: str) -> Words:
    """Return the words in a picture.

    Parameters
    ----------
    image
        Red, green and blue.
    languages
        What `chosen` gives; empty where Tesseract is not installed.

    Notes
    -----
    Read twice: as a page, and the white of it alone, in which the words of memes stand; what gave more letters counts.
    """
    if not languages:
        return Words("", WordsVerdict.NOT_INSTALLED)
    grey = _sized(image).convert("L")
    white = np.asarray(_sized(image)).min(axis=2) > _WHITE
    passes = [(grey, "--psm 3")]
    # Where white is the ground, its letters are dark.
    if white.mean() < 0.4:
        passes.append((Image.fromarray(np.where(white, 0, 255).astype(np.uint8)), "--psm 11"))
    try:
        texts = [_pass(picture, languages, config) for picture, config in passes]
    except Exception:  # noqa: BLE001 - a program of others: whatever it does, the picture is looked at without its words
        return Words("", WordsVerdict.FAILED)
    best = max(texts, key=lambda text: sum(sign.isalnum() for sign in text))
    return Words(best, WordsVerdict.READ if best else WordsVerdict.NONE)


def differ(first: str, second: str) -> bool:
    """Say whether two copies of a picture bear other words; one or two signs misread are no other words."""
    mine, theirs = _letters(first), _letters(second)
    most = max(len(mine), len(theirs))
    if most < 4:
        return False
    from difflib import SequenceMatcher

    return SequenceMatcher(None, mine[:400], theirs[:400], autojunk=False).ratio() < 0.6


def _letters(text: str) -> str:
    return "".join(words_of(text))


def _sized(image: Image.Image) -> Image.Image:
    scale = min(2.5, _LONGEST / max(image.size))
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.LANCZOS)


def _pass(image: Image.Image, languages: str, config: str) -> str:
    import pytesseract

    told = pytesseract.image_to_data(
        image, lang=languages, config=config, timeout=SECONDS_A_PICTURE, output_type=pytesseract.Output.DICT
    )
    sure = [
        text
        for text, confidence in zip(told["text"], told["conf"], strict=True)
        if float(confidence) >= LEAST_CONFIDENCE and any(sign.isalnum() for sign in text)
    ]
    return _CONTROL.sub("", clean_text(" ".join(sure))).strip()[:MOST_CHARACTERS]
