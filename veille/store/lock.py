"""One lock for each kind of run, so that two cron jobs never make the same edition at once.

The operating system drops the lock with the process that held it: a killed run blocks nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from filelock import FileLock, Timeout

from veille.errors import LockedError
from veille.watch import Watch


class RunKind(StrEnum):
    """The kinds of run that must not overlap with themselves."""

    GATHER = "gather"
    EDITION = "edition"
    ALERTS = "alerts"
    PUBLISH = "publish"


@contextmanager
def lock(watch: Watch, kind: RunKind, wait_seconds: float = 0) -> Iterator[None]:
    """Hold the watch's lock of that kind for the length of a block.

    Parameters
    ----------
    watch
        The watch.
    kind
        The kind of run.
    wait_seconds
        How long to wait for another holder.

    Raises
    ------
    LockedError
        Another process holds it.
    """
    folder = watch.state_path / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    holder = FileLock(folder / f"{kind}.lock")
    try:
        holder.acquire(timeout=wait_seconds)
    except Timeout as error:
        raise LockedError(
            f"another {kind} run of the watch {watch.watch} is under way", "wait for it to end, or stop it, then try again"
        ) from error
    try:
        yield
    finally:
        holder.release()
