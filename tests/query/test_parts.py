"""A query taken apart: what it looks for, what its NOTs remove, what a network is asked instead."""

from __future__ import annotations

import pytest

from veille.query import exchanged, exclusions, forms, looked_for, parse, searches, written


@pytest.mark.parametrize(
    "text",
    [
        "orange",
        'orange AND NOT (fruit OR "jus frais")',
        '(a OR "b c") AND d AND NOT title:e',
        '"a b"~3 OR @x OR #y OR exact:"Orange"',
        'rappel* AND publisher:monde AND lang:fr AND source:"le monde"',
    ],
)
def test_what_is_written_is_read_as_the_same_query(text: str) -> None:
    assert parse(written(parse(text).root)).root == parse(text).root


def test_each_not_is_named_with_the_query_without_it() -> None:
    found = exclusions(parse("orange AND (fibre AND NOT jus) AND NOT (fruit OR pomme)"))
    assert [(text, rest and written(rest.root)) for text, rest in found] == [
        ("NOT jus", "orange AND fibre AND NOT (fruit OR pomme)"),
        ("NOT (fruit OR pomme)", "orange AND (fibre AND NOT jus)"),
    ]
    assert [rest for _, rest in exclusions(parse("NOT fruit"))] == [None]
    assert exclusions(parse("orange OR NOT fruit")) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("orange AND NOT fruit", ("orange",)),
        ('aquilon OR "aquilon mobilités" OR @aquilon OR #aq', ("aquilon", '"aquilon mobilites"', "@aquilon")),
        ("(a OR b) AND c", ("a c", "b c")),
        ('exact:"Orange" OR exact:"ORANGE"', ("Orange", "ORANGE")),
        ("rappel* OR source:presse", ()),
    ],
)
def test_a_network_is_asked_for_words_and_phrases(text: str, expected: tuple[str, ...]) -> None:
    assert searches(parse(text)) == expected


def test_only_what_is_looked_for_is_exchanged() -> None:
    query = parse("orange AND publisher:orange AND NOT orange")
    root = exchanged(query.root, lambda words: forms(words, ["Orange", "ORANGE"]))
    assert written(root) == '(exact:"Orange" OR exact:"ORANGE") AND publisher:orange AND NOT orange'
    assert [written(words) for words in looked_for(root)] == ['exact:"Orange"', 'exact:"ORANGE"']
