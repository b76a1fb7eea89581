"""The text that is read of a mention: title and lead, cleaned, and its hash.

Language, tone and embedding must see the same words, and the cost of an embedding grows with the length, so the text is
cut once, here. Addresses and handles are taken out: they say who and where, not what.
"""

from __future__ import annotations

import hashlib
import html

import numpy as np
import pandas as pd

from veille.folding import clean_text, fold

LEAD_CHARACTERS = 280
STORY_CHARACTERS = 600
# More is never looked at, however long a text is.
_RAW_CHARACTERS = 4000

_CONTROL = r"[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+"
_ADDRESS = r"(?:https?://|www\.)\S+"
_REPOST = r"^\s*(?:RT|rt)\s+(?:@[\w.@-]+\s*:?|:)\s*"
_HANDLE = r"(?<![\w@.])@[\w.-]+(?:@[\w.-]+\w)?"
_MAIL = r"\S+@\S+\.\w+"


def clean(text: pd.Series) -> pd.Series:
    """Return the texts without markup entities, control characters, addresses, handles, repost marks and doubled spaces.

    Parameters
    ----------
    text
        Any texts, missing ones count as empty; only the first 4,000 characters of each are looked at.
    """
    # A lone surrogate, which hostile input may carry, cannot be stored in an Arrow string.
    raw = text.astype("object")
    raw = raw.where(raw.notna(), "").map(lambda item: clean_text(str(item)[:_RAW_CHARACTERS]))
    escaped = raw.map(lambda item: html.unescape(item) if "&" in item else item)
    visible = escaped.str.replace(_CONTROL, " ", regex=True)
    bare = visible.str.replace(_REPOST, "", regex=True).str.replace(_ADDRESS, " ", regex=True)
    bare = bare.str.replace(_MAIL, " ", regex=True).str.replace(_HANDLE, " ", regex=True)
    bare = bare.str.replace(r"#(?=\w)", "", regex=True)
    return bare.str.replace(r"\s+", " ", regex=True).str.strip()


def join_title(title: pd.Series, text: pd.Series) -> pd.Series:
    """Return title and body as one text; a body that begins with its title is taken alone.

    Parameters
    ----------
    title, text
        Cleaned texts on the same index.
    """
    repeated = pd.Series([body.startswith(head) for head, body in zip(title, text, strict=True)], index=title.index, dtype=bool)
    ended = title.str.contains(r"[.!?…:]$", regex=True)
    glue = pd.Series(np.where(ended, " ", ". "), index=title.index, dtype="object")
    both = title + glue + text
    joined = both.where((title != "") & (text != ""), title + text)
    return joined.where(~repeated, text)


def cut(text: pd.Series, characters: int) -> pd.Series:
    """Return the texts cut at the last space before `characters`, or hard where there is none in the last quarter."""
    head = text.str.slice(0, characters)
    at_word = head.str.replace(r"\s+\S*$", "", regex=True)
    whole = text.str.len() <= characters
    good = at_word.str.len() >= characters * 3 // 4
    return head.where(whole | ~good, at_word)


def mention_texts(mentions: pd.DataFrame) -> pd.DataFrame:
    """Return what is read of each mention.

    Parameters
    ----------
    mentions
        Frame with `title` and `text`.

    Returns
    -------
    pandas.DataFrame
        On the index of `mentions`: `story_text` (at most 600 characters) and `lead` (at most 280 characters: what is
        embedded and hashed).
    """
    whole = join_title(clean(mentions["title"]), clean(mentions["text"]))
    return pd.DataFrame({"story_text": cut(whole, STORY_CHARACTERS), "lead": cut(whole, LEAD_CHARACTERS)}, dtype="object")


def text_hashes(text: pd.Series) -> pd.Series:
    """Return the SHA-256 of each text, hex."""
    return text.map(lambda item: hashlib.sha256(item.encode("utf-8", "replace")).hexdigest()).astype("object")


def tokens(text: pd.Series) -> pd.DataFrame:
    """Return one row a word, in order: `row` (position of its text), `word` (folded), words being runs of letters and digits.

    Notes
    -----
    English contracted negations become `not` before apostrophes split words, or "don't" would lose what it denies.
    """
    folded = fold(text.str.replace("’", "'", regex=False))
    folded = folded.str.replace(r"n't\b", " not", regex=True)
    words = folded.str.findall(r"[^\W_]+").reset_index(drop=True)
    flat = words.explode()
    flat = flat[flat.notna()]
    return pd.DataFrame({"row": flat.index.to_numpy(dtype=np.int64), "word": flat.to_numpy(dtype="object")})
