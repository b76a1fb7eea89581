"""The files of a page of the desk: one page a language of the watch, its data beside it, looked at before they are written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from veille.bulletin.seal import check, said_in
from veille.bulletin.sheets.render import render_sheet
from veille.bulletin.sheets.types import Sheet
from veille.period import Period

if TYPE_CHECKING:
    from datetime import date

    from veille.store import Store
    from veille.watch import Watch

FOLDER = "desk"
"""Folder of these pages among the reports of a watch."""
_WEEKS = 12


@dataclass(frozen=True, slots=True)
class Written:
    """What was written.

    Parameters
    ----------
    file
        The page in the first language of the watch.
    files
        All pages.
    sheet
        What the first page holds.
    """

    file: Path
    files: tuple[Path, ...]
    sheet: Sheet


def write_sheets(
    watch: Watch, store: Store, sheets: Sequence[Sheet], folder: str, name: str, terms: tuple[str, ...], today: date
) -> Written:
    """Write the pages of one folder below the desk's; nothing is written where one holds what is above its marking.

    Raises
    ------
    EditionError
        A page would hold words of watch.yml that are above its own marking.
    """
    place = watch.reports_path / watch.watch / FOLDER / folder
    files: dict[str, str] = {}
    pages = []
    for number, sheet in enumerate(sheets):
        stem = name if not number else f"{name}.{sheet.language}"
        others = [each for each in sheets if each is not sheet]
        twin = "" if not others else f"{name}.html" if number else f"{name}.{others[0].language}.html"
        files |= {f"{stem}.html": render_sheet(sheet, twin), f"{stem}.json": sheet.to_json()}
        pages.append(f"{stem}.html")
    said = said_in(store, sheets[0].as_of, Period(today - timedelta(days=7 * _WEEKS - 1), today, watch.timezone))
    for sheet in sheets:
        check({one: text.encode() for one, text in files.items()}, watch, sheet.marking, terms, said)
    place.mkdir(parents=True, exist_ok=True)
    for one, text in files.items():
        temporary = place / f".{one}"
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(place / one)
    return Written(place / pages[0], tuple(place / page for page in pages), sheets[0])
