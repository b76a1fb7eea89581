"""How fast one server may be asked: politely, whatever the number of sources and threads that ask it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Pace:
    """Gives each host its turns.

    Parameters
    ----------
    interval_seconds
        Least time between the starts of two requests to one host.
    sleep
        What waits, in seconds.
    clock
        A clock that only goes forward, in seconds.
    """

    def __init__(
        self,
        interval_seconds: float,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.interval_seconds = interval_seconds
        self._sleep = sleep
        self._clock = clock
        self._next: dict[str, float] = {}
        self._lock = threading.Lock()

    def wait(self, host: str, interval_seconds: float = 0.0) -> None:
        """Return when it is this caller's turn at that host.

        Parameters
        ----------
        host
            Name of the host, in any case.
        interval_seconds
            What this host asks for where that is longer than usual.
        """
        interval = max(self.interval_seconds, interval_seconds)
        with self._lock:
            # The turn is taken under the lock and waited for outside it: other hosts must not wait with it.
            now = self._clock()
            turn = max(now, self._next.get(host.lower(), now))
            self._next[host.lower()] = turn + interval
        if turn > now:
            self._sleep(turn - now)
