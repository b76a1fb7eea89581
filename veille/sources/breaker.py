"""A service that says it is asked too much is left alone, longer each time, over runs too."""

from __future__ import annotations

from datetime import datetime, timedelta

from veille.sources.source import State
from veille.sources.values import moment_of

FIRST_WAIT = timedelta(minutes=30)
LONGEST_WAIT = timedelta(days=1)
_PLACE = "(breaker)"


class Breaker:
    """Remembers in the state of a source until when it is left alone.

    Parameters
    ----------
    state
        What the last run left.
    as_of
        Start of the run.
    """

    def __init__(self, state: State, as_of: datetime) -> None:
        kept = state.get(_PLACE, {})
        self._as_of = as_of
        self._until = moment_of(kept.get("until"))
        minutes = kept.get("wait_minutes", "")
        self._waited = timedelta(minutes=int(minutes)) if minutes.isascii() and minutes.isdigit() else timedelta(0)

    @property
    def until(self) -> datetime | None:
        """Until when it is left alone; None where it may be asked."""
        return self._until if self._until and self._until > self._as_of else None

    def trip(self, asked_wait_seconds: float | None = None) -> datetime:
        """Leave it alone from now on, twice as long as the last time, and say until when.

        Parameters
        ----------
        asked_wait_seconds
            How long it asks for itself; at least that, at most a day.
        """
        asked = timedelta(seconds=min(asked_wait_seconds or 0.0, LONGEST_WAIT.total_seconds()))
        self._waited = min(max(self._waited * 2, FIRST_WAIT, asked), LONGEST_WAIT)
        self._until = self._as_of + self._waited
        return self._until

    def reset(self) -> None:
        """Forget that it complained: it answered, and the next time begins with the shortest wait again."""
        self._until, self._waited = None, timedelta(0)

    @property
    def state(self) -> State:
        """What to keep; nothing where it answered last."""
        if self._until is None:
            return {}
        return {_PLACE: {"until": self._until.isoformat(), "wait_minutes": str(int(self._waited / timedelta(minutes=1)))}}
