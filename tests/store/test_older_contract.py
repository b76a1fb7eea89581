"""A table that was made before a column was added: the next merge adds it, and loses none of its values."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from veille.contract import Column, Kind, Table
from veille.store.delta import DeltaFolder

BEFORE = Table(name="t", doc="d", key=("k",), columns=(Column("k", Kind.TEXT, "x"), Column("z", Kind.TEXTS, "x")))
SINCE = Table(name="t", doc="d", key=("k",), columns=(*BEFORE.columns, Column("e", Kind.TEXT, "x", nullable=True)))


def test_values_of_a_new_column_are_kept_and_the_same_rows_again_change_nothing(tmp_path: Path) -> None:
    DeltaFolder(str(tmp_path / "t"), BEFORE).merge(pd.DataFrame({"k": ["1", "2"], "z": [["a"], []]}))
    folder = DeltaFolder(str(tmp_path / "t"), SINCE)
    rows = pd.DataFrame({"k": ["2", "3"], "z": [["b"], ["c"]], "e": ["x", None]})
    first = folder.merge(rows)
    assert (first.new, first.updated) == (1, 1)
    assert folder.merge(rows).unchanged == 2
    kept = folder.load(None, None)
    assert kept["e"].isna().tolist() == [True, False, True]
    assert kept["z"].map(list).tolist() == [["a"], ["b"], ["c"]]


def test_a_part_that_is_replaced_brings_a_new_column_too_and_the_others_keep_theirs(tmp_path: Path) -> None:
    DeltaFolder(str(tmp_path / "t"), BEFORE).merge(pd.DataFrame({"k": ["1", "2"], "z": [["a"], []]}))
    folder = DeltaFolder(str(tmp_path / "t"), SINCE)
    rows = pd.DataFrame({"k": ["2"], "z": [["b"]], "e": ["x"]})
    assert folder.replace(rows, "k", "2")
    assert not folder.replace(rows, "k", "2")
    kept = folder.load(None, None).sort_values("k")
    assert kept["e"].isna().tolist() == [True, False]
    assert kept["z"].map(list).tolist() == [["a"], ["b"]]
