"""Addresses of Google are unwrapped without asking anybody."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veille.sources import parse_feed
from veille.sources.links import unwrapped

TARGET = "https://www.example.org/économie/greve-a-lille-1"


def packed(target: str, more: bytes = b"\xd2\x01\x00") -> str:
    body = target.encode()
    size = bytes([len(body)]) if len(body) < 128 else bytes([len(body) & 0x7F | 0x80, len(body) >> 7])
    return base64.urlsafe_b64encode(b"\x08\x13\x22" + size + body + more).decode().rstrip("=")


@pytest.mark.parametrize("target", [TARGET, TARGET + "/" + "a" * 200])
@pytest.mark.parametrize("path", ["rss/articles", "articles", "read"])
def test_older_links_of_google_news_hold_their_target(target: str, path: str) -> None:
    assert unwrapped(f"https://news.google.com/{path}/{packed(target)}?oc=5") == target


@pytest.mark.parametrize(
    "url",
    [
        f"https://news.google.com/rss/articles/{packed('AU_yqLMIwJu67JyIH2dSP7cVg5Hw')}?oc=5",
        f"https://news.google.com/rss/articles/{packed(TARGET)[:-20]}",
        f"https://news.google.com/rss/articles/{packed('http://[::1')}",
        "https://news.google.com/rss/articles/CBMi",
        "https://news.google.com/rss/articles/%%%",
        "https://news.google.com/home",
        f"https://news.google.com.example.org/rss/articles/{packed(TARGET)}",
    ],
)
def test_what_holds_no_target_stays_as_it_is(url: str) -> None:
    assert unwrapped(url) == url


def test_links_of_google_alerts_lead_to_their_target() -> None:
    url = "https://www.google.com/url?rct=j&sa=t&url=https://www.example.org/a%3Fid%3D1%26b%3D2&ct=ga&cd=CAIyHDA&usg=AOvVaw"
    assert unwrapped(url) == "https://www.example.org/a?id=1&b=2"
    assert unwrapped("https://www.google.fr/url?q=https://example.org/") == "https://example.org/"
    assert unwrapped("https://www.google.co.uk/url?url=https://example.org/") == "https://example.org/"


@pytest.mark.parametrize(
    "url",
    [
        "https://www.google.com/url?rct=j",
        "https://www.google.com/url?url=javascript:alert(1)",
        "https://www.google.com/search?url=https://example.org/",
        "https://google.com.example.org/url?url=https://example.org/",
        "http://[::1",
    ],
)
def test_other_links_stay_as_they_are(url: str) -> None:
    assert unwrapped(url) == url


@given(st.text(max_size=200))
def test_nothing_breaks_it(text: str) -> None:
    unwrapped(text)
    unwrapped(f"https://news.google.com/rss/articles/{text}")
    unwrapped(f"https://www.google.com/url?url={text}")


def test_a_feed_of_google_alerts_names_the_articles_themselves() -> None:
    wrapped = (
        "https://www.google.com/url?rct=j&amp;sa=t&amp;url=https://www.gazette.example/greve%3Fpage%3D2&amp;ct=ga&amp;usg=AOv"
    )
    feed = f"""<feed xmlns="http://www.w3.org/2005/Atom"><id>tag:google.com,2005:reader/user/1/state/com.google/alerts/2</id>
    <title>Google Alert - aquilon</title><entry><id>tag:google.com,2013:googlealerts/feed:17</id>
    <title type="html">Grève chez &lt;b&gt;Aquilon&lt;/b&gt;</title><link href="{wrapped}"></link>
    <published>2026-11-21T18:30:00Z</published><updated>2026-11-21T18:30:00Z</updated>
    <content type="html">
    Les bus d&amp;#39;&lt;b&gt;Aquilon&lt;/b&gt;&amp;nbsp;...</content>
    <author><name></name></author></entry></feed>"""
    (mention,) = parse_feed(feed.encode(), source="alertes").mentions
    assert (mention.title, mention.url) == ("Grève chez Aquilon", "https://www.gazette.example/greve?page=2")
    assert mention.text == "Les bus d'Aquilon ..."
    assert mention.native_id == "tag:google.com,2013:googlealerts/feed:17"
