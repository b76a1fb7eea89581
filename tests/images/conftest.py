"""Mentions with pictures, served by a real server on loopback."""

from __future__ import annotations

import importlib.util
import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.loopback import Server, server
from veille.gather.rows import mentions_frame
from veille.mention import MENTIONS, Mention
from veille.sources import Client, Limits
from veille.store import Store
from veille.watch import Watch, load_watch

__all__ = ["server"]

AS_OF = datetime(2026, 11, 22, 10, tzinfo=UTC)


@pytest.fixture(scope="session")
def drawn() -> ModuleType:
    spec = importlib.util.spec_from_file_location("pictures", Path(__file__).parents[1] / "quality" / "pictures.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20261122)


@pytest.fixture
def client() -> Iterator[Client]:
    with Client(allow_private=True, limits=Limits(attempts=1, read_seconds=2, host_interval_seconds=0, bytes=300_000)) as made:
        yield made


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Watch]:
    """Write watch.yml and read it; the same folder keeps the same memory."""

    def write(images: str = "{fetch: true}", more: str = "") -> Watch:
        (tmp_path / "watch.yml").write_text(
            "watch: essai\norganisation: Aquilon\nlanguages: [fr, en]\nsubjects: [{id: nous, query: aquilon}]\n"
            f"images: {images}\n{more}",
            encoding="utf-8",
        )
        return load_watch(tmp_path / "watch.yml")

    return write


@pytest.fixture
def watch(make: Callable[..., Watch]) -> Watch:
    return make()


@pytest.fixture
def tell(tmp_path: Path) -> Callable[..., None]:
    """Store mentions that show pictures, an hour after each other; each is (id, publisher, addresses)."""

    def store_them(watch: Watch, *told: tuple[str, str, list[str]], days_ago: float = 2, text: str = "") -> None:
        rows = [
            Mention(
                "presse",
                "rss",
                text or f"aquilon {name}",
                published_at=AS_OF - timedelta(days=days_ago) + timedelta(hours=place),
                gathered_at=AS_OF - timedelta(hours=1),
                native_id=name,
                publisher=publisher,
                media=media,
            )
            for place, (name, publisher, media) in enumerate(told)
        ]
        store = Store(watch)
        store.merge(MENTIONS, mentions_frame(rows, watch, store.key))

    return store_them


def png(image: Image.Image, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, options.pop("format", "PNG"), **options)
    return buffer.getvalue()


@pytest.fixture
def show(server: Server) -> Callable[..., str]:
    """Serve bytes or a picture, and return the address."""

    def page(path: str, content: bytes | Image.Image, **options: Any) -> str:
        return server.page(path, content if isinstance(content, bytes) else png(content), **options)

    return page
