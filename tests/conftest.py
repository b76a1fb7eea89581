"""What every test may ask for: a watch on disk with its store."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from veille.store import Store
from veille.watch import Watch, load_watch

WATCH = """\
watch: essai
organisation: Essai
timezone: Europe/Paris
subjects:
  - {id: essai, name: Essai, role: self, query: 'essai'}
"""

MakeWatch = Callable[[str], Watch]


@pytest.fixture
def make_watch(tmp_path: Path) -> MakeWatch:
    """Return a function that writes a watch.yml below the test's own folder and loads it."""

    def make(text: str = WATCH) -> Watch:
        file = tmp_path / "watch.yml"
        file.write_text(text, encoding="utf-8")
        return load_watch(file)

    return make


@pytest.fixture
def watch(make_watch: MakeWatch) -> Watch:
    """Return a watch with one subject and nothing in its store."""
    return make_watch(WATCH)


@pytest.fixture
def store(watch: Watch) -> Store:
    """Return the store of that watch."""
    return Store(watch)
