"""Which words stand near a match, and how it is spelled there: counted over all texts at once."""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from veille.folding import arrow_texts, fold, token_text
from veille.masking import mask_words
from veille.query import Query, Token, Words, looked_for

WINDOW_WORDS = 4
"""Words that say something, on each side of a match, that count as near."""
MOST_TEXTS = 20_000
"""Texts that are counted; of more, evenly spread ones are."""
MOST_NEIGHBOURS = 20
"""Words, and pairs of words, that are told."""
_MOST_SPELLINGS = 4
_LEAST_SPELLING_RATIO = 0.01
_ADDRESSES = r"\S+@\S+\.\S+|https?://\S+|www\.\S+"
NEIGHBOURS = pd.DataFrame(
    {
        "words": pd.Series(dtype="str"),
        "mentions": pd.Series(dtype="int64"),
        "exact": pd.Series(dtype="Int64"),
    }
)

Flags = npt.NDArray[np.bool_]


def neighbours(
    matching: pd.DataFrame, query: Query, stop_words: frozenset[str], terms: tuple[str, ...] = (), kept: Flags | None = None
) -> pd.DataFrame:
    """Count the words and pairs of words near what a query looks for, in mentions that match it.

    Parameters
    ----------
    matching
        Mentions that match, with title and text.
    query
        The query.
    stop_words
        Folded words that say nothing.
    terms
        Confidential terms; neighbours that hold one are left out, as are handles, addresses and numbers.
    kept
        Which of the mentions the exact form keeps; None where there is none.

    Returns
    -------
    pandas.DataFrame
        `words`, `mentions` (each counted once), `exact` (of these, how many are kept); most frequent first. Words that stand
        in one mention only are left out where ten or more match.
    """
    step = max(1, -(-len(matching) // MOST_TEXTS))
    flags = kept[::step] if kept is not None else None
    rows, codes, vocabulary = _tokens(matching.iloc[::step])
    anchors = _anchors(rows, codes, vocabulary, query)
    names = vocabulary.str.removeprefix("#")
    # Handles are people; numbers and single letters say nothing.
    telling = ~names.isin(stop_words) & (names.str.len() > 1) & ~names.str.startswith("@") & ~names.str.fullmatch(r"[\d_]+")
    content = telling.to_numpy(dtype=bool)[codes] | anchors
    rows, words, anchors = rows[content], names.to_numpy(dtype=object)[codes[content]], anchors[content]
    near = _near(rows, anchors)
    single = pd.DataFrame({"row": rows, "words": words})[near & ~anchors]
    together = (rows[1:] == rows[:-1]) & (near | anchors)[1:] & (near | anchors)[:-1] & ~(anchors[1:] & anchors[:-1])
    pair = pd.DataFrame({"row": rows[1:], "words": words[:-1] + " " + words[1:]})[together]
    least = 2 if len(matching) >= 10 else 1
    counted = pd.concat([_counted(found, flags, least) for found in (single, pair)])
    allowed = [len(mask_words([text], terms)) == 1 and mask_words([text], terms)[0] == text for text in counted["words"]]
    return counted.loc[allowed].sort_values(["mentions", "words"], ascending=[False, True], ignore_index=True)


def spellings(matching: pd.DataFrame, query: Query) -> dict[Words, list[str]]:
    """Return the capitalised spellings of each single word that a query looks for, most frequent first.

    Parameters
    ----------
    matching
        Mentions that match, with title and text.
    query
        The query.
    """
    wanted = [
        words
        for words in looked_for(query.root)
        if len(words.tokens) == 1 and not words.exact and not words.tokens[0].prefix and words.tokens[0].word[0] not in "@#"
    ]
    if not wanted or matching.empty:
        return {}
    step = max(1, -(-len(matching) // MOST_TEXTS))
    sample = matching.iloc[::step]
    split = pc.utf8_split_whitespace(token_text(_texts(sample), exact=True))
    spelled = pd.Series(pc.list_flatten(split).to_pandas()).astype("str").str.removeprefix("#")
    counts = spelled.value_counts()
    folded = fold(counts.index.to_series().reset_index(drop=True))
    found: dict[Words, list[str]] = {}
    for words in wanted:
        ours = counts[(folded == words.tokens[0].word).to_numpy()]
        capital = ours[[bool(text) and text[0].isupper() for text in ours.index]]
        frequent = capital[capital >= max(1.0, _LEAST_SPELLING_RATIO * ours.sum())]
        if len(frequent):
            found[words] = [str(text) for text in frequent.index[:_MOST_SPELLINGS]]
    return found


def _texts(mentions: pd.DataFrame) -> pa.Array:
    texts = mentions["title"].fillna("") + " . " + mentions["text"].fillna("")
    return pc.replace_substring_regex(arrow_texts(texts), pattern=_ADDRESSES, replacement=" ")


def _tokens(mentions: pd.DataFrame) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], pd.Series]:
    """Return for each word its text and its place in the vocabulary, and the vocabulary."""
    split = pc.utf8_split_whitespace(token_text(_texts(mentions)))
    words = pc.list_flatten(split)
    rows = pc.list_parent_indices(split).to_numpy(zero_copy_only=False).astype(np.int64)
    codes, vocabulary = pd.factorize(words.to_pandas())
    kept = np.asarray(words.to_pandas() != "", dtype=bool)
    return rows[kept], codes[kept].astype(np.int64), pd.Series(vocabulary, dtype="str")


def _anchors(rows: npt.NDArray[np.int64], codes: npt.NDArray[np.int64], vocabulary: pd.Series, query: Query) -> Flags:
    """Say which words are what the query looks for; of words near each other each is, of a phrase all together."""
    anchors = np.zeros(len(codes), dtype=bool)
    for words in looked_for(query.root):
        hits = [_is(token, vocabulary, exact=words.exact)[codes] for token in words.tokens]
        if words.between is not None:
            anchors |= np.logical_or.reduce(hits)
            continue
        last = len(codes) - len(hits) + 1
        if last <= 0:
            continue
        whole = np.logical_and.reduce([hit[place : last + place] for place, hit in enumerate(hits)])
        whole &= rows[:last] == rows[len(hits) - 1 :]
        for place in range(len(hits)):
            anchors[place : last + place] |= whole
    return anchors


def _is(token: Token, vocabulary: pd.Series, *, exact: bool) -> Flags:
    word = str(fold(pd.Series([token.word])).iloc[0]) if exact else token.word
    sign = "" if word[0] in "@#" else "#?"
    pattern = sign + re.escape(word) + (".*" if token.prefix else "")
    return np.asarray(vocabulary.str.fullmatch(pattern), dtype=bool)


def _near(rows: npt.NDArray[np.int64], anchors: Flags) -> Flags:
    near = np.zeros(len(rows), dtype=bool)
    for distance in range(1, min(WINDOW_WORDS, len(rows) - 1) + 1):
        same = rows[distance:] == rows[:-distance]
        near[distance:] |= anchors[:-distance] & same
        near[:-distance] |= anchors[distance:] & same
    return near


def _counted(found: pd.DataFrame, kept: Flags | None, least: int) -> pd.DataFrame:
    once = found.drop_duplicates()
    told = pd.DataFrame({"words": once["words"].astype("str"), "kept": kept[once["row"]] if kept is not None else True})
    counted = told.groupby("words", sort=False)["kept"].agg(["size", "sum"]).reset_index()
    counted = counted.loc[counted["size"] >= least].sort_values(["size", "words"], ascending=[False, True])
    counted = counted.head(MOST_NEIGHBOURS).rename(columns={"size": "mentions", "sum": "exact"})
    exact = counted["exact"].astype("Int64") if kept is not None else pd.Series(pd.NA, counted.index, dtype="Int64")
    return counted.assign(mentions=counted["mentions"].astype("int64"), exact=exact)
