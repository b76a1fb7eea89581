"""Pages to look at in a browser: the demonstration's edition, a week without mentions, and a rich bulletin made by hand."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.browser.chromium import Browser, found, required
from tests.bulletin.conftest import bulletin, poisoned  # noqa: F401 - fixtures
from veille.bulletin import compose, write
from veille.bulletin.annex import annex
from veille.bulletin.types import Bulletin
from veille.period import week
from veille.store import Store
from veille.watch import load_watch

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "data" / "demo"
WEEK = "2026-W47"
AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return a running Chromium."""
    missing = required("Chromium", bool(found()))
    if missing:
        pytest.skip(missing)
    with Browser() as running:
        yield running


@pytest.fixture(scope="session")
def axe() -> Path:
    """Return the file of axe-core, in the version that package.json names."""
    missing = required("axe-core (make test-browser installs it with npm)", AXE.exists())
    if missing:
        pytest.skip(missing)
    return AXE


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the demonstration's newest edition.

    VEILLE_DEMO names a demonstration whose edition was just made, as `make report` leaves it; without it one is made.
    """
    given = os.environ.get("VEILLE_DEMO")
    if given:
        made = (ROOT / given / "reports" / "aquilon" / WEEK).resolve()
        assert made.exists(), f"VEILLE_DEMO: {made} does not exist; run make report"
        return made
    folder = tmp_path_factory.mktemp("demo") / "demo"
    shutil.copytree(DEMO, folder, ignore=shutil.ignore_patterns("store", "state", "reports", "texts", "builder"))
    maps = [f"--map={field}={field}" for field in ("source", "source_type", "gathered_at")]
    for arguments in (
        ["import", str(folder / "mentions.jsonl.gz"), "--format", "jsonl", *maps],
        ["edition", "--week", WEEK, "--as-of", "2026-11-23T06:30"],
    ):
        command = [sys.executable, "-m", "veille", *arguments, "--watch", str(folder / "watch.yml")]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode in (0, 3), done.stderr
    return (folder / "reports" / "aquilon" / WEEK).resolve()


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an edition of the demonstration's watch of which no mention was received."""
    folder = tmp_path_factory.mktemp("empty") / "demo"
    shutil.copytree(DEMO, folder, ignore=shutil.ignore_patterns("store", "state", "reports", "texts", "builder", "*.gz"))
    watch = load_watch(folder / "watch.yml")
    store, as_of, period = Store(watch), datetime(2026, 11, 23, 5, 30, tzinfo=UTC), week(WEEK, "Europe/Paris")
    made = folder / "edition"
    write([compose(watch, store, as_of, period, run_id="r1", language=code) for code in ("fr", "en")], made)
    (made / "annex.html").write_text(annex(watch, store, as_of, period), encoding="utf-8")
    return made


@pytest.fixture(scope="session")
def rich(bulletin: Bulletin, tmp_path_factory: pytest.TempPathFactory) -> Path:  # noqa: F811 - a fixture
    """Return the folder of a bulletin that has something in every section."""
    made = tmp_path_factory.mktemp("rich")
    english = bulletin.model_copy(update={"edition": bulletin.edition.model_copy(update={"language": "en"})})
    write([bulletin, english], made)
    return made


PAGES = [f"{made}/{name}" for made in ("demonstration", "empty", "rich") for name in ("bulletin.html", "bulletin.en.html")]
MAILS = [f"{made}/mail.html" for made in ("demonstration", "empty", "rich")]
ANNEXES = [f"{made}/annex.html" for made in ("demonstration", "empty")]


@pytest.fixture
def file(request: pytest.FixtureRequest) -> Callable[[str], Path]:
    """Return the file of a name such as `empty/mail.html`."""

    def of(name: str) -> Path:
        made, _, rest = name.partition("/")
        folder: Path = request.getfixturevalue(made)
        return folder / rest

    return of
