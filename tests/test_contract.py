"""The one declaration from which schema, Arrow types and documentation come."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandera.errors import SchemaError

from veille.contract import Column, Kind, Table
from veille.errors import ContractError

THINGS = Table(
    name="things",
    doc="One row a thing.",
    key=("name",),
    columns=(
        Column("name", Kind.TEXT, "Its name"),
        Column("size", Kind.INTEGER, "How big", nullable=True, low=0, high=10),
        Column("colour", Kind.TEXT, "Its colour", nullable=True, choices=("red", "blue")),
        Column("seen_at", Kind.TIME, "When", nullable=True),
        Column("tags", Kind.TEXTS, "Tags"),
    ),
)


def test_check_fills_what_may_be_missing_and_orders_the_columns() -> None:
    checked = THINGS.check(pd.DataFrame({"size": [1, None], "name": ["a", "b"]}, index=[7, 9]))
    assert list(checked.columns) == THINGS.column_names
    assert checked["tags"].tolist() == [[], []]
    assert checked["size"].dtype == "Int64"
    assert str(checked["seen_at"].dtype) == "datetime64[us, UTC]"
    assert checked.index.tolist() == [0, 1]


def test_empty_keeps_the_contract_and_every_arrow_type() -> None:
    empty = THINGS.empty()
    assert len(empty) == 0
    assert THINGS.arrow_schema.names == THINGS.column_names


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        ({"name": ["a"], "weight": [1]}, "no column weight"),
        ({"size": [1]}, "needs a column name"),
        ({"name": ["a", "a"]}, "refuses"),
        ({"name": [None]}, "refuses"),
        ({"name": ["a"], "size": [-1]}, "refuses"),
        ({"name": ["a"], "size": [11]}, "refuses"),
        ({"name": ["a"], "size": ["big"]}, "not integer"),
        ({"name": ["a"], "size": [1.5]}, "not integer"),
        ({"name": ["a"], "colour": ["green"]}, "refuses"),
        ({"name": ["a"], "seen_at": ["yesterday"]}, "not time"),
    ],
)
def test_check_refuses_what_breaks_the_promise(frame: dict[str, list[object]], words: str) -> None:
    with pytest.raises(ContractError, match=words):
        THINGS.check(pd.DataFrame(frame))


def test_a_frame_that_is_handed_out_is_nobody_elses() -> None:
    mine = THINGS.empty()
    mine["more"] = 1
    assert list(THINGS.empty().columns) == THINGS.column_names
    assert THINGS.only(["name"]) is THINGS.only(["name"])
    assert THINGS.only(["name"]).column_names != THINGS.only(["name", "size"]).column_names


ROWS = st.fixed_dictionaries({
    "name": st.sampled_from(["a", "b", "c", "", None]),
    "size": st.sampled_from([None, -1, 0, 5, 10, 11]),
    "colour": st.sampled_from([None, "red", "blue", "green"]),
    "weight_kg": st.sampled_from([0.0, -0.1, 1.0, math.inf, math.nan]),
    "seen_at": st.sampled_from([None, pd.Timestamp("2026-11-19T06:30:00Z")]),
    "tags": st.sampled_from([["x"], [], "x"]),
})  # fmt: skip


@given(rows=st.lists(ROWS, max_size=4))
def test_what_is_found_to_keep_the_contract_is_what_pandera_accepts(rows: list[dict[str, object]]) -> None:
    table = replace(THINGS, columns=(*THINGS.columns, Column("weight_kg", Kind.REAL, "How heavy", low=0)))
    dtypes = {"name": "str", "size": "Int64", "colour": "str", "weight_kg": "float64", "seen_at": "datetime64[us, UTC]"}
    frame = pd.DataFrame(rows, columns=table.column_names).astype(dtypes)
    try:
        table.schema.validate(frame)
        accepted = True
    except SchemaError:
        accepted = False
    assert table.keeps(frame) == accepted


def test_a_part_of_the_columns_without_the_whole_key_promises_no_uniqueness() -> None:
    part = THINGS.only(["size"])
    assert part.column_names == ["size"]
    assert len(part.check(pd.DataFrame({"size": [1, 1]}))) == 2
    with pytest.raises(ContractError, match="no column nothing"):
        THINGS.only(["nothing"])


def test_times_of_any_offset_become_utc_microseconds() -> None:
    checked = THINGS.check(pd.DataFrame({"name": ["a"], "seen_at": ["2026-11-19T07:30:00+01:00"]}))
    assert checked["seen_at"].iloc[0] == pd.Timestamp("2026-11-19T06:30:00Z")
