"""What masking hides, what it leaves, and that it can be applied twice."""

from __future__ import annotations

import time

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from veille.masking import CONFIDENTIAL, HANDLE, MAIL, PHONE, mask, mask_series, mask_terms, profile_of

TERMS = ("Projet Soleil", "Œdipe", "mail", "acquisition de Rivale", "restruct*")


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("bravo @sncf !", f"bravo {HANDLE} !"),
        ("RT@jean_d: non", f"RT{HANDLE}: non"),
        (".@rivale.bsky.social, merci", f".{HANDLE}, merci"),
        ("@a@b.c et @aquilon@mastodon.social.", f"{HANDLE} et {HANDLE}."),
        ("vu par u/vieux_loup hier", f"vu par {HANDLE} hier"),
        ("écrire à jean.dupont+x@example.co.uk.", f"écrire à {MAIL}."),
        ("jean (at) example (dot) org", MAIL),
        ("tél. 06 12 34 56 78", f"tél. {PHONE}"),
        ("tél. 06.12.34.56.78", f"tél. {PHONE}"),
        ("tél. 0612345678.", f"tél. {PHONE}."),
        ("tél. 06-12-34-56-78", f"tél. {PHONE}"),
        ("+33 6 12 34 56 78", PHONE),
        ("+33 (0)6 12 34 56 78", PHONE),
        ("0033612345678", PHONE),
        ("0 825 123 456", PHONE),
        ("0800 12 34 56", PHONE),
        ("+44 20 7946 0958", PHONE),
        ("+34 612 345 678", PHONE),
        ("+1 (555) 123-4567", PHONE),
        ("(555) 123-4567", PHONE),
        ("06\u202f12\u202f34\u202f56\u202f78", PHONE),
    ],
)
def test_hides(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("https://x.com/jean_d/status/123", "https://x.com/@…"),
        ("x.com/jean", "x.com/@…"),
        ("https://mobile.twitter.com/Jean?s=20", "https://mobile.twitter.com/@…"),
        ("https://serveur.example/@jean/109", "https://serveur.example/@…"),
        ("https://serveur.example/@jean@autre.example/109", "https://serveur.example/@…"),
        ("https://serveur.example/users/jean/statuses/1", "https://serveur.example/users/@…"),
        ("https://www.facebook.com/jean.dupont", "https://www.facebook.com/@…"),
        ("https://www.facebook.com/profile.php?id=1000", "https://www.facebook.com/@…"),
        ("facebook.com/people/Jean-Dupont/1000", "facebook.com/people/@…"),
        ("https://instagram.com/jean.d/", "https://instagram.com/@…"),
        ("instagram.com/stories/jean", "instagram.com/stories/@…"),
        ("https://www.tiktok.com/@jean/video/12", "https://www.tiktok.com/@…"),
        ("tiktok.com/@jean", "tiktok.com/@…"),
        ("https://fr.linkedin.com/in/jean-dupont-12/", "https://fr.linkedin.com/in/@…"),
        ("https://t.me/canal_de_jean/12", "https://t.me/@…"),
        ("t.me/s/canal_de_jean", "t.me/s/@…"),
        ("https://bsky.app/profile/jean.bsky.social/post/3k", "https://bsky.app/profile/@…"),
        ("https://bsky.app/profile/did:plc:abc", "https://bsky.app/profile/@…"),
        ("https://www.reddit.com/user/vieux_loup", "https://www.reddit.com/user/@…"),
        ("reddit.com/u/vieux_loup", "reddit.com/u/@…"),
        ("https://youtube.com/@jean", "https://youtube.com/@…"),
        ("https://x.com/%40jean", "https://x.com/@…"),
    ],
)
def test_hides_who_the_address_of_a_profile_or_of_a_post_names(address: str, masked: str) -> None:
    for text in ("vu sur {}, hier", "({})", "{}", "« {} »."):
        assert mask(text.format(address)) == text.format(masked)
    assert profile_of(address)
    assert mask(mask(address)) == masked


