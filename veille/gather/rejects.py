"""Rows that could not be taken, kept aside with their reasons and without their authors."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from veille.errors import StoreError
from veille.gather.files import RawFile, Unparsed
from veille.gather.mapping import ALIASES
from veille.masking import mask
from veille.pseudonym import pseudonym
from veille.sources import Refused, clean

HIDDEN = "[hidden]"
_AUTHOR_NAMES = frozenset(
    {"author", *ALIASES["author"], "handle", "account", "author_id", "user_id", "user_name", "author_name"}
)


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that was refused.

    Parameters
    ----------
    file
        Name of the file or source it came from.
    line
        Its line or number there, from 1.
    reason
        Why.
    row
        What it said; its author is a pseudonym, or hidden where it cannot be told from the rest.
    """

    file: str
    line: int
    reason: str
    row: Any


def refused_rows(raw: RawFile, reasons: pd.Series, author_columns: Sequence[str], key: bytes) -> list[Reject]:
    """Return the rejects of a file: rows with a reason, and rows that could not be parsed.

    Parameters
    ----------
    raw
        The file.
    reasons
        Why a row is refused, in step with the rows; empty where it is not.
    author_columns
        Columns mapped to the author.
    key
        Key of the pseudonyms.
    """
    hidden = {name.split(".", 1)[0] for name in author_columns}
    hidden |= {str(name) for name in raw.frame.columns if str(name).strip().casefold() in _AUTHOR_NAMES}
    places = [number for number, reason in enumerate(reasons) if reason]
    rows = raw.frame.iloc[places].to_dict("records")
    rejects = [
        Reject(raw.name, raw.lines[place], reasons.iloc[place], _without_author(row, hidden, key))
        for place, row in zip(places, rows, strict=True)
    ]
    names = [str(name) for name in raw.frame.columns]
    rejects += [Reject(raw.name, item.line, item.reason, _unparsed(item, names, hidden)) for item in raw.unparsed]
    return sorted(rejects, key=lambda reject: reject.line)


def refused_entries(source: str, refused: Iterable[Refused]) -> list[Reject]:
    """Return the rejects of a source."""
    return [Reject(f"{source}: {item.place}", item.number, item.reason, dict(item.row)) for item in refused]


def write_rejects(folder: Path, rejects: Sequence[Reject]) -> Path | None:
    """Write rejects as JSON lines; the same rejects give the same file.

    Parameters
    ----------
    folder
        Where to; made when needed.
    rejects
        What was refused; none writes no file.

    Raises
    ------
    StoreError
        The file cannot be written.
    """
    if not rejects:
        return None
    lines = [
        json.dumps(
            {"file": item.file, "line": item.line, "reason": item.reason, "row": item.row}, ensure_ascii=False, default=str
        )
        for item in rejects
    ]
    content = clean("\n".join(lines) + "\n").encode("utf-8")
    path = folder / f"{hashlib.sha256(content).hexdigest()[:16]}.jsonl"
    written = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(written, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        written.replace(path)
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror}", "see who owns the state folder") from error
    return path


def _without_author(row: dict[Any, Any], hidden: set[str], key: bytes) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for name, value in row.items():
        if str(name) in hidden:
            is_handle = isinstance(value, str) and value.strip(" @")
            result[str(name)] = pseudonym(key, value) if is_handle else None if value is None else HIDDEN
        elif isinstance(value, dict):
            result[str(name)] = _nested(value)
        else:
            result[str(name)] = value
    return result


def _nested(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: HIDDEN if str(name).casefold() in _AUTHOR_NAMES else _nested(part) for name, part in value.items()}
    return [_nested(part) for part in value] if isinstance(value, list) else value


def _unparsed(item: Unparsed, names: list[str], hidden: set[str]) -> str | list[str]:
    """Keep what stands before the author; in a row that cannot be parsed nobody can say where the author ends."""
    if isinstance(item.raw, str):
        pattern = "|".join(re.escape(name) for name in sorted(hidden | _AUTHOR_NAMES))
        found = re.search(rf"[\"']?(?:{pattern})[\"']?\s*:", item.raw, re.IGNORECASE)
        return mask(clean(item.raw)) if not found else mask(clean(item.raw[: found.start()])) + HIDDEN
    places = [number for number, name in enumerate(names) if name in hidden]
    if not places:
        return [mask(clean(cell)) for cell in item.raw]
    # A row that lacks cells may have its author that much further to the left.
    first = max(0, min(places) - max(0, len(names) - len(item.raw)))
    return [mask(clean(cell)) if number < first else HIDDEN for number, cell in enumerate(item.raw)]
