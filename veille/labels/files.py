"""Write what is to be labelled to a file for a spreadsheet; mention text is hostile and stays text there."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from pathlib import Path

import openpyxl
import pandas as pd
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from veille.errors import StoreError, UsageError
from veille.folding import words_of
from veille.labels.tables import What
from veille.labels.words import COLUMNS, REFERENCE, SHOWN, WHY, choices

FORMATS = (".csv", ".xlsx")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "'")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_LONGEST_CELL = 2000
_WIDTHS = {"title": 40, "text": 80, "why": 26, "publisher": 20, "date": 17, REFERENCE: 14}
_SEPARATOR = {"fr": ";", "en": ","}


def write_labels(rows: pd.DataFrame, file: Path, language: str) -> int:
    """Write the rows to label, and return how many.

    Parameters
    ----------
    rows
        As `veille.reading.worklist` gives them, texts masked.
    file
        `.csv` (UTF-8, with a mark that spreadsheets know, semicolons in French) or `.xlsx` (with lists to choose from).
    language
        Of the names of columns and of values, `fr` or `en`.

    Raises
    ------
    UsageError
        A file of another kind.
    StoreError
        The file cannot be written.
    """
    if file.suffix.lower() not in FORMATS:
        raise UsageError(f"{file.name} is neither .csv nor .xlsx", "give the file one of these endings")
    table = shown(rows, language)
    content = _workbook(table, language) if file.suffix.lower() == ".xlsx" else _csv(table, language)
    try:
        file.write_bytes(content)
    except OSError as error:
        raise StoreError(f"{file} cannot be written: {error.strerror or error}", "give a file in a folder of yours") from error
    return len(table)


def shown(rows: pd.DataFrame, language: str) -> pd.DataFrame:
    """Return the rows as a person reads them: named columns, words for codes, two empty columns to fill in."""
    text = {name: rows[name].fillna("").map(_plain) for name in ("subject", "publisher", "title", "text", "address")}
    words = {key: shown_as[language] for key, shown_as in SHOWN.items()}
    table = {
        **text,
        "date": rows["published_at"].dt.strftime("%Y-%m-%d %H:%M"),
        "read_tone": rows["read_tone"].map(words),
        "read_relevance": rows["read_relevance"].map(words),
        "tone": "",
        "relevance": "",
        "note": "",
        "why": rows["why"].map({key: said[language] for key, said in WHY.items()}),
        "sampling": rows["sampling_ratio"].map("{:.4f}".format),
    }
    frame = pd.DataFrame(table, index=rows.index)[list(COLUMNS)]
    reference = references(rows.assign(title=text["title"], text=text["text"]))
    frame = frame.rename(columns={name: said[language] for name, said in COLUMNS.items()})
    return frame.assign(**{REFERENCE: reference})


def references(rows: pd.DataFrame) -> pd.Series:
    """Return what ties each row to what was exported: what was read, how it was drawn, and a mark of it and of its text."""
    fields = ["mention_id", "subject", "read_tone", "read_relevance"]
    named = [rows[name].astype("object").fillna("").astype("str") for name in fields]
    ratio = rows["sampling_ratio"].map("{:.6f}".format).astype("str")
    head = named[0] + "|" + named[1] + "|" + named[2] + "|" + named[3] + "|" + ratio
    return head + "|" + marks(head, rows["title"], rows["text"])


def marks(head: pd.Series, title: pd.Series, text: pd.Series) -> pd.Series:
    """Return the mark of a reference and of the words beside it; signs and spaces, which spreadsheets change, do not count."""
    said = (title.astype("str") + " " + text.astype("str")).map(lambda cell: " ".join(words_of(cell)))
    return (head + "\x1f" + said).map(lambda item: hashlib.sha256(item.encode("utf-8", "replace")).hexdigest()[:12])


def safe(cell: str) -> str:
    """Return a text cell that a spreadsheet reads as text."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA) else cell


def _plain(cell: object) -> str:
    return re.sub(r"\s+", " ", _CONTROL.sub(" ", str(cell))).strip()[:_LONGEST_CELL]


def _csv(table: pd.DataFrame, language: str) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=_SEPARATOR[language], lineterminator="\r\n")
    writer.writerow(table.columns)
    writer.writerows(table.map(safe).to_numpy().tolist())
    return out.getvalue().encode("utf-8-sig")


def _workbook(table: pd.DataFrame, language: str) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "veille"
    sheet.append(list(table.columns))
    for cells in table.to_numpy().tolist():
        sheet.append(cells)
    for row in sheet.iter_rows():
        for cell in row:
            # Without this a text that begins with = is a formula.
            cell.data_type = "s"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    said = {words[language]: name for name, words in COLUMNS.items()} | {REFERENCE: REFERENCE}
    for number, name in enumerate(table.columns, start=1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = _WIDTHS.get(said[name], 15)
        if said[name] in tuple(What):
            listed = ",".join(choices(What(said[name]), language))
            check = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True)
            sheet.add_data_validation(check)
            check.add(f"{letter}2:{letter}{len(table) + 1}")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
