"""Accidents are told in words of their own: a fire alleges danger to persons, a traffic light and a burning question do not."""

from __future__ import annotations

import pandas as pd
import pytest

from veille.signals import lexicon


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Un vélo vient de prendre feu devant la gare, flammes d'un mètre", True),
        ("Deux trottinettes calcinées cette nuit", True),
        ("Le parvis est évacué, les pompiers arrivent", True),
        ("The scooter caught fire in the hallway", True),
        ("Platform evacuated, smoke everywhere", True),
        ("Le feu vert du conseil régional", False),
        ("Feux tricolores en panne au carrefour", False),
        ("Une question brûlante pour le comité", False),
        ("Les ventes explosent au premier trimestre", False),
        ("She was fired up by the new line", False),
        ("Merci au conducteur du bus 12", False),
    ],
)
def test_an_accident_is_told_by_its_words(text: str, expected: bool) -> None:
    assert bool(lexicon.found(lexicon.plain(pd.Series([text])), lexicon.loaded())[0]) is expected


def test_a_fire_endangers_persons() -> None:
    persons = next(category for category in lexicon.gravity() if category.name == "persons")
    texts = lexicon.plain(pd.Series(["Un bus prend feu", "Le feu vert est donné"]))
    assert lexicon.found(texts, persons.medium).tolist() == [True, False]
