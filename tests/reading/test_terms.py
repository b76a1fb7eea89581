"""Words and names looked up in texts."""

from __future__ import annotations

import pandas as pd
import pytest

from veille.query import parse
from veille.reading.names import naming
from veille.reading.terms import Terms, terms, words_text
from veille.watch import Subject


def texts(*said: str) -> pd.Series:
    return words_text(pd.Series(said))


def test_terms_are_whole_words_with_wildcards() -> None:
    found = terms(["jus d'orange", "vigilance * orange", "escro*", "*", ""])
    said = texts("Jus d’ORANGE !", "vigilance rouge orange", "#escroquerie", "jus d oranges", "", "@escroc")
    assert found.holds(said).tolist() == [True, True, True, False, False, False]
    assert found.found(said).tolist()[:3] == [["jus d orange"], ["vigilance rouge orange"], ["escroquerie"]]


def test_terms_that_touch_are_all_blanked() -> None:
    assert terms(["a b", "c"]).blanked(texts("a b a b c d")).tolist() == [" _ _ _ d "]


def test_no_terms_find_nothing() -> None:
    said = texts("a", "")
    assert not (terms([]) | Terms(())).holds(said).any()
    assert terms([]).blanked(said).tolist() == said.tolist()
    assert terms(["(?:[*+"]).holds(said).tolist() == [False, False]


@pytest.mark.parametrize(
    ("query", "said", "names"),
    [
        ("rivale AND (car OR bus)", "un bus", False),
        ("rivale AND (car OR bus)", "la rivale", True),
        ('"rivale mobilites"~2', "rivale des mobilités", True),
        ("rivale OR @rv", "@RV en retard", True),
        ("rivale OR @rv", "rv en retard", False),
        ("riv* AND NOT cycliste", "rivage", True),
        ("exact:Rivale", "#rivale", True),
        ("(bus OR car) AND retard", "le bus", True),
        ("publisher:lemonde", "lemonde", False),
        ("zz", "chez Rivale", True),
    ],
)
def test_where_a_subject_is_named(query: str, said: str, names: bool) -> None:
    subject = Subject(id="rivale", name="Rivale", query=query)
    assert parse(query)
    assert naming(subject).holds(texts(said)).tolist() == [names]
