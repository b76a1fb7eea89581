"""The same person under one key is one pseudonym; another key, or no key, tells nothing."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from veille.pseudonym import KEY_BYTES, new_key, pseudonym, pseudonyms

KEY = b"k" * 32


@pytest.mark.parametrize("handle", ["@Jean_D", "jean_d", " JEAN_D ", "jéan_d", "@jean_d "])
def test_one_person_one_pseudonym(handle: str) -> None:
    assert pseudonym(KEY, handle) == pseudonym(KEY, "@jean_d")


def test_known_value_never_changes() -> None:
    # Stored tables hold these: a change orphans every author.
    assert pseudonym(KEY, "@jean_d") == "a_0d19fcb8177703c5"


def test_depends_on_key_and_handle() -> None:
    assert len({pseudonym(KEY, "a"), pseudonym(KEY, "b"), pseudonym(b"other", "a"), pseudonym(KEY, "a@b.c")}) == 4


def test_an_empty_key_is_refused() -> None:
    with pytest.raises(ValueError, match="key"):
        pseudonym(b"", "a")


@given(st.text(st.characters(exclude_categories=[]), max_size=30))
def test_form(handle: str) -> None:
    assert re.fullmatch(r"a_[0-9a-f]{16}", pseudonym(KEY, handle))


def test_new_keys_differ() -> None:
    assert len(new_key()) == KEY_BYTES
    assert new_key() != new_key()


def test_series_agrees_with_one_and_keeps_missing() -> None:
    handles = pd.Series(["@a", None, "b", "@a", " "], index=list("vwxyz"), dtype="str", name="author")
    made = pseudonyms(KEY, handles)
    assert made.index.tolist() == list("vwxyz")
    assert made.isna().tolist() == [False, True, False, False, True]
    assert made["v"] == made["y"] == pseudonym(KEY, "a")
    assert pseudonyms(KEY, handles.iloc[:0]).empty
    assert pseudonyms(KEY, pd.Series([None, None], dtype="object")).isna().all()
