"""Three weeks in a row: nothing is told again that did not change."""

from __future__ import annotations

import shutil
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pandas as pd
import pytest

from tests.bulletin.conftest import World
from veille.bulletin import compose
from veille.bulletin.render import render
from veille.bulletin.since import choose
from veille.bulletin.types import Bulletin
from veille.mention import MENTIONS
from veille.period import week
from veille.reading.tables import READINGS
from veille.signals.tables import DETECTIONS, JOURNAL, SIGNALS
from veille.store import Store
from veille.topics.tables import ASSIGNMENTS, TOPICS
from veille.watch import load_watch

WEEK = timedelta(days=7)
WEEKS = ("2026-W47", "2026-W48", "2026-W49")


def _later(store: Store, frame: pd.DataFrame, weeks: int) -> pd.DataFrame:
    dates = {name: frame[name] + weeks * WEEK for name in ("published_at", "cutoff", "as_of", "last_at") if name in frame}
    return frame.assign(**dates)


@pytest.fixture(scope="module")
def editions(world: World, tmp_path_factory: pytest.TempPathFactory) -> list[Bulletin]:
    """Three editions: in the second the own signal is as it was and the rival's has grown, in the third neither has moved."""
    folder = tmp_path_factory.mktemp("three") / "watch"
    shutil.copytree(world.watch.file.parent, folder)
    watch = load_watch(folder / "watch.yml")
    store = Store(watch)
    cutoff = store.load(SIGNALS)["cutoff"].max()
    mentions, readings = store.load(MENTIONS), store.load(READINGS)
    last = mentions[(mentions["published_at"] >= pd.Timestamp(world.period.start))]
    signals, topics = (table[table["cutoff"] == cutoff] for table in (store.load(SIGNALS), store.load(TOPICS)))
    assigned, looked = store.load(ASSIGNMENTS), store.load(DETECTIONS)
    for ahead in (1, 2):
        named = {one: f"{one}+{ahead}" for one in last["mention_id"]}
        store.merge(MENTIONS, _later(store, last, ahead).assign(mention_id=last["mention_id"].map(named)))
        read = readings[readings["mention_id"].isin(named)]
        store.merge(READINGS, read.assign(mention_id=read["mention_id"].map(named), story_id=read["story_id"] + f"+{ahead}"))
        mine = assigned[assigned["mention_id"].isin(named) & (assigned["cutoff"] == cutoff)]
        of_week = _later(store, mine, ahead).assign(mention_id=mine["mention_id"].map(named))
        end = cutoff + ahead * WEEK
        store.replace(ASSIGNMENTS, of_week, column="cutoff", value=end)
        store.replace(TOPICS, _later(store, topics, ahead), column="cutoff", value=end)
        store.merge(DETECTIONS, _later(store, looked[looked["cutoff"] == cutoff], ahead))
        rows = _later(store, signals, ahead)
        grown = rows["signal_id"] == "s2"
        rows.loc[grown, "stories"] += 5
        rows.loc[grown, "evidence"] = pd.Series([["t3w2n0+1", "t3w2n0"]] * int(grown.sum()), index=rows.index[grown])
        store.replace(SIGNALS, rows, column="cutoff", value=end)
    event = {"by": "veille", "act": "opened", "signal_id": "s2", "level": 4, "note": ""}
    acts = [
        {**event, "event_id": "e7", "at": cutoff + timedelta(hours=1)},
        {**event, "event_id": "e8", "at": cutoff + timedelta(days=2), "by": "Paul", "act": "acknowledged"},
    ]
    store.merge(JOURNAL, JOURNAL.check(pd.DataFrame(acts)))
    return [
        compose(watch, store, world.as_of + number * WEEK, week(name, "Europe/Paris"), run_id="r", language="fr")
        for number, name in enumerate(WEEKS)
    ]


def signal_of(bulletin: Bulletin, signal_id: str) -> Any:
    return next(one for one in (*bulletin.signals, *bulletin.weak_signals) if one.signal_id == signal_id)


def test_a_signal_that_did_not_change_is_no_finding_again_and_says_so(editions):
    first, second, third = editions
    assert "s1" in [one.signal_id for one in first.findings]
    assert signal_of(first, "s1").since == "Niveau 3, 1 auparavant. 8 récits, 8 auparavant.".replace(
        " 8 récits, 8 auparavant.", ""
    )
    for later in (second, third):
        assert "s1" not in [one.signal_id for one in later.findings]
        assert signal_of(later, "s1").unchanged
        assert signal_of(later, "s1").since == "Rien n’a changé depuis la dernière édition."
    assert signal_of(second, "s1").since in render(second)


def test_a_signal_that_grew_is_a_finding_and_says_what_changed(editions):
    _, second, third = editions
    told = signal_of(second, "s2")
    assert not told.unchanged
    assert told.since.startswith("13 récits, 8 auparavant.")
    assert "s2" in [one.signal_id for one in second.findings]
    # It has not moved since, though what it was is more than what it had been.
    assert signal_of(third, "s2").unchanged
    assert "s2" not in [one.signal_id for one in third.findings]


def test_no_quotation_of_a_signal_is_repeated_where_there_is_another(editions):
    for before, after in pairwise(editions):
        for signal in (*after.signals, *after.weak_signals):
            again = set(signal.evidence) & set(signal_of(before, signal.signal_id).evidence)
            assert len(again) <= (1 if signal.unchanged else 0), signal.signal_id
    assert signal_of(editions[1], "s2").evidence == ("t3w2n0+1",)


def test_no_finding_topic_or_follow_up_is_told_twice_in_the_same_words(editions):
    for before, after in pairwise(editions):
        told = {(one.signal_id, one.topic_id, one.value, one.evidence) for one in before.findings}
        assert told.isdisjoint((one.signal_id, one.topic_id, one.value, one.evidence) for one in after.findings)
        quoted = {one for topic in before.topics for one in topic.evidence}
        assert quoted.isdisjoint(one for topic in after.topics for one in topic.evidence)
        answered = {(one.signal_id, one.outcome) for one in before.followup if one.outcome != "Sans réponse à ce jour"}
        assert answered.isdisjoint((one.signal_id, one.outcome) for one in after.followup)
    assert any("excuses" in one.outcome for one in editions[0].followup)


def test_what_is_quoted_is_what_was_not_before():
    assert choose(["a", "b", "c"], frozenset()) == ("a", "b", "c")
    assert choose(["a", "b", "c"], frozenset("ac")) == ("b",)
    assert choose(["a", "b", "c"], frozenset("abc")) == ("a",)
    assert choose(list("abcdefg"), frozenset("ab")) == tuple("cdef")
    assert choose([], frozenset()) == ()
