from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.sources.bluesky_server import DID, HANDLE, PASSWORD, BlueskyServer, post, stamp
from veille.errors import SourceError
from veille.sources import Client, Fetched, Limits, State
from veille.sources.bluesky import BlueskySource
from veille.sources.bluesky_posts import post_mention, wrong_of
from veille.watch import SourceSpec

AS_OF = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LOGIN = "/xrpc/com.atproto.server.createSession"


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKY_USER", f"@{HANDLE}")
    monkeypatch.setenv("SKY_TOKEN", PASSWORD)


@pytest.fixture
def wide() -> Any:
    with Client(allow_private=True, limits=Limits(host_interval_seconds=0), sleep=lambda seconds: None) as made:
        yield made


def fetch(service: Any, client: Client, state: State | None = None, as_of: datetime = AS_OF, **keys: Any) -> Fetched:
    said = {"id": "sky", "type": "bluesky", "server": service.address, "user": "SKY_USER", "token": "SKY_TOKEN", **keys}
    return BlueskySource("Europe/Paris").fetch(SourceSpec.model_validate(said), state or {}, as_of, client)


def posts(number: int, until: datetime = AS_OF) -> list[dict[str, Any]]:
    return [post(until - (place + 1) * MINUTE, f"message {place}") for place in range(number)]


def ids(fetched: Fetched) -> set[str]:
    return {mention.native_id or "" for mention in fetched.mentions}


def searches(service: Any) -> list[dict[str, str]]:
    return [one.query for one in service.asked if one.path.endswith("searchPosts")]


def test_a_search_is_read_over_pages_and_the_secrets_stay_out(service: Any, wide: Client) -> None:
    service.answer = BlueskyServer(found=posts(250))
    fetched = fetch(service, wide, queries=["aquilon"])
    assert (len(ids(fetched)), fetched.errors, fetched.refused, fetched.asked) == (250, (), [], 1)
    assert [query.get("cursor") for query in searches(service)] == [None, "100", "200"]
    assert {(query["q"], query["sort"], query["limit"]) for query in searches(service)} == {("aquilon", "latest", "100")}
    assert searches(service)[0]["since"] == "2026-10-23T12:00:00.000Z"
    assert PASSWORD not in repr(fetched)
    assert "token-1" not in repr(fetched)


@pytest.mark.parametrize(("cap", "page", "counts"), [(100, 100, False), (150, 50, True), (30, 30, True)])
def test_a_list_that_the_service_ends_early_is_read_on_by_time(
    service: Any, wide: Client, cap: int, page: int, counts: bool
) -> None:
    service.answer = BlueskyServer(found=posts(460), cap=cap, page=page, counts=counts)
    fetched = fetch(service, wide, queries=["aquilon"])
    assert (len(ids(fetched)), fetched.errors) == (460, ())


def test_a_list_that_says_more_than_it_has_ends(service: Any, wide: Client) -> None:
    served = BlueskyServer(found=posts(5))
    service.answer = lambda asked: (
        (200, {**served(asked)[1], "hitsTotal": 999}) if "search" in asked.path else served(asked)  # type: ignore[index,dict-item]
    )
    fetched = fetch(service, wide, queries=["aquilon"])
    assert (len(ids(fetched)), fetched.errors) == (5, ())
    assert len(searches(service)) <= 3


def test_more_posts_of_one_moment_than_a_page_end_nothing(service: Any, wide: Client) -> None:
    same = [{**post(AS_OF - MINUTE), "uri": f"at://{DID}/app.bsky.feed.post/{number}"} for number in range(120)]
    service.answer = BlueskyServer(found=[*same, post(AS_OF - 2 * MINUTE)], cap=50)
    fetched = fetch(service, wide, queries=["aquilon"])
    assert post(AS_OF - 2 * MINUTE)["uri"] in ids(fetched)


def test_a_post_says_all_it_says(service: Any, wide: Client) -> None:
    parent = f"at://{DID}/app.bsky.feed.post/3lparent"
    pictures = {
        "$type": "app.bsky.embed.images#view",
        "images": [{"thumb": "https://cdn.example/t", "fullsize": "https://cdn.example/f"}],
    }
    one = post(AS_OF - MINUTE, "Quai 3\nfermé", embed=pictures, record={"reply": {"parent": {"uri": parent}}})
    service.answer = BlueskyServer(found=[one])
    (mention,) = fetch(service, wide, queries=["aquilon"]).mentions
    assert (mention.text, mention.kind, mention.language_declared) == ("Quai 3\nfermé", "post", "fr")
    assert (mention.likes, mention.shares, mention.replies, mention.views) == (3, 3, 4, None)
    assert (mention.author, mention.publisher, mention.parent_id) == ("usager.example", "bsky.app", parent)
    assert mention.native_id == one["uri"]
    assert mention.url == f"https://bsky.app/profile/usager.example/post/{one['uri'].rpartition('/')[2]}"
    assert (mention.published_at, mention.media) == (AS_OF - MINUTE, ["https://cdn.example/f"])


