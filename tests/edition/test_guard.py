"""run.json tells the truth even after `kill -9`."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from veille.edition.guard import mark_killed
from veille.edition.record import RunRecord, RunStatus, StepRecord, read_record

RUN = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from veille.edition.run import _guarded
with _guarded(Path(sys.argv[1]), lambda: datetime.now(UTC)):
    print("guarded", flush=True)
    if sys.argv[2] == "defect":
        raise ZeroDivisionError("of ours")
    if sys.argv[2] == "wait":
        time.sleep(60)
"""


def _record(status: RunStatus, steps: list[StepRecord] | None = None) -> RunRecord:
    moment = datetime(2026, 11, 23, tzinfo=UTC)
    return RunRecord(
        run_id="r-2026-W47", watch="essai", week="2026-W47", as_of=moment, status=status, started_at=moment, steps=steps or []
    )


def _wait_for_end(folder: Path) -> RunRecord:
    for _ in range(100):
        record = read_record(folder)
        assert record is not None
        if record.status is not RunStatus.RUNNING:
            return record
        time.sleep(0.1)
    pytest.fail("run.json still says running")


def _start(folder: Path, what: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", RUN, str(folder), what]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True)


@pytest.mark.parametrize("whole_group", [False, True])
def test_a_killed_run_is_told_as_failed(tmp_path: Path, whole_group: bool) -> None:
    _record(RunStatus.RUNNING, [StepRecord(name="topics", status=RunStatus.RUNNING)]).write(tmp_path)
    process = _start(tmp_path, "wait")
    assert process.stdout is not None
    assert process.stdout.readline() == "guarded\n"
    if whole_group:
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()
    record = _wait_for_end(tmp_path)
    assert record.status is RunStatus.FAILED
    assert record.steps[0].status is RunStatus.FAILED
    assert record.error == "the run was killed before its end"
    assert record.ended_at is not None


def test_a_run_that_ended_well_is_left_alone(tmp_path: Path) -> None:
    _record(RunStatus.DONE).write(tmp_path)
    before = (tmp_path / "run.json").read_bytes()
    assert _start(tmp_path, "end").wait() == 0
    assert (tmp_path / "run.json").read_bytes() == before


def test_a_defect_of_ours_is_told_as_what_it_is(tmp_path: Path) -> None:
    _record(RunStatus.RUNNING).write(tmp_path)
    assert _start(tmp_path, "defect").wait() == 1
    record = read_record(tmp_path)
    assert record is not None
    assert (record.status, record.error) == (RunStatus.FAILED, "ZeroDivisionError: of ours")


def test_what_is_marked_stays_a_run_json(tmp_path: Path) -> None:
    _record(RunStatus.RUNNING).write(tmp_path)
    assert mark_killed(tmp_path / "run.json", datetime.now(UTC))
    assert not mark_killed(tmp_path / "run.json", datetime.now(UTC))
    assert set(json.loads((tmp_path / "run.json").read_text())) == set(RunRecord.model_fields)
