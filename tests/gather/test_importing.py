from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from veille.errors import ImportFileError, UsageError
from veille.gather import FORMATS, Imported, import_files
from veille.mention import ENGAGEMENT, MENTIONS
from veille.store import Store
from veille.watch import Watch

AS_OF = datetime(2026, 11, 22, 10, tzinfo=UTC)
ROWS: list[dict[str, Any]] = [
    {"id": "1", "created_at": "2026-11-20T10:00:00+01:00", "text": "Aquilon en grève", "author": "@alice", "likes": 3},
    {"id": "2", "created_at": None, "text": "autre chose", "author": "@bob", "likes": None},
]


def write(path: Path, rows: list[Any], name: str = "rows.jsonl") -> Path:
    file = path / name
    file.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows) + "\n", encoding="utf-8")
    return file


def bring(watch: Watch, store: Store, *files: Path, file_format: str = "jsonl", **options: Any) -> Imported:
    return import_files(watch, store, files, **{"format": file_format, "as_of": AS_OF, **options})


def rejects(done: Imported) -> list[dict[str, Any]]:
    assert done.rejects_file
    return [json.loads(line) for line in done.rejects_file.read_text(encoding="utf-8").splitlines()]


def test_rows_become_mentions(watch: Watch, store: Store, tmp_path: Path) -> None:
    done = bring(watch, store, write(tmp_path, ROWS))
    assert (done.read, done.new, done.updated, done.refused, done.rejects_file) == (2, 2, 0, 0, None)
    assert done.warnings == ("1 mentions have no time of publication: kept, never counted",)
    frame = store.load(MENTIONS).set_index("native_id")
    assert frame.loc["1", "published_at"] == pd.Timestamp("2026-11-20T09:00Z")
    assert pd.isna(frame.loc["2", "published_at"])
    assert frame["gathered_at"].isna().all()
    assert (frame["imported_at"] == pd.Timestamp(AS_OF)).all()
    assert list(frame.loc["1", "subjects"]) == ["nous"]
    assert list(frame.loc["2", "subjects"]) == []
    assert frame.loc["1", "author"].startswith("a_")


def test_the_same_file_again_changes_nothing(watch: Watch, store: Store, tmp_path: Path) -> None:
    file = write(tmp_path, ROWS)
    bring(watch, store, file)
    again = bring(watch, store, file, as_of=datetime(2026, 11, 23, tzinfo=UTC))
    assert (again.read, again.new, again.updated, again.unchanged) == (2, 0, 0, 2)
    assert len(store.load(ENGAGEMENT)) == 1


def test_latest_counters_win_and_each_is_kept_as_seen(watch: Watch, store: Store, tmp_path: Path) -> None:
    file = write(tmp_path, [ROWS[0], {**ROWS[0], "likes": 8}, {**ROWS[0], "likes": None}])
    done = bring(watch, store, file)
    assert (done.read, done.new, done.updated, done.unchanged) == (3, 1, 2, 0)
    assert store.load(MENTIONS)["likes"].tolist() == [8]
    later = datetime(2026, 11, 23, tzinfo=UTC)
    bring(watch, store, write(tmp_path, [{**ROWS[0], "likes": 9}]), as_of=later)
    assert store.load(MENTIONS)["likes"].tolist() == [9]
    assert store.load(ENGAGEMENT)[["observed_at", "likes"]].values.tolist() == [[AS_OF, 8], [later, 9]]


def test_a_bad_counter_costs_no_row(watch: Watch, store: Store, tmp_path: Path) -> None:
    rows = [
        {"id": str(n), "text": "t", "date": "2026-11-20", "likes": likes}
        for n, likes in enumerate(["n/a", "1 234", "1,2k", "", "a lot"])
    ]
    done = bring(watch, store, write(tmp_path, rows))
    assert (done.new, done.refused) == (5, 0)
    assert done.warnings == (
        "rows.jsonl: 1 values of column 'likes' are no whole numbers from 0 up, such as 'a lot': left out, their rows kept",
    )
    likes = store.load(MENTIONS).sort_values("native_id")["likes"]
    assert [None if pd.isna(value) else value for value in likes] == [None, 1234, 1200, None, None]


