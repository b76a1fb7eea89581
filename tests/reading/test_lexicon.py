from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from veille.errors import VeilleError
from veille.reading.lexicon import FEATURES, LANGUAGES, features, lexicon


def figure(name: str, text: str, language: str = "fr") -> float:
    return float(features(pd.Series([text]), language)[0, FEATURES.index(name)])


@pytest.mark.parametrize("language", LANGUAGES)
def test_lexicon_is_read_whole_and_folded(language: str) -> None:
    words = lexicon(language)
    assert len(words.weights) > 450
    assert all(entry == entry.lower() and abs(weight) <= 3 and weight for entry, weight in words.weights.items())
    assert words.harm <= set(words.weights)
    assert all(words.weights[entry] < 0 for entry in words.harm)
    assert words.negators
    assert words.intensifiers
    assert words.dampers


def test_longest_stem_wins() -> None:
    words = lexicon("fr")
    assert words.entry("excellente") == "excellent*"
    assert words.entry("mortellement") == "mortel*"
    assert words.entry("table") is None


@pytest.mark.parametrize(
    ("plain", "turned"), [("c'est bien", "ce n'est pas bien"), ("il est satisfait", "il n'est pas très satisfait")]
)
def test_negation_turns_praise_into_blame(plain: str, turned: str) -> None:
    assert figure("balance", plain) > 0 > figure("balance", turned)


def test_intensifier_raises_and_damper_lowers() -> None:
    plain = figure("positive_sum", "un accueil agréable")
    assert figure("positive_sum", "un accueil très agréable") > plain > figure("positive_sum", "un accueil assez agréable")


def test_accusation_and_damage_count_as_harm() -> None:
    assert figure("harm_any", "Le directeur mis en examen pour fraude") == 1
    assert figure("harm_any", "Deux morts dans l'incendie") == 1
    assert figure("harm_any", "Quel mauvais accueil") == 0
    assert figure("harm_sum", "Fraude") < figure("harm_sum", "Fraude et corruption")


def test_expressions_count_once_as_a_whole() -> None:
    assert figure("negative_sum", "ras le bol") == pytest.approx(np.log1p(3), abs=1e-6)


def test_context_does_not_cross_texts() -> None:
    pair = features(pd.Series(["jamais", "bravo"]), "fr")
    assert pair[1].tolist() == features(pd.Series(["bravo"]), "fr")[0].tolist()


@pytest.mark.parametrize("text", ["", "😀", "!!!", "a" * 280, "ne pas sans jamais"])
def test_any_text_gives_finite_figures(text: str) -> None:
    assert np.isfinite(features(pd.Series([text]), "fr")).all()


def test_no_text_gives_no_rows() -> None:
    assert features(pd.Series([], dtype="object"), "en").shape == (0, len(FEATURES))


def test_a_bad_line_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pathlib.Path.read_text", lambda *_, **__: "[words]\nheavy word\n")
    with pytest.raises(VeilleError, match="line 2"):
        lexicon.__wrapped__("fr")
