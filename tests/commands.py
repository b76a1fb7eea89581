"""The command line in real processes, forked from one that has imported it: the import takes longer than most commands."""

from __future__ import annotations

import atexit
import json
import os
import runpy
import signal
import subprocess
import sys
import tempfile
import threading
import traceback
from functools import cache
from pathlib import Path
from typing import Any

_SECONDS = 120


def veille(file: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `veille … --watch FILE`; see `run`."""
    return run(*arguments, "--watch", str(file), **environment)


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `veille …` as `python -m veille` would, and return how it ended and what it wrote.

    Parameters
    ----------
    environment
        Variables besides those of the test.
    """
    with tempfile.TemporaryDirectory() as folder:
        out, err = Path(folder) / "out", Path(folder) / "err"
        asked = {
            "arguments": arguments,
            "environment": {**os.environ, **environment},
            "folder": str(Path.cwd()),
            "out": str(out),
            "err": str(err),
        }
        server, turn = _server()
        with turn:
            assert server.stdin is not None
            assert server.stdout is not None
            server.stdin.write(json.dumps(asked) + "\n")
            server.stdin.flush()
            ended = server.stdout.readline()
        if not ended:
            raise RuntimeError("the command line cannot be imported: the reason is on standard error")
        return subprocess.CompletedProcess(
            arguments, int(ended), out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8")
        )


@cache
def _server() -> tuple[subprocess.Popen[str], threading.Lock]:
    """Return the process that forks, one for each process of tests, and who may speak to it."""
    server = subprocess.Popen([sys.executable, "-P", __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def end() -> None:
        # It ends with its input.
        server.communicate()

    atexit.register(end)
    return server, threading.Lock()


def _serve() -> None:
    import veille.cli

    assert veille.cli.main.commands
    for line in sys.stdin:
        child = os.fork()
        if not child:
            _become(json.loads(line))
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _become(asked: dict[str, Any]) -> None:
    code: object = 0
    try:
        signal.alarm(_SECONDS)
        os.chdir(asked["folder"])
        os.environ.clear()
        os.environ.update(asked["environment"])
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(os.open(asked["out"], os.O_WRONLY | os.O_CREAT, 0o600), 1)
        os.dup2(os.open(asked["err"], os.O_WRONLY | os.O_CREAT, 0o600), 2)
        sys.argv = ["veille", *asked["arguments"]]
        runpy.run_module("veille", run_name="__main__", alter_sys=True)
    except SystemExit as end:
        code = end.code
    except BaseException:  # noqa: BLE001 - as Python itself ends
        traceback.print_exc()
        code = 1
    if isinstance(code, str):
        sys.stderr.write(code)
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(int(code) if isinstance(code, int) else 0)


if __name__ == "__main__":
    _serve()
