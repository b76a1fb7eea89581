"""Where a table begins: exports of vendors put a title, a period and a query above the names of the columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import IntEnum
from itertools import islice
from typing import Any

from veille.gather.mapping import ALIASES
from veille.gather.rows import FIELDS

SEARCHED_ROWS = 60
"""Rows, blank ones included, among which the names of the columns are looked for."""
_LEAST_TEXTS = 3
_LEAST_KNOWN = 2
_SAYS = frozenset({"text", "title", *ALIASES["text"], *ALIASES["title"]})
_KNOWN = frozenset(FIELDS).union(*ALIASES.values())
_NUMBER = re.compile(r"[-+]?[\d\s.,:/%-]+")


class Sure(IntEnum):
    """How sure it is that a row holds the names of the columns."""

    NOTHING = 0
    FIRST = 1
    LOOKS_SO = 2
    NAMED = 3


def find_header(rows: Iterable[Sequence[Any]], wanted: Sequence[str]) -> tuple[int, Sure]:
    """Return the number, from 0, of the row that names the columns, and how sure that is.

    Parameters
    ----------
    rows
        Cells of the rows, blank rows included; no more than `SEARCHED_ROWS` are looked at.
    wanted
        Columns that the command line names.

    Returns
    -------
    number : int
        The first row in which all wanted columns appear (`NAMED`); else the first with two known names of which one is a
        text's, or the first of all with the name of a text (`NAMED`); else the first with three different texts
        (`LOOKS_SO`, where others stand above it); else the first that is not blank (`FIRST`).
    sure : Sure
        `NOTHING` where all rows are blank.
    """
    filled = {number: _names(row) for number, row in enumerate(islice(rows, SEARCHED_ROWS)) if not is_blank(row)}
    if not filled:
        return 0, Sure.NOTHING
    first = min(filled)
    named = [number for number, names in filled.items() if wanted and all(_has(names, column) for column in wanted)]
    named += [number for number, names in filled.items() if names & _SAYS and len(names & _KNOWN) >= _LEAST_KNOWN]
    named += [first] if filled[first] & _SAYS else []
    if named:
        return named[0], Sure.NAMED
    looks = [number for number, names in filled.items() if sum(not _NUMBER.fullmatch(name) for name in names) >= _LEAST_TEXTS]
    number = looks[0] if looks else first
    return number, Sure.FIRST if number == first else Sure.LOOKS_SO


def is_blank(row: Sequence[Any]) -> bool:
    """Return whether a row holds nothing."""
    return all(cell is None or cell == "" for cell in row)


def _names(row: Sequence[Any]) -> set[str]:
    return {name for cell in row if isinstance(cell, str) and (name := cell.strip().casefold())}


def _has(names: set[str], column: str) -> bool:
    """Whether a row names what `--map` asks for: a column, several joined by +, or the one before a point."""
    column = column.strip().casefold()
    parts = [part.strip() for part in column.split("+")]
    return column in names or all(part in names or part.split(".", 1)[0] in names for part in parts)
