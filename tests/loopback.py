"""A real HTTP server on loopback whose pages misbehave as told, and clients that may reach it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from veille.sources import Client, Limits

Page = Callable[[BaseHTTPRequestHandler], None]


class Loopback:
    """A server on loopback that runs until it is closed."""

    def __init__(self, handler: type[BaseHTTPRequestHandler]) -> None:
        class Quiet(ThreadingHTTPServer):
            def handle_error(self, *args: object) -> None:
                """A client that hangs up is what these tests are about."""

        self._http = Quiet(("127.0.0.1", 0), handler)
        self._http.daemon_threads = True
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()


class Server(Loopback):
    """Pages by path, and the requests that came."""

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                outer.requests.append((self.path, dict(self.headers)))
                outer.pages[self.path](self)

            do_POST = do_GET  # noqa: N815 - the name that http.server asks for

            def log_message(self, *args: object) -> None:
                pass

        super().__init__(Handler)

    def page(self, path: str, body: bytes = b"", status: int = 200, **headers: str) -> str:
        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            for name, value in headers.items():
                handler.send_header(name.replace("_", "-"), value)
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body)

        self.pages[path] = answer
        return self.address + path


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    yield running
    running.close()


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def client(waits: list[float]) -> Iterator[Client]:
    limits = Limits(
        connect_seconds=10, read_seconds=10, total_seconds=30, bytes=100_000, backoff_seconds=0.01, host_interval_seconds=0
    )
    with Client(allow_private=True, limits=limits, sleep=waits.append) as made:
        yield made


@pytest.fixture
def impatient(waits: list[float]) -> Iterator[Client]:
    limits = Limits(connect_seconds=10, read_seconds=0.2, attempts=2, backoff_seconds=0.01, host_interval_seconds=0)
    with Client(allow_private=True, limits=limits, sleep=waits.append) as made:
        yield made
