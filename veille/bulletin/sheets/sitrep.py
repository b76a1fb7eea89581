"""write_sitrep: the situation report of a signal in each language of the watch, kept so that the next one says what changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from veille.bulletin.sheets.brief import terms_of
from veille.bulletin.sheets.files import Written, write_sheets
from veille.bulletin.sheets.make import sheet_of
from veille.desk.lines import PageKind
from veille.desk.sitrep import sitrep
from veille.desk.sitrep_said import Report, record
from veille.language import Language
from veille.signals.journal import MACHINE

if TYPE_CHECKING:
    from veille.store import Store
    from veille.watch import Watch


@dataclass(frozen=True, slots=True)
class WrittenSitrep:
    """What was written: the files, what is kept of the report, and how many statements of it are new."""

    written: Written
    report: Report
    changed: int


def write_sitrep(watch: Watch, store: Store, as_of: datetime, signal_id: str, *, by: str = MACHINE) -> WrittenSitrep:
    """Write the report of a signal and keep what it said; return its files.

    Parameters
    ----------
    watch, store, as_of
        The watch, its memory, and the moment.
    signal_id
        The signal.
    by
        Who makes it.

    Raises
    ------
    UsageError
        There is no such signal at that moment, or it never came to level 3.
    EditionError
        A page would hold what is above its marking; nothing is written then.
    """
    terms = terms_of(watch)
    made = [sitrep(watch, store, as_of, signal_id, Language(code), terms) for code in watch.languages]
    sheets = [sheet_of(one.page, watch, store, terms) for one in made]
    report = made[0].report
    name = "closing" if report.kind is PageKind.CLOSING else f"{report.number:02d}"
    today = as_of.astimezone(ZoneInfo(watch.timezone)).date()
    written = write_sheets(watch, store, sheets, f"{signal_id}-{name}", "sitrep", terms, today)
    record(store, report, sheets[0].evidence, by)
    return WrittenSitrep(written, report, made[0].changed)
