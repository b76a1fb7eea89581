"""A topic that a person parted stays parted: after refits, in other settings, and until it is undone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.topics.conftest import Tell
from tests.topics.test_update import LEAK, RIVER, STRIKE, topic_of
from veille import topics
from veille.errors import UsageError
from veille.store import Store
from veille.topics.tables import Act
from veille.watch import Watch

START = datetime(2026, 11, 2, tzinfo=UTC)
NIGHT = [
    "Grève de nuit : les conducteurs de tramway du soir arrêtent le travail",
    "Les tramways du soir à l'arrêt, la grève de nuit des conducteurs continue",
]


def hour(number: int) -> datetime:
    return START + timedelta(hours=number)


@pytest.fixture
def first(watch: Watch, store: Store, tell: Tell) -> topics.TopicsResult:
    tell([*STRIKE, *NIGHT, *RIVER], START)
    found = topics.update(watch, store, hour(24))
    assert {topic_of(found, f"m00{number}") for number in range(5)} == {topic_of(found, "m000")}
    return found


@pytest.mark.parametrize("how", [{"words": "soir, nocturne"}, {"mentions": ["m003", "m004"]}], ids=["words", "examples"])
def test_the_parts_stay_apart_and_later_stories_go_to_the_nearer(
    watch: Watch, store: Store, tell: Tell, first: topics.TopicsResult, how: dict
) -> None:
    day = topic_of(first, "m000")
    event = topics.split(watch, store, day, at=hour(25), by="Ana", **how).iloc[0]
    night = event["others"][0]
    parted = dict(zip(event["mentions"], event["mention_topics"], strict=True))
    assert [parted[mention] for mention in ("m001", "m002", "m003", "m004")] == [day, day, night, night]
    assert event["shared_mentions"] == list(parted.values()).count(night)
    assert event["known_mentions"] == 5
    for at, name, settings in [
        (48, "n", topics.TopicSettings()),
        (72, "o", topics.TopicSettings(cut_distance=0.62)),
        (96, "p", topics.TopicSettings(cut_distance=0.9)),
    ]:
        tell([f"{STRIKE[2]} {at}", f"{NIGHT[1]} {at}", f"{LEAK[0]} {at}"], hour(at - 10), name=name)
        result = topics.update(watch, store, hour(at), settings=settings)
        assert {topic_of(result, mention) for mention in ("m001", "m002", f"{name}000")} == {day}
        assert {topic_of(result, mention) for mention in ("m003", "m004", f"{name}001")} == {night}
        assert topic_of(result, "m000") == parted["m000"]
        titles = result.fine.set_index("topic_id")["title"]
        assert titles[day] != titles[night]


def test_without_words_a_finer_cut_says_what_goes_where(watch: Watch, store: Store, first: topics.TopicsResult) -> None:
    day = topic_of(first, "m000")
    event = topics.split(watch, store, day, at=hour(25), by="Ana").iloc[0]
    assert set(event["mention_topics"]) == {day, event["others"][0]}
    result = topics.update(watch, store, hour(26))
    now = result.assignments.set_index("mention_id")["topic_id"]
    assert now[event["mentions"]].tolist() == list(event["mention_topics"])


def test_an_undone_split_leaves_no_trace(watch: Watch, store: Store, tell: Tell, first: topics.TopicsResult) -> None:
    day = topic_of(first, "m000")
    topics.split(watch, store, day, words="soir", at=hour(25), by="Ana")
    assert topic_of(topics.update(watch, store, hour(30)), "m003") != day
    topics.undo(watch, store, day, at=hour(31), by="Ben")
    result = topics.update(watch, store, hour(48))
    assert {topic_of(result, f"m00{number}") for number in range(5)} == {day}
    assert set(result.topics["topic_id"]) == set(first.topics["topic_id"])


def test_a_part_can_be_named_and_merged_back(watch: Watch, store: Store, first: topics.TopicsResult) -> None:
    day = topic_of(first, "m000")
    night = topics.split(watch, store, day, words="soir", at=hour(25), by="Ana")["others"].iloc[0][0]
    topics.rename(watch, store, night, "La nuit", at=hour(26), by="Ana")
    assert topics.update(watch, store, hour(27)).topics.set_index("topic_id")["title"][night] == "La nuit"
    topics.merge(watch, store, day, [night], at=hour(28), by="Ben")
    assert topic_of(topics.update(watch, store, hour(29)), "m003") == day
    topics.split(watch, store, day, words="soir", at=hour(30), by="Ana")
    assert topic_of(topics.update(watch, store, hour(31)), "m003") not in {day, night}


def test_an_undone_merge_gives_each_its_id_back(watch: Watch, store: Store, first: topics.TopicsResult) -> None:
    strike, river = topic_of(first, "m000"), topic_of(first, "m005")
    topics.merge(watch, store, strike, [river], at=hour(25), by="Ana")
    assert topic_of(topics.update(watch, store, hour(26)), "m005") == strike
    assert topic_of(topics.update(watch, store, hour(27)), "m005") == strike
    topics.undo(watch, store, strike, at=hour(28), by="Ana")
    result = topics.update(watch, store, hour(29))
    assert (topic_of(result, "m000"), topic_of(result, "m005")) == (strike, river)
    assert set(result.topics["topic_id"]) == set(first.topics["topic_id"])
    assert Act.BIRTH not in set(result.events["act"])


def test_wrong_use_is_said(watch: Watch, store: Store, first: topics.TopicsResult) -> None:
    day = topic_of(first, "m000")
    with pytest.raises(UsageError, match="all its 5 stories"):
        topics.split(watch, store, day, words="girafe", at=hour(25), by="Ana")
    with pytest.raises(UsageError, match="all its 5 stories"):
        topics.split(watch, store, day, words="grève OR tramway*", at=hour(25), by="Ana")
    with pytest.raises(UsageError, match="does not hold m005"):
        topics.split(watch, store, day, mentions=["m005"], at=hour(25), by="Ana")
    with pytest.raises(UsageError, match="0 mentions"):
        topics.split(watch, store, "tx", at=hour(25), by="Ana")
    with pytest.raises(UsageError, match="2 or more"):
        topics.split(watch, store, day, into=1, at=hour(25), by="Ana")
    with pytest.raises(UsageError, match="no query"):
        topics.split(watch, store, day, words='"', at=hour(25), by="Ana")
