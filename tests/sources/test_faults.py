"""Whatever a server does, a source that searches says in one sentence that it failed, keeps what it knew and shows no key."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from veille.sources import Client, Fetched, Limits, State, source_of
from veille.watch import SourceSpec

AS_OF = datetime(2026, 11, 22, 12, tzinfo=UTC)
REACHED = (AS_OF - timedelta(hours=3)).isoformat()
SECRET = "the-secret"
SOURCES: dict[str, dict[str, Any]] = {
    "google_news": {"type": "google_news"},
    "reddit": {"type": "reddit"},
    "reddit with a key": {"type": "reddit", "user": "KEY", "token": "KEY"},
    "gdelt": {"type": "gdelt"},
    "youtube": {"type": "youtube", "token": "KEY"},
    "x": {"type": "x", "token": "KEY", "posts_a_month": 1000, "enabled": True},
}


def half(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"data": [')
    handler.close_connection = True


def silent(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(0.5)
    handler.close_connection = True


def hangs_up(handler: BaseHTTPRequestHandler) -> None:
    handler.close_connection = True


FAULTS: dict[str, Any] = {
    "not allowed": (401, {"error": {"message": SECRET}}),
    "refused": (403, b"<html>" + SECRET.encode()),
    "not there": (404, b""),
    "gone": (410, b""),
    "broken": (500, b"Traceback " + SECRET.encode()),
    "nothing changed, though nothing was asked before": (304, b""),
    "a page for people": (200, b"<!DOCTYPE html><html><body><p>Hello", {"Content-Type": "text/html"}),
    "a picture": (200, b"\x89PNG\r\n\x1a\n" + bytes(range(256)), {"Content-Type": "application/json"}),
    "too large": (200, b"{" + b" " * 100_001),
    "a redirect to itself": (302, b"", {"Location": "?again"}),
    "a redirect to no address": (302, b"", {"Location": "file:///etc/passwd"}),
    "half a body": half,
    "silence": silent,
    "no answer": hangs_up,
    "JSON without end": (200, b'{"data": [' + b"[" * 50_000),
}


@pytest.fixture
def bounded() -> Iterator[Client]:
    limits = Limits(
        connect_seconds=10, read_seconds=0.2, bytes=100_000, attempts=2, backoff_seconds=0.01, host_interval_seconds=0
    )
    with Client(allow_private=True, limits=limits, sleep=lambda seconds: None) as made:
        yield made


def fetch(service: Any, client: Client, name: str, state: State) -> Fetched:
    keys = {"id": "s", "queries": ["aquilon"], "server": service.address, **SOURCES[name]}
    spec = SourceSpec.model_validate(keys)
    return source_of(spec.type, "Europe/Paris").fetch(spec, state, AS_OF, client)


def answering(said: Any) -> Callable[[Any], Any]:
    """Answer so, but hand out the token that opens the way to it."""
    return lambda asked: (200, {"access_token": "a-token"}) if asked.method == "POST" else said


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", SOURCES)
def test_a_fault_is_one_sentence(service: Any, bounded: Client, monkeypatch: pytest.MonkeyPatch, name: str, fault: str) -> None:
    monkeypatch.setenv("KEY", SECRET)
    service.answer = answering(FAULTS[fault])
    before = {"aquilon": {"reached": REACHED}}
    fetched = fetch(service, bounded, name, before)
    assert len(fetched.errors) == 1
    assert fetched.errors[0].startswith("aquilon: ")
    assert (fetched.mentions, fetched.state["aquilon"]) == ([], before["aquilon"])
    assert SECRET not in repr(fetched)


@pytest.mark.parametrize("name", SOURCES)
def test_too_many_requests_are_told_and_the_wait_is_kept(
    service: Any, client: Client, waits: list[float], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("KEY", SECRET)
    service.answer = answering((429, b"", {"Retry-After": "7"}))
    fetched = fetch(service, client, name, {"aquilon": {"reached": REACHED}})
    assert len(fetched.errors) + len(fetched.warnings) == 1
    assert fetched.state["aquilon"] == {"reached": REACHED}
    # GDELT is asked once, and then left alone: to be asked again at once is what it complains about.
    assert (7.0 in waits) == (name != "gdelt")


@pytest.mark.parametrize("name", SOURCES)
def test_a_passing_fault_passes(service: Any, client: Client, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("KEY", SECRET)
    fine: dict[str, Any] = {
        "google_news": b"<rss version='2.0'><channel><title>T</title></channel></rss>",
        "reddit": b"<feed xmlns='http://www.w3.org/2005/Atom'><title>T</title></feed>",
        "reddit with a key": {"data": {"children": []}},
        "gdelt": b"{}",
        "youtube": {"items": []},
        "x": {"meta": {"result_count": 0}},
    }
    said = iter([(503, b""), (200, fine[name]), (200, fine[name])])
    service.answer = lambda asked: answering(None)(asked) or next(said)
    fetched = fetch(service, client, name, {})
    if name == "gdelt":
        assert "answered 503" in fetched.errors[0]
        fetched = fetch(service, client, name, fetched.state)
    assert (fetched.errors, fetched.mentions) == ((), [])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)
THING = {
    "name": "t3_1",
    "title": "Train",
    "selftext": "x",
    "author": "a",
    "permalink": "/r/x/comments/1/x/",
    "created_utc": 1795348800,
    "score": 1,
    "num_comments": 2,
    "removed_by_category": None,
    "url_overridden_by_dest": "https://i.redd.example/a.png",
}
SNIPPET = {
    "title": "t",
    "description": "d",
    "channelTitle": "c",
    "publishedAt": "2026-11-22T09:00:00Z",
    "thumbnails": {"high": {"url": "https://i.example/1.jpg"}},
    "topLevelComment": {"id": "Ug", "snippet": {"textOriginal": "x", "publishedAt": "2026-11-22T09:30:00Z", "likeCount": 1}},
    "totalReplyCount": 1,
}
REPLIES: dict[str, Any] = {
    "reddit with a key": {"data": {"after": None, "children": [{"kind": "t3", "data": THING}]}},
    "gdelt": {
        "articles": [
            {
                "url": "https://www.gazette.example/1",
                "title": "Train",
                "seendate": "20261122T090000Z",
                "domain": "gazette.example",
                "language": "French",
                "socialimage": "https://www.gazette.example/1.jpg",
            }
        ]
    },
    # One shape for searches, videos and threads: each takes what it knows.
    "youtube": {
        "items": [
            {
                "id": "video000001",
                "snippet": SNIPPET,
                "statistics": {"viewCount": "1"},
                "replies": {"comments": [{"id": "Ug.r", "snippet": {"textOriginal": "y"}}]},
            }
        ]
    },
    "x": {
        "data": [
            {
                "id": "17",
                "text": "RT",
                "author_id": "7",
                "created_at": "2026-11-22T09:00:00.000Z",
                "lang": "fr",
                "public_metrics": {"like_count": 1, "retweet_count": 1},
                "referenced_tweets": [{"type": "retweeted", "id": "8"}],
                "attachments": {"media_keys": ["3_1"]},
                "note_tweet": {"text": "x"},
            }
        ],
        "includes": {
            "users": [{"id": "7", "username": "u", "public_metrics": {"followers_count": 1}}],
            "tweets": [{"id": "8", "text": "y"}],
            "media": [{"media_key": "3_1", "url": "https://i.example/1.jpg"}],
        },
        "meta": {"result_count": 1},
    },
}
VIDEOS = {"items": [{"id": {"videoId": "video000001"}}]}


def paths(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """List the way to each value of a reply, itself included."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [here, *(path for key, part in inner for path in paths(part, (*here, key)))]


