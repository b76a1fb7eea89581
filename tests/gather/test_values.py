from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from veille.gather.rows import COUNTS, FIELDS
from veille.gather.values import typed


def field(name: str, *values: Any) -> tuple[list[Any], list[str]]:
    raw = pd.DataFrame({"x": pd.Series(list(values), dtype="object"), "t": "some text"})
    columns = {name: ["x"]} if name == "text" else {name: ["x"], "text": ["t"]}
    result = typed(raw, columns, {}, "Europe/Paris")
    return [
        None if isinstance(value, float) and np.isnan(value) else value for value in result.frame[name]
    ], result.reasons.tolist()


def test_texts_of_other_types() -> None:
    values, reasons = field("text", "é", 5, 5.0, 1.5, b"caf\xc3\xa9")
    assert values == ["é", "5", "5", "1.5", "café"]
    assert reasons == [""] * 5


@pytest.mark.parametrize("value", [{"a": 1}, ["a"], True, np.array(["a"])])
def test_what_is_no_text_refuses_the_row(value: object) -> None:
    assert field("text", value)[1] == ["text is no text"]


@pytest.mark.parametrize("value", [None, "", "  \n", float("nan"), "\x00"])
def test_no_title_and_no_text_refuses_the_row(value: object) -> None:
    assert field("text", value)[1] == ["no title and no text"]


def test_zero_bytes_and_lone_surrogates_lose_no_row() -> None:
    assert field("text", "a\x00b", "a\ud83db") == (["ab", "a\ufffdb"], ["", ""])


@pytest.mark.parametrize(
    ("value", "addresses"),
    [
        (["https://a.example/1", "https://a.example/1", 5], ["https://a.example/1"]),
        ('["https://a.example/1", "http://b.example"]', ["https://a.example/1", "http://b.example"]),
        ("https://a.example/1,2.jpg; https://b.example", ["https://a.example/1,2.jpg", "https://b.example"]),
        ("https://a.example/1|https://b.example", ["https://a.example/1", "https://b.example"]),
        ("['https://a.example/1']", ["https://a.example/1"]),
        (np.array(["https://a.example/1"]), ["https://a.example/1"]),
        ("javascript:alert(1)", []),
        (None, []),
        (5, []),
    ],
)
def test_lists_are_read(value: object, addresses: list[str]) -> None:
    assert field("media", value) == ([addresses], [""])


def test_kinds_are_of_the_closed_set() -> None:
    values, reasons = field("kind", "Article", None, "", "blog")
    assert values[:3] == ["article", None, None]
    assert [bool(reason) for reason in reasons] == [False, False, False, True]


def test_languages_are_two_letters() -> None:
    assert field("language_declared", "fr", "FR-fr", "en_US", "french", "und", None)[0] == ["fr", "fr", "en", None, None, None]


def test_addresses_that_are_none_are_left_out() -> None:
    values, reasons = field("url", " https://a.example/x ", "javascript:alert(1)", "", None)
    assert values == ["https://a.example/x", None, None, None]
    assert reasons == [""] * 4


def test_several_columns_are_joined_without_the_empty_ones() -> None:
    raw = pd.DataFrame({"a": ["one", None, "one"], "b": ["two", "two", "  "]}, dtype="object")
    assert typed(raw, {"text": ["a", "b"]}, {}, "UTC").frame["text"].tolist() == ["one\n\ntwo", "two", "one"]
    assert typed(raw, {"title": ["a", "b"]}, {}, "UTC").frame["title"].tolist() == ["one two", "two", "one"]


def test_nested_values_are_reached() -> None:
    raw = pd.DataFrame({"user": [{"name": "a", "deep": {"id": 5}}, None, "x"], "text": "t"}, dtype="object")
    frame = typed(raw, {"text": ["text"], "author": ["user.name"], "native_id": ["user.deep.id"]}, {}, "UTC").frame
    assert [None if pd.isna(value) else value for value in frame["author"]] == ["a", None, None]
    assert [None if pd.isna(value) else value for value in frame["native_id"]] == ["5", None, None]


VALUES = st.one_of(
    st.none(), st.text(max_size=20), st.floats(), st.integers(), st.booleans(), st.lists(st.text(max_size=3), max_size=2),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2), st.binary(max_size=4), st.datetimes(),
)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(FIELDS), st.lists(VALUES, min_size=1, max_size=4))
def test_any_value_is_typed_or_refused(name: str, values: list[Any]) -> None:
    raw = pd.DataFrame({"x": pd.Series(values, dtype="object")})
    result = typed(raw, {name: ["x"]}, {} if name == "text" else {"text": "t"}, "UTC")
    assert len(result.reasons) == len(values)
    good = result.frame.loc[result.reasons == ""]
    if name in COUNTS:
        assert (good[name].dropna() >= 0).all()
