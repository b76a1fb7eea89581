"""Only what a version has not looked at is looked at again."""

from __future__ import annotations

import pandas as pd
import pytest

from veille.contract import Column, Kind, Table
from veille.reading.unread import unread
from veille.store import Store

LOOKED = Table(
    name="looked",
    doc="One row a look.",
    key=("mention_id", "subject"),
    columns=(
        Column("mention_id", Kind.TEXT, "The mention"),
        Column("subject", Kind.TEXT, "The subject"),
        Column("version", Kind.TEXT, "What looked"),
    ),
)
ROWS = pd.DataFrame({"mention_id": ["b", "a", "a"], "subject": ["x", "x", "y"], "more": [1, 2, 3]}, index=[7, 8, 9])


@pytest.mark.parametrize("by", [["mention_id"], ["mention_id", "subject"]])
def test_an_empty_table_has_seen_nothing(store: Store, by: list[str]) -> None:
    left = unread(store, LOOKED, ROWS, "v1", by)
    pd.testing.assert_frame_equal(left, ROWS.reset_index(drop=True))
    assert unread(store, LOOKED, ROWS.head(0), "v1", by).empty


def test_what_this_version_has_seen_is_left_out_and_what_another_saw_is_not(store: Store) -> None:
    store.merge(LOOKED, pd.DataFrame({"mention_id": ["a", "b"], "subject": ["x", "x"], "version": ["v2", "v1"]}))
    both = ["mention_id", "subject"]
    assert unread(store, LOOKED, ROWS, "v2", both)["more"].tolist() == [1, 3]
    assert unread(store, LOOKED, ROWS, "v2", ["mention_id"])["more"].tolist() == [1]
    assert unread(store, LOOKED, ROWS, "v1", both)["more"].tolist() == [2, 3]
    assert unread(store, LOOKED, ROWS, "v3", both)["more"].tolist() == [1, 2, 3]
    assert unread(store, LOOKED, ROWS.head(0), "v2", both).empty
