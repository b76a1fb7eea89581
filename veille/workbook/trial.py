"""Try a query before a watch relies on it: how much, what, beside which words, and what each of its NOTs removes.

A brand that is a word of the language (an orange, a casino, something free) shows here: by its neighbours, and by how often
it is written without a capital.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from veille.query import Query, exchanged, exclusions, fold_mentions, forms, parse, written
from veille.reading import READINGS
from veille.store import Store
from veille.topics.stopwords import STOP_WORDS
from veille.watch import Watch, confidential_terms
from veille.workbook.neighbours import NEIGHBOURS, neighbours, spellings
from veille.workbook.search import SAMPLES, Found

REMOVED_SAMPLES = 5
"""Samples of what a NOT removes."""
LEAST_DIFFERENCE_RATIO = 0.1
"""Share of the matches that the exact form must drop to be suggested."""
LEAST_MATCHES = 10
"""Matches below which no exact form is suggested: a few capitals say nothing."""
_READ = ["mention_id", "language", "story_id", "tone"]


@dataclass(frozen=True, slots=True)
class Removed:
    """What one NOT of a query removes.

    Parameters
    ----------
    query
        The NOT, as it would be written.
    count
        Mentions that would match without it.
    samples
        Some of them, as `Found.shown` has them.
    """

    query: str
    count: int
    samples: pd.DataFrame


@dataclass(frozen=True, slots=True)
class Exact:
    """The query with its words in their capitalised spellings only.

    Parameters
    ----------
    query
        That query.
    matched
        Mentions that match it, of those that match the query.
    suggested
        Whether it differs so much that a homonym is likely: a word of the language that is a name too.
    """

    query: str
    matched: int
    suggested: bool


@dataclass(frozen=True, slots=True)
class Trial:
    """What a query finds.

    Parameters
    ----------
    stored
        Mentions that were asked.
    found
        Those that match.
    samples
        At most `SAMPLES` of them, spread over days and sources.
    neighbours
        Frequent words and pairs of words near the match: `words`, `mentions`, and `exact`, how many of these mentions the exact
        form keeps (missing where there is none); most frequent first.
    removed
        What each NOT removes.
    exact
        The exact form; None where the query looks for no single word that is ever capitalised.
    """

    stored: int
    found: Found
    samples: Found
    neighbours: pd.DataFrame
    removed: tuple[Removed, ...]
    exact: Exact | None

    @property
    def matched(self) -> int:
        """Mentions that match."""
        return len(self.found.mentions)


def try_query(watch: Watch, store: Store, as_of: datetime, query: str) -> Trial:
    """Ask a query of the visible mentions.

    Parameters
    ----------
    watch, store
        The watch and its memory.
    as_of
        What was known at this instant.
    query
        The query.

    Raises
    ------
    QueryError
        The query cannot be read.
    """
    read = parse(query)
    mentions = store.mentions(as_of).merge(store.load(READINGS, _READ), on="mention_id", how="left")
    return try_on(mentions, read, watch.timezone, store.key, confidential_terms(watch))


def try_on(mentions: pd.DataFrame, query: Query, timezone: str, key: bytes, terms: tuple[str, ...] = ()) -> Trial:
    """Ask a query of a frame of mentions.

    Parameters
    ----------
    mentions
        Rows of MENTIONS; a column `tone` may be there.
    query
        The query.
    timezone
        Zone that days are counted in.
    key
        Key of the pseudonyms, for `author:`.
    terms
        Confidential terms, hidden in everything that is shown.
    """
    mentions = mentions.reset_index(drop=True)
    if "tone" not in mentions:
        mentions = mentions.assign(tone=pd.Series(pd.NA, index=mentions.index, dtype="str"))
    folded = fold_mentions(mentions)
    matches = query.matches(mentions, key, folded=folded).to_numpy(dtype=bool)
    matching = mentions.loc[matches].reset_index(drop=True)
    removed = []
    for text, rest in exclusions(query):
        wider = rest.matches(mentions, key, folded=folded).to_numpy(dtype=bool) if rest else np.ones(len(mentions), dtype=bool)
        gone = mentions.loc[wider & ~matches]
        removed.append(Removed(text, len(gone), Found(spread(gone, timezone, REMOVED_SAMPLES), timezone, terms).shown))
    exact, kept = _exact_form(query, matching, key)
    near = neighbours(matching, query, STOP_WORDS, terms, kept) if len(matching) else NEIGHBOURS.copy()
    found = Found(matching, timezone, terms)
    return Trial(len(mentions), found, Found(spread(matching, timezone), timezone, terms), near, tuple(removed), exact)


def spread(mentions: pd.DataFrame, timezone: str, most: int = SAMPLES) -> pd.DataFrame:
    """Return at most so many mentions, spread over sources first, then over days; oldest first.

    Parameters
    ----------
    mentions
        Mentions with `source` and `published_at`; those without a time count as one day.
    timezone
        Zone that days are counted in.
    most
        How many.
    """
    if len(mentions) <= most:
        return mentions.sort_values("published_at", kind="stable")
    days = mentions["published_at"].dt.tz_convert(timezone).dt.strftime("%Y-%m-%d").fillna("")
    # The second mention of a day and source comes after the first of every other day; days in an order that halves the gaps.
    turn = mentions.groupby([mentions["source"], days], sort=False).cumcount()
    ordered = pd.Series(_halving(days.nunique()), index=sorted(days.unique()))
    by_day = pd.DataFrame({"source": mentions["source"], "turn": turn, "day": days.map(ordered)})
    by_day["place"] = by_day.sort_values(["turn", "day"], kind="stable").groupby("source").cumcount()
    chosen = by_day.sort_values(["place", "source"], kind="stable").index[:most]
    return mentions.loc[chosen].sort_values("published_at", kind="stable")


def _halving(count: int) -> list[int]:
    """Return the turn of each of so many days in a row, such that any first few turns lie far apart (van der Corput)."""
    bits = max(1, (count - 1).bit_length())
    reversed_places = [int(f"{place:0{bits}b}"[::-1], 2) for place in range(count)]
    return pd.Series(reversed_places).rank(method="first").astype(int).tolist()


def _exact_form(query: Query, matching: pd.DataFrame, key: bytes) -> tuple[Exact | None, np.ndarray | None]:
    known = spellings(matching, query)
    if not known:
        return None, None
    root = exchanged(query.root, lambda words: forms(words, known[words]) if words in known else words)
    text = written(root)
    kept = Query(text, root).matches(matching, key).to_numpy(dtype=bool)
    count = int(kept.sum())
    dropped_ratio = 1 - count / len(matching)
    return Exact(text, count, len(matching) >= LEAST_MATCHES and dropped_ratio >= LEAST_DIFFERENCE_RATIO), kept
