"""The past re-lived: what it finds, that it looks no further, writes nothing, goes on after a kill."""

from __future__ import annotations

import hashlib
import json
import signal
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import psutil
import pytest
from deltalake import DeltaTable

from tests.replay.conftest import BEGINS, CRISIS, FIRST, LAST, Build, history, put, written
from veille import labels, reading, topics
from veille.errors import LockedError, StoreError, UsageError
from veille.labels import What
from veille.mention import EARLIER_TEXTS, MENTIONS
from veille.replay import Event, EventKind, Relived, replay
from veille.replay import run as running
from veille.signals import SIGNALS
from veille.signals.tables import JOURNAL
from veille.store import Store
from veille.topics.tables import TOPIC_EVENTS
from veille.watch import Watch

RUMOURS = [
    "Incendie mortel chez Rivale : deux morts dans un dépôt",
    "Rivale mise en examen pour homicides involontaires",
    "Les familles des victimes accusent Rivale de négligence",
    "Scandale Rivale : les extincteurs étaient vides",
    "Rivale savait le dépôt dangereux, révèle une enquête",
    "Explosion chez Rivale, plusieurs blessés graves",
    "Un ouvrier de Rivale tué par une explosion",
    "Plainte contre Rivale pour mise en danger de la vie",
    "Rivale visée par une enquête après une fuite toxique",
    "Fuite toxique : Rivale accusée d’avoir menti",
]
TRUTH = (Event("contamination", "essai", CRISIS, LAST, EventKind.CRISIS),)


def told(found: Relived) -> str:
    return json.dumps(found.as_json(), ensure_ascii=False, sort_keys=True)


