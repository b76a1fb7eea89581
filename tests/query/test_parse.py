"""What queries mean, and how each kind of wrong one is refused."""

from __future__ import annotations

import time

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from veille.errors import QueryError
from veille.pseudonym import pseudonym
from veille.query import fold_mentions, parse

KEY = b"0" * 32


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    rows = [
        ("Grève chez Orange", "L’été, l'eau manque", "Le Monde", "presse", "fr", None),
        ("une orange mûre", "contact@orange.fr", "www.lemonde.fr", "presse-regionale", "en", pseudonym(KEY, "jean")),
        ("", "@orange ne répond pas #SNCF", None, "mastodon", None, pseudonym(KEY, "@a@b.c")),
        ("Rappel de produits", "les produits laitiers font l'objet d'un rappel", None, "presse", "fr-CA", None),
    ]
    columns = ["title", "text", "publisher", "source", "language_declared", "author"]
    return pd.DataFrame(rows, columns=columns, index=[7, 3, 5, 1])


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("orange", [7, 3]),
        ("ORANGE", [7, 3]),
        ("@orange", [5]),
        ("sncf", [5]),
        ("#sncf", [5]),
        ("@sncf", []),
        ("exact:Orange", [7]),
        ('exact:"orange"', [3]),
        ("ete", [7]),
        ("l'eau", [7]),
        ("l’eau", [7]),
        ('"eau manque"', [7]),
        ('"manque eau"', []),
        ("« eau manque »", [7]),
        ("orang*", [7, 3]),
        ('"rappel* produit*"~1', [1]),
        ('"rappel produits"', []),
        ('"produits rappel"~0', []),
        ('"produits rappel"~6', [1]),
        ("title:orange text:eau", [7]),
        ("title:(orange -grève)", [3]),
        ("orange NOT grève", [3]),
        ("NOT orange", [5, 1]),
        ("grève OR rappel produits", [7, 1]),
        ("(grève OR rappel) produits", [1]),
        ("publisher:monde", [7]),
        ("publisher:lemonde.fr", [3]),
        ("source:presse", [7, 1]),
        ("source:presse*", [7, 3, 1]),
        ("lang:fr", [7, 1]),
        ("lang:EN", [3]),
        ("author:@Jean", [3]),
        ("author:@a@b.c", [5]),
        ("author:personne", []),
        ('"https://x" OR grève', [7]),
        (r"orange\:", [7, 3]),
    ],
)
def test_meaning(frame: pd.DataFrame, query: str, rows: list[int]) -> None:
    matches = parse(query).matches(frame, KEY)
    assert matches.dtype == bool
    assert matches[matches].index.tolist() == rows


