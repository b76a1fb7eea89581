"""Re-live a period day by day without looking ahead, and hold what was found against what really happened.

Topics and false-discovery families are of the whole watch, so that no subject can be re-lived alone and come out the same.
What can run side by side are the two steps of a day: one process brings topics up to date, another detects in the days that
are done. Both write what they found into a folder, day by day: a killed run goes on from there, and two processes find
exactly what one finds, for each day is made from what is in the folder of the days before.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from functools import cache
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from filelock import FileLock, Timeout
from threadpoolctl import threadpool_limits

import veille
from veille.errors import LockedError, StoreError, UsageError, VeilleError
from veille.period import Period
from veille.replay import days
from veille.replay.activity import ACTIVITY
from veille.replay.result import Relived
from veille.replay.scratch import Scratch, Written, keep, kept
from veille.replay.truth import Event
from veille.signals.tables import JOURNAL, SIGNALS
from veille.store import Store
from veille.topics import TopicSettings
from veille.watch import Watch

_POLL_SECONDS = 0.02
_FOLDERS_KEPT = 3


def replay(
    watch: Watch,
    store: Store,
    first: date,
    last: date,
    *,
    truth: Sequence[Event] = (),
    progress: Callable[[date], None] = lambda day: None,
    processes: int = 2,
) -> Relived:
    """Run the production verbs for each day as of its end, on a registry and a journal that begin empty.

    Parameters
    ----------
    watch, store
        The watch and its memory, which is read and never written.
    first, last
        Local days, inclusive.
    truth
        Labelled events; none leaves the scores empty.
    progress
        Told each day that is done.
    processes
        1, or 2 for topics and detection side by side; the result is the same.

    Raises
    ------
    UsageError
        The period has no day.
    LockedError
        The same replay is under way.
    StoreError
        The store cannot be read, or it or the software changed while it was re-lived.
    """
    if last < first:
        raise UsageError(f"the replay ends on {last}, before its first day {first}", "give --from and --to in order")
    root = watch.state_path / "replay"
    scratch = Scratch(watch, store, root / "state.sqlite")
    key = _said_key(watch, scratch, first)
    folder = root / key
    with _alone(folder, watch), threadpool_limits(1 if processes > 1 else None):
        _tidy(root, folder)
        out = folder / _detected_key(watch)
        for made in (folder / "said", out):
            made.mkdir(parents=True, exist_ok=True)
        needed = days.prepare(watch, scratch, last)
        span = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        for day, written in zip(span, _said(watch, scratch, folder / "said", needed, span, key, processes), strict=True):
            scratch.put(written)
            before = kept(out, day.isoformat(), days.TABLES)
            if before is None:
                keep(out, day.isoformat(), days.detected(watch, scratch, day))
            else:
                scratch.put(before)
            progress(day)
    return Relived(
        watch,
        Period(first, last, watch.timezone),
        scratch.load(SIGNALS),
        scratch.load(JOURNAL),
        scratch.load(ACTIVITY),
        tuple(truth),
    )


def _said(
    watch: Watch, scratch: Scratch, folder: Path, needed: days.Reading, span: list[date], key: str, processes: int
) -> Iterator[list[Written]]:
    """Yield what was said day by day, made here or by another process."""
    missing = any(not (folder / day.isoformat()).exists() for day in span)
    if processes < 2 or not missing:
        for day in span:
            known = kept(folder, day.isoformat(), days.TABLES)
            if known is None:
                known = days.said(watch, scratch, day, needed)
                keep(folder, day.isoformat(), known)
            yield known
        return
    # A forked copy of a process with threads may hang; a new one loads what it needs.
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    ahead = context.Process(target=say, args=(watch, folder, span, key, os.getpid(), there), daemon=True)
    ahead.start()
    there.close()
    try:
        for day in span:
            yield _awaited(ahead, here, folder, day)
    finally:
        ahead.terminate()
        ahead.join()


def _awaited(ahead: BaseProcess, failure: Connection, folder: Path, day: date) -> list[Written]:
    while True:
        over = not ahead.is_alive()
        known = kept(folder, day.isoformat(), days.TABLES)
        if known is not None:
            return known
        if over:
            raise _failed(failure)
        time.sleep(_POLL_SECONDS)


def _failed(failure: Connection) -> Exception:
    """Return what ended the other process."""
    try:
        error: Exception = failure.recv()
    except EOFError:
        return VeilleError(
            "the process that brings topics up to date was stopped", "run the replay again, it goes on from there"
        )
    return error


def say(watch: Watch, folder: Path, span: list[date], key: str, parent: int, failure: Connection) -> None:
    """Bring topics up to date for each day, in a process of its own, and keep what was written.

    Parameters
    ----------
    watch
        The watch; its store is opened anew.
    folder
        Where days are kept.
    span
        The days.
    key
        What the caller saw in the store.
    parent
        Process id of the caller: without it nobody wants the days.
    failure
        Where an error is sent.
    """
    try:
        _say(watch, folder, span, key, parent)
    except Exception as error:  # noqa: BLE001 - whatever it is, the caller tells it
        failure.send(error)


def _say(watch: Watch, folder: Path, span: list[date], key: str, parent: int) -> None:
    with threadpool_limits(1):
        scratch = Scratch(watch, Store(watch), folder / "state.sqlite")
        if _said_key(watch, scratch, span[0]) != key:
            raise StoreError(
                f"the store of {watch.watch}, or veille itself, changed while it was re-lived", "run the replay again"
            )
        needed = days.prepare(watch, scratch, span[-1])
        for day in span:
            if os.getppid() != parent:
                return
            known = kept(folder, day.isoformat(), days.TABLES)
            if known is None:
                keep(folder, day.isoformat(), days.said(watch, scratch, day, needed))
            else:
                scratch.put(known)


@contextmanager
def _alone(folder: Path, watch: Watch) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    holder = FileLock(folder / "lock")
    try:
        holder.acquire(timeout=0)
    except Timeout as error:
        raise LockedError(
            f"the same replay of the watch {watch.watch} is under way", "wait for it to end, or stop it"
        ) from error
    try:
        yield
    finally:
        holder.release()


def _tidy(root: Path, current: Path) -> None:
    """Leave the folders of the latest replays only: each holds every topic of every day."""
    os.utime(current)
    others = sorted((path for path in root.iterdir() if path.is_dir()), key=lambda path: path.stat().st_mtime)
    for old in others[:-_FOLDERS_KEPT]:
        shutil.rmtree(old, ignore_errors=True)


def _said_key(watch: Watch, scratch: Scratch, first: date) -> str:
    """Return a hash of all that what is said depends on: the watch, the data, the first day, and the software."""
    settings = TopicSettings.of(watch).fingerprint
    content = [watch.model_dump_json(exclude={"detection"}), settings, scratch.fingerprint(), first.isoformat(), _software()]
    return hashlib.sha256("\n".join(content).encode()).hexdigest()[:16]


def _detected_key(watch: Watch) -> str:
    return hashlib.sha256(watch.detection.model_dump_json().encode()).hexdigest()[:16]


@cache
def _software() -> str:
    """Return a hash of the package's files: what other software found is not gone on with."""
    root = Path(veille.__file__).parent
    content = hashlib.sha256(veille.__version__.encode())
    for file in sorted(root.rglob("*")):
        if file.suffix in (".py", ".txt", ".npz", ".csv", ".json"):
            content.update(str(file.relative_to(root)).encode() + file.read_bytes())
    return content.hexdigest()
