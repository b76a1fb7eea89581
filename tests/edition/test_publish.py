"""An edition is published whole or not at all."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from veille.edition.publish import editions_folder, latest, published, run_folder, swap_link, write_index
from veille.edition.record import RunRecord, RunStatus, read_record, sha256_of_files
from veille.errors import EditionError
from veille.watch import Watch

MOMENT = datetime(2026, 11, 23, 6, tzinfo=UTC)


def _run(watch: Watch, name: str, status: RunStatus = RunStatus.DONE, week: str = "2026-W47") -> RunRecord:
    record = RunRecord(run_id=f"{name}-{week}", watch=watch.watch, week=week, as_of=MOMENT, status=status, started_at=MOMENT)
    folder = run_folder(watch, record.run_id)
    folder.mkdir(parents=True)
    (folder / "bulletin.html").write_text(name)
    record.write(folder)
    return record


def test_the_link_moves_in_one_step_and_the_old_run_stays(watch: Watch) -> None:
    first = swap_link(watch, _run(watch, "20261123T060000"))
    assert (first / "bulletin.html").read_text() == "20261123T060000"
    second = swap_link(watch, _run(watch, "20261123T070000"))
    assert second == first
    assert (second / "bulletin.html").read_text() == "20261123T070000"
    assert (run_folder(watch, "20261123T060000-2026-W47") / "bulletin.html").exists()
    record = published(watch, "2026-W47")
    assert record is not None
    assert record.run_id == "20261123T070000-2026-W47"
    assert [path.name for path in editions_folder(watch).iterdir() if path.name.startswith(".2026")] == []


def test_the_link_survives_moving_the_folder_of_reports(watch: Watch, tmp_path: Path) -> None:
    swap_link(watch, _run(watch, "20261123T060000"))
    moved = editions_folder(watch).rename(tmp_path / "elsewhere")
    assert (moved / "2026-W47" / "bulletin.html").exists()


def test_the_latest_run_of_a_week_is_found_whatever_became_of_it(watch: Watch) -> None:
    assert latest(watch, "2026-W47") is None
    _run(watch, "20261123T060000")
    _run(watch, "20261123T070000", RunStatus.FAILED)
    _run(watch, "20261130T060000", week="2026-W48")
    record = latest(watch, "2026-W47")
    assert record is not None
    assert record.status is RunStatus.FAILED


def test_the_index_lists_what_is_published_newest_first(watch: Watch) -> None:
    for week in ("2026-W46", "2026-W47"):
        swap_link(watch, _run(watch, "20261123T060000", week=week))
    _run(watch, "20261123T080000", RunStatus.FAILED, "2026-W48")
    page = write_index(watch).read_text()
    assert page.index("2026-W47/bulletin.html") < page.index("2026-W46/bulletin.html")
    assert "2026-W48" not in page


def test_a_broken_run_json_is_said(watch: Watch) -> None:
    folder = run_folder(watch, "20261123T060000-2026-W47")
    folder.mkdir(parents=True)
    (folder / "run.json").write_text("{")
    with pytest.raises(EditionError, match=r"is not a run\.json"):
        read_record(folder)


def test_outputs_are_all_files_but_run_json(watch: Watch) -> None:
    record = _run(watch, "20261123T060000")
    assert list(sha256_of_files(run_folder(watch, record.run_id))) == ["bulletin.html"]


def test_the_index_hides_a_confidential_name(watch: Watch, tmp_path: Path) -> None:
    (tmp_path / "terms.txt").write_text(watch.organisation, encoding="utf-8")
    swap_link(watch, _run(watch, "20261123T060000"))
    confidential = watch.confidential.model_copy(update={"terms_file": str(tmp_path / "terms.txt")})
    page = write_index(watch.model_copy(update={"confidential": confidential})).read_text()
    assert watch.organisation not in page
