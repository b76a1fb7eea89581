"""Store: the one door to what a watch remembers."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pandas as pd

from veille.contract import Table
from veille.errors import StoreError
from veille.mention import EARLIER_TEXTS, ENGAGEMENT, MENTIONS
from veille.period import Period, published_before
from veille.pseudonym import new_key
from veille.store.delta import DeltaFolder, Filters
from veille.store.merge import Merged
from veille.store.state import State
from veille.watch import Watch

_COUNTERS = ["likes", "shares", "replies", "views"]
_TEXTS = ["title", "text"]


class Store:
    """The tables, the small state and the key of one watch.

    Parameters
    ----------
    watch
        The watch; its `store` and `state` say where things are kept. Nothing is made before the first write.
    """

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self.state = State(watch.state_path / "state.sqlite")

    def load(self, table: Table, columns: list[str] | None = None, where: Filters | None = None) -> pd.DataFrame:
        """Return rows of a table in the order of its key, checked against its contract.

        Parameters
        ----------
        table
            The contract; a table that was never written is empty.
        columns
            The columns wanted, all by default.
        where
            Filters that must all hold, such as `[("cutoff", "<", instant)]`.

        Raises
        ------
        ContractError
            What is on disk does not keep the contract.
        StoreError
            The table cannot be read.
        """
        return self._folder(table).load(columns, where)

    def merge(self, table: Table, frame: pd.DataFrame) -> Merged:
        """Insert rows with new keys and update those that differ; the same rows again change nothing.

        Raises
        ------
        ContractError
            The rows do not keep the contract; nothing is written.
        ConflictError
            Other writers were faster, again and again.
        """
        return self._folder(table).merge(frame)

    def replace(self, table: Table, frame: pd.DataFrame, column: str, value: object) -> bool:
        """Put the rows in place of all rows whose `column` has that value, in one step.

        Returns
        -------
        bool
            Whether anything changed: the same rows again make no new version.
        """
        return self._folder(table).replace(frame, column, value)

    def tidy(self, table: Table, keep: timedelta = timedelta(days=1)) -> None:
        """Join the small files that frequent runs leave, and remove those that no version younger than `keep` needs.

        Raises
        ------
        ConflictError
            Other writers were faster, again and again.
        StoreError
            The table cannot be read or written.
        """
        self._folder(table).tidy(keep)

    def remove(self, table: Table, column: str, values: Sequence[str]) -> int:
        """Delete the rows whose `column` has one of the texts, append-only or not: for an erasure; see `veille.privacy`.

        Returns
        -------
        int
            Rows deleted; their bytes stay on disk until `purge`.
        """
        return self._folder(table).remove(column, values)

    def rewrite(self, table: Table, change: Callable[[pd.DataFrame], pd.DataFrame]) -> int:
        """Put what `change` makes of all rows of a table in their place, append-only or not: for an erasure.

        Returns
        -------
        int
            Rows that are new or say something else; none writes no new version.
        """
        return self._folder(table).rewrite(change)

    def purge(self, table: Table) -> None:
        """Leave nothing of a table on disk but its latest version: files and log of earlier ones go.

        Readers that are at work lose the files they have opened: hold the locks of all runs.
        """
        self._folder(table).purge()

    def mentions(self, as_of: datetime, period: Period | None = None, columns: list[str] | None = None) -> pd.DataFrame:
        """Return the mentions visible at `as_of`, by time of publication, with the texts and counters seen until then.

        Parameters
        ----------
        as_of
            What was known at this instant: later gathered mentions, texts and counters are not seen.
        period
            Publications after its end are not seen; None sets no such limit.
        columns
            The columns wanted, all by default.
        """
        cutoff = pd.Timestamp(published_before(as_of, period))
        wanted = columns or MENTIONS.column_names
        needed = [*dict.fromkeys([*wanted, "mention_id", "published_at", "gathered_at"])]
        frame = self.load(MENTIONS, needed, [("published_at", "<", cutoff)])
        known = frame["gathered_at"].isna() | (frame["gathered_at"] <= pd.Timestamp(as_of))
        frame = frame.loc[known].sort_values(["published_at", "mention_id"], kind="stable", ignore_index=True)
        if set(_COUNTERS) & set(wanted):
            frame = self._with_counters(frame, as_of)
        if set(_TEXTS) & set(wanted):
            frame = self._with_earlier_texts(frame, as_of)
        return frame[[name for name in MENTIONS.column_names if name in wanted]]

    @property
    def key(self) -> bytes:
        """The key of the pseudonyms: of the environment where watch.yml names a variable, else made once and kept.

        Raises
        ------
        StoreError
            watch.yml names a variable that is not set.
        """
        name = self._watch.privacy.key
        if name:
            value = os.environ.get(name, "")
            if not value:
                raise StoreError(
                    f"privacy.key names the variable {name}, which is not set", f"set {name}, or leave privacy.key out"
                )
            return value.encode()
        return _kept_key(self._watch.state_path / "pseudonym.key")

    def _folder(self, table: Table) -> DeltaFolder:
        root = str(self._watch.store_path)
        return DeltaFolder(f"{root.rstrip('/')}/{table.name}", table)

    def _with_counters(self, frame: pd.DataFrame, as_of: datetime) -> pd.DataFrame:
        """Counters grow: what was observed later than `as_of` must not be seen in an earlier edition."""
        observed = self.load(ENGAGEMENT)
        if observed.empty:
            return frame
        seen = observed.loc[observed["observed_at"] <= pd.Timestamp(as_of)].sort_values("observed_at", kind="stable")
        latest = seen.drop_duplicates("mention_id", keep="last").set_index("mention_id")
        tracked = frame["mention_id"].isin(observed["mention_id"])
        result = frame.copy()
        for counter in [name for name in _COUNTERS if name in frame.columns]:
            result[counter] = frame[counter].where(~tracked, frame["mention_id"].map(latest[counter])).astype("Int64")
        return result

    def _with_earlier_texts(self, frame: pd.DataFrame, as_of: datetime) -> pd.DataFrame:
        """Put back the texts that stood at `as_of`: a source may have corrected them since."""
        later = self.load(EARLIER_TEXTS, where=[("replaced_at", ">", pd.Timestamp(as_of))])
        if later.empty:
            return frame
        stood = later.sort_values("replaced_at", kind="stable").drop_duplicates("mention_id").set_index("mention_id")
        result = frame.copy()
        for name in [name for name in _TEXTS if name in frame.columns]:
            earlier = frame["mention_id"].map(stood[name])
            result[name] = frame[name].where(earlier.isna(), earlier)
        return result


def _kept_key(path: Path) -> bytes:
    if path.exists():
        return path.read_bytes()
    path.parent.mkdir(parents=True, exist_ok=True)
    written = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(written, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(new_key())
    try:
        # A link is made whole or not at all: of two first writers one gives the key, both read the same.
        path.hardlink_to(written)
    except FileExistsError:
        pass
    finally:
        written.unlink()
    return path.read_bytes()
