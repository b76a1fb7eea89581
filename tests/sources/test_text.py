from __future__ import annotations

import codecs
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from veille.sources import clean, decode, plain_text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be"])
def test_decodes_what_says_or_shows_its_encoding(encoding: str) -> None:
    text = "id;texte\n1;Grève à l’été, café 12 €\n"
    decoded = decode(text.encode(encoding))
    assert decoded.text == text
    assert decoded.repaired_lines == 0


def test_falls_back_to_windows_1252() -> None:
    decoded = decode("a\nGrève à 12 €\nb\n".encode("cp1252"))
    assert decoded.text == "a\nGrève à 12 €\nb\n"
    assert decoded.repaired_lines == 1


def test_one_bad_byte_does_not_garble_the_rest() -> None:
    decoded = decode("été\n".encode() * 3 + b"caf\xe9 \xc3\xa9t\xc3\xa9\n" + "été\n".encode())
    assert decoded.text == "été\nété\nété\ncafé été\nété\n"
    assert decoded.repaired_lines == 1


@settings(max_examples=25, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_decode(content: bytes) -> None:
    clean(decode(content).text).encode("utf-8")


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=100))
def test_utf_8_comes_back(text: str) -> None:
    assert decode(codecs.BOM_UTF8 + text.encode("utf-8", "replace")).text == text.encode("utf-8", "replace").decode()


def test_clean_keeps_the_words() -> None:
    assert clean("a\x00b") == "ab"
    assert clean("a\ud83d\ude00b") == "a😀b"
    assert clean("a\ud83db") == "a\ufffdb"
    assert clean("été") == "été"


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        (None, ""),
        ("plain", "plain"),
        ("  two   spaces ", "two spaces"),
        ("AT&T <3 you & me", "AT&T <3 you & me"),
        ("a&nbsp;b &eacute; &#233;", "a b é é"),
        ("<p>a &amp; b</p><p>c<br>d <b>e</b>f</p>", "a & b\n\nc\nd ef"),
        ("x<script>alert(1)</script>y<style>p{}</style>z", "xyz"),
        ("hi<!-- no --> there", "hi there"),
        ("<img src=x onerror=alert(1)>", ""),
        ("<p>été \x00\x01ok</p>", "été ok"),
        ("<<<>>>", "<<<>>>"),
    ],
)
def test_plain_text(markup: str | None, text: str) -> None:
    assert plain_text(markup) == text


@settings(max_examples=25, deadline=None)
@given(st.text(alphabet=st.sampled_from("<>/!-?&;#xpab\x00\ud83d\n \"'="), max_size=60))
def test_any_markup_becomes_text(markup: str) -> None:
    plain_text(markup).encode("utf-8")


def test_one_long_line_in_windows_1252_is_read_at_once() -> None:
    started = time.monotonic()
    decoded = decode("é a ".encode("cp1252") * 200_000)
    assert decoded.text == "é a " * 200_000
    assert time.monotonic() - started < 10
