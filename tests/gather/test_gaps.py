"""After an outage: what a feed turned over in between is told, once, and kept in the health of the source."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pandas as pd

from veille.gather import gather
from veille.sources import Client
from veille.store import Store
from veille.watch import Watch

START = datetime(2026, 11, 20, tzinfo=UTC)


def feed(*hours: int) -> bytes:
    items = "".join(
        f"<item><title>Nouvelle {hour}</title><link>https://a.example/{hour}</link>"
        f"<pubDate>{format_datetime(START + timedelta(hours=hour))}</pubDate></item>"
        for hour in hours
    )
    return f"<rss version='2.0'><channel><title>T</title>{items}</channel></rss>".encode()


def test_a_feed_that_turned_over_says_what_may_be_missing(
    make_watch: Callable[..., Watch], server: Any, client: Client
) -> None:
    url = server.page("/f", feed(3, 2, 1))
    watch = make_watch(sources=json.dumps([{"id": "a", "type": "rss", "urls": [url]}]))
    store = Store(watch)
    assert gather(watch, store, START + timedelta(hours=4), client=client).warnings == ()
    server.page("/f", feed(5, 4, 3))
    assert gather(watch, store, START + timedelta(hours=6), client=client).warnings == ()
    server.page("/f", feed(30, 29, 28))
    late = gather(watch, store, START + timedelta(hours=31), client=client)
    assert late.warnings == (
        "source a: what it published between 2026-11-20 05:00 and 2026-11-21 04:00 UTC may be missing: it no longer gives it",
    )
    row = late.health.iloc[0]
    assert (row["unfilled_from"], row["unfilled_until"]) == (
        pd.Timestamp(START + timedelta(hours=5)),
        pd.Timestamp(START + timedelta(hours=28)),
    )
    server.page("/f", feed(31, 30, 29))
    assert gather(watch, store, START + timedelta(hours=32), client=client).warnings == ()


def test_an_entry_dated_in_the_future_hides_no_gap(make_watch: Callable[..., Watch], server: Any, client: Client) -> None:
    url = server.page("/f", feed(9000, 1))
    watch = make_watch(sources=json.dumps([{"id": "a", "type": "rss", "urls": [url]}]))
    store = Store(watch)
    gather(watch, store, START + timedelta(hours=4), client=client)
    server.page("/f", feed(30, 29))
    assert len(gather(watch, store, START + timedelta(hours=31), client=client).warnings) == 1
