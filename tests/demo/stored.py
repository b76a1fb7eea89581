"""The demonstration's mentions in a store of their own, read: what slow tests of several rooms start from."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

from click.testing import CliRunner

from veille import reading
from veille.cli import main
from veille.store import Store
from veille.watch import Watch, load_watch

DEMO = Path(__file__).parents[2] / "data" / "demo"


def demonstration(folder: Path) -> tuple[Watch, Store]:
    """Return the watch and the store of a copy of the demonstration, imported and read to its end."""
    copy = folder / "demo"
    shutil.copytree(DEMO, copy, ignore=shutil.ignore_patterns("store", "state", "reports", "texts", "builder"))
    maps = [f"--map={field}={field}" for field in ("source", "source_type", "gathered_at")]
    arguments = ["import", str(copy / "mentions.jsonl.gz"), "--format", "jsonl", *maps, "--watch", str(copy / "watch.yml")]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code in (0, 3), done.output
    watch = load_watch(copy / "watch.yml")
    store = Store(watch)
    reading.read(watch, store, datetime(2026, 11, 23, 6, 30, tzinfo=UTC))
    return watch, store
