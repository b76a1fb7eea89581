"""The command line as a scheduler and a script see it: output, errors and exit codes, in real processes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from tests import commands
from veille.signals import SIGNALS
from veille.store import RunKind, Store, lock
from veille.watch import Watch

ROW = {
    "native_id": "1",
    "published_at": "2026-11-19T08:00:00Z",
    "text": "Essai : le bus de @jean est en retard",
    "author": "jean",
}


def veille(watch: Watch | Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return commands.veille(watch if isinstance(watch, Path) else watch.file, *arguments)


@pytest.fixture
def brought(watch: Watch, tmp_path: Path) -> Watch:
    """Return a watch with one mention, imported by the command."""
    file = tmp_path / "one.jsonl"
    file.write_text(json.dumps(ROW) + "\n{broken\n", encoding="utf-8")
    done = veille(watch, "import", str(file), "--format", "jsonl", "--json")
    told = json.loads(done.stdout)
    assert (told["read"], told["new"], told["updated"], told["refused"]) == (2, 1, 0, 1)
    assert Path(told["rejects_file"]).exists()
    return watch


def test_search_finds_and_masks(brought: Watch) -> None:
    done = veille(brought, "search", "retard", "--from", "2026-11-19", "--to", "2026-11-19", "--json")
    assert done.returncode == 0, done.stderr
    (mention,) = json.loads(done.stdout)["mentions"]
    assert mention["text"] == "Essai : le bus de @… est en retard"
    assert "jean" not in done.stdout
    assert json.loads(veille(brought, "search", "retard", "--to", "2026-11-18", "--json").stdout) == {"mentions": []}


def test_query_try_tells_the_volume(brought: Watch) -> None:
    told = json.loads(veille(brought, "query", "try", "bus", "--json").stdout)
    assert (told["matched"], told["by_day"]) == (1, {"2026-11-19": 1})


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["search", "a~2"], "fuzzy"),
        (["search", "a", "--from", "hier"], "is not a day"),
        (["edition", "--week", "47"], "is not an ISO week"),
        (["edition", "--as-of", "demain"], "is not a time"),
        (["import", "nowhere.csv", "--format", "csv"], "nowhere.csv"),
        (["ack", "s1", "--by", "Ada"], "there is no signal s1"),
        (["topics", "rename", "t1", "Nom", "--by", "Ada"], "t1"),
    ],
)
def test_wrong_use_is_one_sentence_and_exit_code_2(watch: Watch, arguments: list[str], words: str) -> None:
    done = veille(watch, *arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    as_json = json.loads(veille(watch, *arguments, "--json").stdout)
    assert set(as_json) == {"error", "hint"}
    assert words in as_json["error"] + as_json["hint"]


def test_a_source_that_the_watch_has_not_is_wrong_use(make_watch: Callable[[str], Watch], watch: Watch) -> None:
    declared = make_watch(watch.file.read_text(encoding="utf-8") + "sources: [{id: avis, type: import}]\n")
    done = veille(declared, "import", "x.jsonl", "--format", "jsonl", "--source", "presse")
    assert done.returncode == 2
    assert "no source 'presse'" in done.stderr
    assert "its sources are avis" in done.stderr


def test_a_broken_watch_is_told_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "watch.yml"
    file.write_text("watch: a\norganisation: A\nsubject: []\n", encoding="utf-8")
    done = veille(file, "gather")
    assert done.returncode == 2
    assert "watch.yml:3" in done.stderr


def test_a_second_run_of_the_kind_exits_4(watch: Watch) -> None:
    with lock(watch, RunKind.GATHER):
        done = veille(watch, "gather")
    assert done.returncode == 4
    assert "another gather run" in done.stderr


def test_a_warning_is_on_stderr_and_exits_3_by_whatever_way_it_is_started(watch: Watch) -> None:
    command = [sys.executable, "-X", "importtime", "-m", "veille", "gather", "--json", "--watch", str(watch.file)]
    first = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    told = first.stderr.splitlines()
    imported = [line for line in told if line.startswith("import time:")]
    # It costs two seconds that no command but those of the notebooks needs.
    assert not [line for line in imported if line.split("|")[-1].strip() == "nbformat"]
    done = veille(watch, "gather", "--json")
    assert (done.returncode, done.stdout) == (first.returncode, first.stdout)
    assert done.stderr.splitlines() == [line for line in told if line not in imported]
    assert done.returncode == 3
    assert json.loads(done.stdout)["warnings"]
    assert done.stderr.startswith("warning: ")


def test_the_life_of_a_signal(watch: Watch) -> None:
    moment = datetime(2026, 11, 22, tzinfo=UTC)
    row = {
        "signal_id": "s1", "cutoff": moment, "as_of": moment, "version": "v", "subject": "essai", "role": "self",
        "kind": "weak", "title": "Essai", "level": 3, "level_reason": "score", "score": 65.0, "score_low": 60.0,
        "score_high": 70.0, "window_days": 1, "stories": 3, "negative_stories": 3, "publishers": 2, "authors": 2,
        "mentions": 3, "short_history": False, "first_seen": moment, "detected_at": moment, "relevance": 0.0,
    }  # fmt: skip
    Store(watch).merge(SIGNALS, pd.DataFrame([row]))
    assert veille(watch, "ack", "s1", "--by", "Ada").returncode == 0
    assert veille(watch, "decide", "s1", "--by", "Ada", "--decision", "répondre").returncode == 0
    assert veille(watch, "decide", "s1", "--by", "Blaise", "--decision", "répondre").returncode == 0
    assert veille(watch, "judge", "s1", "true", "--by", "Ada").returncode == 0
    events = json.loads(veille(watch, "journal", "--json").stdout)["events"]
    assert [(event["act"], event["by"]) for event in events] == [
        ("acknowledged", "Ada"),
        ("decided", "Ada"),
        ("decided", "Blaise"),
        ("judged", "Ada"),
    ]


def test_schedule_prints_lines_that_name_this_watch(watch: Watch) -> None:
    cron = veille(watch, "schedule").stdout
    assert str(watch.file) in cron
    asked = [line.split(" -m veille ")[1].split(" --watch")[0] for line in cron.splitlines()]
    assert asked == ["gather", "alerts", "edition", "publish --due", "retain"]
    assert "*/10 * * * *" in cron
    units = veille(watch, "schedule", "--systemd").stdout
    assert "Persistent=true" in units
    assert "SuccessExitStatus=3" in units
