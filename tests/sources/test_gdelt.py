"""GDELT, by a real server that answers as its search of articles does."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from veille.sources import Client, Fetched, Span, source_of
from veille.watch import SourceSpec

AS_OF = datetime(2026, 11, 22, 12, tzinfo=UTC)
COMPLAINT = b"Please limit requests to one every 5 seconds or contact somebody for larger queries."


def article(number: int, moment: datetime, **changes: object) -> dict[str, object]:
    return {
        "url": f"https://www.gazette.example/{number}",
        "url_mobile": "",
        "title": f"Grève , jour {number}",
        "seendate": f"{moment:%Y%m%dT%H%M%SZ}",
        "socialimage": "https://www.gazette.example/i.jpg",
        "domain": "gazette.example",
        "language": "French",
        "sourcecountry": "France",
        **changes,
    }


class Search:
    """The articles that exist, newest first, at most so many an answer."""

    def __init__(self, moments: list[datetime]) -> None:
        self.articles = [article(n, moment) for n, moment in enumerate(sorted(moments, reverse=True))]

    def __call__(self, asked: Any) -> tuple[int, object]:
        since, until = (f"{asked.query[key][:8]}T{asked.query[key][8:]}Z" for key in ("startdatetime", "enddatetime"))
        found = [part for part in self.articles if since <= str(part["seendate"]) <= until]
        return 200, {"articles": found[: int(asked.query["maxrecords"])]} if found else b"{}"


def fetch(service: Any, client: Client, state: Any = None, as_of: datetime = AS_OF, **keys: Any) -> Fetched:
    keys = {"queries": ["aquilon"], **keys}
    spec = SourceSpec.model_validate({"id": "world", "type": "gdelt", "server": service.address, **keys})
    return source_of("gdelt", "Europe/Paris").fetch(spec, state or {}, as_of, client)


def test_an_article_becomes_a_mention(service: Any, client: Client) -> None:
    service.answer = Search([AS_OF - timedelta(hours=1)])
    fetched = fetch(service, client, language="fr")
    (mention,) = fetched.mentions
    assert (mention.kind, mention.title, mention.text) == ("article", "Grève , jour 0", "")
    assert (mention.url, mention.publisher) == ("https://www.gazette.example/0", "gazette.example")
    assert (mention.published_at, mention.language_declared) == (AS_OF - timedelta(hours=1), "fr")
    assert mention.media == ["https://www.gazette.example/i.jpg"]
    (asked,) = service.asked
    assert asked.path == "/api/v2/doc/doc"
    assert asked.query == {
        "query": "aquilon sourcelang:french",
        "mode": "artlist",
        "format": "json",
        "maxrecords": "250",
        "sort": "datedesc",
        "startdatetime": "20261023120000",
        "enddatetime": "20261122120000",
    }


def test_more_than_one_page_goes_on_from_the_oldest_and_five_seconds_apart(
    service: Any, client: Client, waits: list[float]
) -> None:
    service.answer = Search([AS_OF - timedelta(minutes=15 * n) for n in range(600)])
    fetched = fetch(service, client)
    assert len({mention.url for mention in fetched.mentions}) == 600
    assert len(service.asked) == 3
    assert service.asked[1].query["enddatetime"] == f"{AS_OF - timedelta(minutes=15 * 249):%Y%m%d%H%M%S}"
    # Sleep only notes the wait here, so that the turns of one host add up.
    assert [wait > 4 for wait in waits] == [True, True]


def test_the_next_run_asks_only_for_what_is_newer(service: Any, client: Client) -> None:
    service.answer = Search([AS_OF - timedelta(hours=1)])
    first = fetch(service, client)
    fetch(service, client, first.state, AS_OF + timedelta(hours=6))
    assert service.asked[-1].query["startdatetime"] == "20261122110000"


def test_more_than_a_page_in_one_look_is_told(service: Any, client: Client) -> None:
    service.answer = Search([AS_OF - timedelta(hours=1)] * 300 + [AS_OF - timedelta(hours=2)])
    fetched = fetch(service, client)
    assert len({mention.url for mention in fetched.mentions}) == 251
    assert "some are missing" in fetched.warnings[0]


def test_what_is_out_of_reach_is_told(service: Any, client: Client) -> None:
    service.answer = Search([])
    state = {"aquilon": {"reached": (AS_OF - timedelta(days=120)).isoformat()}}
    fetched = fetch(service, client, state)
    assert fetched.unfilled == (Span(AS_OF - timedelta(days=120), AS_OF - timedelta(days=90)),)
    assert (fetched.mentions, fetched.errors) == ([], ())


@pytest.mark.parametrize("said", [(429, COMPLAINT), (200, COMPLAINT), (429, b"", {"Retry-After": "30"})])
def test_a_complaint_leaves_it_alone_longer_each_time(service: Any, client: Client, said: Any) -> None:
    service.answer = lambda asked: said
    state: Any = {"aquilon": {"reached": (AS_OF - timedelta(hours=1)).isoformat()}}
    now, waited = AS_OF, []
    for _ in range(8):
        asked = len(service.asked)
        fetched = fetch(service, client, state, now, queries=["aquilon", "rivale"])
        # One complaint is enough: the other query is not asked, and nothing is asked twice.
        assert len(service.asked) == asked + 1
        assert (fetched.errors, fetched.state["aquilon"]) == ((), state["aquilon"])
        assert len(fetched.warnings) == 1
        until = datetime.fromisoformat(fetched.state["(breaker)"]["until"])
        waited.append((until - now) / timedelta(minutes=1))
        left = fetch(service, client, fetched.state, now + timedelta(minutes=20), queries=["aquilon", "rivale"])
        assert (left.asked, left.state) == (0, fetched.state)
        assert "asked to be left alone" in left.warnings[0]
        assert len(service.asked) == asked + 1
        state, now = fetched.state, until
    assert waited == [30, 60, 120, 240, 480, 960, 1440, 1440]
    service.answer = Search([])
    assert "(breaker)" not in fetch(service, client, state, now).state


def test_it_may_ask_to_wait_longer(service: Any, client: Client) -> None:
    service.answer = lambda asked: (429, COMPLAINT, {"Retry-After": "7200"})
    assert fetch(service, client).state["(breaker)"]["until"] == (AS_OF + timedelta(hours=2)).isoformat()


def test_what_it_says_of_a_query_is_told(service: Any, client: Client) -> None:
    service.answer = lambda asked: (200, b"The specified phrase is too <b>short</b>.\n", {"Content-Type": "text/html"})
    fetched = fetch(service, client)
    assert fetched.errors == ("aquilon: GDELT answers no articles but says: The specified phrase is too short.",)
    assert "(breaker)" not in fetched.state


def test_json_as_it_writes_it_is_read(service: Any, client: Client) -> None:
    body = json.dumps({"articles": [article(1, AS_OF, title="AAA")]}).replace("AAA", "C:\\dir \\'x\\' \\u00e9\nend")
    service.answer = lambda asked: (200, body.encode(), {"Content-Type": "text/plain; charset=iso-8859-1"})
    (mention,) = fetch(service, client).mentions
    assert mention.title.startswith("C:\\dir \\'x\\' é")


def test_articles_of_any_kind(service: Any, client: Client) -> None:
    odd = [None, 3, {}, article(1, AS_OF, url=None), article(2, AS_OF, title=None), article(3, AS_OF, url="javascript:x")]
    fine = [
        article(4, AS_OF, seendate="soon", language=None, domain=None, socialimage=7),
        article(5, AS_OF, language="Klingon"),
    ]
    service.answer = lambda asked: (200, {"articles": [*odd, *fine]})
    fetched = fetch(service, client)
    assert [(mention.publisher, mention.language_declared) for mention in fetched.mentions] == [
        ("www.gazette.example", None),
        ("gazette.example", None),
    ]
    assert fetched.mentions[0].published_at is None
    assert [item.number for item in fetched.refused] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("body", [b"{}", b"", {"articles": None}, {"articles": {}}, {}])
def test_nothing_found_is_no_failure(service: Any, client: Client, body: object) -> None:
    service.answer = lambda asked: (200, body)
    fetched = fetch(service, client)
    assert (fetched.mentions, fetched.errors, fetched.warnings) == ([], (), ())
