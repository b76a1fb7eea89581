"""Stories: near-duplicates, reposts and wire copies collapsed, without looking ahead.

Everything downstream counts stories, because one dispatch printed by ten papers is one thing said, not ten. A mention
may only join one that was known before it, so a story's id never depends on what came later, and replay sees what
production saw.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.feature_extraction.text import HashingVectorizer

from veille.folding import fold

THRESHOLD = 0.5
SHORT_THRESHOLD = 0.85
WINDOW_DAYS = 14
# Below this many words, likeness says nothing: "Merci !" by two people is two things said.
FEWEST_WORDS = 5
# From here on the threshold is `THRESHOLD`; between the two it falls in a straight line from `SHORT_THRESHOLD`.
LONG_WORDS = 20
# What one outlet publishes again under another address is the same story only where its title shares so many words, and
# where it filled the same form several times already (weather, horoscopes, fashion shows), nearly all of them.
SAME_TITLE = 0.5
SAME_FORM_TITLE = 0.8
FORM_COPIES = 3
_BUCKETS = 2**20
_ROWS_A_BLOCK = 512
_COLUMNS_A_BLOCK = 8192

_PATTERN = r"[^\W_]{4,}|\d+"  # short words are grammar
_TITLE_PATTERN = r"[^\W_]{3,}|\d+"
_MONTHS = {
    name: number
    for names in (
        "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
        "january february march april may june july august september october november december",
    )
    for number, name in enumerate(names.split(), start=1)
}
_DAY_NAMED = (
    rf"\b(?:(?P<day>\d{{1,2}})(?:er|st|nd|rd|th)? (?P<month>{'|'.join(_MONTHS)})|(?P<first>\d{{1,2}})/(?P<second>\d{{1,2}}))\b"
)
_TITLE_WORDS = HashingVectorizer(
    n_features=_BUCKETS, token_pattern=_TITLE_PATTERN, lowercase=False, binary=True, norm=None, alternate_sign=False
)


@dataclass(frozen=True)
class Links:
    """For each row, the earlier row it joins.

    Parameters
    ----------
    earlier
        Shape (rows,): position of the row it joins, -1 where it founds its own story.
    similarity
        Shape (rows,): cosine of shingles with that row, 1 for a founder.
    """

    earlier: NDArray[np.int64]
    similarity: NDArray[np.float64]


def known_at(mentions: pd.DataFrame) -> pd.Series:
    """Return when each mention could first be known: publication, or gathering where that came later."""
    return mentions["published_at"].where(
        mentions["gathered_at"].isna() | (mentions["gathered_at"] < mentions["published_at"]), mentions["gathered_at"]
    )


@cache
def _vectorizer() -> HashingVectorizer:
    lines = resources.files("veille.reading").joinpath("lexicon", "common.txt").read_text("utf-8").splitlines()
    return HashingVectorizer(
        n_features=_BUCKETS,
        token_pattern=_PATTERN,
        stop_words=[line for line in lines if not line.startswith("#")],
        lowercase=False,
        ngram_range=(1, 2),
        alternate_sign=False,
        norm="l2",
        dtype=np.float32,
    )


def shingles(text: pd.Series) -> sp.csr_matrix:
    """Return the telling words and pairs of neighbouring telling words of folded texts as unit rows, shape (texts, 2**20)."""
    return sp.csr_matrix(_vectorizer().transform(text))


def threshold(words: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the cosine from which texts of so many words are one story: short texts must be nearly the same.

    Parameters
    ----------
    words
        Numbers of words; below `FEWEST_WORDS` the threshold is out of reach (2).
    """
    slope = (np.asarray(words, dtype=np.float64) - FEWEST_WORDS) / (LONG_WORDS - FEWEST_WORDS)
    level = SHORT_THRESHOLD - (SHORT_THRESHOLD - THRESHOLD) * np.clip(slope, 0, 1)
    return np.where(np.asarray(words) < FEWEST_WORDS, 2.0, level)