@pytest.mark.parametrize("query", ["الماء", "المَاء", "ازمة", "أزمة OR رقم", '"ازمه الماء"', "٢٠٢٦", "title:ازم*"])
def test_every_spelling_of_an_arabic_word_matches(frame: pd.DataFrame, query: str) -> None:
    told = frame.head(1).assign(title="أزمةُ المَـــاءِ", text="سنة 2026")
    assert parse(query).matches(told, KEY).all()
    assert not parse(query).matches(frame, KEY).any()


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("", "empty"),
        (" \n", "empty"),
        ("a AND", "stops before"),
        ("AND a", "character 1"),
        ("a OR OR b", "character 6"),
        ("(a", "not closed"),
        ("a)", "no opening"),
        ('"a', "double quote"),
        ("()", "cannot stand"),
        ("a~", "fuzzy"),
        ("a~1", "fuzzy"),
        ("a^2", "boosts"),
        ("[a TO b]", "ranges"),
        (">3", "comparisons"),
        ("<3", "comparisons"),
        ("/a.*/", "regular expressions"),
        ("titre:a", "no field titre:"),
        ("10:30", "no field 10:"),
        ("https://example.org", "address must be quoted"),
        ("b OR http://a.b/c", "character 6"),
        ("a*b", "end of a word"),
        ("*a", "end of a word"),
        ("a?", "end of a word"),
        ("*", "no letter"),
        ("!!", "not an operator"),
        ("a && b", "not an operator"),
        ("a || b", "not an operator"),
        ("@", "no letter"),
        ('"!"', "no letter"),
        ('"a b"~', "whole number"),
        ('"a b"~1.5', "whole number"),
        ('"a b"~-1', "whole number"),
        ('"a b"~101', "whole number"),
        ('author:"a b"~2', "not near words"),
        ('"a b c d e f g h i j k"~1', "more than 10"),
        ("author:a*", "whole handle"),
        ('lang:""', "no value"),
        ("title:", "stops before"),
        ("a\\", "cannot stand"),
    ],
)
def test_refusals_are_one_sentence_with_a_place(query: str, says: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(query)
    assert says in caught.value.message
    assert "\n" not in caught.value.message
    assert "empty" in caught.value.message or "at character " in caught.value.message


@pytest.mark.parametrize(
    "query",
    [
        "(" * 9_000 + "a" + ")" * 9_000,
        "(" * 10_000 + "a" + ")" * 10_000,
        "NOT " * 900 + "a",
        "-" * 5_000 + "a",
        "title:" * 900 + "a",
        "a OR " * 4_000 + "a",
        "~" * 9_000,
        '"' * 9_999,
        "\\" * 9_000,
        "a:" * 9_000,
        "://" * 6_000,
        "a" * 20_001,
        "[a TO " * 3_000,
    ],
)
def test_hostile_queries_are_refused_soon(query: str) -> None:
    began = time.perf_counter()
    with pytest.raises(QueryError):
        parse(query)
    assert time.perf_counter() - began < 5


def test_long_and_deep_queries_within_the_limits_are_read() -> None:
    frame = pd.DataFrame({"title": ["w7"], "text": [""]})
    assert parse(" OR ".join(f"w{number}" for number in range(300))).matches(frame).tolist() == [True]
    assert parse(" OR ".join(f"préfixe{number}*" for number in range(400)) + " OR w*").matches(frame).tolist() == [True]
    assert parse("(" * 40 + "w7" + ")" * 40).matches(frame).tolist() == [True]
    assert parse("w" * 19_999).matches(frame).tolist() == [False]


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from('ab é"\\()~^:*?/[]{}<>+-!&|@#\u200b\ud800\x001.,AND ORNT'), max_size=25))
def test_any_text_is_read_or_refused_and_never_breaks_evaluation(query: str) -> None:
    frame = pd.DataFrame({name: ["a é b", ""] for name in ("title", "text")})
    try:
        parsed = parse(query)
    except QueryError:
        return
    assert len(parsed.matches(frame, KEY)) == 2


def test_author_needs_the_key(frame: pd.DataFrame) -> None:
    with pytest.raises(QueryError, match="key"):
        parse("author:a").matches(frame)


def test_empty_frames_and_missing_texts() -> None:
    columns = ["title", "text", "publisher", "source", "language_declared", "author"]
    query = parse('a OR NOT b OR "c d"~1 OR author:x OR lang:fr OR source:s OR publisher:p OR exact:E')
    for empty in (pd.DataFrame(columns=columns), pd.DataFrame({name: pd.Series([], dtype="str") for name in columns})):
        assert query.matches(empty, KEY).tolist() == []
    missing = pd.DataFrame({"title": [None, "a"], "text": ["a", None]}, dtype="object")
    assert parse("a").matches(missing).tolist() == [True, True]


def test_lone_surrogates_do_not_break_a_frame() -> None:
    frame = pd.DataFrame({"title": ["gr\ud800ève a", "b"], "text": ["", ""]}, dtype="object")
    assert parse("a").matches(frame).tolist() == [True, False]


def test_words_do_not_run_from_title_into_text() -> None:
    frame = pd.DataFrame({"title": ["grève"], "text": ["orange"]})
    assert not parse('"grève orange"').matches(frame).any()
    assert not parse('"grève orange"~5').matches(frame).any()
    assert parse("grève orange").matches(frame).all()


def test_many_queries_over_many_rows_are_quick() -> None:
    words = [f"mot{number}" for number in range(60)]
    texts = [" ".join(words[(row * step) % 60] for step in range(1, 40)) + " Société Générale" for row in range(16_000)]
    frame = pd.DataFrame({"title": texts, "text": texts})
    began = time.perf_counter()
    folded = fold_mentions(frame)
    for number in range(26):
        assert parse(f'mot{number} OR "societe mot{number}" OR pre{number}*').matches(frame, folded=folded).any()
    assert time.perf_counter() - began < 20
