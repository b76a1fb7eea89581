from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import jinja2.ext
import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po

from veille import language as language_module
from veille.bulletin.wording import lint
from veille.errors import UsageError
from veille.language import LOCALE_FOLDER, Language

PACKAGE = Path(__file__).parents[2] / "veille"
SPEAKING = ("language.py", "names.py", "bulletin", "alerts", "desk", "edition", "signals", "workbook")
KEYWORDS = {"say": None, "say_many": (1, 2)}
LANGUAGES = ["fr", "en"]


def _used() -> set[str | tuple[str, ...]]:
    used: set[str | tuple[str, ...]] = set()
    for path in sorted(path for name in SPEAKING for path in (PACKAGE / name, *(PACKAGE / name).rglob("*"))):
        method = {".py": "python", ".html": jinja2.ext.babel_extract, ".txt": jinja2.ext.babel_extract}.get(path.suffix)
        if method:
            with path.open("rb") as file:
                used |= {message for _, message, _, _ in extract(method, file, KEYWORDS, (), {"encoding": "utf-8"})}
    return used


def _catalogue(code: str) -> Catalog:
    with (LOCALE_FOLDER / code / "LC_MESSAGES" / "veille.po").open("rb") as file:
        return read_po(file, locale=code)


def _texts(string: str | tuple[str, ...]) -> tuple[str, ...]:
    return (string,) if isinstance(string, str) else string


@pytest.mark.parametrize("code", LANGUAGES)
def test_catalogue_is_complete_and_holds_nothing_unused(code):
    catalogue = _catalogue(code)
    assert {message.id for message in catalogue if message.id} == _used()
    for message in catalogue:
        assert not message.fuzzy or not message.id
        assert all(_texts(message.string)), message.id


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_sentence_keeps_its_places_for_values(code):
    for message in _catalogue(code):
        if message.id:
            wanted = set(re.findall(r"\{(\w+)\}", " ".join(_texts(message.id))))
            for text in _texts(message.string):
                assert set(re.findall(r"\{(\w+)\}", text)) == wanted, message.id


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_sentence_passes_the_lint(code):
    assert lint(text for message in _catalogue(code) if message.id for text in _texts(message.string)) == []


def test_values_are_put_in_as_they_are():
    told = Language("fr").say("New signal: “{title}”.", title='Vraiment ? {x} "oui" 3.5')
    assert 'Vraiment ? {x} "oui" 3.5' in told


@pytest.mark.parametrize(
    ("first", "last", "french", "english"),
    [
        (date(2026, 11, 16), date(2026, 11, 22), "du 16 au 22 novembre 2026", "16 to 22 November 2026"),
        (date(2026, 9, 28), date(2026, 10, 4), "du 28 septembre au 4 octobre 2026", "28 September to 4 October 2026"),
        (date(2025, 12, 29), date(2026, 1, 4), "du 29 décembre 2025 au 4 janvier 2026", "29 December 2025 to 4 January 2026"),
        (date(2026, 6, 1), date(2026, 6, 7), "du 1er au 7 juin 2026", "1 to 7 June 2026"),
    ],
)
def test_days_of_a_week_are_said_in_words(first, last, french, english):
    assert Language("fr").days(first, last) == french
    assert Language("en").days(first, last) == english


def test_numbers_follow_the_language():
    french, english = Language("fr"), Language("en")
    assert french.number(1284) == "1\u202f284"
    assert english.number(1284) == "1,284"
    assert french.percent(0.523, 1) == "52,3\u202f%"
    assert english.percent(0.523, 1) == "52.3%"
    assert [french.signed(value) for value in (12, -3, 0, -0.2)] == ["+12", "−3", "0", "0"]


def test_midnight_ends_the_day_before():
    assert Language("fr").cutoff(datetime(2026, 11, 22, 23, tzinfo=UTC), "Europe/Paris") == "22 novembre 2026 à\u00a024:00"
    assert Language("fr").cutoff(datetime(2026, 11, 20, 11, 5, tzinfo=UTC), "Europe/Paris") == "20 novembre 2026 à\u00a012:05"


def test_a_language_without_catalogue_is_refused():
    with pytest.raises(UsageError, match="'de'"):
        Language("de")


def test_what_is_compiled_in_memory_is_the_source_and_no_compiled_file_lies_about():
    assert list(LOCALE_FOLDER.rglob("*.mo")) == []
    for code in LANGUAGES:
        compiled = language_module._catalogue(code)
        for message in _catalogue(code):
            if isinstance(message.id, str) and message.id:
                assert compiled.gettext(message.id) == message.string
            elif message.id:
                told = {compiled.ngettext(*message.id, count) for count in range(3)}
                assert told == set(message.string)


def test_english_puts_no_space_before_per_cent():
    for message in _catalogue("en"):
        assert not any(re.search(r"[\d}]\s%", text) for text in _texts(message.string) if message.id), message.id