def assign(mentions: pd.DataFrame) -> pd.DataFrame:
    """Give each new mention its story.

    Parameters
    ----------
    mentions
        `mention_id`, `known_at`, `published_at`, `kind`, `source_type`, `native_id`, `parent_id`, `canonical_url`,
        `publisher`, `title`, `story_text`, and `story_id`, which is missing for the new ones.

    Returns
    -------
    pandas.DataFrame
        The new mentions, indexed as given: `story_id` and `story_similarity`.

    Notes
    -----
    Links, the first that applies: a repost joins its parent or the last repost of it; the same canonical address; the
    same folded text of at least five words; the most similar earlier text of the last 14 days above `threshold`, whose
    title must be alike too where one outlet published both. A story takes no member more than 14 days after its founder:
    a text that comes back later is told anew.
    """
    order = mentions.sort_values(["known_at", "published_at", "mention_id"], kind="stable")
    new = order["story_id"].isna().to_numpy()
    if not new.any():
        return pd.DataFrame({"story_id": pd.Series(dtype="object"), "story_similarity": pd.Series(dtype="float64")})
    moment = _microseconds(order["known_at"])
    window = WINDOW_DAYS * 86_400_000_000
    folded = fold(order["story_text"])
    words = folded.str.count(r"[^\W_]+").to_numpy().astype(np.int64)
    links, copies = _by_key(order, folded, words, moment, window)
    links = _by_likeness(links, folded, words, moment, window, _Titles.of(order), new=new, candidates=~copies)
    founder = _founders(links, order, moment, window, new)
    ids = order["mention_id"].to_numpy(dtype="object")
    old = order["story_id"].to_numpy(dtype="object")
    root = founder.earlier
    story = np.where(new[root], ids[root], old[root])
    result = pd.DataFrame({"story_id": story, "story_similarity": founder.similarity}, index=order.index)
    return result[new]


def _microseconds(moments: pd.Series) -> NDArray[np.int64]:
    return moments.astype("datetime64[us, UTC]").astype("int64").to_numpy().astype(np.int64)


def _by_key(
    order: pd.DataFrame, folded: pd.Series, words: NDArray[np.int64], moment: NDArray[np.int64], window: int
) -> tuple[Links, NDArray[np.bool_]]:
    """Link by what is identical; also say which rows are word-for-word copies of one in their window."""
    rows = len(order)
    place = pd.Series(np.arange(rows), index=order.index)
    earlier = np.full(rows, -1, dtype=np.int64)
    source = order["source_type"].astype("object").fillna("")
    repost = (order["kind"] == "repost") & order["parent_id"].notna()
    own = (source + "\x1f" + order["native_id"].astype("object")).where(order["native_id"].notna())
    parent = (source + "\x1f" + order["parent_id"].astype("object")).where(repost)
    thread = parent.where(repost, own)
    same_text = folded.where(words >= FEWEST_WORDS)
    copies = np.zeros(rows, dtype=bool)
    for key, allowed in ((thread, repost), (order["canonical_url"].astype("object"), None), (same_text, None)):
        before = place.groupby(key, sort=False).shift(1).fillna(-1).to_numpy(dtype=np.int64)
        hit = (before >= 0) & (moment - moment[before] <= window)
        if allowed is not None:
            hit &= allowed.to_numpy(dtype=bool)
        if key is same_text:
            copies = hit
        earlier = np.where((earlier < 0) & hit, before, earlier)
    return Links(earlier, np.ones(rows)), copies


def _date(title: pd.Series) -> NDArray[np.int64]:
    """Return the first day named in each folded title, in words or as 30/01, as 100 · month + day; 0 without one."""
    found = title.astype("object").str.extract(_DAY_NAMED)
    numbers = found.assign(month=found["month"].map(_MONTHS)).astype("float64").to_numpy()
    day, month, first, second = (np.nan_to_num(numbers[:, place]) for place in range(4))
    day, month = np.where(day > 0, day, first), np.where(month > 0, month, second)
    return np.asarray(100 * month + day, dtype=np.int64)


