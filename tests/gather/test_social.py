"""Mastodon, Bluesky and Hacker News through whole gathers: one post is one mention, and no secret is written anywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.service import Service
from tests.sources.bluesky_server import PASSWORD, BlueskyServer, post
from tests.sources.hackernews_server import HackerNewsServer, comment, story
from tests.sources.mastodon_server import DOMAIN, MastodonServer, status
from veille.gather import gather
from veille.mention import ENGAGEMENT, MENTIONS
from veille.sources import Client
from veille.store import Store
from veille.watch import Watch

AS_OF = datetime(2026, 11, 22, 12, tzinfo=UTC)
THEN = AS_OF - timedelta(minutes=9)
MakeWatch = Callable[..., Watch]


@pytest.fixture
def other() -> Iterator[Service]:
    running = Service()
    yield running
    running.close()


def test_one_post_from_two_servers_is_one_mention_of_one_author(
    service: Service, other: Service, client: Client, make_watch: MakeWatch
) -> None:
    here = status(THEN, "Aquilon en retard")
    there = {**here, "id": str(5 << 16), "account": {"acct": f"Usager@{DOMAIN}"}}
    second = status(THEN - timedelta(minutes=1), "Aquilon encore", acct=f"usager@{DOMAIN}")
    service.answer = MastodonServer(tags={"aquilon": [here]})
    other.answer = MastodonServer(tags={"aquilon": [there, second]}, domain="loin.example")
    one = f"{{id: un, type: mastodon, queries: ['#aquilon'], server: '{service.address}'}}"
    two = f"{{id: deux, type: mastodon, queries: ['#aquilon'], server: '{other.address}'}}"
    watch = make_watch(sources=f"[{one}, {two}]")
    done = gather(watch, Store(watch), AS_OF, client=client)
    assert (done.received, done.new, done.refused, done.warnings, done.defects) == (3, 2, 0, (), ())
    rows = Store(watch).load(MENTIONS)
    assert rows["author"].nunique() == 1
    assert rows["author"].str.fullmatch(r"a_[0-9a-f]{16}").all()
    assert set(rows["publisher"]) == {DOMAIN}
    assert all(list(subjects) == ["nous"] for subjects in rows["subjects"])


def test_secrets_are_in_no_file_and_counters_are_followed(
    service: Service, client: Client, make_watch: MakeWatch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SKY_USER", "veilleur.example")
    monkeypatch.setenv("SKY_TOKEN", PASSWORD)
    served = BlueskyServer(found=[post(THEN, "Aquilon en panne")])
    service.answer = served
    keys = f"id: ciel, type: bluesky, queries: [aquilon], user: SKY_USER, token: SKY_TOKEN, server: '{service.address}'"
    watch = make_watch(sources=f"[{{{keys}}}]")
    assert gather(watch, Store(watch), AS_OF, client=client).new == 1
    served.found[0]["likeCount"] = 90
    later = gather(watch, Store(watch), AS_OF + timedelta(hours=7), client=client)
    assert (later.new, later.updated, served.sessions) == (0, 1, 2)
    assert sorted(Store(watch).load(ENGAGEMENT)["likes"]) == [3, 90]
    secrets = [PASSWORD.encode(), b"veilleur.example", b"token-1", b"token-2"]
    written = [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()]
    assert len(written) > 3
    assert not [secret for secret in secrets for content in written if secret in content]


def test_a_network_that_is_down_stops_no_other(service: Service, other: Service, client: Client, make_watch: MakeWatch) -> None:
    start = int(THEN.timestamp())
    service.answer = lambda asked: (503, b"<html>maintenance")
    other.answer = HackerNewsServer([story(start), comment(start - 5)])
    toots = f"{{id: toots, type: mastodon, queries: ['#aquilon'], accounts: [aquilon], server: '{service.address}'}}"
    hn = f"{{id: hn, type: hackernews, queries: [aquilon], server: '{other.address}'}}"
    watch = make_watch(sources=f"[{toots}, {hn}]")
    done = gather(watch, Store(watch), AS_OF, client=client)
    assert (done.broken, done.new, done.defects) == (("toots",), 2, ())
    assert set(Store(watch).load(MENTIONS)["kind"]) == {"post", "comment"}
