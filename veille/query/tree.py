"""What a query is once it is read: a small closed tree that the parser builds and the evaluator walks."""

from __future__ import annotations

from dataclasses import dataclass

WORD_FIELDS = ("title", "text", "publisher", "picture")
"""Fields that are searched word by word."""
VALUE_FIELDS = ("author", "source", "lang")
"""Fields whose whole value is compared."""
FIELDS = ("title", "text", "author", "publisher", "source", "lang", "picture", "exact")
"""Every name that may stand before a colon; `exact` is title and text with case and accents."""


@dataclass(frozen=True, slots=True)
class Token:
    """One word to find: folded (or exact), with its `@` or `#` if it has one; a prefix matches longer words too."""

    word: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """Words that follow each other in one of the fields, or stand near each other where `between` is given.

    Parameters
    ----------
    fields
        Columns to look in; any of them may match.
    tokens
        The words, in order; at least one.
    exact
        Whether case and accents count.
    between
        Most words that may stand between, in any order; None is a phrase.
    """

    fields: tuple[str, ...]
    tokens: tuple[Token, ...]
    exact: bool = False
    between: int | None = None


@dataclass(frozen=True, slots=True)
class Value:
    """The whole value of a field; `value` is as the user wrote it."""

    field: str
    value: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Every:
    """All parts hold."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """At least one part holds."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Without:
    """The part does not hold."""

    part: Node


Node = Words | Value | Every | Some | Without
