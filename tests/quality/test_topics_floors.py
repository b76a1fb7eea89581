"""Quality floors of topics: on a small set of our own, and on a public one where it lies beside the checkout.

`repin.py` measures `MEASURES` again and raises the floors.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score

from veille.evaluate import read_labelled, stream_metrics, topics_metrics
from veille.reading.embedding import by_name
from veille.topics import TopicSettings, cluster, words
from veille.topics.text import clean

HERE = Path(__file__).parent
FLOORS = json.loads((HERE / "floors.json").read_text("utf-8")) if (HERE / "floors.json").exists() else {}
WRITTEN = HERE / "topics_small.csv"
SHARED = HERE.parents[2] / "shared" / "data"
TWEETS = SHARED / "clusters-en" / "tweet.csv"
QUESTIONS = SHARED / "clusters-en" / "stackoverflow.csv"
SNIPPETS = SHARED / "clusters-en" / "searchsnippets.csv"
NEWS = SHARED / "topics-fr" / "news-dev.tsv"
NEWS_COLUMNS = ("text=headline+text", "label=category")

Score = Callable[[pd.Series, np.ndarray], float]


@cache
def embedded(file: Path) -> tuple[pd.DataFrame, np.ndarray]:
    frame = pd.read_csv(file)
    return frame, by_name("use-multilingual-v3").encode(frame["text"].astype(str).tolist())


def fine(file: Path, score: Score, sample: int = TopicSettings().sample_stories) -> float:
    frame, vectors = embedded(file)
    labels = cluster.fine(vectors, cut=TopicSettings().cut_distance, sample=sample)
    assert (labels >= 0).all(), "every text has a topic"
    return float(score(frame["label"], labels))


def evaluated(file: Path, figure: str, level: str, columns: tuple[str, ...] = ()) -> float:
    return float(_evaluated(file, level, columns)[figure])


@cache
def _evaluated(file: Path, level: str, columns: tuple[str, ...]) -> dict[str, float]:
    return topics_metrics(read_labelled(file, ("text", "label"), list(columns)), level)


def streamed(file: Path, figure: str) -> float:
    """Return a figure of the stream in sixteen batches of the same size, in its order."""
    return float(_stream(file)[figure])


@cache
def _stream(file: Path) -> dict[str, float]:
    frame = pd.read_json(file, lines=True).rename(columns={"textCleaned": "text", "clusterNo": "label"})
    batch = np.arange(len(frame)) * 16 // len(frame)
    return stream_metrics(frame[["text", "label"]].astype(str).assign(batch=batch))


MEASURES: dict[str, tuple[Path, Callable[[Path], float]]] = {
    "topics.fine.ami.written": (WRITTEN, partial(fine, score=adjusted_mutual_info_score)),
    "topics.fine.ari.written": (WRITTEN, partial(fine, score=adjusted_rand_score)),
    "topics.fine.ami.written_sampled": (WRITTEN, partial(fine, score=adjusted_mutual_info_score, sample=36)),
    "topics.fine.ami.tweet": (TWEETS, partial(fine, score=adjusted_mutual_info_score)),
    "topics.fine.ari.tweet": (TWEETS, partial(fine, score=adjusted_rand_score)),
    "topics.fine.ami.stackoverflow": (QUESTIONS, partial(evaluated, figure="ami", level="fine")),
    "topics.fine.ari.stackoverflow": (QUESTIONS, partial(evaluated, figure="ari", level="fine")),
    "topics.coarse.ami.searchsnippets": (SNIPPETS, partial(evaluated, figure="ami", level="coarse")),
    "topics.coarse.ari.searchsnippets": (SNIPPETS, partial(evaluated, figure="ari", level="coarse")),
    "topics.coarse.ami.news-fr": (NEWS, partial(evaluated, figure="ami", level="coarse", columns=NEWS_COLUMNS)),
    "topics.coarse.ari.news-fr": (NEWS, partial(evaluated, figure="ari", level="coarse", columns=NEWS_COLUMNS)),
    "topics.stream.nmi.tweets-t": (SHARED / "stream-en" / "tweets-t.jsonl", partial(streamed, figure="nmi_mean")),
    "topics.stream.identity_kept.tweets-t": (
        SHARED / "stream-en" / "tweets-t.jsonl",
        partial(streamed, figure="identity_kept_ratio"),
    ),
}


def test_every_measure_has_a_floor_and_every_floor_a_measure() -> None:
    assert {name for name in FLOORS if name.startswith("topics.")} == set(MEASURES)


def _marks(name: str) -> tuple[pytest.MarkDecorator, ...]:
    if "written" in name:
        return ()
    return (pytest.mark.shared_data,) if name.endswith((".tweet", ".news-fr")) else (pytest.mark.shared_data, pytest.mark.slow)


@pytest.mark.parametrize("name", [pytest.param(name, marks=_marks(name)) for name in sorted(MEASURES)])
def test_quality_stays_above_its_floor(name: str) -> None:
    corpus, measure = MEASURES[name]
    if not corpus.exists():
        pytest.skip(f"{name} is measured on a public data set that is not beside this checkout: {corpus.name}")
    pinned = FLOORS[name]
    assert hashlib.sha256(corpus.read_bytes()).hexdigest() == pinned["sha256"], f"{corpus.name} is not the pinned corpus"
    assert measure(corpus) >= pinned["floor"]


def test_words_name_their_topic() -> None:
    frame = pd.read_csv(WRITTEN)
    labels, names = pd.factorize(frame["label"])
    described = dict(zip(names, words.describe(clean(frame["text"]), labels, count=10, demoted=["Aquilon"]), strict=True))
    expected = {
        "strike": "grève", "bus_fire": "feu", "assault": "contrôleur", "metro_line": "aéroport",
        "results": "bénéfice", "pollution": "rivière", "access": "ascenseurs", "data_leak": "données",
    }  # fmt: skip
    assert {name: word for name, word in expected.items() if word not in described[name]} == {}
