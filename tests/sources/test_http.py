from __future__ import annotations

import gzip
import socket
import time
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from veille import __version__
from veille.errors import SourceError
from veille.sources import AnsweredError, Client, Limits, shown
from veille.sources.answers import retry_after_seconds


def test_reads_a_page_and_says_who_asks(server: Any, client: Client) -> None:
    url = server.page("/a", b"hello", ETag='"1"')
    reply = client.get(url)
    assert (reply.status, reply.content, reply.headers["etag"]) == (200, b"hello", '"1"')
    assert server.requests[0][1]["User-Agent"].startswith(f"veille/{__version__} (+")


def test_asks_only_for_what_changed(server: Any, client: Client) -> None:
    url = server.page("/a", status=304)
    reply = client.get(url, etag='"1"', last_modified="Sat, 15 Jan 2022 11:37:14 GMT")
    assert reply.not_modified
    assert reply.content == b""
    sent = server.requests[0][1]
    assert sent["If-None-Match"] == '"1"'
    assert sent["If-Modified-Since"] == "Sat, 15 Jan 2022 11:37:14 GMT"


def test_nothing_changed_needs_something_before(server: Any, client: Client) -> None:
    with pytest.raises(SourceError, match="304 though"):
        client.get(server.page("/a", status=304))


def test_unpacks_gzip(server: Any, client: Client) -> None:
    url = server.page("/a", gzip.compress(b"x" * 5000), Content_Encoding="gzip")
    assert client.get(url).content == b"x" * 5000


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 501])
def test_an_error_that_stays_is_not_tried_again(server: Any, client: Client, status: int) -> None:
    url = server.page("/gone?key=secret", status=status)
    with pytest.raises(SourceError, match=str(status)) as caught:
        client.get(url)
    assert len(server.requests) == 1
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_an_error_that_may_pass_is_tried_three_times(server: Any, client: Client, waits: list[float], status: int) -> None:
    url = server.page("/busy", status=status)
    with pytest.raises(SourceError, match=str(status)):
        client.get(url)
    assert len(server.requests) == 3
    assert len(waits) == 2


def test_waits_as_long_as_the_server_asks(server: Any, client: Client, waits: list[float]) -> None:
    url = server.page("/busy", status=429, Retry_After="7")

    def recovered(handler: BaseHTTPRequestHandler) -> None:
        server.page("/busy", b"fine")
        handler.send_response(429)
        handler.send_header("Retry-After", "7")
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    server.pages["/busy"] = recovered
    assert client.get(url).content == b"fine"
    assert waits == [7.0]


def test_does_not_wait_longer_than_it_may(server: Any, client: Client, waits: list[float]) -> None:
    url = server.page("/busy", status=503, Retry_After="3600")
    with pytest.raises(SourceError, match="asks to wait 3600 s"):
        client.get(url)
    assert waits == []


def test_a_silent_server_is_given_up(server: Any, impatient: Client, waits: list[float]) -> None:
    server.pages["/slow"] = lambda handler: time.sleep(0.5)
    with pytest.raises(SourceError, match="in time"):
        impatient.get(server.address + "/slow")
    assert len(waits) == 1


def test_a_dripping_server_is_given_up(server: Any) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        for _ in range(200):
            try:
                handler.wfile.write(b"x")
                handler.wfile.flush()
            except OSError:
                return
            time.sleep(0.05)

    server.pages["/drip"] = drip
    limits = Limits(read_seconds=1, total_seconds=0.3, attempts=1)
    started = time.monotonic()
    with Client(allow_private=True, limits=limits) as client, pytest.raises(SourceError, match="within"):
        client.get(server.address + "/drip")
    assert time.monotonic() - started < 5


def test_half_a_body_is_no_answer(server: Any, client: Client) -> None:
    def half(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b"x" * 500)
        handler.close_connection = True

    server.pages["/half"] = half
    with pytest.raises(SourceError):
        client.get(server.address + "/half")
    assert len(server.requests) == 3


