"""Searches over pages: nothing is lost by an outage, a limit or an error half way, and what is lost for good is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from veille.errors import SourceError
from veille.mention import Mention
from veille.sources.paging import REFRESH_EVERY, Bounds, Page, PausedError, search
from veille.sources.source import Fetched, Span, State

START = datetime(2026, 11, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
PAGE = 5


class Network:
    """A search of posts, newest first, that can be down, break off, or forget what is old."""

    def __init__(self, moments: list[datetime], reach: timedelta | None = None) -> None:
        self.moments = sorted(moments, reverse=True)
        self.asked = 0
        self.breaks_at: int | None = None
        self.reach = reach
        self.now = START

    def ask(self, span: Span, cursor: str | None) -> Page:
        self.asked += 1
        if self.breaks_at == self.asked:
            raise SourceError("the service answered 500")
        floor = self.now - self.reach if self.reach else START - timedelta(days=999)
        held = [moment for moment in self.moments if max(span.since, floor) <= moment < span.until]
        first = int(cursor or 0)
        page = held[first : first + PAGE]
        mentions = [Mention("s", "x", "t", moment, native_id=moment.isoformat()) for moment in page]
        return Page(mentions, cursor=str(first + PAGE) if first + PAGE < len(held) else None)


def run(network: Network, state: State, hours: float, limit: int | None = None, **bounds: object) -> Fetched:
    network.now = START + hours * HOUR
    network.asked = 0
    return search({"q": network.ask}, state, Bounds(network.now, timedelta(days=30), **bounds), limit)  # type: ignore[arg-type]


def ids(*fetched: Fetched) -> set[str]:
    return {str(mention.native_id) for part in fetched for mention in part.mentions}


def test_the_first_run_reads_all_pages_and_the_second_only_what_is_new() -> None:
    network = Network([START + n * HOUR for n in range(12)])
    first = run(network, {}, 20)
    assert (len(first.mentions), network.asked) == (12, 3)
    network.moments.insert(0, START + 21 * HOUR)
    second = run(network, first.state, 22)
    assert network.asked == 1
    assert (START + 21 * HOUR).isoformat() in ids(second)


def test_counters_are_asked_for_again_after_a_while_and_never_where_that_costs() -> None:
    network = Network([START + n * HOUR for n in range(4)])
    first = run(network, {}, 5)
    later = 6 + REFRESH_EVERY / HOUR
    assert len(run(network, first.state, 5.5).mentions) == 1
    assert len(run(network, first.state, later).mentions) == 4
    assert len(run(network, first.state, later, refresh=False).mentions) == 1


def test_an_error_half_way_keeps_what_came_and_the_rest_is_asked_for_again() -> None:
    network = Network([START + n * HOUR for n in range(20)])
    network.breaks_at = 3
    first = run(network, {}, 30)
    assert (len(first.mentions), first.errors) == (10, ("q: the service answered 500",))
    network.breaks_at = None
    second = run(network, first.state, 31)
    assert len(ids(first, second)) == 20
    assert "hole_since" not in second.state["q"]


def test_an_error_at_once_leaves_the_state_as_it_was() -> None:
    network = Network([START])
    network.breaks_at = 1
    before = {"q": {"reached": START.isoformat()}}
    fetched = run(network, before, 30)
    assert fetched.state == before
    assert fetched.errors == ("q: the service answered 500",)


def test_what_the_source_no_longer_gives_after_an_outage_is_told_once() -> None:
    network = Network([START + n * HOUR for n in range(400)], reach=timedelta(days=7))
    first = run(network, {}, 10, reach=timedelta(days=7))
    assert first.unfilled == ()
    after_outage = run(network, first.state, 300, reach=timedelta(days=7))
    assert after_outage.unfilled == (Span(START + 9 * HOUR, START + 300 * HOUR - timedelta(days=7)),)
    assert run(network, after_outage.state, 301, reach=timedelta(days=7)).unfilled == ()


def test_a_search_that_answers_the_same_page_for_ever_is_left() -> None:
    page = Page([Mention("s", "x", "t", START, native_id="1")], cursor="again")
    fetched = search({"q": lambda span, cursor: page}, {}, Bounds(START + HOUR, timedelta(days=1)))
    assert fetched.errors == ("q: it answers the same page again and again",)


def test_a_search_without_end_and_without_posts_is_left() -> None:
    numbers = iter(range(10_000))
    fetched = search({"q": lambda span, cursor: Page([], cursor=str(next(numbers)))}, {}, Bounds(START, timedelta(days=1)))
    assert "more than 200 pages" in fetched.errors[0]


def test_a_post_from_the_future_hides_none_that_comes_before_it() -> None:
    network = Network([START + HOUR])
    future = Mention("s", "x", "t", START + timedelta(days=900), native_id="f")
    fetched = search({"q": lambda span, cursor: Page([future])}, {}, Bounds(START, timedelta(days=1)))
    assert (START + HOUR).isoformat() in ids(run(network, fetched.state, 2))


def test_one_place_that_fails_does_not_stop_the_others() -> None:
    def down(span: Span, cursor: str | None) -> Page:
        raise SourceError("down")

    network = Network([START])
    fetched = search({"a": down, "b": network.ask}, {}, Bounds(START + HOUR, timedelta(days=1)))
    assert (fetched.errors, len(fetched.mentions), fetched.asked) == (("a: down",), 1, 2)


@pytest.mark.filterwarnings("ignore")
@settings(max_examples=60, deadline=None)
@given(
    hours=st.lists(st.integers(0, 240), min_size=1, max_size=60, unique=True),
    runs=st.lists(st.integers(1, 40), min_size=3, max_size=8),
    limit=st.integers(3, 30),
    breaks=st.lists(st.integers(1, 4) | st.none(), min_size=8, max_size=8),
)
def test_whatever_outages_limits_and_errors_every_post_comes_in_the_end(
    hours: list[int], runs: list[int], limit: int, breaks: list[int | None]
) -> None:
    network = Network([START + hour * HOUR for hour in hours])
    state: State = {}
    parts = []
    now = 0.0
    for step, broken in zip(runs, breaks, strict=False):
        now += step
        network.breaks_at = broken
        parts.append(run(network, state, now, limit))
        state = parts[-1].state
    network.breaks_at = None
    for more in range(60):
        parts.append(run(network, state, 300 + more, limit))
        state = parts[-1].state
    assert ids(*parts) == {moment.isoformat() for moment in network.moments}


def test_a_place_that_pauses_is_no_failure_and_the_rest_is_asked_for_later() -> None:
    network = Network([START + n * HOUR for n in range(20)])

    def paused_after(pages: int) -> Fetched:
        def ask(span: Span, cursor: str | None) -> Page:
            if network.asked >= pages:
                raise PausedError
            return network.ask(span, cursor)

        network.now, network.asked = START + 30 * HOUR, 0
        return search({"q": ask}, {}, Bounds(network.now, timedelta(days=30)))

    none, some = paused_after(0), paused_after(2)
    assert (none.mentions, none.errors, none.state) == ([], (), {"q": {}})
    assert (len(some.mentions), some.errors) == (10, ())
    assert len(ids(some, run(network, some.state, 31))) == 20


def test_the_part_of_a_hole_that_is_out_of_reach_is_told_and_only_the_rest_is_asked_for() -> None:
    network = Network([START + n * HOUR for n in range(100)], reach=timedelta(days=7))
    asked: list[Span] = []

    def ask(span: Span, cursor: str | None) -> Page:
        asked.append(span)
        return network.ask(span, cursor)

    now = START + 200 * HOUR
    floor = now - timedelta(days=7)
    state = {
        "q": {
            "reached": (now - HOUR).isoformat(),
            "refreshed": now.isoformat(),
            "hole_since": START.isoformat(),
            "hole_until": (START + 60 * HOUR).isoformat(),
        }
    }
    network.now = now
    fetched = search({"q": ask}, state, Bounds(now, timedelta(days=30), reach=timedelta(days=7)))
    assert fetched.unfilled == (Span(START, floor),)
    assert min(span.since for span in asked) == floor
    assert "hole_since" not in fetched.state["q"]
