"""A draft as it is looked at: its sentences and clauses, each with its place in what was written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from veille.folding import clean_text, fold_text

MOST_CHARACTERS = 20_000
"""A public reply is shorter; more is refused before anything looks at it."""
_SENTENCE = re.compile(r"[^.!?…;\n]+(?:[.](?=\w)[^.!?…;\n]*)*[.!?…;\n]*")
_CLAUSE = re.compile(
    r"\s*(?:[,:(]|\s[–—-]\s|\b(?:et|mais|car|puisque|parce qu[e']|donc|and|but|because|since|so|que|qui)\b)\s*", re.IGNORECASE
)
_ABBREVIATED = re.compile(r"(?:^|\s)(?:M|MM|Mme|Mlle|Dr|Me|Mr|Mrs|Ms|art|n)\.\s*$", re.IGNORECASE)
_GREETING = re.compile(
    r"^\W*(?:@[\w.@-]+\W+)*(?:(?:re)?bonjour|bonsoir|salut|hello|hi(?: there)?|hey|good (?:morning|afternoon|evening)|"
    r"oui|non|yes|no|merci|thanks|thank you)\b[\s,!.:;–-]*",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Place:
    """From where to where in the draft, in characters, `end` excluded."""

    start: int
    end: int


@dataclass(frozen=True)
class Sentence:
    """One sentence of a draft, with its place."""

    text: str
    place: Place

    @property
    def said(self) -> str:
        """The sentence without greeting."""
        return _GREETING.sub("", self.text, count=1).strip()

    @property
    def clauses(self) -> tuple[str, ...]:
        """Its parts between commas and conjunctions."""
        return tuple(part for part in (piece.strip() for piece in _CLAUSE.split(self.said)) if part)

    @property
    def words(self) -> list[str]:
        """Its folded words, greeting apart."""
        return _WORD.findall(fold_text(self.said))


@dataclass(frozen=True)
class Draft:
    """What somebody wants to post.

    Parameters
    ----------
    text
        As it was written, but for lone surrogates, which no file holds.
    """

    text: str
    _origin: list[int] = field(default_factory=list, compare=False)

    @classmethod
    def of(cls, text: str) -> Draft:
        """Return the draft of a text; offsets are those of the text."""
        return cls(clean_text(text))

    @cached_property
    def folded(self) -> str:
        """The text folded, each letter still knowing where it stood."""
        pieces = [_folded(sign) for sign in self.text]
        self._origin[:] = [place for place, piece in enumerate(pieces) for _ in piece]
        return "".join(pieces)

    def places(self, pattern: re.Pattern[str]) -> Iterator[Place]:
        """Yield where a pattern over folded text matches, in the draft as it was written."""
        for match in pattern.finditer(self.folded):
            if match.end() > match.start():
                yield Place(self._origin[match.start()], self._origin[match.end() - 1] + 1)

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """Its sentences that hold a word; a stop in a number, an address or after a title ends none."""
        spans: list[tuple[int, int]] = []
        for match in _SENTENCE.finditer(self.text):
            start, end = match.span()
            if spans and spans[-1][1] == start and _ABBREVIATED.search(self.text[spans[-1][0] : start]):
                spans[-1] = (spans[-1][0], end)
            else:
                spans.append((start, end))
        return tuple(
            Sentence(self.text[start:end].strip(), _tight(self.text, start, end))
            for start, end in spans
            if _WORD.search(self.text[start:end])
        )

    def sentence_at(self, place: Place) -> Sentence | None:
        """Return the sentence that a place begins in."""
        return next((one for one in self.sentences if one.place.start <= place.start < one.place.end), None)


def overlaps(place: Place, others: Iterable[Place]) -> bool:
    """Say whether a place shares a character with one of others."""
    return any(place.start < other.end and other.start < place.end for other in others)


def _tight(text: str, start: int, end: int) -> Place:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Place(start, end)


@lru_cache(maxsize=4096)
def _folded(sign: str) -> str:
    return fold_text(sign)
