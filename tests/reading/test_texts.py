from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from veille.reading.texts import (
    LEAD_CHARACTERS,
    STORY_CHARACTERS,
    clean,
    cut,
    join_title,
    mention_texts,
    text_hashes,
    tokens,
)


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("RT @sncf: Retard\n\nce matin  https://t.co/x", "Retard ce matin"),
        ("@free votre réseau &amp; vos box #panne", "votre réseau & vos box panne"),
        ("écrivez à jean@exemple.fr", "écrivez à"),
        ("zero\u200bwidth\x00null\ud800", "zero width null?"),
        (None, ""),
        ("", ""),
        ("😀😀", "😀😀"),
    ],
)
def test_clean_keeps_what_is_said(raw: str | None, cleaned: str) -> None:
    assert clean(pd.Series([raw], dtype="object")).tolist() == [cleaned]


def test_title_is_not_said_twice_and_ends_with_a_stop() -> None:
    title = pd.Series(["Panne", "Panne", "Panne ?", "", "Panne"])
    text = pd.Series(["Panne à Lyon", "À Lyon", "À Lyon", "À Lyon", ""])
    assert join_title(title, text).tolist() == ["Panne à Lyon", "Panne. À Lyon", "Panne ? À Lyon", "À Lyon", "Panne"]


def test_cut_falls_between_words_and_hard_where_there_are_none() -> None:
    assert cut(pd.Series(["un deux trois", "a" * 30, "court"]), 10).tolist() == ["un deux", "a" * 10, "court"]


def test_lengths_are_bounded_for_a_text_of_100_000_characters() -> None:
    frame = mention_texts(pd.DataFrame({"title": ["t " * 50_000], "text": ["mot " * 25_000]}))
    assert frame["lead"].str.len().max() <= LEAD_CHARACTERS
    assert frame["story_text"].str.len().max() <= STORY_CHARACTERS


def test_hash_depends_on_the_text_alone() -> None:
    hashes = text_hashes(pd.Series(["a", "b", "a"]))
    assert hashes[0] == hashes[2] != hashes[1]
    assert hashes.str.len().eq(64).all()


def test_tokens_name_their_row_and_keep_english_negation() -> None:
    flat = tokens(pd.Series(["I don't know", "", "Été !"], index=[7, 8, 9]))
    assert flat["row"].tolist() == [0, 0, 0, 0, 2]
    assert flat["word"].tolist() == ["i", "do", "not", "know", "ete"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(), min_size=0, max_size=4))
def test_hostile_text_never_raises_and_cleaning_leaves_no_address(texts: list[str]) -> None:
    frame = mention_texts(
        pd.DataFrame({"title": pd.Series("", index=range(len(texts))), "text": pd.Series(texts, dtype="object")})
    )
    assert len(frame) == len(texts)
    assert not frame["lead"].str.contains(r"https?://\S", regex=True).any()
