"""Read a query: luqum knows the grammar, this module knows what veille offers of it and says where it does not."""

from __future__ import annotations

import re
from dataclasses import replace
from difflib import get_close_matches
from functools import lru_cache

from luqum import thread
from luqum import tree as lucene
from luqum.exceptions import IllegalCharacterError, ParseError

from veille.errors import QueryError
from veille.folding import clean_text, words_of
from veille.query.evaluate import Query
from veille.query.tree import FIELDS, VALUE_FIELDS, Every, Node, Some, Token, Value, Without, Words

MOST_CHARACTERS = 20_000
"""Longest query that is read."""
MOST_DEPTH = 50
"""Deepest nesting of parentheses, NOTs and fields."""
MOST_BETWEEN = 100
"""Largest n of `"near words"~n`."""

MOST_NEAR = 10
"""Most words of `"near words"~n`."""
MOST_PIECES = 1_000
"""Most words of a query."""

_PHRASE = re.compile(r'"(?:[^"\\]|\\.)*+"', re.DOTALL)
_NEAR = re.compile(r"~(\d{1,3})(?=[\s)]|$)")
# What word processors make of straight quotes; one character each, so that positions stay true.
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "\u00a0": " ", "\u202f": " "})
_OPERATORS = {"&&": "AND", "|": "OR", "!": "NOT"}
_REFUSED: dict[type, str] = {
    lucene.Boost: "boosts (^) are not offered: a mention matches or does not",
    lucene.Range: "ranges ([a TO b]) are not offered: dates are chosen with --from and --to",
    lucene.From: "comparisons (>) are not offered",
    lucene.To: "comparisons (<) are not offered",
    lucene.Regex: "regular expressions (/…/) are not offered: put an address or a path in double quotes",
}


def parse(query: str) -> Query:
    """Read a query in Lucene syntax.

    Parameters
    ----------
    query
        Words, `"phrases"`, `"near words"~n`, `pref*`, `field:…`, AND, OR, NOT (also `-word`), parentheses; adjacent
        words mean AND, which binds tighter than OR. Fields: title, text, author, publisher, source, lang, picture, exact.

    Raises
    ------
    QueryError
        The query is empty, cannot be read or asks for what is not offered; the sentence says at which character.
    """
    return _parse(query)


@lru_cache(maxsize=512)
def _parse(query: str) -> Query:
    text = clean_text(query).translate(_QUOTES)
    if not text.strip():
        raise QueryError("the query is empty", "write at least one word, such as the name of the organisation")
    if len(text) > MOST_CHARACTERS:
        raise QueryError(f"the query has {len(text)} characters, more than {MOST_CHARACTERS}", "split it into several subjects")
    _scan(text)
    try:
        root = _convert(_luqum(text), None, 0)
    except RecursionError:
        raise QueryError(f"the query is nested deeper than {MOST_DEPTH} levels", "write it flatter") from None
    return Query(query, root)


def _scan(text: str) -> None:
    """Refuse what the grammar would misread or not survive: open quotes and parentheses, depth, length, bare ~, addresses."""
    opened: list[int] = []
    pieces = 0
    place = 0
    while place < len(text):
        sign = text[place]
        if sign == "\\":
            place += 2
            continue
        if sign == '"':
            place = _closing_quote(text, place)
            pieces += 1
        elif sign == "(":
            opened.append(place)
        elif sign == ")":
            if not opened:
                raise _error("a closing parenthesis has no opening one", place, "remove it or add (")
            opened.pop()
        elif sign == "~":
            _check_near(text, place)
        elif sign == ":" and text.startswith("://", place):
            start = place - len(re.search(r"\w*$", text[max(0, place - 20) : place])[0])  # type: ignore[index]
            raise _error("an address must be quoted", start, 'write "https://example.org/page" in double quotes')
        pieces += sign.isspace() or sign == ":"
        if len(opened) > MOST_DEPTH:
            raise _too_deep(place)
        if pieces > MOST_PIECES:
            raise _error(f"the query has more than {MOST_PIECES} words", place, "split it into several subjects")
        place += 1
    if opened:
        raise _error("a parenthesis is not closed", opened[-1], "add the missing )")


def _closing_quote(text: str, opening: int) -> int:
    match = _PHRASE.match(text, opening)
    if not match:
        raise _error("a double quote is not closed", opening, 'add the missing "')
    return match.end() - 1


def _check_near(text: str, place: int) -> None:
    if not place or text[place - 1] != '"':
        raise _error("fuzzy words (word~) are not offered", max(0, place - 1), "use a prefix such as word*")
    number = _NEAR.match(text, place)
    if not number or int(number[1]) > MOST_BETWEEN:
        raise _error(f"~ takes a whole number from 0 to {MOST_BETWEEN}", place, 'write "near words"~3')


def _luqum(text: str) -> lucene.Item:
    try:
        return thread.parse(text)
    except (ParseError, IllegalCharacterError) as error:
        found = re.search(r"position (\d+)", str(error))
        place = int(found[1]) if found else len(text.rstrip()) - 1
        if found and place < len(text):
            word = re.match(r"\S*", text[place:])
            what = f"“{_short(word[0])}” cannot stand here" if word else "this cannot stand here"
        else:
            what = "the query stops before it is complete"
        raise _error(
            what, place, "put operators (AND, OR, NOT) between words, and signs such as / ^ ~ [ in double quotes"
        ) from None
    except (ValueError, ArithmeticError) as error:
        raise QueryError(
            f"the query cannot be read: a number in it is malformed ({error})", "write ~3 after a phrase"
        ) from None


