from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from veille.errors import UsageError
from veille.reading.transformer_labels import meanings, tone_probabilities

NEGATIVE, NEUTRAL, POSITIVE = [1, 0, 0], [0, 1, 0], [0, 0, 1]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["negative", "neutral", "positive"], [NEGATIVE, NEUTRAL, POSITIVE]),
        (["POSITIVE", "Negative", " neutral "], [POSITIVE, NEGATIVE, NEUTRAL]),
        (["NEG", "NEU", "POS"], [NEGATIVE, NEUTRAL, POSITIVE]),
        (["Négatif", "Neutre", "Positif"], [NEGATIVE, NEUTRAL, POSITIVE]),
        (["LABEL_0", "LABEL_1", "LABEL_2"], [NEGATIVE, NEUTRAL, POSITIVE]),
        (["1 star", "2 stars", "3 stars", "4 stars", "5 stars"], [NEGATIVE, NEGATIVE, NEUTRAL, POSITIVE, POSITIVE]),
        (["5 étoiles", "1 étoile"], [POSITIVE, NEGATIVE]),
        (["Very Negative", "very_positive"], [NEGATIVE, POSITIVE]),
    ],
)
def test_labels_are_known_by_what_they_are_called(names: list[str], expected: list[list[int]]) -> None:
    assert meanings(names, {}, "m").tolist() == expected


def test_what_a_person_says_comes_before_what_names_say() -> None:
    assert meanings(["LABEL_0", "LABEL_1"], {"LABEL_0": "positive", "LABEL_1": "negative"}, "m").tolist() == [
        POSITIVE,
        NEGATIVE,
    ]
    assert meanings(["negative", "positive", "odd"], {"odd": "neutral"}, "m").tolist() == [NEGATIVE, POSITIVE, NEUTRAL]


@pytest.mark.parametrize(
    ("names", "told", "said"),
    [
        (["LABEL_0", "LABEL_1"], {}, "cannot be told what 'LABEL_0', 'LABEL_1'"),
        (["LABEL_1", "LABEL_0", "LABEL_2"], {}, "cannot be told"),
        (["joy", "anger", "negative", "positive"], {}, "'joy', 'anger'"),
        (["0 stars", "6 stars"], {}, "cannot be told"),
        (["negative"], {}, "no label for positive"),
        (["neutral", "positive"], {}, "no label for negative"),
        ([], {}, "no label for negative"),
        (["negative", "positive"], {"negatif": "negative"}, "names 'negatif', which tone.model 'm' has not"),
        ([f"class {place}" for place in range(30)], {}, "and 22 more"),
    ],
)
def test_labels_that_say_nothing_of_tone_ask_for_a_person(names: list[str], told: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError, match=said) as caught:
        meanings(names, told, "m")
    assert caught.value.hint


def test_stars_are_added_by_what_they_mean() -> None:
    meaning = meanings([f"{place} stars" for place in range(1, 6)], {}, "m")
    assert tone_probabilities(np.array([[0.1, 0.2, 0.3, 0.25, 0.15]]), meaning)[0] == pytest.approx([0.3, 0.3, 0.4])


def test_a_model_of_two_classes_is_neutral_where_neither_has_three_quarters() -> None:
    meaning = meanings(["negative", "positive"], {}, "m")
    sure = np.array([[1.0, 0.0], [0.8, 0.2], [0.7, 0.3], [0.5, 0.5], [0.26, 0.74], [0.24, 0.76], [0.0, 1.0]])
    found = tone_probabilities(sure, meaning)
    assert found[0].tolist() == NEGATIVE
    assert found[3].tolist() == NEUTRAL
    assert found[-1].tolist() == POSITIVE
    assert found.argmax(axis=1).tolist() == [0, 0, 1, 1, 1, 2, 2]


@given(st.lists(st.floats(0, 1), min_size=2, max_size=2).filter(lambda pair: sum(pair) > 0.01), st.booleans())
def test_probabilities_stay_probabilities_and_turn_with_the_labels(pair: list[float], three: bool) -> None:
    names = ["negative", "neutral", "positive"] if three else ["negative", "positive"]
    chance = np.array([[pair[0], 0.3, pair[1]] if three else pair])
    chance = chance / chance.sum()
    found = tone_probabilities(chance, meanings(names, {}, "m"))
    assert found.min() >= 0
    assert found.sum() == pytest.approx(1)
    assert tone_probabilities(chance[:, ::-1], meanings(names, {}, "m"))[0] == pytest.approx(found[0, ::-1])
