"""The verb and the command as a whole: what is printed, exit codes, locks, and what a broken part does not stop."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from veille.alerts import heartbeat
from veille.alerts.look import _SEEN, _fingerprint
from veille.alerts.occasions import owed, unacknowledged
from veille.alerts.tables import ALERTS, DELIVERIES
from veille.cli import main
from veille.errors import StoreError
from veille.signals import SIGNALS, journal
from veille.store import RunKind, Store, lock
from veille.watch import Watch

from .conftest import THURSDAY, WATCH, Mailer, Open, Run


def command(watch: Watch, *arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments, "--watch", str(watch.file)])


@pytest.fixture
def reachable(mailer: Mailer, monkeypatch: pytest.MonkeyPatch) -> Mailer:
    monkeypatch.setenv("MAIL_URL", mailer.url)
    monkeypatch.setenv("HOOK_URL", "json://127.0.0.1:9/?cto=1")
    return mailer


@pytest.fixture
def quiet_box(store: Store, make_watch: Callable[[str], Watch]) -> Watch:
    # After the store, whose fixture writes a watch.yml of its own.
    return make_watch(WATCH.replace(", inbox: INBOX_URL", ""))


def test_the_command_prints_the_keys_of_the_contract(
    quiet_box: Watch, store: Store, open_signal: Open, reachable: Mailer
) -> None:
    open_signal(THURSDAY, 3)
    store.state.put(_SEEN, _fingerprint(quiet_box, store, THURSDAY))
    done = command(quiet_box, "alerts", "--as-of", THURSDAY.isoformat(), "--json")
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    assert {"opened", "updated", "sent", "failed", "pending"} <= set(said)
    assert said["opened"] == ["s1"]
    assert said["sent"][0]["person"] == "dircom"
    assert len(reachable.mails) == 1
    text = command(quiet_box, "alerts", "--as-of", THURSDAY.isoformat())
    assert "0 signals opened" in text.stdout
    beats = command(quiet_box, "alerts", "--heartbeat", "--as-of", (THURSDAY + timedelta(minutes=20)).isoformat())
    assert (beats.exit_code, "last ended well at 2026-11-19 09:00 UTC" in beats.stdout) == (0, True)
    late = command(quiet_box, "alerts", "--heartbeat", "--as-of", (THURSDAY + timedelta(minutes=40)).isoformat())
    assert late.exit_code == 3


def test_what_fails_is_a_warning_a_person_must_see(
    quiet_box: Watch, store: Store, open_signal: Open, reachable: Mailer
) -> None:
    reachable.stop()
    open_signal(THURSDAY, 3)
    store.state.put(_SEEN, _fingerprint(quiet_box, store, THURSDAY))
    done = command(quiet_box, "alerts", "--as-of", THURSDAY.isoformat(), "--json")
    assert done.exit_code == 3
    said = json.loads(done.stdout)
    assert (len(said["failed"]), said["pending"][0]["person"]) == (1, "dircom")
    assert "message to dircom" in done.stderr


def test_one_run_at_a_time(quiet_box: Watch) -> None:
    with lock(quiet_box, RunKind.ALERTS):
        assert command(quiet_box, "alerts", "--as-of", THURSDAY.isoformat()).exit_code == 4


def test_what_is_owed_is_sent_though_nothing_can_be_read(
    watch: Watch,
    run: Run,
    open_signal: Open,
    store: Store,
    mailer: Mailer,
    environment: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    open_signal(THURSDAY, 3)

    def broken(*_: object) -> object:
        raise StoreError("table readings cannot be read")

    with monkeypatch.context() as faulty:
        faulty.setattr("veille.alerts.run.look", broken)
        result = run(THURSDAY, environment)
    assert len(result.sent) == 1
    assert result.failure is not None
    assert "readings" in result.failure.message
    # A run that could not look is no sign of life.
    assert heartbeat(watch, store, THURSDAY).last is None


def test_the_same_is_owed_once(watch: Watch, store: Store, open_signal: Open) -> None:
    open_signal(THURSDAY, 4)
    signals, events = store.load(SIGNALS), journal(store)
    first = owed(watch, THURSDAY, signals, events, ALERTS.empty())
    assert first["person"].tolist() == ["dg", "dircom"]
    pd.testing.assert_frame_equal(first, owed(watch, THURSDAY, signals, events, ALERTS.empty()))
    assert owed(watch, THURSDAY + timedelta(days=1), signals, events, first).empty


def test_half_the_limit_counts_office_hours_below_level_3(watch: Watch, store: Store, open_signal: Open) -> None:
    open_signal(THURSDAY, 2)
    events = journal(store)
    alerts = owed(watch, THURSDAY, store.load(SIGNALS), events, ALERTS.empty())
    done = {"alert_id": alerts["alert_id"], "route": "MAIL_URL", "at": THURSDAY, "outcome": "delivered"}
    deliveries = DELIVERIES.check(pd.DataFrame({**done, "detail": "", "message_id": ""}))

    def told(at: pd.Timestamp) -> list[str]:
        return unacknowledged(watch, at.to_pydatetime(), events, alerts, deliveries)["person"].tolist()

    # Twelve of the twenty-four office hours after ten on Thursday: eight that day, four on Friday until 13:00.
    friday = pd.Timestamp("2026-11-20 13:00", tz="Europe/Paris")
    assert told(friday - pd.Timedelta(minutes=1)) == []
    assert told(friday) == ["dircom"]


def test_strategic_effects_go_to_their_owner_within_a_working_day(
    make_watch: Callable[[str], Watch], store: Store, open_signal: Open
) -> None:
    strategy = "strategy: {decisions: [{id: d1, title: Ouvrir la ligne, owner: dg}]}\n"
    watch = make_watch(WATCH + strategy)
    open_signal(THURSDAY, 1, kind="strategic", effects_ids=["d1"], effects=["calls_into_question"])
    open_signal(THURSDAY, 1, signal_id="s2")
    rows = owed(watch, THURSDAY, store.load(SIGNALS), journal(store), ALERTS.empty())
    assert (rows["signal_id"].tolist(), rows["person"].tolist()) == (["s1"], ["dg"])
    assert rows["due_at"].iloc[0] == pd.Timestamp("2026-11-20 10:00", tz="Europe/Paris")


def test_people_close_from_the_command_line_and_one_person_counts_once(watch: Watch, store: Store, open_signal: Open) -> None:
    open_signal(THURSDAY, 3)
    alone = command(watch, "close", "s1", "--by", "dircom")
    assert (alone.exit_code, "two people" in alone.output) == (2, True)
    for by in ("dircom", "Carla Dircom", "carla@essai.example"):
        assert command(watch, "decide", "s1", "--by", by, "--decision", "retirer").exit_code == 0
    assert set(journal(store).loc[lambda rows: rows["act"] == "decided", "by"]) == {"Carla Dircom"}
    assert command(watch, "close", "s1", "--by", "carla dircom").exit_code == 2
    assert command(watch, "close", "s1", "--by", "dg").exit_code == 0
    assert command(watch, "judge", "s1", "true", "--by", "dg").exit_code == 0


@pytest.mark.slow
def test_a_run_that_is_killed_loses_nothing_and_blocks_nobody(
    quiet_box: Watch, store: Store, open_signal: Open, reachable: Mailer, environment: dict[str, str]
) -> None:
    """The process dies by -9 while the mail server has the message and has not answered yet."""
    open_signal(THURSDAY, 3)
    store.state.put(_SEEN, _fingerprint(quiet_box, store, THURSDAY))
    reachable.delay = 60
    slow = reachable.url.replace("cto=1", "cto=30")
    arguments = [sys.executable, "-m", "veille", "alerts", "--watch", str(quiet_box.file), "--as-of", THURSDAY.isoformat()]
    killed = subprocess.Popen(arguments, env={**os.environ, "MAIL_URL": slow}, stdout=subprocess.DEVNULL)
    until = time.monotonic() + 120
    while store.load(DELIVERIES).empty and time.monotonic() < until:
        time.sleep(0.1)
    killed.kill()
    killed.wait()
    assert store.load(DELIVERIES)["outcome"].tolist() == ["started"]
    reachable.delay = 0
    later = (THURSDAY + timedelta(minutes=10)).isoformat()
    done = command(quiet_box, "alerts", "--as-of", later, "--json")
    assert done.exit_code == 0, done.output
    assert [one["person"] for one in json.loads(done.stdout)["sent"]] == ["dircom"]
    assert len(reachable.mails) == 1
