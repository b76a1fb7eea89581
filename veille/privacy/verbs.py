"""The verbs `erase` and `retain`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from veille.errors import UsageError
from veille.mention import ERASED, MENTIONS
from veille.privacy import editions, files, rows
from veille.privacy.pages import PLACE, remove_pages
from veille.privacy.rows import Counts
from veille.privacy.scope import Scope, of_authors, of_mention, of_source, older
from veille.privacy.tables import REMOVALS, Cause
from veille.pseudonym import pseudonym, tombstone
from veille.store import RunKind, Store, lock
from veille.watch import Watch

MACHINE = "veille"


@dataclass(frozen=True, slots=True)
class Removed:
    """What a removal did.

    Parameters
    ----------
    journal
        Rows of REMOVALS that it wrote: none where there was nothing to remove.
    mentions
        Mentions that went.
    editions
        Editions that were made again without them, or expired.
    """

    journal: pd.DataFrame
    mentions: int
    editions: int

    @property
    def removed(self) -> dict[str, int]:
        """Rows and files that went, by place."""
        return {str(place): int(count) for place, count in zip(self.journal["place"], self.journal["removed"], strict=True)}

    @property
    def changed(self) -> dict[str, int]:
        """Rows and editions that something was taken out of, by place."""
        return {str(place): int(count) for place, count in zip(self.journal["place"], self.journal["changed"], strict=True)}


def erase(watch: Watch, store: Store, cause: Cause, what: str, *, at: datetime, by: str) -> Removed:
    """Erase all that is kept of an author, a mention or a source, and do not take an author or a mention again.

    Parameters
    ----------
    watch, store
        The watch and its memory.
    cause
        Author, mention or source.
    what
        The handle as published, the id of the mention, or the id of the source.
    at, by
        When, and who asked for it; both stand in REMOVALS, what was erased does not.

    Raises
    ------
    UsageError
        There is no such mention, nothing of such a source, or no name was given.
    LockedError
        A run is under way: it would write again what is erased.
    """
    if not by.strip() or not what.strip():
        raise UsageError("an erasure needs what is to be erased, and who asked for it", "give it with --by")
    with _alone(watch):
        names: list[str] = []
        if cause is Cause.AUTHOR:
            if not what.strip(" @"):
                raise UsageError(f"{what!r} is no handle", "write it as it was published, such as @name")
            names = [pseudonym(store.key, what)]
            scope = of_authors(store, names[0])
        elif cause is Cause.MENTION:
            scope = of_mention(store, what.strip())
        else:
            scope = of_source(store, what.strip())
        if cause is not Cause.AUTHOR and not scope.ids:
            raise UsageError(f"nothing is stored of the {cause} {what}", "`veille search` shows ids of mentions and sources")
        if cause is not Cause.SOURCE:
            # First: of a run that is killed, what is gone already must not come back.
            _keep_out(store, [*names, *scope.ids], at)
        return _removed(watch, store, scope, at, by.strip())


def retain(watch: Watch, store: Store, *, at: datetime) -> Removed:
    """Remove what is older than `privacy.retention_days`: mentions with all that was derived, and what editions quote of them.

    Parameters
    ----------
    watch, store
        The watch and its memory.
    at
        The instant that the days are counted from.

    Raises
    ------
    LockedError
        A run is under way.
    """
    with _alone(watch):
        return _removed(watch, store, older(store, at, watch.privacy.retention_days), at, MACHINE)


def _removed(watch: Watch, store: Store, scope: Scope, at: datetime, by: str) -> Removed:
    # Editions and files are compared with the texts: they come before these are gone for good.
    changed, gone = editions.strip(watch, scope, at)
    pages = rows.Counts()
    remove_pages(watch, scope, at, pages)
    counts = rows.remove(store, scope)
    counts.add(PLACE, pages.removed.get(PLACE, 0))
    files.sweep(watch, store, scope, at, counts)
    counts.add("editions", gone, changed)
    journal = _journal(counts, scope, at, by)
    if len(journal):
        store.merge(REMOVALS, journal)
    rows.purge(store)
    return Removed(journal, counts.removed.get(MENTIONS.name, 0), changed)


def _journal(counts: Counts, scope: Scope, at: datetime, by: str) -> pd.DataFrame:
    content = "\x1f".join([at.isoformat(), by, str(scope.cause)])
    removal_id = "r" + hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    said = [
        {
            "removal_id": removal_id,
            "at": at,
            "by": by,
            "cause": str(scope.cause),
            "place": place,
            "removed": counts.removed.get(place, 0),
            "changed": counts.changed.get(place, 0),
        }
        for place in counts.places
    ]
    return REMOVALS.check(pd.DataFrame(said)) if said else REMOVALS.empty()


def _keep_out(store: Store, names: list[str], at: datetime) -> None:
    key = store.key
    marks = sorted({tombstone(key, name) for name in names})
    if marks:
        store.merge(ERASED, ERASED.check(pd.DataFrame({"tombstone": marks, "at": at})))


@contextmanager
def _alone(watch: Watch) -> Iterator[None]:
    """Hold the locks of all runs: none reads files that go, or writes again what went."""
    with ExitStack() as stack:
        for kind in RunKind:
            stack.enter_context(lock(watch, kind))
        yield
