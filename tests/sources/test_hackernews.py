from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.sources.hackernews_server import HackerNewsServer, comment, story
from veille.sources import Client, Fetched, State
from veille.sources.hackernews import INTERVAL_SECONDS, HackerNewsSource, hit_mention
from veille.watch import SourceSpec

AS_OF = datetime(2026, 11, 22, 12, tzinfo=UTC)
NOW = int(AS_OF.timestamp())


def fetch(service: Any, client: Client, state: State | None = None, as_of: datetime = AS_OF, **keys: Any) -> Fetched:
    spec = SourceSpec.model_validate(
        {"id": "hn", "type": "hackernews", "server": service.address, "queries": ["aquilon"], **keys}
    )
    return HackerNewsSource("Europe/Paris").fetch(spec, state or {}, as_of, client)


def test_more_hits_than_the_service_pages_are_read_by_time(service: Any, client: Client) -> None:
    held = [story(NOW - 60 * place, f"title {place}") for place in range(2500)]
    service.answer = HackerNewsServer(held)
    big = Client(allow_private=True, limits=client.limits.__class__(host_interval_seconds=0), sleep=lambda seconds: None)
    with big:
        fetched = fetch(service, big, limit=5000)
    assert len({mention.native_id for mention in fetched.mentions}) == 2500
    assert (fetched.errors, fetched.refused, fetched.warnings) == ((), [], ())
    assert all("page" not in one.query and one.query["tags"] == "(story,comment)" for one in service.asked)


def test_a_story_and_a_comment_say_all_they_say(service: Any, client: Client, waits: list[float]) -> None:
    link = "https:&#x2F;&#x2F;x.example&#x2F;1"
    text = f'It&#x27;s late.<p>See <a href="{link}">{link}</a><script>x</script>'
    service.answer = HackerNewsServer([story(NOW - 60, story_text="Ask <i>HN</i>"), comment(NOW - 30, text)])
    answer, post = fetch(service, client).mentions
    assert (post.kind, post.title, post.text) == ("post", "Aquilon strikes", "Ask HN\nhttps://gazette.example/1")
    assert (post.likes, post.replies, post.shares, post.author) == (12, 3, None, "reader")
    assert post.url == f"https://news.ycombinator.com/item?id={post.native_id}"
    assert (post.publisher, post.published_at) == ("news.ycombinator.com", AS_OF - timedelta(minutes=1))
    assert (answer.kind, answer.title, answer.parent_id) == ("comment", "", "17")
    assert [line for line in answer.text.split("\n") if line] == ["It's late.", "See https://x.example/1"]
    assert (answer.likes, answer.replies) == (None, None)


def test_it_keeps_the_pace_of_the_service(service: Any, client: Client, waits: list[float]) -> None:
    service.answer = HackerNewsServer([])
    fetched = fetch(service, client, queries=["a", "b"])
    assert (fetched.mentions, fetched.errors, fetched.asked) == ([], (), 2)
    assert any(0 < wait <= INTERVAL_SECONDS for wait in waits)


def test_what_is_new_comes_with_the_next_run_and_counters_after_six_hours(service: Any, client: Client) -> None:
    served = HackerNewsServer([story(NOW - 60 * place) for place in range(1, 30)])
    service.answer = served
    first = fetch(service, client)
    served.held.append(comment(NOW + 60))
    second = fetch(service, client, first.state, AS_OF + timedelta(minutes=2))
    assert [mention.kind for mention in second.mentions] == ["comment", "post"]
    served.held[5]["points"] = 99
    third = fetch(service, client, second.state, AS_OF + timedelta(hours=7))
    assert (len(third.mentions), max(mention.likes or 0 for mention in third.mentions)) == (30, 99)


def test_what_a_limit_left_out_comes_with_the_next_runs(service: Any, client: Client) -> None:
    service.answer = HackerNewsServer([story(NOW - 60 * place) for place in range(1, 400)])
    state: State = {}
    seen: set[str] = set()
    for run in range(6):
        fetched = fetch(service, client, state, AS_OF + timedelta(minutes=run), limit=100)
        state = fetched.state
        seen |= {mention.native_id or "" for mention in fetched.mentions}
    assert len(seen) == 399


def test_more_hits_of_one_second_than_a_page_are_told_once(service: Any, client: Client) -> None:
    held = [story(NOW - 60, objectID=str(number)) for number in range(250)] + [story(NOW - 90, objectID="last")]
    service.answer = HackerNewsServer(held)
    fetched = fetch(service, client)
    assert "last" in {mention.native_id for mention in fetched.mentions}
    assert fetched.warnings == ("aquilon: more than 100 hits at 2026-11-22 11:59:00 UTC, some are missing",)


def test_what_cannot_be_a_mention_is_refused_with_its_reason(service: Any, client: Client) -> None:
    held = [
        story(NOW - 1, objectID=None),
        comment(NOW - 2, "[deleted]"),
        comment(NOW - 3, "", objectID="1"),
        story(NOW - 4, "[flagged]"),
        story(NOW - 5, None, url=None),  # type: ignore[arg-type]
        comment(NOW - 6, author=None, parent_id=None, created_at_i=NOW - 6),
    ]
    service.answer = lambda asked: (200, {"hits": [*held, None, 3]})
    fetched = fetch(service, client)
    gone, empty = "it was removed or deleted", "no title and no text"
    assert [(one.number, one.reason) for one in fetched.refused] == [
        (1, "no id"),
        (2, gone),
        (3, empty),
        (4, gone),
        (5, empty),
        (7, "no id"),
        (8, "no id"),
    ]
    assert [(mention.author, mention.parent_id) for mention in fetched.mentions] == [(None, None)]


@pytest.mark.parametrize(
    ("second", "text", "known"), [(None, "2026-11-22T10:00:00Z", True), (None, "soon", False), ("x", None, False)]
)
def test_a_date_is_read_in_either_way_or_is_missing(second: object, text: object, known: bool) -> None:
    one = {**story(NOW), "created_at_i": second, "created_at": text}
    assert (hit_mention(one, "s", "hackernews").published_at is not None) == known


def test_an_id_that_is_no_number_makes_no_address() -> None:
    assert hit_mention(story(NOW, objectID="1&x=<script>"), "s", "hackernews").url is None


@pytest.mark.parametrize("answer", [{}, [], None, {"hits": None}, {"message": "maintenance"}])
def test_what_is_no_list_of_hits_is_a_failure_of_the_source(service: Any, client: Client, answer: object) -> None:
    service.answer = lambda asked: (200, answer)
    assert "no list of hits" in fetch(service, client).errors[0]


def test_a_service_that_is_asked_too_much_is_asked_no_more(service: Any, client: Client) -> None:
    service.answer = lambda asked: (429, b"", {"Retry-After": "3600"})
    fetched = fetch(service, client, queries=["a", "b"])
    assert len(service.asked) == 1
    assert (len(fetched.errors), fetched.state) == (1, {"a": {}, "b": {}})
