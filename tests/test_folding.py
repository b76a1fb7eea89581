"""One folding for everything: idempotent, the same for one text and a series, and what it makes equal."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from veille.folding import clean_text, fold, fold_text, terms_pattern, token_text, words_of

anything = st.text(st.characters(exclude_categories=[]), max_size=40)


@settings(max_examples=300, deadline=None)
@given(anything)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold_text(fold_text(text)) == fold_text(text)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text(max_size=20), max_size=5))
def test_series_agree_with_single_texts(texts: list[str]) -> None:
    # A character beyond ASCII keeps the single text off its short cut.
    folded = fold(pd.Series(texts, dtype="object"))
    assert folded.tolist() == [fold_text(text) for text in texts]
    assert fold_text("".join(texts) + "é") == fold_text("".join(texts)) + "e"


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=30), st.text(st.sampled_from("aB9_@# .`'-\n"), max_size=30)), st.booleans())
def test_words_agree_with_token_text(text: str, exact: bool) -> None:
    assert words_of(text, exact=exact) == token_text(pa.array([clean_text(text)]), exact=exact)[0].as_py().split()


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Grève À L’ÉTÉ", "greve a l'ete"),
        ("Œuvre, cœur, Æon, Straße", "oeuvre, coeur, aeon, strasse"),
        ("« oui » – “non” — non‑dit", '" oui " - "non" - non-dit'),
        ("e\u0301te\u0301", "ete"),
        ("aqui\u200blon\u00ad", "aquilon"),
        ("ﬁn ①", "fin 1"),
        ("a\u00a0b\u202fc", "a b c"),
        ("المَاءُ", "الماء"),
        ("أزمة إلى آخرها", "ازمه الي اخرها"),
        ("مستشفى ٢٠٢٦ ۱۷", "مستشفي 2026 17"),
        ("ســـلام", "سلام"),
        ("ﺍﻟﻤﺎﺀ", "الماء"),
        ("\u202eمسؤول\u202c رئيس", "مسوول رييس"),
    ],
)
def test_what_is_made_equal(written: str, folded: str) -> None:
    assert fold_text(written) == folded


def test_series_keep_index_name_and_missing_values() -> None:
    folded = fold(pd.Series(["É", None], index=[4, 2], name="title"))
    assert folded.index.tolist() == [4, 2]
    assert folded.name == "title"
    assert folded.isna().tolist() == [False, True]
    assert folded[4] == "e"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("une fuite de données ici", ["fuite de donnees"]),
        ("fuite, de données", ["fuite, de donnees"]),
        ("fuites de données", []),
        ("le rappel des rappels", ["rappel"]),
        ("intoxiqués par l'intoxication", ["intoxiques", "intoxication"]),
        ("#intox", ["intox"]),
        ("@intox", []),
        ("boycott #boycott", ["#boycott"]),
        ("mort-né", ["mort-ne"]),
    ],
)
def test_terms(text: str, found: list[str]) -> None:
    pattern = terms_pattern(["Fuite de données", "rappel", "intox*", "#boycott", "mort né", "mort", " ", "!"])
    assert [match[0] for match in pattern.finditer(fold_text(text))] == found


@pytest.mark.parametrize(
    ("term", "text"),
    [("الماء", "انقطاع المَاء عن الحي"), ("أزمة", "ازمة في النقل"), ("ازمه", "هذه أزمةٌ كبيرة"), ("٢٠٢٦", "سنة 2026")],
)
def test_terms_in_arabic_meet_every_spelling(term: str, text: str) -> None:
    assert terms_pattern([term]).search(fold_text(text))


def test_arabic_changes_nothing_in_the_rows_beside_it() -> None:
    assert fold(pd.Series(["Été", "أزمة", None, "ok"], dtype="object")).tolist()[:2] == ["ete", "ازمه"]


def test_no_terms_match_nothing() -> None:
    assert not terms_pattern([]).search("")
    assert not terms_pattern(["", "*"]).search("a")


@given(st.text(st.characters(max_codepoint=0x24F) | st.characters(min_codepoint=0x2000, max_codepoint=0x206F), max_size=12))
def test_one_text_folds_as_a_series_does_where_python_does_the_steps(text: str) -> None:
    assert fold_text(text) == fold(pd.Series([text])).iloc[0]
