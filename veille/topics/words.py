"""The words that tell a topic from the others, in the form people write them.

Class-based TF-IDF as in BERTopic (Grootendorst 2022, https://arxiv.org/abs/2203.05794), on tokens that are counted
without accents, case and plural and shown in their most frequent spelling. It is computed here rather than by BERTopic
because an update runs every few minutes and importing BERTopic alone takes longer than the update; `carry.model` gives
the same tokens to BERTopic itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy.sparse as sp

from veille.folding import fold, fold_text
from veille.topics.cluster import Labels
from veille.topics.stopwords import STOP_WORDS

TERM = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
# "dit-il", "a-t-on", "celui-ci": what follows the hyphen is grammar.
_INVERSION = r"(?:-t)?-(?:ils?|elles?|on|ce|je|tu|nous|vous|l[ae]s?|moi|toi|en|y|ci|leur|lui)$"
# The weight left to words that name the subject: they would head every topic of its watch.
_DEMOTED = 0.05
# A word written small so often is no name.
_SMALL_RATIO = 0.2
# Shorter prefixes ("prix" and "privé") say nothing about kinship.
_KIN_CHARACTERS = 5


@dataclass(frozen=True)
class Vocabulary:
    """Tokens of a corpus.

    Parameters
    ----------
    tokens
        One row a token in order of the texts: `row` (position of the text), `stem` (what is counted), `surface`.
    stems
        The distinct stems, sorted.
    surfaces
        The most frequent spelling of each stem.
    """

    tokens: pd.DataFrame
    stems: npt.NDArray[np.object_]
    surfaces: npt.NDArray[np.object_]

    def texts(self, rows: int) -> list[str]:
        """Return each text as its tokens in their shown spelling between spaces, `rows` texts."""
        shown = pd.Series(self.surfaces[self.tokens["stem"].cat.codes.to_numpy()], dtype="object")
        joined = shown.groupby(self.tokens["row"].to_numpy()).agg(" ".join)
        return joined.reindex(range(rows), fill_value="").tolist()


def vocabulary(texts: pd.Series) -> Vocabulary:
    """Split cleaned texts into the tokens that can say something about a topic.

    Parameters
    ----------
    texts
        One text a row, as `text.clean` returns them.
    """
    found = texts.reset_index(drop=True).astype("object").str.findall(TERM).explode().dropna()
    surface = found.reset_index(drop=True).astype("str").str.replace(f"(?i){_INVERSION}", "", regex=True)
    folded = fold(surface)
    long_enough = (surface.str.len() > 2) | ((surface.str.len() == 2) & surface.str.isupper())
    telling = long_enough & surface.str.contains(r"[^\W\d_]", regex=True) & ~folded.isin(STOP_WORDS)
    tokens = pd.DataFrame({"row": found.index, "stem": _stem(folded).to_numpy(), "surface": surface.to_numpy()})
    tokens = tokens.loc[telling.to_numpy()].reset_index(drop=True)
    tokens["stem"] = pd.Categorical(tokens["stem"], categories=sorted(tokens["stem"].unique()))
    counted = tokens.groupby(["stem", "surface"], observed=True).size().reset_index(name="count")
    # A common word is capitalised wherever a sentence begins; a name is never written small.
    counted["small"] = counted["surface"].str.islower() & (counted["count"] >= _SMALL_RATIO * _total(counted))
    ranking = ["stem", "small", "count", "surface"]
    counted = counted.sort_values(ranking, ascending=[True, False, False, False], kind="stable")
    shown = counted.drop_duplicates("stem").sort_values("stem")
    stems = np.array(tokens["stem"].cat.categories, dtype=object)
    return Vocabulary(tokens, stems, shown["surface"].to_numpy(dtype=object))


def class_tfidf(counts: sp.csr_matrix) -> sp.csr_matrix:
    """Return class-based TF-IDF: a term's share of its class times log(1 + mean class length / frequency of the term).

    Parameters
    ----------
    counts
        Occurrences, shape (classes, terms).
    """
    lengths = np.asarray(counts.sum(axis=1), dtype=np.float64).ravel()
    frequency = np.asarray(counts.sum(axis=0), dtype=np.float64).ravel()
    mean_length = int(lengths.mean()) if len(lengths) else 0
    idf = np.log1p(np.divide(mean_length, frequency, out=np.zeros_like(frequency), where=frequency > 0))
    shares = sp.diags(np.divide(1.0, lengths, out=np.zeros_like(lengths), where=lengths > 0))
    return sp.csr_matrix(shares @ counts @ sp.diags(idf))


def describe(
    texts: pd.Series, labels: Labels, *, count: int, demoted: Iterable[str] = (), contrast: bool = False
) -> list[list[str]]:
    """Return the most telling words of each cluster, first the most telling.

    Parameters
    ----------
    texts
        Cleaned texts, one a story.
    labels
        The cluster of each, from 0 without gaps.
    count
        At most so many words a cluster.
    demoted
        Phrases, such as the subjects' names, whose words come last.
    contrast
        Also weigh a word by how few of the clusters have it: among a dozen large ones class-based TF-IDF hardly does.

    Returns
    -------
    list of list of str
        In order of the labels; empty where a cluster has no telling word. No word of a list is the beginning of another.
    """
    clusters = int(labels.max()) + 1 if len(labels) else 0
    words = vocabulary(texts)
    if words.tokens.empty:
        return [[] for _ in range(clusters)]
    of_row = labels[words.tokens["row"].to_numpy()]
    codes = words.tokens["stem"].cat.codes.to_numpy()
    shape = (clusters, len(words.stems))
    counts = sp.csr_matrix((np.ones(len(codes)), (of_row, codes)), shape=shape)
    once = words.tokens.assign(cluster=of_row).drop_duplicates(["row", "stem"])
    support = sp.csr_matrix((np.ones(len(once)), (once["cluster"], once["stem"].cat.codes)), shape=shape)
    # A word of several stories tells more about what they share than one that a single story repeats.
    per_story = sp.diags(1.0 / np.maximum(np.bincount(labels, minlength=clusters), 1))
    scores = class_tfidf(counts).multiply((per_story @ support).sqrt()).tocsr()
    weights = np.where(np.isin(words.stems, _stems_of(demoted)), _DEMOTED, 1.0)
    if contrast:
        weights = weights * np.log((1 + clusters) / np.maximum(counts.getnnz(axis=0), 1))
    scores = scores @ sp.diags(weights)
    return [_distinct(scores[[row]], words, count) for row in range(clusters)]


def _total(counted: pd.DataFrame) -> pd.Series:
    return counted.groupby("stem", observed=True)["count"].transform("sum")


def _distinct(scores: sp.csr_matrix, words: Vocabulary, count: int) -> list[str]:
    order = np.lexsort((scores.indices, -np.round(scores.data, 12)))
    chosen: list[int] = []
    for term in scores.indices[order][: count * 5]:
        stem = str(words.stems[term])
        if not any(_kin(stem, str(words.stems[other])) for other in chosen):
            chosen.append(int(term))
        if len(chosen) == count:
            break
    return [str(words.surfaces[term]) for term in chosen]


def _kin(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return len(short) >= _KIN_CHARACTERS and long.startswith(short)


def _stem(folded: pd.Series) -> pd.Series:
    plural = folded.str.replace(r"(?<=[^\W\d_]{3})(?<!e)aux$", "al", regex=True)
    return plural.str.replace(r"(?<=[^\W\d_]{4})(?<![us])[sx]$|(?<=eau)x$", "", regex=True)


def _stems_of(phrases: Iterable[str]) -> Sequence[str]:
    folded = pd.Series([fold_text(phrase) for phrase in phrases], dtype="str").str.findall(TERM).explode().dropna()
    return list(_stem(folded.astype("str")).unique()) if len(folded) else []
