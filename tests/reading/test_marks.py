"""What posts say besides words, alone and in the tone that is read; each effect goes one way."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from veille.reading import marks, tone
from veille.reading.embedding import DEFAULT_MODEL, by_name
from veille.reading.lexicon import FEATURES, features
from veille.reading.texts import clean

SAID = {
    "fr": ["Le train de ce matin", "Encore une journée avec Aquilon", "Le service client"],
    "en": ["The train this morning", "Another day with Aquilon", "The customer service"],
}
PRAISE = {
    "fr": ["Super service ce matin", "Bravo pour la ponctualité", "Excellent accueil, merci"],
    "en": ["Great service this morning", "Well done, right on time", "Excellent crew, thank you"],
}
BLAME = {
    "fr": ["Le service est nul", "Trajet pourri ce matin"],
    "en": ["The service is awful", "Such a terrible ride"],
}


def negative(texts: list[str], language: str) -> np.ndarray:
    text = clean(pd.Series(texts, dtype="object"))
    return tone.probabilities(text, by_name(DEFAULT_MODEL).encode(text.tolist()), language)[:, 0]


def figure(name: str, text: str, language: str = "fr") -> float:
    return float(features(clean(pd.Series([text], dtype="object")), language)[0, FEATURES.index(name)])


@pytest.mark.parametrize("language", tone.LANGUAGES)
def test_emojis_pull_the_tone_their_way(language: str) -> None:
    said = SAID[language]
    glad, plain, angry = (negative([text + end for text in said], language) for end in (" 😍", "", " 😡"))
    assert (glad < plain).all()
    assert (plain < angry).all()


def test_more_emojis_weigh_more() -> None:
    balances = [figure("emoji_balance", f"Le train {face}") for face in ("😡😡", "😡", "😡😍", "😍", "😍😍")]
    assert balances == sorted(balances)
    assert len(set(balances)) == 5
    assert balances[2] == 0


@pytest.mark.parametrize("language", tone.LANGUAGES)
@pytest.mark.parametrize("mark", [" /s", " (ironie)", " #sarcasm"])
def test_a_mark_of_irony_makes_praise_negative(language: str, mark: str) -> None:
    plain = negative(PRAISE[language], language)
    marked = negative([text + mark for text in PRAISE[language]], language)
    assert (marked > plain).all()


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Super service /s", True),
        ("Great job /s.", True),
        ("Bravo (ironie)", True),
        ("Merci [sarcasme] à tous", True),
        ("Merci Aquilon ! sarcasme", True),
        ("Merci #ironie pour tout", True),
        ("Parfait 🙃", True),
        ("L'ironie du sort veut que tout marche", False),
        ("Quelle ironie de voir cela ici", False),
        ("https://exemple.fr/a/s", False),
        ("10 km/s de trop", False),
        ("", False),
    ],
)
def test_irony_is_what_marks_itself(text: str, meant: bool) -> None:
    assert bool(marks.ironic(pd.Series([text])).iloc[0]) is meant


def test_irony_turns_praise_only() -> None:
    assert figure("balance", "Bravo /s") < 0 < figure("balance", "Bravo")
    assert figure("negative_sum", "Nul /s") >= figure("negative_sum", "Nul")
    assert figure("positive_sum", "Nul /s") == 0


@pytest.mark.parametrize("language", tone.LANGUAGES)
def test_glued_hashtags_say_their_words(language: str) -> None:
    glued = {"fr": ("#ServiceNul", "Service nul"), "en": ("#AwfulService", "Awful service")}[language]
    assert figure("negative_sum", glued[0], language) == pytest.approx(figure("negative_sum", glued[1], language))
    assert figure("negative_sum", glued[0], language) > 0
    tagged = [f"{text} {glued[0]}" for text in SAID[language]]
    assert (negative(tagged, language) > negative(SAID[language], language)).all()


def test_capitals_are_no_glued_words() -> None:
    apart = marks.hashtags_apart(pd.Series(["SNCF TGVmax ÉtéPourri", "McDonald"]))
    assert apart.tolist() == ["SNCF TGVmax Été Pourri", "Mc Donald"]


def test_a_word_drawn_out_is_known_and_weighs_more() -> None:
    plain, drawn = figure("negative_sum", "C'est lent"), figure("negative_sum", "C'est leeeent")
    assert drawn > plain > 0
    assert figure("positive_sum", "goooood", "en") > figure("positive_sum", "good", "en") > 0
    assert figure("drawn_out", "C'est leeeent") > figure("drawn_out", "C'est lent") == 0
    # Already an entry of its own.
    assert figure("negative_sum", "pfff") > 0


@pytest.mark.parametrize("language", tone.LANGUAGES)
def test_blame_drawn_out_is_no_less_negative_than_the_word_unknown(language: str) -> None:
    word = {"fr": ("nuuuul", "nuuuuk"), "en": ("awfuuuul", "axfuuuuk")}[language]
    said = SAID[language]
    assert (
        negative([f"{text} {word[0]}" for text in said], language) > negative([f"{text} {word[1]}" for text in said], language)
    ).all()


@pytest.mark.parametrize("language", tone.LANGUAGES)
def test_denied_praise_is_more_negative(language: str) -> None:
    plain, denied = {
        "fr": (["Je suis satisfait du service", "C'est bien"], ["Je ne suis pas satisfait du service", "Ce n'est pas bien"]),
        "en": (["I am happy with the service", "It is good"], ["I am not happy with the service", "It isn't good"]),
    }[language]
    assert (negative(denied, language) > negative(plain, language)).all()


def test_but_ends_what_a_negator_reaches() -> None:
    assert figure("balance", "pas cher mais bien") > figure("balance", "pas cher et bien")
    assert figure("balance", "not cheap but good", "en") > figure("balance", "not cheap and good", "en")


def test_praise_beside_blame_is_seen() -> None:
    assert figure("praise_with_blame", "Bravo, encore une panne") > 0
    assert figure("praise_with_blame", "Bravo") == figure("praise_with_blame", "Encore une panne") == 0
    assert figure("praise_with_blame", "Bravo génial, panne et retard") > figure("praise_with_blame", "bien, encore un retard")
