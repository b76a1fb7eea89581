"""The first gather and the first edition of a new watch."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from veille.edition import Edition, edition
from veille.errors import VeilleError
from veille.gather import Gathered, gather
from veille.gather.pull import Progress
from veille.period import last_complete_week
from veille.store import RunKind, Store, lock
from veille.watch import Watch


@dataclass(frozen=True, slots=True)
class First:
    """What a first run brought.

    Parameters
    ----------
    gathered
        What the sources gave.
    edition
        The edition of the last complete week.
    observed
        Mentions received of each source in that week.
    not_observed
        Networks and media of which nothing is seen.
    """

    gathered: Gathered
    edition: Edition
    observed: dict[str, int]
    not_observed: tuple[str, ...]

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a person must see, each once."""
        return tuple(dict.fromkeys([*self.gathered.warnings, *self.edition.warnings]))


def first_edition(watch: Watch, clock: Callable[[], datetime], progress: Progress | None = None) -> First:
    """Gather as far back as each source allows, and make the edition of the last complete week.

    Parameters
    ----------
    watch
        The watch.
    clock
        Tells when each of the two begins, and when the steps of the edition end.
    progress
        Told the id and the verdict of each source when it is done.

    Raises
    ------
    LockedError
        Another run of this watch is under way.
    EditionError
        A step of the edition failed.
    """
    with lock(watch, RunKind.GATHER):
        gathered = gather(watch, Store(watch), clock(), progress=progress)
    made = edition(watch, last_complete_week(clock(), watch.timezone), as_of=None, clock=clock)
    method = _method(made)
    observed = {str(source["id"]): int(source["received"]) for source in method.get("sources", [])}
    return First(gathered, made, observed, tuple(method.get("not_observed", [])))


def _method(made: Edition) -> dict[str, Any]:
    file = made.bulletin.with_suffix(".json")
    try:
        method: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))["method"]
    except (OSError, ValueError, KeyError) as error:
        raise VeilleError(f"{file} cannot be read", "look at the edition's run.json") from error
    return method
