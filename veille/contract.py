"""What a table promises: its columns, their kinds and its key, in one declaration.

From one `Table` come the pandera schema that every load and save is checked against, the Arrow schema that is
written to disk and the rows of docs/tables.md, so that the three cannot drift apart.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

import pandas as pd
import pandera.pandas as pa_pandas
import pyarrow as pa
from pandera.errors import SchemaError, SchemaErrors

from veille.errors import ContractError


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    INTEGER = "integer"
    REAL = "real"
    FLAG = "flag"
    TIME = "time"
    TEXTS = "list of texts"
    VECTOR = "list of reals"


class Holds(StrEnum):
    """What of a mention a column holds, so that an erasure finds it wherever a table keeps it; see `veille.privacy`."""

    MENTION = "mention"
    """Id of the mention that the row is about: the row goes with it."""
    MENTIONS = "mentions"
    """Ids of mentions: they leave the list."""
    BESIDE = "beside"
    """A list in step with the ids of the column before it."""
    FOUNDER = "founder"
    """Id of the mention that founded a story: another member takes its place."""
    AUTHOR = "author"
    """Pseudonym of an author: the row goes when nothing of the author is left."""
    TEXT_HASH = "text_hash"
    """Hash of a text: the row goes when no mention has the text any more."""
    QUOTE = "quote"
    """Words that may be a mention's: what is quoted of it is cut out."""
    WORDS = "words"
    """Words taken from texts: those that no text says any more leave the list."""


class Update(StrEnum):
    """What a merge does with a value of a row that is already there."""

    REPLACE = "replace"
    KEEP = "keep the first"
    COALESCE = "replace unless missing"