def test_half_a_chunked_body_is_no_answer(server: Any, client: Client) -> None:
    def half(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        handler.wfile.write(b"5\r\nhello\r\n")
        handler.close_connection = True

    server.pages["/half"] = half
    with pytest.raises(SourceError):
        client.get(server.address + "/half")


def test_a_whole_chunked_body_is_read(server: Any, client: Client) -> None:
    def whole(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        handler.wfile.write(b"5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n")

    server.pages["/whole"] = whole
    assert client.get(server.address + "/whole").content == b"hello world"


@pytest.mark.parametrize("packed", [False, True])
def test_too_many_bytes_are_refused(server: Any, client: Client, packed: bool) -> None:
    body = b"x" * 100_001
    url = server.page("/a", gzip.compress(body) if packed else body, **({"Content_Encoding": "gzip"} if packed else {}))
    with pytest.raises(SourceError, match="more than"):
        client.get(url)


def test_as_many_bytes_as_allowed_are_read(server: Any, client: Client) -> None:
    assert len(client.get(server.page("/a", b"x" * 100_000)).content) == 100_000


def test_follows_a_redirect(server: Any, client: Client) -> None:
    server.page("/new/b", b"moved")
    url = server.page("/new/a", status=301, Location="b")
    reply = client.get(url)
    assert reply.content == b"moved"
    assert reply.url == server.address + "/new/b"


def test_redirects_end(server: Any, client: Client) -> None:
    url = server.page("/a", status=302, Location="/a")
    with pytest.raises(SourceError, match="redirects more than 5 times"):
        client.get(url)
    assert len(server.requests) == 6


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://example.org/x", "gopher://127.0.0.1/", "http://[::1"])
def test_a_redirect_to_no_web_address_is_refused(server: Any, client: Client, target: str) -> None:
    with pytest.raises(SourceError, match="no web address"):
        client.get(server.page("/a", status=302, Location=target))


def test_private_addresses_are_refused(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VEILLE_ALLOW_PRIVATE", raising=False)
    url = server.page("/inside", b"secret")
    with Client() as client:
        for address in (url, url.replace("127.0.0.1", "localhost"), url.replace("127.0.0.1", "2130706433")):
            with pytest.raises(SourceError, match="not on the public internet"):
                client.get(address)
    assert server.requests == []


def test_a_redirect_to_a_private_address_is_refused(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first address is public by name; the redirect leads inside."""
    import veille.sources.addresses as addresses

    server.page("/inside", b"secret")
    port = server.address.rsplit(":", 1)[1]
    url = server.page("/start", status=302, Location=f"http://127.0.0.2:{port}/inside")
    monkeypatch.setattr(addresses, "is_public", lambda address: address == "127.0.0.1")
    with Client(allow_private=False) as client, pytest.raises(SourceError, match=r"127\.0\.0\.2 is refused"):
        client.get(url)
    assert [path for path, _ in server.requests] == ["/start"]


def test_the_environment_may_allow_private_addresses(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VEILLE_ALLOW_PRIVATE", "1")
    with Client() as client:
        assert client.get(server.page("/inside", b"mine")).content == b"mine"


def test_proxies_of_the_environment_are_not_used(server: Any, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "")
    assert client.get(server.page("/a", b"direct")).content == b"direct"


@pytest.mark.parametrize(
    "url", ["http://", "http://[::1", "nothing", "javascript:alert(1)", "http://exa mple.org/", "http://\udc80/"]
)
def test_no_address_is_one_sentence(client: Client, url: str) -> None:
    with pytest.raises(SourceError):
        client.get(url)


def test_an_unknown_host_is_one_sentence(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*args: object, **kwargs: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(SourceError, match="cannot be read"):
        client.get("http://no-such-host.invalid/a?key=secret")


def test_shown_hides_secrets() -> None:
    assert shown("https://user:pw@example.org:8443/a/b?key=1#x") == "https://example.org:8443/a/b"


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("", None),
        ("12", 12.0),
        ("soon", None),
        ("-5", None),
        ("Sat, 15 Jan 2022 11:38:14 GMT", 60.0),
        ("Sat, 15 Jan 2022 11:00:00 GMT", 0.0),
    ],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert retry_after_seconds(value, "Sat, 15 Jan 2022 11:37:14 GMT") == seconds


def test_what_an_error_says_is_kept_for_the_source_and_never_shown(server: Any, client: Client) -> None:
    url = server.page("/a", b'{"reason": "quota of secret-key"}' + b" " * 9000, status=403)
    with pytest.raises(AnsweredError) as caught:
        client.get(url)
    assert caught.value.said.startswith(b'{"reason": "quota')
    assert len(caught.value.said) == 4096
    assert "quota" not in str(caught.value) + caught.value.hint


def test_an_error_that_says_half_is_still_that_error(server: Any, client: Client) -> None:
    def half(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(403)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b"half")
        handler.close_connection = True

    server.pages["/half"] = half
    with pytest.raises(AnsweredError, match="403"):
        client.get(server.address + "/half")


def test_a_service_that_takes_it_ill_is_asked_once(server: Any, client: Client) -> None:
    with pytest.raises(SourceError, match="429"):
        client.get(server.page("/busy", status=429), attempts=1)
    assert len(server.requests) == 1
