"""One Delta table on disk: create, read, merge and replace, retried when another writer was faster."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, TypeVar

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import DeltaTable, write_deltalake
from deltalake.exceptions import CommitFailedError, DeltaError, TableNotFoundError
from tenacity import RetryError, Retrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from veille.contract import Kind, Table
from veille.errors import ConflictError, StoreError
from veille.store.merge import Merged, changes, fingerprints

Outcome = TypeVar("Outcome")
Filters = list[tuple[str, str, Any]]

_DTYPE_BY_ARROW = {pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}
_ATTEMPTS = 12
_AT_ONCE = 1000
_LOG_KEPT = "delta.logRetentionDuration"


class DeltaFolder:
    """The folder of one table.

    Parameters
    ----------
    uri
        Local folder or address of an object store.
    table
        The contract its rows keep.
    """

    def __init__(self, uri: str, table: Table) -> None:
        self._uri = uri
        self._table = table
        self._kinds = {column.name: column.kind for column in table.columns}

    def load(self, columns: list[str] | None = None, where: Filters | None = None) -> pd.DataFrame:
        """Return the rows in the order of their key, whatever order writers left them in."""
        table = self._table.only(columns) if columns else self._table
        delta = self._open()
        if delta is None:
            return table.empty()
        return table.check(_sorted(table, self._read(delta, table.column_names, where)))

    def merge(self, frame: pd.DataFrame) -> Merged:
        """Insert rows with new keys and update those that differ; see `veille.contract.Update`."""
        rows = self._table.check(frame)
        return self._retrying(lambda: self._merge_once(rows))

    def replace(self, frame: pd.DataFrame, column: str, value: object) -> bool:
        """Put the rows in place of all rows whose column has that value; return whether anything changed."""
        rows = self._table.check(frame)
        if not (rows[column] == value).all():
            raise StoreError(f"table {self._table.name}: rows to replace {column} = {value} hold another {column}")
        return self._retrying(lambda: self._replace_once(rows, column, value))

    def tidy(self, keep: timedelta) -> None:
        """Join small files, and remove those that no version younger than `keep` needs."""
        self._retrying(lambda: self._tidy_once(keep))

    def remove(self, column: str, values: Sequence[str]) -> int:
        """Delete the rows whose column has one of these texts; return how many."""
        parts = [values[first : first + _AT_ONCE] for first in range(0, len(values), _AT_ONCE)]
        return sum(self._retrying(lambda part=part: self._remove_once(column, part)) for part in parts)  # type: ignore[misc]

    def rewrite(self, change: Callable[[pd.DataFrame], pd.DataFrame]) -> int:
        """Write what `change` makes of all rows in their place, where it differs; return how many rows are new or other."""
        return self._retrying(lambda: self._rewrite_once(change))

    def purge(self) -> None:
        """Leave nothing on disk but the latest version.

        Earlier versions go at once, and so do their entries in the log, which hold the first and last text of each file.
        """
        self._retrying(self._purge_once)

    def _remove_once(self, column: str, values: Sequence[str]) -> int:
        delta = self._open()
        if delta is None or column not in [field.name for field in delta.schema().fields]:
            return 0
        found = delta.delete(f"{column} IN ({', '.join(map(_literal, values))})")
        return int(found["num_deleted_rows"])

    def _rewrite_once(self, change: Callable[[pd.DataFrame], pd.DataFrame]) -> int:
        delta = self._open()
        if delta is None:
            return 0
        stored = self._table.check(_sorted(self._table, self._read(delta, self._table.column_names, None)))
        rows = self._table.check(_sorted(self._table, change(stored)))
        before, after = fingerprints(self._table, stored), fingerprints(self._table, rows)
        # A row is other where no row said just that before.
        other = int((~pd.Series(after).isin(before)).sum())
        if not other and len(stored) == len(rows):
            return 0
        write_deltalake(delta, self._arrow(rows), mode="overwrite", schema_mode="merge")
        return other

    def _purge_once(self) -> None:
        delta = self._open()
        if delta is None:
            return
        delta.vacuum(retention_hours=0, dry_run=False, enforce_retention_duration=False)
        delta.alter.set_table_properties({_LOG_KEPT: "interval 0 seconds"})
        delta = DeltaTable(self._uri)
        delta.create_checkpoint()
        delta.cleanup_metadata()
        # As Delta has it: readers of the next days find the log whole.
        delta.alter.set_table_properties({_LOG_KEPT: "interval 30 days"})

    def _tidy_once(self, keep: timedelta) -> None:
        delta = self._open()
        if delta is None:
            return
        delta.optimize.compact()
        # Younger versions stay readable: a reader that is at work has opened one of them.
        hours = int(keep / timedelta(hours=1))
        delta.vacuum(retention_hours=hours, dry_run=False, enforce_retention_duration=False)

    def _retrying(self, operation: Callable[[], Outcome]) -> Outcome:
        retrying = Retrying(
            retry=retry_if_exception_type(CommitFailedError),
            stop=stop_after_attempt(_ATTEMPTS),
            wait=wait_random_exponential(multiplier=0.05, max=2),
        )
        try:
            return retrying(operation)
        except RetryError as error:
            raise ConflictError(
                f"table {self._table.name}: other writers were faster {_ATTEMPTS} times", "run the command again"
            ) from error
        except DeltaError as error:
            raise StoreError(f"table {self._table.name} cannot be written: {error}") from error

    def _merge_once(self, frame: pd.DataFrame) -> Merged:
        delta = self._open() or self._create()
        stored = self._stored_rows(delta, frame)
        found = changes(self._table, stored, frame)
        changed = pd.concat([found.new, found.updated], ignore_index=True) if len(found.updated) else found.new
        if len(changed):
            merger = delta.merge(
                self._arrow(changed),
                predicate=" AND ".join(f"stored.{name} = incoming.{name}" for name in self._table.key),
                source_alias="incoming",
                target_alias="stored",
                # A table of an older contract gets the columns that were added since; without it their values would be dropped.
                merge_schema=True,
            ).when_not_matched_insert_all()
            if len(found.updated):
                merger = merger.when_matched_update_all()
            merger.execute()
        return Merged(len(found.new), len(found.updated), found.unchanged)

    def _replace_once(self, rows: pd.DataFrame, column: str, value: object) -> bool:
        delta = self._open() or self._create()
        # A table of an older contract is read with the columns that were added since missing.
        stored = self._table.check(_sorted(self._table, self._read(delta, self._table.column_names, [(column, "==", value)])))
        if (
            len(stored) == len(rows)
            and (
                fingerprints(self._table, stored) == fingerprints(self._table, self._table.check(_sorted(self._table, rows)))
            ).all()
        ):
            return False
        # As in a merge, a table of an older contract gets the columns that were added since.
        arrow, only = self._arrow(rows), f"{column} = {_literal(value)}"
        write_deltalake(delta, arrow, mode="overwrite", predicate=only, schema_mode="merge")
        return True

    def _stored_rows(self, delta: DeltaTable, frame: pd.DataFrame) -> pd.DataFrame:
        key = self._table.key[0]
        values = frame[key].dropna().unique().tolist()
        if not values:
            return self._table.empty()
        return self._table.check(self._read(delta, self._table.column_names, [(key, "in", values)]))

    def _open(self) -> DeltaTable | None:
        try:
            return DeltaTable(self._uri)
        except TableNotFoundError:
            return None
        except (DeltaError, OSError) as error:
            raise StoreError(f"table {self._table.name} at {self._uri} cannot be read: {error}") from error

    def _create(self) -> DeltaTable:
        return DeltaTable.create(self._uri, self._table.arrow_schema, mode="ignore", name=self._table.name)

    def _read(self, delta: DeltaTable, columns: list[str], where: Filters | None) -> pd.DataFrame:
        present = [field.name for field in delta.schema().fields]
        wanted = [name for name in columns if name in present]
        filtered = [name for name, _, _ in where or []]
        dataset = delta.to_pyarrow_dataset()
        if not where:
            arrow = dataset.to_table(wanted)
        elif all(self._kinds[name] is Kind.TIME for name in filtered):
            arrow = dataset.to_table(wanted, filter=pq.filters_to_expression(where))
        else:
            # The files' statistics of texts are string views, which Arrow cannot compare with a filter's strings.
            arrow = dataset.to_table([*dict.fromkeys([*wanted, *filtered])])
            arrow = arrow.filter(pq.filters_to_expression(where)).select(wanted)
        frame: pd.DataFrame = arrow.to_pandas(types_mapper=_DTYPE_BY_ARROW.get)
        return frame

    def _arrow(self, frame: pd.DataFrame) -> pa.Table:
        return pa.Table.from_pandas(frame, schema=self._table.arrow_schema, preserve_index=False)


def _sorted(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    return frame.sort_values(list(table.key), kind="stable", ignore_index=True) if table.key and len(frame) else frame


def _literal(value: object) -> str:
    if isinstance(value, pd.Timestamp) or hasattr(value, "isoformat"):
        moment = pd.Timestamp(value)  # type: ignore[arg-type]
        return f"arrow_cast('{moment.tz_convert('UTC').isoformat()}', 'Timestamp(Microsecond, Some(\"UTC\"))')"
    return "'" + str(value).replace("'", "''") + "'"
