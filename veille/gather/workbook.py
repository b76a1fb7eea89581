"""One sheet of a workbook, chosen by name or because it holds the table."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from veille.errors import ImportFileError, UsageError
from veille.gather.header import SEARCHED_ROWS, Sure, find_header, is_blank

_BROKEN = (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, TypeError, IndexError, OSError, SyntaxError)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of a workbook.

    Parameters
    ----------
    header
        Names of the columns.
    rows, numbers
        Cells of each row below it that is not blank, as many as the header has, and its number in the sheet, from 1.
    header_number, sure
        Number of the row that names the columns, from 1, and how sure that is.
    title
        Name of the sheet; empty where the workbook holds nothing.
    others
        Names of the other sheets that hold something.
    """

    header: list[str]
    rows: list[list[Any]]
    numbers: list[int]
    header_number: int = 0
    sure: Sure = Sure.NOTHING
    title: str = ""
    others: tuple[str, ...] = ()


def read_workbook(name: str, content: bytes, wanted: tuple[str, ...], sheet: str | None) -> Sheet:
    """Read a sheet.

    Parameters
    ----------
    name, content
        The file.
    wanted
        Columns that the command line names.
    sheet
        Name of the sheet; None takes the first that has the columns, else the first with a table, else the first with anything.

    Raises
    ------
    UsageError
        It has no sheet of that name.
    ImportFileError
        It is no workbook.
    """
    with _reading(name):
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheets = {found.title: found for found in book.worksheets}
        for found in sheets.values():
            # The size a sheet says it has may be wrong.
            found.reset_dimensions()
        heads = {title: list(islice(found.iter_rows(values_only=True), SEARCHED_ROWS)) for title, found in sheets.items()}
    title = _chosen(heads, wanted) if sheet is None else _asked(name, sheet, list(sheets))
    with _reading(name):
        rows = [list(row) for row in sheets[title].iter_rows(values_only=True)] if title else []
        book.close()
    start, sure = find_header(rows, wanted)
    if sure is Sure.NOTHING:
        return Sheet([], [], [])
    body = [(number, row) for number, row in enumerate(rows[start + 1 :], start=start + 2) if not is_blank(row)]
    header = ["" if cell is None else str(cell) for cell in rows[start]]
    header += [""] * (max((len(row) for _, row in body), default=0) - len(header))
    cells = [row + [None] * (len(header) - len(row)) for _, row in body]
    others = tuple(other for other, head in heads.items() if other != title and not all(map(is_blank, head)))
    return Sheet(header, cells, [number for number, _ in body], start + 1, sure, title, others)


@contextmanager
def _reading(name: str) -> Iterator[None]:
    """Say what breaks inside openpyxl as the file's failure, and only that."""
    try:
        yield
    except _BROKEN as error:
        raise ImportFileError(f"{name} is no xlsx workbook: {error}", "save it as .xlsx") from error


def _chosen(heads: dict[str, list[Any]], wanted: tuple[str, ...]) -> str:
    found = {title: find_header(head, wanted)[1] for title, head in heads.items()}
    named = [title for title, sure in found.items() if sure is Sure.NAMED]
    # A cover has a title and no table.
    tables = [title for title, head in heads.items() if sum(not is_blank(row) for row in head) > 1]
    filled = [title for title, sure in found.items() if sure is not Sure.NOTHING]
    return next(iter((*named, *tables, *filled)), "")


def _asked(name: str, sheet: str, titles: list[str]) -> str:
    same = [title for title in titles if title == sheet] or [
        title for title in titles if title.strip().casefold() == sheet.strip().casefold()
    ]
    if not same:
        raise UsageError(f"{name} has no sheet {sheet!r}", f"its sheets are {', '.join(map(repr, titles))}")
    return same[0]
