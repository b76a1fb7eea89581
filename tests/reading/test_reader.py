from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest

from veille import reading
from veille.mention import MENTIONS
from veille.period import week
from veille.reading import EMBEDDINGS, READINGS, Tone, read, vectors, version
from veille.store import Store
from veille.watch import Watch

NOW = datetime(2026, 11, 20, tzinfo=UTC)
WIRE = "Incendie dans un dépôt de bus à Nantes : trois blessés légers et quarante véhicules détruits dans la nuit de mardi"


def put(store: Store, *texts: str, first: str = "2026-11-10", hours: float = 1, **columns: Any) -> None:
    """Keep one article a text, an hour apart from each other."""
    start = pd.Timestamp(first, tz="UTC")
    frame = pd.DataFrame(
        {
            "mention_id": [f"{first}-{place:05d}" for place in range(len(texts))],
            "source": "presse",
            "source_type": "rss",
            "published_at": start + pd.to_timedelta(np.arange(len(texts)) * hours, unit="h"),
            "kind": "article",
            "title": "",
            "text": list(texts),
        }
    )
    store.merge(MENTIONS, frame.assign(**columns))


def test_a_second_run_reads_and_embeds_nothing(watch: Watch, store: Store) -> None:
    put(store, WIRE, "Bravo à toute l'équipe", "The board meets on Tuesday", WIRE)
    first = read(watch, store, NOW)
    assert (first.read, first.reused, first.embedded, first.stories) == (4, 0, 3, 3)
    before = store.load(READINGS)
    second = read(watch, store, NOW)
    assert (second.read, second.reused, second.embedded, second.stories) == (0, 4, 0, 0)
    pd.testing.assert_frame_equal(store.load(READINGS), before)


def test_what_is_written(watch: Watch, store: Store) -> None:
    put(store, WIRE, "Thank you, brilliant support!", "😀", "شكرا جزيلا لكم")
    result = read(watch, store, NOW)
    rows = store.load(READINGS)
    assert rows["version"].unique().tolist() == [version(watch)] == [result.version]
    assert rows["language"].tolist() == ["fr", "en", "und", "ar"]
    assert rows["tone"].tolist() == [Tone.NEGATIVE, Tone.POSITIVE, Tone.NOT_READ, Tone.NOT_READ]
    assert rows["p_negative"].isna().tolist() == [False, False, True, True]
    assert rows["story_id"].tolist() == rows["mention_id"].tolist()
    assert vectors(watch, store, rows["text_hash"].tolist()).shape == (4, 512)


def test_only_what_is_visible_is_read(watch: Watch, store: Store) -> None:
    put(store, WIRE, first="2026-11-03")
    put(store, "Bravo à toute l'équipe", first="2026-11-10")
    put(store, "Le conseil se réunit mardi", first="2026-11-18")
    assert read(watch, store, datetime(2026, 11, 5, tzinfo=UTC)).read == 1
    assert read(watch, store, NOW, week("2026-W46", "Europe/Paris")).read == 1
    assert read(watch, store, NOW).read == 1


def test_stories_in_steps_are_those_of_one_run(watch: Watch, store: Store) -> None:
    texts = [WIRE, "Le conseil municipal vote la gratuité des transports pour tous les jeunes", WIRE + " (AFP)", "Nul", WIRE]
    put(store, *texts, hours=24)
    for day in (11, 12, 13, 14, 15, 20):
        read(watch, store, datetime(2026, 11, day, 12, tzinfo=UTC))
    steps = store.load(READINGS)["story_id"].tolist()
    names = steps[0], steps[1], steps[3]
    assert steps == [names[0], names[1], names[0], names[2], names[0]]
    assert len(set(names)) == 3


def test_a_text_that_was_edited_is_read_again_and_keeps_its_story(watch: Watch, store: Store) -> None:
    put(store, WIRE, WIRE)
    read(watch, store, NOW)
    before = store.load(READINGS)
    put(store, WIRE, "Le tribunal annule finalement la hausse des tarifs votée en juin")
    again = read(watch, store, NOW)
    after = store.load(READINGS)
    assert (again.read, again.reused) == (1, 1)
    assert after["story_id"].tolist() == before["story_id"].tolist()
    assert after["text_hash"].iloc[1] != before["text_hash"].iloc[1]


def test_another_version_reads_again_but_embeds_nothing(watch: Watch, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    put(store, WIRE, "Nul")
    read(watch, store, NOW)
    monkeypatch.setattr("veille.reading.reader._models_version", lambda: "other")
    again = read(watch, store, NOW)
    assert (again.read, again.embedded) == (2, 0)
    assert store.load(READINGS)["version"].str.startswith("other").all()


@pytest.mark.parametrize("count", [0, 1, 2, 50])
@pytest.mark.parametrize("text", ["", "😀😀", WIRE])
def test_any_number_of_the_same_text_is_read(watch: Watch, store: Store, count: int, text: str) -> None:
    if count:
        put(store, *[text] * count)
    result = read(watch, store, NOW)
    assert result.read == count
    assert result.embedded == min(count, 1)
    assert result.stories == (min(count, 1) if text == WIRE else count)


def test_a_text_of_100_000_characters_is_read(watch: Watch, store: Store) -> None:
    put(store, "mot " * 25_000, "a" * 100_000)
    assert read(watch, store, NOW).read == 2


def test_order_of_arrival_changes_nothing(watch: Watch, store: Store) -> None:
    texts = [WIRE, "Bravo à tous", "Panne générale", WIRE + " (AFP)"]
    put(store, *texts)
    read(watch, store, NOW)
    rows, matrix = store.load(READINGS), store.load(EMBEDDINGS)
    put(store, *texts[::-1], first="2026-11-12", hours=-1)
    read(watch, store, NOW)
    later = store.load(READINGS).iloc[4:].iloc[::-1].reset_index(drop=True)
    shared = ["text_hash", "language", "language_probability", "tone", "p_negative", "p_neutral", "p_positive"]
    pd.testing.assert_frame_equal(later[shared], rows[shared])
    assert len(store.load(EMBEDDINGS)) == len(matrix)


def test_seconds_are_told_by_step(watch: Watch, store: Store) -> None:
    put(store, "Bonjour à tous")
    result = read(watch, store, NOW)
    assert {"texts", "language", "embedding", "tone", "stories", "writing", "labels"} == set(result.seconds)
    assert result.total_seconds == pytest.approx(sum(result.seconds.values()))


def test_the_room_shows_its_verbs_and_nothing_else() -> None:
    assert set(reading.__all__) == {
        "EMBEDDINGS",
        "READINGS",
        "Embedder",
        "ReadingResult",
        "Tone",
        "asks",
        "embedder",
        "question_vectors",
        "read",
        "relevance",
        "tone_confusion",
        "towards",
        "vectors",
        "version",
    }
    assert all(hasattr(reading, name) for name in reading.__all__)
