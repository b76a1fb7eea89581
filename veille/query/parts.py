"""The parts of a query: what it looks for, what its NOTs remove, and the same query with something else in their place."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from veille.query.evaluate import Query
from veille.query.tree import Every, Node, Some, Token, Value, Without, Words

MOST_SEARCHES = 3
"""Searches that one query is turned into at most."""


def written(node: Node) -> str:
    """Return a part of a query as it would be written; words in the form in which they are compared."""
    match node:
        case Words():
            words = " ".join(token.word + ("*" if token.prefix else "") for token in node.tokens)
            plain = len(node.tokens) == 1 and not node.exact
            text = words if plain else f'"{words}"' + ("" if node.between is None else f"~{node.between}")
            name = "exact" if node.exact else node.fields[0] if len(node.fields) == 1 else ""
            return f"{name}:{text}" if name else text
        case Value():
            value = node.value if node.value.isalnum() else f'"{node.value}"'
            return f"{node.field}:{value}{'*' if node.prefix else ''}"
        case Without():
            return f"NOT {_grouped(node.part)}"
        case Some():
            return " OR ".join(_grouped(part) for part in node.parts)
        case Every():
            return " AND ".join(_grouped(part) for part in node.parts)


def looked_for(node: Node) -> Iterator[Words]:
    """Yield the words in title and text that a query looks for; not those that a NOT removes."""
    match node:
        case Words():
            if node.fields != ("publisher",):
                yield node
        case Some() | Every():
            for part in node.parts:
                yield from looked_for(part)
        case Value() | Without():
            return


def exclusions(query: Query) -> list[tuple[str, Query | None]]:
    """Return each NOT of a query as it would be written, and the query without it; None where nothing else is asked."""
    return [(written(part), Query(query.text, rest) if rest else None) for part, rest in _relaxed(query.root)]


def exchanged(node: Node, exchange: Callable[[Words], Node]) -> Node:
    """Return a query with the words that it looks for in title and text exchanged; what a NOT holds stays.

    Parameters
    ----------
    node
        A query, or a part of it.
    exchange
        What to put in the place of words.
    """
    match node:
        case Words():
            return node if node.fields == ("publisher",) else exchange(node)
        case Some():
            return Some(tuple(exchanged(part, exchange) for part in node.parts))
        case Every():
            return Every(tuple(exchanged(part, exchange) for part in node.parts))
        case Value() | Without():
            return node


def searches(query: Query) -> tuple[str, ...]:
    """Return what to type into the search of a network that has no query language of its own: words and "phrases".

    At most `MOST_SEARCHES`; they find more than the query, which is asked of what they found. Empty where the query looks for
    no whole word.
    """
    found = dict.fromkeys(text for text in _searches(query.root) if text)
    return tuple(found)[:MOST_SEARCHES]


def _relaxed(node: Node) -> Iterator[tuple[Without, Node | None]]:
    if isinstance(node, Without):
        yield node, None
    if not isinstance(node, Every):
        return
    for place, part in enumerate(node.parts):
        others = (*node.parts[:place], *node.parts[place + 1 :])
        for removed, rest in _relaxed(part):
            left = (*others[:place], rest, *others[place:]) if rest else others
            yield removed, left[0] if len(left) == 1 else Every(left)


def _searches(node: Node) -> list[str]:
    match node:
        case Words():
            tokens = [token for token in node.tokens if not token.prefix]
            if len(tokens) < len(node.tokens) or node.fields == ("publisher",):
                return []
            words = " ".join(token.word for token in tokens)
            return [f'"{words}"' if len(tokens) > 1 and node.between is None else words]
        case Some():
            return [text for part in node.parts for text in _searches(part)]
        case Every():
            found = [""]
            for part in node.parts:
                choices = _searches(part)[:MOST_SEARCHES]
                found = [f"{left} {right}".strip() for left in found for right in choices] if choices else found
            return found
        case Value() | Without():
            return []


def _grouped(node: Node) -> str:
    return f"({written(node)})" if isinstance(node, Some | Every) else written(node)


def forms(words: Words, spellings: list[str]) -> Node:
    """Return words that match only in one of these spellings, with their case and accents."""
    exact = tuple(Words(("title", "text"), tuple(Token(word) for word in text.split()), exact=True) for text in spellings)
    return exact[0] if len(exact) == 1 else Some(exact)
