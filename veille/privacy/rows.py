"""Take a scope out of every table, by what each column is declared to hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import pandas as pd

from veille.contract import Holds, Table
from veille.folding import fold_text
from veille.mention import MENTIONS
from veille.privacy.quoted import CUT, letters, without
from veille.privacy.scope import Scope
from veille.privacy.tables import all_tables, holding
from veille.reading.tables import READINGS
from veille.store import Store

Change = Callable[[pd.DataFrame], pd.DataFrame]

_WORD = re.compile(r"[^\W_]+")
_CHUNK = 20_000
_NAME_WORDS = 3


@dataclass
class Counts:
    """Rows that went and rows that something was taken out of, by place."""

    removed: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)

    def add(self, place: str, removed: int = 0, changed: int = 0) -> None:
        """Count; what is nothing names no place."""
        for counts, number in ((self.removed, removed), (self.changed, changed)):
            if number:
                counts[place] = counts.get(place, 0) + number

    @property
    def places(self) -> list[str]:
        """Places that something was removed from or changed in."""
        return sorted({*self.removed, *self.changed})


def remove(store: Store, scope: Scope) -> Counts:
    """Take a scope out of every table; the bytes stay on disk until `purge`."""
    counts = Counts()
    hashes = scope.hashes(store)
    found = _refounded(store, scope)
    if found is not None:
        counts.add(READINGS.name, changed=store.rewrite(READINGS, found))
    # Mentions last: of a run that is killed in between, the next one still sees what it is about.
    rest = [(table, column) for table, column in holding(Holds.MENTION) if table.name != MENTIONS.name]
    for table, column in rest:
        counts.add(table.name, store.remove(table, column.name, scope.ids) if scope.ids else 0)
    for table, column in holding(Holds.TEXT_HASH):
        counts.add(table.name, store.remove(table, column.name, hashes) if hashes else 0)
    for table, column in holding(Holds.AUTHOR):
        if table.name != MENTIONS.name and scope.authors:
            counts.add(table.name, store.remove(table, column.name, scope.authors))
    if scope.ids:
        unsaid = _unsaid(store, scope)
        for table in all_tables():
            if any(column.holds in (Holds.MENTIONS, Holds.QUOTE, Holds.WORDS) for column in table.columns):
                rows = _without_scope(table, scope, unsaid)
                counts.add(table.name, changed=store.rewrite(table, rows))
        answers = _orphaned(store, scope)
        if answers is not None:
            counts.add(MENTIONS.name, changed=store.rewrite(MENTIONS, answers))
        counts.add(MENTIONS.name, store.remove(MENTIONS, "mention_id", scope.ids))
    return counts


def purge(store: Store) -> None:
    """Leave nothing on disk but the latest version of every table."""
    for table in all_tables():
        store.purge(table)


def _refounded(store: Store, scope: Scope) -> Change | None:
    """Return how to give a story whose founder goes its earliest other member as founder; None where none needs it."""
    readings = store.load(READINGS, ["mention_id", "story_id"])
    bereft = readings.loc[readings["story_id"].isin(scope.ids) & ~readings["mention_id"].isin(scope.ids)]
    if bereft.empty:
        return None
    times = store.load(MENTIONS, ["mention_id", "published_at"])
    first = bereft.merge(times, on="mention_id", how="left").sort_values(["published_at", "mention_id"], kind="stable")
    founder = first.drop_duplicates("story_id").set_index("story_id")["mention_id"]

    def change(rows: pd.DataFrame) -> pd.DataFrame:
        named = rows["story_id"].map(founder)
        moved = named.notna() & ~rows["mention_id"].isin(scope.ids)
        story = rows["story_id"].where(~moved, named)
        likeness = rows["story_similarity"].where(~(moved & (named == rows["mention_id"])), 1.0)
        return rows.assign(story_id=story, story_similarity=likeness)

    return change


def _orphaned(store: Store, scope: Scope) -> Change | None:
    """Return how answers lose the native id of what they answered, which leads to its author; None where there are none."""
    known = scope.mentions.loc[scope.mentions["native_id"].notna(), ["source_type", "native_id"]]
    gone = pd.MultiIndex.from_frame(known)

    def answering(rows: pd.DataFrame) -> pd.Series:
        return rows["parent_id"].notna() & pd.MultiIndex.from_frame(rows[["source_type", "parent_id"]]).isin(gone)

    if not answering(store.load(MENTIONS, ["source_type", "parent_id"])).any():
        return None
    return lambda rows: rows.assign(parent_id=rows["parent_id"].where(~answering(rows), None))


def _without_scope(table: Table, scope: Scope, unsaid: frozenset[str]) -> Change:
    gone, texts = frozenset(scope.ids), scope.texts
    kinds = {kind: [column.name for column in table.columns if column.holds is kind] for kind in Holds}
    beside = _beside(table)

    def change(rows: pd.DataFrame) -> pd.DataFrame:
        result = rows.copy()
        for name in kinds[Holds.MENTIONS]:
            kept = [[one not in gone for one in ids] for ids in rows[name]]
            for other in (name, *beside.get(name, ())):
                lists = [_kept(values, keep) for values, keep in zip(rows[other], kept, strict=True)]
                result[other] = pd.Series(lists, index=rows.index, dtype="object")
        for name in kinds[Holds.WORDS]:
            said = [[word for word in words if word not in unsaid] for words in rows[name]]
            result[name] = pd.Series(said, index=rows.index, dtype="object")
        for name in kinds[Holds.QUOTE]:
            values = rows[name].dropna().unique().tolist()
            cut = dict(zip(values, without(values, texts), strict=True))
            quoted = rows[name].map(cut)
            for words in kinds[Holds.WORDS]:
                # A title of which nothing is left is told by the words that are.
                named = result[words].map(lambda known: ", ".join(known[:_NAME_WORDS]) or CUT)
                bare = quoted.notna() & (quoted != rows[name]) & (quoted.fillna("").map(letters) == "")
                quoted = quoted.where(~bare, named)
            result[name] = quoted
        return result

    return change


def _beside(table: Table) -> dict[str, list[str]]:
    """Return the columns in step with each list of mentions."""
    found: dict[str, list[str]] = {}
    last = ""
    for column in table.columns:
        last = column.name if column.holds is Holds.MENTIONS else last
        if column.holds is Holds.BESIDE:
            found.setdefault(last, []).append(column.name)
    return found


def _kept(values: Iterable[object], keep: list[bool]) -> list[object]:
    listed = list(values)
    return [value for value, stays in zip(listed, keep, strict=True) if stays] if len(listed) == len(keep) else listed


def _unsaid(store: Store, scope: Scope) -> frozenset[str]:
    """Return the words of topics and signals that only texts which go still say."""
    said = _words(scope.texts)
    columns = [(table, column.name) for table, column in holding(Holds.WORDS)]
    listed = {str(word) for table, name in columns for words in store.load(table, [name])[name] for word in words}
    parts = {word: set(_WORD.findall(fold_text(word))) for word in listed}
    doubtful = {word: tokens for word, tokens in parts.items() if tokens and tokens <= said}
    left = set().union(*doubtful.values()) if doubtful else set()
    if left:
        kept = store.load(MENTIONS, ["mention_id", "title", "text"])
        kept = kept.loc[~kept["mention_id"].isin(scope.ids)]
        for start in range(0, len(kept), _CHUNK):
            part = kept.iloc[start : start + _CHUNK]
            left -= _words([*part["title"], *part["text"]])
            if not left:
                break
    return frozenset(word for word, tokens in doubtful.items() if tokens & left)


def _words(texts: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for text in texts:
        found.update(_WORD.findall(fold_text(text)))
    return found
