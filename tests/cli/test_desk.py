"""The reply check from the command line, in a real process."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.commands import veille

DEMO = Path(__file__).parents[2] / "data" / "demo"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    for name in ("watch.yml", "confidential-terms.txt"):
        shutil.copy(DEMO / name, tmp_path / name)
    return tmp_path / "watch.yml"


def test_a_draft_is_told_what_stands_against_it(file: Path, tmp_path: Path) -> None:
    draft = tmp_path / "draft.txt"
    draft.write_text("Bonjour, le Projet Borée n'est qu'un incident isolé.", "utf-8")
    ended = veille(file, "check-reply", str(draft), "--json", "--lang", "en")
    assert ended.returncode == 3
    told = json.loads(ended.stdout)
    assert told["verdict"] == "do_not_post"
    assert {"confidential", "voice", "unchecked"} <= {finding["check"] for finding in told["findings"]}
    assert "Borée" not in ended.stdout + ended.stderr
    plain = veille(file, "check-reply", str(draft))
    assert "Ne pas publier" in plain.stdout
    assert "Borée" not in plain.stdout + plain.stderr


def test_a_file_that_is_not_there_is_wrong_use(file: Path) -> None:
    ended = veille(file, "check-reply", str(file.parent / "none.txt"))
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "cannot be read" in ended.stderr
