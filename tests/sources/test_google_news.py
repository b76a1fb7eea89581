"""Google News, by a real server that answers feeds of its shape."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from veille.sources import Client, Fetched, source_of
from veille.sources.google_news import google_news_address
from veille.watch import SourceSpec

AS_OF = datetime(2026, 11, 22, 12, tzinfo=UTC)


def link(target: str) -> str:
    packed = b"\x08\x13\x22" + bytes([len(target)]) + target.encode() + b"\xd2\x01\x00"
    return f"https://news.google.com/rss/articles/{base64.urlsafe_b64encode(packed).decode().rstrip('=')}?oc=5"


def entry(number: int, **changes: str) -> str:
    parts = {
        "title": f"Grève du réseau, jour {number} - La Gazette du Nord",
        "link": link(f"https://www.gazette.example/{number}"),
        "date": f"Sat, 21 Nov 2026 {number % 24:02}:00:00 GMT",
        "source": '<source url="https://www.gazette.example">La Gazette du Nord</source>',
        **changes,
    }
    return (
        f"<item><title>{parts['title']}</title><link>{parts['link']}</link><guid isPermaLink='false'>g{number}</guid>"
        f"<pubDate>{parts['date']}</pubDate><description>&lt;a href='x'&gt;Grève&lt;/a&gt;&amp;nbsp;La Gazette</description>"
        f"{parts['source']}</item>"
    )


def feed(*entries: str) -> bytes:
    head = "<?xml version='1.0' encoding='UTF-8'?><rss version='2.0'><channel><generator>NFE/5.0</generator><title>T</title>"
    return (head + "<language>fr</language>" + "".join(entries) + "</channel></rss>").encode()


def fetch(service: Any, client: Client, state: Any = None, as_of: datetime = AS_OF, **keys: Any) -> Fetched:
    keys = {"queries": ["aquilon"], **keys}
    spec = SourceSpec.model_validate({"id": "news", "type": "google_news", "server": service.address, **keys})
    return source_of("google_news", "Europe/Paris").fetch(spec, state or {}, as_of, client)


@pytest.mark.parametrize(
    ("language", "country", "edition"),
    [
        (None, None, "hl=fr&gl=FR&ceid=FR%3Afr"),
        ("fr", None, "hl=fr&gl=FR&ceid=FR%3Afr"),
        ("fr", "CA", "hl=fr-CA&gl=CA&ceid=CA%3Afr"),
        ("en", None, "hl=en-US&gl=US&ceid=US%3Aen"),
        ("en", "GB", "hl=en-GB&gl=GB&ceid=GB%3Aen"),
        ("de", None, "hl=de&gl=DE&ceid=DE%3Ade"),
    ],
)
def test_the_address_of_a_search(language: str | None, country: str | None, edition: str) -> None:
    assert google_news_address('"acme" OR x&y', language, country) == (
        f"https://news.google.com/rss/search?q=%22acme%22+OR+x%26y&{edition}"
    )


def test_an_entry_becomes_the_article_it_is_about(service: Any, client: Client) -> None:
    service.answer = lambda asked: (200, feed(entry(1), entry(2, link="https://news.google.com/rss/articles/CBMiAU_yqL?oc=5")))
    fetched = fetch(service, client)
    first, second = fetched.mentions
    assert (first.kind, first.title, first.text) == ("article", "Grève du réseau, jour 1", "")
    assert (first.publisher, first.url) == ("www.gazette.example", "https://www.gazette.example/1")
    assert first.published_at == datetime(2026, 11, 21, 1, tzinfo=UTC)
    assert (first.source, first.source_type, first.language_declared) == ("news", "google_news", "fr")
    assert second.url == "https://news.google.com/rss/articles/CBMiAU_yqL?oc=5"
    assert (fetched.errors, fetched.warnings, fetched.asked) == ((), (), 1)


def test_a_title_keeps_what_is_not_its_outlet(service: Any, client: Client) -> None:
    titles = ["Lille - Paris - La Gazette du Nord", "Lille - Paris", "La Gazette du Nord"]
    service.answer = lambda asked: (200, feed(*(entry(n, title=title) for n, title in enumerate(titles))))
    assert [mention.title for mention in fetch(service, client).mentions] == ["Lille - Paris", "Lille - Paris", titles[2]]


def test_the_first_run_goes_back_as_far_as_it_is_told_and_the_next_as_far_as_it_must(service: Any, client: Client) -> None:
    service.answer = lambda asked: (200, feed(entry(10)))
    first = fetch(service, client, backfill_days=7, language="en")
    second = fetch(service, client, first.state, AS_OF)
    fetch(service, client, second.state, AS_OF + timedelta(days=3))
    fetch(service, client, queries=["acme when:1y"])
    assert [asked.query["q"] for asked in service.asked] == [
        "aquilon when:7d",
        "aquilon when:2d",
        "aquilon when:5d",
        "acme when:1y",
    ]
    assert (service.asked[0].query["hl"], service.asked[1].query["ceid"]) == ("en-US", "FR:fr")


def test_a_full_answer_says_that_more_may_be_missing(service: Any, client: Client) -> None:
    service.answer = lambda asked: (200, feed(*(entry(n) for n in range(100))))
    fetched = fetch(service, client)
    assert len(fetched.mentions) == 100
    assert "gives no more" in fetched.warnings[0]


def test_nothing_found_is_no_failure(service: Any, client: Client) -> None:
    service.answer = lambda asked: (200, feed())
    assert (fetch(service, client).mentions, fetch(service, client).errors) == ([], ())


def test_one_query_that_fails_does_not_stop_the_others(service: Any, client: Client) -> None:
    service.answer = lambda asked: (404, b"") if "bad" in asked.query["q"] else (200, feed(entry(1)))
    fetched = fetch(service, client, queries=["bad", "aquilon"])
    assert len(fetched.mentions) == 1
    assert fetched.errors[0].startswith("bad: ")


def test_half_a_feed_and_entries_of_any_kind(service: Any, client: Client) -> None:
    odd = [entry(1, date="soon", source=""), entry(2, title="", link="", source="<source/>"), "<item/>"]
    whole = feed(*odd, entry(3))
    service.answer = lambda asked: (200, whole[: whole.index(b"jour 3")])
    fetched = fetch(service, client)
    assert fetched.mentions[0].published_at is None
    assert any("not well formed" in warning for warning in fetched.warnings)
