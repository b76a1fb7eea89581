from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from veille.gather.delimited import read_delimited


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_finds_the_separator(separator: str) -> None:
    text = "\n".join(
        separator.join(row) for row in (["id", "text", "n"], ["1", "a, b; c" if separator not in ",;" else "a b", "2"])
    )
    table = read_delimited(text)
    assert table.header == ["id", "text", "n"]
    assert len(table.rows) == 1


def test_commas_in_texts_do_not_hide_a_semicolon() -> None:
    table = read_delimited("id;text\n1;a, b, c\n2;d\n3;e, f\n")
    assert table.rows == [["1", "a, b, c"], ["2", "d"], ["3", "e, f"]]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_a_block_above_the_table_is_not_read(separator: str) -> None:
    block = 'Rapport "hebdo", semaine 47\n\nRequête : a, b; c\n'
    rows = [["Date", "Avis", "Note"], ["20 nov", "bien", "5"], ["21 nov", "mal", "1"]]
    table = read_delimited(block + "\n".join(separator.join(row) for row in rows), ["Avis"])
    assert (table.header, table.rows, table.lines) == (rows[0], rows[1:], [5, 6])
    assert (table.header_line, table.unparsed) == (4, [])


def test_a_line_that_says_the_separator_is_no_row() -> None:
    table = read_delimited("sep=;\nnom;avis, ou presque\na;b, c\n")
    assert (table.header, table.rows, table.lines) == (["nom", "avis, ou presque"], [["a", "b, c"]], [3])


def test_quoted_lines_stay_together() -> None:
    table = read_delimited('id,text\r\n1,"one\r\ntwo ""three"""\r\n\r\n2,b\r\n')
    assert table.rows == [["1", 'one\ntwo "three"'], ["2", "b"]]
    assert table.lines == [2, 5]


def test_a_quotation_that_is_never_closed_swallows_one_line() -> None:
    table = read_delimited('id,text\n1,a\n2,"open\n3,c\n4,d\n')
    assert table.rows == [["1", "a"], ["3", "c"], ["4", "d"]]
    assert [(line, reason) for line, reason, _ in table.unparsed] == [(3, "a quotation is opened and not closed")]


def test_a_quotation_closed_by_a_later_one_swallows_one_line() -> None:
    table = read_delimited('id,text\n1,"open\n2,b\n3,"c"\n4,d\n')
    assert table.rows == [["2", "b"], ["3", "c"], ["4", "d"]]
    assert [line for line, _, _ in table.unparsed] == [2]


def test_rows_of_another_width_are_kept_aside() -> None:
    table = read_delimited("a,b\n1\n1,2,3\n1,2,,\n1,2\n")
    assert table.rows == [["1", "2"], ["1", "2"]]
    assert [(line, reason) for line, reason, _ in table.unparsed] == [
        (2, "1 cells where the header has 2"),
        (3, "3 cells where the header has 2"),
    ]


def test_quotes_inside_a_cell_are_text() -> None:
    assert read_delimited('a,b\n1,he said "no"\n2,"x" y\n').rows == [["1", 'he said "no"'], ["2", "x y"]]


def test_a_long_cell_is_read_and_the_limit_of_the_process_stays() -> None:
    before = csv.field_size_limit()
    assert len(read_delimited("a,b\n1," + "x" * 200_000 + "\n").rows[0][1]) == 200_000
    assert csv.field_size_limit() == before


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.text(max_size=12), st.text(min_size=1, max_size=12)), max_size=8), st.sampled_from(",;\t"))
def test_what_csv_writes_comes_back(rows: list[tuple[str, str]], separator: str) -> None:
    rows = [(str(number), text.replace("\x00", "").replace("\r", "")) for number, (_, text) in enumerate(rows)]
    out = io.StringIO()
    csv.writer(out, delimiter=separator, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows([("id", "text"), *rows])
    table = read_delimited(out.getvalue())
    assert table.rows == [list(row) for row in rows]
    assert table.unparsed == []