def published(store: Store) -> list[str | None]:
    frame = store.load(MENTIONS).sort_values("native_id")
    return [None if pd.isna(moment) else f"{moment.tz_convert('Europe/Paris'):%m-%d %H:%M}" for moment in frame["published_at"]]


def dated(tmp_path: Path, *dates: str) -> Path:
    return write(tmp_path, [{"id": str(n), "text": "t", "Date de publication": date} for n, date in enumerate(dates)])


MAPPED = {"mapping": ["published_at=Date de publication"]}


def test_french_dates_are_read(watch: Watch, store: Store, tmp_path: Path) -> None:
    file = dated(tmp_path, "03/11/2026 14:05", "3 nov. 2026", "03-11-2026", "3 novembre 2026 à 14h05", "13/11/2026")
    done = bring(watch, store, file, **MAPPED)
    assert (done.new, done.refused, done.warnings) == (5, 0, ())
    assert published(store) == ["11-03 14:05", "11-03 00:00", "11-03 00:00", "11-03 14:05", "11-13 00:00"]


def test_dates_that_are_two_days_are_refused_in_one_sentence_until_a_flag_says(
    watch: Watch, store: Store, tmp_path: Path
) -> None:
    file = dated(tmp_path, "03/11/2026 14:05", "04/11/2026")
    done = bring(watch, store, file, **MAPPED)
    assert (done.new, done.refused) == (0, 2)
    assert {item["reason"] for item in rejects(done)} == {"published_at could have the day first or the month first"}
    assert done.warnings == (
        "rows.jsonl: 2 dates of column 'Date de publication', such as '03/11/2026 14:05', could have the day first or the "
        "month first and no other says which: import the file again with --day-first or --month-first",
    )
    assert bring(watch, store, file, day_first=True, **MAPPED).warnings == ()
    assert published(store) == ["11-03 14:05", "11-04 00:00"]


def test_american_dates_are_read_where_they_show_it_and_told(watch: Watch, store: Store, tmp_path: Path) -> None:
    file = dated(tmp_path, "11/03/2026 2:05 PM", "11/13/2026")
    done = bring(watch, store, file, **MAPPED)
    assert published(store) == ["11-03 14:05", "11-13 00:00"]
    assert len(done.warnings) == 1
    assert "--month-first" in done.warnings[0]
    assert bring(watch, store, file, day_first=False, **MAPPED).warnings == ()


def test_another_column_of_times_may_show_it(watch: Watch, store: Store, tmp_path: Path) -> None:
    rows = [{"id": "0", "text": "t", "date": "03/11/2026", "seen": "13/11/2026"}]
    assert bring(watch, store, write(tmp_path, rows), mapping=["gathered_at=seen"]).refused == 0
    assert published(store) == ["11-03 00:00"]


BAD = [
    ('{"text": "cut', "no JSON"),
    ("[1]", "no JSON object"),
    ('"text"', "no JSON object"),
    ("[" * 100_000, "no JSON"),
    ({"text": "t", "created_at": "soon"}, "published_at is no time"),
    ({"text": "t", "created_at": "2/30/2015"}, "published_at is no time"),
    ({"text": "", "title": " "}, "no title and no text"),
    ({}, "no title and no text"),
    ({"text": {"a": 1}}, "text is no text"),
    ({"text": "t", "kind": "blog"}, "kind is none of"),
]


def test_bad_rows_are_kept_aside_and_stop_nothing(watch: Watch, store: Store, tmp_path: Path) -> None:
    rows = [row for bad, _ in BAD for row in (bad, {"text": "good"})]
    done = bring(watch, store, write(tmp_path, [ROWS[0], *rows, ROWS[1]]))
    assert (done.read, done.new, done.refused) == (2 * len(BAD) + 2, 3, len(BAD))
    for number, (reject, (_, reason)) in enumerate(zip(rejects(done), BAD, strict=True)):
        assert (reject["file"], reject["line"]) == ("rows.jsonl", 2 + 2 * number)
        assert reject["reason"].startswith(reason)


