"""Title blocks of vendors above the table, and tables that have none."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from veille.gather.header import SEARCHED_ROWS, Sure, find_header

BLOCK: list[list[Any]] = [["Rapport hebdomadaire"], [], ["Période", "du 1er au 7"], [None, None, None]]


@pytest.mark.parametrize(
    ("rows", "wanted", "found"),
    [
        ([["id", "text"], ["1", "a"]], [], (0, Sure.NAMED)),
        ([["text"], ["a"]], [], (0, Sure.NAMED)),
        ([*BLOCK, ["Date", "Contenu"], ["x", "y"]], ["Contenu"], (4, Sure.NAMED)),
        ([*BLOCK, ["Date", "Titre", "Corps"]], ["titre+corps", "DATE"], (4, Sure.NAMED)),
        ([*BLOCK, ["a+b", "c"]], ["a+b"], (4, Sure.NAMED)),
        ([*BLOCK, ["user", "message"]], ["user.name"], (4, Sure.NAMED)),
        ([*BLOCK, ["Date", "Content", "Likes"], ["2026", "a", "1"]], [], (4, Sure.NAMED)),
        ([*BLOCK, ["Jour", "Avis", "Note"], ["x", "y", "z"]], [], (4, Sure.LOOKS_SO)),
        ([*BLOCK, ["Jour", "Avis", "Note"]], ["nowhere"], (4, Sure.LOOKS_SO)),
        ([["Jour", "Avis", "Note"], ["x", "y", "z"]], [], (0, Sure.FIRST)),
        ([["Total", "12", "2026-11-20", datetime(2026, 1, 1)], ["a", "b", "c"]], [], (1, Sure.LOOKS_SO)),  # noqa: DTZ001
        ([["a", "a", "a"], ["b"]], [], (0, Sure.FIRST)),
        ([[], ["a", "b"]], [], (1, Sure.FIRST)),
        ([[], [None, ""]], ["x"], (0, Sure.NOTHING)),
        ([], [], (0, Sure.NOTHING)),
        ([*[["x"]] * SEARCHED_ROWS, ["id", "text"]], [], (0, Sure.FIRST)),
    ],
)  # fmt: skip
def test_where_the_names_of_the_columns_stand(rows: list[Any], wanted: list[str], found: tuple[int, Sure]) -> None:
    assert find_header(rows, wanted) == found
