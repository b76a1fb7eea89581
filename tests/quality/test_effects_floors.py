"""What a text does to an objective, a decision or a red line, which must not sink.

`tests/quality/corpus/effects.csv` was written for veille over the strategy of the demonstration; the words were mended with
its first half alone, and its held-out half was only measured. One person wrote and labelled it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from veille.reading import tone
from veille.reading.embedding import DEFAULT_MODEL, by_name
from veille.reading.texts import clean
from veille.signals.cues import read_cues
from veille.signals.relevance import effects, items
from veille.signals.strategic import effect_of
from veille.watch import load_watch

HERE = Path(__file__).parent
CORPUS = HERE / "corpus" / "effects.csv"
WATCH = HERE.parents[1] / "data" / "demo" / "watch.yml"
FLOORS = json.loads((HERE / "floors.json").read_text("utf-8"))


def judged(file: Path, part: str) -> pd.DataFrame:
    """Return the texts of a part with `label` and `found`, each text judged as a story of its own."""
    frame = pd.read_csv(file, keep_default_na=False)
    frame = frame.loc[frame["part"] == part].reset_index(drop=True)
    text = clean(frame["title"] + ". " + frame["text"])
    french = pd.Series("fr", index=frame.index)
    frame = frame.join(tone.tones(text, by_name(DEFAULT_MODEL).encode(text.tolist()), french)[["tone"]])
    cues = read_cues(frame["title"], frame["text"], french)
    ill = (frame["tone"] == "negative") | (cues["loaded"] > 0) | (cues["gravity"] >= 0.6)
    frame = frame.assign(
        bad=ill.astype(float), story_id=frame.index.astype(str), effect=effects(frame["title"], frame["text"], frame["tone"])
    )
    wanted = {item.id: (section, item) for section, item in items(load_watch(WATCH).strategy)}
    found = [str(effect_of(frame.iloc[[place]], *wanted[name])[0]) for place, name in enumerate(frame["item"])]
    return frame.assign(found=found)


def accuracy(file: Path, part: str) -> float:
    rows = judged(file, part)
    return float((rows["label"] == rows["found"]).mean())


MEASURES: dict[str, tuple[Path, Callable[[Path], float]]] = {
    f"effects.accuracy.written.{part}": (CORPUS, partial(accuracy, part=part)) for part in ("development", "held_out")
}


def test_every_measure_has_a_floor_and_every_floor_a_measure() -> None:
    assert {name for name in FLOORS if name.startswith("effects.")} == set(MEASURES)


@pytest.mark.parametrize("name", sorted(MEASURES))
def test_the_effect_class_stays_above_its_floor(name: str) -> None:
    corpus, measure = MEASURES[name]
    pinned = FLOORS[name]
    assert hashlib.sha256(corpus.read_bytes()).hexdigest() == pinned["sha256"], f"{corpus.name} is not the pinned corpus"
    assert measure(corpus) >= pinned["floor"]
