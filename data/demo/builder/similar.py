"""Keep independent mentions apart: an index of character shingles that says how near the nearest earlier text is."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from itertools import chain

SHINGLE = 4
_MARKS = re.compile("[\u0300-\u036f]+")
_SIGNS = re.compile(r"[\W_]+")


def shingles(text: str) -> frozenset[str]:
    """Return the character shingles of a text, without case, accents and signs."""
    plain = _SIGNS.sub(" ", _MARKS.sub("", unicodedata.normalize("NFKD", text.lower())))
    plain = f" {plain.strip()} "
    return frozenset(plain[i : i + SHINGLE] for i in range(max(1, len(plain) - SHINGLE + 1)))


def cosine(left: frozenset[str], right: frozenset[str]) -> float:
    """Return the cosine of two sets of shingles, 0 to 1."""
    return len(left & right) / ((len(left) * len(right)) ** 0.5) if left and right else 0.0


class Index:
    """Texts seen so far, by theme: texts of other themes cannot be near enough to matter."""

    def __init__(self) -> None:
        self._sizes: dict[str, list[int]] = {}
        self._postings: dict[str, dict[str, list[int]]] = {}

    def nearest(self, theme: str, found: frozenset[str]) -> float:
        """Return the cosine to the nearest text of the theme."""
        postings, sizes = self._postings.get(theme, {}), self._sizes.get(theme, [])
        shared = Counter(chain.from_iterable(postings[shingle] for shingle in found if shingle in postings))
        return max((count / (len(found) * sizes[row]) ** 0.5 for row, count in shared.items()), default=0.0)

    def add(self, theme: str, found: frozenset[str]) -> None:
        """Remember a text."""
        sizes, postings = self._sizes.setdefault(theme, []), self._postings.setdefault(theme, {})
        for shingle in found:
            postings.setdefault(shingle, []).append(len(sizes))
        sizes.append(len(found))