def bytes_of(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def up_to(found: Relived, day: date) -> list[dict[str, Any]]:
    return [alarm for alarm in found.as_json()["alarms"] if alarm["at"] <= day.isoformat()]


def daily(found: Relived, day: date) -> pd.DataFrame:
    """Return what every signal was up to a day, down to its score."""
    end = pd.Timestamp(day + timedelta(days=1)).tz_localize("Europe/Paris")
    rows = found.signals.loc[found.signals["cutoff"] <= end]
    return rows.drop(columns=["evidence", "version"]).reset_index(drop=True)


def test_the_crisis_is_an_alarm_on_its_first_day_and_nothing_before(relived: tuple[Watch, Store, Relived]) -> None:
    watch, store, found = relived
    judged = Relived(watch, found.period, found.signals, found.journal, found.activity, TRUTH).as_json()
    assert judged["events"] == [
        {"event_id": "contamination", "kind": "crisis", "detected": True, "first_alarm": CRISIS.isoformat(), "lag_days": 0}
    ]
    assert (judged["recall"], judged["median_lag_days"], judged["missed"], judged["false_alarms"]) == (1.0, 0.0, [], 0)
    assert all(alarm["event_id"] == "contamination" for alarm in judged["alarms"])
    known = set(store.load(MENTIONS, ["mention_id"])["mention_id"])
    assert all(alarm["evidence"] and set(alarm["evidence"]) <= known for alarm in judged["alarms"])


def test_without_truth_there_are_no_scores(relived: tuple[Watch, Store, Relived]) -> None:
    result = relived[2].as_json()
    assert result["events"] == []
    assert result["missed"] == []
    for name in ("recall", "median_lag_days", "false_alarms", "false_alarms_per_subject_year"):
        assert result[name] is None
    assert (result["from"], result["to"], result["days"], result["subjects"]) == ("2026-04-17", "2026-04-23", 7, 2)
    assert all(alarm["event_id"] is None and alarm["false_episode"] is None for alarm in result["alarms"])


def test_nothing_is_written_to_the_store(build: Build) -> None:
    watch, store = build("kept", history())
    folder = Path(str(watch.store_path))
    before = bytes_of(folder)
    versions = {table.name: DeltaTable(str(table)).version() for table in folder.iterdir()}
    replay(watch, store, FIRST, FIRST + timedelta(days=1), processes=1)
    assert bytes_of(folder) == before
    assert {table.name: DeltaTable(str(table)).version() for table in folder.iterdir()} == versions


@pytest.mark.slow
def test_two_processes_find_what_one_finds(relived: tuple[Watch, Store, Relived], build: Build) -> None:
    watch, store = build("two", history())
    assert told(replay(watch, store, FIRST, LAST, processes=2)) == told(relived[2])


@pytest.mark.slow
def test_what_fails_in_the_other_process_is_told(build: Build) -> None:
    watch, store = build("failing", history()[-8:])
    other = watch.model_copy(update={"store": "elsewhere"})
    with pytest.raises(StoreError, match="changed while it was re-lived"):
        replay(other, store, LAST, LAST, processes=2)


@pytest.mark.slow
def test_a_mention_of_the_future_moves_nothing(relived: tuple[Watch, Store, Relived], build: Build) -> None:
    day = CRISIS - timedelta(days=1)
    after = datetime(CRISIS.year, CRISIS.month, CRISIS.day, 1, tzinfo=UTC)
    watch, store = build("future", history())
    # Published after the day; and published before it, though nobody had gathered it yet.
    put(store, [(text, "rivale", after + timedelta(hours=number)) for number, text in enumerate(RUMOURS[:5])])
    early = [(text, "rivale", after - timedelta(days=2, hours=number)) for number, text in enumerate(RUMOURS[5:])]
    put(store, early, gathered_at=after + timedelta(hours=2))
    reading.read(watch, store, datetime(2027, 1, 1, tzinfo=UTC))
    planted = replay(watch, store, FIRST, LAST, processes=1)
    pd.testing.assert_frame_equal(daily(planted, day), daily(relived[2], day))
    assert up_to(planted, day) == up_to(relived[2], day)
    # The plant bites as soon as it may be seen: a test that could not fail would show nothing.
    assert any(alarm["subject"] == "rivale" for alarm in planted.as_json()["alarms"])
    assert not any(alarm["subject"] == "rivale" for alarm in relived[2].as_json()["alarms"])


@pytest.mark.slow
def test_what_people_and_editions_did_later_moves_nothing(relived: tuple[Watch, Store, Relived], build: Build) -> None:
    watch, store = build("people", history())
    later = datetime(2026, 5, 2, tzinfo=UTC)
    made = topics.update(watch, store, datetime(2026, 4, 24, tzinfo=UTC))
    topic = str(made.fine["topic_id"].iloc[0])
    topics.ignore(watch, store, topic, at=later, by="Anne")
    assert len(store.load(TOPIC_EVENTS)) > 0
    first = relived[2].signals.iloc[0]
    store.merge(SIGNALS, relived[2].signals.head(1))
    row = {"event_id": "e", "at": later, "by": "Anne", "act": "closed", "signal_id": first["signal_id"], "level": 2, "note": ""}
    store.merge(JOURNAL, JOURNAL.check(pd.DataFrame([row])))
    known = store.load(MENTIONS, ["mention_id"])["mention_id"]
    crises = [name for name in known if "-0420" in name or "-0421" in name]
    rows = [{"mention_id": name, "subject": None, "what": str(What.TONE), "value": "positive"} for name in crises]
    rows += [{"mention_id": name, "subject": "essai", "what": str(What.RELEVANCE), "value": "homonym"} for name in crises]
    labels.add(store, pd.DataFrame(rows), at=later, by="Anne")
    reading.read(watch, store, later + timedelta(days=1))
    changed = store.load(reading.READINGS)
    assert changed.loc[changed["mention_id"].isin(crises), "tone"].eq("positive").all()
    assert told(replay(watch, store, FIRST, LAST, processes=1)) == told(relived[2])


@pytest.mark.slow
def test_labels_count_from_the_day_they_were_given(relived: tuple[Watch, Store, Relived], build: Build) -> None:
    watch, store = build("labelled", history())
    known = store.load(MENTIONS, ["mention_id"])["mention_id"]
    crises = [name for name in known if "-0420" in name or "-0421" in name]
    rows = [{"mention_id": name, "subject": "essai", "what": str(What.RELEVANCE), "value": "homonym"} for name in crises]
    labels.add(store, pd.DataFrame(rows), at=datetime(2026, 4, 19, tzinfo=UTC), by="Anne")
    assert replay(watch, store, FIRST, LAST, processes=1).as_json()["alarms"] == []
    assert relived[2].as_json()["alarms"]


@pytest.mark.slow
def test_a_text_corrected_later_is_read_as_it_stood(relived: tuple[Watch, Store, Relived], build: Build) -> None:
    watch, store = build("corrected", history())
    known = store.load(MENTIONS)
    crises = known.loc[known["mention_id"].str.contains("-0420|-0421")]
    earlier = crises[["mention_id", "title", "text"]].assign(replaced_at=datetime(2026, 5, 2, tzinfo=UTC))
    store.merge(EARLIER_TEXTS, EARLIER_TEXTS.check(earlier))
    store.merge(MENTIONS, crises.assign(title=[f"Essai remercie ses clients numéro {n}" for n in range(len(crises))]))
    reading.read(watch, store, datetime(2027, 1, 1, tzinfo=UTC))
    found, before = replay(watch, store, FIRST, LAST, processes=1).as_json(), relived[2].as_json()
    assert [alarm["at"] for alarm in found["alarms"]] == [alarm["at"] for alarm in before["alarms"]]
    assert [alarm["title"] for alarm in found["alarms"]] == [alarm["title"] for alarm in before["alarms"]]


@pytest.mark.slow
def test_a_killed_run_goes_on_and_ends_in_the_same_bytes(relived: tuple[Watch, Store, Relived], tmp_path: Path) -> None:
    watch, _ = written(tmp_path / "killed", history())
    out = tmp_path / "out.json"
    command = [sys.executable, "-m", "veille", "replay", "--from", str(FIRST), "--to", str(LAST), "--out", str(out)]
    command += ["--watch", str(watch.file)]
    first = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    kept = watch.state_path / "replay"
    until = time.monotonic() + 200
    while len(done := [path for path in kept.glob("*/*/2026-*") if path.parent.name != "said"]) < 2:
        assert first.poll() is None, "it ended before it could be killed"
        assert time.monotonic() < until
        time.sleep(0.02)
    helpers = psutil.Process(first.pid).children(recursive=True)
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert helpers
    assert psutil.wait_procs(helpers, timeout=60)[1] == [], "the other process goes on for nobody"
    assert len(done) < (LAST - FIRST).days + 1
    assert not out.exists()
    stamps = {path: path.stat().st_mtime_ns for path in done}
    assert subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0
    assert {path: path.stat().st_mtime_ns for path in done} == stamps
    again = tmp_path / "plain.json"
    relived[2].write(again)
    assert out.read_bytes() == again.read_bytes()


def test_a_second_run_makes_no_day_again(relived: tuple[Watch, Store, Relived], monkeypatch: pytest.MonkeyPatch) -> None:
    watch, store, found = relived

    def refuse(*_: object) -> None:
        raise AssertionError("a day was made again")

    monkeypatch.setattr(running.days, "said", refuse)
    monkeypatch.setattr(running.days, "detected", refuse)
    done: list[date] = []
    again = replay(watch, store, FIRST, LAST, processes=2, progress=done.append)
    assert told(again) == told(found)
    assert done == [FIRST + timedelta(days=number) for number in range(7)]


def test_other_data_are_not_gone_on_with(build: Build) -> None:
    watch, store = build("other", history()[-8:])
    replay(watch, store, LAST, LAST, processes=1)
    put(store, [("Essai ouvre à Dijon", "essai", BEGINS)])
    replay(watch, store, LAST, LAST, processes=1)
    assert len([path for path in (watch.state_path / "replay").iterdir() if path.is_dir()]) == 2


def test_one_replay_at_a_time_and_a_period_in_order(build: Build) -> None:
    watch, store = build("locked", history()[-8:])
    with pytest.raises(UsageError, match="ends on 2026-04-17, before its first day"):
        replay(watch, store, LAST, FIRST)

    def inside(day: date) -> None:
        with pytest.raises(LockedError, match="the same replay"):
            replay(watch, store, LAST, LAST, processes=1)

    replay(watch, store, LAST, LAST, processes=1, progress=inside)


def test_a_store_without_mentions_is_quiet(build: Build) -> None:
    watch, store = build("empty", history()[:1])
    result = replay(watch, store, LAST, LAST, processes=1).as_json()
    assert result["alarms"] == []
    assert result["alarms_per_week"] == {"2": 0.0, "3": 0.0, "4": 0.0}
