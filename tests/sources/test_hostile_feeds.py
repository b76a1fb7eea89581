"""Feeds that want to harm: bombs, endless bodies, loops. Each is bounded in time and memory, and told as the feed's failure."""

from __future__ import annotations

import gzip
import time
import tracemalloc
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from veille.errors import SourceError
from veille.sources import Client, Fetched, Limits, RssSource, parse_feed
from veille.watch import SourceSpec

AS_OF = datetime(2026, 11, 22, tzinfo=UTC)
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
BOMB = f"""<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "ha ">{LAUGHS}]>
<rss version="2.0"><channel><title>T</title><item><title>&l11;</title><description>texte</description></item></channel></rss>"""
QUADRATIC = f"""<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "{"x" * 50_000}">]>
<rss version="2.0"><channel><title>T</title><item><title>t</title>
<description>{"&a;" * 5_000}</description></item></channel></rss>"""
OUTSIDE = """<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]>
<rss version="2.0"><channel><title>T</title><item><title>t</title><description>[&a;]</description></item></channel></rss>"""


def fetched(client: Client, url: str) -> Fetched:
    return RssSource("UTC").fetch(SourceSpec.model_validate({"id": "a", "type": "rss", "urls": [url]}), {}, AS_OF, client)


@pytest.mark.parametrize("bomb", [BOMB, QUADRATIC])
def test_an_entity_bomb_is_defused(bomb: str) -> None:
    tracemalloc.start()
    started = time.monotonic()
    try:
        feed = parse_feed(bomb.encode(), source="a")
    except SourceError:
        feed = None
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert time.monotonic() - started < 20
    assert peak < 300 * 1024 * 1024
    assert feed is None or all(len(mention.text) + len(mention.title) < 2_000_000 for mention in feed.mentions)


def test_files_of_this_machine_do_not_come_in_by_entities() -> None:
    assert all("root:" not in mention.text for mention in parse_feed(OUTSIDE.encode(), source="a").mentions)


def test_fifty_megabytes_are_not_read(server: Any, client: Client) -> None:
    sent = 0

    def flood(handler: BaseHTTPRequestHandler) -> None:
        nonlocal sent
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        chunk = b"x" * 65_536
        for _ in range(800):
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
            sent += len(chunk)

    server.pages["/flood"] = flood
    with Client(allow_private=True, limits=Limits(host_interval_seconds=0, attempts=1)) as ordinary:
        done = fetched(ordinary, f"{server.address}/flood")
    assert "answers more than 20480 kB" in done.errors[0]
    assert sent < 40_000_000


def test_a_small_answer_that_unpacks_to_much_is_not_read(server: Any) -> None:
    packed = gzip.compress(b"\0" * 60_000_000)
    assert len(packed) < 100_000
    url = server.page("/bomb", packed, Content_Encoding="gzip")
    with Client(allow_private=True, limits=Limits(host_interval_seconds=0, attempts=1)) as client:
        assert "answers more than" in fetched(client, url).errors[0]


def test_a_loop_of_redirects_ends(server: Any, client: Client) -> None:
    server.page("/a", status=302, Location="/b")
    url = server.page("/b", status=301, Location="/a")
    assert "redirects more than" in fetched(client, url).errors[0]
    assert len(server.requests) <= 7
