"""Text made fit for titles: hostile input loses what is not language and keeps its accents."""

from __future__ import annotations

import time

import pandas as pd
import pytest

from veille.topics.text import clean, clean_text, lead


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("RT @sncf: grève ce matin https://t.co/x", "grève ce matin"),
        ("Panne sur la #ligneA ce soir 😡🚆 #rer #honte", "Panne sur la ligneA ce soir"),
        ("<script>alert(1)</script>Le <b>gr&egrave;ve</b>", "Le grève"),
        ("&lt;img src=x onerror=alert(1)&gt; retard", "retard"),
        ("écrivez à jean.dupont@exemple.fr ou @jean@mastodon.social", "écrivez à ou"),
        ("**Important** : [la note](https://x.y/z)", "Important : la note"),
        ("\u202egnp.exe\u202c fichier\u200b joint", "gnp.exe fichier joint"),
        ("re\u0301seau e\u0301tendu", "réseau étendu"),
        ("𝗚𝗿𝗲̀𝘃𝗲 générale", "Grève générale"),
        ("prix < 10 € et > 5 €", "prix < 10 € et > 5 €"),
        ("snake_case et 3*4", "snake_case et 3*4"),
        ("\x00\ud800", ""),
        ("", ""),
    ],
)
def test_clean_text(raw: str, read: str) -> None:
    assert clean_text(raw) == read


def test_cleaning_twice_changes_nothing() -> None:
    texts = ["RT @a: Voilà #un texte", "<p>L’été&nbsp;: 30 °C</p>", "> cité\n- liste"]
    once = [clean_text(text) for text in texts]
    assert [clean_text(text) for text in once] == once


@pytest.mark.parametrize("sign", ["<", "<a ", "@", "#a ", "http://", "[", "*", "<script>", "a@", "&lt;", "("])
def test_time_grows_no_faster_than_the_text(sign: str) -> None:
    started = time.perf_counter()
    clean_text(sign * 100_000)
    assert time.perf_counter() - started < 1.0


def test_a_series_keeps_its_index_and_missing_texts_are_empty() -> None:
    cleaned = clean(pd.Series(["<b>a</b>", None, "a\ud800"], index=[5, 3, 3], dtype="object"))
    assert cleaned.index.tolist() == [5, 3, 3]
    assert cleaned.tolist() == ["a", "", "a"]
    assert clean(pd.Series([], dtype="str")).empty


def test_a_body_that_repeats_its_title_counts_once() -> None:
    joined = lead(pd.Series(["Titre", "Titre", "Titre", None]), pd.Series(["Titre et corps", "corps", "", "corps"]))
    assert joined.tolist() == ["Titre et corps", "Titre. corps", "Titre", "corps"]
