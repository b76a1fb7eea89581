"""Searching sources through a whole gather: what they remember between two runs is kept, and what costs is off by default."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from veille.gather import gather
from veille.mention import MENTIONS
from veille.sources import Client
from veille.store import Store
from veille.watch import Watch

AS_OF = datetime(2026, 11, 22, 12, tzinfo=UTC)
MakeWatch = Callable[..., Watch]


def post(number: int) -> dict[str, object]:
    moment = AS_OF - timedelta(minutes=number)
    counts = {"like_count": 10**40, "retweet_count": -3, "reply_count": None}
    return {"id": str(10**18 - number), "text": f"Aquilon {number}", "created_at": moment.isoformat(), "public_metrics": counts}


def test_the_budget_of_x_holds_over_runs_and_nothing_is_asked_without_a_word(
    service: Any, client: Client, make_watch: MakeWatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("X_TOKEN", "the-secret")
    service.answer = lambda asked: (200, {"data": [post(n) for n in range(int(asked.query["max_results"]))], "meta": {}})
    keys = f"id: x, type: x, queries: [aquilon], token: X_TOKEN, posts_a_month: 120, server: '{service.address}'"
    off = make_watch(sources=f"[{{{keys}}}]")
    gather(off, Store(off), AS_OF, client=client)
    assert service.asked == []
    watch = make_watch(sources=f"[{{{keys}, enabled: true}}]")
    done = [gather(watch, Store(watch), AS_OF + timedelta(hours=n), client=client) for n in range(4)]
    assert [asked.query["max_results"] for asked in service.asked] == ["100", "20"]
    assert [run.new for run in done] == [100, 0, 0, 0]
    assert [sum("120 of the 120 posts" in warning for warning in run.warnings) for run in done] == [0, 1, 1, 1]
    assert all(run.defects == () for run in done)
    assert len(Store(watch).load(MENTIONS)) == 100
    assert "the-secret" not in repr(done)


def test_gdelt_is_left_alone_over_runs(service: Any, client: Client, make_watch: MakeWatch) -> None:
    service.answer = lambda asked: (429, b"Please limit requests to one every 5 seconds.")
    watch = make_watch(sources=f"[{{id: monde, type: gdelt, queries: [aquilon], server: '{service.address}'}}]")
    for hours in (0.0, 0.2, 0.4, 0.6, 1.0):
        gather(watch, Store(watch), AS_OF + timedelta(hours=hours), client=client)
    assert len(service.asked) == 2