def _convert(item: lucene.Item, field: str | None, depth: int) -> Node:
    if depth > MOST_DEPTH:
        raise _too_deep(_place(item))
    for kind, sentence in _REFUSED.items():
        if isinstance(item, kind):
            raise _error(sentence, _place(item))
    if isinstance(item, lucene.SearchField):
        return _convert(item.expr, _field(item), depth + 1)
    if isinstance(item, (lucene.Group, lucene.FieldGroup, lucene.Plus)):
        return _convert(item.children[0], field, depth + 1)
    if isinstance(item, (lucene.Not, lucene.Prohibit)):
        return Without(_convert(item.children[0], field, depth + 1))
    if isinstance(item, lucene.OrOperation):
        return Some(tuple(_convert(child, field, depth + 1) for child in item.children))
    if isinstance(item, lucene.AndOperation):
        return Every(tuple(_convert(child, field, depth + 1) for child in item.children))
    if isinstance(item, lucene.UnknownOperation):
        return _adjacent(item, field, depth)
    if isinstance(item, lucene.Proximity):
        return _near(item, field)
    if isinstance(item, lucene.Phrase):
        return _words(item, str(item.value)[1:-1], field, quoted=True)
    if isinstance(item, lucene.Word):
        return _words(item, str(item.value), field, quoted=False)
    raise _error("this is not offered", _place(item))


def _adjacent(item: lucene.UnknownOperation, field: str | None, depth: int) -> Node:
    """Give adjacent words the rank of AND: luqum binds them looser than OR, so `a OR b c` arrives as `(a OR b) c`."""
    alternatives: list[list[Node]] = [[]]
    for child in item.children:
        choices = list(child.children) if isinstance(child, lucene.OrOperation) else [child]
        for place, choice in enumerate(choices):
            if place:
                alternatives.append([])
            alternatives[-1].append(_convert(choice, field, depth + 1))
    parts = tuple(group[0] if len(group) == 1 else Every(tuple(group)) for group in alternatives)
    return parts[0] if len(parts) == 1 else Some(parts)


def _field(item: lucene.SearchField) -> str:
    name = str(item.name)
    if name in FIELDS:
        return name
    near = get_close_matches(name.lower(), FIELDS, n=1)
    hint = f"did you mean {near[0]}:?" if near else f"fields are {', '.join(FIELDS)}; put text with a colon in double quotes"
    raise _error(f"there is no field {_short(name)}:", _place(item), hint)


def _near(item: lucene.Proximity, field: str | None) -> Node:
    if field in VALUE_FIELDS or field == "exact":
        raise _error(f"{field}: takes a word or a phrase, not near words", _place(item), "remove the ~")
    words = _words(item, str(item.term.value)[1:-1], field, quoted=True)
    if isinstance(words, Words) and len(words.tokens) > MOST_NEAR:
        raise _error(f"more than {MOST_NEAR} near words are not offered", _place(item), "keep the telling ones")
    if isinstance(words, Words) and len(words.tokens) > 1:
        return replace(words, between=int(item.degree))
    return words


def _words(item: lucene.Item, raw: str, field: str | None, *, quoted: bool) -> Node:
    place = _place(item)
    starred = re.sub(r"\\.", "", raw)
    if not quoted:
        for sign, operator in _OPERATORS.items():
            if starred.startswith(sign) or (sign != "!" and sign in starred):
                raise _error(f"{sign} is not an operator here", place, f"write {operator}, or put the text in double quotes")
    if not quoted and ("?" in starred or "*" in starred[:-1]):
        raise _error(
            "only a * at the end of a word is offered", place, "write the beginning of the word and *, such as rappel*"
        )
    if field in VALUE_FIELDS:
        return _value(str(field), raw, place, prefix=not quoted and starred.endswith("*"))
    exact = field == "exact"
    tokens: list[Token] = []
    # Splitting at spaces keeps each star with its own word: "rappel* produit".
    for piece in re.split(r"\s+", raw):
        words = words_of(_unescape(piece), exact=exact)
        prefix = bool(words) and re.search(r"(?<!\\)\*\W*$", piece) is not None
        tokens += [Token(word, prefix and word is words[-1]) for word in words[:-1]]
        tokens += [Token(word, prefix) for word in words[-1:]]
    if not tokens:
        raise _error(f"“{_short(raw)}” holds no letter and no digit to search for", place, "write a word")
    fields = ("title", "text") if field is None or exact else (field,)
    return Words(fields, tuple(tokens), exact=exact)


def _value(field: str, raw: str, place: int, *, prefix: bool) -> Value:
    value = _unescape(raw).strip()
    if prefix:
        value = value[:-1]
    if not value.strip("@"):
        raise _error(f"{field}: has no value", place, f"write it after the colon, such as {field}:name")
    if prefix and field == "author":
        raise _error("author: takes a whole handle, since only its pseudonym is stored", place, "write the handle without *")
    return Value(field, value, prefix)


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


def _too_deep(place: int) -> QueryError:
    return _error(f"the query is nested deeper than {MOST_DEPTH} levels", place, "write it flatter")


def _place(item: lucene.Item) -> int:
    return int(item.pos or 0)


def _unescape(raw: str) -> str:
    return re.sub(r"\\(.)", r"\1", raw, flags=re.DOTALL)


def _error(sentence: str, place: int, hint: str = "") -> QueryError:
    return QueryError(f"at character {place + 1} of the query: {sentence}", hint)
