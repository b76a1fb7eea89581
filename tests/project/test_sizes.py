"""Modules stay small enough to be read at one sitting."""

from __future__ import annotations

from pathlib import Path
from statistics import median

ROOT = Path(__file__).parent.parent.parent


def test_no_module_is_above_400_lines_and_half_are_under_150() -> None:
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in sorted((ROOT / "veille").rglob("*.py"))}
    assert {path.name: count for path, count in lines.items() if count > 400} == {}
    assert median(lines.values()) < 150
