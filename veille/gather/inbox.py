"""A watched folder: what is put there is read, kept, and moved aside; what is still being written waits.

A file is moved to `done` only when its rows are in the store, so that a run that is killed loses none: the next one reads
the file again, and mentions that are known are not doubled.
"""

from __future__ import annotations

import os
import re
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pandas as pd

from veille.errors import SourceError, VeilleError
from veille.gather.files import Options, RawFile, read_file, unpacked
from veille.gather.importing import check_columns, defaults_of, typed_files
from veille.gather.mails import mailbox_mails, read_mail
from veille.gather.mapping import Mapping
from veille.gather.rejects import Reject
from veille.gather.rows import mention_rows
from veille.gather.singles import READERS, suffix_of
from veille.mention import Mention
from veille.sources import Fetched, State, clean
from veille.watch import SourceSpec, Watch

QUIET_SECONDS = 5.0
"""How long nobody must have written to a file before it is read."""
DONE, REFUSED = "done", "refused"
FORMAT_OF = {
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl", ".csv": "csv", ".tsv": "csv", ".xlsx": "xlsx",
    ".parquet": "parquet", ".xml": "rss", ".rss": "rss", ".atom": "rss",
}  # fmt: skip
"""Format of a file of many mentions, by its suffix."""
_MAILBOX = ".mbox"
_UNFINISHED = re.compile(r"^(?:\.|~\$)|(?:\.part|\.tmp|\.crdownload|\.filepart|\.download|~)$", re.IGNORECASE)
_MOST_BYTES = 2 * 1024**3
_WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class _Found:
    """A file as it was when it was looked at; `box` is the Maildir it lies in."""

    path: Path
    size: int
    changed: float
    box: Path | None = None

    @property
    def stamp(self) -> str:
        return f"{self.size} {self.changed}"


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a folder held.

    Parameters
    ----------
    fetched
        State and warnings, as of every source; its mentions are in `rows`.
    rows
        Fields of `Mention`, one row a mention.
    rejects
        Rows that cannot be mentions.
    read
        Files whose rows these are.
    unreadable
        Files that cannot be read at all, with the reason.
    defect
        A mistake of ours at one of them; the others were read.
    """

    fetched: Fetched
    rows: pd.DataFrame
    rejects: list[Reject] = field(default_factory=list)
    read: list[_Found] = field(default_factory=list)
    unreadable: list[tuple[_Found, str]] = field(default_factory=list)
    defect: Exception | None = None


def collect(
    watch: Watch, spec: SourceSpec, state: State, as_of: datetime, key: bytes, *, seconds: float = float("inf")
) -> Delivery:
    """Read what is ready in the folder of a source; nothing is moved yet.

    Parameters
    ----------
    watch
        The watch; the folder is relative to its file.
    spec
        The source. Its `limit` is kept file by file: once it is reached, the other files wait for the next run.
    state
        What the last run left: files that were waiting.
    as_of
        Start of the run; `gathered_at` of what is read.
    key
        Key of the pseudonyms.
    seconds
        How long reading may take; files that were not read by then wait.

    Raises
    ------
    SourceError
        There is no such folder, or it cannot be read.
    """
    folder = watch.resolve(spec.folder or "")
    known = state.get(_WAITING, {})
    ready: list[_Found] = []
    waiting: dict[str, str] = {}
    for found in _files(folder):
        # A file that is dated ahead of this run and has not changed since the last one is written, whatever its date says.
        if found.changed <= as_of.timestamp() - QUIET_SECONDS or known.get(_name(found.path)) == found.stamp:
            ready.append(found)
        elif found.changed > as_of.timestamp():
            waiting[_name(found.path)] = found.stamp
    deadline = time.monotonic() + seconds
    frames: list[pd.DataFrame] = []
    delivery = Delivery(Fetched([], {}), pd.DataFrame())
    warnings: list[str] = []
    taken = 0
    defect: Exception | None = None
    for number, found in enumerate(sorted(ready, key=lambda one: (one.changed, one.path.name))):
        if time.monotonic() > deadline or (spec.limit is not None and taken >= spec.limit):
            warnings.append(f"{len(ready) - number} files wait for the next run")
            break
        try:
            rows, rejects, said = _read(found, watch, spec, key)
        except VeilleError as error:
            if _is_unchanged(found):
                delivery.unreadable.append((found, _sentence(error)))
            continue
        except Exception as error:  # noqa: BLE001
            # A mistake of ours at one file must not keep all the others from being read, today and for ever.
            defect = defect or error
            delivery.unreadable.append((found, f"a defect of veille: {type(error).__name__}"))
            continue
        if not _is_unchanged(found):
            continue
        frames.append(rows)
        taken += len(rows)
        delivery.rejects.extend(rejects)
        delivery.read.append(found)
        warnings += said
    rows = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
    if len(rows):
        rows["gathered_at"] = pd.Series(pd.Timestamp(as_of), index=rows.index)
        undated = int(rows["published_at"].isna().sum())
        warnings += [f"{undated} mentions have no time of publication: kept, never counted"] if undated else []
    warnings += [f"{_name(found.path)} cannot be read and is in {REFUSED}: {why}" for found, why in delivery.unreadable]
    fetched = Fetched(
        [],
        {_WAITING: waiting},
        asked=1,
        # An empty inbox is nothing to worry about.
        unchanged=int(not ready),
        warnings=tuple(dict.fromkeys(map(clean, warnings))),
        bounded=True,
    )
    return Delivery(fetched, rows, delivery.rejects, delivery.read, delivery.unreadable, defect)


def settle(folder: Path, delivery: Delivery) -> list[str]:
    """Move aside what was read and saved, and what cannot be read, with the reason beside it; return what failed.

    Parameters
    ----------
    folder
        The watched folder.
    delivery
        What was read from it.
    """
    warnings: list[str] = []
    for found in delivery.read:
        try:
            if found.box is None:
                found.path.rename(_free(folder / DONE, found.path.name))
            else:
                # As every reader of a Maildir says that a message was seen.
                name = found.path.name.split(":2,")[0] + ":2,S"
                found.path.rename(found.box / "cur" / name)
        except OSError as error:
            warnings.append(f"{_name(found.path)} was read and cannot be moved: {error.strerror}; it is read again")
    for found, why in delivery.unreadable:
        try:
            target = _free(folder / REFUSED, found.path.name)
            target.with_name(f"{target.name}.reason.txt").write_text(f"{why}\n", encoding="utf-8")
            found.path.rename(target)
        except OSError as error:
            warnings.append(f"{_name(found.path)} cannot be moved to {REFUSED}: {error.strerror}")
    return warnings


def _files(folder: Path) -> Iterator[_Found]:
    """Yield the files of a folder and the new messages of the Maildirs in it, or of the Maildir that it is."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        hint = "make it, or correct folder in watch.yml"
        raise SourceError(f"the folder {folder} cannot be read: {error.strerror}; {hint}", hint) from error
    if _is_maildir(folder):
        yield from _messages(folder)
        return
    for entry in entries:
        path = folder / entry.name
        if _UNFINISHED.search(entry.name) or entry.name in (DONE, REFUSED):
            continue
        if entry.is_dir(follow_symlinks=False):
            if _is_maildir(path):
                yield from _messages(path)
            continue
        yield from _looked_at(path)


