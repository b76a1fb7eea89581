"""Put an edition where its readers look: one link, swapped in one step, and the list of all editions."""

from __future__ import annotations

import os
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from veille.edition.record import RunRecord, RunStatus, read_record, write_whole
from veille.masking import mask_terms
from veille.watch import Watch, confidential_terms

RUNS_FOLDER = ".runs"
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
    link = editions_folder(watch) / record.week
    temporary = link.with_name(f".{link.name}.{os.getpid()}")
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(Path(RUNS_FOLDER) / record.run_id, target_is_directory=True)
    temporary.replace(link)
    return link


def write_index(watch: Watch) -> Path:
    """Write the page that lists the published editions, newest first; return it."""
    folder = editions_folder(watch)
    records = [read_record(path) for path in sorted(folder.iterdir(), reverse=True) if path.is_symlink()]
    environment = Environment(loader=PackageLoader("veille.edition"), autoescape=True, undefined=StrictUndefined)
    page = environment.get_template("index.html").render(
        organisation=mask_terms(watch.organisation, confidential_terms(watch)),
        language=watch.languages[0],
        records=[record for record in records if record],
    )
    write_whole(folder / "index.html", page)
    return folder / "index.html"


def latest(watch: Watch, week: str) -> RunRecord | None:
    """Return the newest run of a week, whatever became of it."""
    runs = editions_folder(watch) / RUNS_FOLDER
    folders = sorted((path for path in runs.glob(f"*-{week}") if path.is_dir()), reverse=True) if runs.exists() else []
    return next((record for record in map(read_record, folders) if record), None)
