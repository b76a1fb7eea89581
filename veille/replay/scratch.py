"""A memory that a replay may write to: what was said and read comes from the watch's store, all else begins empty.

Tables live in this process, so that half a year is re-lived without a file a day and table; what a step wrote can be taken
out, kept in a folder, and put into another process's memory.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from veille.contract import Kind, Table
from veille.labels import LABELS
from veille.mention import EARLIER_TEXTS, ENGAGEMENT, MENTIONS
from veille.reading.tables import EMBEDDINGS, READINGS
from veille.reading.towards import SUBJECT_TONES
from veille.store import Merged, State, Store
from veille.store.merge import changes, fingerprints
from veille.topics.tables import ASSIGNMENTS, TOPICS
from veille.watch import Watch

KNOWN = (MENTIONS, ENGAGEMENT, EARLIER_TEXTS, LABELS, READINGS, EMBEDDINGS, SUBJECT_TONES)
"""What is read from the watch's store. It is what the world said, what models read in one text at a time, and what people
labelled, each with its time; topics, verdicts of relevance, signals and the journal are made anew."""

_FORGOTTEN = (TOPICS, ASSIGNMENTS)
_KEPT_CUTOFFS = 2
_OPERATORS: dict[str, Any] = {
    "==": lambda column, value: column == value,
    "=": lambda column, value: column == value,
    "!=": lambda column, value: column != value,
    "<": lambda column, value: column < value,
    "<=": lambda column, value: column <= value,
    ">": lambda column, value: column > value,
    ">=": lambda column, value: column >= value,
    "in": lambda column, value: column.isin(list(value)),
}


@dataclass(frozen=True)
class Written:
    """One write: the rows that changed, or the rows that were put in place of a value's.

    Parameters
    ----------
    table
        The contract of the rows.
    rows
        They keep it.
    column, value
        Of a replacement: the column and the value whose rows these replace; None for a merge.
    """

    table: Table
    rows: pd.DataFrame
    column: str | None = None
    value: pd.Timestamp | None = None


class Scratch(Store):
    """A store in memory.

    Parameters
    ----------
    watch
        Whose mentions are re-lived.
    store
        Its store: read once, never written.
    state
        File of the small state that steps may keep.
    """

    def __init__(self, watch: Watch, store: Store, state: Path) -> None:
        super().__init__(watch)
        self._source = store
        self.state = State(state)
        self._tables: dict[str, pd.DataFrame] = {}
        self._written: list[Written] = []

    def load(self, table: Table, columns: list[str] | None = None, where: Any = None) -> pd.DataFrame:
        """Return rows as `Store.load` does."""
        frame = self._whole(table)
        for name, operator, value in where or []:
            frame = frame.loc[_OPERATORS[operator](frame[name], value).to_numpy(dtype=bool, na_value=False)]
        wanted = table.only(columns).column_names if columns else table.column_names
        return frame[wanted].reset_index(drop=True)

    def merge(self, table: Table, frame: pd.DataFrame) -> Merged:
        """Insert and update rows as `Store.merge` does."""
        rows = _as_stored(table, table.check(frame))
        stored = self._whole(table)
        keys = stored[table.key[0]].isin(rows[table.key[0]])
        found = changes(table, stored.loc[keys].reset_index(drop=True), rows)
        changed = pd.concat([found.new, found.updated], ignore_index=True) if len(found.updated) else found.new
        if len(changed):
            self._written.append(Written(table, changed))
            self._put(table, changed)
        return Merged(len(found.new), len(found.updated), found.unchanged)

    def replace(self, table: Table, frame: pd.DataFrame, column: str, value: object) -> bool:
        """Replace rows as `Store.replace` does."""
        rows = _as_stored(table, table.check(frame))
        moment = pd.Timestamp(value)  # type: ignore[arg-type]
        self._written.append(Written(table, rows, column, moment))
        return self._swap(table, rows, column, moment)

    def tidy(self, table: Table, keep: timedelta = timedelta(days=1)) -> None:
        """Do nothing: there are no files here, and those of the watch's store are not ours."""

    def forget(self, table: Table, mention_ids: Iterable[str]) -> None:
        """Leave out what is known of mentions, so that it is found anew."""
        frame = self._whole(table)
        self._tables[table.name] = frame.loc[~frame["mention_id"].isin(list(mention_ids))].reset_index(drop=True)

    def taken(self) -> list[Written]:
        """Return what was written since the last time this was asked."""
        written, self._written = self._written, []
        return written

    def put(self, written: Iterable[Written]) -> None:
        """Write again what another process, or an earlier run, wrote."""
        for write in written:
            if write.column is None or write.value is None:
                self._put(write.table, write.rows)
            else:
                self._swap(write.table, write.rows, write.column, write.value)

    def fingerprint(self) -> str:
        """Return a hash of all that is read from the watch's store."""
        content = hashlib.sha256()
        for table in KNOWN:
            frame = self._whole(table)
            # Vectors follow from the hash of their text and the name of the model.
            part = table.only([column.name for column in table.columns if column.kind is not Kind.VECTOR])
            content.update(table.name.encode() + fingerprints(part, frame[part.column_names]).tobytes())
        return content.hexdigest()

    def _whole(self, table: Table) -> pd.DataFrame:
        if table.name not in self._tables:
            known = any(table.name == one.name for one in KNOWN)
            self._tables[table.name] = self._source.load(table) if known else table.empty()
        return self._tables[table.name]

    def _put(self, table: Table, rows: pd.DataFrame) -> None:
        stored, key = self._whole(table), list(table.key)
        if len(stored):
            gone = pd.MultiIndex.from_frame(stored[key]).isin(pd.MultiIndex.from_frame(rows[key]))
            rows = pd.concat([stored.loc[~gone], rows], ignore_index=True)
        self._tables[table.name] = rows.sort_values(key, kind="stable", ignore_index=True)

    def _swap(self, table: Table, rows: pd.DataFrame, column: str, value: pd.Timestamp) -> bool:
        stored = self._whole(table)
        others = stored[column] != value
        changed = bool(len(rows)) or not others.all()
        kept = stored.loc[others]
        if any(table.name == one.name for one in _FORGOTTEN) and len(kept):
            # Nobody's acts reach back further: of the registry only the latest earlier cut-off is read.
            latest = np.sort(kept[column].unique())[-_KEPT_CUTOFFS:]
            kept = kept.loc[kept[column].isin(latest)]
        both = pd.concat([kept, rows], ignore_index=True) if len(kept) else rows
        self._tables[table.name] = both.sort_values(list(table.key), kind="stable", ignore_index=True)
        return changed


