"""The one place where a mention becomes a row: identity, pseudonym, publisher and subjects are decided here."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime

import pandas as pd

from veille.gather.lookalikes import resemblances
from veille.gather.subjects import subjects_of
from veille.mention import MENTIONS, Mention, canonical_url, mention_id
from veille.pseudonym import pseudonyms
from veille.sources import clean
from veille.watch import Watch

_ALL = tuple(field.name for field in fields(Mention))
FIELDS = tuple(name for name in _ALL if name != "extent")
"""Names of the fields of a mention, which `--map` knows: how much of an article was read is known only to who read it."""
COUNTS = ("author_followers", "likes", "shares", "replies", "views")
TIMES = ("published_at", "gathered_at")
_OPTIONAL_TEXTS = ("publisher", "native_id", "url", "author", "parent_id", "language_declared", "extent")


def mentions_frame(
    mentions: list[Mention] | pd.DataFrame, watch: Watch, key: bytes, imported_at: datetime | None = None
) -> pd.DataFrame:
    """Return mentions as rows of MENTIONS, in their order; an id may occur more than once.

    Parameters
    ----------
    mentions
        Mentions, or a frame with fields of `Mention` as columns; `source`, `source_type` and `kind` must be there.
        Authors are raw, times carry an offset or are missing.
    watch
        The watch: outlet and language of its sources fill what mentions do not say, its queries give the subjects.
    key
        Key of the pseudonyms.
    imported_at
        When they were imported; None for gathered ones.
    """
    raw = mentions if isinstance(mentions, pd.DataFrame) else mention_rows(mentions)
    raw = raw.reset_index(drop=True)
    rows = pd.DataFrame(index=raw.index)
    for name in ("source", "source_type", "kind"):
        rows[name] = raw[name].astype("str")
    for name in ("title", "text"):
        rows[name] = _texts(raw, name).fillna("")
    for name in _OPTIONAL_TEXTS:
        texts = _texts(raw, name)
        rows[name] = texts.where(texts.str.strip() != "")
    for name in COUNTS:
        rows[name] = pd.to_numeric(_column(raw, name)).astype("Int64")
    for name in TIMES:
        rows[name] = pd.to_datetime(_column(raw, name), utc=True).astype("datetime64[us, UTC]")
    rows["imported_at"] = pd.Series(pd.Timestamp(imported_at) if imported_at else pd.NaT, index=raw.index)
    rows["media"] = [value if isinstance(value, list) else [] for value in _column(raw, "media")]
    rows["canonical_url"] = rows["url"].map({url: canonical_url(url) for url in rows["url"].dropna().unique()}).astype("str")
    # The last moment at which a name can be looked at.
    rows["resembles"] = resemblances(watch, rows["author"], _texts(raw, "author_name"))
    # The id is made of the pseudonym: with the handle in it, anyone could try handles against the ids.
    rows["author"] = pseudonyms(key, rows["author"])
    # Before watch.yml fills what mentions do not say: an edited outlet must not make every mention a second one.
    rows["mention_id"] = _ids(rows)
    for spec in watch.sources:
        of_source = rows["source"] == spec.id
        for name, value in (("publisher", spec.publisher), ("language_declared", spec.language)):
            if value:
                rows[name] = rows[name].mask(of_source & rows[name].isna(), value)
    hosts = rows["canonical_url"].str.extract(r"^https://([^/:]+)", expand=False)
    rows["publisher"] = rows["publisher"].fillna(hosts)
    rows["subjects"] = subjects_of(watch, rows, key)
    return rows[MENTIONS.column_names]


def mention_rows(mentions: list[Mention]) -> pd.DataFrame:
    """Return mentions as a frame of their fields, values as they are."""
    return pd.DataFrame({name: pd.Series([getattr(item, name) for item in mentions], dtype="object") for name in _ALL})


def _column(raw: pd.DataFrame, name: str) -> pd.Series:
    return raw[name] if name in raw.columns else pd.Series([None] * len(raw), index=raw.index, dtype="object")


def _texts(raw: pd.DataFrame, name: str) -> pd.Series:
    return _column(raw, name).map(clean, na_action="ignore").astype("str")


def _ids(rows: pd.DataFrame) -> list[str]:
    used = ("source", "source_type", "text", "title", "kind", "native_id", "url", "publisher", "author")
    columns = [rows[name].astype("object").where(rows[name].notna(), None).tolist() for name in used]
    times = [None if pd.isna(moment) else moment.to_pydatetime() for moment in rows["published_at"]]
    return [
        mention_id(
            Mention(source, type_, text, moment, title, kind, native_id=native, url=url, publisher=publisher, author=author)
        )
        for source, type_, text, title, kind, native, url, publisher, author, moment in zip(*columns, times, strict=True)
    ]
