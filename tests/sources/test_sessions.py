"""Connections: a session a thread, the user's proxy where there is one, and keys for the host that was meant."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from veille.errors import SourceError
from veille.sources import Client, Limits
from veille.sources.sessions import Asked

LIMITS = Limits(attempts=1, host_interval_seconds=0)


@pytest.fixture
def proxy() -> Iterator[tuple[str, list[str]]]:
    """A proxy that answers itself, and what it was asked for."""
    seen: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.path)
            self.send_response(200)
            self.send_header("Content-Length", "5")
            self.end_headers()
            self.wfile.write(b"proxy")

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}", seen
    server.shutdown()
    server.server_close()


def test_the_users_proxy_is_asked(proxy: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    address, seen = proxy
    monkeypatch.setenv("http_proxy", address)
    monkeypatch.delenv("no_proxy", raising=False)
    with Client(allow_private=True, limits=LIMITS) as client:
        assert client.get("http://journal.example/rss").content == b"proxy"
    assert seen == ["http://journal.example/rss"]


def test_no_proxy_is_kept(proxy: tuple[str, list[str]], server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    address, seen = proxy
    monkeypatch.setenv("http_proxy", address)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with Client(allow_private=True, limits=LIMITS) as client:
        assert client.get(server.page("/f", b"direct")).content == b"direct"
    assert seen == []


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/x",
        "http://2130706433/x",
        "http://0x7f.1/x",
        "http://[::1]/x",
        "http://[::ffff:10.0.0.1]/x",
        "http://169.254.169.254/latest/meta-data",
        "http://10.1.2.3/x",
        "http://localhost/x",
        "http://intranet/x",
        "http://wiki.internal/x",
    ],
)
def test_a_proxy_is_no_way_into_the_inside_of_a_network(
    url: str, proxy: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, seen = proxy
    monkeypatch.setenv("http_proxy", address)
    monkeypatch.delenv("no_proxy", raising=False)
    with Client(allow_private=False, limits=LIMITS) as client, pytest.raises(SourceError, match="not on the public internet"):
        client.get(url)
    assert seen == []


def test_a_key_is_not_sent_on_to_another_host(server: Any, client: Client) -> None:
    other = server.address.replace("127.0.0.1", "localhost")
    server.page("/there", b"x")
    server.page("/here?key=secret", status=302, Location=f"{other}/there")
    client.get(
        f"{server.address}/here",
        headers={"Authorization": "Bearer secret", "X-Api-Key": "secret", "X-Other": "1"},
        params={"key": "secret"},
    )
    first, second = server.requests
    assert first[1]["Authorization"] == "Bearer secret"
    assert first[0] == "/here?key=secret"
    assert {"Authorization", "X-Api-Key"} & set(second[1]) == set()
    assert (second[0], second[1]["X-Other"]) == ("/there", "1")


def test_a_key_stays_on_the_same_host_and_not_on_a_weaker_scheme() -> None:
    asked = Asked("GET", "https://api.example/1", {"Authorization": "Bearer secret"})
    assert asked.redirected("https://api.example/2").headers == {"Authorization": "Bearer secret"}
    assert asked.redirected("http://api.example/2").headers == {}
    assert asked.redirected("https://api.example:8443/2").headers == {}


def test_threads_have_sessions_of_their_own(server: Any, client: Client) -> None:
    for number in range(40):
        server.page(f"/{number}", str(number).encode() * 1000)
    with ThreadPoolExecutor(8) as pool:
        bodies = list(pool.map(lambda n: client.get(f"{server.address}/{n}").content, range(40)))
    assert bodies == [str(n).encode() * 1000 for n in range(40)]


def test_a_piece_of_work_has_a_time_of_its_own(server: Any) -> None:
    waits: list[float] = []
    url = server.page("/busy", status=503, Retry_After="5")
    with Client(allow_private=True, limits=Limits(host_interval_seconds=0), sleep=waits.append) as client:
        with pytest.raises(SourceError, match="no time left"):
            client.within(2.0).get(url)
        assert waits == []
        with pytest.raises(SourceError, match="time of its source is used up"):
            client.within(-1.0).get(url)
        with pytest.raises(SourceError, match="answered 503"):
            client.get(url)
    assert len(server.requests) == 4


def test_what_is_posted_arrives(client: Client, server: Any) -> None:
    got: list[tuple[str, bytes, str]] = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        got.append((handler.headers["Content-Type"], body, handler.headers.get("Authorization", "")))
        handler.send_response(200)
        handler.send_header("Content-Length", "2")
        handler.end_headers()
        handler.wfile.write(b"{}")

    server.pages["/token"] = answer
    assert client.post(f"{server.address}/token", json={"a": 1}).json() == {}
    client.post(f"{server.address}/token", form={"grant_type": "x"}, login=("id", "secret"))
    assert got[0][:2] == ("application/json", b'{"a": 1}')
    assert got[1] == ("application/x-www-form-urlencoded", b"grant_type=x", "Basic aWQ6c2VjcmV0")


def test_what_is_no_json_is_the_services_failure(server: Any, client: Client) -> None:
    url = server.page("/f?key=secret", b"<html>")
    with pytest.raises(SourceError, match="no JSON") as caught:
        client.get(url).json()
    assert "secret" not in str(caught.value)
