"""Pages are read only where their site lets robots read them; feeds and interfaces are there to be read by programs."""

from __future__ import annotations

from typing import Any

import pytest

from veille.errors import SourceError
from veille.sources import Client

RULES = b"""\
User-agent: *
Disallow: /private/

User-agent: veille
Disallow: /not-for-veille
Disallow: /*.pdf$
"""


def asked(server: Any) -> list[str]:
    return [path for path, _ in server.requests]


def test_the_rules_of_a_site_are_read_once_and_kept(server: Any, client: Client) -> None:
    server.page("/robots.txt", RULES)
    pages = {path: server.page(path, b"<p>x") for path in ("/a", "/not-for-veille/1", "/x.pdf", "/private/1")}
    assert client.page(pages["/a"]).content == b"<p>x"
    # A group of its own takes the place of the one for all.
    assert client.page(pages["/private/1"]).content == b"<p>x"
    for path in ("/not-for-veille/1", "/x.pdf"):
        with pytest.raises(SourceError, match="not for robots") as caught:
            client.page(pages[path])
        assert "veille add" in caught.value.hint
    assert asked(server) == ["/robots.txt", "/a", "/private/1"]


@pytest.mark.parametrize(
    ("status", "allowed"), [(404, True), (410, True), (403, True), (401, True), (503, False), (500, False)]
)
def test_a_site_without_rules_allows_all_and_one_that_cannot_say_allows_nothing(
    server: Any, client: Client, status: int, allowed: bool
) -> None:
    server.page("/robots.txt", b"", status=status)
    url = server.page("/a", b"x")
    if allowed:
        assert client.page(url).content == b"x"
    else:
        with pytest.raises(SourceError, match="not for robots"):
            client.page(url)


def test_rules_that_are_no_text_allow_all(server: Any, client: Client) -> None:
    server.page("/robots.txt", b"\xff\xfe\x00<html>" * 1000)
    assert client.page(server.page("/a", b"x")).content == b"x"


def test_a_feed_is_asked_without_looking_at_the_rules(server: Any, client: Client) -> None:
    server.page("/robots.txt", b"User-agent: *\nDisallow: /")
    assert client.get(server.page("/feed", b"x")).content == b"x"
    assert asked(server) == ["/feed"]
