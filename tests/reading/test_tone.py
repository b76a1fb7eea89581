from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from veille.errors import VeilleError
from veille.reading import tone
from veille.reading.embedding import DEFAULT_MODEL, by_name
from veille.reading.tables import Tone


def hear(*texts: str, language: str = "fr") -> pd.DataFrame:
    text = pd.Series(list(texts), dtype="object")
    return tone.tones(text, by_name(DEFAULT_MODEL).encode(list(texts)), pd.Series(language, index=text.index))


def test_blame_and_praise_in_both_languages() -> None:
    french = hear("Service catastrophique, je suis furieux, remboursez-moi", "Merci, équipe formidable, je suis ravie !")
    english = hear("Terrible service, I want a refund", "Amazing team, thank you so much!", language="en")
    assert french["tone"].tolist() == english["tone"].tolist() == [Tone.NEGATIVE, Tone.POSITIVE]


def test_accusation_in_a_headline_is_negative() -> None:
    read = hear("Aquilon : deux dirigeants mis en examen pour fraude", "Un mort dans l'incendie d'un dépôt de bus")
    assert (read["tone"] == Tone.NEGATIVE).all()


def test_probabilities_sum_to_one_and_the_tone_is_the_likeliest() -> None:
    read = hear("Bravo", "Le conseil se réunit mardi", "Quelle honte", "")
    chances = read[["p_negative", "p_neutral", "p_positive"]].to_numpy()
    assert np.abs(chances.sum(axis=1) - 1).max() < 1e-3
    assert read["tone"].tolist() == [tone.TONES[place].value for place in chances.argmax(axis=1)]


@pytest.mark.parametrize("language", ["und", "ar", "es"])
def test_what_no_model_knows_is_not_read_and_has_no_probability(language: str) -> None:
    read = hear("Quelle honte", language=language)
    assert read["tone"].tolist() == [Tone.NOT_READ]
    assert read[["p_negative", "p_neutral", "p_positive"]].isna().all(axis=None)


def test_neighbours_and_order_change_nothing() -> None:
    texts = ["Bravo à tous", "Panne générale depuis hier", "La réunion est à midi", "Nul"]
    alone = pd.concat([hear(text) for text in texts], ignore_index=True)
    together = hear(*texts)
    backwards = hear(*texts[::-1])[::-1].reset_index(drop=True)
    for other in (alone, backwards):
        assert other["tone"].tolist() == together["tone"].tolist()
        assert np.abs(other["p_negative"] - together["p_negative"]).max() <= 1e-4 + 1e-9


def test_more_blame_is_more_negative() -> None:
    read = hear(
        "Le service est lent",
        "Le service est lent, scandaleux et honteux",
        "Le service est lent, scandaleux, honteux, nul et pourri",
    )
    assert read["p_negative"].is_monotonic_increasing
    assert read["p_negative"].iloc[-1] > 0.9


@pytest.mark.parametrize("language", tone.LANGUAGES)
def test_confusions_are_shares_and_mostly_right(language: str) -> None:
    shares = tone.confusion(language)
    assert shares.shape == (3, 3)
    assert np.abs(shares.sum(axis=1) - 1).max() < 1e-3
    assert (np.diag(shares) > 0.5).all()


def test_confusions_of_an_unknown_language_are_refused() -> None:
    with pytest.raises(VeilleError, match="'es'"):
        tone.confusion("es")


def test_the_model_that_ships_is_small_and_holds_plain_numbers() -> None:
    assert len(tone._bytes()) < 3_000_000
    for name, value in tone._numbers().items():
        assert value.dtype == np.float32
        assert np.isfinite(value).all(), name


def test_version_names_the_numbers() -> None:
    assert tone.version().startswith("tone-")
    assert tone.version() == tone.version()
