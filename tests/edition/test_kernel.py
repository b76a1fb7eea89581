"""Kernels that run one step ahead: warm when they are needed, and none is left behind."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import psutil
import pytest
from jupyter_core.utils import run_sync

from veille.edition.kernel import LocalKernelManager, kernels_ahead

pytestmark = pytest.mark.slow


def kernels() -> list[psutil.Process]:
    children = [child for child in psutil.Process().children() if child.status() != psutil.STATUS_ZOMBIE]
    return [child for child in children if "ipykernel_launcher" in " ".join(child.cmdline())]


def test_the_next_kernel_runs_while_the_one_before_works_and_all_are_stopped(tmp_path: Path) -> None:
    running, sockets = [], set()
    for kernel in kernels_ahead(tmp_path, 3):
        assert kernel.has_kernel
        running.append(len(kernels()))
        sockets.add(Path(kernel.ip).parent)
    assert running == [2, 2, 1]
    assert kernels() == []
    assert len(sockets) == 3
    assert not any(folder.exists() for folder in sockets)


def fail_on(folder: Path) -> None:
    with closing(kernels_ahead(folder, 3)) as ahead:
        next(ahead)
        assert len(kernels()) == 2
        raise RuntimeError("broken")


def test_a_run_that_fails_leaves_no_kernel_behind(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="broken"):
        fail_on(tmp_path)
    assert kernels() == []


async def told_by(manager: LocalKernelManager, expressions: dict[str, str]) -> dict[str, str]:
    client = manager.client()
    client.start_channels()
    try:
        await client.wait_for_ready(timeout=60)
        reply = await client.execute("", user_expressions=expressions, reply=True, timeout=60)
    finally:
        client.stop_channels()
    return {name: value["data"]["text/plain"] for name, value in reply["content"]["user_expressions"].items()}


def test_a_warm_kernel_has_the_rooms_but_no_names(tmp_path: Path) -> None:
    asked = {"warm": "'veille.signals' in __import__('sys').modules", "named": "'veille' in globals()"}
    with closing(kernels_ahead(tmp_path, 1)) as ahead:
        assert run_sync(told_by)(next(ahead), asked) == {"warm": "True", "named": "False"}


def test_the_last_kernel_alone_prepares_what_its_notebook_would_wait_for(tmp_path: Path) -> None:
    said = []
    with closing(kernels_ahead(tmp_path, 2, last="setattr(__import__('sys'), 'prepared', True)")) as ahead:
        for kernel in ahead:
            asked = {"said": "getattr(__import__('sys'), 'prepared', False)"}
            said.append(run_sync(told_by)(kernel, asked)["said"])
    assert said == ["False", "True"]
