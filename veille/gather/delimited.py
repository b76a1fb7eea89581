"""CSV of any dialect: separator and head are found out, and a quotation that is never closed does not swallow the file."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from veille.gather.header import Sure, find_header

_SEPARATORS = (",", ";", "\t", "|")
_SNIFFED_LINES = 200
# Spreadsheets write it above the table, for themselves.
_SAYS_SEPARATOR = re.compile(r'"?sep=([^"\s]|\t)"?\s*', re.IGNORECASE)
_LONGEST_CELL = 10_000_000


@dataclass(frozen=True, slots=True)
class Delimited:
    """A table of texts.

    Parameters
    ----------
    header
        Names of the columns.
    rows, lines
        Cells of each row, as many as the header has, and the line it begins on, from 1.
    unparsed
        Line, reason and cells of the rows that do not fit.
    header_line, sure
        Line of the names of the columns, from 1, and how sure that is.
    """

    header: list[str]
    rows: list[list[str]]
    lines: list[int]
    unparsed: list[tuple[int, str, list[str]]]
    header_line: int = 1
    sure: Sure = Sure.FIRST


def read_delimited(text: str, wanted: Sequence[str] = ()) -> Delimited:
    """Read CSV with a header; the separator is a comma, a semicolon, a tab or a bar.

    Parameters
    ----------
    text
        The file. NUL characters are dropped; empty lines are not rows, what stands above the header is not read.
    wanted
        Columns that the command line names.
    """
    text = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    lines = [line + "\n" for line in text.split("\n")]
    # A setting of the whole process, put back before anything else runs.
    before = csv.field_size_limit(_LONGEST_CELL)
    try:
        return _read(lines, *_begin(lines, wanted))
    finally:
        csv.field_size_limit(before)


def _read(lines: list[str], separator: str, position: int, sure: Sure) -> Delimited:
    header: list[str] = []
    result = Delimited(header, [], [], [], position + 1, sure)
    while position < len(lines):
        rest = (lines[number] for number in range(position, len(lines)))
        reader = csv.reader(rest, delimiter=separator, strict=True)
        start = position
        try:
            for cells in reader:
                here = start + 1
                end = position + reader.line_num
                if not header:
                    header += [cell.strip() for cell in cells]
                elif cells and (end - start > 1 and len(cells) != len(header)):
                    # Cells that do not fit after several lines: a quotation opened by mistake, not a long text.
                    break
                elif cells:
                    _place(result, cells, here)
                start = end
            else:
                return result
        except csv.Error:
            pass
        _one_line(result, lines[start], start + 1, separator)
        position = start + 1
    return result


def _one_line(table: Delimited, line: str, number: int, separator: str) -> None:
    try:
        cells = next(csv.reader([line.rstrip("\n")], delimiter=separator), [])
    except csv.Error:
        cells = line.rstrip("\n").split(separator)
    if not table.header:
        table.header.extend(cell.strip() for cell in cells)
    elif line.rstrip("\n").split(separator)[-1].startswith('"') and line.count('"') % 2:
        table.unparsed.append((number, "a quotation is opened and not closed", cells))
    elif cells:
        _place(table, cells, number)


def _place(table: Delimited, cells: list[str], number: int) -> None:
    width = len(table.header)
    if len(cells) > width and not any(cells[width:]):
        cells = cells[:width]
    if len(cells) == width:
        table.rows.append(cells)
        table.lines.append(number)
    elif any(cells):
        table.unparsed.append((number, f"{len(cells)} cells where the header has {width}", cells))


def _begin(lines: list[str], wanted: Sequence[str]) -> tuple[str, int, Sure]:
    """Return the separator, the place of the header's line, and how sure it is.

    It is the separator under which the header is found by name, or has more than one cell, and most rows below it have as
    many cells.
    """
    said = _SAYS_SEPARATOR.fullmatch(lines[0])
    first = 1 if said else 0
    separators = (said[1],) if said else _SEPARATORS
    best, best_fit = (separators[0], first, Sure.FIRST), (False, False, 0.0, 0)
    for separator in separators:
        rows: list[list[str]] = []
        starts = [first]
        reader = csv.reader(lines[first : first + _SNIFFED_LINES], delimiter=separator)
        try:
            for cells in reader:
                rows.append(cells)
                starts.append(first + reader.line_num)
        except csv.Error:
            continue
        number, sure = find_header(rows, wanted)
        below = [len(cells) for cells in rows[number:] if cells]
        if not below or sure is Sure.NOTHING:
            continue
        fit = (below[0] > 1, sure is Sure.NAMED, Counter(below)[below[0]] / len(below), below[0])
        if fit > best_fit:
            best, best_fit = (separator, starts[number], sure), fit
    return best
