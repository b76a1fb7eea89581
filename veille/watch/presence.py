"""Who is there on a day, and who stands in: what alerts, bulletins and the spokesperson's desk all go by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

from veille.watch.model import Watch

COMPETITOR_LEVEL = 2
"""A competitor's crisis goes no higher than the people of this level."""


def handled_level(watch: Watch, level: int, role: str) -> int:
    """Return the level that people act on: a competitor's crisis is shown with its own and handled as vigilance at most.

    A watch of nothing but competitors is about them: their level is its own.
    """
    about_others = all(subject.role == "competitor" for subject in watch.subjects)
    return min(level, COMPETITOR_LEVEL) if role == "competitor" and not about_others else level


def is_there(watch: Watch, person: str, day: dt.date) -> bool:
    """Say whether a person is there on a local day; a function that nobody is named for always is."""
    known = watch.person(person)
    return known is None or not known.is_away(day)


def deputies(watch: Watch, person: str) -> list[str]:
    """Return the deputy, that one's deputy and so on; two who stand in for each other are no endless chain."""
    chain: list[str] = []
    known = watch.person(person)
    while known and known.deputy and known.deputy not in (person, *chain):
        chain.append(known.deputy)
        known = watch.person(known.deputy)
    return chain


def stand_in(watch: Watch, person: str, day: dt.date, told: Collection[str] = ()) -> str | None:
    """Return who acts for a person on a local day: the person, else the first deputy who is there; None where all are away.

    Parameters
    ----------
    watch
        Its `people`.
    person, day
        Id of the person, and the local day.
    told
        Ids of deputies who are left out: they know already.
    """
    if is_there(watch, person, day):
        return person
    return next((one for one in deputies(watch, person) if one not in told and is_there(watch, one, day)), None)


def present(watch: Watch, people: Iterable[str], day: dt.date) -> tuple[str, ...]:
    """Return who is there of these people, each replaced by who stands in; nobody is left out where all are away."""
    wanted = tuple(people)
    found = (stand_in(watch, person, day) for person in wanted)
    return tuple(dict.fromkeys([one for one in found if one is not None] or wanted))
