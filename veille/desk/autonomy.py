"""Levels of autonomy, the one source of what may be answered alone: reply check, brief and situation report go by it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from veille.watch import Alone, Watch
from veille.watch.presence import present


@dataclass(frozen=True, slots=True)
class Leave:
    """What a community manager may do at one level on one day.

    Parameters
    ----------
    level
        0 quiet to 4.
    alone
        What may be posted without asking.
    ask
        Ids of the people to ask otherwise, who are away replaced by their deputies.
    within
        Longest time to their answer.
    """

    level: int
    alone: tuple[Alone, ...]
    ask: tuple[str, ...]
    within: timedelta


def leave(watch: Watch, level: int, day: date) -> Leave:
    """Return what may be answered alone at a level on a local day, whom to ask, and within how long.

    Parameters
    ----------
    watch
        Its `autonomy`, completed from `escalation`.
    level
        0 to 4.
    day
        Local day: who is away on it is replaced.
    """
    mine = watch.autonomy[level]
    return Leave(level, mine.alone or (), present(watch, mine.ask, day), mine.within or timedelta(hours=4))
