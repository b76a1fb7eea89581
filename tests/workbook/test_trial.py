"""Trying a query shows homonyms: planted ones of three brands that are words."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.workbook.homonyms import CASINO, FREE, ORANGE, planted
from veille.query import parse
from veille.store import Store
from veille.watch import Watch
from veille.workbook import Trial, try_on, try_query
from veille.workbook.trial import spread


def tried(query: str, rows: list[tuple[str, str, str]], terms: tuple[str, ...] = ()) -> Trial:
    return try_on(planted(rows), parse(query), "Europe/Paris", b"key", terms)


@pytest.mark.parametrize(
    ("brand", "rows", "of_brand", "of_word"),
    [
        ("orange", ORANGE, {"fibre", "panne", "operateur"}, {"jus", "vigilance", "vigilance orange", "jus orange"}),
        ("free", FREE, {"forfait", "mobile"}, {"free jazz", "gluten free"}),
        ("casino", CASINO, {"salaries", "dette", "magasins"}, {"roulette", "machines"}),
    ],
)
def test_neighbours_show_both_meanings(
    brand: str, rows: list[tuple[str, str, str]], of_brand: set[str], of_word: set[str]
) -> None:
    near = tried(brand, rows * 2).neighbours.set_index("words")
    assert of_brand | of_word <= set(near.index)
    # What the exact form keeps tells them apart.
    assert near.loc[sorted(of_brand), "exact"].sum() > 0.8 * near.loc[sorted(of_brand), "mentions"].sum()
    assert near.loc[sorted(of_word), "exact"].sum() < 0.3 * near.loc[sorted(of_word), "mentions"].sum()


@pytest.mark.parametrize(("brand", "rows"), [("orange", ORANGE), ("free", FREE), ("casino", CASINO)])
def test_the_exact_form_is_suggested_and_keeps_the_brand(brand: str, rows: list[tuple[str, str, str]]) -> None:
    trial = tried(brand, rows)
    assert trial.exact is not None
    assert trial.exact.suggested
    frame = planted(rows)
    kept = frame.loc[parse(trial.exact.query).matches(frame)]
    assert trial.exact.matched == len(kept)
    of_brand = (frame["about"] == "brand").sum()
    assert (kept["about"] == "brand").mean() >= 0.9
    assert (kept["about"] == "brand").sum() >= 0.8 * of_brand
    assert (frame["about"] == "brand").mean() <= 0.5


def test_no_exact_form_is_suggested_for_a_name_that_is_no_word() -> None:
    rows = [("brand", f"Aquilon annonce {number}", "Les bus d'Aquilon roulent.") for number in range(20)]
    trial = tried("aquilon", rows)
    assert trial.exact is not None
    assert (trial.exact.matched, trial.exact.suggested) == (20, False)
    assert tried('exact:"Aquilon" OR @aquilon OR aquil*', rows).exact is None


def test_each_not_tells_what_it_removes() -> None:
    trial = tried('orange AND NOT (jus OR recette) AND NOT "vigilance orange" AND NOT grenouille', ORANGE)
    assert [(part.query, part.count) for part in trial.removed] == [
        ("NOT (jus OR recette)", 6),
        ('NOT "vigilance orange"', 2),
        ("NOT grenouille", 0),
    ]
    assert len(trial.removed[0].samples) == 5
    assert trial.removed[1].samples["title"].str.contains("igilance orange").all()
    assert trial.matched == len(ORANGE) - 8


def test_what_is_near_names_nobody() -> None:
    rows = [
        ("brand", "", f"orange @jean_dupont jean.dupont@exemple.fr 0612345678 projet Tramontane fibre {n}") for n in range(3)
    ]
    near = tried("orange", rows, ("Tramontane",)).neighbours
    assert "fibre" in set(near["words"])
    assert not near["words"].str.contains("dupont|exemple|0612|tramontane|jean").any()


def test_phrases_and_near_words_are_looked_around() -> None:
    rows = [("brand", "", "la grève surprise du réseau de bus nantais continue"), ("word", "", "réseau social et bus scolaire")]
    phrase = tried('"réseau de bus"', rows).neighbours
    assert {"nantais", "greve", "surprise"} <= set(phrase["words"])
    assert "scolaire" not in set(phrase["words"])
    near = tried('"bus réseau"~3', rows).neighbours
    assert {"nantais", "scolaire"} <= set(near["words"])


def test_samples_are_spread_over_sources_and_days() -> None:
    frame = planted(ORANGE, 30)
    busy = frame.assign(published_at=frame["published_at"].where(frame.index < 90, frame["published_at"].iloc[0]))
    chosen = spread(busy, "Europe/Paris")
    assert len(chosen) == 30
    assert chosen["source"].value_counts().min() == 15
    assert chosen["published_at"].is_monotonic_increasing
    # 600 mentions, 510 of them on one day: the other days are there all the same.
    assert chosen["published_at"].dt.date.nunique() >= 20
    assert spread(busy, "Europe/Paris").equals(chosen)


@pytest.mark.parametrize("frame", [planted(ORANGE).head(0), planted(ORANGE).head(1)])
def test_nothing_and_one_are_tried_too(frame: pd.DataFrame) -> None:
    trial = try_on(frame, parse("orange AND NOT jus"), "Europe/Paris", b"key")
    assert trial.matched == len(frame)
    assert [part.count for part in trial.removed] == [0]


def test_an_empty_store_is_tried(watch: Watch) -> None:
    trial = try_query(watch, Store(watch), AS_OF, "orange")
    assert (trial.stored, trial.matched) == (0, 0)
    assert trial.neighbours.empty


AS_OF = pd.Timestamp("2026-11-24", tz="UTC").to_pydatetime()
