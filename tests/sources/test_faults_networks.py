"""The same faults for Mastodon, Bluesky and Hacker News: one sentence each, what was known is kept, and no key is shown."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sources import bluesky_server, hackernews_server, mastodon_server
from tests.sources.test_faults import FAULTS, JSON, paths, spoiled
from veille.sources import Client, Fetched, Limits, State, source_of
from veille.watch import SourceSpec

AS_OF = datetime(2026, 11, 22, 12, tzinfo=UTC)
THEN = AS_OF - timedelta(minutes=5)
REACHED = (AS_OF - timedelta(hours=3)).isoformat()
SECRET = "the-secret"
SOURCES: dict[str, dict[str, Any]] = {
    "mastodon, a hashtag": {"type": "mastodon", "queries": ["#aquilon"]},
    "mastodon, a hashtag with a key": {"type": "mastodon", "queries": ["#aquilon"], "token": "KEY"},
    "mastodon, a search": {"type": "mastodon", "queries": ["aquilon"], "token": "KEY"},
    "mastodon, an account": {"type": "mastodon", "accounts": ["aquilon"]},
    "bluesky, a search": {"type": "bluesky", "queries": ["aquilon"], "user": "KEY", "token": "KEY"},
    "bluesky, an account": {"type": "bluesky", "accounts": ["aquilon"], "user": "KEY", "token": "KEY"},
    "hackernews": {"type": "hackernews", "queries": ["aquilon"]},
}


def place_of(name: str) -> str:
    keys = SOURCES[name]
    return str(keys["queries"][0]) if "queries" in keys else f"@{keys['accounts'][0]}"


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEY", SECRET)


@pytest.fixture
def bounded() -> Iterator[Client]:
    limits = Limits(
        connect_seconds=10, read_seconds=0.2, bytes=100_000, attempts=2, backoff_seconds=0.01, host_interval_seconds=0
    )
    with Client(allow_private=True, limits=limits, sleep=lambda seconds: None) as made:
        yield made


def fetch(service: Any, client: Client, name: str, state: State) -> Fetched:
    spec = SourceSpec.model_validate({"id": "s", "server": service.address, **SOURCES[name]})
    return source_of(spec.type, "Europe/Paris").fetch(spec, state, AS_OF, client)


def answering(*said: Any) -> Callable[[Any], Any]:
    """Answer so, the last for ever, but let the way to it be open: a session, the number of an account, a name."""
    left = list(said)

    def answer(asked: Any) -> Any:
        if asked.method == "POST":
            return 200, {"accessJwt": "a-token"}
        if asked.path.endswith("/instance"):
            return 404, b""
        if asked.path.endswith("/lookup"):
            return 200, {"id": "17"}
        return left.pop(0) if len(left) > 1 else left[0]

    return answer


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", SOURCES)
def test_a_fault_is_one_sentence(service: Any, bounded: Client, name: str, fault: str) -> None:
    service.answer = answering(FAULTS[fault])
    before = {place_of(name): {"reached": REACHED}}
    fetched = fetch(service, bounded, name, before)
    assert len(fetched.errors) == 1
    assert fetched.errors[0].startswith(f"{place_of(name)}: ")
    assert (fetched.mentions, fetched.state) == ([], before)
    assert SECRET not in repr(fetched)


@pytest.mark.parametrize("name", SOURCES)
def test_too_many_requests_are_told_and_the_wait_is_kept(service: Any, client: Client, waits: list[float], name: str) -> None:
    service.answer = answering((429, b"", {"Retry-After": "7"}))
    fetched = fetch(service, client, name, {place_of(name): {"reached": REACHED}})
    assert len(fetched.errors) == 1
    assert fetched.state == {place_of(name): {"reached": REACHED}}
    assert waits.count(7.0) == 2


REPLIES: dict[str, Any] = {
    "mastodon, a hashtag": [
        mastodon_server.status(
            THEN,
            in_reply_to_id="1",
            spoiler_text="x",
            media_attachments=[{"url": "https://files.example/1.jpg", "remote_url": None}],
            reblog=mastodon_server.status(THEN, acct="a@b.example"),
        )
    ],
    "mastodon, a search": {"statuses": [mastodon_server.status(THEN)]},
    "bluesky, a search": {
        "cursor": "1",
        "hitsTotal": 3,
        "posts": [
            bluesky_server.post(
                THEN,
                embed={
                    "images": [{"fullsize": "https://cdn.example/1"}],
                    "media": {"external": {"uri": "https://gazette.example/1", "title": "t", "thumb": "https://cdn.example/2"}},
                },
                record={"reply": {"parent": {"uri": "at://x"}}, "embed": {"record": {"record": {"uri": "at://y"}}}},
                author={"did": "did:plc:a", "handle": "a.example", "labels": [{"val": "x"}]},
            )
        ],
    },
    "bluesky, an account": {
        "feed": [
            {
                "post": bluesky_server.post(THEN),
                "reason": {
                    "$type": "app.bsky.feed.defs#reasonRepost",
                    "by": {"did": "did:plc:a", "handle": "a.example"},
                    "indexedAt": "2026-11-22T11:00:00.000Z",
                },
            }
        ]
    },
    "hackernews": {
        "hits": [hackernews_server.story(int(THEN.timestamp())), hackernews_server.comment(int(THEN.timestamp()) - 1)]
    },
}


END = {"statuses": [], "posts": [], "feed": [], "hits": []}


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), name=st.sampled_from(list(REPLIES)), instead=JSON)
def test_a_reply_spoiled_anywhere_is_read_or_is_a_failure_of_the_source(
    service: Any, client: Client, data: st.DataObject, name: str, instead: Any
) -> None:
    reply = spoiled(REPLIES[name], data.draw(st.sampled_from(paths(REPLIES[name]))), instead)
    service.answer = answering((200, reply), (200, END))
    fetched = fetch(service, client, name, {})
    for mention in fetched.mentions:
        assert mention.native_id
        assert mention.title + mention.text
        assert mention.published_at is None or mention.published_at.tzinfo
        assert mention.url is None or mention.url.startswith("http")
    assert all(one.reason for one in fetched.refused)


@pytest.mark.parametrize("name", REPLIES)
def test_the_reply_that_is_spoiled_is_fine_before(service: Any, client: Client, name: str) -> None:
    service.answer = answering((200, REPLIES[name]), (200, END))
    fetched = fetch(service, client, name, {})
    assert fetched.refused == []
    assert fetched.mentions


@pytest.mark.parametrize("charset", ["iso-8859-1", "utf-16", "nonsense"])
@pytest.mark.parametrize("name", REPLIES)
def test_a_charset_that_is_wrong_garbles_nothing(service: Any, client: Client, name: str, charset: str) -> None:
    body = json.dumps(REPLIES[name], ensure_ascii=False).encode()
    service.answer = answering((200, body, {"Content-Type": f"application/json; charset={charset}"}), (200, END))
    read = fetch(service, client, name, {}).mentions
    assert read[0].text.startswith("Train supprimé") or name == "hackernews"


@pytest.mark.parametrize("name", SOURCES)
def test_a_server_that_is_down_half_way_keeps_what_came(service: Any, bounded: Client, name: str) -> None:
    minutes = [AS_OF - timedelta(minutes=number) for number in range(100)]
    toots = [mastodon_server.status(moment) for moment in minutes[:40]]
    sky = [bluesky_server.post(moment) for moment in minutes]
    first: dict[str, Any] = {
        "mastodon, a search": {"statuses": toots},
        "bluesky, a search": {"posts": sky, "cursor": "100"},
        "bluesky, an account": {"feed": [{"post": one} for one in sky], "cursor": "100"},
        "hackernews": {"hits": [hackernews_server.story(int(moment.timestamp())) for moment in minutes]},
    }
    service.answer = answering((200, first.get(name, toots)), (500, b""))
    fetched = fetch(service, bounded, name, {})
    assert len(fetched.mentions) in (40, 100)
    assert len(fetched.errors) == 1
    assert {"hole_since", "hole_until", "reached"} <= fetched.state[place_of(name)].keys()
