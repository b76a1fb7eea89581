"""`veille init` as a script and as a person at a terminal use it, in real processes."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests import commands
from veille.watch import load_watch


def init(*arguments: str) -> subprocess.CompletedProcess[str]:
    return commands.run("init", *arguments)


def test_a_file_alone_needs_no_network(tmp_path: Path) -> None:
    done = init(str(tmp_path / "w"), "--name", "Aquilon", "--query", "aquilon", "--no-gather", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["watch_file"] == str(tmp_path / "w" / "watch.yml")
    assert told["query"] == "aquilon"
    assert told["proposed_query"] is None
    assert {"id": "lemonde", "type": "rss", "enabled": True, "reason": None} in told["sources"]
    assert load_watch(told["watch_file"]).watch == "aquilon"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--query", "a"], "--name is missing"),
        (["--name", "A"], "--query is missing"),
        (["--name", "A", "--yes"], "--query is missing"),
        (["--name", "A", "--query", "a~2", "--no-gather"], "fuzzy"),
        (["--name", "A", "--query", "a", "--site", "ftp://x", "--no-gather"], "is not the address of a site"),
        (["--name", "A", "--query", "a", "--feeds", "nowhere.yml", "--no-gather"], "nowhere.yml"),
    ],
)
def test_wrong_use_writes_nothing(tmp_path: Path, arguments: list[str], words: str) -> None:
    done = init(str(tmp_path / "w"), *arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "w").exists()


def test_a_watch_that_is_there_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "watch.yml").write_text("mine", encoding="utf-8")
    done = init(str(tmp_path), "--name", "A", "--query", "a", "--no-gather")
    assert done.returncode == 2
    assert "is there already" in done.stderr
    assert (tmp_path / "watch.yml").read_text(encoding="utf-8") == "mine"


def test_a_person_is_asked_for_what_is_missing(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "veille", "init", str(tmp_path / "w"), "--no-gather"],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=theirs,
        text=True,
    )
    os.close(theirs)
    said = b""
    for question, answer in ((b"Name of", b"Aquilon\n"), (b"Which mentions", b"aquilon OR @aquilon\n"), (b"Its site", b"\n")):
        while question not in said:
            said += os.read(ours, 1000)
        os.write(ours, answer)
    out, _ = process.communicate(timeout=60)
    os.close(ours)
    assert process.returncode == 0, said
    assert "watch.yml" in out
    assert load_watch(tmp_path / "w" / "watch.yml").subjects[0].query == "aquilon OR @aquilon"