def _as_stored(table: Table, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows as they come back from disk, so that a resumed run sees the very same."""
    return _from_arrow(table, _to_arrow(table, rows))


def _to_arrow(table: Table, rows: pd.DataFrame) -> pa.Table:
    return pa.Table.from_pandas(rows, schema=table.arrow_schema, preserve_index=False)


def _from_arrow(table: Table, rows: pa.Table) -> pd.DataFrame:
    types = {pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}
    return table.check(rows.replace_schema_metadata().to_pandas(types_mapper=types.get))


def keep(folder: Path, name: str, written: Iterable[Written]) -> None:
    """Keep writes under a name, whole or not at all."""
    target, made = folder / name, folder / f".{name}.{hashlib.sha256(str(folder).encode()).hexdigest()[:8]}"
    made.mkdir(parents=True, exist_ok=True)
    for old in made.iterdir():
        old.unlink()
    for place, write in enumerate(written):
        value = None if write.value is None else write.value.isoformat()
        about = json.dumps({"table": write.table.name, "column": write.column, "value": value})
        rows = _to_arrow(write.table, write.rows).replace_schema_metadata({"write": about})
        with pa.OSFile(str(made / f"{place:03d}.arrow"), "wb") as file, pa.ipc.new_file(file, rows.schema) as writer:
            writer.write_table(rows)
    if not target.exists():
        made.rename(target)


def kept(folder: Path, name: str, tables: Iterable[Table]) -> list[Written] | None:
    """Return the writes kept under a name, None where there are none."""
    target = folder / name
    if not target.exists():
        return None
    by_name = {table.name: table for table in tables}
    result = []
    for file in sorted(target.glob("*.arrow")):
        rows = pa.ipc.open_file(pa.OSFile(str(file))).read_all()
        about = json.loads(rows.schema.metadata[b"write"])
        value = pd.Timestamp(about["value"]) if about["value"] else None
        table = by_name[about["table"]]
        result.append(Written(table, _from_arrow(table, rows), about["column"], value))
    return result
