"""write_brief: the brief of an occasion in each language of the watch, cut to what its audience may read."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pandas as pd

from veille.bulletin import marking as rules
from veille.bulletin.base import Marking, highest
from veille.bulletin.dates import with_dates
from veille.bulletin.marking import least
from veille.bulletin.sheets.files import Written, write_sheets
from veille.bulletin.sheets.make import sheet_of
from veille.desk.brief import brief
from veille.errors import UsageError, WatchError
from veille.language import Language
from veille.signals import SIGNALS, SignalKind
from veille.signals.few import rows
from veille.watch import confidential_terms

if TYPE_CHECKING:
    from veille.store import Store
    from veille.watch import Watch

_READERS = "direction"


def write_brief(watch: Watch, store: Store, as_of: datetime, *, occasion: str = "", audience: str | None = None) -> Written:
    """Write the brief of an occasion; return its files.

    Parameters
    ----------
    watch, store, as_of
        The watch, its memory, and the moment.
    occasion
        What it is for.
    audience
        Who reads it, one of `audiences`; `direction` where left out, TLP:AMBER where the watch has none of that name.

    Raises
    ------
    UsageError
        There is no such audience, or it may not read what is internal: a brief then has nothing to say.
    EditionError
        A page would hold what is above its marking.
    """
    ceiling, watch = _ceiling(watch, audience), with_dates(watch, store, as_of)
    terms = terms_of(watch)
    withheld = _withheld(watch, store, as_of, ceiling)
    local = as_of.astimezone(ZoneInfo(watch.timezone))
    pages = (
        brief(watch, store, as_of, Language(code), terms, occasion=occasion, withheld=withheld) for code in watch.languages
    )
    sheets = [sheet_of(page, watch, store, terms, ceiling) for page in pages]
    return write_sheets(watch, store, sheets, f"brief-{local:%Y-%m-%dT%H%M}", "brief", terms, local.date())


def terms_of(watch: Watch) -> tuple[str, ...]:
    """Return the confidential terms, none where their file cannot be read: the page then says so."""
    try:
        return confidential_terms(watch)
    except WatchError:
        return ()


def _ceiling(watch: Watch, audience: str | None) -> Marking:
    if audience is not None and audience not in watch.audiences:
        raise UsageError(f"{audience!r} is not one of audiences", f"audiences are {', '.join(watch.audiences)}")
    ceiling = Marking(str(watch.audiences.get(audience or _READERS, Marking.AMBER)))
    if ceiling.rank < Marking.AMBER.rank:
        raise UsageError(
            f"the audience {audience or _READERS} reads up to {ceiling.value}, and a brief speaks of what is internal",
            "name an audience of TLP:AMBER or above with --audience",
        )
    return ceiling


def _withheld(watch: Watch, store: Store, as_of: datetime, ceiling: Marking) -> frozenset[str]:
    """Return the signals above what the reader may read: nothing of the page may speak of them, its level included."""
    of_subject = rules.of_subjects(watch)
    known = store.load(SIGNALS, ["signal_id", "kind", "subject", "as_of"], [("as_of", "<=", pd.Timestamp(as_of))])

    def marking(kind: str, subject: str) -> Marking:
        floor = least("leak" if kind == SignalKind.LEAK else "signal")
        return highest(floor, of_subject.get(subject, Marking.CLEAR))

    pairs = known.drop_duplicates(["signal_id", "kind", "subject"])
    return frozenset(str(row.signal_id) for row in rows(pairs) if marking(row.kind, row.subject).rank > ceiling.rank)