@dataclass(frozen=True)
class _Titles:
    """Titles and outlets of all rows, to tell a form filled anew from a story told again.

    Parameters
    ----------
    outlet
        Number of the outlet, -1 where there is none or no title; shape (rows,).
    words
        Which words each title has, shape (rows, 2**20).
    date
        The day that a title names, 100 times the month and the day of the month; 0 where it names none; shape (rows,).
    """

    outlet: NDArray[np.int64]
    words: sp.csr_matrix
    date: NDArray[np.int64]

    @classmethod
    def of(cls, order: pd.DataFrame) -> _Titles:
        title = fold(order["title"])
        titled = title.str.len().to_numpy() > 0
        outlet = pd.factorize(order["publisher"].astype("object"))[0].astype(np.int64)
        return cls(np.where(titled, outlet, -1), sp.csr_matrix(_TITLE_WORDS.transform(title)), _date(title))

    def told_anew(self, row: NDArray[np.int64], earlier: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Say of each pair of similar texts whether it is one outlet's new text in an old form, shape (pairs,)."""
        same = (self.outlet[row] >= 0) & (self.outlet[row] == self.outlet[earlier])
        one, other = self.words[row], self.words[earlier]
        shared = np.asarray(one.multiply(other).sum(axis=1)).ravel()
        union = np.asarray(one.sum(axis=1)).ravel() + np.asarray(other.sum(axis=1)).ravel() - shared
        likeness = np.round(np.divide(shared, union, out=np.ones(len(row)), where=union > 0), 5)
        differs = same & (likeness < SAME_FORM_TITLE)
        filled = np.bincount(row[differs], minlength=int(row.max(initial=-1)) + 1)[row] >= FORM_COPIES
        dated = (self.date[row] > 0) & (self.date[earlier] > 0) & (self.date[row] != self.date[earlier])
        return np.asarray(same & (dated | (likeness < np.where(filled, SAME_FORM_TITLE, SAME_TITLE))))


def _by_likeness(
    links: Links,
    folded: pd.Series,
    words: NDArray[np.int64],
    moment: NDArray[np.int64],
    window: int,
    titles: _Titles,
    *,
    new: NDArray[np.bool_],
    candidates: NDArray[np.bool_],
) -> Links:
    """Link what no key linked to its most similar earlier text, block by block so that memory stays bounded."""
    earlier, similarity = links.earlier.copy(), links.similarity.copy()
    pool = np.flatnonzero(candidates & (words >= FEWEST_WORDS))
    asking = pool[new[pool] & (earlier[pool] < 0)]
    if not len(asking):
        return links
    first = np.searchsorted(moment[pool], moment[asking[0]] - window)
    pool = pool[first:]
    vectors = shingles(folded.iloc[pool])
    limit = threshold(words[pool])
    seat = np.searchsorted(pool, asking)
    for start in range(0, len(seat), _ROWS_A_BLOCK):
        rows = seat[start : start + _ROWS_A_BLOCK]
        low = int(np.searchsorted(moment[pool], moment[pool[rows[0]]] - window))
        pairs: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]] = []
        for left in range(low, int(rows[-1]), _COLUMNS_A_BLOCK):
            right = min(left + _COLUMNS_A_BLOCK, int(rows[-1]))
            product = (vectors[rows] @ vectors[left:right].T).tocoo()
            row, column = product.row.astype(np.int64), product.col.astype(np.int64) + left
            value = np.round(np.minimum(product.data.astype(np.float64), 1.0), 5)
            keep = value >= THRESHOLD
            row, column, value = row[keep], column[keep], value[keep]
            keep = (column < rows[row]) & (value >= np.maximum(limit[rows[row]], limit[column]))
            keep &= moment[pool[rows[row]]] - moment[pool[column]] <= window
            pairs.append((row[keep], column[keep], value[keep]))
        if not pairs:
            continue
        row, column, value = (np.concatenate(parts) for parts in zip(*pairs, strict=True))
        keep = ~titles.told_anew(pool[rows[row]], pool[column])
        row, column, value = row[keep], column[keep], value[keep]
        # The most similar; of equals the earliest.
        ranked = np.lexsort((column, -value, row))
        row, column, value = row[ranked], column[ranked], value[ranked]
        head = np.flatnonzero(np.r_[True, row[1:] != row[:-1]]) if len(row) else np.empty(0, dtype=np.int64)
        earlier[pool[rows[row[head]]]] = pool[column[head]]
        similarity[pool[rows[row[head]]]] = value[head]
    return Links(earlier, similarity)


def _founders(links: Links, order: pd.DataFrame, moment: NDArray[np.int64], window: int, new: NDArray[np.bool_]) -> Links:
    """Follow links to the founders, cutting what would join a story older than the window."""
    rows = len(order)
    earlier = np.where(new, links.earlier, -1)
    similarity = np.where(earlier >= 0, links.similarity, 1.0)
    first = pd.Series(moment, index=order["story_id"]).groupby(level=0).min()
    begun = np.where(new, moment, first.reindex(order["story_id"]).fillna(0).to_numpy(dtype=np.int64))
    while True:
        root = np.where(earlier >= 0, earlier, np.arange(rows))
        while True:
            further = root[root]
            if np.array_equal(further, root):
                break
            root = further
        late = (earlier >= 0) & (moment - begun[root] > window)
        # Of a late chain only its first member is cut: the ones after it may stay with that one.
        cut = late & ~late[np.where(earlier >= 0, earlier, 0)]
        if not cut.any():
            return Links(root, similarity)
        earlier[cut] = -1
        similarity[cut] = 1.0
