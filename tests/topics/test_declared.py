"""Topics that a person described exist with or without stories, and take those that are theirs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from tests.conftest import WATCH, MakeWatch
from tests.topics.conftest import Tell
from tests.topics.test_update import LEAK, RIVER, STRIKE, topic_of
from veille import topics
from veille.errors import UsageError
from veille.period import Period
from veille.store import Store
from veille.topics.decisions import decisions
from veille.topics.listing import silent
from veille.topics.tables import TOPIC_EVENTS, Act
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


def test_what_was_done_to_a_declared_topic_can_be_taken_back_after_the_declaration(watch: Watch, store: Store) -> None:
    declared = topics.declare(watch, store, "Conflit social", words="grève", at=hour(0), by="Ana")
    mine = str(declared["topic_id"].iloc[0])
    renamed = topics.rename(watch, store, mine, "Grèves", at=hour(1), by="Ana")
    topics.undo(watch, store, str(declared["event_id"].iloc[0]), at=hour(2), by="Ben")
    topics.undo(watch, store, str(renamed["event_id"].iloc[0]), at=hour(3), by="Ben")
    assert decisions(store.load(TOPIC_EVENTS)).titles == {}


FILE = WATCH + "topics:\n  - {id: conflit, title: Conflit social, words: [grève, préavis]}\n"


def test_a_topic_of_the_watch_file_waits_takes_its_stories_and_survives_refits(
    make_watch: MakeWatch, watch: Watch, store: Store, tell: Tell
) -> None:
    watch = make_watch(FILE)
    assert topics.current(watch, store, hour(0))[["topic_id", "title", "stories"]].values.tolist() == [
        ["t-conflit", "Conflit social", 0]
    ]
    tell([*RIVER, *LEAK], hour(1))
    topics.update(watch, store, hour(24))
    assert shown(watch, store, 25).loc["t-conflit", ["stories", "watched"]].tolist() == [0, True]
    tell(STRIKE, hour(30), name="n")
    first = topics.update(watch, store, hour(48))
    assert {topic_of(first, f"n00{number}") for number in range(3)} == {"t-conflit"}
    assert topic_of(first, "m000") != "t-conflit"
    assert first.listed.set_index("topic_id").loc["t-conflit", ["title", "stories"]].tolist() == ["Conflit social", 3]
    # Its words may change: the id stays, and what it held stays in it.
    other = make_watch(FILE.replace("grève, préavis", "rien"))
    changed = topics.update(other, store, hour(60))
    assert {topic_of(changed, f"n00{number}") for number in range(3)} == {"t-conflit"}
    assert topics.update(other, store, hour(61)).reused is False
    assert store.load(TOPIC_EVENTS).query("by != 'veille'").empty


def test_the_file_counts_for_the_same_cutoff_too_and_the_first_of_two_topics_takes_what_both_ask_for(
    make_watch: MakeWatch, watch: Watch, store: Store, tell: Tell
) -> None:
    tell([*STRIKE, *RIVER], hour(0))
    period = Period(START.date(), START.date(), "UTC")
    before = topics.update(watch, store, hour(24), period)
    both = FILE + "  - {id: tram, title: Tramways, words: [tramway*]}\n  - {id: vu, title: Vus, examples: [m003]}\n"
    again = topics.update(make_watch(both), store, hour(25), period)
    assert (again.reused, topic_of(again, "m000")) == (False, "t-conflit")
    assert topic_of(before, "m000") != "t-conflit"
    assert {topic_of(again, f"m00{number}") for number in range(3, 6)} == {"t-vu"}
    assert "t-tram" not in set(again.assignments["topic_id"])
    assert "t-tram" in set(again.topics["topic_id"])
    assert topics.update(make_watch(both), store, hour(26), period).reused


def test_what_people_decide_about_a_topic_of_the_file_counts_more_until_they_undo_it(
    make_watch: MakeWatch, watch: Watch, store: Store, tell: Tell
) -> None:
    watch = make_watch(FILE)
    tell([*STRIKE, *RIVER], hour(0))
    topics.rename(watch, store, "t-conflit", "Grèves de novembre", at=hour(10), by="Ana")
    ignored = topics.ignore(watch, store, "t-conflit", at=hour(11), by="Ana")
    topics.update(watch, store, hour(24))
    assert shown(watch, store, 25).loc["t-conflit", ["title", "watched", "ignored"]].tolist() == [
        "Grèves de novembre",
        False,
        True,
    ]
    topics.undo(watch, store, ignored["event_id"].iloc[0], at=hour(26), by="Ana")
    assert shown(watch, store, 27).loc["t-conflit", ["watched", "ignored"]].tolist() == [True, False]
    topics.undo(watch, store, "t-conflit", at=hour(28), by="Ana")
    assert shown(watch, store, 29).loc["t-conflit", "title"] == "Conflit social"
    with pytest.raises(UsageError, match="no topic is known as t-rien"):
        topics.rename(watch, store, "t-rien", "Titre", at=hour(30), by="Ana")


def test_wrong_use_is_said(watch: Watch, store: Store, tell: Tell) -> None:
    for options, message in [
        ({}, "described by nothing"),
        ({"words": " , "}, "described by nothing"),
        ({"examples": ["m999"]}, "no mention is known as m999"),
        ({"words": "gr(ve"}, "no query for a topic: it cannot be read"),
        ({"words": "author:ana"}, "who speaks"),
        ({"words": "picture:grève"}, "asks for picture:"),
    ]:
        with pytest.raises(UsageError, match=message):
            topics.declare(watch, store, "Titre", at=hour(1), by="Ana", **options)
    with pytest.raises(UsageError, match="no title"):
        topics.declare(watch, store, " ", words="x", at=hour(1), by="Ana")
