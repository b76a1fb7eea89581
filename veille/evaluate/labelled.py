"""A file of labelled texts, read by the readers of `import`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from veille.errors import UsageError
from veille.gather.files import Options, read_file

_FORMATS = {
    "csv": "csv",
    "tsv": "csv",
    "txt": "csv",
    "jsonl": "jsonl",
    "ndjson": "jsonl",
    "json": "jsonl",
    "xlsx": "xlsx",
    "parquet": "parquet",
}


def read_labelled(file: Path, columns: Sequence[str], mapping: Sequence[str] = ()) -> pd.DataFrame:
    """Return the columns that an evaluation needs, as texts; rows that lack one are left out.

    Parameters
    ----------
    file
        CSV or TSV, JSON lines, xlsx or parquet, by its suffix; `.gz` is accepted.
    columns
        What is needed, the text first; `text` may be empty, the others may not.
    mapping
        `name=column` or `text=headline+lead` where the file calls them otherwise.

    Raises
    ------
    UsageError
        The file is of no known kind, lacks a column, or holds no labelled row.
    ImportFileError
        It cannot be read at all.
    """
    suffixes = [suffix.lstrip(".").lower() for suffix in file.suffixes if suffix.lower() != ".gz"]
    kind = _FORMATS.get(suffixes[-1] if suffixes else "")
    if kind is None:
        raise UsageError(f"{file.name} is of no known kind", f"its name should end with one of .{', .'.join(_FORMATS)}")
    mapped = _mapped(mapping, columns)
    wanted = tuple(column for names in mapped.values() for column in names)
    raw = read_file(file, kind, Options(source="evaluate", timezone="UTC", wanted=wanted)).frame
    missing = [column for column in wanted if column not in raw.columns]
    if missing:
        has = ", ".join(map(str, raw.columns)) or "none"
        raise UsageError(f"{file.name} has no column {missing[0]!r}; it has {has}", f"say which with --map {columns[0]}=COLUMN")
    texts = {name: _joined(raw, mapped[name]) for name in columns}
    frame = pd.DataFrame(texts)
    labelled = (frame[[name for name in columns if name != "text"]] != "").all(axis=1)
    if not labelled.any():
        raise UsageError(f"{file.name} holds no labelled row", f"it needs the columns {', '.join(columns)}")
    return frame.loc[labelled].reset_index(drop=True)


def _mapped(mapping: Sequence[str], columns: Sequence[str]) -> Mapping[str, list[str]]:
    mapped = {name: [name] for name in columns}
    for text in mapping:
        match = re.fullmatch(r"\s*(\w+)\s*=\s*([^=].*?)\s*", text)
        if not match or match[1] not in mapped:
            raise UsageError(
                f"--map {text!r} cannot be read", f"write one of {', '.join(columns)} = COLUMN, or text=headline+lead"
            )
        mapped[match[1]] = [column.strip() for column in match[2].split("+")]
    return mapped


def _joined(raw: pd.DataFrame, names: Sequence[str]) -> pd.Series:
    parts = [raw[name].map(lambda value: "" if value is None or value is pd.NA else str(value)) for name in names]
    joined = parts[0]
    for part in parts[1:]:
        joined = joined + "\n" + part
    return joined.str.strip()
