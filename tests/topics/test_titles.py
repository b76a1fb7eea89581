"""Titles a person would write: whole clauses, no debris, no two the same."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from veille.folding import fold_text
from veille.topics.naming import _held_most, best_first
from veille.topics.titles import distinct_titles, headline, reads_well


@pytest.mark.parametrize(
    ("title", "text", "line"),
    [
        ("Guerre des prix : Rivale contre-attaque", "peu importe", "Guerre des prix : Rivale contre-attaque"),
        ("EN DIRECT - La grève s’étend aux gares - Le Journal", "", "La grève s’étend aux gares"),
        ("", "@aquilon Bonjour, mon colis est perdu depuis trois jours. Merci.", "Mon colis est perdu depuis trois jours"),
        ("", "TER supprimés ce matin! Encore!!", "TER supprimés ce matin"),
        ("", "Pourquoi ce train est-il supprimé ? Personne ne répond", "Pourquoi ce train est-il supprimé ?"),
        ("", "Why is it late? Nobody answers", "Why is it late?"),
        ("", "M. Dupont quitte la direction. Il part demain", "M. Dupont quitte la direction"),
        (
            "",
            "Le groupe annonce un plan de licenciement qui touchera des centaines de salariés dans toute la France",
            "Le groupe annonce un plan de licenciement",
        ),
        (
            "Fuite de données chez Rivale : « nous avons été informés trop tard », accuse un client de l’opérateur",
            "",
            "Fuite de données chez Rivale",
        ),
        ("", "rt : bonjour, une rupture de fibre à Lyon\\n\\nRetour lundi", "Une rupture de fibre à Lyon Retour lundi"),
        ("", "Idem, pareil, plus de réseau depuis lundi", "Plus de réseau depuis lundi"),
        (
            "F1 : pour le pilote, la saison à venir se jouera sur des détails que personne ne peut prévoir",
            "",
            "F1 : pour le pilote, la saison à venir se jouera sur des détails…",
        ),
        (
            "Entre la région et les communes du plateau, une querelle sans fin sur le prix des abonnements scolaires",
            "",
            "Entre la région et les communes du plateau, une querelle sans fin…",
        ),
        ("iPhone : une panne mondiale", "", "iPhone : une panne mondiale"),
        ("", "", ""),
        ("", "😡😡 https://t.co/x", ""),
    ],
)
def test_headline(title: str, text: str, line: str) -> None:
    assert headline(title, text, publisher="lejournal.fr") == line


def test_a_line_without_any_clause_is_cut_between_words_and_does_not_hang() -> None:
    line = headline("", "Une enquête interne très longue sur les conditions de travail dans les entrepôts du groupe")
    assert line == "Une enquête interne très longue sur les conditions de travail…"


@given(st.text(max_size=400), st.text(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_text_gives_one_short_clean_line(title: str, text: str) -> None:
    line = headline(title, text)
    assert len(line) <= 70
    assert "\n" not in line
    assert "\u202e" not in line
    assert line == line.strip()


def test_no_two_titles_are_the_same_even_in_other_spelling() -> None:
    titles = distinct_titles(
        [["La grève des trains"], ["LA GREVE des trains"], ["La grève des trains", "Les gares sont fermées"], [], []],
        [["x"], ["gare", "train", "retard"], ["y"], [], []],
    )
    assert titles[:3] == ["La grève des trains", "Gare, train, retard", "Les gares sont fermées"]
    assert len({fold_text(title) for title in titles}) == 5


def test_titles_that_are_taken_are_not_given_again() -> None:
    assert distinct_titles([["La grève des trains"]], [["gare", "train"]], taken=["la greve des trains"]) == ["Gare, train"]


def test_words_come_before_a_fragment_and_a_fragment_before_nothing() -> None:
    assert distinct_titles([["Ok super"]], [["gare", "train", "retard"]]) == ["Gare, train, retard"]
    assert distinct_titles([["Ok super"]], [[]]) == ["Ok super"]
    assert distinct_titles([["Ok super"]] * 3, [[]] * 3) == ["Ok super", "Ok super (2)", "Ok super (3)"]
    assert distinct_titles([], []) == []


def test_reads_well() -> None:
    assert reads_well("la greve des trains")
    assert not reads_well("merci pour tout")
    assert not reads_well("ok")


def test_a_whole_headline_with_a_word_of_the_topic_comes_first() -> None:
    lines = ["Une très longue phrase que personne ne finit…", "Rien à voir ici", "La grève des trains", "Autre grève encore"]
    assert best_first(lines, ["grèves", "grève"])[0] == "La grève des trains"
    assert best_first(lines, ["girafe"])[0] == "Rien à voir ici"
    assert best_first(lines[:1], []) == lines[:1]
    far = [f"Phrase coupée {number}…" for number in range(10)]
    assert best_first([*far, "La grève des trains"], ["grève"])[0] == far[0]


def test_a_headline_without_a_word_of_its_topic_is_no_title() -> None:
    assert distinct_titles([["Les quais de la Seine", "La gare est fermée"]], [["gare", "train", "retard"]]) == [
        "La gare est fermée"
    ]
    assert distinct_titles([["Les quais de la Seine"]], [["gare", "train", "retard"]]) == ["Gare, train, retard"]


def test_a_topic_without_a_centre_is_named_by_the_headline_that_holds_most_of_its_words() -> None:
    lines = ["Je bosse aux vélos", "Trois vélos en feu, les pompiers au quai", "Le maire parle", "Des vélos et du feu…"]
    assert _held_most(lines, ["vélos", "feu", "pompiers"]) == [lines[1], lines[0]]
    assert _held_most([], ["vélos"]) == []
