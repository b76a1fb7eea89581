"""The update as editions, alerts and replay call it: honest about time, repeatable, never surprised."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest
from deltalake import DeltaTable

from tests.topics.conftest import Tell
from veille import topics
from veille.contract import Table
from veille.period import week
from veille.store import Store
from veille.topics.tables import ASSIGNMENTS, TOPIC_EVENTS, TOPICS, Act, TopicStatus
from veille.watch import Watch

MONDAY = datetime(2026, 11, 2, tzinfo=UTC)
STRIKE = [
    "Grève des conducteurs de tramway ce jeudi chez Essai, le trafic sera perturbé",
    "Les syndicats appellent à la grève dans les tramways la semaine prochaine",
    "Préavis de grève : un tramway sur trois circulera jeudi",
]
RIVER = [
    "Pollution : des rejets d'huile dans la rivière tuent des poissons",
    "Rivière polluée par des hydrocarbures, des poissons morts retrouvés",
    "Les pêcheurs portent plainte pour la pollution de la rivière",
]
LEAK = [
    "Fuite de données : les coordonnées bancaires des clients sont en ligne",
    "Un pirate met en vente les données personnelles des clients",
    "Piratage : des fichiers de clients ont été dérobés",
]


def day(number: float) -> datetime:
    return MONDAY + timedelta(days=number)


def versions(watch: Watch) -> list[int]:
    def version(table: Table) -> int:
        return DeltaTable(str(watch.store_path / table.name)).version()

    return [version(table) for table in (TOPICS, TOPIC_EVENTS, ASSIGNMENTS)]


def topic_of(result: topics.TopicsResult, mention_id: str) -> str:
    return str(result.assignments.set_index("mention_id")["topic_id"][mention_id])


def test_topics_are_born_in_their_first_window(watch: Watch, store: Store, tell: Tell) -> None:
    tell([*STRIKE, *RIVER], day(0))
    result = topics.update(watch, store, day(1))
    assert sorted(result.listed["stories"]) == [3, 3]
    assert result.born == 2
    assert set(result.events["act"]) == {Act.BIRTH}
    assert result.stories == result.mentions == 6
    assert result.lone_stories_ratio == 0
    assert result.verdict == ""
    assert topic_of(result, "m000") == topic_of(result, "m002") != topic_of(result, "m003")
    strike = result.listed.set_index("topic_id").loc[topic_of(result, "m000")]
    assert any(text.startswith(strike["title"].rstrip("…")) for text in STRIKE)
    assert "grève" in strike["words"]
    assert "Essai" not in strike["words"][:3]
    assert set(strike["representatives"]) == {"m000", "m001", "m002"}
    assert strike["born_at"] == pd.Timestamp(day(0))
    assert len(result.coarse) >= 1
    assert set(result.fine["parent_id"]) <= set(result.coarse["topic_id"])


def test_ids_and_titles_survive_the_next_update(watch: Watch, store: Store, tell: Tell) -> None:
    tell([*STRIKE[:2], *RIVER], day(0))
    first = topics.update(watch, store, day(1))
    tell([STRIKE[2], *LEAK], day(1), name="n")
    second = topics.update(watch, store, day(2))
    before, after = first.listed.set_index("topic_id")["title"], second.listed.set_index("topic_id")["title"]
    assert set(before.index) < set(after.index)
    assert after[before.index].tolist() == before.tolist()
    assert topic_of(second, "n000") == topic_of(first, "m000")
    assert second.events["topic_id"].tolist() == [topic_of(second, "n001")]
    assert second.born == 1


def test_again_with_the_same_inputs_nothing_is_written(watch: Watch, store: Store, tell: Tell) -> None:
    tell([*STRIKE, *RIVER], day(0))
    first = topics.update(watch, store, day(1))
    written = versions(watch)
    again = topics.update(watch, store, day(1))
    assert again.reused
    assert not first.reused
    assert versions(watch) == written
    pd.testing.assert_frame_equal(first.assignments, again.assignments)
    pd.testing.assert_frame_equal(first.topics.drop(columns="centroid"), again.topics.drop(columns="centroid"))


def test_with_other_inputs_the_rows_of_the_cutoff_are_replaced_and_stale_events_undone(
    watch: Watch, store: Store, tell: Tell
) -> None:
    tell([*STRIKE, *RIVER[:2]], day(0))
    period = week("2026-W45", "UTC")
    topics.update(watch, store, day(10), period)
    tell(LEAK, day(1), name="n")
    second = topics.update(watch, store, day(11), period)
    assert not second.reused
    assert second.born == 3
    assert len(store.load(ASSIGNMENTS)) == 8
    standing = topics.history(watch, store, day(12))
    assert sorted(standing["event_id"]) == sorted(second.events["event_id"])


def test_events_that_hold_again_are_restored(watch: Watch, store: Store, tell: Tell) -> None:
    tell([*STRIKE, *RIVER], day(0))
    plain, narrow = topics.TopicSettings(), topics.TopicSettings(cut_distance=0.01)
    expected = sorted(topics.update(watch, store, day(1), settings=plain).events["event_id"])
    for settings, events in [(narrow, []), (plain, expected), (narrow, []), (plain, expected)]:
        topics.update(watch, store, day(1), settings=settings)
        assert sorted(topics.history(watch, store, day(2))["event_id"]) == events


def test_the_future_is_not_seen(watch: Watch, store: Store, tell: Tell) -> None:
    tell([*STRIKE, *RIVER], day(0))
    alone = topics.update(watch, store, day(1))
    tell(LEAK, day(1.5), name="n")
    topics.update(watch, store, day(3))
    topics.rename(watch, store, topic_of(alone, "m000"), "Conflit social", at=day(3), by="Ana")
    again = topics.update(watch, store, day(1))
    assert again.reused
    assert "Conflit social" not in set(again.topics["title"])


def test_only_mentions_with_a_subject_within_the_window_are_looked_at(watch: Watch, store: Store, tell: Tell) -> None:
    tell(STRIKE, day(0), name="old")
    tell(RIVER, day(60), subjects=(), name="none")
    tell(["x " + text for text in (*LEAK, *STRIKE[:2])], day(60), name="new")
    result = topics.update(watch, store, day(61))
    assert sorted(result.assignments["mention_id"].str[:3].unique()) == ["new"]


@pytest.mark.parametrize("count", [0, 1, 2, 4])
def test_few_stories_give_a_verdict(watch: Watch, store: Store, tell: Tell, count: int) -> None:
    if count:
        tell([*STRIKE, *RIVER][:count], day(0))
    result = topics.update(watch, store, day(1))
    assert result.verdict == f"not enough data: {count} stories in 56 days, 5 are needed"
    assert result.topics.empty
    assert result.assignments.empty
    assert result.listed.empty
    assert (result.stories, result.mentions, result.born, result.dormant, result.lone_stories_ratio) == (0, 0, 0, 0, 0.0)
    assert store.load(TOPICS).empty


@pytest.mark.parametrize(
    "texts",
    [
        ["encore la même panne ce matin sur la ligne"] * 50,
        [""] * 6,
        ["😡"] * 6,
        ["le la les de"] * 6,
        [f"{number}" for number in range(8)],
        ["<script>alert(1)</script>", "\u202e\u200b", "=1+1", "'; DROP TABLE", "a" * 50_000, "#" * 500],
    ],
    ids=["same", "empty", "pictures", "stop words", "numbers", "hostile"],
)
def test_any_texts_give_a_result(watch: Watch, store: Store, tell: Tell, texts: list[str]) -> None:
    tell(texts, day(0))
    result = topics.update(watch, store, day(5), settings=topics.TopicSettings(few_stories=1))
    assert result.mentions == len(texts)
    assert result.fine["title"].is_unique
    assert result.fine["title"].str.len().between(1, 70).all()
    assert not result.fine["title"].str.contains("[<>\u202e]").any()


def test_a_silent_topic_sleeps_wakes_and_dies(watch: Watch, store: Store, tell: Tell) -> None:
    tell([*STRIKE, *RIVER], day(0))
    born = topic_of(topics.update(watch, store, day(1)), "m000")
    settings = topics.TopicSettings(window_days=20, memory_days=50, few_stories=3)
    tell([*LEAK, *RIVER], day(30), name="n")
    asleep = topics.update(watch, store, day(31), settings=settings)
    row = asleep.topics.set_index("topic_id").loc[born]
    assert (row["status"], row["stories"]) == (TopicStatus.DORMANT, 0)
    assert asleep.dormant == 1
    tell(
        ["Nouvelle grève des conducteurs de tramway, trafic perturbé jeudi", "Grève dans les tramways : préavis"],
        day(40),
        name="o",
    )
    awake = topics.update(watch, store, day(41), settings=settings)
    assert topic_of(awake, "o000") == born
    assert (Act.REVIVAL, born) in set(zip(awake.events["act"], awake.events["topic_id"], strict=True))
    tell(LEAK, day(100), name="p")
    dead = topics.update(watch, store, day(101), settings=settings)
    assert (Act.DEATH, born) in set(zip(dead.events["act"], dead.events["topic_id"], strict=True))
    assert born not in set(dead.topics["topic_id"])


def test_unread_mentions_are_counted_and_left_out(watch: Watch, store: Store, tell: Tell) -> None:
    from veille.reading.tables import READINGS

    tell([*STRIKE, *RIVER], day(0))
    read = store.load(READINGS)
    store.merge(READINGS, read.head(1).assign(version="older"))
    result = topics.update(watch, store, day(1))
    assert result.unread == 1
    assert result.mentions == 5


def test_a_title_is_no_longer_than_its_source_may_be_quoted(
    make_watch: Callable[[str], Watch], watch: Watch, store: Store, tell: Tell
) -> None:
    tell([*STRIKE, *RIVER], day(0))
    free = topics.update(watch, store, day(1)).listed["title"]
    assert free.str.len().max() > 40
    text = watch.file.read_text(encoding="utf-8")
    for limit in (0, 8, 40):
        rights = f"sources: [{{id: essai, type: import, enabled: false, rights: {{quote_max: {limit}}}}}]\n"
        bound = topics.update(make_watch(text + rights), store, day(1))
        assert not bound.reused
        assert bound.listed["title"].is_unique
        for title in bound.listed["title"]:
            said = [story for story in (*STRIKE, *RIVER) if story.startswith(title.rstrip("…"))]
            assert len(title) <= limit or not said
