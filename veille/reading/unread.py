"""What a version has not looked at yet: each room of reading judges that only, so that a run does only new work."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from veille.contract import Table
from veille.store import Store


def unread(store: Store, table: Table, rows: pd.DataFrame, version: str, by: Sequence[str]) -> pd.DataFrame:
    """Return the rows that a table does not hold from a version, in their order, numbered anew.

    Parameters
    ----------
    store
        The memory of the watch.
    table
        What the room keeps; it has a column `version`.
    rows
        What is to be looked at.
    version
        Version of what looks: rows that another one looked at are looked at again.
    by
        Columns, of `rows` and of the table, that name one piece of work.
    """
    known = store.load(table, list(by), [("version", "=", version)])
    if known.empty:
        return rows.reset_index(drop=True)
    seen = pd.MultiIndex.from_frame(rows[list(by)]).isin(pd.MultiIndex.from_frame(known))
    return rows.loc[~seen].reset_index(drop=True)
