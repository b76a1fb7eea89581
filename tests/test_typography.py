from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from veille.typography import NARROW, WIDE, closed, typeset

written = st.text(alphabet="aAéE0123 .,;:!?%'\"«»“”…()-{}/@\u00a0\u202f\n", max_size=60)


@given(written)
@example('““"”')
@example('«"“»')
def test_twice_is_once(text):
    once = typeset(text, "fr")
    assert typeset(once, "fr") == once


@given(written)
def test_only_french_is_changed(text):
    assert typeset(text, "en") == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Vraiment ? Oui !", f"Vraiment{NARROW}? Oui{NARROW}!"),
        ("un;deux", f"un{NARROW};deux"),
        ("Voici : rien", f"Voici{WIDE}: rien"),
        ('"mot"', f"«{NARROW}mot{NARROW}»"),
        ("« {title} »", f"«{NARROW}{{title}}{NARROW}»"),
        ("{share} %", f"{{share}}{NARROW}%"),
        ("3.5 points", "3,5 points"),
        ("version 1.2.3", "version 1.2.3"),
        ("l'essentiel...", "l’essentiel…"),
        ("A la une", "À la une"),
        ("Etat", "État"),
        ("à 18:30", "à 18:30"),
        ("voir https://a.example/x?y=1;z!", "voir https://a.example/x?y=1;z!"),
        ("écrire à a@b.example", "écrire à a@b.example"),
    ],
)
def test_what_a_typographer_would_do(text, expected):
    assert typeset(text, "fr") == expected


@pytest.mark.parametrize(
    ("cut", "whole"),
    [
        ("Le maire : « les freins ont lâché…", "Le maire : « les freins ont lâché…\u202f»"),
        ("« Tout va bien », dit-il", "« Tout va bien », dit-il"),
        ("les freins ont lâché », selon elle", "les freins ont lâché », selon elle"),
        ("a) les freins b) le bus :)", "a) les freins b) le bus :)"),
        ("“Brakes failed again…", "“Brakes failed again…”"),
        ('Elle dit "non', 'Elle dit "non"'),
        ("« le “grand” soir…", "« le “grand” soir…\u202f»"),
        ("« le “grand…", "« le “grand…”\u202f»"),
        ("Rappel (vélos…", "Rappel (vélos…)"),
        ("Rappel", "Rappel"),
    ],
)
def test_what_a_cut_left_open_is_closed(cut, whole):
    assert closed(cut) == whole


@given(st.text('ab «»“”()[]"…', max_size=25))
def test_closing_is_done_once(text):
    assert closed(closed(text)) == closed(text)
