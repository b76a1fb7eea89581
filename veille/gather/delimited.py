"""CSV of any dialect: the separator is found out, and a quotation that is never closed does not swallow the file."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass

_SEPARATORS = (",", ";", "\t", "|")
_SNIFFED_LINES = 200
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
    """

    header: list[str]
    rows: list[list[str]]
    lines: list[int]
    unparsed: list[tuple[int, str, list[str]]]


def read_delimited(text: str) -> Delimited:
    """Read CSV with a header; the separator is a comma, a semicolon, a tab or a bar.

    Parameters
    ----------
    text
        The file. NUL characters are dropped; empty lines are not rows.
    """
    text = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    lines = [line + "\n" for line in text.split("\n")]
    # A setting of the whole process, put back before anything else runs.
    before = csv.field_size_limit(_LONGEST_CELL)
    try:
        return _read(lines, _separator(lines[:_SNIFFED_LINES]))
    finally:
        csv.field_size_limit(before)


def _read(lines: list[str], separator: str) -> Delimited:
    header: list[str] = []
    result = Delimited(header, [], [], [])
    position = 0
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


def _separator(lines: list[str]) -> str:
    """Return the separator under which most rows have as many cells as the header, and more than one."""
    best, best_fit = _SEPARATORS[0], (False, 0.0, 0)
    for separator in _SEPARATORS:
        try:
            rows = [cells for cells in csv.reader(lines, delimiter=separator) if cells]
        except csv.Error:
            continue
        if not rows:
            continue
        widths = Counter(len(cells) for cells in rows)
        fit = (len(rows[0]) > 1, widths[len(rows[0])] / len(rows), len(rows[0]))
        if fit > best_fit:
            best, best_fit = separator, fit
    return best
