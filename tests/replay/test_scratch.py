"""The memory of a replay answers as the store on disk does, and leaves that alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from veille.mention import MENTIONS
from veille.replay.days import TABLES
from veille.replay.scratch import Scratch, keep, kept
from veille.signals.tables import JOURNAL
from veille.store import Store
from veille.topics.tables import ASSIGNMENTS, TOPICS
from veille.watch import Watch

NOON = datetime(2026, 4, 20, 12, tzinfo=UTC)


@pytest.fixture
def scratch(watch: Watch, store: Store, tmp_path: Path) -> Scratch:
    return Scratch(watch, store, tmp_path / "scratch.sqlite")


def assigned(cutoff: datetime, *topics: str) -> pd.DataFrame:
    frame = pd.DataFrame({"topic_id": topics, "mention_id": [f"m{number}" for number in range(len(topics))]})
    return ASSIGNMENTS.check(frame.assign(cutoff=cutoff, coarse_topic_id=None, similarity=0.5))


def event(name: str, note: str = "") -> pd.DataFrame:
    row = {"event_id": name, "at": NOON, "by": "veille", "act": "opened", "signal_id": "s", "level": 2, "note": note}
    return JOURNAL.check(pd.DataFrame([row]))


def test_writes_and_filters_give_what_the_store_gives(scratch: Scratch, store: Store) -> None:
    later = NOON + timedelta(days=1)
    for memory in (scratch, store):
        memory.replace(ASSIGNMENTS, assigned(NOON, "b", "a", "a"), "cutoff", pd.Timestamp(NOON))
        memory.replace(ASSIGNMENTS, assigned(later, "c", "a"), "cutoff", pd.Timestamp(later))
        memory.replace(ASSIGNMENTS, assigned(NOON, "d"), "cutoff", pd.Timestamp(NOON))
        assert memory.merge(JOURNAL, event("e")).new == 1
        # The journal only grows: another text under the same id changes nothing.
        assert memory.merge(JOURNAL, event("e", "other")).unchanged == 1
        memory.merge(JOURNAL, event("a"))
    cutoff = pd.Timestamp(NOON)
    for where in (None, [("cutoff", "==", cutoff)], [("cutoff", ">", cutoff)], [("topic_id", "in", ["a", "d"])]):
        pd.testing.assert_frame_equal(scratch.load(ASSIGNMENTS, where=where), store.load(ASSIGNMENTS, where=where))
    pd.testing.assert_frame_equal(scratch.load(JOURNAL), store.load(JOURNAL))
    pd.testing.assert_frame_equal(
        scratch.load(ASSIGNMENTS, ["topic_id", "cutoff"]), store.load(ASSIGNMENTS, ["topic_id", "cutoff"])
    )


def test_what_production_derived_is_not_there(scratch: Scratch, store: Store) -> None:
    store.replace(ASSIGNMENTS, assigned(NOON, "a"), "cutoff", pd.Timestamp(NOON))
    store.merge(JOURNAL, event("e"))
    assert scratch.load(ASSIGNMENTS).empty
    assert scratch.load(JOURNAL).empty
    assert scratch.load(TOPICS).empty


def test_what_was_written_is_kept_and_put_back(scratch: Scratch, watch: Watch, store: Store, tmp_path: Path) -> None:
    scratch.replace(ASSIGNMENTS, assigned(NOON, "b", "a"), "cutoff", pd.Timestamp(NOON))
    scratch.replace(TOPICS, TOPICS.empty(), "cutoff", pd.Timestamp(NOON))
    scratch.merge(JOURNAL, event("e"))
    keep(tmp_path / "days", "2026-04-20", scratch.taken())
    assert scratch.taken() == []
    other = Scratch(watch, store, tmp_path / "other.sqlite")
    again = kept(tmp_path / "days", "2026-04-20", TABLES)
    assert again is not None
    assert kept(tmp_path / "days", "2026-04-21", TABLES) is None
    other.put(again)
    for table in (ASSIGNMENTS, TOPICS, JOURNAL):
        pd.testing.assert_frame_equal(other.load(table), scratch.load(table))


def test_tidying_leaves_the_store_alone(scratch: Scratch, store: Store, watch: Watch) -> None:
    for day in range(3):
        moment = NOON + timedelta(days=day)
        store.replace(ASSIGNMENTS, assigned(moment, "a"), "cutoff", pd.Timestamp(moment))
    files = sorted(Path(str(watch.store_path)).rglob("*"))
    scratch.tidy(ASSIGNMENTS, timedelta(0))
    assert sorted(Path(str(watch.store_path)).rglob("*")) == files


def test_the_fingerprint_follows_what_is_known(scratch: Scratch, watch: Watch, store: Store, tmp_path: Path) -> None:
    before = scratch.fingerprint()
    frame = pd.DataFrame({"mention_id": ["m"], "text": ["essai"], "title": "", "published_at": [NOON]})
    store.merge(MENTIONS, MENTIONS.check(frame.assign(source="s", source_type="import", kind="post")))
    assert Scratch(watch, store, tmp_path / "a.sqlite").fingerprint() != before
    assert scratch.fingerprint() == before
