"""A gather that is killed, wherever, and started again: no mention is lost, none is doubled, counters are not either."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from veille.gather import gather
from veille.mention import ENGAGEMENT, MENTIONS
from veille.sources import Client, Limits
from veille.store import Store
from veille.store.state import State
from veille.watch import Watch, load_watch

AS_OF = datetime(2026, 11, 22, 10, tzinfo=UTC)
SOURCES, ENTRIES = 3, 12
LIMITS = Limits(host_interval_seconds=0, backoff_seconds=0.01)


class KilledError(BaseException):
    """What a killed process would never say."""


def feed(source: int, entries: int = ENTRIES) -> bytes:
    # Two sources tell every fourth story at the same address.
    items = "".join(
        f"<item><title>Aquilon {source} {n}</title><link>https://example.org/{n if n % 4 == 0 else f'{source}-{n}'}</link>"
        f"<slash:comments>{n}</slash:comments><pubDate>Fri, 20 Nov 2026 10:{n % 60:02d}:00 +0100</pubDate></item>"
        for n in range(entries)
    )
    space = "xmlns:slash='http://purl.org/rss/1.0/modules/slash/'"
    return f"<rss version='2.0' {space}><channel><title>T</title>{items}</channel></rss>".encode()


def written(folder: Path, urls: list[str]) -> Watch:
    folder.mkdir(parents=True, exist_ok=True)
    sources = json.dumps([{"id": f"s{n}", "type": "rss", "urls": [url]} for n, url in enumerate(urls)])
    (folder / "watch.yml").write_text(
        f"watch: essai\norganisation: Aquilon\nsubjects: [{{id: nous, query: aquilon}}]\nsources: {sources}\n", encoding="utf-8"
    )
    return load_watch(folder / "watch.yml")


def memory(watch: Watch) -> tuple[list[Any], list[Any]]:
    store = Store(watch)
    mentions = store.load(MENTIONS, ["mention_id", "source", "title", "published_at", "replies"])
    engagement = store.load(ENGAGEMENT, ["mention_id", "replies"])
    return mentions.to_numpy().tolist(), engagement.drop_duplicates().to_numpy().tolist()


@pytest.fixture
def urls(server: Any) -> list[str]:
    return [server.page(f"/f{n}", feed(n), ETag=f'"{n}"') for n in range(SOURCES)]


@pytest.fixture
def undisturbed(urls: list[str], tmp_path: Path) -> tuple[list[Any], list[Any]]:
    """Return what a gather remembers that nobody killed."""
    watch = written(tmp_path, urls)
    with Client(allow_private=True, limits=LIMITS) as client:
        gather(watch, Store(watch), AS_OF, client=client)
    return memory(watch)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kills=st.lists(st.integers(0, 20), min_size=1, max_size=3))
def test_whatever_write_it_dies_at(
    kills: list[int],
    urls: list[str],
    undisturbed: tuple[list[Any], list[Any]],
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    watch = written(tmp_path_factory.mktemp("two"), urls)
    with Client(allow_private=True, limits=LIMITS) as client:
        for kill in kills:
            with monkeypatch.context() as patched:
                _die_at(patched, kill)
                try:
                    gather(watch, Store(watch), AS_OF, client=client)
                except KilledError:
                    continue
        gather(watch, Store(watch), AS_OF + timedelta(hours=1), client=client)
    assert memory(watch) == undisturbed


def _die_at(patched: pytest.MonkeyPatch, write: int) -> None:
    """Die before or after the write of that number, whether to a table or to the small state."""
    count = iter(range(10_000))

    def dying(original: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            if next(count) == write:
                raise KilledError
            result = original(*arguments, **named)
            if next(count) == write:
                raise KilledError
            return result

        return call

    patched.setattr(Store, "merge", dying(Store.merge))
    patched.setattr(State, "put", dying(State.put))


@pytest.mark.slow
def test_whenever_the_process_is_killed(server: Any, tmp_path: Path) -> None:
    def slowly(body: bytes) -> Callable[[Any], None]:
        def answer(handler: Any) -> None:
            handler.send_response(200)
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            for start in range(0, len(body), 2000):
                handler.wfile.write(body[start : start + 2000])
                time.sleep(0.01)

        return answer

    urls = []
    for number in range(SOURCES):
        server.pages[f"/f{number}"] = slowly(feed(number))
        urls.append(f"{server.address}/f{number}")
    undisturbed, watch = written(tmp_path / "one", urls), written(tmp_path / "two", urls)
    command = [sys.executable, "-m", "veille", "gather", "--watch"]
    environment = os.environ | {"VEILLE_ALLOW_PRIVATE": "1"}
    assert subprocess.run([*command, str(undisturbed.file)], env=environment, check=False).returncode == 0
    chance = random.Random(20261122)
    for _ in range(8):
        running = subprocess.Popen([*command, str(watch.file)], env=environment)
        time.sleep(chance.uniform(1.0, 8.0))
        running.send_signal(signal.SIGKILL)
        running.wait()
    assert subprocess.run([*command, str(watch.file)], env=environment, check=False).returncode == 0
    assert memory(watch) == memory(undisturbed)