def test_the_same_rejects_give_the_same_file(watch: Watch, store: Store, tmp_path: Path) -> None:
    file = write(tmp_path, [ROWS[0], "{"])
    first, again = bring(watch, store, file), bring(watch, store, file)
    assert first.rejects_file == again.rejects_file
    assert first.rejects_file is not None
    assert first.rejects_file.parent == watch.state_path / "rejects"
    assert first.rejects_file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("file_format", "bad"),
    [
        (
            "jsonl",
            [
                '{"author": "@Zorglub", "text": "x", "created_at": "soon"}',
                '{"text": "x", "author": "@Zorglub',
                '{"username": "Zorglub", "text": ""}',
                '{"user": {"name": "Zorglub"}, "text": ""}',
                '{"data": {"author": "Zorglub"}, "text": ""}',
            ],
        ),
        ("csv", ["5,soon,x,Zorglub", "5,Zorglub", "5,2026-11-20,a,b,Zorglub", '5,2026-11-20,"a,Zorglub']),
    ],
)
def test_handles_are_nowhere_on_disk(watch: Watch, store: Store, tmp_path: Path, file_format: str, bad: list[str]) -> None:
    good = '{"id": "1", "text": "t", "author": "@Zorglub"}' if file_format == "jsonl" else "1,2026-11-20,t,@Zorglub"
    head = [] if file_format == "jsonl" else ["id,created_at,text,author"]
    (tmp_path / "in").mkdir()
    file = write(tmp_path / "in", [*head, good, *bad], f"x.{file_format}")
    done = bring(watch, store, file, file_format=file_format)
    assert (done.new, done.refused) == (1, len(bad))
    written = [path for path in tmp_path.rglob("*") if path.is_file() and path.parent.name != "in"]
    assert any(path.suffix == ".parquet" for path in written)
    assert not [path for path in written if b"zorglub" in path.read_bytes().lower()]


@pytest.mark.parametrize(("encoding", "packed"), [("utf-8", True), ("utf-8-sig", False), ("utf-16", True), ("cp1252", False)])
def test_encodings(watch: Watch, store: Store, tmp_path: Path, encoding: str, packed: bool) -> None:
    content = "id;date;texte\n1;22/11/2026 08:30;Grève à l'été\n".encode(encoding)
    file = tmp_path / ("x.csv.gz" if packed else "x.csv")
    file.write_bytes(gzip.compress(content) if packed else content)
    done = bring(watch, store, file, file_format="csv", mapping=["text=texte"])
    assert store.load(MENTIONS)["text"].tolist() == ["Grève à l'été"]
    assert store.load(MENTIONS)["published_at"].tolist() == [pd.Timestamp("2026-11-22T07:30Z")]
    assert any("Windows-1252" in text for text in done.warnings) == (encoding == "cp1252")


def test_the_zone_of_times_without_offset(watch: Watch, store: Store, tmp_path: Path) -> None:
    bring(watch, store, write(tmp_path, [{"text": "t", "date": "2026-11-20 12:00"}]), timezone="America/Montreal")
    assert store.load(MENTIONS)["published_at"].tolist() == [pd.Timestamp("2026-11-20T17:00Z")]


def test_mapping_gives_fields(watch: Watch, store: Store, tmp_path: Path) -> None:
    row = {
        "id": "https://www.example.org/a",
        "created_at": "2026-11-20",
        "title": "T",
        "description": "D",
        "seen": 1_763_000_000,
    }
    bring(
        watch, store, write(tmp_path, [row]), mapping=["url=id", "text=title+description", "kind==article", "gathered_at=seen"]
    )
    mention = store.load(MENTIONS).iloc[0]
    assert mention["text"] == "T\n\nD"
    assert mention["title"] == ""
    assert mention["kind"] == "article"
    assert mention["publisher"] == "www.example.org"
    assert mention["gathered_at"] == pd.Timestamp(1_763_000_000, unit="s", tz="UTC")


