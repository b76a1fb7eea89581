"""What people decide survives updates, and what they take back is as if it had not been."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from tests.topics.conftest import Tell
from tests.topics.test_update import LEAK, RIVER, STRIKE, topic_of
from veille import topics
from veille.errors import UsageError
from veille.store import Store
from veille.topics import acts
from veille.topics.tables import TOPIC_EVENTS, Act, TopicStatus
from veille.watch import Watch

START = datetime(2026, 11, 2, tzinfo=UTC)


def hour(number: int) -> datetime:
    return START + timedelta(hours=number)


@pytest.fixture
def first(watch: Watch, store: Store, tell: Tell) -> topics.TopicsResult:
    tell([*STRIKE, *RIVER], START)
    return topics.update(watch, store, hour(24))


def row(watch: Watch, store: Store, topic: str, at: int) -> pd.Series:
    return topics.current(watch, store, hour(at)).set_index("topic_id").loc[topic]


def test_a_name_is_seen_at_once_and_kept_by_the_next_update(
    watch: Watch, store: Store, tell: Tell, first: topics.TopicsResult
) -> None:
    topic = topic_of(first, "m000")
    event = topics.rename(watch, store, topic, "  Conflit   social ", at=hour(25), by="Ana")
    assert event["note"].tolist() == ["Conflit social"]
    assert row(watch, store, topic, 24)["title"] != "Conflit social"
    assert row(watch, store, topic, 26)["title"] == "Conflit social"
    tell(LEAK, hour(30), name="n")
    second = topics.update(watch, store, hour(48))
    assert second.topics.set_index("topic_id")["title"][topic] == "Conflit social"
    topics.undo(watch, store, topic, at=hour(49), by="Ana")
    assert topics.update(watch, store, hour(50)).topics.set_index("topic_id")["title"][topic] != "Conflit social"


def test_ignored_topics_are_kept_but_not_listed_until_watched(watch: Watch, store: Store, first: topics.TopicsResult) -> None:
    topic = topic_of(first, "m000")
    topics.ignore(watch, store, topic, at=hour(25), by="Ana", note="marronnier")
    ignored = topics.update(watch, store, hour(26))
    assert topic not in set(ignored.listed["topic_id"])
    assert bool(ignored.fine.set_index("topic_id")["ignored"][topic])
    topics.watch(watch, store, topic, at=hour(27), by="Ben")
    watched = topics.update(watch, store, hour(28)).listed.set_index("topic_id").loc[topic]
    assert (bool(watched["ignored"]), bool(watched["watched"])) == (False, True)


def test_what_a_person_merged_stays_one_topic_with_one_id(
    watch: Watch, store: Store, tell: Tell, first: topics.TopicsResult
) -> None:
    strike, river = topic_of(first, "m000"), topic_of(first, "m003")
    topics.merge(watch, store, strike, [river], at=hour(25), by="Ana")
    assert row(watch, store, river, 26)["status"] == TopicStatus.MERGED
    for at, name in ((48, "n"), (72, "o")):
        tell([f"{text} {at}" for text in (STRIKE[0], RIVER[1], LEAK[0], LEAK[1])], hour(at - 10), name=name)
        result = topics.update(watch, store, hour(at))
        assert topic_of(result, "m000") == topic_of(result, "m003") == strike
        assert topic_of(result, f"{name}000") == topic_of(result, f"{name}001") == strike
        assert topic_of(result, f"{name}002") != strike
        assert river not in set(result.topics["topic_id"])


def test_a_kept_topic_does_not_die(watch: Watch, store: Store, tell: Tell, first: topics.TopicsResult) -> None:
    strike, river = topic_of(first, "m000"), topic_of(first, "m003")
    topics.watch(watch, store, strike, at=hour(25), by="Ana")
    settings = topics.TopicSettings(window_days=20, memory_days=20, few_stories=3)
    tell(LEAK, hour(24 * 90), name="n")
    later = topics.update(watch, store, hour(24 * 91), settings=settings)
    assert strike in set(later.topics["topic_id"])
    assert river not in set(later.topics["topic_id"])
    assert later.events.loc[later.events["act"] == Act.DEATH, "topic_id"].tolist() == [river]


def test_an_undone_undo_restores(watch: Watch, store: Store, first: topics.TopicsResult) -> None:
    topic = topic_of(first, "m000")
    topics.rename(watch, store, topic, "Un", at=hour(25), by="Ana")
    topics.rename(watch, store, topic, "Deux", at=hour(26), by="Ana")
    taken_back = topics.undo(watch, store, topic, at=hour(27), by="Ana")
    assert row(watch, store, topic, 28)["title"] == "Un"
    topics.undo(watch, store, str(taken_back["event_id"].iloc[0]), at=hour(29), by="Ben")
    assert row(watch, store, topic, 30)["title"] == "Deux"


def test_wrong_use_is_said(watch: Watch, store: Store, first: topics.TopicsResult) -> None:
    topic, coarse = topic_of(first, "m000"), str(first.coarse["topic_id"].iloc[0])
    with pytest.raises(UsageError, match="no topic is known as tx"):
        topics.rename(watch, store, "tx", "Nom", at=hour(25), by="Ana")
    with pytest.raises(UsageError, match=coarse):
        topics.ignore(watch, store, coarse, at=hour(25), by="Ana")
    with pytest.raises(UsageError, match="nothing"):
        topics.rename(watch, store, topic, " ", at=hour(25), by="Ana")
    with pytest.raises(UsageError, match="another topic"):
        topics.merge(watch, store, topic, [topic], at=hour(25), by="Ana")
    with pytest.raises(UsageError, match="who acts"):
        topics.watch(watch, store, topic, at=hour(25), by="veille")
    with pytest.raises(UsageError, match="nothing that a person did"):
        topics.undo(watch, store, topic, at=hour(25), by="Ana")
    assert (store.load(TOPIC_EVENTS)["by"] == acts.MACHINE).all()


def test_merges_are_followed_to_the_end_and_never_in_a_circle() -> None:
    at = pd.Timestamp(START)
    rows = [
        acts.event_row(Act.MERGE, survivor, [absorbed], "", at=at + pd.Timedelta(hours=number), by="Ana", salt="person")
        for number, (survivor, absorbed) in enumerate([("b", "a"), ("c", "b"), ("a", "c")])
    ]
    for count, into in [(1, {"a": "b"}), (2, {"a": "c", "b": "c"}), (3, {"b": "a", "c": "a"})]:
        found = acts.decisions(TOPIC_EVENTS.check(pd.DataFrame(rows[:count]))).into
        assert found == into