def spoiled(value: Any, path: tuple[Any, ...], instead: Any) -> Any:
    """Return a reply with another value at the end of a way."""
    if not path:
        return instead
    if isinstance(value, dict):
        return {**value, path[0]: spoiled(value[path[0]], path[1:], instead)}
    return [spoiled(part, path[1:], instead) if place == path[0] else part for place, part in enumerate(value)]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), name=st.sampled_from(list(REPLIES)), instead=JSON)
def test_a_reply_spoiled_anywhere_is_read_or_is_a_failure_of_the_source(
    service: Any, client: Client, monkeypatch: pytest.MonkeyPatch, data: st.DataObject, name: str, instead: Any
) -> None:
    monkeypatch.setenv("KEY", SECRET)
    reply = spoiled(REPLIES[name], data.draw(st.sampled_from(paths(REPLIES[name]))), instead)
    service.answer = lambda asked: answering((200, VIDEOS if asked.path.endswith("/search") and name == "youtube" else reply))(
        asked
    )
    fetched = fetch(service, client, name, {})
    for mention in fetched.mentions:
        assert mention.native_id
        assert mention.title + mention.text
        assert mention.published_at is None or mention.published_at.tzinfo


@pytest.mark.parametrize("name", REPLIES)
def test_the_reply_that_is_spoiled_is_fine_before(
    service: Any, client: Client, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("KEY", SECRET)
    found = VIDEOS if name == "youtube" else REPLIES[name]
    service.answer = lambda asked: answering((200, found if asked.path.endswith("/search") else REPLIES[name]))(asked)
    if name != "youtube":
        service.answer = answering((200, REPLIES[name]))
    fetched = fetch(service, client, name, {})
    assert (fetched.errors, fetched.refused) == ((), [])
    assert fetched.mentions


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("name", REPLIES)
def test_accents_survive_a_wrong_charset_and_a_wrong_type(
    service: Any, client: Client, monkeypatch: pytest.MonkeyPatch, name: str, encoding: str
) -> None:
    monkeypatch.setenv("KEY", SECRET)
    written = json.dumps(REPLIES[name]).replace('"Train"', '"Éole à l’arrêt"').replace('"y"', '"Éole à l’arrêt"')
    said = (200, written.encode(encoding), {"Content-Type": "text/html; charset=iso-8859-1"})
    service.answer = lambda asked: answering((200, VIDEOS) if "youtube/v3/search" in asked.path else said)(asked)
    texts = [mention.title + mention.text for mention in fetch(service, client, name, {}).mentions]
    assert any("Éole à l’arrêt" in text for text in texts)
