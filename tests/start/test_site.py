"""The feeds of a site, on real servers whose pages lie, refuse and break off."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.service import Asked, Said, Service, service
from veille.errors import UsageError
from veille.sources import Client, Limits
from veille.start import find_feeds
from veille.start.site import MOST_FEEDS, MOST_TRIED

__all__ = ["service"]


@pytest.fixture
def client() -> Iterator[Client]:
    with Client(allow_private=True, limits=Limits(attempts=1, host_interval_seconds=0)) as made:
        yield made


def feed(*names: str) -> bytes:
    entries = "".join(f"<item><title>{name}</title><link>https://example.org/{name}</link></item>" for name in names)
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>f</title>{entries}</channel></rss>'.encode()


def pages(service: Service, **answers: bytes) -> None:
    """Answer at `/` and the paths whose slashes are written `__`; elsewhere there is nothing."""
    known = {
        "/" + path.replace("__", "/").replace("_xml", ".xml").replace("_txt", ".txt"): body for path, body in answers.items()
    }

    def answer(asked: Asked) -> Said:
        return (200, known[asked.path]) if asked.path in known else (404, b"<html>nothing</html>")

    service.answer = answer


def page(links: str) -> bytes:
    return f"<html><head>{links}</head><body></body></html>".encode()


def link(href: str, kind: str = "application/rss+xml") -> str:
    return f'<link rel="alternate" type="{kind}" href="{href}">'


def test_feeds_that_the_page_names_are_read_and_kept(service: Service, client: Client) -> None:
    head = link("/a.xml") + link("b.xml", "application/atom+xml") + link("/c.xml") + link("/style", "text/css")
    pages(service, **{"": page(head), "a_xml": feed("one", "two"), "b_xml": feed("three"), "c_xml": b"<html>no feed</html>"})
    found = find_feeds(service.address, client)
    assert found.feeds == {f"{service.address}/a.xml": 2, f"{service.address}/b.xml": 1}
    assert found.notes == []


def test_the_same_entries_are_one_feed_and_an_empty_one_is_none(service: Service, client: Client) -> None:
    head = link("/a.xml") + link("/same.xml") + link("/empty.xml")
    pages(service, **{"": page(head), "a_xml": feed("one"), "same_xml": feed("one"), "empty_xml": feed()})
    assert list(find_feeds(service.address, client).feeds) == [f"{service.address}/a.xml"]


def test_sitemaps_that_are_feeds_are_kept_and_others_told(service: Service, client: Client) -> None:
    sitemap = b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://e.org/a</loc></url></urlset>'
    rules = f"User-agent: *\nSitemap: {service.address}/sitemap-news.xml\nsitemap: {service.address}/news__feed.xml\n"
    pages(service, **{"": page(""), "robots_txt": rules.encode(), "sitemap-news_xml": sitemap, "rss_xml": feed("x")})
    found = find_feeds(service.address, client)
    assert any("sitemap-news.xml is a sitemap and no feed" in note for note in found.notes)
    # Nothing else was named, so that the usual addresses were tried.
    assert list(found.feeds) == [f"{service.address}/rss.xml"]


def test_what_robots_are_asked_not_to_read_is_not_read(service: Service, client: Client) -> None:
    pages(service, **{"": page(link("/a.xml")), "robots_txt": b"User-agent: *\nDisallow: /\n", "a_xml": feed("one")})
    found = find_feeds(service.address, client)
    assert "not for robots" in found.notes[0]
    assert not any(asked.path == "/" for asked in service.asked)


def test_a_hostile_page_costs_little_and_leads_nowhere_bad(service: Service, client: Client) -> None:
    many = "".join(link(f"/{number}.xml") for number in range(500))
    bad = link("file:///etc/passwd") + link("http://user:pass@example.org/f") + link("javascript:x") + link("http://[x/")
    service.answer = lambda asked: (200, page(bad + many)) if asked.path == "/" else (404, b"")
    found = find_feeds(service.address, client)
    assert found.feeds == {}
    assert "no feed was found" in found.notes[-1]
    assert len(service.asked) <= MOST_TRIED + 3


def test_no_more_than_a_few_feeds_are_kept(service: Service, client: Client) -> None:
    head = "".join(link(f"/rss/{number}") for number in range(12))
    service.answer = lambda asked: (200, page(head) if asked.path == "/" else feed(asked.path))
    assert len(find_feeds(service.address, client).feeds) == MOST_FEEDS


@pytest.mark.parametrize("body", [b"", b"\x00\xff\xfe", b"<", b"<html><base href='http://[bad'>" + link("/a").encode()])
def test_a_broken_page_is_no_defect(service: Service, client: Client, body: bytes) -> None:
    service.answer = lambda asked: (200, body) if asked.path == "/" else (500, b"")
    assert find_feeds(service.address, client).feeds == {}


def test_a_site_that_is_not_there_is_told(client: Client) -> None:
    found = find_feeds("http://127.0.0.1:9", client)
    assert found.feeds == {}
    assert found.notes


@pytest.mark.parametrize("site", ["", "ftp://example.org", "https://", "http://u:p@example.org", "ex ample.org"])
def test_what_is_no_site_is_wrong_use(client: Client, site: str) -> None:
    with pytest.raises(UsageError, match="is not the address of a site"):
        find_feeds(site, client)
