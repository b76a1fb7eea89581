"""What people decided after the first week still holds after twelve refits, in other settings and on another machine."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest
from sklearn.feature_extraction.text import HashingVectorizer

from tests.demo.stored import demonstration
from veille import reading, topics
from veille.mention import MENTIONS
from veille.period import week
from veille.reading.tables import EMBEDDINGS, READINGS
from veille.store import Store
from veille.topics.tables import Level
from veille.watch import Watch, load_watch

pytestmark = pytest.mark.slow
WEEKS = [f"2026-W{number}" for number in range(34, 47)]


class Decided(NamedTuple):
    """A demonstration with one act of every kind after its first week, refitted for twelve more."""

    watch: Watch
    store: Store
    results: list[topics.TopicsResult]
    ids: dict[str, str]


def refit(watch: Watch, store: Store, name: str, settings: topics.TopicSettings | None = None) -> topics.TopicsResult:
    period = week(name, watch.timezone)
    return topics.update(watch, store, period.end, period, settings)


@pytest.fixture(scope="module")
def decided(tmp_path_factory: pytest.TempPathFactory) -> Decided:
    watch, store = demonstration(tmp_path_factory.mktemp("demo"))
    first = refit(watch, store, WEEKS[0])
    one, two, three, four, five, six = first.listed["topic_id"].head(6)
    at = week(WEEKS[0], watch.timezone).end + timedelta(minutes=1)
    topics.rename(watch, store, one, "Nom choisi", at=at, by="Ana")
    topics.merge(watch, store, two, [three], at=at, by="Ana")
    part = topics.split(watch, store, four, at=at, by="Ana")["others"].iloc[0][0]
    topics.ignore(watch, store, five, at=at, by="Ana")
    topics.watch(watch, store, six, at=at, by="Ana")
    mine = topics.declare(watch, store, "Ornithorynques", words="ornithorynque", at=at, by="Ana")["topic_id"].iloc[0]
    names = ("renamed", "merged", "absorbed", "split", "ignored", "watched")
    ids = dict(zip(names, (one, two, three, four, five, six), strict=True)) | {"part": part, "declared": mine}
    results = [first, *(refit(watch, store, name) for name in WEEKS[1:])]
    return Decided(watch, store, results, ids)


def holds(result: topics.TopicsResult, before: pd.Series, ids: dict[str, str]) -> None:
    """Check that everything decided is so in a result; `before` is the topic of each mention as people had left it."""
    table = result.topics.loc[result.topics["level"] == Level.FINE].set_index("topic_id")
    assert table.loc[ids["renamed"], "title"] == "Nom choisi"
    assert bool(table.loc[ids["ignored"], "ignored"])
    assert bool(table.loc[ids["watched"], "watched"])
    assert table.loc[ids["declared"], ["title", "stories"]].tolist() == ["Ornithorynques", 0]
    assert {ids["split"], ids["part"]} <= set(table.index)
    assert ids["absorbed"] not in set(table.index)
    now = result.assignments.set_index("mention_id")["topic_id"]
    both = pd.DataFrame({"before": before, "now": now}).dropna()
    for kind in ("merged", "split", "part"):
        assert set(both.loc[both["before"] == ids[kind], "now"]) <= {ids[kind]}, kind
    for kind in ("renamed", "ignored", "watched"):
        known = both.loc[both["before"] == ids[kind], "now"]
        assert known.empty or (known == ids[kind]).mean() > 0.5, kind


def left(decided: Decided, number: int) -> pd.Series:
    """Return the topic of each mention at that update; at the first, as people's acts changed it."""
    assigned = decided.results[number].assignments.set_index("mention_id")["topic_id"]
    if number:
        return assigned
    event = topics.history(decided.watch, decided.store, datetime(2027, 1, 1, tzinfo=UTC))
    split = event.loc[(event["act"] == "split") & (event["by"] == "Ana")].iloc[0]
    target = dict(zip(split["mentions"], split["mention_topics"], strict=True))
    assigned = assigned.replace({decided.ids["absorbed"]: decided.ids["merged"]})
    return assigned.where(assigned != decided.ids["split"], assigned.index.to_series().map(target))


def test_all_that_was_decided_holds_after_each_of_twelve_refits(decided: Decided) -> None:
    assert len(decided.results) == 13
    for number in range(1, 13):
        holds(decided.results[number], left(decided, number - 1), decided.ids)


@pytest.mark.parametrize(
    "settings",
    [{"cut_distance": 0.62}, {"cut_distance": 0.74}, {"coarse_topics": 5}, {"overlap_weight_ratio": 0.4}],
    ids=str,
)
def test_it_holds_in_other_settings(decided: Decided, settings: dict) -> None:
    period = week(WEEKS[3], decided.watch.timezone)
    changed = topics.update(decided.watch, decided.store, period.end, period, topics.TopicSettings(**settings))
    assert not changed.reused
    holds(changed, left(decided, 2), decided.ids)


def test_it_holds_on_a_copy_of_the_store_with_another_embedding_model(decided: Decided, tmp_path: Path) -> None:
    shutil.copytree(decided.watch.folder, tmp_path / "elsewhere")
    file = tmp_path / "elsewhere" / "watch.yml"
    file.write_text(file.read_text("utf-8") + "\nembedding: {model: petit}\n", encoding="utf-8")
    watch = load_watch(file)
    store = Store(watch)
    # The vectors of a small model of our own, as if it had read everything: words hashed into 64 numbers.
    readings = store.load(READINGS)
    texts = store.load(MENTIONS, ["mention_id", "title", "text"]).merge(readings[["mention_id", "text_hash"]])
    texts = texts.drop_duplicates("text_hash")
    hashed = HashingVectorizer(n_features=64).transform(texts["title"].fillna("") + " " + texts["text"].fillna(""))
    rows = pd.DataFrame({"text_hash": texts["text_hash"], "model": "petit", "vector": list(hashed.toarray())})
    store.merge(EMBEDDINGS, rows)
    store.merge(READINGS, readings.assign(version=reading.version(watch)))
    period = week(WEEKS[2], watch.timezone)
    result = topics.update(watch, store, period.end, period)
    assert result.unread == 0
    assert "petit" in result.topics["version"].iloc[0]
    holds(result, left(decided, 1), decided.ids)
