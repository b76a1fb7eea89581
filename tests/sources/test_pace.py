"""Turns at a host: kept by all threads together, and never another host's business."""

from __future__ import annotations

import threading

from hypothesis import given
from hypothesis import strategies as st

from veille.sources.pace import Pace


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def __call__(self) -> float:
        return self.now


@given(st.lists(st.tuples(st.sampled_from(["a.example", "A.example", "b.example"]), st.floats(0, 5)), max_size=40))
def test_two_requests_to_one_host_are_apart(asked: list[tuple[str, float]]) -> None:
    clock = Clock()
    pace = Pace(0.5, clock.sleep, clock)
    last: dict[str, tuple[float, float]] = {}
    for host, interval in asked:
        pace.wait(host, interval)
        key = host.lower()
        if key in last:
            started, kept = last[key]
            assert clock.now - started >= kept - 1e-9
        last[key] = (clock.now, max(0.5, interval))


def test_the_first_request_and_another_host_do_not_wait() -> None:
    clock = Clock()
    pace = Pace(10.0, clock.sleep, clock)
    pace.wait("a.example")
    pace.wait("b.example")
    assert clock.now == 100.0
    pace.wait("a.example")
    assert clock.now == 110.0


def test_threads_share_the_turns_of_a_host() -> None:
    waits: list[float] = []
    pace = Pace(1.0, waits.append, lambda: 100.0)
    threads = [threading.Thread(target=pace.wait, args=("a.example",)) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(waits) == [1.0, 2.0, 3.0, 4.0]
