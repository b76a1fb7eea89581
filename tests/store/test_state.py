"""Small state in one SQLite file."""

from __future__ import annotations

from pathlib import Path

import pytest

from veille.errors import StoreError
from veille.store import State


def test_what_is_put_is_there_for_the_next_process(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "state.sqlite"
    assert State(file).get("a") is None
    assert not file.exists()
    State(file).put("a", "1")
    State(file).put("a", "2")
    assert State(file).get("a") == "2"
    assert State(file).get("b") is None


def test_a_broken_file_is_said_with_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "state.sqlite"
    file.write_bytes(b"this is no database, and long enough to be read as one" * 20)
    with pytest.raises(StoreError, match=r"state\.sqlite cannot be used") as caught:
        State(file).get("a")
    assert "move the file away" in caught.value.hint
