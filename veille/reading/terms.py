"""Lists of words and phrases looked up in many texts: a quick yes or no for all, the words only where there are some."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from veille.folding import arrow_texts, clean_text, token_text

_ANY = "[^ ]+"


def words_text(text: pd.Series) -> pd.Series:
    """Return each text as its folded words between single spaces, a space before the first and after the last.

    An `@` or `#` stays at the head of its word; see `veille.folding.token_text`.
    """
    words = token_text(arrow_texts(text))
    return pd.Series(words.to_numpy(zero_copy_only=False), index=text.index, dtype="object")


@dataclass(frozen=True)
class Terms:
    """Alternatives to look for in texts as of `words_text`.

    Parameters
    ----------
    alternatives
        Patterns of words between single spaces, without the spaces around; none matches nothing.
    """

    alternatives: tuple[str, ...]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Return one pattern, the longest alternative first; the spaces around are not part of a match."""
        ordered = sorted(set(self.alternatives), key=lambda part: (-len(part), part))
        return re.compile(rf"(?<= )(?:{'|'.join(ordered)})(?= )" if ordered else r"(?!)")

    def holds(self, words: pd.Series) -> NDArray[np.bool_]:
        """Say which texts hold any, in time linear in the texts."""
        if not self.alternatives or words.empty:
            return np.zeros(len(words), dtype=bool)
        texts = pa.array(words, type=pa.string())
        pattern = f" (?:{'|'.join(self.alternatives)}) "
        return np.asarray(pc.match_substring_regex(texts, pattern=pattern).to_numpy(zero_copy_only=False), dtype=bool)

    def found(self, words: pd.Series) -> pd.Series:
        """Return the different words found in each text, in their order and without `#`, as lists."""
        return words.map(lambda text: list(dict.fromkeys(found.lstrip("#") for found in self.pattern.findall(text))))

    def blanked(self, words: pd.Series) -> pd.Series:
        """Return the texts with `_` in the place of whatever is found."""
        rows = words.index[self.holds(words)]
        result = words.copy()
        result.loc[rows] = words.loc[rows].map(lambda text: self.pattern.sub("_", text))
        return result

    def __or__(self, other: Terms) -> Terms:
        return Terms((*self.alternatives, *other.alternatives))


def terms(entries: Iterable[str]) -> Terms:
    """Read plain terms: a `*` alone stands for any word, at the end of a word for any ending; `#word` is found too."""
    listed = list(entries)
    pieces = list(dict.fromkeys(piece for term in listed for piece in term.split()))
    # All at once: folding a single word costs as much as folding a thousand.
    folded = token_text(pa.array(map(clean_text, pieces), pa.string())).to_pylist()
    words = {piece: str(text).split() for piece, text in zip(pieces, folded, strict=True)}
    return Terms(tuple(dict.fromkeys(filter(None, (_alternative(term, words) for term in listed)))))


def _alternative(term: str, words: dict[str, list[str]]) -> str:
    parts: list[str] = []
    for piece in term.split():
        found = [re.escape(word) for word in words[piece]]
        if found and piece.endswith("*"):
            found[-1] += "[^ ]*"
        parts += [_ANY] if piece == "*" else found
    return f"#?{' '.join(parts)}" if parts and parts != [_ANY] else ""
