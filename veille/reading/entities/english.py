"""Names in English by rules alone: runs of capitals, and what stands in them, before them and after them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from veille.reading.entities import lists, rules
from veille.reading.entities.rules import Span
from veille.reading.entities.tables import EntityKind

_WORD = r"(?:[A-ZÀ-Þ][\w'’]*(?:-[A-Z]?\w+)*|Mc[A-Z]\w+)"
_RUN: Final = re.compile(rf"(?<![\w@#./-]){_WORD}(?:\.?\s(?:(?:of|de|von|van|al|bin|der|the|for|and)\s)?{_WORD}){{0,5}}")
_SAYS: Final = re.compile(
    r"^,?\s(?:said|says|told|tells|added|warned|announced|wrote|tweeted|argued|explained|insisted|denied|resigned|resigns|admitted|claimed"
    r"|accused|apologised|apologized|stepped down|steps down|testified|confirmed|promised|called for)\b"
)


def names(texts: Sequence[str]) -> list[list[Span]]:
    """Return the names in each text, in order.

    Parameters
    ----------
    texts
        Cleaned texts, English.
    """
    return [_names(rules.straight(text)) for text in texts]


def _names(text: str) -> list[Span]:
    spans = rules.certain(text)
    letters = [letter for letter in text if letter.isalpha()]
    if sum(letter.isupper() for letter in letters) > 0.6 * len(letters):
        return spans
    for match in _RUN.finditer(text):
        start, end = _without_head(text, match.start(), match.end())
        bare = rules.without_title(text[start:end])
        had_title = bare != text[start:end]
        start = text.index(bare, start) if bare in text[start:end] else start
        bare = bare.removesuffix("'s")
        span = Span(start, start + len(bare), bare, EntityKind.NONE)
        if not bare or rules.refused(text, span) or any(one.start < span.end and span.start < one.end for one in spans):
            continue
        kind = _kind(text, span, had_title=had_title)
        if kind is not None:
            spans.append(Span(span.start, span.end, span.name, kind))
    return rules.apart(_again(text, spans))


def _without_head(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the run without words that only bear a capital at its head: "Yesterday Larry Davies" is Larry Davies."""
    while True:
        head = re.match(r"([\w']+)\.?\s+", text[start:end])
        if head is None or lists.split(head[1])[:1] == () or lists.split(head[1])[0] not in lists.not_names():
            return start, end
        start += head.end()


def _kind(text: str, span: Span, *, had_title: bool) -> EntityKind | None:
    words = lists.split(span.name)
    parts = span.name.split()
    if had_title or rules.titled(text, span.start):
        return EntityKind.PERSON
    if len(parts) in (2, 3, 4) and words[0] in lists.first_names() and not any(word in lists.not_names() for word in words[1:]):
        return EntityKind.PERSON
    if len(parts) in (2, 3) and _SAYS.match(text[span.end :]) and not any(word in lists.not_names() for word in words):
        return EntityKind.PERSON
    return None


def _again(text: str, spans: list[Span]) -> list[Span]:
    """Return the spans with the surnames that stand alone of the persons named in full before."""
    result = list(spans)
    for person in [one for one in spans if one.kind is EntityKind.PERSON and " " in one.name]:
        surname = re.escape(person.name.split()[-1])
        result += [
            Span(match.start(), match.end(), match[0], EntityKind.PERSON)
            for match in re.finditer(rf"(?<![\w-]){surname}(?![\w-])", text)
            if match.start() >= person.end
        ]
    return result
