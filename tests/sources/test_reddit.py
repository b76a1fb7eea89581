"""Reddit, by a real server that answers as its feeds and as its API do."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from typing import Any

import pytest

from veille.errors import SourceError
from veille.sources import Client, Fetched, source_of
from veille.watch import SourceSpec

AS_OF = datetime(2026, 11, 22, 12, tzinfo=UTC)
FEED = Path(__file__).parents[2].parent / "shared" / "data" / "source-replies" / "prof18-rss-parser" / "atom-feed-reddit.xml"


def entry(number: int, kind: str = "t3", title: str | None = None, body: str = "Le train est supprimé.", **changes: str) -> str:
    content = (
        f'<!-- SC_OFF --><div class="md"><p>{body}</p></div><!-- SC_ON --> &#32; submitted by &#32; '
        f'<a href="https://www.reddit.com/user/inventee{number}"> /u/inventee{number} </a> &#32; to &#32; '
        '<a href="https://www.reddit.com/r/villenouvelle/"> r/villenouvelle </a> <br/> <span><a href="x">[link]</a></span> '
        '&#32; <span><a href="x">[comments]</a></span>'
    )
    moment = changes.get("moment", f"{AS_OF - timedelta(hours=number):%Y-%m-%dT%H:%M:%S+00:00}")
    return (
        f"<entry><author><name>/u/inventee{number}</name><uri>https://www.reddit.com/user/inventee{number}</uri></author>"
        f"<category term='villenouvelle' label='r/villenouvelle'/><content type='html'>{escape(content)}</content>"
        f"<id>{changes.get('id', f'{kind}_{number:x}')}</id><link href='https://www.reddit.com/r/villenouvelle/comments/{number:x}/x/'/>"
        f"<updated>{moment}</updated><published>{moment}</published>"
        f"<title>{f'Train {number}' if title is None else title}</title></entry>"
    )


def feed(*entries: str) -> bytes:
    head = (
        '<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom"><id>/search.rss</id><title>T</title>'
    )
    return (head + "".join(entries) + "</feed>").encode()


def post(number: int, **changes: object) -> dict[str, object]:
    data = {
        "name": f"t3_{number:x}",
        "title": f"Train {number} &amp; tram",
        "selftext": "Il est **supprimé** < demain >",
        "author": f"inventee{number}",
        "permalink": f"/r/villenouvelle/comments/{number:x}/train/",
        "url_overridden_by_dest": "https://i.redd.example/a.png",
        "created_utc": (AS_OF - timedelta(hours=number)).timestamp(),
        "score": 12,
        "num_comments": 3,
        "removed_by_category": None,
        **changes,
    }
    return {"kind": "t3", "data": data}


def comment(number: int, **changes: object) -> dict[str, object]:
    keys = {"name": f"t1_{number:x}", "body": "Encore !", "parent_id": "t3_9", "link_title": "x", "num_comments": 40}
    return {"kind": "t1", "data": {**dict(post(number)["data"]), **keys, **changes}}  # type: ignore[call-overload]


def listing(*children: object, after: object = None) -> dict[str, object]:
    return {"kind": "Listing", "data": {"after": after, "dist": len(children), "children": list(children)}}


def fetch(service: Any, client: Client, state: Any = None, as_of: datetime = AS_OF, **keys: Any) -> Fetched:
    keys = keys or {"queries": ["aquilon"]}
    spec = SourceSpec.model_validate({"id": "forum", "type": "reddit", "server": service.address, **keys})
    return source_of("reddit", "Europe/Paris").fetch(spec, state or {}, as_of, client)


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.setenv("R_ID", "the-id")
    monkeypatch.setenv("R_SECRET", "the-secret")
    return {"user": "R_ID", "token": "R_SECRET"}


def api(pages: Any) -> Any:
    def answer(asked: Any) -> Any:
        if asked.path == "/api/v1/access_token":
            return 200, {"access_token": "a-token", "token_type": "bearer", "expires_in": 86400, "scope": "*"}
        return pages(asked)

    return answer


def test_an_entry_of_a_feed_becomes_a_post(service: Any, client: Client) -> None:
    service.answer = lambda asked: (200, feed(entry(1)))
    (mention,) = fetch(service, client).mentions
    assert (mention.kind, mention.title, mention.text) == ("post", "Train 1", "Le train est supprimé.")
    assert (mention.native_id, mention.author) == ("t3_1", "inventee1")
    assert mention.url == "https://www.reddit.com/r/villenouvelle/comments/1/x/"
    assert mention.published_at == AS_OF - timedelta(hours=1)
    (asked,) = service.asked
    assert (asked.path, asked.query) == ("/search.rss", {"q": "aquilon", "sort": "new", "limit": "100"})
    assert asked.headers["User-Agent"].startswith("veille/")


def test_accounts_are_subreddits_and_users(service: Any, client: Client, waits: list[float]) -> None:
    service.answer = lambda asked: (200, feed(entry(1, "t1", "/u/x on Train"), entry(2)))
    fetched = fetch(service, client, accounts=["r/villenouvelle", "u/inventee", "/user/a-b_c", "france"])
    assert [asked.path for asked in service.asked] == ["/r/villenouvelle/new/.rss", "/user/inventee/.rss", "/user/a-b_c/.rss"]
    assert fetched.errors == ("france is neither a subreddit nor a user: write r/name or u/name",)
    assert (fetched.mentions[0].kind, fetched.mentions[0].title) == ("comment", "")
    assert len(waits) == 2


def test_pages_follow_the_last_entry(service: Any, client: Client) -> None:
    def answer(asked: Any) -> Any:
        first = int(asked.query["after"][3:], 16) + 1 if "after" in asked.query else 1
        return 200, feed(*(entry(n) for n in range(first, min(first + 100, 251))))

    service.answer = answer
    fetched = fetch(service, client)
    assert len({mention.native_id for mention in fetched.mentions}) == 250
    assert [asked.query.get("after") for asked in service.asked] == [None, "t3_64", "t3_c8"]


def test_the_next_run_stops_where_the_last_one_began(service: Any, client: Client) -> None:
    service.answer = lambda asked: (200, feed(*(entry(n) for n in range(1, 101))))
    first = fetch(service, client, queries=["aquilon"], backfill_days=1)
    assert len(service.asked) == 1
    fetch(service, client, first.state)
    assert len(service.asked) == 2


def test_removed_texts_are_refused_with_their_reason(service: Any, client: Client) -> None:
    gone = [entry(1, body="[removed]"), entry(2, title="[deleted by user]"), entry(3, title="", body="", id="")]
    service.answer = lambda asked: (200, feed(*gone, entry(4)))
    fetched = fetch(service, client)
    assert [mention.native_id for mention in fetched.mentions] == ["t3_4"]
    assert [item.reason for item in fetched.refused][:2] == ["it was removed or deleted"] * 2


def test_refusals_are_told_clearly_and_nothing_more_is_asked_where_it_is_too_much(service: Any, client: Client) -> None:
    service.answer = lambda asked: (403, b"<html>blocked</html>")
    fetched = fetch(service, client)
    assert "keeps programs without a key out" in fetched.errors[0]
    service.answer = lambda asked: (429, b"", {"Retry-After": "3600"})
    service.asked.clear()
    fetched = fetch(service, client, queries=["a", "b", "c"])
    assert len(service.asked) == 1
    assert len(fetched.errors) == 1
    assert "asked too much (429)" in fetched.errors[0]


def test_with_a_key_posts_and_comments_come_with_their_counters(service: Any, client: Client, key: Any) -> None:
    pages = {
        "/search": listing(post(1)),
        "/r/villenouvelle/new": listing(post(2)),
        "/r/villenouvelle/comments": listing(comment(3)),
        "/user/inventee": listing(comment(4)),
    }
    service.answer = api(lambda asked: (200, pages[asked.path]))
    fetched = fetch(service, client, queries=["aquilon"], accounts=["r/villenouvelle", "u/inventee"], **key)
    first, _, answer, _ = fetched.mentions
    assert (first.kind, first.title, first.text) == ("post", "Train 1 & tram", "Il est **supprimé** < demain >")
    assert (first.native_id, first.author, first.likes, first.replies) == ("t3_1", "inventee1", 12, 3)
    assert first.url == "https://www.reddit.com/r/villenouvelle/comments/1/train/"
    assert first.published_at == AS_OF - timedelta(hours=1)
    assert first.media == ["https://i.redd.example/a.png"]
    assert (answer.kind, answer.title, answer.text) == ("comment", "", "Encore !")
    assert (answer.parent_id, answer.native_id, answer.replies) == ("t3_9", "t1_3", None)
    asked = service.asked
    assert (asked[0].method, asked[0].form) == ("POST", {"grant_type": "client_credentials"})
    assert base64.b64decode(asked[0].headers["Authorization"].removeprefix("Basic ")) == b"the-id:the-secret"
    assert asked[1].headers["Authorization"] == "Bearer a-token"
    assert asked[1].query == {"q": "aquilon", "sort": "new", "limit": "100", "raw_json": "1"}
    assert not any(word in repr(fetched) for word in ("a-token", "the-secret", "the-id"))


def test_pages_of_the_api_follow_its_cursor(service: Any, client: Client, key: Any) -> None:
    def pages(asked: Any) -> Any:
        number = int(asked.query.get("after", "p0")[1:])
        return 200, listing(post(number + 1), after=f"p{number + 1}" if number < 4 else None)

    service.answer = api(pages)
    assert len(fetch(service, client, queries=["aquilon"], **key).mentions) == 5


def test_things_of_any_kind(service: Any, client: Client, key: Any) -> None:
    odd = [
        None,
        {"kind": "t3"},
        {"kind": "t3", "data": []},
        post(1, name=None),
        post(2, selftext="[deleted]"),
        post(3, removed_by_category="moderator"),
        post(4, title=None, selftext=None),
        comment(5, body=None),
    ]
    fine = [
        post(6, created_utc="soon", score=-4, num_comments=None, author="[deleted]", permalink=None, url_overridden_by_dest=4),
        post(7, selftext="", score=10**40, num_comments=-1, author=None, created_utc=1e300),
        post(8, title=[], score=True, permalink="javascript:alert(1)"),
    ]
    service.answer = api(lambda asked: (200, listing(*odd, *fine)))
    fetched = fetch(service, client, queries=["aquilon"], **key)
    assert [mention.native_id for mention in fetched.mentions] == ["t3_6", "t3_7", "t3_8"]
    assert [(mention.likes, mention.replies, mention.published_at is None) for mention in fetched.mentions[:2]] == [
        (0, None, True),
        (None, None, True),
    ]
    assert fetched.mentions[0].author is None
    assert [item.reason for item in fetched.refused] == [
        "no id",
        "no id",
        "no id",
        "it was removed or deleted",
        "it was removed or deleted",
        "no title and no text",
        "no title and no text",
    ]


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ((401, {"message": "Unauthorized"}), "refuses the key"),
        ((200, {"error": "unsupported_grant_type"}), "gives no token"),
        ((200, {"access_token": "a\r\nb"}), "gives no token"),
        ((200, []), "gives no token"),
        ((200, b"<html>"), "no JSON"),
        ((500, b""), "answered 500"),
    ],
)
def test_a_key_that_gives_no_token_is_a_failure_of_the_source(
    service: Any, client: Client, key: Any, said: Any, says: str
) -> None:
    service.answer = lambda asked: said
    with pytest.raises(SourceError, match=says) as caught:
        fetch(service, client, queries=["aquilon"], **key)
    assert "the-secret" not in str(caught.value) + caught.value.hint


def test_a_key_that_is_not_set_is_told_before_anything_is_asked(service: Any, client: Client) -> None:
    with pytest.raises(SourceError, match="R_NONE is not set"):
        fetch(service, client, queries=["aquilon"], user="R_NONE", token="R_NONE")
    assert service.asked == []


@pytest.mark.parametrize("body", [{}, [], {"data": None}, {"data": {"children": {}}}])
def test_what_is_no_listing_is_a_failure(service: Any, client: Client, key: Any, body: object) -> None:
    service.answer = api(lambda asked: (200, body))
    assert "no listing" in fetch(service, client, queries=["aquilon"], **key).errors[0]


@pytest.mark.shared_data
@pytest.mark.skipif(not FEED.is_file(), reason="the public data sets are not beside the checkout")
def test_a_feed_as_served(service: Any, client: Client) -> None:
    service.answer = lambda asked: (200, FEED.read_bytes())
    fetched = fetch(service, client, accounts=["r/villenouvelle"])
    assert len(fetched.mentions) + len(fetched.refused) == FEED.read_bytes().count(b"<entry>") > 0
    for mention in fetched.mentions:
        assert str(mention.native_id).startswith("t3_")
        assert mention.published_at
        assert "submitted by" not in mention.text
        assert not str(mention.author).startswith("/u/")
