"""Documentation that cannot drift: every command, table, column and key of watch.yml is named in it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from veille.cli import main

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize("script", ["tables.py", "environment.py"])
def test_what_is_generated_is_up_to_date(script: str) -> None:
    checked = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / script), "--check"], check=False, capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stderr


def _commands(group: click.Group, prefix: str = "") -> list[tuple[str, click.Command]]:
    found: list[tuple[str, click.Command]] = []
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            found += _commands(command, f"{prefix}{name} ")
        else:
            found.append((f"{prefix}{name}", command))
    return found


@pytest.mark.parametrize(("name", "command"), _commands(main), ids=lambda value: value if isinstance(value, str) else "")
def test_every_command_and_option_is_in_the_guide(name: str, command: click.Command) -> None:
    guide = (ROOT / "docs" / "guide.md").read_text(encoding="utf-8")
    assert f"veille {name}" in guide
    section = guide.split(f"veille {name}", 1)[1]
    for parameter in command.params:
        for option in parameter.opts:
            if option.startswith("--") and option not in ("--watch", "--json", "--debug", "--help"):
                assert option in section, f"{option} of {name}"


def test_what_is_said_to_be_not_there_yet_is_not_there() -> None:
    limits = (ROOT / "docs" / "limits.md").read_text(encoding="utf-8")
    said = limits.split("## Commands that are not there yet", 1)[1].split("and the options", 1)[0]
    there = {name for name, _ in _commands(main)}
    assert set(re.findall(r"`([a-z -]+)`", said)) & there == set()


def test_every_link_between_our_documents_leads_somewhere() -> None:
    for document in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        text = document.read_text(encoding="utf-8")
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", text):
            assert (document.parent / target).exists(), f"{document.name} points to {target}"


def test_the_lock_names_no_index_and_has_a_hash_for_every_pin() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    assert "--index-url" not in lock
    pins = re.split(r"\n(?=[A-Za-z0-9])", lock.strip())
    assert len(pins) > 100
    assert all("--hash=sha256:" in pin for pin in pins)
    assert not re.search(r"^torch==|^sentence-transformers==", lock, re.M)
