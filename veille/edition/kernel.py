"""Kernels that speak through sockets of the file system: no ports to collide on, nothing to listen to on the network."""

from __future__ import annotations

import sys

from jupyter_client.manager import AsyncKernelManager


class LocalKernelManager(AsyncKernelManager):
    """A kernel manager that uses IPC where the system has it; Windows has not and keeps TCP."""

    def __init__(self, **options: object) -> None:
        if sys.platform != "win32":
            options.setdefault("transport", "ipc")
        super().__init__(**options)
