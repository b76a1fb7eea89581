"""Kernels of a run: on sockets of the file system, and each started one step ahead, so that no step waits for imports."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from pathlib import Path
from tempfile import TemporaryDirectory

from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import run_sync

# The highest rooms that a notebook works with; they bring all the lower ones.
ROOMS = ("veille.bulletin", "veille.edition")
# Imported without leaving a name behind: a notebook that forgets an import must still fail.
_WARM_UP = ";".join(f"__import__('{room}')" for room in ROOMS) + ";"


class LocalKernelManager(AsyncKernelManager):
    """A kernel manager that uses IPC where the system has it, so no ports collide; Windows has not and keeps TCP."""

    def __init__(self, **options: object) -> None:
        # A folder of its own: two kernels at once must not share sockets, and the path of a socket must be short.
        self._sockets = TemporaryDirectory(prefix="veille-")
        if sys.platform != "win32":
            options |= {"transport": "ipc", "ip": str(Path(self._sockets.name) / "kernel")}
        super().__init__(**options)

    def stop(self) -> None:
        """Stop the kernel now: what a notebook made is on disk when its end marker is."""
        run_sync(self.shutdown_kernel)(now=True)
        self._sockets.cleanup()

    async def _async_interrupt_kernel(self) -> None:
        # It interrupts a kernel before it stops it, and an idle kernel complains of that on the terminal.
        if not self.shutting_down:
            await super()._async_interrupt_kernel()


def kernels_ahead(folder: Path, count: int, *, last: str = "") -> Generator[LocalKernelManager]:
    """Yield kernels that run already; the next one starts while the one before works, and each is stopped when done with.

    Parameters
    ----------
    folder
        Where they run: folder of the run.
    count
        How many are needed.
    last
        An expression that the last of them works out as it starts: what its notebook would wait for, and no other needs.

    Notes
    -----
    A new kernel imports for three seconds on one core. Close the generator to stop those that were not used.
    """
    kernel = _started(folder, last if count == 1 else "")
    for remaining in range(count - 1, -1, -1):
        following = _started(folder, last if remaining == 1 else "") if remaining else None
        try:
            yield kernel
        except GeneratorExit:
            if following:
                following.stop()
            raise
        finally:
            kernel.stop()
        if following:
            kernel = following


def _started(folder: Path, more: str = "") -> LocalKernelManager:
    manager = LocalKernelManager(kernel_name="python3")
    # History is kept in memory: two kernels must not meet in one file of the user's.
    arguments = ["--HistoryManager.hist_file=:memory:", f"--IPKernelApp.exec_lines={_WARM_UP}{more}"]
    # Frozen modules make the debugger warn on every start.
    environment = os.environ | {"PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    run_sync(manager.start_kernel)(cwd=str(folder), extra_arguments=arguments, env=environment)
    return manager
