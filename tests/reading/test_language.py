from __future__ import annotations

import pandas as pd
import pytest

from veille.reading.language import UNKNOWN, languages


def read(text: str, declared: str | None = None, watched: tuple[str, ...] = ("fr",)) -> tuple[str, float]:
    frame = languages(pd.Series([text]), pd.Series([declared], dtype="object"), watched)
    return str(frame["language"][0]), float(frame["language_probability"][0])


@pytest.mark.parametrize("text", ["", " ", "😀😀😀", "!!!", "12345", "👍", "ok"])
def test_what_cannot_be_told_is_und(text: str) -> None:
    assert read(text)[0] == UNKNOWN


def test_no_letters_have_no_probability() -> None:
    assert read("😀", "fr") == (UNKNOWN, 0.0)


def test_what_is_declared_decides_where_the_text_does_not() -> None:
    assert read("SNCF Connect", "fr")[0] == "fr"
    assert read("SNCF Connect", "en", ("en",))[0] == "en"


def test_what_is_declared_does_not_overrule_a_clear_text() -> None:
    assert read("The company has published its annual results this morning in London", "fr")[0] == "en"


def test_declared_region_counts_as_its_language() -> None:
    assert read("Merci !", "fr-FR") == read("Merci !", "fr")


def test_declaring_the_language_raises_its_probability() -> None:
    assert read("Merci pour tout", "fr")[1] > read("Merci pour tout")[1]


@pytest.mark.parametrize(
    "text", ["الانترنت مقطوع", "wach kayn chi mochkil f internet lyoum", "salam khouya 3lach makaynch reseau"]
)
def test_arabic_is_known_by_its_script_and_darija_is_not_french(text: str) -> None:
    assert read(text)[0] == "ar"


@pytest.mark.parametrize(("text", "code"), [("Добрый день, поезд опаздывает", "ru"), ("電車が遅れています", "ja")])
def test_other_scripts_are_not_forced_into_the_languages_watched(text: str, code: str) -> None:
    assert read(text)[0] == code


def test_language_of_the_watch_joins_the_candidates() -> None:
    assert read("Pociąg znowu się spóźnia, to skandal", None, ("pl",))[0] == "pl"


def test_empty_input_gives_an_empty_frame() -> None:
    frame = languages(pd.Series([], dtype="object"), pd.Series([], dtype="object"))
    assert frame.columns.tolist() == ["language", "language_probability"]
    assert frame.empty


def test_order_of_the_texts_changes_nothing() -> None:
    text = pd.Series(["Bonjour à tous", "hello there", "😀", "gracias por todo"])
    declared = pd.Series([None] * 4, dtype="object")
    forward = languages(text, declared)
    pd.testing.assert_frame_equal(languages(text[::-1], declared[::-1])[::-1], forward)
