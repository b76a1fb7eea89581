"""What is read from words: gravity, responsibility, effects, closeness, leaks."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from veille.pseudonym import sealed_term
from veille.signals import lexicon
from veille.signals.cues import read_cues
from veille.signals.leak import leaked, leaking
from veille.signals.relevance import closeness, effects, relevance
from veille.watch import StrategicItem


def cue(title: str, text: str = "", language: str = "fr") -> pd.Series:
    return read_cues(pd.Series([title]), pd.Series([text]), pd.Series([language])).iloc[0]


@pytest.mark.parametrize(
    ("title", "category"),
    [
        ("Rappel de produits : des yaourts soupçonnés d’intoxication", "persons"),
        ("L’usine mise en examen pour corruption", "legal"),
        ("Fuite de données chez l’opérateur", "data"),
        ("Marée noire au large de la côte", "environment"),
        ("Plan social : 300 suppressions de postes", "social"),
        ("Food poisoning: two children hospitalised", "persons"),
        ("Data breach exposes customers", "data"),
    ],
)
def test_category_of_what_is_alleged(title: str, category: str) -> None:
    assert cue(title)["gravity_category"] == category
    assert cue(title)["gravity"] >= 0.6


def test_good_news_and_ordinary_news_allege_nothing() -> None:
    for title in ("Le groupe ouvre trois agences et recrute", "New timetable for the summer", "Une nouvelle ligne inaugurée"):
        assert cue(title)["gravity"] == 0.0
        assert cue(title)["gravity_category"] is None
        assert np.isnan(cue(title)["responsibility"])


def test_what_is_denied_is_not_alleged() -> None:
    assert cue("Incident technique, aucun blessé")["gravity"] < cue("Incident technique, deux blessés")["gravity"]


def test_stems_do_not_match_inside_words() -> None:
    assert cue("Le violon et la mortadelle")["gravity"] == 0.0


@pytest.mark.parametrize(
    ("title", "value", "cluster"),
    [
        ("Piratage : le groupe visé par une cyberattaque", 0.0, "victim"),
        ("Une panne paralyse le site", 0.5, "accident"),
        ("Il savait : le rapport dissimulé", 1.0, "preventable"),
        ("Panne : la direction savait", 1.0, "preventable"),
    ],
)
def test_responsibility_follows_the_clusters(title: str, value: float, cluster: str) -> None:
    assert cue(title)["responsibility"] == value
    assert cue(title)["responsibility_cluster"] == cluster


def test_other_languages_are_missing_and_not_zero() -> None:
    row = cue("Skandal um Vergiftung", language="de")
    assert np.isnan(row["gravity"])
    assert np.isnan(row["loaded"])


def test_every_list_compiles_and_is_in_plain_writing() -> None:
    words = [word for name in ("loaded", "effects") for group in lexicon._load(name).values() for word in group]
    for entry in [*lexicon._load("gravity").values(), *lexicon._load("responsibility").values()]:
        words += [word for key in ("strong", "medium", "cues") for word in entry.get(key, [])]
    odd = [
        word
        for word in words
        if not isinstance(word, str) or word != word.lower() or not word.replace("*", "").replace(" ", "").isalnum()
    ]
    assert odd == []
    assert all(category.weight <= 1 for category in lexicon.gravity())


def test_hostile_text_is_read_without_harm() -> None:
    cues = read_cues(
        pd.Series(["a" * 50_000, "\x00\u202e\ufffd", ""]), pd.Series(["(" * 9, None, ""]), pd.Series(["fr", None, "und"])
    )
    assert cues["gravity"].tolist() == [0.0, 0.0, 0.0]
    assert len(read_cues(pd.Series([], dtype="str"), pd.Series([], dtype="str"), pd.Series([], dtype="str"))) == 0


ITEM = StrategicItem(id="d1", title="Extension du dépôt", terms=("extension du dépôt", "tramway*"))


def test_closeness_rises_from_nothing_to_a_term_in_the_title() -> None:
    title = pd.Series(["La météo", "Conseil municipal", "Extension du dépôt : l’enquête"])
    text = pd.Series(["Il pleut", "on y parla de l’extension du dépôt", ""])
    assert closeness(title, text, [ITEM])[:, 0].tolist() == [0.0, 0.75, 1.0]
    assert closeness(title, text, [ITEM], np.array([[0.0], [0.9], [0.9]]))[1, 0] == 0.9


def test_item_without_terms_is_close_to_nothing() -> None:
    bare = StrategicItem(id="o1", title="Croître")
    assert closeness(pd.Series(["Croître"]), pd.Series([""]), [bare])[0, 0] == 0.0


def test_effects_by_cue_then_by_tone() -> None:
    title = pd.Series(
        ["La région vote contre l’extension", "Le chantier reporté", "La région approuve", "Quelle honte", "Bravo"]
    )
    tone = pd.Series(["negative", "neutral", "positive", "negative", "positive"])
    found = effects(title, pd.Series([""] * 5), tone).tolist()
    assert found == ["calls_into_question", "bends", "contributes", "bends", "contributes"]


def test_relevance_ends_and_monotony() -> None:
    assert relevance(5, 1, 1) == 1.0
    assert relevance(1, 0, 1) == 0.0
    assert relevance(4, 0.5, 0.5) < relevance(5, 0.5, 0.5) < relevance(5, 0.6, 0.5) < relevance(5, 0.6, 0.6)


def leaks(text: str, term: str = "Projet Hermine") -> bool:
    return bool(leaking(pd.Series([""]), pd.Series([text]), [term])[0])


@pytest.mark.parametrize(
    "text",
    [
        "on parle du projet hermine",
        "PROJET-HERMINE !",
        "le projet  Hermines",
        "p r o j e t h e r m i n e",
        "pr0jet h3rmine",
        "#ProjetHermine",
        "projet_hermine",
        "le p.r.o.j.e.t Hermine",
        "le рrоjеt Неrminе",
        "ΡROJET HERMINE",
        "𝐏rojet ｈermine",
        "pro\u200bjet her\u00admine",
    ],
)
def test_leak_is_found_however_it_is_written(text: str) -> None:
    assert leaks(text)


@pytest.mark.parametrize("text", ["le projet de l’hermine", "hermine", "un sous-projet", "projet herminette", ""])
def test_what_only_resembles_a_term_is_no_leak(text: str) -> None:
    assert not leaks(text)


def test_short_terms_match_whole_words_only() -> None:
    assert leaks("accord avec ZKX demain", "zkx")
    assert not leaks("a z k x b", "zkx")
    assert not leaks("zkxa", "zkx")


def test_of_a_leaked_term_its_keyed_hash_is_kept() -> None:
    text = pd.Series(["rien", "le projet-hermine", "Projet Hermine et ZKX", "hermine"])
    found = leaked(b"key", pd.Series([""] * 4), text, ["Projet Hermine", "zkx", "hermine", "PROJET HERMINE"])
    hermine, zkx, short = (sealed_term(b"key", term) for term in ("projet  hermine", "ZKX", "Hermine"))
    # Of two terms of which one holds the other the longer is meant.
    assert sorted(map(tuple, found.to_numpy().tolist())) == sorted([(1, hermine), (2, hermine), (2, zkx), (3, short)])
    assert hermine != sealed_term(b"other", "projet hermine")
    assert "hermine" not in found.to_csv().casefold()
    assert leaked(b"key", text.iloc[:1], text.iloc[:1], ["zkx"]).empty
