"""Who asks is heard with and without a question mark, and approved questions have vectors once the watch was read."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from veille import reading
from veille.reading.questions import asks, embed_questions, question_vectors
from veille.store import Store
from veille.watch import load_watch

ASKING = [
    "Peut-on monter avec son vélo ?",
    "quelqu'un sait si mon vélo passe dans le train",
    "c’est quoi la règle pour les bagages",
    "Je voudrais emmener mon chien samedi",
    "une idée des règles pour les cars",
    "on a le droit de manger à bord",
    "Does anyone know when the line opens",
    "how much for two",
]
SAYING = ["Le train était en retard.", "Merci au chauffeur.", "The bus was late again.", "Ils savaient.", "", "!!!"]


@pytest.mark.parametrize("text", ASKING)
def test_questions_are_heard(text: str) -> None:
    assert asks(pd.Series([text])).tolist() == [True]


@pytest.mark.parametrize("text", SAYING)
def test_statements_ask_nothing(text: str) -> None:
    assert asks(pd.Series([text])).tolist() == [False]


def test_no_texts_ask_nothing() -> None:
    assert asks(pd.Series([], dtype="object")).tolist() == []
    assert asks(pd.Series([None, "?"])).tolist() == [False, True]


def test_questions_of_messages_have_a_vector_once_read(tmp_path: Path) -> None:
    file = tmp_path / "watch.yml"
    file.write_text(
        "watch: w\norganisation: O\nsubjects: [{id: o, name: O, query: o}]\n"
        "messages:\n  - {id: m1, question: Peut-on monter avec son vélo ?, answer: Oui.}\n"
        "  - {id: m2, question: Quel est le prix ?, answer: Un euro.}\n",
        encoding="utf-8",
    )
    watch = load_watch(file)
    store = Store(watch)
    questions = [message.question for message in watch.messages]
    assert question_vectors(watch, store, questions) == [None, None]
    reading.read(watch, store, datetime(2026, 1, 1, tzinfo=UTC))
    first, second = question_vectors(watch, store, questions)
    assert first is not None
    assert second is not None
    assert np.linalg.norm(first) == pytest.approx(1.0, abs=1e-5)
    assert not np.allclose(first, second)
    assert embed_questions(watch, store) == 0
    assert question_vectors(watch, store, []) == []
