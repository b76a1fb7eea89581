"""Labels in READINGS: read as said, honest in time, undone when taken back, without embedding again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from tests.conftest import MakeWatch
from veille.labels import WITHDRAWN, add
from veille.mention import MENTIONS
from veille.reading import EMBEDDINGS, READINGS, read
from veille.reading.tables import ADAPTATIONS, ReadBy
from veille.store import Store
from veille.watch import Watch

NOW = datetime(2026, 11, 20, tzinfo=UTC)
TEXTS = ["Merci, service parfait, bravo", "Le conseil se réunit mardi", "شكرا جزيلا لكم", "Encore une panne, quelle honte"]


def put(store: Store, texts: list[str]) -> list[str]:
    start = pd.Timestamp("2026-11-10", tz="UTC")
    ids = [f"m{place:04d}" for place in range(len(texts))]
    frame = pd.DataFrame({"mention_id": ids, "source": "s", "source_type": "rss", "kind": "post", "title": "", "text": texts})
    store.merge(MENTIONS, frame.assign(published_at=start + pd.to_timedelta(np.arange(len(texts)), unit="min")))
    return ids


def say(store: Store, ids: list[str], values: list[str], hours: float = 0) -> None:
    rows = pd.DataFrame({"mention_id": ids, "subject": None, "what": "tone", "value": values})
    add(store, rows, at=NOW + timedelta(hours=hours), by="Ana")


def tones(store: Store) -> dict[str, str]:
    return store.load(READINGS).set_index("mention_id")["tone"].to_dict()


def delta_version(store: Store, watch: Watch) -> int:
    return len(list((watch.store_path / READINGS.name / "_delta_log").glob("*.json")))


def test_a_labelled_mention_is_read_as_labelled_and_one_that_was_not_read_counts(watch: Watch, store: Store) -> None:
    ids = put(store, TEXTS)
    read(watch, store, NOW)
    before = store.load(READINGS)
    say(store, [ids[0], ids[2]], ["negative", "positive"])
    again = read(watch, store, NOW)
    assert (again.read, again.embedded, again.adapted) == (0, 0, 2)
    rows = store.load(READINGS).set_index("mention_id")
    assert rows.loc[[ids[0], ids[2]], "tone"].tolist() == ["negative", "positive"]
    assert rows.loc[ids[0], ["p_negative", "p_neutral", "p_positive"]].tolist() == [1, 0, 0]
    assert rows.loc[ids[0], "base_negative"] == before.set_index("mention_id").loc[ids[0], "p_negative"]
    assert rows["read_by"].eq(ReadBy.PERSON).sum() == 2
    untouched = rows.loc[[ids[1], ids[3]]].reset_index()
    pd.testing.assert_frame_equal(untouched, before.loc[before["mention_id"].isin([ids[1], ids[3]])].reset_index(drop=True))


def test_the_same_labels_again_write_nothing(watch: Watch, store: Store) -> None:
    ids = put(store, TEXTS)
    say(store, ids[:1], ["negative"])
    read(watch, store, NOW)
    versions = delta_version(store, watch)
    assert read(watch, store, NOW).adapted == 0
    assert delta_version(store, watch) == versions


def test_labels_after_as_of_are_not_seen_and_the_past_is_read_as_it_was(watch: Watch, store: Store) -> None:
    ids = put(store, TEXTS)
    read(watch, store, NOW)
    before = store.load(READINGS)
    say(store, ids[:1], ["negative"], hours=2)
    read(watch, store, NOW + timedelta(hours=1))
    pd.testing.assert_frame_equal(store.load(READINGS), before)
    read(watch, store, NOW + timedelta(hours=3))
    assert tones(store)[ids[0]] == "negative"
    assert read(watch, store, NOW).adapted == 1
    pd.testing.assert_frame_equal(store.load(READINGS), before)


def test_a_label_taken_back_gives_the_reading_back(watch: Watch, store: Store) -> None:
    ids = put(store, TEXTS)
    read(watch, store, NOW)
    before = store.load(READINGS)
    say(store, ids[:1], ["negative"])
    read(watch, store, NOW)
    say(store, ids[:1], [WITHDRAWN], hours=1)
    read(watch, store, NOW + timedelta(hours=1))
    pd.testing.assert_frame_equal(store.load(READINGS), before)


def test_a_copy_word_for_word_in_the_story_is_read_so_too(watch: Watch, store: Store) -> None:
    long = "Incendie dans un dépôt de bus à Nantes : trois blessés légers et quarante véhicules détruits dans la nuit de mardi"
    ids = put(store, [long, long + " (AFP)", long])
    read(watch, store, NOW)
    assert set(store.load(READINGS)["story_id"]) == {ids[0]}
    say(store, ids[:1], ["positive"])
    read(watch, store, NOW)
    assert [tones(store)[item] for item in ids] == ["positive", "negative", "positive"]


@pytest.fixture
def talk() -> tuple[list[str], list[str]]:
    """Return texts in which this watch's people mean the opposite of what the words of a model of tweets say."""
    subject = ["le bus 12", "la ligne A", "le tram", "le guichet", "l'appli", "le vélo", "la gare", "le parking", "le billet"]
    ill = ["{} encore en alternance", "{} : service en alternance ce matin", "alternance sur {} comme hier"]
    calm = ["{} circule à l'heure prévue", "{} : horaires de la semaine", "{} ouvre à huit heures"]
    good = ["merci pour {}, parfait", "{} : bravo à toute l'équipe", "j'adore {}"]
    bad = ["honte à {}, encore une panne", "{} est nul, marre des retards"]
    groups = ((ill, "negative"), (calm, "neutral"), (good, "positive"), (bad, "negative"))
    pairs = [
        (form.format(f"{name} {place}"), value)
        for forms, value in groups
        for form in forms
        for place, name in enumerate(subject * 2)
    ]
    return [text for text, _ in pairs], [value for _, value in pairs]


def test_what_labels_teach_is_read_elsewhere_without_embedding_again(
    watch: Watch, store: Store, talk: tuple[list[str], list[str]]
) -> None:
    texts, values = talk
    ids = put(store, texts)
    read(watch, store, NOW)
    vectors = len(store.load(EMBEDDINGS))
    before = tones(store)
    labelled = set(ids[::2])
    say(store, ids[::2], values[::2])
    result = read(watch, store, NOW)
    assert (result.read, result.embedded) == (0, 0)
    assert len(store.load(EMBEDDINGS)) == vectors
    tried = store.load(ADAPTATIONS)
    assert tried["kept"].tolist() == [True], tried["reason"].tolist()
    after = tones(store)
    others = [(item, value) for item, value in zip(ids, values, strict=True) if item not in labelled]
    right = [sum(read_as[item] == value for item, value in others) for read_as in (before, after)]
    assert right[1] > right[0]
    assert set(store.load(READINGS)["read_by"]) == {ReadBy.PERSON, ReadBy.ADAPTED}
    versions = delta_version(store, watch)
    assert read(watch, store, NOW).adapted == 0
    assert delta_version(store, watch) == versions
    assert len(store.load(ADAPTATIONS)) == 1


def test_nothing_is_looked_at_where_nobody_labelled(make_watch: MakeWatch) -> None:
    watch = make_watch("watch: essai\norganisation: Essai\nsubjects: [{id: essai, query: essai}]\n")
    store = Store(watch)
    put(store, TEXTS)
    assert read(watch, store, NOW).adapted == 0
    assert store.load(READINGS)["read_by"].isna().all()
    assert not (watch.store_path / ADAPTATIONS.name).exists()
