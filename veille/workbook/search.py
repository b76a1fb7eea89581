"""Find stored mentions by a query, with what was read in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd

from veille.images import words_by_mention
from veille.masking import mask_series
from veille.period import Period
from veille.query import parse
from veille.reading import READINGS, entities
from veille.store import Store
from veille.watch import Watch, confidential_terms

SAMPLES = 30
_READ = ["mention_id", "language", "story_id", "tone"]


@dataclass(frozen=True, slots=True)
class Found:
    """Mentions that match.

    Parameters
    ----------
    mentions
        Columns of `mentions`, `picture` (the words read in their pictures), `named` (who is named in them and may be told)
        and, where they were read, `language`, `story_id` and `tone`; oldest first.
    timezone
        Zone that days are counted in.
    terms
        Confidential terms, masked in everything that is shown.
    """

    mentions: pd.DataFrame
    timezone: str
    terms: tuple[str, ...] = ()

    @property
    def by_day(self) -> pd.Series:
        """Mentions a local day, by ISO date."""
        days = self.mentions["published_at"].dt.tz_convert(self.timezone).dt.strftime("%Y-%m-%d")
        counts: pd.Series = days.value_counts().sort_index()
        return counts

    @property
    def samples(self) -> Found:
        """At most 30 mentions, evenly spread over time."""
        step = max(1, -(-len(self.mentions) // SAMPLES))
        return Found(self.mentions.iloc[::step], self.timezone, self.terms)

    @property
    def shown(self) -> pd.DataFrame:
        """What a person may read: when, where, what, with handles, addresses and confidential terms masked."""
        found = self.mentions
        return pd.DataFrame(
            {
                "mention_id": found["mention_id"],
                "when": found["published_at"].dt.tz_convert(self.timezone).dt.strftime("%Y-%m-%d %H:%M"),
                "publisher": mask_series(found["publisher"].fillna("-"), self.terms),
                "kind": found["kind"],
                "tone": found["tone"],
                "title": mask_series(found["title"], self.terms),
                "text": mask_series(found["text"], self.terms),
                "url": mask_series(found["url"].fillna(""), self.terms),
                "subjects": found["subjects"].map(", ".join),
                "named": self._named(found),
                "picture": mask_series(found["picture"], self.terms) if "picture" in found else "",
            }
        )

    def _named(self, found: pd.DataFrame) -> pd.Series:
        if "named" not in found:
            return pd.Series([[] for _ in range(len(found))], index=found.index, dtype="object")
        names = found["named"].explode().dropna().astype("str")
        # A placeholder says nothing in a list of names.
        told = names[mask_series(names, self.terms) == names]
        kept = told.groupby(level=0).agg(list).reindex(found.index)
        return kept.map(lambda item: item if isinstance(item, list) else []).astype("object")


def search(
    watch: Watch,
    store: Store,
    as_of: datetime,
    query: str,
    *,
    first: date | None = None,
    last: date | None = None,
) -> Found:
    """Return the visible mentions that a Lucene query matches.

    Parameters
    ----------
    watch, store
        The watch and its memory.
    as_of
        What was known at this instant.
    query
        The query; empty means all.
    first, last
        Local days, inclusive.

    Raises
    ------
    QueryError
        The query cannot be read.
    """
    mentions = store.mentions(as_of)
    # Who is public is decided by all that was said that week, not by what the query finds of it.
    who = entities.public(watch, store, mentions).groupby("mention_id")["name"].agg(list)
    if first:
        mentions = mentions.loc[mentions["published_at"] >= pd.Timestamp(Period(first, first, watch.timezone).start)]
    if last:
        mentions = mentions.loc[mentions["published_at"] < pd.Timestamp(Period(last, last, watch.timezone).end)]
    words = words_by_mention(store, as_of)
    pictured, names = mentions["mention_id"].map(words), mentions["mention_id"].map(who)
    mentions = mentions.assign(
        picture=pictured.astype("object").fillna(""),
        named=names.astype("object").map(lambda item: item if isinstance(item, list) else []).astype("object"),
    )
    if query.strip():
        mentions = mentions.loc[parse(query).matches(mentions, store.key)]
    readings = store.load(READINGS, _READ)
    return Found(
        mentions.merge(readings, on="mention_id", how="left").reset_index(drop=True),
        watch.timezone,
        confidential_terms(watch),
    )
