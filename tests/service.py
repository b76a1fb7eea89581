"""A real HTTP server on loopback that answers requests as a function of them, the way an interface with pages does."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.loopback import Loopback

Page = Callable[[BaseHTTPRequestHandler], None]
Said = tuple[int, object] | tuple[int, object, dict[str, str]] | Page
"""Status, body (bytes, or what becomes JSON) and headers; or a page that does with the connection what it likes."""


@dataclass(frozen=True)
class Asked:
    """One request that came."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    form: dict[str, str]


class Service(Loopback):
    """What was asked, and what says what to answer."""

    def __init__(self) -> None:
        self.answer: Callable[[Asked], Said] = lambda asked: (404, b"")
        self.asked: list[Asked] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            # Headers and body are two packets: each answer would wait 40 ms for the other side.
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                form = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                query = dict(parse_qsl(parts.query, keep_blank_values=True))
                asked = Asked(self.command, parts.path, query, dict(self.headers), dict(parse_qsl(form)))
                outer.asked.append(asked)
                said = outer.answer(asked)
                if callable(said):
                    said(self)
                    return
                body = said[1] if isinstance(said[1], bytes) else json.dumps(said[1]).encode()
                self.send_response(said[0])
                for name, value in (said[2] if len(said) > 2 else {}).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_GET  # noqa: N815

            def log_message(self, *args: object) -> None:
                pass

        super().__init__(Handler)


@pytest.fixture
def service() -> Iterator[Service]:
    running = Service()
    yield running
    running.close()
