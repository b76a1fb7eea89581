"""X, by a real server that answers as the search of its API v2 does."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from veille.errors import SourceError
from veille.sources import Client, Fetched, Span, source_of
from veille.sources.x import post_mention
from veille.watch import SourceSpec

AS_OF = datetime(2026, 11, 22, 12, tzinfo=UTC)
REPLIES = Path(__file__).parents[2].parent / "shared" / "data" / "source-replies" / "twitwi-bluesky-twitter"
FIRST = 1_900_000_000_000_000_000


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X_TOKEN", "the-secret")


def post(number: int, **changes: object) -> dict[str, object]:
    """The post of so many minutes before the run."""
    return {
        "id": str(FIRST - number),
        "text": f"Bus {number} en retard &amp; plein &lt;3",
        "author_id": "7",
        "created_at": f"{AS_OF - timedelta(minutes=number):%Y-%m-%dT%H:%M:%S.000Z}",
        "lang": "fr",
        "public_metrics": {"retweet_count": 2, "reply_count": 3, "like_count": 4, "quote_count": 1, "impression_count": 900},
        **changes,
    }


USERS = [{"id": "7", "username": "inventee7", "name": "Inventée", "public_metrics": {"followers_count": 12}}]


def answer(*posts: object, **more: Any) -> dict[str, object]:
    includes = {"users": USERS, **more.pop("includes", {})}
    return {"data": list(posts), "includes": includes, "meta": {"result_count": len(posts), **more}}


class Search:
    """The posts that exist, newest first, page by page."""

    def __init__(self, count: int) -> None:
        self.posts = [post(number) for number in range(1, count + 1)]

    def __call__(self, asked: Any) -> tuple[int, object]:
        query = asked.query
        found = [
            part
            for part in self.posts
            if int(str(part["id"])) > int(query.get("since_id", 0))
            and query.get("start_time", "") <= str(part["created_at"]) < query.get("end_time", "9")
        ]
        first, most = int(query.get("next_token", "0")), int(query["max_results"])
        assert 10 <= most <= 100
        more = {"next_token": str(first + most)} if first + most < len(found) else {}
        return 200, answer(*found[first : first + most], **more) if found else {"meta": {"result_count": 0}}


def fetch(service: Any, client: Client, state: Any = None, as_of: datetime = AS_OF, **keys: Any) -> Fetched:
    keys = {"queries": ["aquilon"], "posts_a_month": 10_000, **keys}
    keys |= {"token": "X_TOKEN", "enabled": True, "server": service.address}
    spec = SourceSpec.model_validate({"id": "x", "type": "x", **keys})
    return source_of("x", "Europe/Paris").fetch(spec, state or {}, as_of, client)


def test_a_post_becomes_a_mention(service: Any, client: Client) -> None:
    media = {"media": [{"media_key": "3_1", "url": "https://img.example/1.jpg"}, {"media_key": "9_9", "url": "x"}]}
    one = post(1, attachments={"media_keys": ["3_1", "3_2"]})
    service.answer = lambda asked: (200, answer(one, includes=media))
    fetched = fetch(service, client)
    (mention,) = fetched.mentions
    assert (mention.kind, mention.text) == ("post", "Bus 1 en retard & plein <3")
    assert (mention.native_id, mention.author, mention.author_followers) == (str(FIRST - 1), "inventee7", 12)
    assert mention.url == f"https://x.com/inventee7/status/{FIRST - 1}"
    assert (mention.likes, mention.shares, mention.replies, mention.views) == (4, 3, 3, 900)
    assert (mention.published_at, mention.language_declared) == (AS_OF - timedelta(minutes=1), "fr")
    assert mention.media == ["https://img.example/1.jpg"]
    (asked,) = service.asked
    assert (asked.path, asked.headers["Authorization"]) == ("/2/tweets/search/recent", "Bearer the-secret")
    assert (asked.query["query"], asked.query["max_results"]) == ("aquilon", "100")
    assert asked.query["start_time"] == "2026-11-15T12:15:00Z"
    assert "end_time" not in asked.query
    assert "the-secret" not in repr(fetched)


def test_long_posts_reposts_answers_and_quotes(service: Any, client: Client) -> None:
    posts = [
        post(1, note_tweet={"text": "Tout le texte"}),
        post(2, text="RT @inventee8: Le texte qui est coup…", referenced_tweets=[{"type": "retweeted", "id": "8"}]),
        post(3, referenced_tweets=[{"type": "quoted", "id": "5"}, {"type": "replied_to", "id": "9"}]),
        post(4, referenced_tweets=[{"type": "quoted", "id": "5"}]),
        post(5, referenced_tweets=[{"type": "retweeted", "id": "404"}], text="RT @x: coup…"),
    ]
    originals = {
        "tweets": [{"id": "8", "text": "Le texte qui est coupé", "note_tweet": {"text": "Le texte qui est coupé là-bas"}}]
    }
    service.answer = lambda asked: (200, answer(*posts, includes=originals))
    mentions = fetch(service, client).mentions
    assert [mention.kind for mention in mentions] == ["post", "repost", "post", "post", "repost"]
    assert [mention.parent_id for mention in mentions] == [None, "8", "9", "5", "404"]
    assert [mention.text for mention in mentions[:2]] == ["Tout le texte", "Le texte qui est coupé là-bas"]
    assert mentions[1].shares is None
    assert mentions[4].text == "RT @x: coup…"


def test_accounts_are_followed_and_one_that_fails_stops_no_other(service: Any, client: Client) -> None:
    service.answer = lambda asked: (
        (400, {"title": "Invalid Request"}) if asked.query["query"] == "bad" else (200, answer(post(1)))
    )
    fetched = fetch(service, client, queries=["bad"], accounts=["@aquilon", "rivale"])
    assert [asked.query["query"] for asked in service.asked] == ["bad", "from:aquilon", "from:rivale"]
    assert "bad: X answered 400: the query" in fetched.errors[0]


def test_the_next_run_pays_for_no_post_again(service: Any, client: Client) -> None:
    service.answer = Search(250)
    first = fetch(service, client)
    assert len(first.mentions) == 250
    service.answer.posts.insert(0, post(-30))
    second = fetch(service, client, first.state, AS_OF + timedelta(hours=1))
    assert [mention.native_id for mention in second.mentions] == [str(FIRST + 30)]
    assert service.asked[-1].query["since_id"] == str(FIRST - 1)
    assert second.state["(spent)"] == {"2026-11": "251"}
    third = fetch(service, client, second.state, AS_OF + timedelta(hours=2))
    assert (third.mentions, third.errors, third.warnings) == ([], (), ())


def test_after_an_outage_longer_than_its_reach_times_are_asked_for_and_the_gap_is_told(service: Any, client: Client) -> None:
    service.answer = Search(5)
    first = fetch(service, client)
    later = AS_OF + timedelta(days=10)
    fetched = fetch(service, client, first.state, later)
    floor = later - timedelta(days=7) + timedelta(minutes=15)
    assert fetched.unfilled == (Span(AS_OF - timedelta(minutes=1), floor),)
    assert service.asked[-1].query["start_time"] == f"{floor:%Y-%m-%dT%H:%M:%SZ}"


def test_a_limit_leaves_a_hole_that_the_next_run_fills_and_no_post_is_paid_twice_but_the_seam(
    service: Any, client: Client
) -> None:
    service.answer = Search(250)
    first = fetch(service, client, limit=100)
    second = fetch(service, client, first.state, AS_OF + timedelta(minutes=1), limit=100)
    third = fetch(service, client, second.state, AS_OF + timedelta(minutes=2), limit=100)
    ids = {mention.native_id for part in (first, second, third) for mention in part.mentions}
    assert len(ids) == 250
    assert int(third.state["(spent)"]["2026-11"]) <= 254
    assert "hole_since" not in third.state["aquilon"]


@pytest.mark.parametrize(("limit", "sizes"), [(30, [30]), (5, [10]), (130, [100, 30])])
def test_no_more_is_paid_than_the_limit_takes(service: Any, client: Client, limit: int, sizes: list[int]) -> None:
    service.answer = Search(1000)
    fetched = fetch(service, client, limit=limit)
    assert [int(asked.query["max_results"]) for asked in service.asked] == sizes
    assert len(fetched.mentions) == sum(sizes)


@pytest.mark.parametrize("budget", [10, 55, 100, 130, 249])
def test_the_budget_of_a_month_is_never_passed(service: Any, client: Client, budget: int) -> None:
    service.answer = Search(1000)
    fetched = fetch(service, client, posts_a_month=budget)
    spent = int(fetched.state["(spent)"]["2026-11"])
    assert budget - 10 < spent <= budget
    assert len(fetched.mentions) == spent
    left = budget
    for asked in service.asked:
        assert int(asked.query["max_results"]) <= left
        left -= int(asked.query["max_results"])
    assert len(fetched.warnings) == 1
    assert f"{spent} of the {budget} posts" in fetched.warnings[0]
    assert fetched.errors == ()
    service.asked.clear()
    again = fetch(service, client, fetched.state, AS_OF + timedelta(days=1), posts_a_month=budget)
    assert (service.asked, again.state, again.errors, len(again.warnings)) == ([], fetched.state, (), 1)
    # The month of the watch's zone, not of UTC.
    december = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
    service.answer.posts = [post(-60 * 24 * 8)]
    fetched = fetch(service, client, fetched.state, december, posts_a_month=budget)
    assert fetched.state["(spent)"] == {"2026-12": "1"}
    assert len(fetched.mentions) == 1


def test_posts_that_come_with_others_count_too(service: Any, client: Client) -> None:
    others = {"tweets": [{"id": "8"}, {"id": "9"}, {"id": str(FIRST - 1)}]}
    service.answer = lambda asked: (200, answer(post(1), includes=others))
    assert fetch(service, client).state["(spent)"] == {"2026-11": "3"}
    assert "referenced_tweets.id" in service.asked[0].query["expansions"]
    fetch(service, client, posts_a_month=290)
    assert "referenced_tweets.id" not in service.asked[1].query["expansions"]


def test_a_budget_too_small_for_one_page_asks_nothing(service: Any, client: Client) -> None:
    fetched = fetch(service, client, posts_a_month=9)
    assert (service.asked, fetched.mentions, len(fetched.warnings)) == ([], [], 1)


@pytest.mark.parametrize(
    ("status", "says"), [(401, "bearer token"), (402, "credits"), (403, "plan of the key"), (429, "too much")]
)
def test_a_key_that_may_not_is_told_once_and_no_other_query_is_tried(
    service: Any, client: Client, status: int, says: str
) -> None:
    service.answer = lambda asked: (status, {"detail": "the-secret"}, {"Retry-After": "900"})
    fetched = fetch(service, client, queries=["a", "b", "c"])
    assert len(service.asked) == 1
    assert len(fetched.errors) == 1
    assert says in fetched.errors[0]
    assert "the-secret" not in repr(fetched)
    assert fetched.state["(spent)"] == {"2026-11": "0"}


def test_a_key_that_is_not_set_is_a_failure(service: Any, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("X_TOKEN")
    with pytest.raises(SourceError, match="X_TOKEN is not set"):
        fetch(service, client)


def test_posts_of_any_kind(service: Any, client: Client) -> None:
    odd = [None, 3, {}, post(1, id=None), post(2, text=None)]
    fine = [
        post(3, author_id=None, created_at="soon", public_metrics=None, lang="und", referenced_tweets=[None, {"type": 3}]),
        post(4, author_id="8", id=FIRST, public_metrics={"like_count": -1, "retweet_count": 10**40}, attachments=[]),
        post(5, note_tweet="x", referenced_tweets={}, attachments={"media_keys": [[], None]}, id="../x"),
    ]
    service.answer = lambda asked: (200, {"data": [*odd, *fine], "includes": [], "meta": None})
    fetched = fetch(service, client)
    first, second, third = fetched.mentions
    assert (first.author, first.published_at, first.language_declared, first.likes) == (None, None, None, None)
    assert (second.native_id, second.author, second.likes, second.shares) == (str(FIRST), "8", None, None)
    assert (third.native_id, third.url) == ("../x", None)
    assert len(fetched.refused) == 3


@pytest.mark.parametrize("body", [[], {}, 3, {"errors": [{"title": "x"}]}])
def test_what_is_no_page_is_a_failure(service: Any, client: Client, body: object) -> None:
    service.answer = lambda asked: (200, body)
    assert "no page of posts" in fetch(service, client).errors[0]


@pytest.mark.shared_data
@pytest.mark.skipif(not REPLIES.is_dir(), reason="the public data sets are not beside the checkout")
@pytest.mark.parametrize(
    "name", ["payload-v2", "payload-v2-tweet-retweet", "alternative-payload-v2", "payload-v2-video", "payload-v2-geo"]
)
def test_pages_as_served(service: Any, name: str) -> None:
    page = json.loads((REPLIES / f"{name}.json").read_text())
    page.get("meta", {}).pop("next_token", None)
    service.answer = lambda asked: (200, page)
    with Client(allow_private=True) as client:
        fetched = fetch(service, client)
    assert (len(fetched.mentions), fetched.refused, fetched.errors) == (len(page["data"]), [], ())
    for raw, mention in zip(page["data"], fetched.mentions, strict=True):
        kinds = [part["type"] for part in raw.get("referenced_tweets", [])]
        assert (mention.kind == "repost") == ("retweeted" in kinds)
        assert bool(mention.parent_id) == bool(kinds)
        assert mention.published_at == datetime.fromisoformat(raw["created_at"])
        assert mention.author
        assert "&amp;" not in mention.text


@pytest.mark.shared_data
@pytest.mark.skipif(not REPLIES.is_dir(), reason="the public data sets are not beside the checkout")
def test_a_single_post_as_served() -> None:
    page = json.loads((REPLIES / "payload-v2-singletweet.json").read_text())
    mention = post_mention(page["data"], page["includes"], "x", "x")
    assert mention.native_id == page["data"]["id"]
    assert mention.likes == page["data"]["public_metrics"]["like_count"] or mention.kind == "repost"
