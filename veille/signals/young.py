"""A young watch: what can be tested while there is hardly a past.

The usual past ends before the longest window and a gap, so that a rise does not feed its own habit. In the first weeks
there is nothing left of it then, and a prior alone would call all of a busy subject's talk a rise. Until there are two
weeks of it the past is every whole day before the window, as for the first of the early-aberration methods
of public health (EARS C1: Hutwagner, Thompson, Seeman & Treadwell, 2003, "The bioterrorism preparedness and response
Early Aberration Reporting System", J. Urban Health 80), and only windows much shorter than it are tested.
"""

from __future__ import annotations

from dataclasses import dataclass

FEWEST_PAST_DAYS = 4
"""Whole days below which no habit can be told: two weekdays and what they differ by, twice."""

PAST_WINDOWS = 2
"""Windows of the same length that the past must hold."""

YOUNG_PAST_DAYS = 14
"""Days of the usual past below which a watch is young: each weekday twice."""


@dataclass(frozen=True, slots=True)
class Past:
    """Columns of the grid that the windows ending on one day are compared with.

    Parameters
    ----------
    first, end
        The past is columns `first` to before `end`.
    windows_days
        Lengths of the windows that can be tested; none where there is no habit yet.
    young
        Whether only whole subjects can be: in the first days every topic and every word is new.
    """

    first: int
    end: int
    windows_days: tuple[int, ...]
    young: bool


def past_of(last: int, windows_days: tuple[int, ...], gap_days: int, baseline_days: int) -> Past:
    """Return the past of the windows that end on column `last`, 0 being the first day the watch knows of.

    Parameters
    ----------
    last
        Column of the last day of the windows.
    windows_days, gap_days, baseline_days
        Lengths of the windows, of what lies between the longest and its past, and of the past at most.
    """
    end = last + 1 - max(windows_days) - gap_days
    if end >= min(YOUNG_PAST_DAYS, baseline_days):
        return Past(max(0, end - baseline_days), end, windows_days, young=False)
    # The first day is seldom whole: it begins when somebody first spoke, or when gathering began.
    first = 1
    fitting = [days for days in windows_days if last + 1 - days - first >= max(FEWEST_PAST_DAYS, PAST_WINDOWS * days)]
    if not fitting:
        return Past(first, first, (), young=True)
    end = last + 1 - max(fitting)
    # As soon as the past can spare it: of a crisis of two days the first is no habit of the second.
    spared = min(gap_days, end - first - FEWEST_PAST_DAYS)
    return Past(first, end - spared, tuple(fitting), young=True)


def share_memory(past: Past, memory: float, baseline_days: int) -> float:
    """Return how many stories the habit of a share rests on at most: the more, the more recent the past is.

    Parameters
    ----------
    past
        Result of `past_of`.
    memory, baseline_days
        What a past of the usual length binds; a share that drifts as a random walk is that much better known from a
        shorter one.
    """
    length = past.end - past.first
    return memory * baseline_days / length if past.young and length else memory
