"""What is older than the retention is gone, and nothing younger is."""

from __future__ import annotations

import os
from datetime import timedelta

import pandas as pd
import pytest

from tests.privacy.conftest import END, HANDLE, SECRETS, Memory, told
from veille.mention import ERASED, MENTIONS
from veille.privacy import REMOVALS, Cause, retain
from veille.pseudonym import pseudonym

DAYS = 90


def test_only_what_is_past_the_limit_goes(memory: Memory) -> None:
    at = END + timedelta(days=60)
    limit = pd.Timestamp(at) - timedelta(days=DAYS)
    before = memory.store.load(MENTIONS)
    old = before.loc[before["published_at"] < limit, "mention_id"].tolist()
    assert 0 < len(old) < len(before)
    done = retain(memory.watch, memory.store, at=at)
    assert done.mentions == len(old)
    assert memory.holding(*old) == {}
    after = memory.store.load(MENTIONS)
    pd.testing.assert_frame_equal(after, before.loc[~before["mention_id"].isin(old)].reset_index(drop=True))
    assert retain(memory.watch, memory.store, at=at).journal.empty


@pytest.mark.parametrize(("days", "left"), [(DAYS - 1, 1), (DAYS, 1), (DAYS + 1, 0)])
def test_the_limit_is_counted_from_the_publication(memory: Memory, days: int, left: int) -> None:
    at = END + timedelta(days=400)
    memory.put([told("Essai au bord de la limite", at - timedelta(days=days), url="https://b.fr/1")])
    retain(memory.watch, memory.store, at=at)
    assert len(memory.ids("bord")) == left


def test_what_has_no_date_is_counted_from_when_it_was_gathered(memory: Memory) -> None:
    undated = [
        told(f"Essai sans date {number}", None, url=f"https://c.fr/{number}", gathered_at=END + timedelta(days=number))  # type: ignore[arg-type]
        for number in (0, 200)
    ]
    memory.put(undated)
    retain(memory.watch, memory.store, at=END + timedelta(days=201))
    assert len(memory.ids("sans date")) == 1


def test_when_all_is_too_old_nobody_is_left_and_all_may_come_again(memory: Memory) -> None:
    name = pseudonym(memory.store.key, HANDLE)
    rejects = memory.watch.state_path / "rejects"
    rejects.mkdir(parents=True, exist_ok=True)
    for age in (DAYS - 1, DAYS + 1):
        (rejects / f"{age}.jsonl").write_text("{}")
        moment = (END + timedelta(days=200 - age)).timestamp()
        os.utime(rejects / f"{age}.jsonl", (moment, moment))
    done = retain(memory.watch, memory.store, at=END + timedelta(days=200))
    assert memory.store.load(MENTIONS).empty
    assert memory.holding(*SECRETS, name, "agence numéro") == {}
    assert done.removed["rejects"] == 1
    assert [path.name for path in rejects.iterdir()] == [f"{DAYS - 1}.jsonl"]
    assert memory.store.load(ERASED).empty
    written = memory.store.load(REMOVALS)
    assert set(written["by"]) == {"veille"}
    assert set(written["cause"]) == {str(Cause.RETENTION)}
