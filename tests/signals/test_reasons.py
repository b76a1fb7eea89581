from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from veille.signals.reasons import log_odds, reason_words
from veille.topics.telling import Words

OTHERS = [f"Merci Essai pour l'accueil numéro {n} à la gare" for n in range(40)]


def reasons(mine: list[str], others: list[str] = OTHERS, names: frozenset[str] = frozenset(["essai"])) -> list[str]:
    texts = pd.Series([*mine, *others], index=[f"s{n}" for n in range(len(mine) + len(others))])
    stories = pd.DataFrame({"day": pd.Timestamp("2022-01-01"), "topic_id": ""}, index=texts.index)
    members = pd.DataFrame({"story_id": texts.index[: len(mine)], "title": "", "text": texts.to_numpy()[: len(mine)]})
    return reason_words(Words.of(stories, texts), members, names)


def test_what_only_the_signal_says_is_told_and_its_name_is_not() -> None:
    words = reasons([f"Essai : vol annulé, deux heures d'attente au téléphone {n}" for n in range(12)])
    assert {"vol", "annulé", "attente", "téléphone"} <= set(words)
    assert not {"essai", "merci", "gare"} & set(words)


def test_what_only_judges_is_no_reason() -> None:
    assert reasons([f"honteux, le pire trajet, wagon bondé {n}" for n in range(9)]) == ["bondé", "trajet", "wagon"]


def test_a_word_has_its_accents_though_many_leave_them_out() -> None:
    assert reasons([f"fumee au depot {n}" for n in range(9)] + ["Fumée au dépôt"] * 4)[:2] == ["dépôt", "fumée"]
    assert "vote" in reasons([f"vote du budget {n}" for n in range(9)] + ["budget voté"])


def test_nothing_tells_apart_what_is_said_alike() -> None:
    assert reasons(OTHERS[:10], OTHERS[10:]) == []
    assert reasons([]) == []


def test_handles_and_links_are_no_reasons() -> None:
    assert reasons([f"@marie panne https://exemple.fr/voir-{n}" for n in range(9)]) == ["panne"]


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(0, 50), min_size=2, max_size=9), st.data())
def test_a_word_held_more_often_inside_tells_more_and_sides_are_opposite(inside: list[int], data: st.DataObject) -> None:
    counts = np.array(inside, dtype=float)
    others = np.array(data.draw(st.lists(st.integers(0, 50), min_size=len(inside), max_size=len(inside))), dtype=float)
    z = log_odds(counts, others)
    assert np.isfinite(z).all()
    np.testing.assert_allclose(z, -log_odds(others, counts), atol=1e-9)
