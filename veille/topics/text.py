"""Public text made fit to be read in a title and counted in words; input is hostile, every pattern is linear."""

from __future__ import annotations

import html
import re
import unicodedata

import numpy as np
import pandas as pd

# A topic is named and described from the beginning of a text; the rest costs time and adds boilerplate.
LEAD_CHARACTERS = 1200

_SCRIPT = re.compile(r"(?is)<(script|style)\b[^<>]*>.*?</\1\s*>")
_TAG = re.compile(r"</?[a-zA-Z!][^<>]*>")
# Joiners, soft hyphens and direction marks stand inside words: nothing replaces them.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e01ef]"
)
# Arabic vowel signs, and the stroke that only lengthens a word: most people leave them out, and they would cut words apart.
_VOWEL_SIGN = re.compile("[\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\ufe70-\ufe7f]")
_PICTURE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00a9\u00ae\u20e3\u2122\u2190-\u21ff\u2300-\u23ff\u2460-\u27bf\u2900-\u297f\u2b00-\u2bff\u3030\u303d"
    "\ud800-\udfff\ue000-\uf8ff\ufff0-\uffff\U0001f000-\U0001faff\U000f0000-\U0010ffff]+"
)
_LINK_MARKUP = re.compile(r"!?\[([^\[\]]{0,200})\]\([^()\s]{0,500}\)")
_ADDRESS = re.compile(
    r"(?i)\b(?:https?://|www\.)[^\s<>\"]+|\b[a-z0-9][a-z0-9.-]{0,60}\.(?:com|fr|ly|co|org|net|be|gl|me)/[^\s<>\"]*"
)
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_RETWEET = re.compile(r"(?i)^\s*(?:(?:RT|MT|via)\s+@[\w.-]+\s*:?|(?:RT|MT)\s*:)\s*")
# Exports write the end of a line as two signs.
_WRITTEN_BREAK = re.compile(r"\\[nrt](?![a-zà-ÿ]{2})|(?<=\s)\\[nrt]|(?:\\[nrt]){2,}")
_HANDLE = re.compile(r"(?<![\w@])@\w[\w.-]*(?:@[\w.-]+)?")
_LAST_TAGS = re.compile(r"(?:\s*#\w+)+\s*$")
_FIRST_TAGS = re.compile(r"^\s*(?:#\w+\s+){2,}")
_EMPHASIS = re.compile(r"(?<!\w)[*_~`]{1,3}(?=\S)|(?<=\S)[*_~`]{1,3}(?!\w)")
_LINE_MARKUP = re.compile(r"^\s*(?:>+|#{1,6}(?=\s)|[-*•]\s)\s*")
_SPACES = re.compile(r"\s+")


def clean_text(text: str) -> str:
    """Return what a person would read aloud: no markup, addresses, handles, pictures and trailing hashtags.

    Accents, punctuation and letter case stay; vowel signs of Arabic go. Hashtags inside a sentence lose their sign and
    stay as words.
    """
    # Vowel signs go before NFKC, which would put a space under those that were written alone, and after, which makes some.
    unescaped = _VOWEL_SIGN.sub("", html.unescape(html.unescape(text[:LEAD_CHARACTERS])))
    kept = _VOWEL_SIGN.sub("", unicodedata.normalize("NFKC", unescaped))
    kept = _TAG.sub(" ", _SCRIPT.sub(" ", _WRITTEN_BREAK.sub(" ", kept)))
    kept = _PICTURE.sub(" ", _INVISIBLE.sub("", kept))
    kept = _LINK_MARKUP.sub(r"\1", kept)
    kept = _RETWEET.sub("", _ADDRESS.sub(" ", kept))
    kept = _MAIL.sub(" ", _HANDLE.sub(" ", kept))
    kept = _FIRST_TAGS.sub("", _LAST_TAGS.sub("", kept))
    kept = _EMPHASIS.sub("", _LINE_MARKUP.sub("", kept)).replace("#", "")
    return _SPACES.sub(" ", kept).strip()


def clean(texts: pd.Series) -> pd.Series:
    """Return a series of texts cleaned like `clean_text`, each distinct text once."""
    codes, distinct = pd.factorize(texts.fillna("").astype("object"))
    cleaned = np.array([clean_text(str(text)) for text in distinct], dtype=object)
    return pd.Series(cleaned[codes] if len(codes) else [], index=texts.index, dtype="str")


def lead(titles: pd.Series, texts: pd.Series) -> pd.Series:
    """Return title and beginning of the body as one text; a body that repeats its title counts once."""
    titles, texts = titles.fillna("").astype("str").str.strip(), texts.fillna("").astype("str").str.strip()
    joined = (titles + ". " + texts).str.slice(0, LEAD_CHARACTERS)
    pairs = zip(titles, texts, strict=True)
    repeated = pd.Series([body.startswith(head) for head, body in pairs], index=titles.index, dtype=bool)
    return (
        joined.where(~repeated, texts.str.slice(0, LEAD_CHARACTERS))
        .where(texts != "", titles)
        .where(titles != "", texts.str.slice(0, LEAD_CHARACTERS))
    )
