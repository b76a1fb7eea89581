"""Names found, against texts that people labelled: our own corpus anywhere, public texts (by their ids) where they are.

Rules and lists were made while looking at the rows whose `split` is `dev`, and at unlabelled press; the rows `held` were
measured once they were finished. A name that readers would judge either way (`either`) counts neither for nor against.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from tests.quality.marks import marked
from veille.reading.entities import english, french, lists, own
from veille.reading.entities.rules import straight, without_title
from veille.reading.texts import mention_texts
from veille.watch import load_watch

HERE = Path(__file__).parent
CORPUS = HERE / "corpus"
SHARED = HERE.parents[2] / "shared" / "data"
FLOORS = json.loads((HERE / "floors.json").read_text("utf-8"))
KINDS = ("person", "organisation", "place")
Named = set[tuple[str, str]]


def plain(name: str) -> str:
    return " ".join(lists.split(without_title(name)))


def found(text: pd.Series, language: str) -> list[Named]:
    lead = mention_texts(pd.DataFrame({"title": "", "text": text}))["lead"].tolist()
    spans = (french if language == "fr" else english).names(lead)
    return [{(span.kind.value, plain(span.name)) for span in row} for row in spans]


def f1(told: list[Named], labelled: list[Named], either: list[set[str]], kind: str | None = None) -> float:
    """Return F1 of names by text and kind, all kinds together or one of them."""
    right = extra = missed = 0
    for mine, gold, spared in zip(told, labelled, either, strict=True):
        counted = {one for one in mine if kind in (None, one[0])}
        wanted = {one for one in gold if kind in (None, one[0])}
        right += len(counted & wanted)
        extra += len({one for one in counted - wanted if one[1] not in spared})
        missed += len(wanted - counted)
    return 2 * right / max(1, 2 * right + extra + missed)


def written(file: Path, language: str) -> float:
    frame = pd.read_csv(file, keep_default_na=False)
    frame = frame[frame["language"] == language].reset_index(drop=True)
    labelled = [{(kind, plain(name)) for kind in KINDS for name in row[kind].split("|") if name} for _, row in frame.iterrows()]
    return f1(found(frame["text"], language), labelled, [set()] * len(frame))


def texts(name: str) -> pd.Series:
    """Return the texts of a public set by their ids."""
    folder = SHARED / name
    if name == "press-fr-2022h1":
        with gzip.open(folder / "items.jsonl.gz", "rt", encoding="utf-8") as lines:
            rows = [json.loads(line) for line in lines]
        # As labelled: the headline and the first 200 characters of the lead.
        return pd.Series({row["id"]: f"{row['title'] or ''}. {(row['description'] or '')[:200]}" for row in rows})
    frame = pd.read_csv(folder / "tweets.csv", dtype=str)
    body = next(column for column in frame.columns if "text" in column.lower())
    key = next(column for column in frame.columns if column.lower() == ("tweetid" if name == "brands-en" else "tweet_id"))
    return frame.drop_duplicates(key).set_index(key)[body]


def public(file: Path, sets: tuple[str, ...], language: str, kind: str | None = None) -> float:
    # The labels beside this file decide; `file` is the first set, whose hash is pinned.
    del file
    with (CORPUS / "entities_labels.csv").open(encoding="utf-8") as lines:
        labels = pd.DataFrame(csv.DictReader(lines))
    told: list[Named] = []
    labelled: list[Named] = []
    either: list[set[str]] = []
    for name in sets:
        mine = labels[(labels["set"] == name) & (labels["split"] == "held")]
        body = texts(name)
        ids = list(dict.fromkeys(mine["id"]))
        leads = mention_texts(pd.DataFrame({"title": "", "text": body.loc[ids].reset_index(drop=True)}))["lead"]
        told += found(body.loc[ids].reset_index(drop=True), language)
        for one, lead in zip(ids, leads, strict=True):
            rows = mine[mine["id"] == one]
            words = " ".join(lists.split(straight(lead)))
            pairs = {(row.kind, plain(row.name)) for row in rows.itertuples(index=False, name="Row")}
            labelled.append({pair for pair in pairs if pair[0] in KINDS and pair[1] in words})
            either.append({text for kind_, text in pairs if kind_ == "either"})
    return f1(told, labelled, either, kind)


PRESS = SHARED / "press-fr-2022h1" / "items.jsonl.gz"
TWEETS = SHARED / "airlines-en" / "tweets.csv"
MEASURES: dict[str, tuple[Path, Callable[[Path], float]]] = {
    "entities.f1.written.fr": (CORPUS / "entities.csv", partial(written, language="fr")),
    "entities.f1.written.en": (CORPUS / "entities.csv", partial(written, language="en")),
    "entities.f1.press.fr": (PRESS, partial(public, sets=("press-fr-2022h1",), language="fr")),
    "entities.person_f1.press.fr": (PRESS, partial(public, sets=("press-fr-2022h1",), language="fr", kind="person")),
    "entities.organisation_f1.press.fr": (
        PRESS,
        partial(public, sets=("press-fr-2022h1",), language="fr", kind="organisation"),
    ),
    "entities.place_f1.press.fr": (PRESS, partial(public, sets=("press-fr-2022h1",), language="fr", kind="place")),
    "entities.f1.tweets.en": (TWEETS, partial(public, sets=("airlines-en", "brands-en"), language="en")),
}


@pytest.mark.parametrize("name", marked(MEASURES))
def test_quality_stays_above_its_floor(name: str) -> None:
    corpus, measure = MEASURES[name]
    if not corpus.exists():
        pytest.skip(f"{name} is measured on a public data set that is not beside this checkout: {corpus.name}")
    pinned = FLOORS[name]
    assert hashlib.sha256(corpus.read_bytes()).hexdigest() == pinned["sha256"], f"{corpus.name} is not the pinned corpus"
    assert measure(corpus) >= pinned["floor"]


@pytest.mark.shared_data
@pytest.mark.slow
def test_the_watch_s_own_names_are_found_in_posts_without_a_capital(tmp_path: Path) -> None:
    """What the rules cannot know, an operator called by a common word, watch.yml tells."""
    if not (SHARED / "telecom-fr" / "tweets.csv").exists():
        pytest.skip("the public tweets of customers are not beside this checkout")
    file = tmp_path / "watch.yml"
    file.write_text("watch: free\norganisation: Free\nsubjects: [{id: free, name: Free, role: self, query: free}]\n", "utf-8")
    names = own.names_of(load_watch(file))
    with (CORPUS / "entities_labels.csv").open(encoding="utf-8") as lines:
        labels = pd.DataFrame(csv.DictReader(lines))
    mine = labels[labels["set"] == "telecom-fr"]
    body = texts("telecom-fr")
    free = set(mine.loc[mine["name"] == "free", "id"])
    told = {one for one in dict.fromkeys(mine["id"]) if lists.found(straight(str(body.loc[one])), names, any_case=True)}
    # Two of them are glued to a line break that their collector wrote as the letter n.
    assert len(free - told) <= 2
    assert len(told - free) <= 2