@pytest.mark.parametrize(
    "address",
    [
        "https://x.com/i/status/12",
        "https://twitter.com/hashtag/bus?f=live",
        "https://facebook.com/groups/123/posts/4",
        "https://www.instagram.com/p/Cxyz/",
        "https://linkedin.com/company/acme",
        "https://t.me/joinchat/AAA",
        "https://www.reddit.com/r/france/comments/1/x/",
        "https://youtube.com/watch?v=abc",
        "https://netflix.com/browse",
        "https://journal.example/2026/11/un-titre-long",
        "https://x.com",
    ],
)
def test_leaves_addresses_that_name_nobody(address: str) -> None:
    assert mask(f"vu sur {address}, hier") == f"vu sur {address}, hier"
    assert profile_of(address) is None


def test_addresses_made_to_be_slow_are_not() -> None:
    started = time.perf_counter()
    for text in ("x.com/a/" * 20_000, "x.com/a/" + "!" * 100_000, "://" * 50_000, "x.com/a/! " * 10_000):
        mask(text)
    assert time.perf_counter() - started < 10


def test_own_words_keep_their_handles_and_lose_their_terms() -> None:
    own = "Projet Soleil : écrire à @aquilon ou au 01 99 00 40 40"
    assert mask_terms(own, TERMS) == f"{CONFIDENTIAL} : écrire à @aquilon ou au 01 99 00 40 40"
    assert mask_terms(own) == own


@pytest.mark.parametrize(
    "text",
    [
        "1 250 000 € en 2024",
        "hausse de +12 000 000 euros",
        "hausse de +34 612 345 euros",
        "+12 % en 2023-2024",
        "de 09:00 à 18:30, le 01/02/2024 10 30",
        "bus 38, 91 et 183, ligne 14",
        "le 01.02.2024 à 10 h 30",
        "3@5 €, 3 kg @ 5 €",
        "n° 3949, code 75013 Paris",
        "la rue d'Alésia au 12 bis",
        "version 1.2.3.4 et 192.168.10.20",
        "un ratio de 0,612345678",
        "EUR 2 000 000 000",
        "",
    ],
)
def test_leaves(text: str) -> None:
    assert mask(text) == text


@pytest.mark.parametrize(
    "spelling",
    ["Projet Soleil", "projet soleil", "PROJET-SOLEIL", "ProjetSoleil", "projét  soléil", "projet_soleil", "#StopProjetSoleil",
     "Projet\u00a0Soleil", "proje\u0301t soleil", "pro\u200bjet soleil"],
)  # fmt: skip
def test_hides_every_spelling_of_a_term(spelling: str) -> None:
    masked = mask(f"le {spelling} avance", TERMS)
    assert CONFIDENTIAL in masked
    assert "oleil" not in masked.lower()
    assert masked.endswith(" avance")


@pytest.mark.parametrize(
    "text",
    [
        "les projets soleil",
        "le pr0jet s0leil",
        "p r o j e t soleil",
        "pro.jet-soleils",
        "les Œdipes",
        "0ed1pe",
        "рrоjеt ѕоlеіl",
    ],
)
def test_plurals_figures_and_gaps_hide_no_term(text: str) -> None:
    assert CONFIDENTIAL in mask(text, TERMS)


def test_terms_are_whole_words_unless_starred() -> None:
    assert mask("Oedipe, œdipe, oedipes", TERMS) == f"{CONFIDENTIAL}, {CONFIDENTIAL}, {CONFIDENTIAL}"
    assert mask("oedipien", TERMS) == "oedipien"
    assert mask("la restructuration", TERMS).startswith(f"la {CONFIDENTIAL}")
    assert mask("ensoleillé", ("soleil",)) == "ensoleillé"


