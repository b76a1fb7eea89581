"""A signal that people closed stays closed while the same goes on; what crosses another affair keeps its own id."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from veille.period import week
from veille.signals import close, decide, detect, status
from veille.signals.candidates import Candidate
from veille.signals.continuity import identify
from veille.signals.journal import journal
from veille.signals.tables import SIGNALS, Act, SignalKind, SignalStatus
from veille.store import Store
from veille.watch import Watch

from .conftest import BAD, Tell

Sort = Callable[[datetime, dict[str, str]], None]
RISE = week("2022-W04", "Europe/Paris")
MONDAY = datetime(2022, 1, 24, 9, tzinfo=UTC)


def shut(store: Store, signal_id: str, at: datetime) -> None:
    decide(store, signal_id, at, "Ana", "Rien de plus")
    decide(store, signal_id, at + timedelta(minutes=1), "Bob", "Rien de plus")
    close(store, signal_id, at + timedelta(minutes=2), "Ana")


def stands(store: Store, signal_id: str, at: datetime) -> str:
    return str(status(journal(store, at)).loc[signal_id, "status"])


@pytest.mark.usefixtures("habit")
def test_what_goes_on_unchanged_leaves_a_closed_signal_closed(watch: Watch, store: Store, tell: Tell, sort: Sort) -> None:
    tell(BAD, MONDAY, tone="negative")
    sort(RISE.end, dict.fromkeys(BAD, "crisis"))
    signal = detect(watch, store, RISE.end, RISE).signals["signal_id"].iloc[0]
    shut(store, signal, RISE.end + timedelta(minutes=1))
    again = RISE.end + timedelta(days=1)
    sort(again, dict.fromkeys(BAD, "crisis"))
    result = detect(watch, store, again, week("2022-W05", "Europe/Paris"))
    assert result.reopened == 0
    assert stands(store, signal, again) == SignalStatus.CLOSED


@pytest.mark.usefixtures("habit")
def test_a_second_wave_reopens_a_closed_signal(watch: Watch, store: Store, tell: Tell, sort: Sort) -> None:
    sides = dict.fromkeys(BAD, "crisis") | {"Essai : encore": "crisis"}
    tell(BAD, MONDAY, tone="negative")
    sort(RISE.end, sides)
    signal = detect(watch, store, RISE.end, RISE).signals["signal_id"].iloc[0]
    shut(store, signal, RISE.end + timedelta(minutes=1))
    tell(
        [
            f"Essai : encore une plainte pour intoxication, la {name}"
            for name in ("une", "deux", "trois", "quatre", "cinq", "six")
        ],
        RISE.end + timedelta(days=2),
        tone="negative",
    )
    later = week("2022-W05", "Europe/Paris")
    sort(later.end, sides)
    result = detect(watch, store, later.end, later)
    assert result.events.loc[result.events["signal_id"] == signal, "act"].tolist() == [Act.REOPENED]
    assert stands(store, signal, later.end) == SignalStatus.OPEN


def candidate(stories: set[str], kind: SignalKind = SignalKind.NEGATIVE_EMERGENCE, topic: str = "t9") -> Candidate:
    return Candidate(
        kind=kind,
        subject="essai",
        topic_id=topic,
        first_day=pd.Timestamp("2022-01-24"),
        window_days=1,
        p_value=0.0001,
        expected=1.0,
        stories=frozenset(stories),
    )


def earlier(**evidence: list[str]) -> pd.DataFrame:
    frame = pd.DataFrame({"signal_id": list(evidence), "evidence": list(evidence.values())})
    frame = frame.assign(
        cutoff=pd.Timestamp(MONDAY), subject="essai", kind=str(SignalKind.NEGATIVE_EMERGENCE), topic_id=frame["signal_id"]
    )
    return frame.reindex(columns=[column.name for column in SIGNALS.columns]).assign(effects_ids=[[]] * len(frame))


NEXT = MONDAY + timedelta(days=1)


def test_one_story_of_seven_in_common_is_another_affair() -> None:
    before = earlier(s1=list("abcdefg"))
    (found,) = identify([candidate(set("gmnopqrs"))], before, pd.Series(dtype=object), NEXT)
    assert found.signal_id != "s1"
    (found,) = identify([candidate(set("efgmnopqrs"))], before, pd.Series(dtype=object), NEXT)
    assert found.signal_id == "s1"


def test_the_affair_that_shares_most_keeps_the_id_whatever_the_order() -> None:
    before = earlier(s1=list("abcdefg"))
    crossing, same = candidate(set("abcxyz")), candidate(set("abcdefgh"))
    for order in ([crossing, same], [same, crossing]):
        named = {one.stories: one.signal_id for one in identify(order, before, pd.Series(dtype=object), NEXT)}
        assert named[same.stories] == "s1"
        assert named[crossing.stories] != "s1"


def test_each_earlier_signal_is_continued_once() -> None:
    before = earlier(s1=list("abcd"), s2=list("efgh"))
    found = identify(
        [candidate(set("abcd")), candidate(set("efgh")), candidate(set("abef"))], before, pd.Series(dtype=object), NEXT
    )
    names = [one.signal_id for one in found]
    assert names[:2] == ["s1", "s2"]
    assert len(set(names)) == 3
