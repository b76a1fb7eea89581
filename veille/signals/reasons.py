"""Reason words: what a signal's stories say that the subject's others do not, so that a page can say why in five words."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from veille.folding import fold, fold_text
from veille.topics.stopwords import STOP_WORDS
from veille.topics.telling import Words, stems

WORDS_KEPT = 10
_PRIOR_WORDS = 50.0
_LEAST_RATIO, _LEAST_STORIES, _LEAST_Z = 0.02, 2, 1.64
# Words looked at for each that is kept: some are links, names or say nothing.
_TRIED = 6
_LINK = r"https?://\S+"
_ACCENTED_RATIO = 0.25
# Words that name nobody: who is spoken to is no reason.
_WRITTEN = r"(?<![@\w])[^\W\d_]+"
# What only judges says that people are angry, not why.
_JUDGING = """
worst worse bad terrible horrible awful suck sucks sucked hate hated ridiculous frustrated frustrating frustration disappointed
disappointing disappointment pathetic unacceptable disgusting fail fails failed angry annoyed annoying stupid joke seriously
better best good great people wtf smh
nul nulle pire mauvais mauvaise affreux honte honteux lamentable scandaleux marre inadmissible inacceptable insupportable
penible pitoyable catastrophique ridicule enerve degoute decu decue furieux gens bravo super
"""
_NO_REASONS = STOP_WORDS | frozenset(_JUDGING.split())


def log_odds(inside: NDArray[np.float64], outside: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how much each word belongs to what is inside, in standard deviations, shape (words,).

    Parameters
    ----------
    inside, outside
        Stories that hold each word, of the signal and of the others, shape (words,).

    Notes
    -----
    Log odds ratio with an informative Dirichlet prior, the words of both together (Monroe, Colaresi & Quinn, 2008,
    "Fightin' words", Political Analysis 16(4), equations 16, 20 and 22).
    """
    both = inside + outside
    prior = _PRIOR_WORDS * both / max(1.0, float(both.sum()))
    weight = float(prior.sum())

    def odds(counts: NDArray[np.float64]) -> NDArray[np.float64]:
        total = float(counts.sum()) + weight
        return np.asarray(np.log((counts + prior) / np.maximum(total - counts - prior, 1e-9)))

    with np.errstate(divide="ignore", invalid="ignore"):
        z = (odds(inside) - odds(outside)) / np.sqrt(1 / (inside + prior) + 1 / (outside + prior))
    return np.asarray(np.where(both > 0, z, 0.0), dtype=np.float64)


def reason_words(
    words: Words, members: pd.DataFrame, names: frozenset[str] = frozenset(), limit: int = WORDS_KEPT
) -> list[str]:
    """Return the words that tell a signal from what else is said of its subject, the most telling first.

    Parameters
    ----------
    words
        All stories of the subject.
    members
        Those of the signal: `story_id`, `title`, `text`.
    names
        Folded words that name the subject: everybody says them.
    limit
        Most words.

    Returns
    -------
    list of str
        Each as it is written, in small letters; empty where nothing tells them apart.
    """
    mine = np.asarray(words.stories.index.isin(members["story_id"]), dtype=bool)
    if not mine.any():
        return []
    inside, outside = (np.asarray(words.matrix[rows].sum(axis=0), dtype=np.float64).ravel() for rows in (mine, ~mine))
    z = log_odds(inside, outside)
    least = max(_LEAST_STORIES, _LEAST_RATIO * mine.sum()) if mine.sum() > 1 else 1
    telling = np.flatnonzero((inside >= least) & (z >= _LEAST_Z))
    ranked = words.vocabulary[telling[np.argsort(-z[telling], kind="stable")]][: _TRIED * limit]
    spelled = _spellings(members["title"].fillna("") + " . " + members["text"].fillna(""), set(ranked))
    written = (spelled[stem] for stem in ranked if stem in spelled)
    return [word for word in written if fold_text(word) not in _NO_REASONS | names][:limit]


def _spellings(said: pd.Series, wanted: set[str]) -> dict[str, str]:
    """Return for each stem that is wanted its most frequent word, with the accents that most of those give it who give any."""
    lines = said.str.replace(_LINK, " ", regex=True).str.lower().str.findall(_WRITTEN)
    written = pd.Series([word for line in lines for word in set(line)], dtype="object").value_counts().sort_index()
    folded = fold(pd.Series(written.index, dtype="object")).to_numpy(dtype=object)
    counted = pd.DataFrame({"written": written.index, "folded": folded, "stories": written.to_numpy()})
    counted = counted.assign(
        stem=[found[0] if len(found) == 1 else "" for found in stems(counted["folded"])],
        together=counted.groupby("folded")["stories"].transform("sum"),
        accented=counted["written"] != counted["folded"],
    )
    # Few write "voté" where most vote; many leave the accents of "fumée" out.
    counted = counted.assign(accented=counted["accented"] & (counted["stories"] >= _ACCENTED_RATIO * counted["together"])).loc[
        lambda frame: frame["stem"].isin(wanted)
    ]
    first = counted.sort_values(
        ["stem", "together", "folded", "accented", "stories", "written"], ascending=[True, False, True, False, False, True]
    ).drop_duplicates("stem")
    return dict(zip(first["stem"], first["written"], strict=True))
