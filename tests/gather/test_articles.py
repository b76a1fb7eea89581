"""`articles: true`: pages of new articles from a real server, so many a run, and never a stub for the article."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from veille.gather import Gathered, gather
from veille.gather import articles as articles_module
from veille.gather.articles import take
from veille.gather.pages import read_article
from veille.mention import EARLIER_TEXTS, MENTIONS, Mention
from veille.sources import Client
from veille.store import Store
from veille.watch import Watch

AS_OF = datetime(2026, 11, 22, 10, tzinfo=UTC)
WORDS = "Les conducteurs d'Aquilon ont voté la grève à une large majorité. " * 8
LINKED = '<script type="application/ld+json">'
Make = Callable[..., Watch]


def page(body: str = f"<p>{WORDS}</p>", head: str = "") -> bytes:
    top = f'<html lang="fr"><head><title>Grève</title>{head}</head>'
    return f"{top}<body><article><h1>Grève</h1>{body}</article></body></html>".encode()


def feed(server: Any, count: int, lead: str = "Un résumé.") -> bytes:
    items = "".join(
        f"<item><title>Titre {n}</title><link>{server.address}/a/{n}</link><description>{lead}</description>"
        f"<pubDate>Fri, 20 Nov 2026 08:{n:02d}:00 +0100</pubDate></item>"
        for n in range(count)
    )
    return f"<rss version='2.0'><channel><title>T</title>{items}</channel></rss>".encode()


@pytest.fixture
def presse(make_watch: Make, server: Any) -> Callable[..., Watch]:
    server.page("/robots.txt", b"User-agent: *\nDisallow: /prive/\n")

    def make(**more: object) -> Watch:
        source = {"id": "presse", "type": "rss", "urls": [f"{server.address}/f"], "articles": True, **more}
        return make_watch(sources=json.dumps([source]))

    return make


def run(watch: Watch, client: Client, hours: float = 0) -> Gathered:
    return gather(watch, Store(watch), AS_OF + timedelta(hours=hours), client=client)


def stored(watch: Watch) -> list[tuple[str, str | None]]:
    frame = Store(watch).load(MENTIONS).sort_values("title")
    return [(row.text, row.extent if isinstance(row.extent, str) else None) for row in frame.itertuples()]


def asked(server: Any) -> list[str]:
    return [path for path, _ in server.requests if path.startswith("/a/")]


def test_the_whole_text_is_read_once_and_no_lead_takes_its_place(presse: Any, server: Any, client: Client) -> None:
    server.page("/f", feed(server, 1))
    server.page("/a/0", page())
    watch = presse()
    done = run(watch, client)
    assert (done.new, done.warnings) == (1, ())
    assert stored(watch) == [(WORDS.strip(), "full")]
    assert Store(watch).load(MENTIONS)["title"].tolist() == ["Titre 0"]
    again = run(watch, client, 1)
    assert (again.new, again.updated) == (0, 0)
    server.page("/f", feed(server, 1, "Un autre résumé."))
    run(watch, client, 2)
    assert stored(watch) == [(WORDS.strip(), "full")]
    assert Store(watch).load(EARLIER_TEXTS).empty
    assert asked(server) == ["/a/0"]


def test_without_the_option_or_the_right_no_page_is_read(presse: Any, server: Any, client: Client) -> None:
    server.page("/f", feed(server, 1))
    watch = presse(articles=False)
    run(watch, client)
    assert stored(watch) == [("Un résumé.", None)]
    watch = presse(rights={"fulltext": False})
    run(watch, client, 1)
    assert stored(watch) == [("Un résumé.", "lead")]
    assert [path for path, _ in server.requests] == ["/f", "/f"]


@pytest.mark.parametrize(
    "stub",
    [
        page(head=LINKED + '{"@type": "NewsArticle", "isAccessibleForFree": false}</script>'),
        page(head=LINKED + '[{"@graph": [{"@type": ["Article"], "isAccessibleForFree": "False"}]}]</script>'),
        page(head='<meta property="article:content_tier" content="locked">'),
        page(f"<p>{WORDS}</p><div>Il vous reste 72,4 % de cet article à lire. La suite est réservée aux abonnés.</div>"),
        page(f"<p>{WORDS}</p><aside>Subscribe to continue reading</aside>"),
        page("<p>Un résumé.</p>"),
    ],
)
def test_a_stub_is_never_read_as_the_article(presse: Any, server: Any, client: Client, stub: bytes) -> None:
    server.page("/f", feed(server, 1))
    server.page("/a/0", stub)
    watch = presse()
    run(watch, client)
    run(watch, client, 1)
    assert stored(watch) == [("Un résumé.", "paywalled")]
    assert asked(server) == ["/a/0"]


def test_pages_that_fail_are_one_warning_and_only_those_that_may_answer_later_are_asked_again(
    presse: Any, server: Any, client: Client
) -> None:
    def half(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "90000")
        handler.end_headers()
        handler.wfile.write(page())
        handler.close_connection = True

    server.page("/f", feed(server, 7))
    server.page("/a/0", status=404)
    server.page("/a/1", status=500)
    server.page("/a/2", status=429, Retry_After="3600")
    server.page("/a/3", b"")
    server.page("/a/4", b"%PDF", Content_Type="application/pdf")
    server.page("/a/5", page("x" * 200_000))
    server.pages["/a/6"] = half
    watch = presse()
    done = run(watch, client)
    assert (done.new, done.broken) == (7, ())
    assert len(done.warnings) == 1
    assert done.warnings[0].startswith("source presse: 7 articles could not be read whole, such as: ")
    assert {text for text, _ in stored(watch)} == {"Un résumé."}
    assert [extent for _, extent in stored(watch)] == ["lead", None, None, "lead", "lead", "lead", None]
    server.requests.clear()
    for number in (1, 2, 6):
        server.page(f"/a/{number}", page())
    run(watch, client, 1)
    assert sorted(asked(server)) == ["/a/1", "/a/2", "/a/6"]
    assert [extent for _, extent in stored(watch)] == ["lead", "full", "full", "lead", "lead", "lead", "full"]


def test_what_is_not_for_robots_is_not_read(presse: Any, server: Any, client: Client) -> None:
    server.page("/f", feed(server, 1).replace(b"/a/0", b"/prive/0"))
    done = run(watch := presse(), client)
    assert "not for robots" in done.warnings[0]
    assert stored(watch) == [("Un résumé.", "lead")]
    assert [path for path, _ in server.requests] == ["/f", "/robots.txt"]


def test_a_run_reads_so_many_and_the_next_ones_the_rest_new_ones_first(
    presse: Any, server: Any, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        server.page(f"/a/{number}", page())
    original = articles_module.with_whole_texts
    monkeypatch.setattr("veille.gather.pull.with_whole_texts", lambda *given: original(*given, most=2))
    watch = presse()
    for hours, (count, expected) in enumerate([(4, ["/a/0", "/a/1"]), (5, ["/a/4", "/a/2"]), (5, ["/a/3"]), (5, [])]):
        server.requests.clear()
        server.page("/f", feed(server, count))
        run(watch, client, hours)
        assert asked(server) == expected
    assert {extent for _, extent in stored(watch)} == {"full"}


def test_a_feed_that_gives_the_whole_article_keeps_it() -> None:
    mention = Mention("s", "rss", WORDS * 4, kind="article")
    take(mention, read_article(page(f"<p>{WORDS * 3}</p>"), "https://a.example/1", "UTC"))
    assert (mention.text, mention.extent) == (WORDS * 4, "full")


def test_a_page_that_praises_what_subscribers_read_is_no_stub() -> None:
    praise = "<aside><a href='/x'>Réservé aux abonnés : enquête</a> <a href='/abo'>Abonnez-vous</a></aside>"
    article = read_article(page(f"<p>{WORDS}</p>{praise}"), "https://a.example/1", "UTC")
    assert not article.paywalled
