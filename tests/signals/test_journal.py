from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from veille.errors import UsageError
from veille.period import week
from veille.signals import acknowledge, close, decide, detect, journal, judge, status
from veille.store import Store
from veille.watch import Watch

from .conftest import BAD, Tell

RISE = week("2022-W04", "Europe/Paris")
LATER = RISE.end + timedelta(hours=2)


@pytest.fixture
def signal_id(watch: Watch, store: Store, tell: Tell, habit: None) -> str:
    tell(BAD, datetime(2022, 1, 24, 9, tzinfo=UTC), tone="negative")
    return str(detect(watch, store, RISE.end, RISE).signals["signal_id"].iloc[0])


def test_life_of_a_grave_signal(store: Store, signal_id: str) -> None:
    def state() -> pd.Series:
        return status(journal(store)).loc[signal_id]

    assert state()["status"] == "open"
    acknowledge(store, signal_id, LATER, "Anne")
    assert (state()["status"], state()["acknowledged_by"]) == ("acknowledged", "Anne")
    decide(store, signal_id, LATER, "Anne", "retirer le lot")
    assert state()["status"] == "acknowledged"
    with pytest.raises(UsageError, match="two people"):
        close(store, signal_id, LATER, "Anne")
    decide(store, signal_id, LATER + timedelta(minutes=5), "Anne", "retirer le lot, vraiment")
    assert state()["status"] == "acknowledged"
    decide(store, signal_id, LATER + timedelta(minutes=9), "Bruno", "d’accord")
    assert (state()["status"], state()["decided_by"]) == ("decided", "Anne, Bruno")
    close(store, signal_id, LATER + timedelta(days=1), "Anne")
    judge(store, signal_id, "true", LATER + timedelta(days=2), "Anne")
    assert (state()["status"], state()["judgement"]) == ("closed", "true")


def test_one_person_team_decides_alone_and_the_journal_says_so(store: Store, signal_id: str) -> None:
    decide(store, signal_id, LATER, "Anne", "retirer le lot", one_person=True)
    assert status(journal(store)).loc[signal_id, "status"] == "decided"
    assert "one-person" in journal(store)["note"].iloc[-1]


def test_the_same_act_twice_is_one_event(store: Store, signal_id: str) -> None:
    acknowledge(store, signal_id, LATER, "Anne")
    acknowledge(store, signal_id, LATER, "Anne")
    assert len(journal(store)) == 2


def test_what_people_did_later_is_not_seen(store: Store, signal_id: str) -> None:
    acknowledge(store, signal_id, LATER, "Anne")
    assert status(journal(store, RISE.end)).loc[signal_id, "status"] == "open"


def test_wrong_use_is_said(store: Store, signal_id: str) -> None:
    with pytest.raises(UsageError, match="no signal nowhere"):
        acknowledge(store, "nowhere", LATER, "Anne")
    with pytest.raises(UsageError, match="name"):
        acknowledge(store, signal_id, LATER, " ")
    with pytest.raises(UsageError, match="judgement"):
        judge(store, signal_id, "perhaps", LATER, "Anne")
    with pytest.raises(UsageError, match="words"):
        decide(store, signal_id, LATER, "Anne", "")


def test_an_empty_journal_has_no_states(store: Store) -> None:
    assert status(journal(store)).empty
