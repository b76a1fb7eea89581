"""Where a text names a subject: the words of its query that name it, and its name, as one pattern over the words of a text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from veille.folding import words_of
from veille.query import Node, Words, looked_for
from veille.query.tree import Every, Some
from veille.reading.terms import Terms
from veille.watch import Subject


@lru_cache(maxsize=256)
def naming(subject: Subject) -> Terms:
    """Return what names a subject, over texts as of `words_text`.

    Parameters
    ----------
    subject
        Of its query, alternatives all count; of words that must all occur only those that hold a word of the subject's name or
        id, else the first: in `rivale AND (car OR bus)`, a bus alone does not name Rivale. Exact words are compared folded.
    """
    own = {word for word in (*words_of(subject.name), *words_of(subject.id.replace("-", " "))) if len(word) > 2}
    found = dict.fromkeys(_pattern(words) for words in _names(subject.predicate.root, own))
    full = words_of(subject.name)
    if full:
        found[" ".join(rf"#?{re.escape(word)}" for word in full)] = None
    return Terms(tuple(filter(None, found)))


def _names(node: Node, own: set[str]) -> Iterator[Words]:
    match node:
        case Some():
            for part in node.parts:
                yield from _names(part, own)
        case Every():
            parts = [[*_names(part, own)] for part in node.parts]
            telling = [part for part in parts if any(_bare(token.word) in own for words in part for token in words.tokens)]
            yield from next(iter(telling), next((part for part in parts if part), []))
        case _:
            yield from looked_for(node)


def _bare(word: str) -> str:
    return word.lower().lstrip("@#")


def _pattern(words: Words) -> str:
    """Return the pattern of words as the query would find them; of an exact word its folded spelling."""
    parts = []
    for token in words.tokens:
        for word in words_of(token.word):
            sign = "" if word[0] in "@#" else "#?"
            parts.append(sign + re.escape(word) + ("[^ ]*" if token.prefix else ""))
    between = rf"(?: [^ ]+){{0,{words.between}}} " if words.between else " "
    return between.join(parts)
