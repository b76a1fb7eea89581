"""Take in a file of labels: every bad row is refused with a sentence and kept aside, the others count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pandas as pd

from veille.errors import ImportFileError, UsageError
from veille.gather.files import Options, RawFile, read_file
from veille.gather.rejects import refused_rows, write_rejects
from veille.labels.events import add
from veille.labels.files import FORMATS, marks
from veille.labels.tables import What
from veille.labels.words import REFERENCE, choices, column_named, values_of
from veille.mention import MENTIONS
from veille.store import Store
from veille.watch import Watch

_PARTS = ["mention_id", "subject", "read_tone", "read_relevance", "sampling_ratio", "mark"]
_SHOWN = ["subject", "title", "text", "tone", "relevance", "note", "mention_id"]


@dataclass(frozen=True, slots=True)
class ImportedLabels:
    """What an import of labels did.

    Parameters
    ----------
    rows
        Rows that hold a label and were taken.
    new
        Labels that said something new.
    empty
        Rows that nobody labelled.
    refused
        Rows kept aside.
    sentences
        One a refused row: where, and why.
    rejects_file
        Where they are; None where there are none.
    """

    rows: int
    new: int
    empty: int
    refused: int
    sentences: tuple[str, ...]
    rejects_file: Path | None


def import_labels(watch: Watch, store: Store, file: Path, *, at: datetime, by: str) -> ImportedLabels:
    """Add the labels of a file that `write_labels` made, or of one with the columns `mention_id`, `subject` and a value.

    Parameters
    ----------
    watch, store
        The watch and its memory.
    file
        `.csv` or `.xlsx`, columns and values in French or in English.
    at, by
        When, and who labelled.

    Raises
    ------
    UsageError
        No name of who labelled, or a file of another kind.
    ImportFileError
        The file cannot be read, or has no column that names mentions.

    Notes
    -----
    The same file again adds nothing; a cell that was emptied takes nothing back, the word for that is `withdraw`, `retirer`.
    """
    if not by.strip():
        raise UsageError("who labels is not said", "give a name with --by")
    if file.suffix.lower() not in FORMATS:
        raise UsageError(f"{file.name} is neither .csv nor .xlsx", "save it as one of these")
    raw = read_file(file, file.suffix.lower().lstrip("."), Options("labels", watch.timezone, (REFERENCE,)))
    rows = _rows(raw)
    said = {what: values_of(what, rows[what.value]) for what in What}
    filled = said[What.TONE].notna() | said[What.RELEVANCE].notna()
    reasons = _reasons(watch, store, rows, said).where(filled, "")
    good = rows.loc[filled & (reasons == "")]
    parts = [
        good.assign(what=what.value, value=said[what].loc[good.index], read_as=good[f"read_{what.value}"]) for what in What
    ]
    labels = pd.concat(parts).dropna(subset="value")
    labels["subject"] = labels["subject"].where(labels["subject"] != "", None)
    labels = labels[["mention_id", "subject", "what", "value", "note", "read_as", "sampling_ratio"]].reset_index(drop=True)
    labels = labels.drop_duplicates(["mention_id", "subject", "what"], keep="last")
    new = len(add(store, labels, at=at, by=by)) if len(labels) else 0
    rejects = refused_rows(raw, reasons, [], store.key)
    path = write_rejects(watch.state_path / "rejects", rejects)
    sentences = tuple(f"{item.file}, row {item.line}: {item.reason}" for item in rejects)
    return ImportedLabels(len(good), new, int((~filled).sum()), len(rejects), sentences, path)


def _rows(raw: RawFile) -> pd.DataFrame:
    """Return the rows by our own names of columns, as texts; what the reference says stands in its parts."""
    names = {str(name): column_named(str(name)) for name in raw.frame.columns}
    frame = pd.DataFrame(index=raw.frame.index)
    for ours in _SHOWN:
        columns = [name for name, key in names.items() if key == ours]
        frame[ours] = raw.frame[columns[0]].map(_text) if columns else ""
    if REFERENCE in raw.frame.columns:
        cells = raw.frame[REFERENCE].map(_text)
        told = pd.DataFrame([_split(cell) for cell in cells], columns=_PARTS, index=frame.index, dtype="object")
        head = cells.str.rsplit("|", n=1).str[0]
        frame["intact"] = (told["mark"] == marks(head, frame["title"], frame["text"])) & (told["mark"] != "")
        frame["moved"] = (frame["subject"] != "") & (frame["subject"] != told["subject"])
        for part in _PARTS[:-1]:
            frame[part] = told[part]
    elif any(key == "mention_id" for key in names.values()) or raw.frame.empty:
        frame = frame.assign(intact=True, moved=False, read_tone="", read_relevance="", sampling_ratio="")
    else:
        raise ImportFileError(
            f"{raw.name} has neither a column {REFERENCE} nor a column mention_id",
            "label a file that `veille label export` wrote",
        )
    for name in ("read_tone", "read_relevance"):
        frame[name] = frame[name].where(frame[name] != "", None)
    frame["sampling_ratio"] = pd.to_numeric(frame["sampling_ratio"], errors="coerce")
    frame["note"] = frame["note"].where(frame["note"] != "", None)
    return frame


def _reasons(watch: Watch, store: Store, rows: pd.DataFrame, said: dict[What, pd.Series]) -> pd.Series:
    """Return why each row is refused, empty where it is not; the first reason of several."""
    language = watch.languages[0]
    known = set(store.load(MENTIONS, ["mention_id"])["mention_id"])
    subjects = {"", *(subject.id for subject in watch.subjects)}
    reasons = pd.Series("", index=rows.index, dtype="object")
    clash = pd.Series(data=False, index=rows.index)
    for what in What:
        table = pd.DataFrame({"mention_id": rows["mention_id"], "subject": rows["subject"], "value": said[what]})
        several = table.dropna(subset="value").groupby(["mention_id", "subject"])["value"].transform("nunique") > 1
        clash = clash | several.reindex(rows.index, fill_value=False)
    faults = [
        (~rows["intact"], f"the column {REFERENCE}, or the text beside it, is not as it was exported: export again"),
        (rows["moved"], "the subject is not the one that was exported: export again"),
        (~rows["mention_id"].isin(known), "no such mention is stored"),
        (~rows["subject"].isin(subjects), "the watch has no such subject"),
        (clash, "another row says otherwise of the same mention and subject"),
        *(
            (
                said[what] == "?",
                f"the {what.value} is no word that is known: write {', '.join(choices(what, language))}",
            )
            for what in What
        ),
    ]
    for fault, reason in faults:
        reasons = reasons.where(~fault | (reasons != ""), reason)
    return reasons


def _split(reference: str) -> list[str]:
    parts = reference.split("|")
    return parts if len(parts) == len(_PARTS) else [""] * len(_PARTS)


def _text(cell: object) -> str:
    if cell is None or cell != cell:
        return ""
    text = str(cell).strip()
    # The sign that keeps a spreadsheet from reading a formula.
    return text[1:].strip() if text.startswith("'") else text