def _is_maildir(path: Path) -> bool:
    return all((path / name).is_dir() for name in ("new", "cur", "tmp"))


def _messages(box: Path) -> Iterator[_Found]:
    for entry in sorted(os.scandir(box / "new"), key=lambda entry: entry.name):
        if not entry.name.startswith(".") and entry.is_file(follow_symlinks=False):
            yield from _looked_at(box / "new" / entry.name, box)


def _looked_at(path: Path, box: Path | None = None) -> Iterator[_Found]:
    try:
        told = path.lstat()
    except FileNotFoundError:
        # It was taken away in between.
        return
    yield _Found(path, told.st_size, told.st_mtime, box)


def _is_unchanged(found: _Found) -> bool:
    return [one.stamp for one in _looked_at(found.path)] == [found.stamp]


def _read(found: _Found, watch: Watch, spec: SourceSpec, key: bytes) -> tuple[pd.DataFrame, list[Reject], list[str]]:
    """Read one file; whatever it is, it is opened only where it is a plain file."""
    path, suffix = found.path, suffix_of(found.path)
    if not stat.S_ISREG(path.lstat().st_mode):
        raise SourceError("it is a link or a device, not a file", "put the file itself there")
    if found.size > _MOST_BYTES:
        raise SourceError(f"it is larger than {_MOST_BYTES >> 30} GB", "bring it in in parts")
    if found.box is not None:
        return _mails([path.read_bytes()], path, spec, watch.timezone)
    if suffix == _MAILBOX and path.suffix.lower() == _MAILBOX:
        return _mails(mailbox_mails(path), path, spec, watch.timezone)
    if suffix in READERS:
        content, said = unpacked(path)
        return mention_rows([READERS[suffix](content, spec.id, spec.type, watch.timezone)]), [], said
    if suffix not in FORMAT_OF:
        known = ", ".join((*FORMAT_OF, *READERS, _MAILBOX))
        raise SourceError(f"no file of the kind {suffix or 'without suffix'} is read", f"read are {known}")
    raw = read_file(path, FORMAT_OF[suffix], Options(spec.id, watch.timezone))
    return _table(raw, FORMAT_OF[suffix], watch, spec, key)


def _table(
    raw: RawFile, file_format: str, watch: Watch, spec: SourceSpec, key: bytes
) -> tuple[pd.DataFrame, list[Reject], list[str]]:
    nothing = Mapping({}, {})
    check_columns(nothing, [raw])
    if raw.frame.empty and not raw.unparsed:
        return pd.DataFrame(), [], list(raw.warnings)
    raw.frame.index = pd.RangeIndex(len(raw.frame))
    rows, rejects, said = typed_files([raw], nothing, defaults_of(watch, file_format, spec.id), watch.timezone, None, key)
    if len(rows) == 0 and rejects:
        raise SourceError(f"none of its {len(rejects)} rows can be a mention: {rejects[0].reason}", "see docs/guide.md, import")
    return rows, rejects, [*raw.warnings, *said]


def _mails(
    contents: Iterator[bytes] | list[bytes], path: Path, spec: SourceSpec, timezone: str
) -> tuple[pd.DataFrame, list[Reject], list[str]]:
    mentions: list[Mention] = []
    rejects: list[Reject] = []
    for number, content in enumerate(contents, start=1):
        try:
            mentions.append(read_mail(content, spec.id, spec.type, timezone))
        except VeilleError as error:
            rejects.append(Reject(_name(path), number, error.message, {}))
    if not mentions and rejects:
        raise SourceError(rejects[0].reason, "look at it in a mail program")
    return mention_rows(mentions), rejects, []


def _free(folder: Path, name: str) -> Path:
    """Return where a file may be moved to without taking the place of another."""
    folder.mkdir(exist_ok=True)
    target, number = folder / name, 1
    while target.exists() or target.is_symlink():
        target, number = folder / f"{number}-{name}", number + 1
    return target


def _name(path: Path) -> str:
    """Return a name fit to be printed: strangers name the files."""
    return re.sub(r"[\x00-\x1f\x7f]", "?", clean(path.name))[:120]


def _sentence(error: VeilleError) -> str:
    return f"{error.message}; {error.hint}" if error.hint else error.message
