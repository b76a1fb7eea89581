"""Put an edition where its readers look: one link, swapped in one step, and the list of all editions."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from veille.edition.archive import archive_page
from veille.edition.record import RunRecord, RunStatus, read_record, write_whole
from veille.watch import Watch

RUNS_FOLDER = ".runs"
_DRAFT = ".draft"
PUBLISHED = (RunStatus.DONE, RunStatus.NO_DATA)


def editions_folder(watch: Watch) -> Path:
    """Return the folder of a watch's editions."""
    return watch.reports_path / watch.watch


def run_folder(watch: Watch, run_id: str) -> Path:
    """Return the folder of a run."""
    return editions_folder(watch) / RUNS_FOLDER / run_id


def published(watch: Watch, week: str) -> RunRecord | None:
    """Return the run that the link of a week points to, None where nothing is published."""
    return read_record(editions_folder(watch) / week)


def swap_link(watch: Watch, record: RunRecord) -> Path:
    """Point the link of the run's week to the run's folder, in one step; return the link."""
    return _swap(editions_folder(watch) / record.week, record)


def show(watch: Watch, record: RunRecord) -> Path:
    """Put a run where its readers look; the draft of a correction beside what was released. Return the link."""
    before = published(watch, record.week)
    if before and before.published_at is not None and record.published_at is None:
        return _swap(draft_link(watch, record.week), record)
    return swap_link(watch, record)


def _swap(link: Path, record: RunRecord) -> Path:
    temporary = link.with_name(f".{link.name}.{os.getpid()}")
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(Path(RUNS_FOLDER) / record.run_id, target_is_directory=True)
    temporary.replace(link)
    return link


def runs_folder(watch: Watch) -> Path:
    """Return the folder of a watch's runs."""
    return editions_folder(watch) / RUNS_FOLDER


def draft_link(watch: Watch, week: str) -> Path:
    """Return the link to the draft of a correction: the week's own link stays with what was released."""
    return editions_folder(watch) / f"{week}{_DRAFT}"


def free_place(watch: Watch, week: str) -> str:
    """Return the name under which the released edition of a week stays once another takes its link."""
    number = 1
    while (editions_folder(watch) / f"{week}.{number}").is_symlink():
        number += 1
    return f"{week}.{number}"


def archive_link(watch: Watch, record: RunRecord) -> Path:
    """Keep a released edition reachable beside the one that replaces it, as `<week>.1` and so on."""
    return _swap(editions_folder(watch) / free_place(watch, record.week), record)


def write_index(watch: Watch) -> Path:
    """Write the page that lists the published editions, newest first; return it."""
    folder = editions_folder(watch)
    weeks = sorted((path for path in folder.iterdir() if path.is_symlink() and "." not in path.name), reverse=True)
    linked = [(path, record) for path in weeks if (record := read_record(path))]
    write_whole(folder / "index.html", archive_page(watch, linked))
    return folder / "index.html"


def made(watch: Watch, week: str) -> RunRecord | None:
    """Return the newest run of a week that ended well, None where there is none."""
    return next((record for record in _runs(watch, week) if record.status in PUBLISHED), None)


def latest(watch: Watch, week: str) -> RunRecord | None:
    """Return the newest run of a week, whatever became of it."""
    return next(_runs(watch, week), None)


def _runs(watch: Watch, week: str) -> Iterator[RunRecord]:
    runs = runs_folder(watch)
    folders = sorted((path for path in runs.glob(f"[!.]*-{week}") if path.is_dir()), reverse=True) if runs.exists() else []
    return (record for record in map(read_record, folders) if record)
