from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.loopback import Server, server
from veille.alerts.look import bring, due_sources, look, rolling
from veille.alerts.outbox import next_try
from veille.gather import SOURCE_HEALTH
from veille.signals import DETECTIONS
from veille.store import RunKind, Store, lock
from veille.topics.tables import ASSIGNMENTS
from veille.watch import Watch

from .conftest import THURSDAY, Open

__all__ = ["server"]

moments = st.integers(0, 40_000_000).map(lambda seconds: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds))


@given(moments)
def test_the_day_that_is_looked_at_ends_within_the_hour(at: datetime) -> None:
    watch = _bare()
    rolled, period = rolling(watch, at)
    assert timedelta(0) <= period.end - at < timedelta(hours=1)
    assert period.end - period.start == timedelta(hours=24)
    assert (rolled.timezone, rolled.subjects) == (period.timezone, watch.subjects)


def test_sources_that_count_requests_are_asked_once_an_hour(make_watch: Callable[[str], Watch]) -> None:
    watch = make_watch(
        "watch: a\norganisation: A\nsubjects: [{id: a, query: a}]\nsources:\n"
        "  - {id: presse, type: rss, urls: [https://e.example/rss]}\n"
        "  - {id: actu, type: google_news, queries: [a]}\n"
        "  - {id: nouveau, type: rss, urls: [https://n.example/rss]}\n"
        "  - {id: archive, type: import}\n"
    )

    def due(minutes: float) -> list[str]:
        health = pd.DataFrame({"source": ["presse", "actu"], "at": pd.to_datetime([THURSDAY] * 2, utc=True)})
        return [spec.id for spec in due_sources(watch, health, THURSDAY + timedelta(minutes=minutes))]

    assert due(5) == ["nouveau"]
    assert due(9.9) == ["presse", "nouveau"]
    assert due(60) == ["presse", "actu", "nouveau"]
    assert len(due_sources(watch, SOURCE_HEALTH.empty(), THURSDAY)) == 3


@pytest.mark.parametrize("failures", range(1, 12))
def test_a_route_is_tried_again_later_and_later_at_the_latest_with_the_next_run(failures: int) -> None:
    every = timedelta(minutes=10)
    waits = [next_try(number, THURSDAY, THURSDAY, every) - THURSDAY for number in (failures, failures + 1)]
    assert timedelta(0) < waits[0] <= waits[1] < every
    late = next_try(failures, THURSDAY + timedelta(days=2), THURSDAY, every) - (THURSDAY + timedelta(days=2))
    assert waits[0] <= late < timedelta(hours=1)


def test_nothing_is_detected_again_where_no_mention_came(watch: Watch, store: Store, open_signal: Open) -> None:
    open_signal(THURSDAY - timedelta(days=9), 3, signal_id="old")
    first = look(watch, store, THURSDAY)
    again = look(watch, store, THURSDAY + timedelta(minutes=10))
    assert (first.detected, again.detected) == (True, False)
    assert (store.load(DETECTIONS)["cutoff"] == pd.Timestamp(THURSDAY)).sum() == 1
    assert pd.Timestamp(THURSDAY + timedelta(minutes=10)) not in set(store.load(DETECTIONS)["cutoff"])


@pytest.mark.slow
def test_of_one_day_only_the_last_topics_are_kept(watch: Watch, store: Store, open_signal: Open) -> None:
    for number in range(12):
        open_signal(THURSDAY - timedelta(days=2), 3, said=f"Le contrat numéro {number} est signé", signal_id=f"p{number}")
    for number in range(3):
        at = THURSDAY + timedelta(minutes=10 * number)
        open_signal(at - timedelta(minutes=1), 3, said=f"Récit numéro {number} sur des vélos", signal_id=f"s{number}")
        look(watch, store, at)
    assert set(store.load(ASSIGNMENTS)["cutoff"]) == {pd.Timestamp(THURSDAY + timedelta(minutes=20))}
    open_signal(THURSDAY + timedelta(hours=23), 3, said="Un autre récit", signal_id="s9")
    look(watch, store, THURSDAY + timedelta(hours=24))
    assert len(set(store.load(ASSIGNMENTS)["cutoff"])) == 2


def _bare() -> Watch:
    return Watch.model_validate({"watch": "a", "organisation": "A", "subjects": [{"id": "a", "query": "a"}]})


def test_sources_are_asked_and_left_to_a_gather_that_is_under_way(
    store: Store, make_watch: Callable[[str], Watch], server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VEILLE_ALLOW_PRIVATE", "1")
    told_at = "<pubDate>Thu, 19 Nov 2026 08:00:00 GMT</pubDate>"
    item = f"<item><title>Essai en une</title><link>https://j.example/1</link>{told_at}</item>"
    feed = server.page("/rss", f"<rss version='2.0'><channel><title>J</title>{item}</channel></rss>".encode())
    source = f"sources: [{{id: presse, type: rss, urls: ['{feed}']}}]\n"
    watch = make_watch(f"watch: essai\norganisation: Essai\nsubjects: [{{id: essai, query: essai}}]\n{source}")
    with lock(watch, RunKind.GATHER):
        assert bring(watch, store, THURSDAY) == []
    assert server.requests == []
    told: list[str] = []
    bring(watch, store, THURSDAY, lambda source, verdict: told.append(f"{source}: {verdict}"))
    assert told == ["presse: ok"]
    assert store.mentions(THURSDAY)["title"].tolist() == ["Essai en une"]
    count = len(server.requests)
    # Not due again within the same turn.
    assert bring(watch, store, THURSDAY + timedelta(minutes=5)) == []
    assert len(server.requests) == count
