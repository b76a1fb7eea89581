"""The brief and the situation report from the command line, in a real process."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands import veille
from tests.desk.conftest import Change, change, demo, demo_file, told  # noqa: F401 - fixtures
from veille.store import Store

NOW = "2026-11-24T10:00"


@pytest.fixture
def file(demo_file: Path, told: Store) -> Path:  # noqa: F811
    return demo_file


def test_a_brief_is_made_for_an_occasion(file: Path) -> None:
    ended = veille(file, "brief", "--for", "plateau 25 nov.", "--as-of", NOW, "--json")
    assert ended.returncode == 0, ended.stderr
    said = json.loads(ended.stdout)
    assert {"file", "files", "marking", "level", "questions", "unchecked"} <= said.keys()
    assert (said["level"], said["unchecked"]) == (4, [])
    page = Path(said["file"])
    assert page == file.parent / "reports" / "aquilon" / "desk" / "brief-2026-11-24T1000" / "brief.html"
    assert "plateau 25 nov." in page.read_text("utf-8")
    assert len(said["files"]) == 2


def test_what_cannot_be_checked_makes_a_warning(file: Path) -> None:
    text = file.read_text("utf-8")
    begin, end = text.index("messages:\n"), text.index("accounts:\n")
    file.write_text(text[:begin] + text[end:], "utf-8")
    ended = veille(file, "brief", "--as-of", NOW)
    assert ended.returncode == 3
    assert "watch.yml n’a pas de messages" in ended.stderr
    assert "brief.html" in ended.stdout


def test_an_audience_that_is_not_there_is_wrong_use(file: Path) -> None:
    ended = veille(file, "brief", "--audience", "presse")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "audiences are direction, public" in ended.stderr


def test_a_second_report_knows_the_first(file: Path) -> None:
    first = json.loads(veille(file, "sitrep", "s1", "--as-of", NOW, "--by", "dircom", "--json").stdout)
    ended = veille(file, "sitrep", "s1", "--as-of", "2026-11-24T11:00", "--json")
    second = json.loads(ended.stdout)
    assert (first["kind"], first["number"], first["level"]) == ("sitrep", 1, 4)
    assert first["next_at"] == "2026-11-24T10:00:00+00:00"
    assert (second["number"], second["changed"]) == (2, 0)
    # Nothing was looked at in between: that is no calm.
    assert ended.returncode == 3
    assert len(second["unchecked"]) == 1
    journal = veille(file, "journal").stdout
    assert "reported  Directrice de la communication  sitrep 1" in journal
    assert "reported  veille  sitrep 2" in journal


def test_a_lesson_is_kept_under_a_name_and_shown_once_the_signal_is_closed(file: Path) -> None:
    for who in ("dircom", "dg"):
        assert veille(file, "decide", "s1", "--by", who, "--decision", "Suspendre").returncode == 0
    assert veille(file, "close", "s1", "--by", "dg").returncode == 0
    nameless = veille(file, "sitrep", "s1", "--lesson", "Avoir un message prêt")
    assert nameless.returncode == 2
    assert "--by" in nameless.stderr
    ended = veille(file, "sitrep", "s1", "--lesson", "Avoir un message prêt", "--by", "dircom", "--json")
    said = json.loads(ended.stdout)
    assert (said["kind"], said["next_at"]) == ("closing", None)
    assert "Avoir un message prêt" in Path(said["file"]).read_text("utf-8")


@pytest.mark.parametrize(("signal", "sentence"), [("s2", "is at level 2"), ("nope", "there is no signal nope")])
def test_a_signal_that_is_not_reported_is_wrong_use(file: Path, signal: str, sentence: str) -> None:
    ended = veille(file, "sitrep", signal, "--as-of", NOW)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert sentence in ended.stderr
