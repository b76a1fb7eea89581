"""Spam and homonyms: what is set aside, and above all what is not."""

from __future__ import annotations

import pytest

from tests.reading.relevance.conftest import KEY, pairs
from veille.labels import Relevance
from veille.reading.relevance import Reason, own_voice, verdicts
from veille.watch import Watch

CRISIS = [
    "Tous en panne chez Orange ! Signez la pétition https://petition.example/orange #orange #panne #boycott #honte #scandale",
    "Gagnez du temps : demandez votre remboursement à Orange ici https://action.example #orange",
    "Orange perd nos données bancaires, rejoignez l'action collective https://action.example/orange",
    "Incendie d'une box Orange, deux blessés. Faites tourner https://photo.example",
    "#orange #telecom #paris #france #panne #internet plus rien depuis trois jours",
    "Arnaque : un faux conseiller Orange promet un bonus et un iPhone gratuit, cliquez pas !! https://alerte.example",
]
OFFERS = [
    "Trading crypto, revenus passifs garantis, DM me https://gain.example #orange",
    "hot singles near you, see my pics https://cam.example #orange #paris",
    "Voyante, 30 ans de don, retour de l'être aimé, WhatsApp #orange",
]


def verdict(watch: Watch, *texts: str, **columns: object) -> list[str]:
    rows = pairs(*texts, **columns)
    return verdicts(watch, rows, own_voice(watch, KEY))["verdict"].tolist()


@pytest.mark.parametrize("copies", [1, 40])
def test_a_complaint_is_never_spam_however_many_say_it(watch: Watch, copies: int) -> None:
    for text in CRISIS:
        authors = [f"u{place}" for place in range(copies)]
        assert set(verdict(watch, *[text] * copies, story_id="one", author=authors)) == {Relevance.RELEVANT}, text


def test_offers_are_spam_unless_they_are_articles(watch: Watch) -> None:
    assert verdict(watch, *OFFERS) == [Relevance.SPAM] * len(OFFERS)
    assert verdict(watch, *OFFERS, kind="article") == [Relevance.RELEVANT] * len(OFFERS)


def test_an_offer_with_words_of_complaint_is_kept(watch: Watch) -> None:
    assert verdict(watch, *[f"{text} service client en panne" for text in OFFERS]) == [Relevance.RELEVANT] * len(OFFERS)


def test_copies_make_spam_only_of_an_offer_with_a_call(watch: Watch) -> None:
    text = "Giveaway promo Orange, rejoignez le groupe https://gift.example"
    many = {"story_id": "one", "author": [f"u{place}" for place in range(6)]}
    assert verdict(watch, text) == [Relevance.RELEVANT]
    assert set(verdict(watch, *[text] * 6, **many)) == {Relevance.SPAM}
    assert set(verdict(watch, *["Orange ouvre une boutique à Lens https://gift.example"] * 6, **many)) == {Relevance.RELEVANT}


def test_a_word_is_set_aside_only_where_nothing_speaks_of_the_organisation(watch: Watch) -> None:
    told = {
        "un grand jus d'orange ce matin": Relevance.HOMONYM,
        "Vigilance orange aux orages dans le Sud": Relevance.HOMONYM,
        "vigilance orange, et le réseau orange ne passe plus": Relevance.RELEVANT,
        "vigilance orange : coupure de la fibre": Relevance.RELEVANT,
        "jus d'orange offert par @orange": Relevance.RELEVANT,
        "jus d'orange offert par Rivale": Relevance.RELEVANT,
        "orange c'est nul": Relevance.RELEVANT,
        "ORANGE": Relevance.RELEVANT,
    }
    assert dict(zip(told, verdict(watch, *told), strict=True)) == told


def test_a_name_that_is_no_known_word_is_never_a_homonym(watch: Watch) -> None:
    assert verdict(watch, "une rivale de longue date l'a battue", subject="rivale") == [Relevance.RELEVANT]


def test_each_verdict_says_why(watch: Watch) -> None:
    rows = pairs("un grand jus d'orange", OFFERS[0], "Bonjour", "orange en panne", author=[None, None, "Orange", None])
    found = verdicts(watch, rows, own_voice(watch, KEY))
    assert found["reason"].tolist() == [
        Reason.OTHER_EXPRESSION,
        Reason.SPAM_OFFER,
        Reason.OFFICIAL_ACCOUNT,
        Reason.NOTHING_AGAINST,
    ]
    assert found["detail"].tolist()[0] == "jus d orange"
    assert "trading crypto" in found["detail"].tolist()[1]
    assert found["probability"].between(0.5, 1).all()


def test_hostile_and_empty_texts_are_judged(watch: Watch) -> None:
    texts = ["", "orange " * 20_000, "\ud800 orange", "[[({*+?orange|", "😀", "#" * 5000, "\u202eorange\x00"]
    assert len(verdict(watch, *texts)) == len(texts)
    assert verdict(watch) == []
