"""Pages to look at in a browser: the demonstration's edition, a week without mentions, and a rich bulletin made by hand."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.browser.chromium import Browser, found, required
from tests.bulletin.conftest import bulletin, poisoned  # noqa: F401 - fixtures
from veille.bulletin import compose, sheets, write
from veille.bulletin.annex import annex
from veille.bulletin.types import Bulletin
from veille.period import week
from veille.signals import SIGNALS, acknowledge, close, decide, learn
from veille.store import Store
from veille.watch import Strategy, Voice, Watch, load_watch

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


@pytest.fixture(scope="session")
def desk(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the pages of the desk: briefs of the demonstration, crowded and bare, and its three reports."""
    folder = tmp_path_factory.mktemp("desk") / "demo"
    # The demonstration's own store is not written to.
    shutil.copytree(demonstration.parents[3], folder, symlinks=True, ignore=shutil.ignore_patterns("texts", "builder", "*.gz"))
    watch = load_watch(folder / "watch.yml")
    store, as_of, made = Store(watch), datetime(2026, 11, 23, 5, 30, tzinfo=UTC), folder / "pages"
    rows = store.load(SIGNALS)
    signal_id = str(rows.loc[(rows["level"] == 4) & (rows["role"] == "self"), "signal_id"].iloc[0])

    def keep(name: str, files: tuple[Path, ...]) -> None:
        made.mkdir(exist_ok=True)
        for file, ending in zip(files, (".html", ".en.html"), strict=True):
            shutil.copy(file, made / f"{name}{ending}")

    keep("brief", sheets.write_brief(watch, store, as_of, occasion="plateau 25 nov.").files)
    keep("crowded", sheets.write_brief(crowded(watch), store, as_of + timedelta(minutes=1), occasion="mot " * 40).files)
    keep("first", sheets.write_sitrep(watch, store, as_of, signal_id).written.files)
    acknowledge(store, signal_id, as_of, "Directrice de la communication")
    keep("later", sheets.write_sitrep(watch, store, as_of + timedelta(hours=1), signal_id).written.files)
    for name in ("Directrice de la communication", "Direction générale"):
        decide(store, signal_id, as_of + timedelta(hours=2), name, "Suspendre le service et informer le public. " * 3)
    learn(store, signal_id, as_of + timedelta(hours=3), "Direction générale", "Avoir un message prêt sur les batteries. " * 5)
    close(store, signal_id, as_of + timedelta(hours=3), "Direction générale", "Service rétabli. " * 9)
    keep("closing", sheets.write_sitrep(watch, store, as_of + timedelta(hours=4), signal_id).written.files)
    bare = watch.model_copy(
        update={"messages": (), "rules": (), "voice": Voice(), "calendar": (), "strategy": Strategy(), "store": "none"}
    )
    keep("bare", sheets.write_brief(bare, Store(bare), as_of + timedelta(minutes=2)).files)
    return made


def crowded(watch: Watch) -> Watch:
    """Return a watch of many and long words, each as long as a page shows any."""
    long = "Une phrase longue qui dit beaucoup de choses utiles à qui doit parler en public dans cinq minutes. " * 4
    messages = [
        message.model_copy(update={"question": long, "answer": long, "proofs": (long[:90],)}) for message in watch.messages
    ]
    rules = [rule.model_copy(update={"title": long, "duty": long}) for rule in watch.rules]
    many = [message.model_copy(update={"id": f"{message.id}-{n}"}) for n in range(4) for message in messages]
    calendar = [entry.model_copy(update={"title": long}) for entry in watch.calendar]
    strategy = watch.strategy.model_copy(
        update={
            part: tuple(item.model_copy(update={"title": long}) for item in getattr(watch.strategy, part))
            for part in ("objectives", "decisions", "red_lines")
        }
    )
    people = [person.model_copy(update={"name": f"{person.name} et de tout ce qui en dépend"}) for person in watch.people]
    voice = Voice(values=(long,), tone=long, never=tuple(long.split(" ")[:40]))
    return watch.model_copy(
        update={
            "messages": tuple(many), "rules": tuple(rules), "calendar": tuple(calendar), "strategy": strategy,
            "people": tuple(people), "voice": voice,
        }
    )  # fmt: skip


PAGES = [f"{made}/{name}" for made in ("demonstration", "empty", "rich") for name in ("bulletin.html", "bulletin.en.html")]
MAILS = [f"{made}/mail.html" for made in ("demonstration", "empty", "rich")]
SHEETS = [
    f"desk/{name}{ending}"
    for name in ("brief", "crowded", "first", "later", "closing", "bare")
    for ending in (".html", ".en.html")
]
ANNEXES = [f"{made}/annex.html" for made in ("demonstration", "empty")]


@pytest.fixture
def file(request: pytest.FixtureRequest) -> Callable[[str], Path]:
    """Return the file of a name such as `empty/mail.html`."""

    def of(name: str) -> Path:
        made, _, rest = name.partition("/")
        folder: Path = request.getfixturevalue(made)
        return folder / rest

    return of