_DTYPES: dict[Kind, object] = {
    Kind.TEXT: "str",
    Kind.INTEGER: "Int64",
    Kind.REAL: "float64",
    Kind.FLAG: "boolean",
    Kind.TIME: "datetime64[us, UTC]",
    Kind.TEXTS: "object",
    Kind.VECTOR: "object",
}
_ARROW: dict[Kind, pa.DataType] = {
    Kind.TEXT: pa.string(),
    Kind.INTEGER: pa.int64(),
    Kind.REAL: pa.float64(),
    Kind.FLAG: pa.bool_(),
    Kind.TIME: pa.timestamp("us", tz="UTC"),
    Kind.TEXTS: pa.list_(pa.string()),
    Kind.VECTOR: pa.list_(pa.float32()),
}
_LISTS = (Kind.TEXTS, Kind.VECTOR)
_CHECKED: dict[Kind, object] = {
    kind: pd.DatetimeTZDtype("us", "UTC") if kind is Kind.TIME else pd.Series([], dtype=dtype).dtype  # type: ignore[call-overload]
    for kind, dtype in _DTYPES.items()
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    name
        Its name, with its unit where it has one (`_ratio`, `_pct`, `_minutes`).
    kind
        What it holds; times are UTC in microseconds.
    doc
        What it means, one line; it is printed in docs/tables.md.
    nullable
        Whether a value may be missing. Lists are never missing, they are empty.
    choices
        The closed set a text must come from; empty where it is open.
    low, high
        Inclusive bounds of a number.
    update
        What a merge does with the value of a row that is already there.
    holds
        What of a mention it holds; None where it holds nothing of any, or goes with its row.
    """

    name: str
    kind: Kind
    doc: str
    nullable: bool = False
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    update: Update = Update.REPLACE
    holds: Holds | None = None


@dataclass(frozen=True)
class Table:
    """The contract of one table.

    Parameters
    ----------
    name
        Its name, also its folder in the store.
    doc
        What one row is.
    columns
        Its columns, in their order on disk.
    key
        The columns whose values name one row.
    append_only
        Rows are only ever added: an undo is a counter-event.
    """

    name: str
    doc: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    append_only: bool = field(default=False)

    @property
    def column_names(self) -> list[str]:
        """Names of the columns, in their order on disk."""
        return [column.name for column in self.columns]

    @cached_property
    def arrow_schema(self) -> pa.Schema:
        """The schema that is written to disk."""
        return pa.schema([pa.field(column.name, _ARROW[column.kind]) for column in self.columns])

    @cached_property
    def schema(self) -> pa_pandas.DataFrameSchema:
        """The pandera schema that frames are checked against."""
        return pa_pandas.DataFrameSchema(
            {column.name: _pandera_column(column) for column in self.columns},
            strict=True,
            ordered=True,
            unique=list(self.key) or None,
        )

    def only(self, names: list[str]) -> Table:
        """Return the contract of a part of the columns; without its whole key it promises no uniqueness.

        Raises
        ------
        ContractError
            A name that is no column of the table.
        """
        unknown = [name for name in names if name not in self.column_names]
        if unknown:
            raise ContractError(f"table {self.name} has no column {', '.join(unknown)}")
        columns = tuple(column for column in self.columns if column.name in names)
        if columns not in self._parts:
            key = self.key if set(self.key) <= set(names) else ()
            self._parts[columns] = Table(self.name, self.doc, columns, key, self.append_only)
        return self._parts[columns]

    @cached_property
    def _parts(self) -> dict[tuple[Column, ...], Table]:
        """Contracts of parts that were asked for: making a schema anew costs more than most loads."""
        return {}

    def empty(self) -> pd.DataFrame:
        """Return a frame of no rows that keeps the contract."""
        return self._empty.copy()

    @cached_property
    def _empty(self) -> pd.DataFrame:
        return self.check(pd.DataFrame({name: [] for name in self.column_names}))

    def keeps(self, frame: pd.DataFrame) -> bool:
        """Say whether a frame with this table's columns, in their order, has their dtypes, bounds, choices and key.

        The same as `schema` would find, at a tenth of its time: an edition checks hundreds of frames, nearly all are right.
        """
        return all(_keeps(frame[column.name], column) for column in self.columns) and not (
            self.key and frame.duplicated(list(self.key)).any()
        )

    def check(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the frame with this table's columns, order and dtypes.

        Parameters
        ----------
        frame
            One row a record; nullable columns may be left out, in any order; the index is dropped.

        Raises
        ------
        ContractError
            An unknown or missing column, a value of another kind, outside its choices or bounds, or a doubled key.
        """
        unknown = [str(name) for name in frame.columns if name not in self.column_names]
        if unknown:
            raise ContractError(
                f"table {self.name} has no column {', '.join(unknown)}", f"its columns are {', '.join(self.column_names)}"
            )
        typed: dict[str, pd.Series] = {}
        for column in self.columns:
            if column.name in frame.columns:
                typed[column.name] = _cast(frame[column.name].reset_index(drop=True), column, self.name)
            elif column.nullable or column.kind in _LISTS:
                typed[column.name] = _missing(column, len(frame))
            else:
                raise ContractError(f"table {self.name} needs a column {column.name}")
        result = pd.DataFrame(typed, index=pd.RangeIndex(len(frame)))
        if self.keeps(result):
            return result
        try:
            return self.schema.validate(result)
        except (SchemaError, SchemaErrors) as error:
            reason = str(error).splitlines()[0]
            raise ContractError(f"table {self.name} refuses the rows: {reason}") from error


def _keeps(values: pd.Series, column: Column) -> bool:
    if values.dtype != _CHECKED[column.kind]:
        return False
    missing = values.isna()
    if missing.any():
        if not column.nullable:
            return False
        values = values[~missing]
    if column.choices and not values.isin(column.choices).all():
        return False
    if column.low is not None and not (values >= column.low).all():
        return False
    return column.high is None or bool((values <= column.high).all())


def _pandera_column(column: Column) -> pa_pandas.Column:
    checks = []
    if column.choices:
        checks.append(pa_pandas.Check.isin(list(column.choices)))
    if column.low is not None:
        checks.append(pa_pandas.Check.ge(column.low))
    if column.high is not None:
        checks.append(pa_pandas.Check.le(column.high))
    return pa_pandas.Column(_CHECKED[column.kind], checks=checks, nullable=column.nullable)


def _missing(column: Column, rows: int) -> pd.Series:
    if column.kind in _LISTS:
        return pd.Series([[] for _ in range(rows)], dtype="object")
    return _cast(pd.Series([None] * rows, dtype="object"), column, "")


def _cast(values: pd.Series, column: Column, table: str) -> pd.Series:
    if column.kind not in _LISTS and values.dtype == _CHECKED[column.kind]:
        return values
    try:
        if column.kind is Kind.TIME:
            return pd.to_datetime(values, utc=True).astype("datetime64[us, UTC]")
        if column.kind in _LISTS:
            return values.astype("object").where(values.notna(), other=None).map(lambda item: [] if item is None else item)
        if column.kind is Kind.INTEGER:
            return pd.to_numeric(values).astype("Int64")
        return values.astype(_DTYPES[column.kind])  # type: ignore[call-overload,no-any-return]
    except (TypeError, ValueError) as error:
        raise ContractError(f"table {table}, column {column.name}: not {column.kind}: {error}") from error
