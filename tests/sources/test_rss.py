from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from veille.errors import SourceError
from veille.sources import parse_feed

ITEM = """<item><title>Grève &amp; reprise</title><link>/a?utm_source=rss</link><guid isPermaLink="false">g1</guid>
<description><![CDATA[<p>Un <b>résumé</b></p><img src="/i.jpg"><script>alert(1)</script>]]></description>
<dc:creator>Alice Martin</dc:creator><pubDate>Sun, 22 Nov 2026 18:30:00 +0100</pubDate>
<media:content url="https://img.example/1.jpg"/><slash:comments>4</slash:comments><category>Social</category></item>"""


def rss(items: str = ITEM, head: str = '<?xml version="1.0" encoding="UTF-8"?>') -> str:
    spaces = (
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/" '
        'xmlns:slash="http://purl.org/rss/1.0/modules/slash/" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    )
    return f'{head}<rss version="2.0" {spaces}><channel><title>T</title><language>fr-FR</language>{items}</channel></rss>'


def test_an_entry_becomes_a_mention() -> None:
    feed = parse_feed(rss().encode(), source="presse", url="https://example.org/rss.xml")
    (mention,) = feed.mentions
    assert mention.source == "presse"
    assert mention.source_type == "rss"
    assert mention.kind == "article"
    assert mention.title == "Grève & reprise"
    assert mention.text == "Un résumé"
    assert mention.native_id == "g1"
    assert mention.url == "https://example.org/a?utm_source=rss"
    assert mention.author == "Alice Martin"
    assert mention.published_at == datetime(2026, 11, 22, 17, 30, tzinfo=UTC)
    assert mention.language_declared == "fr"
    assert mention.media == ["https://img.example/1.jpg", "https://example.org/i.jpg"]
    assert mention.replies == 4
    assert (feed.refused, feed.undated, feed.whole) == ([], 0, True)


def test_atom_is_read_too() -> None:
    atom = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>T</title><entry><id>tag:1</id><title>One</title>
    <link href="https://example.org/1"/><updated>2026-11-22T18:30:00Z</updated><published>2026-11-21T18:30:00Z</published>
    <author><name>Bob</name></author><content type="html">&lt;p&gt;Long text&lt;/p&gt;</content>
    <source><title>Outlet</title><id>x</id></source></entry></feed>"""
    (mention,) = parse_feed(atom.encode(), source="a").mentions
    assert mention.text == "Long text"
    assert mention.published_at == datetime(2026, 11, 21, 18, 30, tzinfo=UTC)
    assert (mention.author, mention.publisher, mention.language_declared) == ("Bob", "Outlet", "en")


def test_the_longest_text_is_the_text() -> None:
    item = "<item><title>t</title><description>short</description><content:encoded>the whole article</content:encoded></item>"
    assert parse_feed(rss(item).encode(), source="a").mentions[0].text == "the whole article"


def test_an_entry_without_any_text_is_refused_with_its_reason() -> None:
    empty = "<item><link>https://example.org/1</link><description><![CDATA[<img src='https://x.example/a.jpg'>]]></description></item>"
    feed = parse_feed(rss(empty + ITEM).encode(), source="a")
    assert len(feed.mentions) == 1
    assert [(item.number, item.reason) for item in feed.refused] == [(1, "no title and no text")]


@pytest.mark.parametrize("date", ["", "<pubDate></pubDate>", "<pubDate>soon</pubDate>"])
def test_an_entry_without_readable_time_is_kept(date: str) -> None:
    feed = parse_feed(rss(f"<item><title>t</title>{date}</item>").encode(), source="a")
    assert feed.mentions[0].published_at is None
    assert feed.undated == 1


def test_a_time_without_offset_is_in_the_zone_of_the_watch() -> None:
    item = "<item><title>t</title><pubDate>Sun, 22 Nov 2026 18:30:00</pubDate></item>"
    feed = parse_feed(rss(item).encode(), source="a", timezone="Europe/Paris")
    assert feed.mentions[0].published_at == datetime(2026, 11, 22, 17, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("encoding", "declared", "content_type"),
    [
        ("utf-8", "UTF-8", "application/rss+xml"),
        ("utf-8", "ISO-8859-1", "text/xml"),
        ("utf-8", "UTF-8", "text/xml; charset=iso-8859-1"),
        ("utf-8", "", ""),
        ("iso-8859-1", "ISO-8859-1", ""),
        ("iso-8859-1", "ISO-8859-1", "text/xml; charset=utf-8"),
        ("iso-8859-1", "", "text/xml; charset=iso-8859-1"),
        ("cp1252", "UTF-8", "application/xml; charset=utf-8"),
        ("utf-16", "UTF-16", ""),
        ("utf-8-sig", "UTF-8", ""),
    ],
)
def test_accents_survive_a_wrong_charset(encoding: str, declared: str, content_type: str) -> None:
    head = f'<?xml version="1.0" encoding="{declared}"?>' if declared else '<?xml version="1.0"?>'
    feed = parse_feed(rss(head=head).encode(encoding), source="a", content_type=content_type)
    assert feed.mentions[0].title == "Grève & reprise"


def test_zero_bytes_and_control_characters_lose_no_entry() -> None:
    items = ITEM.replace("Grève", "Gr\x00ève\x01") + "<item><title>two</title></item>"
    feed = parse_feed(rss(items).encode(), source="a")
    assert [mention.title for mention in feed.mentions][1] == "two"


def test_a_feed_that_breaks_off_gives_what_it_has_and_says_so() -> None:
    whole = rss(ITEM + "<item><title>two</title></item>").encode()
    feed = parse_feed(whole[: whole.index(b"two")], source="a")
    assert feed.mentions[0].title == "Grève & reprise"
    assert not feed.whole


@pytest.mark.parametrize("content", [b"", b"<html><body>Not found</body></html>", b"{}", b"/etc/passwd", b"\x89PNG"])
def test_what_is_no_feed_is_an_error(content: bytes) -> None:
    with pytest.raises(SourceError, match="no RSS or Atom feed"):
        parse_feed(content, source="a")


def test_a_date_of_a_feed_that_could_be_two_days_has_the_day_first() -> None:
    items = ITEM.replace("Sun, 22 Nov 2026 18:30:00 +0100", "03/11/2026 14:05")
    (mention,) = parse_feed(rss(items).encode(), source="a", timezone="Europe/Paris").mentions
    assert mention.published_at == datetime(2026, 11, 3, 13, 5, tzinfo=UTC)


def test_what_breaks_inside_the_parser_is_the_feeds_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise AttributeError("'NoneType' object has no attribute 'lower'")

    monkeypatch.setattr("feedparser.parse", breaks)
    with pytest.raises(SourceError, match="a is a feed that cannot be read: AttributeError"):
        parse_feed(rss().encode(), source="a")


def test_a_feed_without_entries_is_a_feed() -> None:
    assert parse_feed(rss("").encode(), source="a").mentions == []


def test_links_that_are_no_web_addresses_are_left_out() -> None:
    item = "<item><title>t</title><link>javascript:alert(1)</link><guid>urn:x</guid></item>"
    (mention,) = parse_feed(rss(item).encode(), source="a", url="https://example.org/").mentions
    assert mention.url is None
    assert mention.native_id == "urn:x"


def test_files_of_this_machine_are_not_read() -> None:
    attack = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + rss("<item><title>a&x;b</title></item>", head="")
    mentions = parse_feed(attack.encode(), source="a").mentions
    assert all(Path("/etc/hostname").read_text().strip() not in mention.title for mention in mentions)


@settings(max_examples=25, deadline=None)
@given(st.binary(max_size=300))
def test_anything_is_a_feed_or_an_error(content: bytes) -> None:
    with contextlib.suppress(SourceError):
        parse_feed(b"<rss version='2.0'><channel><item><title>" + content, source="a")