def test_a_source_of_the_watch_gives_its_type_and_outlet(make_watch: Callable[..., Watch], tmp_path: Path) -> None:
    watch = make_watch(
        sources="[{id: presse, type: rss, urls: ['https://example.org/f'], publisher: Le Journal, language: fr}]"
    )
    store = Store(watch)
    bring(watch, store, write(tmp_path, [{"text": "t", "url": "https://example.org/a"}]), source="presse")
    mention = store.load(MENTIONS).iloc[0]
    assert (mention["source"], mention["source_type"]) == ("presse", "rss")
    assert (mention["publisher"], mention["language_declared"]) == ("Le Journal", "fr")


def test_a_source_that_the_watch_has_not_is_refused(make_watch: Callable[..., Watch], tmp_path: Path) -> None:
    watch = make_watch(sources="[{id: presse, type: import}, {id: avis, type: import}]")
    file = write(tmp_path, [{"text": "t", "origin": "forum"}])
    with pytest.raises(UsageError, match=r"watch\.yml has no source 'press'") as caught:
        bring(watch, Store(watch), file, source="press")
    assert "presse, avis" in caught.value.hint
    assert Store(watch).load(MENTIONS).empty
    # A column is data, whatever it says; so is an import that says nothing.
    bring(watch, Store(watch), file, mapping=["source=origin"])
    bring(watch, Store(watch), write(tmp_path, [{"text": "u"}], "u.jsonl"))
    assert sorted(Store(watch).load(MENTIONS)["source"]) == ["forum", "import"]


def test_a_watch_without_sources_takes_any_source(watch: Watch, store: Store, tmp_path: Path) -> None:
    assert bring(watch, store, write(tmp_path, ROWS), source="archive").new == 2
    assert set(store.load(MENTIONS)["source"]) == {"archive"}


def test_xlsx(watch: Watch, store: Store, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["id", "date", "text", "likes"])
    book.active.append([7, datetime(2026, 11, 20, 12), "un texte", 4])  # noqa: DTZ001 - a cell has no offset
    book.active.append([None, None, None, None])
    book.active.append([1526540472222638081, "20/11/2026 13:00", "deux", -4])
    book.create_sheet("Autre").append(["x"])
    book.save(tmp_path / "x.xlsx")
    done = bring(watch, store, tmp_path / "x.xlsx", file_format="xlsx")
    assert (done.read, done.new, done.refused) == (2, 2, 0)
    assert len(done.warnings) == 3
    mention = store.load(MENTIONS).sort_values("published_at").iloc[0]
    assert (mention["native_id"], mention["published_at"], mention["likes"]) == ("7", pd.Timestamp("2026-11-20T11:00Z"), 4)


