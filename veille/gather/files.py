"""Files as strangers export them, as rows of raw values: what cannot be parsed is kept aside, the rest goes on."""

from __future__ import annotations

import gzip
import io
import json
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from veille.errors import ImportFileError, SourceError
from veille.gather.archives import member
from veille.gather.delimited import read_delimited
from veille.gather.header import Sure
from veille.gather.mapping import ALIASES
from veille.gather.rows import FIELDS
from veille.gather.workbook import read_workbook
from veille.sources import decode, parse_feed

_GZIP = b"\x1f\x8b"
_MOST_BYTES = 2 * 1024**3
_MOST_COLUMNS = 300
_KNOWN = frozenset(FIELDS).union(*ALIASES.values())


@dataclass(frozen=True, slots=True)
class Unparsed:
    """A row that cannot be parsed.

    Parameters
    ----------
    line
        Its line in the file (xlsx: in its sheet; parquet and rss: its number), from 1.
    reason
        Why.
    raw
        What stands there: the line, or its cells.
    """

    line: int
    reason: str
    raw: str | list[str]


@dataclass(frozen=True, slots=True)
class RawFile:
    """A file that was read.

    Parameters
    ----------
    name
        Its name, without folder.
    frame
        Its rows, values as they are, dtype object.
    lines
        Where each row begins, in step with the rows.
    unparsed
        Rows that could not be parsed.
    warnings
        What a person should know.
    """

    name: str
    frame: pd.DataFrame
    lines: list[int]
    unparsed: list[Unparsed] = field(default_factory=list)
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Options:
    """What is said of the files.

    Parameters
    ----------
    source, timezone
        Id of the source they came by and zone of their times, for feeds.
    wanted
        Columns that the command line names; where they stand is the head of a table.
    sheet
        Sheet of a workbook; None finds it.
    rows
        Key that holds the rows, in JSON that is no list of rows.
    member
        File of an archive that is read.
    """

    source: str
    timezone: str
    wanted: tuple[str, ...] = ()
    sheet: str | None = None
    rows: str = ""
    member: str = ""


def read_file(path: Path, file_format: str, options: Options) -> RawFile:
    """Read a file, packed with gzip or not.

    Parameters
    ----------
    path
        The file.
    file_format
        One of `FORMATS`.
    options
        What is said of it.

    Raises
    ------
    ImportFileError
        It cannot be read at all.
    UsageError
        It has no sheet of the name that was asked for.
    """
    content, warnings = unpacked(path)
    if options.member:
        content = member(path.name, content, options.member)
    if not content.strip():
        return RawFile(path.name, pd.DataFrame(), [], warnings=(*warnings, f"{path.name} is empty"))
    raw = _READERS[file_format](path.name, content, options)
    return RawFile(raw.name, raw.frame, raw.lines, raw.unparsed, (*warnings, *raw.warnings))


