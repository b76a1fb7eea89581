"""The vectorised evaluation against a slow and obvious one, over generated queries and mentions."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from veille.query import fold_mentions, parse

Mention = dict[str, str]

WORDS = ["grève", "GREVE", "orange", "Orange", "eau", "cœur", "sncf", "train", "trains", "été", "9"]
SIGNED = ["@sncf", "#sncf", "@orange", "#greve"]
NOISE = [
    "l'",
    "@sncf",
    "#sncf",
    "#Grève",
    "@orange_fr",
    "contact@orange.fr",
    ",",
    "—",
    "’",
    "e-mail",
    "\u200b",
    "!",
    "#",
    "@",
    "le",
    "\n",
]


def words_of(text: str, *, exact: bool = False) -> list[str]:
    """Read one character at a time."""
    if exact:
        text = unicodedata.normalize("NFC", text)
    else:
        text = unicodedata.normalize("NFKD", text)
        text = "".join(sign for sign in text if not unicodedata.category(sign).startswith(("M", "Cf"))).lower()
        text = text.replace("œ", "oe")
    words: list[str] = []
    word = ""
    sign = ""
    for char in text + " ":
        if char.isalnum() or char == "_":
            word += char
            continue
        if word:
            words.append(sign + word)
            # An @ inside a word separates, as in a mail address.
            sign = char if char == "#" else ""
        else:
            sign = char if char in "@#" else ""
        word = ""
    return words


def is_word(asked: str, found: str, *, prefix: bool) -> bool:
    if asked[0] not in "@#" and found[0] == "#":
        found = found[1:]
    return found.startswith(asked) if prefix else found == asked


@dataclass(frozen=True)
class Case:
    """A query as text, and what it should say of one mention."""

    text: str
    says: Callable[[Mention], bool]


def word_case(word: str, *, prefix: bool, fields: tuple[str, ...], shown: str, exact: bool = False) -> Case:
    asked = words_of(word, exact=exact)[0]

    def says(mention: Mention) -> bool:
        return any(is_word(asked, found, prefix=prefix) for field in fields for found in words_of(mention[field], exact=exact))

    return Case(f"{shown}{word}{'*' if prefix else ''}", says)


def phrase_case(words: list[str], between: int | None) -> Case:
    asked = [words_of(word)[0] for word in words]

    def in_text(found: list[str]) -> bool:
        if between is None or len(asked) == 1:
            spans = (tuple(range(start, start + len(asked))) for start in range(len(found) - len(asked) + 1))
        else:
            spans = (
                places
                for places in itertools.permutations(range(len(found)), len(asked))
                if max(places) - min(places) + 1 - len(asked) <= between
            )
        return any(
            all(is_word(word, found[place], prefix=False) for word, place in zip(asked, places, strict=True))
            for places in spans
        )

    text = f'"{" ".join(words)}"' + ("" if between is None else f"~{between}")
    return Case(text, lambda mention: any(in_text(words_of(mention[field])) for field in ("title", "text")))


BOTH = ("title", "text")
simple = st.one_of(
    st.builds(
        lambda word, prefix: word_case(word, prefix=prefix, fields=BOTH, shown=""), st.sampled_from(WORDS), st.booleans()
    ),
    st.builds(lambda word: word_case(word, prefix=False, fields=BOTH, shown=""), st.sampled_from(SIGNED)),
    st.builds(
        lambda word, field: word_case(word, prefix=False, fields=(field,), shown=f"{field}:"),
        st.sampled_from(WORDS),
        st.sampled_from(BOTH),
    ),
    st.builds(lambda word: word_case(word, prefix=False, fields=BOTH, shown="exact:", exact=True), st.sampled_from(WORDS)),
    st.builds(phrase_case, st.lists(st.sampled_from(WORDS), min_size=1, max_size=3), st.one_of(st.none(), st.integers(0, 3))),
)


def joined(parts: list[Case], operator: str) -> Case:
    def says(mention: Mention) -> bool:
        answers = [part.says(mention) for part in parts]
        return any(answers) if operator == " OR " else all(answers)

    return Case("(" + operator.join(part.text for part in parts) + ")", says)


def negated(part: Case, sign: str) -> Case:
    return Case(f"{sign}{part.text}", lambda mention: not part.says(mention))


queries = st.recursive(
    simple,
    lambda inner: st.one_of(
        st.builds(joined, st.lists(inner, min_size=2, max_size=3), st.sampled_from([" OR ", " AND ", " "])),
        st.builds(negated, inner, st.sampled_from(["NOT ", "-"])),
    ),
    max_leaves=5,
)
texts = st.lists(st.tuples(st.sampled_from(WORDS + NOISE), st.sampled_from([" ", " ", " ", "", "-"])), max_size=7).map(
    lambda pieces: "".join(itertools.chain.from_iterable(pieces))
)
mentions = st.lists(st.fixed_dictionaries({"title": texts, "text": texts}), max_size=4)


@settings(max_examples=120, deadline=None)
@given(queries, mentions)
def test_agrees_with_the_obvious_evaluation(case: Case, rows: list[Mention]) -> None:
    frame = pd.DataFrame(rows, columns=["title", "text"], index=range(10, 10 + len(rows))).astype("str")
    expected = [case.says(row) for row in rows]
    query = parse(case.text)
    assert query.matches(frame).tolist() == expected
    assert query.matches(frame, folded=fold_mentions(frame)).tolist() == expected
    assert query.matches(frame).index.tolist() == frame.index.tolist()


@settings(max_examples=40, deadline=None)
@given(st.lists(simple, min_size=3, max_size=3), mentions)
def test_adjacent_words_bind_as_and_tighter_than_or(cases: list[Case], rows: list[Mention]) -> None:
    frame = pd.DataFrame(rows, columns=["title", "text"]).astype("str")
    one, two, three = cases
    query = parse(f"{one.text} OR {two.text} {three.text}")
    assert query.matches(frame).tolist() == [one.says(row) or (two.says(row) and three.says(row)) for row in rows]
    assert query.matches(frame).tolist() == parse(f"{one.text} OR {two.text} AND {three.text}").matches(frame).tolist()


def test_the_oracle_reads_signs_as_documented() -> None:
    assert words_of("L'eau, #Paris @sncf a@b.fr C# e-mail") == ["l", "eau", "#paris", "@sncf", "a", "b", "fr", "c", "e", "mail"]
    assert re.fullmatch(r"\w+", words_of("cœur")[0])
