"""Quality that must not sink: language, stories and tone, each above its pinned floor on a corpus with a known hash.

`tests/quality/corpus` was written for veille and is measured everywhere; the public data sets only where they are.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import f1_score

from tests.quality.marks import marked
from veille.evaluate.mixes import prevalence_metrics
from veille.evaluate.texts import stories_of
from veille.reading import language, stories, tone
from veille.reading.embedding import DEFAULT_MODEL, by_name
from veille.reading.texts import mention_texts

HERE = Path(__file__).parent
CORPUS = HERE / "corpus"
SHARED = HERE.parents[2] / "shared" / "data"
FLOORS = json.loads((HERE / "floors.json").read_text("utf-8")) if (HERE / "floors.json").exists() else {}
LABELS = [item.value for item in tone.TONES]


def leads(text: pd.Series, title: pd.Series | None = None) -> pd.Series:
    empty = pd.Series("", index=text.index, dtype="object")
    return mention_texts(pd.DataFrame({"title": empty if title is None else title, "text": text}))["lead"]


def language_accuracy(file: Path) -> float:
    frame = pd.read_csv(file, keep_default_na=False, dtype=str)
    declared = frame["declared"].where(frame["declared"] != "")
    return float((language.languages(leads(frame["text"]), declared, ("fr",))["language"] == frame["language"]).mean())


def stories_f1(file: Path) -> float:
    """Pairs lie a year apart from each other, so that each is judged alone."""
    frame = pd.read_csv(file, keep_default_na=False)
    day = pd.Timestamp("2026-01-01", tz="UTC") + pd.to_timedelta(np.arange(len(frame)) * 60, unit="D")
    text = pd.concat([frame["first"], frame["second"]], ignore_index=True)
    moment = pd.Series(day.append(day + pd.Timedelta(hours=3)))
    story = stories_of(text, moment).to_numpy()
    joined = story[: len(frame)] == story[len(frame) :]
    return float(f1_score(frame["same"] == "yes", joined))


@cache
def press_stories(file: Path) -> pd.Series:
    """Return the story of every item of the French press of 2024, by the head of the hash of its id."""
    items = pd.read_json(file, lines=True, dtype=False)
    moment = pd.to_datetime(items["created_at"], utc=True, errors="coerce")
    items = items.assign(moment=moment)[moment.notna()].drop_duplicates("id").sort_values(["moment", "id"], ignore_index=True)
    frame = pd.DataFrame(
        {
            "mention_id": [f"{place:06d}" for place in range(len(items))],
            "published_at": items["moment"],
            "known_at": items["moment"],
            "kind": "article",
            "source_type": "rss",
            "native_id": None,
            "parent_id": None,
            "canonical_url": items["id"],
            "publisher": items["source"],
            "title": items["title"].fillna(""),
            "text": items["description"].fillna(""),
            "story_id": None,
        }
    )
    frame["story_text"] = mention_texts(frame)["story_text"]
    found = stories.assign(frame)["story_id"].sort_index()
    return found.set_axis(items["id"].map(lambda item: hashlib.sha256(item.encode()).hexdigest()[:16]))


def press_stories_f1(file: Path, sample: str) -> float:
    """Compare 200 pairs with what a reader said of them: a copy or a rewrite of one text, or not (told anew, other news)."""
    pairs = pd.read_csv(CORPUS / "stories_pairs.csv")
    pairs = pairs[pairs["sample"] == sample]
    story = press_stories(file)
    joined = story[pairs["one"]].to_numpy() == story[pairs["other"]].to_numpy()
    return float(f1_score(pairs["verdict"] == "copy", joined))


def tone_macro_f1(text: pd.Series, label: pd.Series, spoken: str) -> float:
    chances = tone.probabilities(text, by_name(DEFAULT_MODEL).encode(text.tolist()), spoken)
    return float(f1_score(label.map(LABELS.index), chances.argmax(axis=1), average="macro"))


def written_tone(file: Path, spoken: str) -> float:
    frame = pd.read_csv(file, keep_default_na=False)
    frame = frame[frame["language"] == spoken]
    return tone_macro_f1(leads(frame["text"]), frame["label"], spoken)


def training() -> ModuleType:
    """Return the training script, which knows how its sets are read."""
    spec = importlib.util.spec_from_file_location("sentiment", HERE.parents[1] / "training" / "sentiment.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def tweet_tone(file: Path, spoken: str) -> float:
    text, label = training().tweets(file)
    return tone_macro_f1(text, pd.Series(label).map(dict(enumerate(LABELS))), spoken)


def labelled_negative_f1(file: Path, name: str) -> float:
    """Return F1 of negative: these samples hold too few positive texts for a macro figure."""
    text, label = training().labelled(file.parent.parent, name)
    chances = tone.probabilities(text, by_name(DEFAULT_MODEL).encode(text.tolist()), "fr")
    return float(f1_score(label == 0, chances.argmax(axis=1) == 0))


PRESS_2024 = SHARED / "press-fr-2024" / "items.jsonl.gz"


def prevalence_figure(file: Path, spoken: str, name: str) -> float:
    """Return coverage, or how near the corrected share comes: one minus its mean error."""
    text, label = training().tweets(file)
    read = tone.tones(text, by_name(DEFAULT_MODEL).encode(text.tolist()), pd.Series(spoken, index=text.index))
    figures = prevalence_metrics(
        read.assign(label=pd.Series(label, index=text.index).map(dict(enumerate(LABELS))), language=spoken)
    )
    return float(figures[name]) if name == "prevalence_coverage_ratio" else 1 - float(figures[name]) / 100


TWEETS = SHARED / "sentiment-tweets"
MEASURES: dict[str, tuple[Path, Callable[[Path], float]]] = {
    "reading.language.accuracy.written": (CORPUS / "language.csv", language_accuracy),
    "reading.stories.f1.written": (CORPUS / "stories.csv", stories_f1),
    "reading.stories.f1.press.tuned": (PRESS_2024, partial(press_stories_f1, sample="first")),
    "reading.stories.f1.press.held_out": (PRESS_2024, partial(press_stories_f1, sample="second")),
    "reading.sentiment.macro_f1.written.fr": (CORPUS / "tone.csv", partial(written_tone, spoken="fr")),
    "reading.sentiment.macro_f1.written.en": (CORPUS / "tone.csv", partial(written_tone, spoken="en")),
    "reading.sentiment.macro_f1.tweets.fr": (TWEETS / "fr-val.csv", partial(tweet_tone, spoken="fr")),
    "reading.sentiment.macro_f1.tweets.en": (TWEETS / "en-val.csv", partial(tweet_tone, spoken="en")),
    **{
        f"reading.prevalence.{kind}.tweets.{spoken}": (
            TWEETS / f"{spoken}-val.csv",
            partial(prevalence_figure, spoken=spoken, name=name),
        )
        for spoken in tone.LANGUAGES
        for kind, name in (("coverage", "prevalence_coverage_ratio"), ("nearness", "prevalence_error_points"))
    },
    "reading.sentiment.negative_f1.press.fr": (
        SHARED / "press-fr-2022h1" / "items.jsonl.gz",
        partial(labelled_negative_f1, name="held-out-press-fr-2022h1"),
    ),
    "reading.sentiment.negative_f1.telecom.fr": (
        SHARED / "telecom-fr" / "tweets.csv",
        partial(labelled_negative_f1, name="held-out-telecom-fr"),
    ),
}


def test_every_measure_has_a_floor_and_every_floor_a_measure() -> None:
    assert {name for name in FLOORS if name.startswith("reading.")} == set(MEASURES)


@pytest.mark.parametrize("name", marked(MEASURES))
def test_quality_stays_above_its_floor(name: str) -> None:
    corpus, measure = MEASURES[name]
    if not corpus.exists():
        pytest.skip(f"{name} is measured on a public data set that is not beside this checkout: {corpus.name}")
    pinned = FLOORS[name]
    assert hashlib.sha256(corpus.read_bytes()).hexdigest() == pinned["sha256"], f"{corpus.name} is not the pinned corpus"
    assert measure(corpus) >= pinned["floor"]
