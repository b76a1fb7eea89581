"""The tone towards each of several subjects, which must not sink, and must beat the tone of the whole text.

`tests/quality/corpus/towards.csv` was written for veille, before the clauses were parted with it; its held-out half was only
measured.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pandas as pd
import pytest
from sklearn.metrics import f1_score

from veille.reading import tone
from veille.reading.embedding import DEFAULT_MODEL, by_name
from veille.reading.terms import Terms
from veille.reading.texts import clean
from veille.reading.towards import towards

HERE = Path(__file__).parent
CORPUS = HERE / "corpus" / "towards.csv"
FLOORS = json.loads((HERE / "floors.json").read_text("utf-8"))


def read_pairs(file: Path, part: str) -> pd.DataFrame:
    """Return one row a text and subject: `expected`, and `tone` of the whole text."""
    frame = pd.read_csv(file)
    frame = frame.loc[frame["part"] == part].reset_index(drop=True)
    text = clean(frame["text"])
    frame = frame.join(tone.tones(text, by_name(DEFAULT_MODEL).encode(text.tolist()), frame["language"]))
    frame = frame.assign(mention_id=frame.index.astype(str), title="", pair=frame["tones"].str.split(";"))
    pairs = frame.explode("pair").reset_index(drop=True)
    named = pairs["pair"].str.split("=", expand=True)
    return pairs.assign(subject=named[0], expected=named[1])


def heard(pairs: pd.DataFrame) -> pd.DataFrame:
    return towards(pairs, {name: Terms((f"#?{name}", f"@{name}")) for name in pairs["subject"].unique()})


def accuracy(file: Path, part: str) -> float:
    rows = heard(read_pairs(file, part))
    return float((rows["tone"] == rows["expected"]).mean())


def negative_f1(file: Path, part: str) -> float:
    rows = heard(read_pairs(file, part))
    return float(f1_score(rows["expected"] == "negative", rows["tone"] == "negative"))


MEASURES: dict[str, tuple[Path, Callable[[Path], float]]] = {
    f"towards.{name}.written.{part}": (CORPUS, partial(measure, part=part))
    for name, measure in (("accuracy", accuracy), ("negative_f1", negative_f1))
    for part in ("development", "held_out")
}


def test_every_measure_has_a_floor_and_every_floor_a_measure() -> None:
    assert {name for name in FLOORS if name.startswith("towards.")} == set(MEASURES)


@pytest.mark.parametrize("name", sorted(MEASURES))
def test_the_tone_towards_subjects_stays_above_its_floor(name: str) -> None:
    corpus, measure = MEASURES[name]
    pinned = FLOORS[name]
    assert hashlib.sha256(corpus.read_bytes()).hexdigest() == pinned["sha256"], f"{corpus.name} is not the pinned corpus"
    assert measure(corpus) >= pinned["floor"]


def test_clauses_tell_more_than_the_whole_text() -> None:
    pairs = read_pairs(CORPUS, "held_out")
    rows = heard(pairs)
    gain = (rows["tone"] == rows["expected"]).mean() - (pairs["tone"] == pairs["expected"]).mean()
    assert gain >= 0.1
