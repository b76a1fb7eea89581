"""Whatever people did to topics, in whatever order, taking all of it back leaves what was there before."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.topics.conftest import Tell
from tests.topics.test_update import LEAK, RIVER, STRIKE
from veille import topics
from veille.errors import UsageError
from veille.store import Store
from veille.topics import acts
from veille.topics.decisions import Decisions, decisions, effective
from veille.topics.tables import TOPIC_EVENTS, Act
from veille.watch import Watch, load_watch

START = datetime(2026, 11, 2, tzinfo=UTC)
NAMES = ("a", "b", "c", "d")
PEOPLE = ("Ana", "Ben")

ACT = st.tuples(
    st.sampled_from([Act.RENAME, Act.MERGE, Act.SPLIT, Act.IGNORE, Act.WATCH, Act.UNDO]),
    st.sampled_from(NAMES),
    st.sampled_from(NAMES),
    st.sampled_from(PEOPLE),
    st.integers(0, 30),
)
ACTS = st.lists(ACT, max_size=9)


def written(asked: Sequence[tuple[Act, str, str, str, int]]) -> pd.DataFrame:
    """Return the events of acts an hour apart; an undo takes back any earlier event, be it an undo itself."""
    rows: list[dict[str, Any]] = []
    for number, (what, topic, other, by, pick) in enumerate(asked):
        at = pd.Timestamp(START) + pd.Timedelta(hours=number)
        if what is Act.UNDO and rows:
            target = rows[pick % len(rows)]
            rows.append(acts.event_row(what, target["topic_id"], [target["event_id"]], "", at=at, by=by, salt="person"))
        elif what is Act.SPLIT:
            part = {"mentions": [f"m{pick}"], "mention_topics": [f"{topic}{number}"]}
            rows.append(acts.event_row(what, topic, [f"{topic}{number}"], "", at=at, by=by, salt="person") | part)
        elif what is not Act.UNDO and (what is not Act.MERGE or topic != other):
            others = [other] if what is Act.MERGE else []
            declared = {"query": "mot"} if what is Act.WATCH and pick % 2 else {}
            rows.append(acts.event_row(what, topic, others, f"{other} {pick}", at=at, by=by, salt="person") | declared)
    return TOPIC_EVENTS.check(pd.DataFrame(rows, columns=TOPIC_EVENTS.column_names))


def undos(events: pd.DataFrame, order: Sequence[int]) -> pd.DataFrame:
    """Return the events with an undo of each act that stands, in an order."""
    standing = effective(events)
    rows = [
        acts.event_row(
            Act.UNDO, standing["topic_id"][place], [standing["event_id"][place]], "",
            at=pd.Timestamp(START) + pd.Timedelta(days=9, hours=number), by="Eve", salt="person",
        )
        for number, place in enumerate(sorted(range(len(standing)), key=lambda place: (order[place % len(order)], place)))
    ]  # fmt: skip
    more = TOPIC_EVENTS.check(pd.DataFrame(rows, columns=TOPIC_EVENTS.column_names))
    return pd.concat([events, more], ignore_index=True) if rows else events


@given(asked=ACTS, order=st.lists(st.integers(0, 99), min_size=1, max_size=9))
@settings(max_examples=30, deadline=None)
def test_taking_everything_back_leaves_no_decision(asked: list[Any], order: list[int]) -> None:
    assert replace(decisions(undos(written(asked), order)), undone=()) == Decisions()


@given(asked=ACTS, seed=st.integers(0, 99))
@settings(max_examples=30, deadline=None)
def test_what_was_taken_back_is_as_if_it_had_not_been_and_rows_have_no_order(asked: list[Any], seed: int) -> None:
    events = written(asked)
    decided = decisions(events)
    assert replace(decided, undone=()) == decisions(effective(events))
    assert decisions(events.sample(frac=1, random_state=seed, ignore_index=True)) == decided


@given(asked=ACTS, place=st.integers(0, 9))
@settings(max_examples=30, deadline=None)
def test_acts_on_different_questions_of_different_topics_may_change_places(asked: list[Any], place: int) -> None:
    kept = [act for act in asked if act[0] in (Act.RENAME, Act.IGNORE, Act.WATCH)]
    if len(kept) < 2:
        return
    first = place % (len(kept) - 1)
    one, two = kept[first], kept[first + 1]
    if one[1] == two[1]:
        return
    turned = [*kept[:first], two, one, *kept[first + 2 :]]
    before, after = decisions(written(kept)), decisions(written(turned))
    assert (before.titles, before.ignored, before.watched) == (after.titles, after.ignored, after.watched)
    assert before.kept == after.kept


STEP = st.tuples(
    st.sampled_from(["rename", "merge", "split", "ignore", "watch", "declare", "undo", "update", "tell"]),
    st.integers(0, 9),
    st.integers(0, 9),
)


@pytest.fixture
def told(watch: Watch, store: Store, tell: Tell) -> datetime:
    """Store and read stories of three days, with an update after the first; return the moment after it."""
    tell([*STRIKE, *RIVER], START)
    topics.update(watch, store, START + timedelta(hours=24))
    tell([*LEAK, f"{STRIKE[0]} encore", f"{RIVER[0]} encore"], START + timedelta(hours=30), name="n")
    return START + timedelta(hours=48)


@pytest.mark.slow
@pytest.mark.timeout(900)
@settings(
    max_examples=8,
    derandomize=True,
    deadline=None,
    # Shrinking a failure would take hours.
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(STEP, min_size=1, max_size=7), order=st.lists(st.integers(0, 99), min_size=1, max_size=7))
def test_topics_are_as_before_once_everything_is_taken_back(
    watch: Watch, told: datetime, tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, int]], order: list[int]
) -> None:
    with_acts, without = (copied(watch, tmp_path_factory.mktemp("undoing")) for _ in range(2))
    for hours, step in enumerate(steps):
        at = told + timedelta(hours=hours)
        if step[0] == "update":
            for one in (with_acts, without):
                topics.update(one, Store(one), at)
        else:
            taken(with_acts, at, step)
    at, store = told + timedelta(days=1), Store(with_acts)
    people = store.load(TOPIC_EVENTS)
    standing = effective(people.loc[people["by"] != acts.MACHINE])["event_id"].tolist()
    for number, event in enumerate(sorted(standing, key=lambda event: order[standing.index(event) % len(order)])):
        topics.undo(with_acts, store, event, at=at + timedelta(minutes=number), by="Eve")
    end = at + timedelta(hours=12)
    left, expected = (state(one, end) for one in (with_acts, without))
    assert left == expected


def copied(watch: Watch, folder: Path) -> Watch:
    shutil.copytree(watch.folder, folder, dirs_exist_ok=True)
    return load_watch(folder / "watch.yml")


def taken(watch: Watch, at: datetime, step: tuple[str, int, int]) -> None:
    """Do what a step says, where it can be done."""
    what, first, second = step
    store = Store(watch)
    known = sorted(topics.current(watch, store, at)["topic_id"])
    topic, other, by = known[first % len(known)], known[second % len(known)], PEOPLE[second % 2]
    people = store.load(TOPIC_EVENTS).loc[lambda rows: rows["by"] != acts.MACHINE, "event_id"].sort_values().tolist()
    try:
        if what == "rename":
            topics.rename(watch, store, topic, f"Nom {first}", at=at, by=by)
        elif what == "merge":
            topics.merge(watch, store, topic, [other], at=at, by=by)
        elif what == "split":
            topics.split(watch, store, topic, into=2, at=at, by=by)
        elif what == "ignore":
            topics.ignore(watch, store, topic, at=at, by=by)
        elif what == "watch":
            topics.watch(watch, store, topic, at=at, by=by)
        elif what == "declare":
            topics.declare(watch, store, f"Sujet {first}", words=("grève", "crue", "données")[first % 3], at=at, by=by)
        elif what == "undo" and people:
            topics.undo(watch, store, people[first % len(people)], at=at, by=by)
    except UsageError:
        # What cannot be done is refused, and changes nothing.
        return


def state(watch: Watch, at: datetime) -> tuple[dict[str, str], list[list[Any]]]:
    """Return the topic of each mention, and the facts of each topic, after an update."""
    found = topics.update(watch, Store(watch), at)
    facts = found.topics.loc[found.topics["stories"] > 0, ["topic_id", "level", "title", "ignored", "watched", "stories"]]
    return dict(zip(found.assignments["mention_id"], found.assignments["topic_id"], strict=True)), facts.to_numpy().tolist()
