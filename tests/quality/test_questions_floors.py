"""Which public texts ask something, and which questions a message answers: neither may sink.

`tests/quality/corpus/questions.csv` holds ids and labels of 150 customers' texts drawn at random, 75 of each set, by one
reader: `question` is 1 where somebody asks for an answer, an explanation, help or an act. They were labelled before any pattern
was written; the half called `held_out` was only measured. Of `energy-fr`, which has no ids, an id is the start of the SHA-256
of time and text.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

import pandas as pd
import pytest
import yaml
from sklearn.metrics import f1_score, precision_score, recall_score

from tests.quality.marks import marked
from veille.desk.questions_asking import asking

HERE = Path(__file__).parent
SHARED = HERE.parents[2] / "shared" / "data"
CORPUS = HERE / "corpus" / "questions.csv"
DEMO = HERE.parents[1] / "data" / "demo"
FLOORS = json.loads((HERE / "floors.json").read_text("utf-8"))
SETS = ("telecom-fr", "energy-fr")


def tweets(name: str) -> pd.DataFrame:
    """Return `id` and `text` of a set; breaks that an export wrote as two signs are breaks again."""
    frame = pd.read_csv(SHARED / name / "tweets.csv", dtype=str)
    if "tweet_id" in frame.columns:
        ids = frame["tweet_id"]
    else:
        ids = (frame["created_at"] + frame["text"]).map(lambda text: hashlib.sha256(text.encode()).hexdigest()[:16])
    return pd.DataFrame({"id": ids, "text": frame["text"].str.replace("\\n", "\n", regex=False)}).drop_duplicates("id")


@cache
def labelled(part: str, names: tuple[str, ...] = SETS) -> pd.DataFrame:
    labels = pd.read_csv(CORPUS, dtype={"id": str})
    texts = pd.concat([tweets(name).assign(set=name) for name in names])
    joined = labels.loc[(labels["part"] == part) & labels["set"].isin(names)].merge(texts, on=["set", "id"], how="left")
    assert joined["text"].notna().all(), "the corpus names a text that is not there"
    return joined.assign(found=(asking(joined["text"]).str.len() > 0).astype(int))


def measure(_: Path, *, part: str, score: Callable[..., float], names: tuple[str, ...] = SETS) -> float:
    rows = labelled(part, names)
    return float(score(rows["question"], rows["found"]))


def planted(_: Path) -> float:
    """Return the share of the demonstration's planted questions that are found to ask something."""
    truth = yaml.safe_load((DEMO / "truth.yml").read_text("utf-8"))
    names = ("question_answered", "question_expired", "question_unanswered")
    wanted = {str(one) for name in names for one in truth[name]["mentions"]}
    with gzip.open(DEMO / "mentions.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    texts = [f"{row.get('title') or ''}\n{row['text']}" for row in rows if str(row.get("native_id")) in wanted]
    assert len(texts) == len(wanted)
    return float((asking(pd.Series(texts, dtype="object")).str.len() > 0).mean())


SCORES = {"f1": f1_score, "precision": precision_score, "recall": recall_score}
MEASURES: dict[str, tuple[Path, Callable[[Path], float]]] = {
    **{
        f"questions.{name}.customers.{part}": (SHARED / "telecom-fr" / "tweets.csv", partial(measure, part=part, score=score))
        for name, score in SCORES.items()
        for part in ("development", "held_out")
    },
    **{
        f"questions.f1.{name}.held_out": (
            SHARED / name / "tweets.csv",
            partial(measure, part="held_out", score=f1_score, names=(name,)),
        )
        for name in SETS
    },
    "questions.recall.demonstration": (HERE.parents[1] / "data" / "demo" / "mentions.jsonl.gz", planted),
}


def test_every_measure_has_a_floor_and_every_floor_a_measure() -> None:
    assert {name for name in FLOORS if name.startswith("questions.")} == set(MEASURES)


@pytest.mark.parametrize("name", list(marked(MEASURES)))
def test_questions_stay_above_their_floor(name: str) -> None:
    corpus, measured = MEASURES[name]
    pinned = FLOORS[name]
    assert hashlib.sha256(corpus.read_bytes()).hexdigest() == pinned["sha256"], f"{corpus.name} is not the pinned corpus"
    assert measured(corpus) >= pinned["floor"]


@pytest.mark.shared_data
@pytest.mark.slow
def test_words_tell_more_than_the_mark_alone() -> None:
    rows = labelled("held_out")
    marks = rows["text"].str.contains("?", regex=False).astype(int)
    assert f1_score(rows["question"], rows["found"]) >= f1_score(rows["question"], marks) + 0.1
