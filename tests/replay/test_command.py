"""`veille replay` as it is typed: what goes where, and one sentence for wrong use."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from tests.replay.conftest import CRISIS, FIRST, LAST
from veille.cli import main
from veille.replay import Relived
from veille.store import Store
from veille.watch import Watch


def run(watch: Watch, *arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(main, ["replay", *arguments, "--watch", str(watch.file)])
    return done.exit_code, done.stdout, done.stderr


def test_json_alone_is_on_stdout_and_progress_on_stderr(relived: tuple[Watch, Store, Relived], tmp_path: Path) -> None:
    watch, _, found = relived
    truth, out = tmp_path / "events.csv", tmp_path / "alarms.csv"
    truth.write_text(f"event_id,subject,onset,end,kind\ncontamination,essai,{CRISIS},{LAST},crisis\n", encoding="utf-8")
    period = ["--from", str(FIRST), "--to", str(LAST)]
    code, stdout, stderr = run(watch, *period, "--truth", str(truth), "--out", str(out), "--json")
    assert code == 0
    result = json.loads(stdout)
    assert {"from", "to", "days", "subjects", "alarms", "events", "recall", "median_lag_days", "missed"} <= set(result)
    assert {"false_alarms", "false_alarms_per_subject_year", "alarms_per_week"} <= set(result)
    alarm = {"subject", "signal_id", "topic_id", "title", "at", "level", "score", "p_value", "stories", "event_id", "evidence"}
    assert all(alarm <= set(row) for row in result["alarms"])
    assert len(result["alarms"]) == len(found.alarms()) > 0
    assert "7 of 7 days" in stderr
    written = pd.read_csv(out)
    assert written["event_id"].tolist() == ["contamination"] * len(written)
    assert written["at"].tolist() == [row["at"] for row in result["alarms"]]
    code, stdout, _ = run(watch, *period, "--truth", str(truth))
    assert f"contamination (crisis): first alarm {CRISIS}, 0 days after its onset" in stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--from", "hier", "--to", "2026-04-23"], "--from 'hier' is not a day"),
        (["--from", "2026-04-23", "--to", "2026-04-17"], "ends on 2026-04-17, before its first day 2026-04-23"),
        (["--from", "2026-04-17", "--to", "2026-04-23", "--truth", "nowhere.csv"], "there is no file nowhere.csv"),
        (["--from", "2026-04-17", "--to", "2026-04-23", "--out", "result.txt"], "result.txt is neither JSON nor CSV"),
    ],
)
def test_wrong_use_is_one_sentence(arguments: list[str], sentence: str, watch: Watch) -> None:
    code, stdout, stderr = run(watch, *arguments)
    assert code == 2
    assert stdout == ""
    assert sentence in stderr
    assert "Traceback" not in stderr


def test_titles_are_masked(relived: tuple[Watch, Store, Relived]) -> None:
    _, _, found = relived
    spoken = found.signals.assign(title="Écrivez à jean.dupont@exemple.fr")
    shown = Relived(found.watch, found.period, spoken, found.journal, found.activity).as_json()
    assert shown["alarms"]
    assert all("jean.dupont" not in alarm["title"] for alarm in shown["alarms"])
