"""The reply check from the command line, in a real process."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from tests.commands import veille
from veille.signals import SIGNALS
from veille.store import Store
from veille.watch import load_watch

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


OWN = "https://social.example/AquilonMobilites/status/18"


@pytest.fixture
def opened(file: Path) -> Path:
    store, at = Store(load_watch(file)), datetime(2026, 11, 23, 23, 0, tzinfo=UTC)
    row = {
        "signal_id": "s1", "cutoff": at, "as_of": at, "version": "v", "subject": "aquilon", "role": "self",
        "kind": "negative_emergence", "title": "Incendies de batteries", "level": 3, "level_reason": "score", "score": 70.0,
        "score_low": 60.0, "score_high": 80.0, "window_days": 1, "stories": 7, "negative_stories": 6, "publishers": 4,
        "authors": 5, "mentions": 9, "short_history": False, "first_seen": at, "detected_at": at, "effects_ids": [],
        "effects": [], "relevance": 0.2, "evidence": [], "words": ["batterie", "incendie"],
    }  # fmt: skip
    store.merge(SIGNALS, SIGNALS.check(pd.DataFrame([row])))
    return file


def test_what_was_posted_is_journalled_once_and_followed(opened: Path) -> None:
    asked = ("check-reply", "--posted", OWN, "--signal", "s1", "--by", "Anne", "--as-of", "2026-11-24T10:00", "--json")
    first, again = (json.loads(veille(opened, *asked).stdout) for _ in range(2))
    assert (first["reply"]["new"], again["reply"]["new"]) == (True, False)
    assert first["reply"]["event"] == again["reply"]["event"]
    assert (first["reply"]["event"]["act"], first["reply"]["event"]["note"]) == ("answered", OWN)
    assert (first["reply"]["enough"], first["findings"]) == (False, [])
    plain = veille(opened, "check-reply", "--posted", "https://x.com/jeandupont/status/1", "--signal", "s1", "--by", "Anne")
    assert plain.returncode == 0
    assert "Anne a répondu en public" in plain.stdout
    assert "dupont" not in plain.stdout + veille(opened, "journal").stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "there is no draft"),
        (["--posted", OWN, "--by", "Anne"], "a reply answers a signal"),
        (["-", "--signal", "s1"], "a signal is given, and no reply"),
        (["--posted", OWN, "--signal", "s1"], "needs the name of who acts"),
        (["--posted", OWN, "--signal", "s9", "--by", "Anne"], "there is no signal s9"),
        (
            ["--posted", OWN, "--signal", "s1", "--by", "Anne", "--as-of", "2026-11-01"],
            "there is no signal s1 at that moment",
        ),
        (["--posted", OWN, "--signal", "s1", "--by", "Anne", "--posted-at", "2999-01-01"], "later than it is looked at"),
        (["--posted", "ftp://a.example/1", "--signal", "s1", "--by", "Anne"], "that is no address of a reply"),
    ],
)
def test_what_is_missing_for_a_posted_reply_is_told_in_one_sentence(opened: Path, arguments: list[str], told: str) -> None:
    ended = veille(opened, "check-reply", *arguments)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert told in ended.stderr
    assert "answered" not in veille(opened, "journal").stdout