@pytest.mark.parametrize(
    ("term", "text", "masked"),
    [
        ("projet ‹Boréal>", "le projet ‹Boréal> avance", f"le {CONFIDENTIAL} avance"),
        ("projet ‹Boréal>", "le PROJET « Boréal » avance", f"le {CONFIDENTIAL} » avance"),
        ("projet Boréal", "le projet “Boréal” avance", f"le {CONFIDENTIAL}” avance"),
        ("projet [Boréal]", "le projet [Boréal] avance", f"le {CONFIDENTIAL}] avance"),
        ("Projet X+", "le projet X+ avance", f"le {CONFIDENTIAL} avance"),
        ("Projet X+", "le projet X avance", f"le {CONFIDENTIAL} avance"),
        ("C++", "écrit en C++, en C ++ et en c++17", f"écrit en {CONFIDENTIAL}, en {CONFIDENTIAL} et en {CONFIDENTIAL}17"),
        ("C++", "de la vitamine C", "de la vitamine C"),
        ("C#", "écrit en C#.", f"écrit en {CONFIDENTIAL}."),
        (".NET", "du .NET, du ASP.NET, un gain net", f"du {CONFIDENTIAL}, du ASP{CONFIDENTIAL}, un gain net"),
        ('"XYZ"', "XYZ ou « XYZ »", f"{CONFIDENTIAL} ou {CONFIDENTIAL}"),
        ("‹Boréal>", "le ‹Boréal> et le Boréal", f"le {CONFIDENTIAL} et le {CONFIDENTIAL}"),
        ("R&D", "la R&D de l'abord", f"la {CONFIDENTIAL} de l'abord"),
        ("R&D", "au nord-est, l'ardeur d'un hard rock", "au nord-est, l'ardeur d'un hard rock"),
        ("🦄", "le projet 🦄 avance", f"le projet {CONFIDENTIAL} avance"),
        ("++", "un a++ b", f"un a{CONFIDENTIAL} b"),
    ],
)
def test_signs_of_a_term_hide_none_of_it_and_tell_short_names_apart(term: str, text: str, masked: str) -> None:
    assert mask(text, (term,)) == masked


_SIGNS = st.text(st.sampled_from("+-#&.*‹›<>«»\"'()[]{}…@!?/|\\^$_ "), max_size=4)


@settings(max_examples=150, deadline=None)
@given(
    _SIGNS,
    st.sampled_from(["C", "Boréal", "projet Boréal", "XYZ", "R{}D", "été"]),
    _SIGNS,
    _SIGNS,
    st.text("y1 +.@_", max_size=9),
)
def test_a_term_is_hidden_as_it_is_written_whatever_its_signs(
    before: str, word: str, inner: str, after: str, said: str
) -> None:
    term = before + word.replace("{}", inner or "&") + after
    masked = mask(f"le {term} ici : {said}", (term,))
    assert term not in masked
    assert word not in masked
    assert mask(masked, (term,)) == masked


def test_a_term_never_breaks_a_placeholder() -> None:
    assert mask("un mail à a@b.fr", TERMS) == f"un {CONFIDENTIAL} à {MAIL}"


def test_a_handle_uncovered_by_a_term_is_hidden_too() -> None:
    assert "@jean" not in mask("œdipe@jean", TERMS)


_pieces = st.sampled_from(
    ["@", "a", "b.fr", "@jean", "06 12 34 56 78", "+33", " ", "mail", "[mail]", "@…", "œdipe", "projet", "soleil", "[", "]",
     "…", "u/", "0", "12", ".", "\u0301", "é", "-", "(at)", "_", "#", "confidentiel", "téléphone"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=40), st.lists(_pieces, max_size=14).map("".join)))
def test_masking_twice_changes_nothing(text: str) -> None:
    once = mask(text, TERMS)
    assert mask(once, TERMS) == once


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=30), st.text(max_size=30))
def test_a_phrase_is_hidden_wherever_it_stands(before: str, after: str) -> None:
    assert "projet soleil" not in mask(f"{before} projet soleil {after}", TERMS)


def test_time_stays_linear_on_hostile_text() -> None:
    began = time.perf_counter()
    for sign in ("a", "@", "a.", "@a", "+1", "0 ", "(at)", "u/", "[", "06 12 34 56 7", "projet ", "a@b.", "a [at] b [dot] "):
        mask(sign * 5_000, TERMS)
    assert time.perf_counter() - began < 5


def test_series_keeps_index_and_missing_values() -> None:
    series = pd.Series(["@a_b", None, "x"], index=[5, 3, 9], dtype="str", name="text")
    masked = mask_series(series)
    assert masked.index.tolist() == [5, 3, 9]
    assert masked.name == "text"
    assert masked[5] == HANDLE
    assert masked.isna().tolist() == [False, True, False]
    assert mask_series(series.iloc[:0]).empty
