"""Leaks: a confidential term seen in public, however it is inflected or spaced out.

A term is never printed: what leaves this module is which mentions hold one.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from veille.errors import WatchError
from veille.folding import fold, fold_text

# Signs people put between letters so that a search does not find the word: "p r o j e t", "pro.jet", "pro_jet".
_BETWEEN = r"[\s\W_]{0,2}"
# Figures written for letters.
_LOOKALIKES = {
    "a": "[a4@]",
    "e": "[e3€]",
    "i": "[i1!]",
    "l": "[l1]",
    "o": "[o0]",
    "s": "[s5$]",
    "t": "[t7]",
    "b": "[b8]",
    "g": "[g9]",
}
_ENDING = r"(?:s|x|e|es|aux|'s)?"
_SHORT_LETTERS = 5


def read_terms(path: Path | None) -> list[str]:
    """Return the confidential terms of a file, one a line; blank lines and lines that begin with `#` are left out.

    Raises
    ------
    WatchError
        The file that watch.yml names cannot be read.
    """
    if path is None:
        return []
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise WatchError(
            f"the file of confidential terms cannot be read: {path}", hint="correct confidential.terms_file, or leave it out"
        ) from error
    return [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]


def leaking(title: pd.Series, text: pd.Series, terms: list[str]) -> NDArray[np.bool_]:
    """Return which mentions hold a confidential term, shape (mentions,).

    Case, accents, a plural, figures for letters, signs between the words and, in terms of five letters and more,
    between the letters do not hide one.
    """
    patterns = [pattern for pattern in (_pattern(term) for term in terms) if pattern]
    if not patterns or not len(title):
        return np.zeros(len(title), dtype=bool)
    folded = fold(title.fillna("") + " \n " + text.fillna(""))
    return np.asarray(folded.str.contains(re.compile("|".join(patterns))).to_numpy(dtype=bool))


def _pattern(term: str) -> str:
    words = re.findall(r"\w+", fold_text(term))  # a trailing `*`, which masking understands, is no word
    if not words:
        return ""
    if sum(len(word) for word in words) < _SHORT_LETTERS:
        return r"(?<!\w)" + r"[\s\W_]{1,3}".join(map(re.escape, words)) + r"(?!\w)"
    spelled = [_BETWEEN.join(_LOOKALIKES.get(letter, re.escape(letter)) for letter in word) for word in words]
    return r"(?<!\w)" + r"[\s\W_]{0,3}".join(spelled) + _ENDING + r"(?!\w)"
