"""What keeps a release from its readers is said before anybody waits for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import WATCH, MakeWatch
from veille.doctor.delivering import delivery_checks


def _said(make_watch: MakeWatch, delivery: str) -> dict[str, bool]:
    return {check.name: check.ok for check in delivery_checks(make_watch(WATCH + f"delivery: {delivery}\n"))}


@pytest.mark.parametrize(
    ("delivery", "said"),
    [
        ("{}", {"readers": True}),
        ("{readers: [a@b.example], failures: [c@b.example]}", {"readers": False}),
        ("{mail: MAIL_URL, readers: [a@b.example]}", {"readers": True, "failures": False}),
        ("{mail: MAIL_URL, readers: [a@b.example], failures: [c@b.example]}", {"readers": True}),
        ("{cards: [TEAMS_URL]}", {"readers": True, "failures": False}),
    ],
)
def test_what_is_missing_is_said(make_watch: MakeWatch, delivery: str, said: dict[str, bool]) -> None:
    assert _said(make_watch, delivery) == said


def test_a_print_without_a_printer_is_said(make_watch: MakeWatch, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert _said(make_watch, "{pdf: true}") == {"readers": True, "print.pdf": False}
    browser = tmp_path / "chromium"
    browser.write_text("#!/bin/sh\n")
    browser.chmod(0o755)
    assert _said(make_watch, f"{{pdf: {tmp_path / 'partage'}}}") == {"readers": True, "print.pdf": True}
