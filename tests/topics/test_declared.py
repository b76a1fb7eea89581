"""Topics that a person described exist with or without stories, and take those that are theirs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from tests.topics.conftest import Tell
from tests.topics.test_update import LEAK, RIVER, STRIKE, topic_of
from veille import topics
from veille.errors import UsageError
from veille.store import Store
from veille.topics.listing import silent
from veille.topics.tables import Act
from veille.watch import Watch

START = datetime(2026, 11, 2, tzinfo=UTC)


def hour(number: int) -> datetime:
    return START + timedelta(hours=number)


def shown(watch: Watch, store: Store, at: int) -> pd.DataFrame:
    return topics.current(watch, store, hour(at)).set_index("topic_id")


def test_a_topic_given_by_words_waits_then_takes_the_cluster_that_is_it(watch: Watch, store: Store, tell: Tell) -> None:
    event = topics.declare(watch, store, " Conflit  social ", words="grève, préavis", at=hour(0), by="Ana")
    mine = event["topic_id"].iloc[0]
    assert shown(watch, store, 1).loc[mine, ["title", "stories"]].tolist() == ["Conflit social", 0]
    tell([*RIVER, *LEAK], hour(1))
    topics.update(watch, store, hour(24))
    row = topics.current(watch, store, hour(25))
    assert silent(row).tolist() == (row["topic_id"] == mine).tolist()
    tell(STRIKE, hour(30), name="n")
    result = topics.update(watch, store, hour(48))
    assert {topic_of(result, f"n00{number}") for number in range(3)} == {mine}
    assert topic_of(result, "m000") != mine
    assert result.listed.set_index("topic_id").loc[mine, ["title", "stories"]].tolist() == ["Conflit social", 3]
    assert not silent(topics.current(watch, store, hour(49))).any()
    assert silent(topics.current(watch, store, hour(49)).assign(cutoff=lambda f: f["cutoff"] + timedelta(days=9))).sum() == 1


def test_a_topic_that_was_there_becomes_the_declared_one_until_it_is_undone(watch: Watch, store: Store, tell: Tell) -> None:
    tell([*RIVER, *STRIKE], hour(0))
    before = topic_of(topics.update(watch, store, hour(24)), "m003")
    event = topics.declare(watch, store, "Conflit social", examples=["m003", "m005"], at=hour(25), by="Ana")
    mine = event["topic_id"].iloc[0]
    result = topics.update(watch, store, hour(26))
    assert {topic_of(result, f"m00{number}") for number in (3, 4, 5)} == {mine}
    assert topic_of(result, "m000") != mine
    merge = result.events.loc[result.events["act"] == Act.MERGE].iloc[0]
    assert (merge["topic_id"], list(merge["others"])) == (mine, [before])
    assert (merge["shared_mentions"], merge["known_mentions"]) == (3, 3)
    topics.undo(watch, store, mine, at=hour(27), by="Ana")
    assert mine not in shown(watch, store, 28).index
    again = topics.update(watch, store, hour(29))
    assert {topic_of(again, f"m00{number}") for number in (3, 4, 5)} == {before}
    assert mine not in set(again.topics["topic_id"])


def test_what_is_like_the_examples_comes_and_what_is_not_stays(watch: Watch, store: Store, tell: Tell) -> None:
    tell([*STRIKE[:2], *RIVER[:2], *LEAK], hour(0))
    mine = topics.declare(watch, store, "Grèves", examples=["m000", "m001"], at=hour(2), by="Ana")["topic_id"].iloc[0]
    tell([STRIKE[2], RIVER[2]], hour(20), name="n")
    result = topics.update(watch, store, hour(24))
    assert topic_of(result, "n000") == topic_of(result, "m000") == mine
    assert mine not in {topic_of(result, mention) for mention in ("m002", "m003", "m004", "n001")}


def test_the_earlier_of_two_declared_topics_takes_what_both_ask_for(watch: Watch, store: Store, tell: Tell) -> None:
    tell([*STRIKE, *RIVER], hour(0))
    one = topics.declare(watch, store, "Un", words="grève", at=hour(2), by="Ana")["topic_id"].iloc[0]
    two = topics.declare(watch, store, "Deux", words="tramway*", at=hour(3), by="Ben")["topic_id"].iloc[0]
    result = topics.update(watch, store, hour(24))
    assert topic_of(result, "m000") == one
    assert two in set(result.topics["topic_id"])
    assert two not in set(result.assignments["topic_id"])


def test_wrong_use_is_said(watch: Watch, store: Store, tell: Tell) -> None:
    for options, message in [
        ({}, "described by nothing"),
        ({"words": " , "}, "described by nothing"),
        ({"examples": ["m999"]}, "no mention is known as m999"),
        ({"words": "gr(ve"}, "no query"),
        ({"words": "author:ana"}, "who speaks"),
    ]:
        with pytest.raises(UsageError, match=message):
            topics.declare(watch, store, "Titre", at=hour(1), by="Ana", **options)
    with pytest.raises(UsageError, match="no title"):
        topics.declare(watch, store, " ", words="x", at=hour(1), by="Ana")
