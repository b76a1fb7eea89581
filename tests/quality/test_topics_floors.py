"""Quality floors of topics: on a small set of our own, and on a public one where it lies beside the checkout."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score

from veille.reading.embedding import by_name
from veille.topics import TopicSettings, cluster, words
from veille.topics.text import clean

HERE = Path(__file__).parent
FLOORS = json.loads((HERE / "floors.json").read_text(encoding="utf-8"))
FILES = {
    "written": HERE / "topics_small.csv",
    "tweet": HERE.parents[2] / "shared" / "data" / "clusters-en" / "tweet.csv",
}


@cache
def embedded(name: str) -> tuple[pd.DataFrame, np.ndarray]:
    file = FILES[name]
    if not file.exists():
        pytest.skip(f"the public data set {file.name} is not beside this checkout")
    assert hashlib.sha256(file.read_bytes()).hexdigest() == FLOORS[f"topics.fine.ami.{name}"]["sha256"], (
        f"{file.name} is another corpus"
    )
    frame = pd.read_csv(file)
    return frame, by_name("use-multilingual-v3").encode(frame["text"].astype(str).tolist())


@pytest.mark.parametrize("name", [pytest.param("written"), pytest.param("tweet", marks=pytest.mark.shared_data)])
def test_fine_topics_keep_their_floor(name: str) -> None:
    frame, vectors = embedded(name)
    settings = TopicSettings()
    labels = cluster.fine(vectors, cut=settings.cut_distance, sample=settings.sample_stories)
    assert (labels >= 0).all()
    assert adjusted_mutual_info_score(frame["label"], labels) >= FLOORS[f"topics.fine.ami.{name}"]["floor"]
    assert adjusted_rand_score(frame["label"], labels) >= FLOORS[f"topics.fine.ari.{name}"]["floor"]


def test_assigning_beyond_a_sample_costs_little() -> None:
    frame, vectors = embedded("written")
    labels = cluster.fine(vectors, cut=TopicSettings().cut_distance, sample=36)
    assert adjusted_mutual_info_score(frame["label"], labels) >= FLOORS["topics.fine.ami.written_sampled"]["floor"]


def test_words_name_their_topic() -> None:
    frame, _ = embedded("written")
    labels, names = pd.factorize(frame["label"])
    described = dict(zip(names, words.describe(clean(frame["text"]), labels, count=10, demoted=["Aquilon"]), strict=True))
    expected = {
        "strike": "grève", "bus_fire": "feu", "assault": "contrôleur", "metro_line": "aéroport",
        "results": "bénéfice", "pollution": "rivière", "access": "ascenseurs", "data_leak": "données",
    }  # fmt: skip
    assert {name: word for name, word in expected.items() if word not in described[name]} == {}
