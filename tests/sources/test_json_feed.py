"""JSON feeds, served by a real server and read by the source `rss`."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from veille.errors import SourceError
from veille.sources import Client, Fetched, RssSource, parse_feed
from veille.watch import SourceSpec

REPLIES = Path(__file__).parents[2].parent / "shared" / "data" / "source-replies" / "gofeed" / "testdata" / "parser"
AS_OF = datetime(2026, 11, 22, tzinfo=UTC)
ITEM: dict[str, Any] = {
    "id": 17,
    "url": "/a?x=1",
    "title": "Grève &amp; reprise",
    "summary": "Court",
    "content_html": "<p>Un <b>long</b> texte</p><script>alert(1)</script>",
    "image": "https://img.example/1.jpg",
    "attachments": [{"url": "/son.mp3"}, None, {"url": 3}],
    "date_published": "2026-11-21T18:30:00+01:00",
    "author": {"name": "Alice Martin"},
}


def feed(*items: object, **keys: object) -> dict[str, object]:
    return {"version": "https://jsonfeed.org/version/1.1", "title": "T", "language": "fr-FR", "items": list(items), **keys}


def fetch(url: str, client: Client, state: dict[str, dict[str, str]] | None = None) -> Fetched:
    return RssSource().fetch(SourceSpec.model_validate({"id": "s", "type": "rss", "urls": [url]}), state or {}, AS_OF, client)


def test_an_item_becomes_a_mention(server: Any, client: Client) -> None:
    url = server.page("/feed.json", json.dumps(feed(ITEM)).encode(), Content_Type="application/feed+json", ETag='"1"')
    fetched = fetch(url, client)
    (mention,) = fetched.mentions
    assert (mention.kind, mention.title, mention.text) == ("article", "Grève & reprise", "Un long texte")
    assert (mention.native_id, mention.url) == ("17", f"{server.address}/a?x=1")
    assert mention.published_at == datetime(2026, 11, 21, 17, 30, tzinfo=UTC)
    assert (mention.author, mention.language_declared) == ("Alice Martin", "fr")
    assert mention.media == ["https://img.example/1.jpg", f"{server.address}/son.mp3"]
    server.page("/feed.json", status=304)
    assert fetch(url, client, fetched.state).not_modified


def test_version_1_1_has_authors_of_the_item_or_of_the_feed() -> None:
    plain = {key: value for key, value in ITEM.items() if key != "author"}
    content = feed({**plain, "authors": [{"url": "x"}, {"name": "Bob"}]}, plain, authors=[{"name": "Rédaction"}])
    mentions = parse_feed(json.dumps(content).encode(), source="s").mentions
    assert [mention.author for mention in mentions] == ["Bob", "Rédaction"]


def test_plain_text_is_taken_as_it_is() -> None:
    (mention,) = parse_feed(json.dumps(feed({"id": "1", "content_text": "5 < 6 & 7 > 2"})).encode(), source="s").mentions
    assert mention.text == "5 < 6 & 7 > 2"


def test_items_that_say_nothing_are_refused_and_undated_ones_are_counted(server: Any, client: Client) -> None:
    body = feed({}, None, "text", {"id": None, "title": None}, {"title": "t", "date_published": "soon"}, ITEM)
    fetched = fetch(server.page("/feed.json", json.dumps(body).encode()), client)
    assert [mention.title for mention in fetched.mentions] == ["t", "Grève & reprise"]
    assert [item.number for item in fetched.refused] == [1, 2, 3, 4]
    assert "1 entries without a readable time" in fetched.warnings[0]


def test_a_wrong_type_and_a_wrong_charset_lose_nothing(server: Any, client: Client) -> None:
    body = json.dumps(feed(ITEM), ensure_ascii=False).encode("cp1252")
    (mention,) = fetch(server.page("/feed", body, Content_Type="text/html; charset=utf-8"), client).mentions
    assert mention.title == "Grève & reprise"


def test_an_empty_feed_is_a_feed() -> None:
    assert parse_feed(json.dumps(feed()).encode(), source="s").mentions == []


@pytest.mark.parametrize(
    "content", [b"{}", b"[]", b'{"version": "https://jsonfeed.org/version/1"}', b'{"items": []}', b'{"version": "1.0", "it']
)
def test_what_is_no_json_feed_is_an_error(content: bytes) -> None:
    with pytest.raises(SourceError, match="no JSON feed"):
        parse_feed(content, source="s")


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([*ITEM, "authors", "content_text"]),
        st.recursive(
            st.none() | st.integers() | st.text(max_size=9) | st.floats() | st.booleans(),
            lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["name", "url"]), inner, max_size=2),
            max_leaves=4,
        ),
    )
)
def test_whatever_an_item_holds_it_is_a_mention_or_refused(item: dict[str, Any]) -> None:
    read = parse_feed(json.dumps(feed(item, author=item)).encode(), source="s")
    assert len(read.mentions) + len(read.refused) == 1


@pytest.mark.shared_data
@pytest.mark.skipif(not REPLIES.is_dir(), reason="the public data sets are not beside the checkout")
def test_feeds_of_another_projects_tests() -> None:
    files = [file for file in sorted(REPLIES.glob("*/*.json")) if '"version"' in file.read_text()[:20]]
    files = [file for file in files if "json" in file.parent.name or "json1" in file.name or file.name == "sample.json"]
    assert len(files) >= 8
    for file in files:
        (mention,) = parse_feed(file.read_bytes(), source="s").mentions
        assert (mention.native_id, mention.author, mention.text) == ("id", "author_name", "content_text"), file
        assert mention.published_at == datetime(2019, 10, 12, 7, 20, 50, 520000, tzinfo=UTC)
    with pytest.raises(SourceError):
        parse_feed((REPLIES / "json" / "invalid" / "invalid.json").read_bytes(), source="s")
