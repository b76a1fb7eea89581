from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any

import pandas as pd
import pytest

from veille.errors import ConflictError, WatchError
from veille.gather import SOURCE_HEALTH, Verdict, gather
from veille.gather import pull as pull_module
from veille.mention import MENTIONS
from veille.sources import Client
from veille.store import Store
from veille.watch import Watch

AS_OF = datetime(2026, 11, 22, 10, tzinfo=UTC)
Make = Callable[..., Watch]


def feed(*titles: str) -> bytes:
    items = "".join(
        f"<item><title>{title}</title><link>https://www.example.org/{number}</link><author>alice@example.org (Alice)</author>"
        f"<pubDate>Fri, 20 Nov 2026 10:0{number}:00 +0100</pubDate></item>"
        for number, title in enumerate(titles)
    )
    return f"<rss version='2.0'><channel><title>T</title><language>fr</language>{items}</channel></rss>".encode()


def sources(*urls: str, **more: str) -> str:
    return json.dumps([{"id": f"s{number}", "type": "rss", "urls": [url], **more} for number, url in enumerate(urls)])


def test_new_mentions_are_saved(make_watch: Make, server: Any, client: Client) -> None:
    watch = make_watch(sources=sources(server.page("/f", feed("Aquilon en grève", "Autre"))))
    store = Store(watch)
    done = gather(watch, store, AS_OF, client=client)
    assert (done.received, done.read, done.new, done.updated, done.refused) == (2, 2, 2, 0, 0)
    assert (done.warnings, done.rejects_file, done.broken) == ((), None, ())
    frame = store.load(MENTIONS).sort_values("title")
    assert (frame["gathered_at"] == pd.Timestamp(AS_OF)).all()
    assert frame["imported_at"].isna().all()
    assert frame["publisher"].unique().tolist() == ["www.example.org"]
    assert frame["subjects"].map(list).tolist() == [["nous"], []]
    assert frame["author"].str.startswith("a_").all()


def test_the_next_gather_asks_only_for_what_changed(make_watch: Make, server: Any, client: Client) -> None:
    stamp = "Sun, 22 Nov 2026 09:00:00 GMT"
    watch = make_watch(sources=sources(server.page("/f", feed("a"), ETag='"1"', Last_Modified=stamp)))
    store = Store(watch)
    gather(watch, store, AS_OF, client=client)
    server.page("/f", status=304)
    done = gather(watch, store, AS_OF + timedelta(hours=1), client=client)
    sent = server.requests[-1][1]
    assert (sent["If-None-Match"], sent["If-Modified-Since"]) == ('"1"', stamp)
    row = done.health.iloc[0]
    assert bool(row["not_modified"])
    assert (row["received"], row["verdict"], done.warnings) == (0, "ok", ())
    gather(watch, store, AS_OF + timedelta(hours=2), client=client)
    assert server.requests[-1][1]["If-None-Match"] == '"1"'


def test_the_same_answer_again_changes_nothing(make_watch: Make, server: Any, client: Client) -> None:
    watch = make_watch(sources=sources(server.page("/f", feed("a", "b"))))
    store = Store(watch)
    gather(watch, store, AS_OF, client=client)
    before = store.load(MENTIONS)
    done = gather(watch, store, AS_OF + timedelta(hours=1), client=client)
    assert (done.received, done.new, done.updated) == (2, 0, 0)
    pd.testing.assert_frame_equal(store.load(MENTIONS), before)


def half(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    handler.wfile.write(feed("a"))
    handler.close_connection = True


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        ({"status": 404}, "answered 404"),
        ({"status": 500}, "answered 500"),
        ({"status": 429, "Retry_After": "3600"}, "asks to wait 3600 s"),
        ({"status": 302, "Location": "file:///etc/passwd"}, "no web address"),
        ({"body": b"<html>maintenance</html>"}, "no RSS or Atom feed"),
        (half, "cannot be read"),
    ],
)
def test_one_source_that_fails_does_not_stop_the_others(
    make_watch: Make, server: Any, client: Client, trouble: Any, said: str
) -> None:
    if callable(trouble):
        server.pages["/bad"] = trouble
    else:
        server.page("/bad", **trouble)
    watch = make_watch(sources=sources(server.address + "/bad", server.page("/good", feed("a"))))
    store = Store(watch)
    done = gather(watch, store, AS_OF, client=client)
    assert done.new == 1
    assert done.broken == ("s0",)
    assert done.health["verdict"].tolist() == ["broken", "ok"]
    assert said in done.health["error"].iloc[0]
    assert said in done.warnings[0]
    assert len(store.load(SOURCE_HEALTH)) == 2
    assert store.state.get("gather/source/s0") in (None, json.dumps({server.address + "/bad": {}}))


def test_a_silent_source_is_given_up(make_watch: Make, server: Any, impatient: Client) -> None:
    server.pages["/slow"] = lambda handler: time.sleep(0.5)
    watch = make_watch(sources=sources(server.address + "/slow"))
    done = gather(watch, Store(watch), AS_OF, client=impatient)
    assert "in time" in done.health["error"].iloc[0]
    assert done.broken == ("s0",)


def test_private_addresses_are_refused(make_watch: Make, server: Any) -> None:
    watch = make_watch(sources=sources(server.page("/f", feed("a"))))
    with Client(allow_private=False) as client:
        done = gather(watch, Store(watch), AS_OF, client=client)
    assert (done.new, done.broken) == (0, ("s0",))
    assert server.requests == []


