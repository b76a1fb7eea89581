"""Put rows into the store without rewriting the past: what was known first stays, counters follow."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pandas as pd

from veille.gather.subjects import subjects_of
from veille.mention import EARLIER_TEXTS, ENGAGEMENT, ERASED, MENTIONS, Extent
from veille.pseudonym import tombstone
from veille.store import Merged, Store
from veille.watch import Watch

COUNTERS = ("likes", "shares", "replies", "views")
_FIRST = ("source", "source_type", "gathered_at", "imported_at", "published_at")
_CONTENT = (
    "publisher", "native_id", "url", "canonical_url", "author", "kind", "parent_id", "title", "text", "language_declared",
    "media",
)  # fmt: skip


def save(watch: Watch, store: Store, rows: pd.DataFrame, observed_at: datetime) -> Merged:
    """Merge rows of `mentions_frame` into MENTIONS, and their counters into ENGAGEMENT.

    Parameters
    ----------
    watch, store
        The watch and its memory.
    rows
        Rows, in the order in which they were published or read; an id may occur more than once.
    observed_at
        When the counters were seen, for rows that do not say when they were gathered.

    Returns
    -------
    Merged
        Counts over all rows: of the rows of one new id the first is new, each that says something else is an update. What
        was erased on request is not taken again, and counts as saying nothing new.
    """
    given = len(rows)
    rows = _not_erased(store, rows)
    if rows.empty:
        return Merged(0, 0, given)
    unique = collapsed(rows)
    stored = store.load(MENTIONS, where=[("mention_id", "in", unique["mention_id"].tolist())])
    ready = reconciled(stored, unique)
    # Where versions of a mention were put together, the text that matched may not be the one that stands now.
    together = ready["mention_id"].isin(stored["mention_id"]) | (len(unique) < len(rows))
    if together.any():
        ready.loc[together, "subjects"] = subjects_of(watch, ready.loc[together], store.key)
    # Counters and replaced texts first: of a run that is killed in between, the next one still sees that they are new.
    observed = _observed(stored, ready, observed_at)
    if len(observed):
        store.merge(ENGAGEMENT, observed)
    replaced = _replaced(stored, ready, observed_at)
    if len(replaced):
        store.merge(EARLIER_TEXTS, replaced)
    merged = store.merge(MENTIONS, ready)
    more = _other_versions(rows.loc[~rows["mention_id"].isin(stored["mention_id"])])
    return Merged(merged.new, merged.updated + more, given - merged.new - merged.updated - more)


def _not_erased(store: Store, rows: pd.DataFrame) -> pd.DataFrame:
    gone = set(store.load(ERASED, ["tombstone"])["tombstone"])
    if not gone or rows.empty:
        return rows
    key = store.key
    names = pd.concat([rows["mention_id"], rows["author"]]).dropna().unique()
    refused = {name for name in names if tombstone(key, name) in gone}
    return rows.loc[~rows["mention_id"].isin(refused) & ~rows["author"].isin(refused)]


def collapsed(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row an id, at the place of its first: latest values win, missing ones never, provenance is the first's."""
    doubled = rows["mention_id"].duplicated(keep=False)
    if not doubled.any():
        return rows.reset_index(drop=True)
    some = rows.loc[doubled].copy()
    for name in ("title", "text"):
        some[name] = some[name].where(some[name] != "")
    some["media"] = some["media"].map(lambda values: values or None)
    groups = some.groupby("mention_id", sort=False)
    merged = groups.last()
    for name in _FIRST:
        merged[name] = groups[name].first()
    for name in ("title", "text"):
        merged[name] = merged[name].fillna("")
    merged["media"] = [values if isinstance(values, list) else [] for values in merged["media"]]
    result = rows.drop_duplicates("mention_id").reset_index(drop=True)
    replaced = result["mention_id"].isin(merged.index)
    winners = merged.loc[result.loc[replaced, "mention_id"]].reset_index()[list(rows.columns)]
    winners.index = result.index[replaced]
    return pd.concat([result.loc[~replaced], winners]).sort_index()


def reconciled(stored: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows as they should stand in the store.

    A time of publication that moves would change what was visible in the past, so the first stays. Text is replaced by
    the source that brought it only: the same article in two feeds would change at each gather. But a whole text takes the
    place of a shorter one, whoever brings it, and what a feed gives of an article never takes that of its whole text.
    """
    before = stored.set_index("mention_id").reindex(rows["mention_id"]).set_axis(rows.index)
    known = before["source"].notna()
    if not known.any():
        return rows
    result = rows.copy()
    foreign = known & (before["source"] != rows["source"])
    longer = (rows["extent"] == Extent.FULL) & (before["extent"] != Extent.FULL) & known
    longer &= rows["text"].str.len() > before["text"].str.len().fillna(0)
    for name in _CONTENT:
        others = foreign & ~longer if name == "text" else foreign
        keeps = _given(before[name]) & (others | ~_given(rows[name])) & known
        result[name] = rows[name].where(~keeps, before[name])
    shorter = known & (before["extent"] == Extent.FULL) & (rows["extent"] != Extent.FULL)
    for name in ("title", "text"):
        result[name] = result[name].where(~(shorter & _given(before[name])), before[name])
    # How much a text is goes with the text.
    result["extent"] = rows["extent"].where(~(shorter | (foreign & ~longer)), before["extent"])
    published = before["published_at"]
    result["published_at"] = published.where(published.notna(), rows["published_at"])
    return result


def _given(values: pd.Series) -> pd.Series:
    return values.map(lambda value: isinstance(value, (str, list, np.ndarray)) and len(value) > 0).astype(bool)


def _observed(stored: pd.DataFrame, rows: pd.DataFrame, observed_at: datetime) -> pd.DataFrame:
    """Return the observations that say something new."""
    names = list(COUNTERS)
    before = stored.set_index("mention_id")[names].reindex(rows["mention_id"]).set_axis(rows.index)
    now = rows[names]
    differs = (now.notna() & ~(now == before).fillna(False).astype(bool)).any(axis=1)
    seen = rows.loc[differs, ["mention_id", *names]].copy()
    seen[names] = now.where(now.notna(), before).loc[differs]
    moments = rows.loc[differs, "gathered_at"]
    seen["observed_at"] = moments.where(moments.notna(), pd.Timestamp(observed_at))
    return seen


def _replaced(stored: pd.DataFrame, rows: pd.DataFrame, observed_at: datetime) -> pd.DataFrame:
    """Return the texts that the rows take the place of, as they stood."""
    before = stored.set_index("mention_id")[["title", "text"]].reindex(rows["mention_id"]).set_axis(rows.index)
    edited = before["text"].notna() & ((before["title"] != rows["title"]) | (before["text"] != rows["text"]))
    seen = rows["gathered_at"].where(rows["gathered_at"].notna(), pd.Timestamp(observed_at))
    return before.assign(mention_id=rows["mention_id"], replaced_at=seen).loc[edited]


def _other_versions(rows: pd.DataFrame) -> int:
    """Count rows that say something else than an earlier row of the same id."""
    doubled = rows.loc[rows["mention_id"].duplicated(keep=False)]
    names = ["mention_id", "title", "text", "published_at", *COUNTERS]
    versions = doubled.drop_duplicates(names)
    return len(versions) - int(versions["mention_id"].nunique())
