"""Leaks: a confidential term seen in public, however it is inflected or spaced out.

A term is never printed: what leaves this module is which mentions hold one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from veille.folding import fold
from veille.masking import spellings


def leaking(title: pd.Series, text: pd.Series, terms: Sequence[str]) -> NDArray[np.bool_]:
    """Return which mentions hold a confidential term, shape (mentions,).

    The spellings are those that `veille.masking` hides, so that what opens a leak is never printed.
    """
    patterns = spellings(terms)
    if not patterns or not len(title):
        return np.zeros(len(title), dtype=bool)
    folded = fold(title.fillna("") + " \n " + text.fillna(""))
    return np.asarray(folded.str.contains(re.compile("|".join(patterns))).to_numpy(dtype=bool))
