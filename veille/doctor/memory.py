"""Checks of what a watch remembers: folders, key, tables, subjects, locks, and the file of confidential terms."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path

import pandas as pd

import veille
from veille.contract import Table
from veille.doctor.check import Check
from veille.doctor.machine import disk_check, existing
from veille.edition import RunStatus
from veille.edition.publish import RUNS_FOLDER, editions_folder
from veille.edition.record import RUN_FILE, read_record
from veille.errors import LockedError, VeilleError
from veille.gather import SOURCE_HEALTH, subjects_are_fresh
from veille.store import RunKind, Store, lock
from veille.watch import Watch, confidential_terms

LONGEST_RUN = timedelta(hours=6)
"""Longest time that a run is believed to be alive."""
KEY_FILE = "pseudonym.key"


def memory_checks(watch: Watch, store: Store, as_of: datetime) -> Iterator[Check]:
    """Yield the checks of the folders and tables of a watch; nothing is left behind by them."""
    for name, folder in (("state", watch.state_path), ("store", watch.store_path), ("reports", watch.reports_path)):
        yield folder_check(f"folder {name}", folder)
    yield disk_check(watch.store_path)
    yield _key(watch)
    yield from _tables(store)
    yield _subjects(watch, store)
    for kind in RunKind:
        yield _lock(watch, store, kind, as_of)
    yield _terms(watch)


def all_tables() -> list[Table]:
    """Return every table that a room declares, by name."""
    package = Path(veille.__file__).parent
    files = sorted(package.rglob("tables.py"))
    modules = [".".join(("veille", *file.relative_to(package).with_suffix("").parts)) for file in files]
    members = [member for name in ("veille.mention", *modules) for member in vars(import_module(name)).values()]
    return sorted({table.name: table for table in members if isinstance(table, Table)}.values(), key=lambda table: table.name)


def folder_check(name: str, folder: Path) -> Check:
    """Say whether a folder can be written to, or made."""
    if not folder.exists():
        place = existing(folder)
        good = os.access(place, os.W_OK)
        return Check(name, good, f"{folder} is made by the first run", "" if good else f"give the right to write in {place}")
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".doctor-"):
            return Check(name, True, str(folder))
    except OSError as error:
        why = error.strerror or type(error).__name__
        return Check(
            name, False, f"{folder} cannot be written to: {why}", "give the user of the schedule the right to write there"
        )


def key_file(watch: Watch) -> Path | None:
    """Return where the key of the pseudonyms is kept; None where it is in the environment, or was not made yet."""
    file = watch.state_path / KEY_FILE
    return file if not watch.privacy.key and file.exists() else None


def _key(watch: Watch) -> Check:
    if watch.privacy.key:
        return Check("key", True, f"in the variable {watch.privacy.key}")
    file = key_file(watch)
    if file is None:
        return Check("key", True, "made at the first write")
    mode = stat.S_IMODE(file.stat().st_mode)
    good = not mode & 0o077
    mend = "" if good else f"others may read it: chmod 600 {file}, or veille doctor --repair"
    return Check("key", good, f"{file} has mode {mode:04o}", mend)


def _tables(store: Store) -> Iterator[Check]:
    for table in all_tables():
        try:
            rows = len(store.load(table))
        except VeilleError as error:
            yield Check(f"table {table.name}", False, error.message, error.hint or "restore it from a backup")
        else:
            yield Check(f"table {table.name}", True, f"{rows} rows")


def _subjects(watch: Watch, store: Store) -> Check:
    try:
        good = subjects_are_fresh(watch, store)
    except VeilleError as error:
        return Check("subjects", False, error.message, error.hint)
    found = "as the queries of watch.yml say" if good else "the queries changed since the last gather"
    return Check("subjects", good, found, "" if good else "run veille gather, or veille doctor --repair")


def _lock(watch: Watch, store: Store, kind: RunKind, as_of: datetime) -> Check:
    # A lock dies with the process that holds it: one that is held for hours is a run that hangs.
    name = f"lock {kind}"
    file = watch.state_path / "locks" / f"{kind}.lock"
    if not file.exists():
        return Check(name, True, "free")
    since = _held_since(watch, store, kind, file)
    try:
        with lock(watch, kind):
            return Check(name, True, "free")
    except LockedError:
        pass
    except OSError as error:
        return Check(name, False, f"{file} cannot be opened: {error.strerror}", "give the right to write there")
    good = as_of - since < LONGEST_RUN
    found = f"a {kind} run is under way, since {since:%Y-%m-%d %H:%M} UTC or later"
    hours = LONGEST_RUN // timedelta(hours=1)
    return Check(name, good, found, "" if good else f"it has taken more than {hours} hours: find and stop it (fuser {file})")


def _held_since(watch: Watch, store: Store, kind: RunKind, file: Path) -> datetime:
    touched = datetime.fromtimestamp(file.stat().st_mtime).astimezone()
    if kind is RunKind.GATHER:
        # Whoever tries the lock touches its file; the last gather that ended does not move.
        try:
            last = store.load(SOURCE_HEALTH, ["at"])["at"].max()
        except VeilleError:
            return touched
        return touched if pd.isna(last) else min(touched, last.to_pydatetime())
    if kind is RunKind.EDITION:
        records = [read_record(run.parent) for run in (editions_folder(watch) / RUNS_FOLDER).glob(f"*/{RUN_FILE}")]
        running = [record.started_at for record in records if record and record.status is RunStatus.RUNNING]
        return min([touched, *running])
    return touched


def _terms(watch: Watch) -> Check:
    if watch.confidential_path is None:
        return Check("confidential terms", True, "none are named")
    try:
        return Check("confidential terms", True, f"{len(confidential_terms(watch))} terms")
    except VeilleError as error:
        return Check("confidential terms", False, error.message, error.hint)
