"""Find who is named in what is shown: new texts are read once, and kept with the version that read them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter
from typing import TYPE_CHECKING

import pandas as pd

from veille.period import Period
from veille.reading.entities import english, french, lists, own, rules
from veille.reading.entities.rules import Span
from veille.reading.entities.tables import ENTITIES, EntityKind
from veille.reading.entities.variants import merged
from veille.reading.tables import READINGS
from veille.reading.texts import mention_texts
from veille.reading.unread import unread

if TYPE_CHECKING:
    from veille.store import Store
    from veille.watch import Watch

# Raised when a rule or a list changes.
_RULES = "entities-3"
MOST_TEXTS = 400
"""Texts read by one call: a week's bulletin shows fewer stories, and a statistical model reads a hundred a second."""
_READ_LANGUAGES = {"fr": french.names, "en": english.names}


@dataclass(frozen=True)
class EntitiesResult:
    """What one call of `find` did.

    Parameters
    ----------
    version
        Version of what found the names.
    read
        Texts read now.
    reused
        Texts that this version had read before.
    left
        Texts beyond the bound, not read.
    seconds
        What it took.
    """

    version: str
    read: int
    reused: int
    left: int
    seconds: float


def version(watch: Watch) -> str:
    """Return the version under which this watch's names are found now."""
    return f"{_RULES}/{french.version()}/{own.version(watch)}"


def find(
    watch: Watch,
    store: Store,
    as_of: datetime,
    period: Period,
    mention_ids: Iterable[str] | None = None,
    *,
    most: int = MOST_TEXTS,
) -> EntitiesResult:
    """Read the names in one text a story, and write ENTITIES.

    Parameters
    ----------
    watch, store, as_of
        The watch, its memory, and what was known at this instant.
    period
        Only stories published in it are read.
    mention_ids
        Mentions whose stories are read; all that match a subject where it is left out.
    most
        Most texts read by one call, the latest first.

    Raises
    ------
    StoreError
        The store cannot be read or written.

    Notes
    -----
    French is read by a model and rules, English by rules; in every other language only the watch's own names are found.
    """
    begun = perf_counter()
    current = version(watch)
    texts = _texts(store, as_of, period, mention_ids)
    new = unread(store, ENTITIES, texts, current, ["text_hash"])
    chosen = new.head(most)
    if len(chosen):
        store.merge(ENTITIES, ENTITIES.check(_read(watch, chosen).assign(version=current)))
    return EntitiesResult(current, len(chosen), len(texts) - len(new), len(new) - len(chosen), round(perf_counter() - begun, 3))


def named(watch: Watch, store: Store, mention_ids: Iterable[str]) -> pd.DataFrame:
    """Return who is named in mentions, each in one form and one kind.

    Parameters
    ----------
    mention_ids
        Mentions that were read; the others, and those that name nobody, are not in the answer.

    Returns
    -------
    pandas.DataFrame
        `mention_id`, `kind`, `name`, `own`: one row a mention and name.
    """
    ids = pd.Index(pd.unique(pd.Series(list(mention_ids), dtype="object")))
    readings = store.load(READINGS, ["mention_id", "text_hash"])
    readings = readings[readings["mention_id"].isin(ids)]
    found = store.load(ENTITIES, ["text_hash", "kind", "canonical", "own"], [("version", "=", version(watch))])
    found = found[(found["kind"] != EntityKind.NONE.value) & found["text_hash"].isin(readings["text_hash"])]
    told = merged(found).rename(columns={"canonical": "name"})
    joined = readings.merge(told, on="text_hash")[["mention_id", "kind", "name", "own"]]
    return joined.drop_duplicates().sort_values(["mention_id", "kind", "name"], ignore_index=True)


def _texts(store: Store, as_of: datetime, period: Period, mention_ids: Iterable[str] | None) -> pd.DataFrame:
    """Return `text_hash`, `language` and `lead` of the stories of a period, each once, the latest first."""
    mentions = store.mentions(as_of, period, ["mention_id", "published_at", "title", "text", "subjects"])
    mentions = mentions[mentions["published_at"] >= pd.Timestamp(period.start)]
    if mention_ids is None:
        mentions = mentions[mentions["subjects"].map(len) > 0]
    else:
        mentions = mentions[mentions["mention_id"].isin(list(mention_ids))]
    readings = store.load(READINGS, ["mention_id", "text_hash", "language", "story_id"])
    joined = mentions.merge(readings, on="mention_id").sort_values(["published_at", "mention_id"])
    joined = joined.drop_duplicates("story_id").drop_duplicates("text_hash").iloc[::-1].reset_index(drop=True)
    return joined.assign(lead=mention_texts(joined)["lead"])[["text_hash", "language", "lead"]]


def _read(watch: Watch, texts: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of ENTITIES of texts, one with no name where nobody is named."""
    mine = own.names_of(watch)
    rows: list[dict[str, object]] = []
    for language, group in texts.groupby("language", sort=True):
        read = _READ_LANGUAGES.get(str(language))
        spans = read(group["lead"].tolist()) if read else [[] for _ in range(len(group))]
        for text_hash, lead, found in zip(group["text_hash"], group["lead"], spans, strict=True):
            rows += [{"text_hash": text_hash, **row} for row in _rows(lead, found, mine)]
    return pd.DataFrame(rows)


def _rows(lead: str, found: list[Span], mine: dict[str, tuple[lists.Known, ...]]) -> list[dict[str, object]]:
    text = rules.straight(lead)
    own_names = lists.found(text, mine, any_case=True)
    rows: list[dict[str, object]] = [
        {"start": start, "end": end, "kind": item.kind.value, "name": lead[start:end], "canonical": item.shown, "own": True}
        for start, end, item in own_names
    ]
    rows += [
        {
            "start": span.start,
            "end": span.end,
            "kind": span.kind.value,
            "name": lead[span.start : span.end],
            "canonical": rules.without_title(span.name),
            "own": False,
        }
        for span in found
        if all(span.end <= start or end <= span.start for start, end, _ in own_names)
    ]
    nobody: dict[str, object] = {"start": 0, "end": 0, "kind": EntityKind.NONE.value, "name": "", "canonical": "", "own": False}
    return rows or [nobody]
