"""Drafts as an edition leaves them, without running its notebooks, and real servers on loopback to send to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.alerts.conftest import Hook, Mailer, hook, mailer
from tests.bulletin.conftest import bulletin, hostile, poisoned
from veille.bulletin import Bulletin, write
from veille.edition.publish import run_folder, show, write_index
from veille.edition.record import RunRecord, RunStatus, sha256_of_files
from veille.store import Store
from veille.watch import Watch, load_watch

WEEK = "2026-W47"
MONDAY = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
"""Half past seven in Paris: an hour before the edition is due."""

WATCH = """\
watch: aquilon
organisation: Aquilon Mobilités
languages: [fr, en]
timezone: Europe/Paris
subjects:
  - {id: aquilon, name: Aquilon Mobilités, role: self, query: 'aquilon'}
people: [{id: ana, name: Ana Lyste}]
delivery:
  mail: MAIL_URL
  readers: [comite@aquilon.example, direction@aquilon.example]
  failures: [exploitation@aquilon.example]
"""

Draft = Callable[..., RunRecord]


@pytest.fixture
def released_watch(tmp_path: Path) -> Watch:
    (tmp_path / "watch.yml").write_text(WATCH, encoding="utf-8")
    return load_watch(tmp_path / "watch.yml")


@pytest.fixture
def memory(released_watch: Watch) -> Store:
    return Store(released_watch)


@pytest.fixture
def draft(released_watch: Watch, bulletin: Bulletin) -> Draft:
    """Return a function that leaves a run as an edition does: its files, run.json, and its link."""

    def draft(at: datetime = MONDAY, changed: Bulletin | None = None, status: RunStatus = RunStatus.DONE) -> RunRecord:
        run_id = f"{at:%Y%m%dT%H%M%S%f}-{WEEK}"
        record = RunRecord(
            run_id=run_id, watch="aquilon", week=WEEK, as_of=MONDAY, status=status, started_at=at, ended_at=at,
            error="step topics: ValueError, écrire à jean@exemple.fr" if status is RunStatus.FAILED else None,
        )  # fmt: skip
        folder = run_folder(released_watch, run_id)
        folder.mkdir(parents=True)
        if status is RunStatus.DONE:
            first = changed or bulletin
            twin = first.model_copy(update={"edition": first.edition.model_copy(update={"language": "en"})})
            write([first, twin], folder)
            (folder / "annex.html").write_text("annexe", encoding="utf-8")
            record = record.model_copy(update={"outputs_sha256": sha256_of_files(folder)})
        record.write(folder)
        if status is RunStatus.DONE:
            show(released_watch, record)
            write_index(released_watch)
        return record

    return draft


__all__ = ["Hook", "Mailer", "bulletin", "hook", "hostile", "mailer", "poisoned"]
