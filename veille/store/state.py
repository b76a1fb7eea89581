"""Small state that is not a table: cursors of sources, hashes of queries. One SQLite file, always local."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from veille.errors import StoreError


class State:
    """Texts by key, kept in one SQLite file that several processes may use at once.

    Parameters
    ----------
    path
        The file; it and its folder are made when something is first put.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def get(self, key: str) -> str | None:
        """Return the text under that key, None where there is none."""
        if not self._path.exists():
            return None
        with self._connection() as connection:
            row = connection.execute("SELECT value FROM state WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def put(self, key: str, value: str) -> None:
        """Keep the text under that key, in place of what was there."""
        with self._connection() as connection:
            connection.execute(
                "INSERT INTO state (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                (key, value),
            )

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        try:
            connection = sqlite3.connect(self._path, timeout=30)
        except sqlite3.Error as error:
            raise StoreError(f"{self._path} cannot be opened: {error}") from error
        try:
            with connection:
                connection.execute("CREATE TABLE IF NOT EXISTS state (key TEXT PRIMARY KEY, value TEXT NOT NULL)")
                yield connection
        except sqlite3.DatabaseError as error:
            raise StoreError(
                f"{self._path} cannot be used: {error}", "move the file away; sources are then read again from the start"
            ) from error
        finally:
            connection.close()
