"""Take a scope out of editions: pages are made again without it, and files that cannot be made again go.

Bulletins are corrected from the typed inputs saved with them, so that a page stays a page. The annex, the executed notebooks
and what was made for other readers cannot be corrected: they go. `removed.json` in the folder of the run says why, so that
nobody takes the edition for what was published.
"""

from __future__ import annotations

import html
import json
import re
import shutil
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from veille.bulletin import rerender
from veille.bulletin.files import INPUTS
from veille.bulletin.types import Bulletin
from veille.edition.publish import RUNS_FOLDER, editions_folder, write_index
from veille.edition.record import RUN_FILE, RunRecord, RunStatus, read_record, sha256_of_files, write_whole
from veille.edition.session import STEPS_FOLDER
from veille.folding import fold_text
from veille.period import week
from veille.privacy.quoted import CUT, FEWEST_LETTERS, LETTERS, letters, without
from veille.privacy.scope import Scope
from veille.privacy.tables import Cause
from veille.watch import Watch

REMOVED_FILE = "removed.json"
"""In the folder of a run: `outcome` (`erased` or `expired`), `at`, and the names of the files that went."""
_EVIDENCE = "evidence"
_TEXT_FILES = (".html", ".json", ".ipynb", ".txt", ".csv", ".md")
_STEP = 12
_KEPT = (INPUTS, "audiences", STEPS_FOLDER, RUN_FILE, REMOVED_FILE, "figures.csv")
_NO_LETTERS = re.compile(r"[\W_]+")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_TAG = re.compile(r"<[^<>]{0,2000}>")


def strip(watch: Watch, scope: Scope, at: datetime) -> tuple[int, int]:
    """Take a scope out of every edition; return how many editions changed, and how many files went.

    Parameters
    ----------
    watch
        The watch.
    scope
        What goes. Under retention, editions of weeks that began before the limit lose their inputs, annex and notebooks too.
    at
        The instant that the retention is counted from.
    """
    limit = pd.Timestamp(at) - timedelta(days=watch.privacy.retention_days)
    needles = needles_of(scope) if scope.cause is not Cause.RETENTION else []
    changed = gone = 0
    for folder in sorted((editions_folder(watch) / RUNS_FOLDER).glob("*/")):
        record = read_record(folder)
        if record is None or record.status is RunStatus.RUNNING:
            continue
        expired = scope.cause is Cause.RETENTION and pd.Timestamp(week(record.week, watch.timezone).start) < limit
        corrected = _corrected(folder, scope)
        doomed = _others(folder) if corrected or expired else [path for path in _others(folder) if tells(path, needles)]
        inputs = folder / INPUTS
        if not corrected and not doomed and not (expired and inputs.exists()):
            continue
        gone += _made_again(folder) if corrected else 0
        if expired and inputs.exists():
            shutil.rmtree(inputs)
        for path in doomed:
            path.unlink()
        _mark(folder, record, "expired" if expired else "erased", at, [path.relative_to(folder).as_posix() for path in doomed])
        changed, gone = changed + 1, gone + len(doomed)
    if changed:
        write_index(watch)
    return changed, gone


def _corrected(folder: Path, scope: Scope) -> bool:
    """Write the inputs of an edition without the scope; say whether that changes them."""
    files = sorted((folder / INPUTS).glob("bulletin.*.json"))
    whole = [json.loads(path.read_bytes()) for path in files]
    parts = [_without_ids(bulletin, frozenset(scope.ids)) for bulletin in whole]
    said = sorted({text for part in parts for text in _strings({**part, _EVIDENCE: {}})})
    cut = dict(zip(said, without(said, scope.texts), strict=True)) if scope.ids else {}
    cut = {text: CUT if any(author in text for author in scope.authors) else cut.get(text, text) for text in said}
    changed = False
    for path, before, part in zip(files, whole, parts, strict=True):
        after = {**_replaced(part, cut), _EVIDENCE: part.get(_EVIDENCE, {})}
        if after != before:
            write_whole(path, Bulletin.model_validate(after).to_json())
            changed = True
    return changed


def _without_ids(value: Any, gone: frozenset[str], name: str = "") -> Any:
    if isinstance(value, dict):
        kept = {key: part for key, part in value.items() if not (name == _EVIDENCE and key in gone)}
        return {key: _without_ids(part, gone, key) for key, part in kept.items()}
    if isinstance(value, list):
        return [_without_ids(part, gone) for part in value if not (isinstance(part, str) and part in gone)]
    return value


def _strings(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _strings(part)


def _replaced(value: Any, cut: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _replaced(part, cut) for key, part in value.items()}
    if isinstance(value, list):
        return [_replaced(part, cut) for part in value]
    return cut.get(value, value) if isinstance(value, str) else value


def _others(folder: Path) -> list[Path]:
    """Return the files that no rendering of the inputs makes again."""
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file())
    named = ((path, path.relative_to(folder)) for path in paths)
    return [path for path, name in named if name.parts[0] not in _KEPT and not name.parts[0].startswith(("bulletin", "mail"))]


def _made_again(folder: Path) -> int:
    """Write the pages of an edition from its inputs; return how many files went that these no longer make."""
    made = rerender(folder)
    for name, content in made.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    pages = (path for path in sorted(folder.rglob("*")) if path.is_file() and path not in _others(folder))
    stale = [path for path in pages if _is_page(path, folder) and path.relative_to(folder).as_posix() not in made]
    for path in stale:
        path.unlink()
    return len(stale)


def _is_page(path: Path, folder: Path) -> bool:
    return path.relative_to(folder).parts[0] not in (INPUTS, STEPS_FOLDER, RUN_FILE, REMOVED_FILE)


def needles_of(scope: Scope) -> list[str]:
    """Return what a file that shows something of the scope holds one of: ids, pseudonyms, parts of texts as bare letters."""
    bare = [letters(text) for text in scope.texts]
    parts = {
        text[start : start + LETTERS]
        for text in bare
        if len(text) >= FEWEST_LETTERS
        for start in range(0, max(1, len(text) - LETTERS + 1), _STEP)
    }
    asked = scope.authors if scope.cause is Cause.AUTHOR else ()
    return sorted({*parts, *(_NO_LETTERS.sub("", name) for name in (*scope.ids, *asked))})


def tells(path: Path, needles: list[str]) -> bool:
    """Say whether a file shows something of a scope, by what `needles_of` gives of it."""
    if path.suffix not in _TEXT_FILES:
        return bool(needles)
    text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), path.read_text(encoding="utf-8", errors="replace"))
    bare = _NO_LETTERS.sub("", fold_text(html.unescape(_TAG.sub("", text)).encode("utf-8", "replace").decode("utf-8")))
    with_tags = _NO_LETTERS.sub("", fold_text(text.encode("utf-8", "replace").decode("utf-8")))
    return any(needle in bare or needle in with_tags for needle in needles)


def _mark(folder: Path, record: RunRecord, outcome: str, at: datetime, files: list[str]) -> None:
    content = {"outcome": outcome, "at": at.isoformat(), "files": files}
    write_whole(folder / REMOVED_FILE, json.dumps(content, indent=2, ensure_ascii=False) + "\n")
    record.model_copy(update={"outputs_sha256": sha256_of_files(folder)}).write(folder)