def workbook(path: Path, **sheets: list[list[Any]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path / "x.xlsx")
    return path / "x.xlsx"


BLOCK: list[list[Any]] = [["Export de la veille"], [], [None, "Période", "novembre 2026"], []]
NAMES = ["N°", "Publié le", "Contenu", "Mentions J'aime"]
TOLD = ["text=Contenu", "published_at=Publié le", "native_id=N°", "likes=Mentions J'aime"]


def test_a_block_above_the_table_of_a_workbook_is_not_read(watch: Watch, store: Store, tmp_path: Path) -> None:
    file = workbook(tmp_path, Posts=[*BLOCK, NAMES, [1, "13/11/2026", "un", 3], [], [2, "03/11/2026", None, 1]])
    done = bring(watch, store, file, file_format="xlsx", mapping=TOLD)
    assert (done.read, done.new, done.refused, done.warnings) == (2, 1, 1, ())
    assert rejects(done)[0]["line"] == 8
    assert store.load(MENTIONS)["likes"].tolist() == [3]


def test_a_guess_where_the_table_begins_is_told(watch: Watch, store: Store, tmp_path: Path) -> None:
    file = workbook(tmp_path, Posts=[["Export"], ["a", "b", "Text", "c"], [1, 2, "un", 3]])
    done = bring(watch, store, file, file_format="xlsx")
    assert (done.new, done.warnings[0]) == (
        1,
        "x.xlsx: row 2 is taken for the names of the columns, what stands above it is not read",
    )


def test_the_sheet_is_the_one_that_holds_the_table(watch: Watch, store: Store, tmp_path: Path) -> None:
    tweets, avis = [["id", "text"], ["1", "un"]], [["id", "text"], ["2", "deux"]]
    file = workbook(tmp_path, Vide=[], Garde=[["Rapport"]], Tweets=tweets, Avis=avis)
    done = bring(watch, store, file, file_format="xlsx")
    assert store.load(MENTIONS)["text"].tolist() == ["un"]
    assert done.warnings[0] == "x.xlsx: only the sheet 'Tweets' is read, not 'Garde', 'Avis': choose with --sheet NAME"
    chosen = bring(watch, store, file, file_format="xlsx", sheet="avis")
    assert not [text for text in chosen.warnings if "sheet" in text]
    assert sorted(store.load(MENTIONS)["text"]) == ["deux", "un"]
    assert bring(watch, store, file, file_format="xlsx", sheet="Vide").warnings == ("the sheet 'Vide' of x.xlsx is empty",)


def test_a_sheet_that_is_not_there_is_wrong_use(watch: Watch, store: Store, tmp_path: Path) -> None:
    file = workbook(tmp_path, Tweets=[["id", "text"], ["1", "un"]], Avis=[])
    with pytest.raises(UsageError, match=r"x\.xlsx has no sheet 'Posts'") as caught:
        bring(watch, store, file, file_format="xlsx", sheet="Posts")
    assert "'Tweets', 'Avis'" in caught.value.hint
    with pytest.raises(UsageError, match="no use for the format jsonl"):
        bring(watch, store, write(tmp_path, ROWS), sheet="Posts")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("separator", [";", "\t"])
def test_a_block_above_csv_in_any_encoding(watch: Watch, store: Store, tmp_path: Path, encoding: str, separator: str) -> None:
    rows = [NAMES, ["1", "13/11/2026", "Grève à l'été, dit-on", "1 234"]]
    text = "Rapport d'activité, semaine 47\r\n\r\n" + "\r\n".join(separator.join(row) for row in rows) + "\r\n"
    (tmp_path / "x.csv").write_bytes(text.encode(encoding))
    done = bring(watch, store, tmp_path / "x.csv", file_format="csv", mapping=TOLD)
    assert (done.read, done.new) == (1, 1)
    mention = store.load(MENTIONS).iloc[0]
    assert (mention["text"], mention["likes"], mention["native_id"]) == ("Grève à l'été, dit-on", 1234, "1")
    assert len(done.warnings) == (encoding == "cp1252")


def test_parquet(watch: Watch, store: Store, tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "text": ["a", None],
            "published_at": pd.to_datetime(["2026-11-20T12:00Z", None]),
            "media": [["https://a.example/1"], []],
        }
    )
    frame.to_parquet(tmp_path / "x.parquet")
    done = bring(watch, store, tmp_path / "x.parquet", file_format="parquet")
    assert (done.read, done.new, done.refused) == (2, 1, 1)
    mention = store.load(MENTIONS).iloc[0]
    assert mention["published_at"] == pd.Timestamp("2026-11-20T12:00Z")
    assert list(mention["media"]) == ["https://a.example/1"]


def test_saved_feeds(watch: Watch, store: Store, tmp_path: Path) -> None:
    feed = "<rss version='2.0'><channel><title>T</title><item><title>{}</title><link>https://www.example.org/{}</link></item><item/></channel></rss>"
    files = [tmp_path / "a.xml", tmp_path / "b.xml"]
    for number, file in enumerate(files):
        file.write_text(feed.format(f"titre {number}", number))
    done = bring(watch, store, *files, file_format="rss")
    assert (done.read, done.new, done.refused) == (4, 2, 2)
    frame = store.load(MENTIONS)
    assert set(frame["source_type"]) == {"rss"}
    assert set(frame["kind"]) == {"article"}
    assert [(item["file"], item["line"]) for item in rejects(done)] == [("a.xml", 2), ("b.xml", 2)]


def test_files_with_other_columns_keep_their_order(watch: Watch, store: Store, tmp_path: Path) -> None:
    files = [
        write(tmp_path, [{"id": "1", "text": "first"}], "a.jsonl"),
        write(tmp_path, [{"id": "1", "text": "second", "likes": 1}], "b.jsonl"),
        write(tmp_path, [{"id": "1", "text": "third"}], "c.jsonl"),
    ]
    bring(watch, store, *files)
    mention = store.load(MENTIONS).iloc[0]
    assert (mention["text"], mention["likes"]) == ("third", 1)