def unpacked(path: Path) -> tuple[bytes, list[str]]:
    """Return the bytes of a file, packed with gzip or not, and what a person should know of them.

    Raises
    ------
    ImportFileError
        It cannot be read, unpacked, or is too large.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ImportFileError(f"{path} cannot be read: {error.strerror or error}", "give the path of a file") from error
    if not content.startswith(_GZIP):
        return content, []
    chunks: list[bytes] = []
    size = 0
    with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
        while True:
            try:
                chunk = packed.read1(1 << 20)
            except (EOFError, zlib.error, gzip.BadGzipFile) as error:
                if not chunks:
                    raise ImportFileError(f"{path.name} cannot be unpacked: {error}", "pack it again with gzip") from error
                return b"".join(chunks), [f"{path.name} is broken off: only what comes before is read"]
            if not chunk:
                return b"".join(chunks), []
            chunks.append(chunk)
            size += len(chunk)
            if size > _MOST_BYTES:
                raise ImportFileError(f"{path.name} unpacks to more than {_MOST_BYTES >> 30} GB", "import it in parts")


def _text(name: str, content: bytes) -> tuple[str, tuple[str, ...]]:
    decoded = decode(content)
    if decoded.repaired_lines:
        said = f"{name}: {decoded.repaired_lines} lines are not UTF-8 and were read as Windows-1252"
        return decoded.text, (said,)
    return decoded.text, ()


def _jsonl(name: str, content: bytes, options: Options) -> RawFile:
    text, warnings = _text(name, content)
    # Not splitlines: JSON strings may hold U+2028 and other separators as they are.
    lines = text.split("\n") if "\n" in text else text.split("\r")
    records: list[dict[str, Any]] = []
    numbers: list[int] = []
    unparsed: list[Unparsed] = []
    array = _json_array(text, options.rows) if lines[0].lstrip().startswith(("[", "{") if options.rows else "[") else None
    for number, item in enumerate(lines if array is None else array, start=1):
        value: Any = item
        if array is None:
            if not item.strip():
                continue
            try:
                value = json.loads(item)
            except (ValueError, RecursionError) as error:
                reason = error.msg if isinstance(error, json.JSONDecodeError) else "too large or too deep"
                unparsed.append(Unparsed(number, f"no JSON: {reason}", item))
                continue
        if isinstance(value, dict):
            records.append(value)
            numbers.append(number)
        else:
            unparsed.append(Unparsed(number, "no JSON object", str(item)))
    names, more = _names(records)
    if more:
        warnings = (*warnings, f"{name} has {more} other names of columns, too rare to be read")
    return RawFile(name, _objects(records, names), numbers, unparsed, warnings)


def _json_array(text: str, key: str = "") -> list[Any] | None:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    value = value.get(key) if isinstance(value, dict) and key in value else value
    return value if isinstance(value, list) and all(isinstance(item, dict) for item in value) else None


def _names(records: list[dict[str, Any]]) -> tuple[list[str], int]:
    """Return the columns, in their order, and how many are left out: each takes a cell in every row."""
    counts = Counter(name for record in records for name in record)
    kept = {name for name, _ in counts.most_common(_MOST_COLUMNS)} | (counts.keys() & _KNOWN)
    return [name for name in counts if name in kept], len(counts) - len(kept)


def _objects(records: list[dict[str, Any]], names: list[str]) -> pd.DataFrame:
    columns = {name: pd.Series([record.get(name) for record in records], dtype="object") for name in names}
    return pd.DataFrame(columns, index=pd.RangeIndex(len(records)))


def _csv(name: str, content: bytes, options: Options) -> RawFile:
    text, warnings = _text(name, content)
    table = read_delimited(text, options.wanted)
    unparsed = [Unparsed(line, reason, cells) for line, reason, cells in table.unparsed]
    warnings = (*warnings, *_above(name, "line", table.header_line, table.sure))
    return RawFile(name, _table(table.header, table.rows), table.lines, unparsed, warnings)


def _xlsx(name: str, content: bytes, options: Options) -> RawFile:
    sheet = read_workbook(name, content, options.wanted, options.sheet)
    if sheet.sure is Sure.NOTHING:
        what = name if options.sheet is None else f"the sheet {options.sheet!r} of {name}"
        return RawFile(name, pd.DataFrame(), [], warnings=(f"{what} is empty",))
    warnings = _above(name, "row", sheet.header_number, sheet.sure)
    if sheet.others and options.sheet is None:
        others = ", ".join(map(repr, sheet.others))
        warnings = (*warnings, f"{name}: only the sheet {sheet.title!r} is read, not {others}: choose with --sheet NAME")
    return RawFile(name, _table(sheet.header, sheet.rows), sheet.numbers, warnings=warnings)


def _above(name: str, unit: str, number: int, sure: Sure) -> tuple[str, ...]:
    """Tell a guess; what the names of the columns prove need not be told."""
    if sure is not Sure.LOOKS_SO:
        return ()
    return (f"{name}: {unit} {number} is taken for the names of the columns, what stands above it is not read",)


def _parquet(name: str, content: bytes, options: Options) -> RawFile:
    del options
    try:
        table = pq.read_table(pa.BufferReader(content))
    except (pa.ArrowException, OSError, ValueError) as error:
        raise ImportFileError(
            f"{name} is no parquet file: {str(error).splitlines()[0]}", "write it again as parquet"
        ) from error
    columns = {
        str(column): pd.Series(table.column(number).to_pandas().astype("object").tolist(), dtype="object")
        for number, column in enumerate(table.column_names)
    }
    return RawFile(name, pd.DataFrame(columns, index=pd.RangeIndex(table.num_rows)), list(range(1, table.num_rows + 1)))


def _rss(name: str, content: bytes, options: Options) -> RawFile:
    try:
        feed = parse_feed(content, source=options.source, timezone=options.timezone, place=name)
    except SourceError as error:
        raise ImportFileError(error.message, error.hint) from error
    frame = pd.DataFrame(
        {field: pd.Series([getattr(item, field) for item in feed.mentions], dtype="object") for field in FIELDS}
    ).drop(columns=["source", "source_type"])
    unparsed = [Unparsed(entry.number, entry.reason, json.dumps(dict(entry.row))) for entry in feed.refused]
    refused = {entry.number for entry in feed.refused}
    total = len(feed.mentions) + len(feed.refused)
    lines = [number for number in range(1, total + 1) if number not in refused]
    warnings = () if feed.whole else (f"{name} is not well formed: {len(feed.mentions)} entries could be read",)
    return RawFile(name, frame, lines, unparsed, warnings)


def _table(header: list[str], rows: list[list[Any]]) -> pd.DataFrame:
    """Rows under their header; a column without name, or with the name of an earlier one, is not read."""
    index = pd.RangeIndex(len(rows))
    names: dict[str, int] = {}
    for number, name in enumerate(header):
        if name.strip():
            names.setdefault(name.strip(), number)
    columns = {name: pd.Series([row[number] for row in rows], dtype="object", index=index) for name, number in names.items()}
    return pd.DataFrame(columns, index=index)


_READERS: dict[str, Callable[[str, bytes, Options], RawFile]] = {
    "jsonl": _jsonl,
    "csv": _csv,
    "xlsx": _xlsx,
    "parquet": _parquet,
    "rss": _rss,
}

FORMATS = tuple(_READERS)
"""Formats that `import_files` reads, each also packed with gzip."""