def test_one_address_of_several_may_fail(make_watch: Make, server: Any, client: Client) -> None:
    urls = [server.page("/bad", status=404), server.page("/good", feed("a"))]
    watch = make_watch(sources=json.dumps([{"id": "s", "type": "rss", "urls": urls}]))
    done = gather(watch, Store(watch), AS_OF, client=client)
    assert (done.new, done.health["asked"].tolist(), done.broken) == (1, [2], ("s",))


def test_accents_survive_a_wrong_charset(make_watch: Make, server: Any, client: Client) -> None:
    url = server.page("/f", feed("Grève"), Content_Type="text/xml; charset=iso-8859-1")
    watch = make_watch(sources=sources(url))
    store = Store(watch)
    gather(watch, store, AS_OF, client=client)
    assert store.load(MENTIONS)["title"].tolist() == ["Grève"]


def test_refused_entries_are_kept_aside(make_watch: Make, server: Any, client: Client) -> None:
    watch = make_watch(sources=sources(server.page("/f", feed("a", ""))))
    done = gather(watch, Store(watch), AS_OF, client=client)
    assert (done.read, done.received, done.refused) == (2, 1, 1)
    assert done.rejects_file
    assert "no title and no text" in done.rejects_file.read_text()
    assert "alice" not in done.rejects_file.read_text().lower()


def test_a_feed_that_breaks_off_is_asked_for_whole_the_next_time(make_watch: Make, server: Any, client: Client) -> None:
    watch = make_watch(sources=sources(server.page("/f", feed("a", "b")[:-60], ETag='"1"')))
    store = Store(watch)
    done = gather(watch, store, AS_OF, client=client)
    assert done.new == 2
    assert any("not well formed" in text for text in done.warnings)
    gather(watch, store, AS_OF + timedelta(hours=1), client=client)
    assert "If-None-Match" not in server.requests[-1][1]


def test_state_is_kept_only_after_the_mentions(
    make_watch: Make, server: Any, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = make_watch(sources=sources(server.page("/f", feed("a"), ETag='"1"')))
    store = Store(watch)

    def fail(*args: object) -> None:
        raise ConflictError("other writers were faster")

    with monkeypatch.context() as broken:
        broken.setattr(pull_module, "save", fail)
        with pytest.raises(ConflictError):
            gather(watch, store, AS_OF, client=client)
    assert store.state.get("gather/source/s0") is None
    assert gather(watch, store, AS_OF, client=client).new == 1
    assert "If-None-Match" not in server.requests[-1][1]


def test_a_watch_without_sources_says_so(make_watch: Make) -> None:
    watch = make_watch()
    done = gather(watch, Store(watch), AS_OF)
    assert (done.read, done.new, done.updated, done.refused) == (0, 0, 0, 0)
    assert "no sources" in done.warnings[0]


def test_a_source_that_is_switched_off_is_not_asked(make_watch: Make, server: Any, client: Client) -> None:
    url = server.page("/f", feed("a"))
    watch = make_watch(sources=json.dumps([{"id": "s", "type": "rss", "urls": [url], "enabled": False}]))
    assert gather(watch, Store(watch), AS_OF, client=client).health.empty
    assert server.requests == []


def test_a_source_that_only_imports_bring_is_not_asked(make_watch: Make, server: Any, client: Client) -> None:
    watch = make_watch(sources=json.dumps([{"id": "s", "type": "import", "urls": [server.address]}]))
    done = gather(watch, Store(watch), AS_OF, client=client)
    assert (len(done.health), done.warnings, server.requests) == (0, (), [])


def test_a_type_that_nobody_reads_is_told_before_anything_runs(make_watch: Make, server: Any) -> None:
    with pytest.raises(WatchError, match=r"watch.yml:4: sources\[1\].type: “fax”"):
        make_watch(sources=json.dumps([{"id": "s", "type": "fax", "urls": [server.address]}]))
    assert server.requests == []


def test_the_past_of_a_source_gives_its_verdict(make_watch: Make, server: Any, client: Client) -> None:
    watch = make_watch(sources=sources(server.page("/f", feed("a")), every="1h"))
    store = Store(watch)
    rows = [
        {
            "source": "s0", "at": AS_OF - timedelta(days=day), "asked": 1, "received": 40, "new": 0, "updated": 0, "refused": 0,
            "not_modified": False, "seconds": 0.1, "error": None, "verdict": Verdict.OK.value,
        }
        for day in range(1, 8)
    ]  # fmt: skip
    store.merge(SOURCE_HEALTH, pd.DataFrame(rows))
    done = gather(watch, store, AS_OF, client=client)
    assert done.health["verdict"].tolist() == ["low"]
    again = gather(watch, store, AS_OF + timedelta(hours=3), client=client)
    assert any("nothing new since 2026-11-22 10:00 UTC" in text for text in again.warnings)


def test_a_limit_bounds_a_run_and_the_rest_is_asked_for_again(make_watch: Make, server: Any, client: Client) -> None:
    url = server.page("/f", feed("a", "b", "c"), ETag='"1"')
    watch = make_watch(sources=json.dumps([{"id": "s", "type": "rss", "urls": [url], "limit": 2}]))
    store = Store(watch)
    assert gather(watch, store, AS_OF, client=client).new == 2
    assert store.state.get("gather/source/s") is None
    assert gather(watch, store, AS_OF + timedelta(hours=1), client=client).new == 1
    assert sorted(store.load(MENTIONS)["title"]) == ["a", "b", "c"]
