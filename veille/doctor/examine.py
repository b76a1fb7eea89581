"""The verbs: look at everything, and mend what can be mended without a person."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from veille.doctor.alerting import alert_checks
from veille.doctor.check import Check
from veille.doctor.delivering import delivery_checks
from veille.doctor.machine import machine_checks
from veille.doctor.memory import key_file, memory_checks
from veille.doctor.models import tone_checks
from veille.doctor.outside import outside_checks
from veille.errors import VeilleError
from veille.gather import refresh_subjects
from veille.store import RunKind, Store, lock
from veille.watch import Watch, load_watch


def examine(file: Path, as_of: datetime, environment: Mapping[str, str] | None = None) -> list[Check]:
    """Look over a watch; nothing is asked over the network and nothing is written.

    Parameters
    ----------
    file
        Its watch.yml; where it cannot be read, that is the last check.
    as_of
        The present.
    environment
        Where variables are looked for; the process's own where None. Their values are not read.
    """
    checks = list(machine_checks())
    try:
        watch = load_watch(file)
    except VeilleError as error:
        return [*checks, Check("watch.yml", False, error.message, error.hint)]
    checks.append(Check("watch.yml", True, f"{len(watch.subjects)} subjects, {len(watch.sources)} sources"))
    checks += tone_checks(watch)
    store = Store(watch)
    checks += memory_checks(watch, store, as_of)
    checks += alert_checks(watch, store, as_of)
    checks += delivery_checks(watch)
    checks += outside_checks(watch, store, as_of, os.environ if environment is None else environment)
    return checks


def repair(file: Path) -> list[str]:
    """Mend what is harmless to mend: make folders, close the key to others, ask the queries of all stored mentions again.

    Returns
    -------
    list of str
        What was done, one sentence each.

    Raises
    ------
    WatchError
        watch.yml cannot be read.
    LockedError
        A gather is under way.
    StoreError
        The memory cannot be read or written.
    """
    watch = load_watch(file)
    done = [_made(folder) for folder in (watch.state_path, watch.store_path, watch.reports_path) if not folder.exists()]
    key = key_file(watch)
    if key and key.stat().st_mode & 0o077:
        key.chmod(0o600)
        done.append(f"closed {key} to others")
    return [*done, *_subjects(watch)]


def _made(folder: Path) -> str:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise VeilleError(f"{folder} cannot be made: {error.strerror}", "give the right to write there") from error
    return f"made {folder}"


def _subjects(watch: Watch) -> list[str]:
    with lock(watch, RunKind.GATHER):
        changed = refresh_subjects(watch, Store(watch), again=True)
    return [f"the subjects of {changed} mentions were wrong, and are right"] if changed else []
