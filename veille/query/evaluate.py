"""Ask a query of a whole frame at once: words become one linear-time pattern each, over texts folded only once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from veille.errors import QueryError
from veille.folding import arrow_texts, fold, fold_text, token_text
from veille.pseudonym import pseudonym
from veille.query.near import near_in
from veille.query.tree import Every, Node, Some, Token, Value, Without, Words

_COLUMNS = {"lang": "language_declared"}
_MOST_TOGETHER = 200
"""Alternatives of one pattern, well within what RE2 compiles."""

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Folded:
    """The texts of a frame made ready for queries; each column is folded when the first query asks for it.

    Parameters
    ----------
    frame
        Mentions; the columns that queries name must be there.
    """

    frame: pd.DataFrame
    _cache: dict[tuple[str, bool], pa.Array] = field(default_factory=dict, repr=False)

    def words(self, column: str, exact: bool = False) -> pa.Array:
        """Return the words of a column between single spaces, one text a row (see `veille.folding.token_text`)."""
        if (column, exact) not in self._cache:
            # Pictures are looked at after mentions are stored: where nothing is known of them, they hold no words.
            unknown = column == "picture" and column not in self.frame.columns
            texts = pd.Series("", index=self.frame.index) if unknown else self.frame[column]
            self._cache[column, exact] = token_text(arrow_texts(texts), exact=exact)
        return self._cache[column, exact]


def fold_mentions(frame: pd.DataFrame) -> Folded:
    """Make the texts of a frame ready for several queries."""
    return Folded(frame)


@dataclass(frozen=True, slots=True)
class Query:
    """A query that was read.

    Parameters
    ----------
    text
        The query as the user wrote it.
    root
        What it means.
    """

    text: str
    root: Node

    @property
    def fields(self) -> frozenset[str]:
        """Names of the fields it looks in."""
        return frozenset(_fields(self.root))

    def matches(self, frame: pd.DataFrame, key: bytes | None = None, *, folded: Folded | None = None) -> pd.Series:
        """Say which mentions match.

        Parameters
        ----------
        frame
            Mentions; only the columns that the query names are read.
        key
            The watch's key for pseudonyms, needed by `author:` only.
        folded
            `fold_mentions(frame)`, to share the work between queries.

        Returns
        -------
        pandas.Series
            Dtype bool, the frame's index.

        Raises
        ------
        QueryError
            The query names an author and no key is given.
        """
        texts = folded if folded is not None else Folded(frame)
        return pd.Series(_flags(self.root, texts, key), index=frame.index, dtype="bool", name="matches")


def _flags(node: Node, texts: Folded, key: bytes | None) -> Flags:
    match node:
        case Words():
            return _any([_words_flags(node, texts.words(name, node.exact)) for name in node.fields])
        case Value():
            return _value_flags(node, texts, key)
        case Without():
            return ~_flags(node.part, texts, key)
        case Some():
            return _some(node.parts, texts, key)
        case Every():
            return ~_any([~_flags(part, texts, key) for part in node.parts])


def _fields(node: Node) -> Iterator[str]:
    match node:
        case Words():
            yield from node.fields
        case Value():
            yield node.field
        case Without():
            yield from _fields(node.part)
        case Some() | Every():
            for part in node.parts:
                yield from _fields(part)


def _some(parts: tuple[Node, ...], texts: Folded, key: bytes | None) -> Flags:
    """Look for all words and phrases of an OR in one pass: names of brands come in long lists."""
    together: dict[tuple[tuple[str, ...], bool], list[str]] = {}
    flags: list[Flags] = []
    for part in parts:
        if isinstance(part, Words) and part.between is None:
            together.setdefault((part.fields, part.exact), []).append(_phrase(part))
        else:
            flags.append(_flags(part, texts, key))
    for (fields, exact), patterns in together.items():
        for first in range(0, len(patterns), _MOST_TOGETHER):
            pattern = f" (?:{'|'.join(patterns[first : first + _MOST_TOGETHER])}) "
            flags += [_found(texts.words(name, exact), pattern) for name in fields]
    return _any(flags)


def _any(flags: list[Flags]) -> Flags:
    return np.asarray(np.logical_or.reduce(flags), dtype=np.bool_)


def _words_flags(node: Words, words: pa.Array) -> Flags:
    if node.between is None:
        return _found(words, f" {_phrase(node)} ")
    candidates = ~_any([~_found(words, f" {_pattern(token)} ") for token in node.tokens])
    rows = np.flatnonzero(candidates)
    near = [near_in(text.split(), node.tokens, node.between) for text in words.take(pa.array(rows)).to_pylist()]
    candidates[rows] = near
    return candidates


def _phrase(node: Words) -> str:
    return " ".join(_pattern(token) for token in node.tokens)


def _pattern(token: Token) -> str:
    """Return the pattern of one word; words hold letters, digits and _ only, so that there is nothing to escape."""
    sign = "" if token.word[0] in "@#" else "#?"
    return sign + token.word + ("[^ ]*" if token.prefix else "")


def _found(words: pa.Array, pattern: str) -> Flags:
    return np.asarray(pc.match_substring_regex(words, pattern=pattern).to_numpy(zero_copy_only=False), dtype=np.bool_)


def _value_flags(node: Value, texts: Folded, key: bytes | None) -> Flags:
    column = texts.frame[_COLUMNS.get(node.field, node.field)]
    if node.field == "author":
        if key is None:
            raise QueryError("author: needs the watch's key, which is not at hand here", "ask without author:")
        return _compare(column, lambda values: values == pseudonym(key, node.value))
    value = fold_text(node.value)
    if node.prefix:
        return _compare(fold(column), lambda values: values.str.startswith(value))
    if node.field == "lang":
        return _compare(fold(column), lambda values: (values == value) | values.str.startswith(f"{value}-"))
    return _compare(fold(column), lambda values: values == value)


def _compare(column: pd.Series, test: Callable[[pd.Series], pd.Series]) -> Flags:
    return np.asarray(test(column.astype("str").fillna("")), dtype=np.bool_)
