"""What a merge changes, worked out before anything is written.

Delta makes a new version even for a merge that changes nothing, and inserts a key twice when the source holds it
twice. Comparing first avoids both: only rows that are new or really differ reach the table.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from veille.contract import Kind, Table, Update


@dataclass(frozen=True, slots=True)
class Merged:
    """How many rows of a merge were new, changed a stored row, or said nothing new."""

    new: int
    updated: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class Changes:
    """Rows to insert and rows to write in place of stored ones."""

    new: pd.DataFrame
    updated: pd.DataFrame
    unchanged: int


def changes(table: Table, stored: pd.DataFrame, incoming: pd.DataFrame) -> Changes:
    """Compare incoming rows with the stored rows of the same keys.

    Parameters
    ----------
    table
        Contract that both frames keep.
    stored
        Rows whose keys may occur in `incoming`; others are ignored.
    incoming
        Rows to merge, one a key.
    """
    incoming_keys = pd.MultiIndex.from_frame(incoming[list(table.key)])
    stored_keys = pd.MultiIndex.from_frame(stored[list(table.key)])
    position = stored_keys.get_indexer(incoming_keys)
    known = position >= 0
    new = incoming.loc[~known].reset_index(drop=True)
    if table.append_only or not known.any():
        return Changes(new, incoming.iloc[:0], int(known.sum()))
    before = stored.iloc[position[known]].reset_index(drop=True)
    after = _apply_updates(table, before, incoming.loc[known].reset_index(drop=True))
    differs = fingerprints(table, before) != fingerprints(table, after)
    return Changes(new, after.loc[differs].reset_index(drop=True), int((~differs).sum()))


def fingerprints(table: Table, frame: pd.DataFrame) -> np.ndarray:
    """Return one 64-bit hash a row over all columns, in step with the rows."""
    comparable = {
        column.name: frame[column.name].map(_list_text) if column.kind in (Kind.TEXTS, Kind.VECTOR) else frame[column.name]
        for column in table.columns
    }
    return pd.util.hash_pandas_object(pd.DataFrame(comparable), index=False).to_numpy()


def _list_text(values: object) -> str:
    array = np.asarray(values)
    return array.astype(np.float32).tobytes().hex() if array.dtype.kind == "f" else "\x1f".join(map(str, array))


def _apply_updates(table: Table, before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    result = after.copy()
    for column in table.columns:
        if column.update is Update.KEEP:
            # What was first written stays, unless it was missing and the row never came by that way.
            result[column.name] = before[column.name]
        elif column.update is Update.COALESCE:
            result[column.name] = after[column.name].where(after[column.name].notna(), before[column.name])
    return result
