"""Words near each other, in any order: the one question about a text that no linear pattern answers."""

from __future__ import annotations

from veille.query.tree import Token


def near_in(words: list[str], tokens: tuple[Token, ...], between: int) -> bool:
    """Say whether all tokens stand close together, each at a word of its own.

    Parameters
    ----------
    words
        The words of one text, in order.
    tokens
        What to find, in any order.
    between
        Most other words that may stand among them.
    """
    fits = [[place for place, token in enumerate(tokens) if _is(word, token)] for word in words]
    width = len(tokens) + between
    return any(places and _all_placed(fits[start : start + width], len(tokens)) for start, places in enumerate(fits))


def _is(word: str, token: Token) -> bool:
    if token.word[0] not in "@#":
        word = word.removeprefix("#")
    return word.startswith(token.word) if token.prefix else word == token.word


def _all_placed(fits: list[list[int]], tokens: int) -> bool:
    """Give each token a word of its own by augmenting paths (Kuhn's bipartite matching)."""
    word_of: dict[int, int] = {}

    def place(word: int, seen: set[int]) -> bool:
        for token in fits[word]:
            if token not in seen:
                seen.add(token)
                if token not in word_of or place(word_of[token], seen):
                    word_of[token] = word
                    return True
        return False

    for word in range(len(fits)):
        if fits[word]:
            place(word, set())
    return len(word_of) == tokens
