"""Arabic and Darija, in both alphabets, against French and English that look like it: pinned on our own corpus.

Rules were made while looking at the rows whose `split` is `dev`; what is measured are the rows kept apart (`held`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from veille.reading import language
from veille.reading.arabic import varieties
from veille.reading.embedding import DEFAULT_MODEL, by_name
from veille.reading.texts import mention_texts

HERE = Path(__file__).parent
CORPUS = HERE / "corpus" / "arabic.csv"
FLOORS = json.loads((HERE / "floors.json").read_text("utf-8"))


def held(file: Path) -> pd.DataFrame:
    frame = pd.read_csv(file, keep_default_na=False)
    frame = frame[frame["split"] == "held"].reset_index(drop=True)
    frame["lead"] = mention_texts(pd.DataFrame({"title": "", "text": frame["text"]}))["lead"]
    nothing = pd.Series(None, index=frame.index, dtype="object")
    frame["found"] = language.languages(frame["lead"], nothing, ("fr",))["language"]
    return frame


def language_accuracy(file: Path) -> float:
    """Return the share of texts in their language; a code of a product is in none, and must not be Arabic."""
    frame = held(file)
    right = (frame["found"] == frame["language"]) | ((frame["language"] == "-") & (frame["found"] != "ar"))
    return float(right.mean())


def variety_accuracy(file: Path) -> float:
    frame = held(file)
    told = varieties(frame["lead"], frame["found"]).fillna("")
    return float((told == frame["variety"])[frame["language"] == "ar"].mean())


def nearest_topic(file: Path) -> float:
    """Return the share of Arabizi texts whose nearest text in Arabic letters speaks of the same, of six things."""
    frame = pd.read_csv(file, keep_default_na=False)
    latin = frame[(frame["variety"] == "arabizi") & (frame["split"] == "held")]
    letters = frame[frame["variety"].isin(["standard", "darija"])]
    model = by_name(DEFAULT_MODEL)
    cosines = model.encode(latin["text"].tolist()) @ model.encode(letters["text"].tolist()).T
    return float((letters["topic"].to_numpy()[cosines.argmax(axis=1)] == latin["topic"].to_numpy()).mean())


MEASURES: dict[str, tuple[Path, Callable[[Path], float]]] = {
    "arabic.language.accuracy.written": (CORPUS, language_accuracy),
    "arabic.variety.accuracy.written": (CORPUS, variety_accuracy),
    "arabic.nearest_topic.arabizi.written": (CORPUS, nearest_topic),
}


@pytest.mark.parametrize("name", sorted(MEASURES))
def test_quality_stays_above_its_floor(name: str) -> None:
    corpus, measure = MEASURES[name]
    pinned = FLOORS[name]
    assert hashlib.sha256(corpus.read_bytes()).hexdigest() == pinned["sha256"], f"{corpus.name} is not the pinned corpus"
    assert measure(corpus) >= pinned["floor"]
