"""A hundred thousand entries from a server on loopback, within the time and memory of a small machine."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
import gathering

pytestmark = pytest.mark.slow

FEEDS, ENTRIES = 50, 2_000


def test_a_hundred_thousand_entries(tmp_path: Path) -> None:
    server, address = gathering.serve([gathering.feed(number, ENTRIES) for number in range(FEEDS)])
    figures = gathering.gathered(tmp_path, [f"{address}/{number}" for number in range(FEEDS)])
    server.shutdown()
    assert figures["new"] == FEEDS * ENTRIES
    assert figures["seconds"] < 240
    assert figures["peak_mb"] < 1_500
