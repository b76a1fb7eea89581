"""A real HTTP server on loopback whose pages misbehave as told, and a watch with an empty memory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.loopback import client, impatient, server, waits
from tests.service import service
from veille.store import Store
from veille.watch import Watch, load_watch

__all__ = ["client", "impatient", "server", "service", "waits"]


@pytest.fixture
def make_watch(tmp_path: Path) -> Callable[..., Watch]:
    """Write watch.yml and read it; the same folder keeps the same memory."""

    def make(subjects: str = "[{id: nous, query: 'aquilon'}]", sources: str = "[]") -> Watch:
        (tmp_path / "watch.yml").write_text(
            f"watch: essai\norganisation: Aquilon\nsubjects: {subjects}\nsources: {sources}\n", encoding="utf-8"
        )
        return load_watch(tmp_path / "watch.yml")

    return make


@pytest.fixture
def watch(make_watch: Callable[..., Watch]) -> Watch:
    return make_watch()


@pytest.fixture
def store(watch: Watch) -> Store:
    return Store(watch)
