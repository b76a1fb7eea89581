"""Find and cut out, of any text, what it quotes of texts that must go.

Titles of topics and signals, notes, and whole bulletins quote mentions, cut, folded or masked. What is shared letter by
letter over a length that chance does not give is a quotation; case, accents and signs do not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from veille.folding import clean_text, fold_text

LETTERS = 24
"""Letters and digits in a row that two texts share by quotation only: about five words."""
FEWEST_LETTERS = 8
"""A shorter text, of at least so many letters, is quoted where a text or a part between signs is that text and no more."""
CUT = "[…]"
_NO_LETTERS = re.compile(r"[\W_]+")
_CHARACTERS = 20_000


def letters(text: str) -> str:
    """Return the letters and digits of a text, folded."""
    return _NO_LETTERS.sub("", fold_text(clean_text(text[:_CHARACTERS])))


def without(values: Sequence[str], gone: Iterable[str]) -> list[str]:
    """Return the texts with `[…]` in place of what they quote of texts that must go.

    Parameters
    ----------
    values
        Texts that may quote, in order.
    gone
        Texts that must go; at most 20,000 characters of each are looked at.
    """
    written = [_Written(value) for value in values]
    asked = {text.letters[start : start + LETTERS] for text in written for start in range(len(text.letters) - LETTERS + 1)}
    whole = {text.letters for text in written if FEWEST_LETTERS <= len(text.letters) < LETTERS}
    shared: set[str] = set()
    for text in gone:
        bare = letters(text)
        if bare in whole:
            shared.add(bare)
        shared |= asked.intersection(bare[start : start + LETTERS] for start in range(len(bare) - LETTERS + 1))
    return [text.without(shared) for text in written] if shared else list(values)


class _Written:
    """A text, its letters, and where in the text each of them stands."""

    def __init__(self, text: str) -> None:
        self.text = clean_text(text)
        pieces = [_NO_LETTERS.sub("", fold_text(sign)) for sign in self.text]
        self.letters = "".join(pieces)
        self._places = [place for place, piece in enumerate(pieces) for _ in piece]

    def without(self, shared: set[str]) -> str:
        if self.letters in shared:
            return CUT
        covered = [False] * len(self.letters)
        for start in range(len(self.letters) - LETTERS + 1):
            if self.letters[start : start + LETTERS] in shared:
                covered[start : start + LETTERS] = [True] * LETTERS
        if not any(covered):
            return self.text
        parts: list[str] = []
        done = 0
        start = 0
        while start < len(covered):
            if not covered[start]:
                start += 1
                continue
            end = start
            while end < len(covered) and covered[end]:
                end += 1
            parts += [self.text[done : self._places[start]], CUT]
            done = self._places[end - 1] + 1
            start = end
        return "".join([*parts, self.text[done:]])
