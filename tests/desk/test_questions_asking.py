"""What asks something, with and without a mark, and what only has the form of it."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from veille.desk.questions_asking import asking, questions_in

ASKS = [
    "Le car de 8 h passe-t-il le dimanche ?",
    "quelqu'un sait si le guichet est ouvert demain",
    "Je voudrais connaître le prix exact du billet.",
    "à qui dois-je m'adresser pour un objet perdu",
    "pouvez-vous me rappeler svp",
    "j'attends toujours une réponse",
    "aidez-moi, mon abonnement est bloqué",
    "Possible d'avoir une adresse mail",
    "pourquoi le tarif a doublé",
    "how long do refunds take",
    "can anyone tell me whether bikes are allowed on board",
    "please fix the app",
    "I'd like to know why my train was cancelled",
]
ASKS_NOTHING = [
    "Le car de 8 h est passé à l'heure.",
    "vous trouvez ça normal ?",
    "Vous n'avez pas honte ?",
    "c'est quoi ce bordel ?",
    "on en parle de vos retards ?",
    "Merci qui ?",
    "Les enquêteurs l'ont dit hier soir.",
    "Are you kidding?",
    "do you even care?",
    "great service, thank you",
    "",
]


@pytest.mark.parametrize("text", ASKS)
def test_what_asks_is_found(text: str) -> None:
    assert questions_in(text) == (text,)


@pytest.mark.parametrize("text", ASKS_NOTHING)
def test_what_mocks_or_tells_is_not(text: str) -> None:
    assert questions_in(text) == ()


def test_the_asking_sentences_alone_are_given_word_for_word() -> None:
    text = "@aquilon Bonjour. Train supprimé ce matin ! À qui demander le remboursement ? Vous trouvez ça normal ?"
    assert questions_in(text) == ("À qui demander le remboursement ?",)


def test_missing_texts_ask_nothing() -> None:
    found = asking(pd.Series([None, "Où est le guichet ?"], index=[7, 3], dtype="object"))
    assert found.to_dict() == {7: (), 3: ("Où est le guichet ?",)}


@given(st.text(max_size=300))
def test_whatever_is_said_the_words_found_stand_in_it(text: str) -> None:
    for sentence in questions_in(text):
        assert sentence in text


@pytest.mark.timeout(20)
@pytest.mark.parametrize("piece", ["?", "a ", "vous avez et ", ".?", "moins ", "pourquoi "])
def test_long_hostile_texts_are_read_in_no_time(piece: str) -> None:
    questions_in(piece * 5000)
