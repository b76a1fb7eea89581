"""Leaks: a confidential term seen in public, however it is inflected or spaced out.

A term is never printed: what leaves this module is which mentions hold one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

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


def leaking(title: pd.Series, text: pd.Series, terms: Sequence[str]) -> NDArray[np.bool_]:
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