def test_separators_inside_json_texts_are_no_line_ends(watch: Watch, store: Store, tmp_path: Path) -> None:
    text = "a\u2028b\u0085c\x0bd"
    file = tmp_path / "x.jsonl"
    file.write_text(json.dumps({"text": text}, ensure_ascii=False), encoding="utf-8")
    assert bring(watch, store, file).new == 1
    assert store.load(MENTIONS)["text"].tolist() == [text]


def test_a_json_array_is_read_too(watch: Watch, store: Store, tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_text(json.dumps(ROWS, indent=1))
    assert bring(watch, store, file).new == 2


def test_a_packed_file_that_breaks_off_gives_what_it_has(watch: Watch, store: Store, tmp_path: Path) -> None:
    rows = [json.dumps({"id": str(n), "text": f"texte {n * 7919}"}) for n in range(5000)]
    packed = gzip.compress("\n".join(rows).encode())
    file = tmp_path / "x.jsonl.gz"
    file.write_bytes(packed[: len(packed) // 2])
    done = bring(watch, store, file)
    assert 1000 < done.new < 5000
    assert any("broken off" in text for text in done.warnings)


def test_an_empty_file_says_so(watch: Watch, store: Store, tmp_path: Path) -> None:
    for file_format in FORMATS:
        file = tmp_path / f"empty.{file_format}"
        file.write_bytes(b"")
        done = bring(watch, store, file, file_format=file_format)
        assert (done.read, done.warnings) == (0, (f"empty.{file_format} is empty",))


@pytest.mark.parametrize("file_format", ["xlsx", "parquet", "rss"])
def test_a_file_of_another_format_cannot_be_read(watch: Watch, store: Store, tmp_path: Path, file_format: str) -> None:
    with pytest.raises(ImportFileError):
        bring(watch, store, write(tmp_path, ROWS), file_format=file_format)


def test_wrong_use_is_said_before_anything_is_written(watch: Watch, store: Store, tmp_path: Path) -> None:
    file = write(tmp_path, ROWS)
    with pytest.raises(UsageError, match="fax"):
        bring(watch, store, file, file_format="fax")
    with pytest.raises(UsageError, match="Mars"):
        bring(watch, store, file, timezone="Mars/Base")
    with pytest.raises(UsageError, match="no column body"):
        bring(watch, store, file, mapping=["text=body"])
    with pytest.raises(ImportFileError, match="no column holds a text"):
        bring(watch, store, write(tmp_path, [{"x": 1}], "y.jsonl"))
    with pytest.raises(ImportFileError, match="cannot be read"):
        bring(watch, store, file, tmp_path / "missing.jsonl")
    assert store.load(MENTIONS).empty


def test_mentions_of_the_future_are_said(watch: Watch, store: Store, tmp_path: Path) -> None:
    done = bring(watch, store, write(tmp_path, [{"text": "t", "date": "2027-01-01"}]))
    assert done.warnings == ("1 mentions are dated after this run: not visible until then",)


def test_objects_where_a_text_is_expected_lose_no_row(watch: Watch, store: Store, tmp_path: Path) -> None:
    row = {"text": "t", "source": {"name": "Le Journal"}, "user": {"screen_name": "alice"}}
    done = bring(watch, store, write(tmp_path, [row]))
    assert (done.new, len(done.warnings)) == (1, 3)
    bring(watch, store, write(tmp_path, [row]), mapping=["publisher=source.name", "author=user.screen_name"])
    assert store.load(MENTIONS)["publisher"].dropna().tolist() == ["Le Journal"]
    assert store.load(MENTIONS)["author"].notna().sum() == 1


def test_ever_new_columns_do_not_fill_the_memory(watch: Watch, store: Store, tmp_path: Path) -> None:
    rows = [{"text": f"t{n}", **{f"column {n} {m}": 1 for m in range(50)}} for n in range(100)]
    done = bring(watch, store, write(tmp_path, rows))
    assert done.new == 100
    assert "other names of columns" in done.warnings[0]