def test_a_linked_page_a_film_and_a_quotation_are_kept() -> None:
    link = {
        "external": {
            "uri": "https://gazette.example/1",
            "title": "Grève",
            "description": "Deux lignes",
            "thumb": "https://cdn.example/l",
        }
    }
    read = post_mention({"post": post(AS_OF, "À lire", embed=link)}, "s", "bluesky")
    assert read.text == "À lire\n\nGrève\nDeux lignes\nhttps://gazette.example/1"
    assert read.media == ["https://cdn.example/l"]
    quoted = {"record": {"record": {"uri": "at://q"}}, "media": {"thumbnail": "https://cdn.example/v"}}
    read = post_mention(
        {"post": post(AS_OF, embed=quoted, record={"embed": {"record": {"record": {"uri": "at://q"}}}})}, "s", "b"
    )
    assert (read.parent_id, read.media) == ("at://q", ["https://cdn.example/v"])
    plain = post_mention({"post": post(AS_OF, record={"embed": {"record": {"uri": "at://p"}}})}, "s", "bluesky")
    assert plain.parent_id == "at://p"


def test_an_account_gives_its_posts_and_its_reposts(service: Any, wide: Client) -> None:
    reason = {"$type": "app.bsky.feed.defs#reasonRepost", "by": {"did": DID, "handle": "relais.example"}}
    original = post(AS_OF - timedelta(days=90), "Bus en panne")
    repost = {
        "post": original,
        "reason": {**reason, "indexedAt": stamp(AS_OF - MINUTE), "uri": f"at://{DID}/app.bsky.feed.repost/1"},
    }
    feed = [{"post": one} for one in posts(150)]
    service.answer = BlueskyServer(feeds={"relais.example": [repost, *feed]})
    fetched = fetch(service, wide, accounts=["@relais.example"])
    assert len(fetched.mentions) == 151
    (mention,) = (one for one in fetched.mentions if one.kind == "repost")
    assert (mention.text, mention.parent_id, mention.author) == ("Bus en panne", original["uri"], "relais.example")
    assert (mention.native_id, mention.published_at) == (f"at://{DID}/app.bsky.feed.repost/1", AS_OF - MINUTE)
    assert (mention.likes, mention.shares, mention.replies) == (None, None, None)
    del repost["reason"]["uri"]
    assert post_mention(repost, "s", "bluesky").native_id == f"{original['uri']} by {DID}"


def test_an_unknown_account_and_one_that_blocks_stop_no_other(service: Any, wide: Client) -> None:
    served = BlueskyServer(feeds={"a.example": [{"post": one} for one in posts(2)]})
    service.answer = lambda asked: (
        (400, {"error": "BlockedByActor"}) if asked.query.get("actor") == "b.example" else served(asked)
    )
    fetched = fetch(service, wide, accounts=["nobody.example", "b.example", "a.example"])
    assert len(fetched.mentions) == 2
    assert "@nobody.example: Bluesky answered 400: it does not know this account" in fetched.errors[0]
    assert "@b.example: this account blocks" in fetched.errors[1]


def test_a_session_that_expires_is_made_anew_once(service: Any, wide: Client) -> None:
    served = BlueskyServer(found=posts(350), lasts=3)
    service.answer = served
    fetched = fetch(service, wide, queries=["aquilon"])
    assert (len(ids(fetched)), fetched.errors, served.sessions) == (350, (), 2)
    served.lasts = 1
    again = fetch(service, wide, queries=["aquilon", "other"])
    assert served.sessions == 4
    assert len(again.errors) == 1
    assert "look whether the app password in SKY_TOKEN is still valid" in again.errors[0]


def test_a_new_session_that_is_refused_ends_the_run_with_one_sentence(service: Any, wide: Client) -> None:
    logins = iter([(200, {"accessJwt": "t"}), (401, {"error": "AuthenticationRequired"})])
    service.answer = lambda asked: next(logins) if asked.path == LOGIN else (401, {"error": "ExpiredToken"})
    fetched = fetch(service, wide, queries=["a", "b"])
    assert len(fetched.errors) == 1
    assert fetched.errors[0].startswith("a: Bluesky refuses the login (401)")


@pytest.mark.parametrize("status", [400, 401, 403])
def test_a_login_that_is_refused_names_the_variables_only(service: Any, wide: Client, status: int) -> None:
    service.answer = lambda asked: (status, {"error": "AuthenticationRequired", "message": f"{HANDLE} {PASSWORD}"})
    with pytest.raises(SourceError, match="SKY_USER holds a handle and SKY_TOKEN an app password") as caught:
        fetch(service, wide, queries=["a"])
    assert PASSWORD not in str(caught.value) + caught.value.hint
    assert HANDLE not in str(caught.value)
    assert len(service.asked) == 1


@pytest.mark.parametrize("answer", [{}, [], {"accessJwt": None}, {"accessJwt": "two\nlines"}])
def test_a_login_without_a_token_is_a_failure(service: Any, wide: Client, answer: object) -> None:
    service.answer = lambda asked: (200, answer)
    with pytest.raises(SourceError, match="no token"):
        fetch(service, wide, queries=["a"])


