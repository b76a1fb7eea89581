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
from veille.pseudonym import bare_term, sealed_term


def leaking(title: pd.Series, text: pd.Series, terms: Sequence[str]) -> NDArray[np.bool_]:
    """Return which mentions hold a confidential term, shape (mentions,).

    The spellings are those that `veille.masking` hides, so that what opens a leak is never printed.
    """
    patterns = spellings(terms)
    if not patterns or not len(title):
        return np.zeros(len(title), dtype=bool)
    folded = fold(title.fillna("") + " \n " + text.fillna(""))
    return np.asarray(folded.str.contains(re.compile("|".join(patterns))).to_numpy(dtype=bool))


def leaked(key: bytes, title: pd.Series, text: pd.Series, terms: Sequence[str]) -> pd.DataFrame:
    """Return which mentions hold which confidential terms: columns `place` (row of `title`) and `term` (its keyed hash).

    Of terms that hold one another the longest counts: who says "Projet Soleil" says no second thing by "Soleil".
    """
    held = np.flatnonzero(leaking(title, text, terms))
    title, text = title.iloc[held], text.iloc[held]
    places: list[int] = []
    seals: list[str] = []
    known: list[tuple[str, NDArray[np.bool_]]] = []
    for letters, term in sorted({(bare_term(term), term) for term in terms}, key=lambda pair: (-len(pair[0]), pair)):
        mine = leaking(title, text, [term])
        known.append((letters, mine))
        for longer, found in known[:-1]:
            if letters in longer:
                mine = mine & ~found
        places += held[mine].tolist()
        seals += [sealed_term(key, term)] * int(mine.sum())
    return pd.DataFrame({"place": places, "term": seals}).drop_duplicates(ignore_index=True)
