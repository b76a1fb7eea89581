"""Relevance that must not sink: above all, what is relevant and kept.

`tests/quality/corpus/relevance.csv` was written for veille, half of it before the lists of words were looked at with it.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from tests.quality.marks import marked
from veille.labels import Relevance
from veille.pseudonym import pseudonyms
from veille.query import parse
from veille.reading.relevance import own_voice, verdicts
from veille.watch import load_watch

HERE = Path(__file__).parent
CORPUS = HERE / "corpus" / "relevance.csv"
SHARED = HERE.parents[2] / "shared" / "data"
FLOORS = json.loads((HERE / "floors.json").read_text("utf-8"))
KEY = b"quality" * 5
ACCOUNTS = {
    "orange": "@orange", "free": "@freebox", "sfr": "@sfr", "carrefour": "@carrefour", "apple": "@applesupport",
    "aquilon": "@AquilonMobilites",
}  # fmt: skip


def judged(frame: pd.DataFrame, subject: str, accounts: list[str]) -> pd.DataFrame:
    """Return the verdicts on posts that name one subject."""
    listed = "".join(f"  - {{network: x, handle: '{account}'}}\n" for account in accounts)
    text = f"watch: q\norganisation: {subject}\nsubjects:\n  - {{id: {subject}, name: {subject.title()}, query: '{subject}'}}\n"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "watch.yml"
        file.write_text(text + (f"accounts:\n{listed}" if accounts else ""), "utf-8")
        watch = load_watch(file)
    ids = [str(place) for place in range(len(frame))]
    told = {"mention_id": ids, "story_id": ids, "subject": subject, "title": "", "kind": "post", "author": None}
    rows = pd.DataFrame(told).assign(**{name: frame[name].to_numpy() for name in frame.columns})
    rows = rows.assign(source="s", source_type="x", publisher="x.com", url=None, author=pseudonyms(KEY, rows["author"]))
    return verdicts(watch, rows, own_voice(watch, KEY))


def written(file: Path, part: str) -> pd.DataFrame:
    frame = pd.read_csv(file, keep_default_na=False)
    frame = frame.loc[frame["part"] == part].assign(author=lambda told: told["author"].where(told["author"] != ""))
    found = [judged(rows, str(name), [ACCOUNTS[name]] if name in ACCOUNTS else []) for name, rows in frame.groupby("subject")]
    return pd.concat(found)


def kept_ratio(rows: pd.DataFrame) -> float:
    """Return the share of what is relevant that is kept: 1 less the false set-aside rate."""
    true = rows.loc[rows["label"] == Relevance.RELEVANT]
    return float((true["verdict"] == Relevance.RELEVANT).mean())


def aside_recall(rows: pd.DataFrame) -> float:
    """Return the share of what is not relevant that is set aside."""
    untrue = rows.loc[rows["label"] != Relevance.RELEVANT]
    return float((untrue["verdict"] != Relevance.RELEVANT).mean())


def of_written(file: Path, part: str, measure: Callable[[pd.DataFrame], float]) -> float:
    return measure(written(file, part))


def brands_kept(file: Path) -> float:
    """Of tweets on brands that a person did not call irrelevant, most of which only are in another language."""
    frame = pd.read_csv(file, dtype=str).rename(columns={"TweetText": "text", "Sentiment": "label"})
    frame["label"] = frame["label"].where(frame["label"] == "irrelevant", Relevance.RELEVANT.value)
    return kept_ratio(pd.concat([judged(rows[["text", "label"]], str(name), []) for name, rows in frame.groupby("Topic")]))


def own_accounts(file: Path) -> float:
    """Share of the tweets whose verdict agrees with who the operator's own accounts are."""
    frame = pd.read_csv(file, dtype=str)
    official = frame["official_account"] == "True"
    rows = judged(frame[["text", "author"]], "free", sorted(frame.loc[official, "author"].unique()))
    return float(((rows["verdict"] == Relevance.OWN_ACCOUNT).to_numpy() == official.to_numpy()).mean())


def customers_kept(file: Path) -> float:
    """Share of the public's tweets that name an operator and are kept."""
    frame = pd.read_csv(file, dtype=str)
    public = frame.loc[frame["official_account"] != "True", ["text"]].assign(label=Relevance.RELEVANT.value)
    asked = public.assign(title="", publisher="", source="", author="", language_declared="")
    found = [judged(public[parse(name).matches(asked)], name, []) for name in ("orange", "free", "sfr", "bouygues")]
    return kept_ratio(pd.concat(found))


MEASURES: dict[str, tuple[Path, Callable[[Path], float]]] = {
    **{
        f"relevance.{name}.written.{part}": (CORPUS, partial(of_written, part=part, measure=measure))
        for name, measure in (("kept_ratio", kept_ratio), ("aside_recall", aside_recall))
        for part in ("development", "held_out")
    },
    "relevance.kept_ratio.brands.en": (SHARED / "brands-en" / "tweets.csv", brands_kept),
    "relevance.own_account_accuracy.telecom.fr": (SHARED / "telecom-fr" / "tweets.csv", own_accounts),
    "relevance.kept_ratio.telecom.fr": (SHARED / "telecom-fr" / "tweets.csv", customers_kept),
}


def test_every_measure_has_a_floor_and_every_floor_a_measure() -> None:
    assert {name for name in FLOORS if name.startswith("relevance.")} == set(MEASURES)


@pytest.mark.parametrize("name", marked(MEASURES))
def test_relevance_stays_above_its_floor(name: str) -> None:
    corpus, measure = MEASURES[name]
    if not corpus.exists():
        pytest.skip(f"{name} is measured on a public data set that is not beside this checkout: {corpus.name}")
    pinned = FLOORS[name]
    assert hashlib.sha256(corpus.read_bytes()).hexdigest() == pinned["sha256"], f"{corpus.name} is not the pinned corpus"
    assert measure(corpus) >= pinned["floor"]
