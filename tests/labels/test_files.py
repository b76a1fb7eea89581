"""Labels out to a spreadsheet and back: hostile text, edited files, French and English, twice the same."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from veille.errors import ImportFileError, UsageError
from veille.labels import LABELS, What, current, import_labels, write_labels
from veille.labels.files import references, safe, shown
from veille.labels.words import REFERENCE, SHOWN, choices, column_named, values_of
from veille.mention import MENTIONS
from veille.store import Store
from veille.watch import Watch

NOW = datetime(2026, 11, 20, tzinfo=UTC)
HOSTILE = '=HYPERLINK("http://evil.example";"Clic") \x00\x0b <b>a</b>\n+1;2,"3'


def rows(*texts: str, subject: str = "essai") -> pd.DataFrame:
    return pd.DataFrame(
        {
            "mention_id": [f"m{place}" for place in range(len(texts))],
            "subject": subject,
            "published_at": pd.Timestamp("2026-11-10 08:00", tz="UTC"),
            "publisher": "lemonde.example",
            "title": "",
            "text": list(texts),
            "address": "",
            "read_tone": "negative",
            "read_relevance": "relevant",
            "why": "drawn",
            "sampling_ratio": 0.25,
        }
    )


def keep(store: Store, frame: pd.DataFrame) -> None:
    told = frame[["mention_id", "published_at", "title"]].assign(source="s", source_type="rss", kind="post", text="essai")
    store.merge(MENTIONS, told)


def read_cells(file: Path) -> list[dict[str, str]]:
    if file.suffix == ".csv":
        text = file.read_text(encoding="utf-8-sig")
        return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";" if ";" in text.split("\n")[0] else ","))
    lines = [list(line) for line in openpyxl.load_workbook(file).active.iter_rows(values_only=True)]
    return [dict(zip(lines[0], ["" if cell is None else cell for cell in line], strict=True)) for line in lines[1:]]


def write_cells(file: Path, cells: list[dict[str, str]]) -> None:
    if file.suffix == ".csv":
        with file.open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, list(cells[0]), delimiter=";")
            writer.writeheader()
            writer.writerows(cells)
        return
    book = openpyxl.Workbook()
    book.active.append(list(cells[0]))
    for line in cells:
        book.active.append(list(line.values()))
        for cell in book.active[book.active.max_row]:
            cell.data_type = "s"
    book.save(file)


def fill(file: Path, *answers: dict[str, str]) -> None:
    write_cells(file, [{**line, **answer} for line, answer in zip(read_cells(file), answers, strict=True)])


@pytest.fixture(params=[".csv", ".xlsx"])
def exported(request: pytest.FixtureRequest, store: Store, tmp_path: Path) -> Callable[..., Path]:
    """Return a function that stores and exports mentions with these texts."""

    def export(*texts: str, language: str = "fr") -> Path:
        frame = rows(*texts)
        keep(store, frame)
        file = tmp_path / f"labels{request.param}"
        assert write_labels(frame, file, language) == len(texts)
        return file

    return export


@pytest.mark.parametrize(
    ("language", "tone", "relevance"),
    [("fr", "tonalité", "pertinence"), ("en", "tone", "relevance")],
)
def test_out_and_back(
    exported: Callable[..., Path], watch: Watch, store: Store, language: str, tone: str, relevance: str
) -> None:
    file = exported(HOSTILE, "bonjour", "rien à dire", language=language)
    answers = SHOWN["positive"][language].upper(), SHOWN["off_topic"][language]
    fill(file, {tone: answers[0], "note": "ironie"}, {relevance: answers[1]}, {})
    done = import_labels(watch, store, file, at=NOW, by="Ana")
    assert (done.rows, done.new, done.empty, done.refused, done.rejects_file) == (2, 2, 1, 0, None)
    kept = current(store, NOW).set_index("mention_id")
    assert kept.loc["m0", ["what", "value", "note", "read_as", "by", "subject"]].tolist() == [
        "tone",
        "positive",
        "ironie",
        "negative",
        "Ana",
        "essai",
    ]
    assert kept.loc["m1", ["what", "value", "read_as", "sampling_ratio"]].tolist() == [
        "relevance",
        "off_topic",
        "relevant",
        0.25,
    ]
    again = import_labels(watch, store, file, at=NOW + timedelta(hours=1), by="Ana")
    assert (again.rows, again.new) == (2, 0)
    assert len(store.load(LABELS)) == 2


def test_each_bad_row_is_refused_with_its_sentence_and_kept_and_the_others_count(
    exported: Callable[..., Path], watch: Watch, store: Store
) -> None:
    file = exported(*[f"texte numéro {place}" for place in range(7)])
    cells = read_cells(file)
    for line in cells:
        line["tonalité"] = "négatif"
    cells[0]["tonalité"] = "fâché"
    cells[1]["texte"] = cells[2]["texte"]
    cells[3]["sujet"] = "autre"
    cells[4][REFERENCE] = cells[4][REFERENCE].replace("m4", "m9")
    cells[5][REFERENCE] = ""
    write_cells(file, cells)
    done = import_labels(watch, store, file, at=NOW, by="Ana")
    assert (done.rows, done.new, done.refused) == (2, 2, 5)
    assert [sentence.split(": ", 1)[0] for sentence in done.sentences] == [f"{file.name}, row {n}" for n in (2, 3, 5, 6, 7)]
    for sentence, words in zip(
        done.sentences, ["no word that is known", "as it was exported", "subject is not", "as it was", "as it was"], strict=True
    ):
        assert words in sentence
    assert "négatif, neutre, positif" in done.sentences[0]
    assert done.rejects_file is not None
    told = [json.loads(line) for line in done.rejects_file.read_text(encoding="utf-8").splitlines()]
    assert [item["row"]["tonalité"] for item in told] == ["fâché", *["négatif"] * 4]
    assert sorted(current(store, NOW)["mention_id"]) == ["m2", "m6"]


def test_what_a_spreadsheet_changes_by_itself_does_not_matter(
    exported: Callable[..., Path], watch: Watch, store: Store
) -> None:
    file = exported("Été  pourri : l’essai", "- deux")
    cells = read_cells(file)
    for line in cells:
        line["texte"] = line["texte"].replace("’", "'").replace("  ", " ") + " \n"
        line["probabilité de tirage"] = "25 %"
        line["date"] = "10/11/2026"
        line["tonalité"] = " Neutre "
    write_cells(file, cells[::-1])
    assert import_labels(watch, store, file, at=NOW, by="Ana").rows == 2


def test_an_unknown_mention_is_refused(watch: Watch, store: Store, tmp_path: Path) -> None:
    file = tmp_path / "labels.csv"
    write_labels(rows("un"), file, "fr")
    fill(file, {"tonalité": "neutre"})
    done = import_labels(watch, store, file, at=NOW, by="Ana")
    assert (done.rows, done.refused) == (0, 1)
    assert "no such mention" in done.sentences[0]
    assert store.load(LABELS).empty


def test_a_file_by_hand_and_rows_that_contradict_each_other(watch: Watch, store: Store, tmp_path: Path) -> None:
    keep(store, rows("un", "deux"))
    file = tmp_path / "hand.csv"
    file.write_text("mention_id,subject,tone\nm0,essai,negative\nm0,essai,positive\nm1,,neutral\n", encoding="utf-8")
    done = import_labels(watch, store, file, at=NOW, by="Ana")
    assert (done.rows, done.refused) == (1, 2)
    kept = current(store, NOW)
    assert kept[["mention_id", "value"]].to_numpy().tolist() == [["m1", "neutral"]]
    assert kept[["subject", "read_as", "sampling_ratio"]].isna().all(axis=None)


def test_a_word_takes_a_label_back_and_an_empty_cell_does_not(
    exported: Callable[..., Path], watch: Watch, store: Store
) -> None:
    file = exported("un", "deux")
    fill(file, {"tonalité": "neutre"}, {"tonalité": "positif"})
    import_labels(watch, store, file, at=NOW, by="Ana")
    fill(file, {"tonalité": "retirer"}, {"tonalité": ""})
    import_labels(watch, store, file, at=NOW + timedelta(hours=1), by="Ana")
    assert current(store, NOW + timedelta(hours=1))["value"].tolist() == ["positive"]


@pytest.mark.parametrize(
    ("name", "content", "error", "words"),
    [
        ("a.txt", "x", UsageError, "neither"),
        ("a.csv", "texte,tonalité\nbonjour,neutre\n", ImportFileError, "mention_id"),
        ("a.xlsx", "no workbook", ImportFileError, "xlsx"),
    ],
)
def test_files_that_are_none(
    watch: Watch, store: Store, tmp_path: Path, name: str, content: str, error: type[Exception], words: str
) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(error, match=words):
        import_labels(watch, store, tmp_path / name, at=NOW, by="Ana")


def test_no_name_and_no_ending(watch: Watch, store: Store, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="who labels"):
        import_labels(watch, store, tmp_path / "a.csv", at=NOW, by=" ")
    with pytest.raises(UsageError, match="neither"):
        write_labels(rows("un"), tmp_path / "a.ods", "fr")


def test_an_empty_file_has_no_rows(watch: Watch, store: Store, tmp_path: Path) -> None:
    file = tmp_path / "labels.csv"
    write_labels(rows(), file, "fr")
    done = import_labels(watch, store, file, at=NOW, by="Ana")
    assert (done.rows, done.refused, done.empty) == (0, 0, 0)


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    frame = rows(HOSTILE, "@SUM(1)", "  =1+1", "-2", "\t=1").assign(publisher="=evil()", title="+x")
    write_labels(frame, tmp_path / "a.xlsx", "fr")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert {cell.data_type for line in sheet.iter_rows() for cell in line} <= {"s", "inlineStr", "n"}
    assert not any(isinstance(cell.value, float | int) for line in sheet.iter_rows() for cell in line)
    write_labels(frame, tmp_path / "a.csv", "fr")
    for line in read_cells(tmp_path / "a.csv"):
        assert not any(cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t")) for cell in line.values())


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=60))
def test_the_mark_of_any_text_survives_what_is_shown_of_it(text: str) -> None:
    frame = rows(text)
    table = shown(frame, "fr")
    back = frame.assign(text=table["texte"].map(safe).str.removeprefix("'"))
    assert references(back).tolist() == table[REFERENCE].tolist()


def test_every_word_that_is_offered_is_understood_in_both_languages() -> None:
    for what in What:
        for language in ("fr", "en"):
            values = values_of(what, pd.Series(choices(what, language)))
            assert not values.isin(["?"]).any()
            assert [SHOWN[value][language] for value in values] == choices(what, language)
    assert values_of(What.TONE, pd.Series(["NEGATIF", "Négative", "", None, "?", "homonyme"])).tolist() == [
        "negative",
        "negative",
        None,
        None,
        "?",
        "?",
    ]
    assert values_of(What.RELEVANCE, pd.Series(["hors-sujet", "own_account", "off topic", "Compte officiel"])).tolist() == [
        "off_topic",
        "own_account",
        "off_topic",
        "own_account",
    ]
    assert [column_named(name) for name in ("Tonalité", "tone", "tonalité lue", "mention_id", "autre")] == [
        "tone",
        "tone",
        "read_tone",
        "mention_id",
        None,
    ]