def test_a_login_needs_its_variables(service: Any, wide: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SKY_TOKEN")
    with pytest.raises(SourceError, match="SKY_TOKEN is not set"):
        fetch(service, wide, queries=["a"])
    assert service.asked == []


def test_a_service_that_is_asked_too_much_is_asked_no_more(service: Any, client: Client, waits: list[float]) -> None:
    served = BlueskyServer()
    service.answer = lambda asked: (
        served(asked) if asked.path == LOGIN else (429, {"error": "RateLimitExceeded"}, {"Retry-After": "7"})
    )
    fetched = fetch(service, client, queries=["a", "b"])
    assert len(fetched.errors) == 1
    assert waits == [7.0, 7.0]
    assert len(searches(service)) == 3


def test_what_a_limit_left_out_comes_with_the_next_runs(service: Any, wide: Client) -> None:
    service.answer = BlueskyServer(found=posts(400), feeds={"a.example": [{"post": one} for one in posts(400)]})
    for keys in ({"queries": ["aquilon"]}, {"accounts": ["a.example"]}):
        state: State = {}
        seen: set[str] = set()
        for run in range(8):
            fetched = fetch(service, wide, state, AS_OF + run * MINUTE, limit=100, **keys)
            state, seen = fetched.state, seen | ids(fetched)
        assert len(seen) == 400


def test_a_date_that_the_author_made_up_does_not_count(service: Any, wide: Client) -> None:
    future = post(AS_OF - MINUTE, record={"createdAt": "2031-01-01T00:00:00.000Z"})
    assert post_mention({"post": future}, "s", "bluesky").published_at == AS_OF - MINUTE
    imported = post(AS_OF - MINUTE, record={"createdAt": "2019-01-01T00:00:00.000Z"})
    assert post_mention({"post": imported}, "s", "bluesky").published_at == datetime(2019, 1, 1, tzinfo=UTC)
    feed = [{"post": one} for one in posts(250)]
    feed[99] = {"post": imported}
    service.answer = lambda asked: (
        (200, {"accessJwt": "t"})
        if asked.path == LOGIN
        else (200, {"feed": feed[(first := int(asked.query.get("cursor", "0"))) : first + 100], "cursor": str(first + 100)})
    )
    assert len(fetch(service, wide, accounts=["a.example"]).mentions) == 249


def test_a_search_that_sorts_by_another_date_loses_nothing(service: Any, wide: Client) -> None:
    held = posts(300)
    for number in (99, 98, 150):
        held[number]["record"]["createdAt"] = "2019-01-01T00:00:00.000Z"

    def answer(asked: Any) -> Any:
        if asked.path == LOGIN:
            return 200, {"accessJwt": "t"}
        between = [one for one in held if asked.query["since"] <= one["indexedAt"] < asked.query["until"]]
        return 200, {"posts": between[:100], "hitsTotal": len(between)}

    service.answer = answer
    assert len(ids(fetch(service, wide, queries=["aquilon"]))) == 297


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"uri": None}, "no id"),
        ({"record": None}, "no text"),
        ({"author": {"handle": "a.example", "labels": [{"val": "!no-unauthenticated"}]}}, "its author asks to be shown only"),
        ({"author": {"handle": "a.example", "labels": [{"val": "!no-unauthenticated", "neg": True}]}}, ""),
        ({"author": None, "embed": None, "indexedAt": None, "likeCount": "many"}, ""),
    ],
)
def test_what_cannot_be_a_mention_is_refused_with_its_reason(change: dict[str, Any], reason: str) -> None:
    item = {"post": {**post(AS_OF), **change}}
    assert wrong_of(item, post_mention(item, "s", "bluesky")).startswith(reason)
    assert bool(wrong_of(item, post_mention(item, "s", "bluesky"))) == bool(reason)


def test_a_handle_that_is_none_makes_no_address_and_the_lasting_id_is_the_author() -> None:
    lost = post_mention({"post": post(AS_OF, handle="handle.invalid")}, "s", "bluesky")
    assert lost.author == DID
    assert (lost.url or "").startswith(f"https://bsky.app/profile/{DID}/post/3l")
    hostile = post_mention({"post": post(AS_OF, handle="a.example/../<script>")}, "s", "bluesky")
    assert hostile.author == DID
    assert post_mention({"post": post(AS_OF, uri="javascript:alert(1)")}, "s", "bluesky").url is None


def test_a_language_is_taken_only_where_one_is_declared() -> None:
    both = post(AS_OF, record={"langs": ["fr", "en"]})
    assert post_mention({"post": both}, "s", "bluesky").language_declared is None


@pytest.mark.parametrize("answer", [{}, [], None, {"posts": None}, {"posts": {}}])
def test_what_is_no_page_of_posts_is_a_failure_of_the_source(service: Any, wide: Client, answer: object) -> None:
    service.answer = lambda asked: (200, {"accessJwt": "t"}) if asked.path == LOGIN else (200, answer)
    assert "no page of posts" in fetch(service, wide, queries=["a"]).errors[0]
