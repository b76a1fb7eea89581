"""The doctor on watches that are really ill: each fault is made, not pretended."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from tests import commands
from veille.doctor import Check, examine, repair
from veille.doctor.machine import lacks, numbers, words_check
from veille.doctor.memory import all_tables
from veille.errors import LockedError, WatchError
from veille.gather import SOURCE_HEALTH
from veille.mention import MENTIONS, Mention
from veille.store import Store
from veille.watch import Watch

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
HEAD = "watch: essai\norganisation: Essai\nsubjects: [{id: essai, query: essai}]\n"
RSS = "{id: presse, type: rss, urls: [https://example.org/rss.xml], every: 24h}"
MakeWatch = Callable[[str], Watch]


def looked(watch: Watch, **environment: str) -> dict[str, Check]:
    return {check.name: check for check in examine(watch.file, NOW, environment)}


def healthy_row(at: datetime, **changed: object) -> dict[str, object]:
    row: dict[str, object] = {
        "source": "presse", "at": at, "asked": 1, "unchanged": 0, "received": 20, "new": 5, "updated": 0, "refused": 0,
        "not_modified": False, "seconds": 1.0, "error": None, "unfilled_from": pd.NaT, "unfilled_until": pd.NaT,
        "verdict": "ok",
    }  # fmt: skip
    return row | changed


def gathered(watch: Watch, *rows: dict[str, object]) -> None:
    Store(watch).merge(SOURCE_HEALTH, SOURCE_HEALTH.check(pd.DataFrame(list(rows))))


def test_a_healthy_watch_needs_nobody(make_watch: MakeWatch) -> None:
    watch = make_watch(HEAD + f"sources: [{RSS}]\n")
    gathered(watch, healthy_row(NOW - timedelta(hours=1)))
    assert repair(watch.file)
    found = looked(watch)
    assert [check for check in found.values() if not check.ok] == []
    assert "X, Facebook" in found["not observed"].found
    assert found["table source_health"].found == "1 rows"
    assert found["source presse"].found == "ok at 2026-11-24 08:00 UTC"


def test_what_is_looked_at_leaves_nothing_behind(make_watch: MakeWatch) -> None:
    watch = make_watch(HEAD + f"sources: [{RSS}]\n")
    before = sorted(watch.folder.rglob("*"))
    found = looked(watch)
    assert sorted(watch.folder.rglob("*")) == before
    assert not found["source presse"].ok
    assert found["source presse"].mend == "run veille gather"


def test_a_watch_that_cannot_be_read_is_told_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "watch.yml"
    file.write_text(HEAD + "sorces: []\n", encoding="utf-8")
    last = examine(file, NOW)[-1]
    assert (last.name, last.ok) == ("watch.yml", False)
    assert "watch.yml:4" in last.found
    assert "sources" in last.mend
    with pytest.raises(WatchError):
        repair(file)


def test_a_key_that_others_may_read_is_told_and_mended(watch: Watch) -> None:
    assert len(Store(watch).key) == 32
    key = watch.state_path / "pseudonym.key"
    key.chmod(0o644)
    check = looked(watch)["key"]
    assert not check.ok
    assert "0644" in check.found
    assert any("closed" in sentence for sentence in repair(watch.file))
    assert key.stat().st_mode & 0o777 == 0o600
    assert looked(watch)["key"].ok


def test_variables_are_told_by_name_only(make_watch: MakeWatch) -> None:
    watch = make_watch(
        HEAD
        + "sources: [{id: bsky, type: bluesky, queries: [essai], user: BSKY_USER, token: BSKY_TOKEN}]\n"
        + "delivery: {mail: MAIL_URL}\nescalation: {3: {via: [DIR_URL]}}\nprivacy: {key: VEILLE_KEY}\n"
    )
    found = looked(watch, BSKY_USER="ada", BSKY_TOKEN="hush-hush", VEILLE_KEY="k")
    assert {name: check.ok for name, check in found.items() if name.startswith("variable")} == {
        "variable BSKY_USER": True,
        "variable BSKY_TOKEN": True,
        "variable MAIL_URL": False,
        "variable VEILLE_KEY": True,
        "variable DIR_URL": False,
    }
    assert found["variable DIR_URL"].found == "not set, needed by escalation 3"
    assert "hush-hush" not in repr(found)


def test_a_limit_shorter_than_the_cadence_of_alerts_is_told(make_watch: MakeWatch) -> None:
    watch = make_watch(HEAD + "detection: {alerts_every_minutes: 30}\n")
    found = looked(watch)
    assert {level: found[f"escalation {level}"].ok for level in (2, 3, 4)} == {2: True, 3: True, 4: False}
    assert found["escalation 4"].found == "send within 15 min, alerts every 30 min"


def test_a_source_that_fails_is_told_with_its_last_success(make_watch: MakeWatch) -> None:
    watch = make_watch(HEAD + f"sources: [{RSS}]\n")
    broken = {"received": 0, "new": 0, "verdict": "broken", "error": "https://example.org/rss.xml answered 404"}
    gathered(watch, healthy_row(NOW - timedelta(days=3)), healthy_row(NOW - timedelta(hours=1), **broken))
    check = looked(watch)["source presse"]
    assert not check.ok
    assert "answered 404; last success 2026-11-21 09:00 UTC" in check.found
    assert "nothing new since 2026-11-21 09:00 UTC" in check.found


def test_what_a_source_no_longer_gives_is_told(make_watch: MakeWatch) -> None:
    watch = make_watch(HEAD + f"sources: [{RSS}]\n")
    lost = {"unfilled_from": NOW - timedelta(days=2), "unfilled_until": NOW - timedelta(days=1)}
    gathered(watch, healthy_row(NOW - timedelta(hours=2), **lost))
    check = looked(watch)["source presse"]
    assert not check.ok
    assert "1 spans it no longer gives, between 2026-11-22 09:00 and 2026-11-23 09:00 UTC" in check.found
    # Once told, it stays told and needs nobody: it cannot be had any more.
    gathered(watch, healthy_row(NOW - timedelta(hours=1)))
    check = looked(watch)["source presse"]
    assert check.ok
    assert "1 spans" in check.found


def test_a_schedule_that_stopped_is_told(make_watch: MakeWatch) -> None:
    watch = make_watch(HEAD + f"sources: [{RSS}]\n")
    gathered(watch, healthy_row(NOW - timedelta(days=2)))
    assert not looked(watch)["gather"].ok
    assert looked(make_watch(HEAD))["sources"].mend.startswith("add some")


def test_a_table_that_cannot_be_read_is_told(watch: Watch, store: Store) -> None:
    gathered(watch, healthy_row(NOW))
    log = next((watch.store_path / "source_health" / "_delta_log").glob("*.json"))
    log.write_text("rubbish\n", encoding="utf-8")
    found = looked(watch)
    assert not found["table source_health"].ok
    assert not found["sources"].ok
    assert found["table mentions"].ok


def test_a_missing_file_of_terms_is_told(make_watch: MakeWatch) -> None:
    watch = make_watch(HEAD + "confidential: {terms_file: secrets/terms.txt}\n")
    assert not looked(watch)["confidential terms"].ok
    terms = watch.folder / "secrets" / "terms.txt"
    terms.parent.mkdir()
    terms.write_text("# noms\nTramontane\n", encoding="utf-8")
    assert looked(watch)["confidential terms"].found == "1 terms"
    assert "Tramontane" not in repr(looked(watch))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_to_is_told(watch: Watch) -> None:
    watch.state_path.mkdir(parents=True)
    watch.state_path.chmod(0o500)
    try:
        assert not looked(watch)["folder state"].ok
    finally:
        watch.state_path.chmod(0o700)


def test_a_file_where_a_folder_must_be_is_told(watch: Watch) -> None:
    watch.reports_path.write_text("", encoding="utf-8")
    assert not looked(watch)["folder reports"].ok


@contextmanager
def held(watch: Watch) -> Iterator[Path]:
    """Hold the lock of gathering in another process."""
    code = (
        "import sys; from veille.store import lock, RunKind; from veille.watch import load_watch\n"
        "with lock(load_watch(sys.argv[1]), RunKind.GATHER): print('held', flush=True); sys.stdin.read()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(watch.file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    assert process.stdout.readline() == "held\n"
    try:
        yield watch.state_path / "locks" / "gather.lock"
    finally:
        process.communicate()


def test_a_run_that_hangs_is_told_and_one_that_works_is_not(make_watch: MakeWatch) -> None:
    watch = make_watch(HEAD + f"sources: [{RSS}]\n")
    now = datetime.now(UTC)
    with held(watch) as file:
        fresh = {check.name: check for check in examine(watch.file, now, {})}["lock gather"]
        assert fresh.ok
        assert "under way" in fresh.found
        os.utime(file, (now.timestamp() - 7 * 3600,) * 2)
        hanging = {check.name: check for check in examine(watch.file, now, {})}["lock gather"]
        assert not hanging.ok
        assert "fuser" in hanging.mend
        with pytest.raises(LockedError):
            repair(watch.file)
    assert {check.name: check for check in examine(watch.file, now, {})}["lock gather"].found == "free"


def test_subjects_that_lag_behind_the_queries_are_told_and_mended(make_watch: MakeWatch) -> None:
    from veille.gather import mentions_frame, refresh_subjects

    watch = make_watch(HEAD)
    store = Store(watch)
    mention = Mention("presse", "rss", "Les bus d'Aquilon", NOW, "Aquilon", "article", url="https://example.org/1")
    store.merge(MENTIONS, mentions_frame([mention], watch, store.key))
    refresh_subjects(watch, store)
    assert looked(watch)["subjects"].ok
    watch = make_watch(HEAD.replace("query: essai", "query: aquilon"))
    assert not looked(watch)["subjects"].ok
    assert repair(watch.file)[-1] == "the subjects of 1 mentions were wrong, and are right"
    assert looked(watch)["subjects"].ok
    assert store.load(MENTIONS)["subjects"].tolist() == [["essai"]]


@pytest.mark.parametrize(
    ("needs", "expected"),
    [
        (["pandas>=3", "click", "sentence-transformers; extra == 'transformers'"], []),
        (["pandas>=99.1", "click"], ["pandas is"]),
        (["no-such-package-at-all>=1"], ["no-such-package-at-all is missing"]),
    ],
)
def test_packages_that_lack_are_told(needs: list[str], expected: list[str]) -> None:
    found = list(lacks(needs))
    assert len(found) == len(expected)
    assert all(text.startswith(start) for text, start in zip(found, expected, strict=True))
    assert numbers("3.11.7rc1") == (3, 11, 7)


def test_every_table_is_looked_at() -> None:
    assert {"mentions", "source_health", "signals", "topics", "readings"} <= {table.name for table in all_tables()}


def test_the_command_exits_3_where_a_person_is_needed_and_0_after(make_watch: MakeWatch) -> None:
    watch = make_watch(HEAD + f"sources: [{RSS}]\n")
    ill = commands.veille(watch.file, "doctor", "--json")
    assert ill.returncode == 3
    checks = json.loads(ill.stdout)["checks"]
    assert all({"name", "ok", "mend"} <= set(check) for check in checks)
    assert [check["name"] for check in checks if not check["ok"]] == ["gather", "source presse"]
    gathered(watch, healthy_row(datetime.now(UTC)))
    well = commands.veille(watch.file, "doctor", "--json", "--repair")
    assert (well.returncode, well.stderr) == (0, "")
    assert watch.reports_path.is_dir()


def test_whether_words_in_pictures_are_read_is_told_and_never_a_fault() -> None:
    assert words_check(("eng", "fra")) == Check("words in pictures", True, "read by Tesseract in fra+eng; not installed: ara")
    assert "ara" not in words_check(("ara", "eng", "fra")).found.partition(";")[2]
    assert words_check(()) == Check("words in pictures", True, "not read: Tesseract is not installed")
