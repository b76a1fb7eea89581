"""Who is told: the people of a level, their deputies where they are away, and never nobody."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from veille.watch import Watch
from veille.watch.openings import RING_FROM
from veille.watch.presence import deputies, is_there, stand_in

_HIGHEST = 4


@dataclass(frozen=True, slots=True)
class Told:
    """One person who is told.

    Parameters
    ----------
    person
        Id of the person; where watch.yml lists no people, a function such as `analyst`.
    in_place_of
        Id of the person in whose place, empty where in nobody's.
    """

    person: str
    in_place_of: str = ""


def recipients(
    watch: Watch, level: int, day: date, *, owners: Sequence[str] = (), tonight: date | None = None
) -> tuple[Told, ...]:
    """Return who is told of a signal of a level on a local day, in the order of watch.yml, each once.

    Parameters
    ----------
    watch
        The watch.
    level
        The level that is handled, 1 to 4.
    day
        Local day: who is away on it is replaced by a deputy; the deputy too: by the others of the level, else by
        everybody of the levels above, else by anybody.
    owners
        Ids of those who own what the signal bears on: told instead of the people of level 1, beside those of level 3 and 4.
    tonight
        The present local day where it is outside ring hours: from level 3 on who is on call on it is told too.
    """
    named = watch.escalation[level].to
    wanted = owners if owners and level < RING_FROM else [*named, *owners]
    told = [one for name in wanted for one in _present(watch, name, day, ())]
    if tonight and level >= RING_FROM:
        told += [Told(person.id) for person in watch.people if person.is_on_call(tonight)]
    return _once(told) or _above(watch, level, day, wanted, ())


def stand_ins(watch: Watch, level: int, person: str, day: date, told: Collection[str]) -> tuple[Told, ...]:
    """Return who is told because a person did not acknowledge, or could not be reached.

    The deputy, or that one's deputy where away or told already; else the next of the level; else everybody of the levels
    above. Empty where everybody has been told.

    Parameters
    ----------
    watch, level, day
        As for `recipients`.
    person
        Id of who did not.
    told
        Ids of those who have been told.
    """
    chain = [name for name in deputies(watch, person) if name not in told and is_there(watch, name, day)]
    others = [name for name in watch.escalation[level].to if name not in told and is_there(watch, name, day)]
    chosen = (chain or others)[:1]
    if chosen:
        return (Told(chosen[0], person),)
    return _above(watch, level, day, (), (*told, person), instead=person)


def seconds(watch: Watch, level: int, day: date, decider: str, told: Sequence[str], asked: Collection[str]) -> tuple[Told, ...]:
    """Return who is asked to confirm what one person has decided.

    Those who know of the signal and are there, or their deputies; where there are none, or they were asked already, who
    stands in for the decider.

    Parameters
    ----------
    watch, level, day
        As for `recipients`.
    decider
        Id, or name, of who has decided.
    told
        Ids of those who were told of the signal, in their order.
    asked
        Ids of those who were asked to confirm already.
    """
    others = [one for name in told if name != decider for one in _present(watch, name, day, (decider,))]
    fresh = [one for one in others if one.person != decider and one.person not in asked]
    return _once(fresh) if fresh and not asked else stand_ins(watch, level, decider, day, [*told, *asked, decider])


def person_of(watch: Watch, by: str) -> str:
    """Return the id of the person who acted under an id, a name or a mail address; what was written where it is nobody's."""
    given = by.strip().casefold()
    known = (person for person in watch.people if given in (person.id, person.name.casefold(), (person.mail or "").casefold()))
    return next((person.id for person in known), by.strip())


def _present(watch: Watch, name: str, day: date, told: Collection[str]) -> tuple[Told, ...]:
    who = stand_in(watch, name, day, told)
    if who is None:
        return ()
    return (Told(name),) if who == name else (Told(who, name),)


def _above(
    watch: Watch, level: int, day: date, wanted: Iterable[str], told: Collection[str], instead: str = ""
) -> tuple[Told, ...]:
    for higher in range(level + 1, _HIGHEST + 1):
        found = [one for name in watch.escalation[higher].to for one in _present(watch, name, day, told)]
        found = [Told(one.person, one.in_place_of or instead) for one in found if one.person not in told]
        if found:
            return _once(found)
    anybody = [person.id for person in watch.people if person.id not in told and not person.is_away(day)]
    # Where the whole list is away the message still goes to those it was meant for: better read on a beach than by nobody.
    last = anybody or [name for name in wanted or watch.escalation[level].to if name not in told]
    last = last or [person.id for person in watch.people if person.id not in told]
    return _once([Told(name, instead) for name in last])


def _once(told: Iterable[Told]) -> tuple[Told, ...]:
    first: dict[str, Told] = {}
    for one in told:
        first.setdefault(one.person, one)
    return tuple(first.values())
