"""Many sources at once: the dead, the slow and the lying stop none of the others, and are told."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from click.testing import CliRunner

from veille.cli import main
from veille.gather import Gathered, gather
from veille.mention import MENTIONS
from veille.sources import Client, Limits
from veille.store import Store
from veille.watch import Watch

AS_OF = datetime(2026, 11, 22, 10, tzinfo=UTC)


def feed(name: str, entries: int = 5) -> bytes:
    items = "".join(
        f"<item><title>Aquilon {name} {n}</title><link>https://{name}.example/{n}</link>"
        f"<pubDate>Fri, 20 Nov 2026 10:{n:02d}:00 +0100</pubDate></item>"
        for n in range(entries)
    )
    return f"<rss version='2.0'><channel><title>T</title>{items}</channel></rss>".encode()


def dripping(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(600):
        handler.wfile.write(b" ")
        time.sleep(0.1)


def lying(handler: BaseHTTPRequestHandler) -> None:
    body = b"<!doctype html><title>Maintenance</title><p>We are back soon"
    handler.send_response(200)
    handler.send_header("Content-Type", "application/rss+xml")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


@pytest.fixture
def dead() -> str:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{closed.getsockname()[1]}/f"


def many(server: Any, dead: str, slow: str, well: int = 17) -> str:
    urls = [server.page(f"/f{n}", feed(f"s{n}")) for n in range(well)]
    server.pages["/lying"] = lying
    return json.dumps(
        [
            {"id": f"s{n:02d}", "type": "rss", "urls": [url]}
            for n, url in enumerate([dead, slow, f"{server.address}/lying", *urls])
        ]
    )


def test_the_others_complete_in_the_time_of_the_slowest_allowed(
    make_watch: Callable[..., Watch], server: Any, dead: str
) -> None:
    server.pages["/slow"] = dripping
    limits = Limits(connect_seconds=5, read_seconds=5, attempts=3, backoff_seconds=0.01, host_interval_seconds=0)
    allowed_seconds = 2.0
    seen: list[tuple[str, str]] = []

    def gathered(watch: Watch, folder: str) -> tuple[Gathered, float]:
        seen.clear()
        own = watch.model_copy(update={"store": folder})
        started = time.monotonic()
        with Client(allow_private=True, limits=limits) as client:
            done = gather(
                own,
                Store(own),
                AS_OF,
                client=client,
                source_seconds=allowed_seconds,
                progress=lambda source, verdict: seen.append((source, verdict.value)),
            )
        return done, time.monotonic() - started

    _, without_slow = gathered(make_watch(sources=many(server, dead, server.page("/late", status=404))), "one")
    watch = make_watch(sources=many(server, dead, f"{server.address}/slow"))
    (watch.state_path / "state.sqlite").unlink()
    done, seconds = gathered(watch, "two")
    assert seconds < without_slow * 1.5 + allowed_seconds + 1
    assert (done.new, len(done.health)) == (85, 20)
    assert done.broken == ("s00", "s01", "s02")
    assert done.health["source"].tolist() == [source for source, _ in seen] == [f"s{n:02d}" for n in range(20)]
    reasons = dict(zip(done.health["source"], done.health["error"], strict=True))
    assert "cannot be read" in reasons["s00"]
    assert "did not answer within" in reasons["s01"] or "no time left" in reasons["s01"]
    assert "is no RSS or Atom feed" in reasons["s02"]
    assert len(Store(watch.model_copy(update={"store": "two"})).load(MENTIONS)) == 85


def test_the_command_ends_with_warnings(
    make_watch: Callable[..., Watch], server: Any, dead: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VEILLE_ALLOW_PRIVATE", "1")
    watch = make_watch(sources=many(server, dead, server.page("/late", status=404), well=2))
    done = CliRunner().invoke(main, ["gather", "--watch", str(watch.file), "--json"])
    assert done.exit_code == 3
    told = json.loads(done.stdout)
    assert told["new"] == 10
    assert [warning.split(":")[0] for warning in told["warnings"]] == ["source s00", "source s01", "source s02"]
