"""`veille erase` and `veille retain` as they are typed."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from tests.privacy.conftest import HANDLE, Memory
from veille.cli import main
from veille.mention import MENTIONS
from veille.privacy import REMOVALS
from veille.store import RunKind, lock


def command(memory: Memory, *arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments, "--watch", str(memory.watch.file)])


def test_erase_prints_how_much_was_removed_and_nothing_of_what(memory: Memory) -> None:
    done = command(memory, "erase", "--author", HANDLE, "--by", "Anne", "--json")
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    assert said["removed"]["mentions"] == 3
    assert "zorglu" not in done.output.lower()
    assert set(memory.store.load(REMOVALS)["by"]) == {"Anne"}


def test_who_is_logged_in_asks_where_nobody_is_named(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "operateur")
    assert command(memory, "erase", "--source", "social").exit_code == 0
    assert set(memory.store.load(REMOVALS)["by"]) == {"operateur"}


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--author", "@a", "--source", "presse"),
        ("--mention", "nulle"),
        ("--source", "nulle"),
        ("--author", " "),
        ("--author", "@"),
    ],
)
def test_wrong_use_removes_nothing(memory: Memory, arguments: tuple[str, ...]) -> None:
    before = len(memory.store.load(MENTIONS))
    assert command(memory, "erase", *arguments).exit_code == 2
    assert len(memory.store.load(MENTIONS)) == before


def test_retain_removes_by_age_and_waits_for_no_run(memory: Memory) -> None:
    with lock(memory.watch, RunKind.EDITION):
        assert command(memory, "retain").exit_code == 4
    done = command(memory, "retain", "--json")
    # The mentions of the test are of March 2026, the retention is 90 days: how many are past it depends on today.
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["removed"]["mentions"] == 44 - len(memory.store.load(MENTIONS))
