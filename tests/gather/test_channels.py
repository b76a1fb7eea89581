"""Channels of Telegram through a whole gather: kept once, counters followed, a private channel told."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.sources.test_telegram import page, post
from veille.gather import gather
from veille.mention import ENGAGEMENT, MENTIONS
from veille.sources import Client
from veille.store import Store
from veille.watch import Watch

AS_OF = datetime(2026, 11, 22, 10, tzinfo=UTC)


def test_posts_are_kept_once_and_their_views_are_followed(
    make_watch: Callable[..., Watch], server: Any, client: Client
) -> None:
    signed = '<span class="tgme_widget_message_from_author" dir="auto">Camille</span>,&nbsp;'
    server.page("/s/aquilon_voyageurs", page(post(1, "Aquilon<br/>en grève", views="1.2K", meta=signed), post(2, "autre")))
    server.page("/s/prive_prive", status=302, Location="/prive_prive")
    server.page("/prive_prive", b"<html><body>If you have Telegram</body></html>")
    accounts = ["aquilon_voyageurs", "prive_prive"]
    watch = make_watch(
        sources=json.dumps([{"id": "canaux", "type": "telegram", "accounts": accounts, "server": server.address}])
    )
    store = Store(watch)
    first = gather(watch, store, AS_OF, client=client)
    assert (first.new, first.health["verdict"].tolist()) == (2, ["ok"])
    assert first.warnings == (
        "source canaux: the channel prive_prive shows no posts to the public: it is private, unknown, or no channel",
    )
    again = gather(watch, store, AS_OF + timedelta(hours=7), client=client)
    assert (again.new, again.updated) == (0, 0)
    server.page("/s/aquilon_voyageurs", page(post(1, "Aquilon<br/>en grève", views="1.3K", meta=signed), post(2, "autre")))
    assert gather(watch, store, AS_OF + timedelta(hours=14), client=client).updated == 1
    frame = store.load(MENTIONS).set_index("native_id")
    said = frame.loc["aquilon_voyageurs/1"]
    assert (said["text"], said["views"], list(said["subjects"])) == ("Aquilon\nen grève", 1300, ["nous"])
    assert said["author"].startswith("a_")
    assert "Camille" not in frame.to_csv()
    seen = store.load(ENGAGEMENT)
    assert sorted(seen.loc[seen["mention_id"] == said["mention_id"], "views"]) == [1200, 1300]
