"""One run of a kind at a time, and no lock that outlives its process."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from veille.errors import LockedError
from veille.store import RunKind, lock
from veille.watch import Watch

HOLD = """
import sys, time
from veille.store import RunKind, lock
from veille.watch import load_watch
with lock(load_watch(sys.argv[1]), RunKind.EDITION):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_run_of_the_kind_is_refused_and_another_kind_is_not(watch: Watch) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(watch.file)], stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(LockedError, match="another edition run"), lock(watch, RunKind.EDITION):
            pass
        with lock(watch, RunKind.GATHER):
            pass
    finally:
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    with lock(watch, RunKind.EDITION):
        pass


def test_the_lock_goes_with_its_block(watch: Watch) -> None:
    with pytest.raises(ValueError, match="inside"), lock(watch, RunKind.GATHER):
        raise ValueError("inside")
    with lock(watch, RunKind.GATHER):
        pass
