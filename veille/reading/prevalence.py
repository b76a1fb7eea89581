"""What share of stories is negative, knowing how often the tone model errs.

A share counted from what a model calls negative is wrong by what the model gets wrong: at 5 % of truly negative texts, the
fifth of the others that it mistakes weighs more than they do. Here the scores are not counted but weighed: how likely is the
whole heap of scores, for each possible share, given how scores of negative texts and of others were measured to fall?
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from veille.mention import MentionKind
from veille.reading import tone

Floats = NDArray[np.float64]

LEVEL = 0.95
STEPS = 401
_GRID = np.linspace(0.0, 1.0, STEPS)
# Measured counts are themselves a sample: so many sets of rates that they allow are weighed.
_DRAWS = 64
_SMOOTHING = 0.5
# Further from every mixture than this, a share, or told by fewer scores: the rates are not taken for these texts.
MISFIT = 0.10
FEWEST = 100
# A language whose error was never measured is counted as it is read, from this probability on.
_APPARENT = 0.5


@dataclass(frozen=True, slots=True)
class Prevalence:
    """The share of negative stories, corrected for the error of the reading.

    Parameters
    ----------
    read
        Stories whose tone was read.
    uncorrected
        Those among them in a language, of a kind or by a model whose error was never measured: they are counted as read.
    share
        The likeliest share, 0 to 1; None without stories.
    low, high
        Its 95 % interval, which carries the chance of few stories and that of few measured texts; None without stories.
    """

    read: int
    uncorrected: int
    share: float | None
    low: float | None
    high: float | None


def negative_share(stories: pd.DataFrame) -> Prevalence:
    """Estimate the share of negative stories.

    Parameters
    ----------
    stories
        One row a story: `p_negative` (0 to 1, missing where its tone was not read) and `language`; where there is one, `kind`
        (of a mention) tells headlines, of which the model errs otherwise, from posts, and `measured` (of `tone.measured`) those
        that were read by a model whose error is known.

    Returns
    -------
    Prevalence
        Stories that were not read are in no figure.

    Notes
    -----
    Maximum likelihood of the mixture of two histograms (Saerens, Latinne, Decaestecker 2002; Forman 2008, "mixture model"):
    the scores fall in bins; a share `s` gives bin `b` the probability s·P(b | negative) + (1 - s)·P(b | other). The interval
    is the highest-density one of the posterior with a flat prior, averaged over draws of both histograms from the Dirichlet
    distributions that their measured counts allow. Languages and kinds are estimated apart, each weighs as many stories
    as it has.
    """
    read = stories.loc[stories["p_negative"].notna()]
    if read.empty:
        return Prevalence(0, 0, None, None, None)
    posterior, share, uncorrected, before = np.ones(1), 0.0, 0, 0
    article = (read["kind"] == MentionKind.ARTICLE.value).to_numpy(dtype=bool) if "kind" in read else np.zeros(len(read), bool)
    kind = np.where(article, "article", "post")
    known = read["measured"].to_numpy(dtype=bool) if "measured" in read else np.ones(len(read), bool)
    for (code, name, rated), same in read.groupby([read["language"], kind, known], sort=True, dropna=False):
        scores = same["p_negative"].to_numpy(dtype=np.float64)
        measured = tone.score_bins(str(code), str(name)) if rated else None
        if measured is not None:
            own, best = _measured(scores, str(code), str(name), measured[0])
        else:
            own, best = _apparent(scores)
            uncorrected += len(scores)
        posterior = _added(posterior, before, own, len(scores))
        share = (before * share + len(scores) * best) / (before + len(scores))
        before += len(scores)
    low, high = _densest(posterior)
    return Prevalence(before, uncorrected, round(share, 4), round(min(low, share), 4), round(max(high, share), 4))


def comparable(mentions: pd.DataFrame) -> pd.Series:
    """Say which mentions' scores fall as those of the texts that the error was measured on.

    Parameters
    ----------
    mentions
        All that a share may be made of, one row a mention: `p_negative` (missing where not read), `language`, `kind`.

    Returns
    -------
    pandas.Series
        True where the mixture that fits best explains the scores of that language and kind; False where none does, where no
        error was measured, and where fewer than 100 were read, too few to tell.

    Notes
    -----
    Pearson's statistic of the fit less its degrees of freedom, a score: at most .10. It is .02 on held-out French tweets and
    below 0 on English ones; on headlines and on customers' tweets to an operator, whose shares a correction makes no better
    or much worse, .18 and .13.
    """
    kind = mentions["kind"].eq(MentionKind.ARTICLE.value).map({True: "article", False: "post"})
    answer = pd.Series(data=False, index=mentions.index)
    read = mentions["p_negative"].notna()
    for (code, name), same in mentions.loc[read].groupby([mentions["language"], kind], sort=True):
        rates = tone.score_bins(str(code), str(name))
        if rates is None or len(same) < FEWEST:
            continue
        heap = np.bincount(np.digitize(same["p_negative"].to_numpy(np.float64), rates[0]), minlength=len(rates[0]) + 1)
        logs = _log_chance(str(code), str(name))
        awaited = np.exp(logs[(logs @ heap).argmax()]) * len(same)
        misfit = (float(((heap - awaited) ** 2 / awaited).sum()) - (len(heap) - 2)) / len(same)
        answer[same.index] = misfit <= MISFIT
    return answer


def _measured(scores: Floats, language: str, kind: str, edges: Floats) -> tuple[Floats, float]:
    """Return the posterior of the share on the grid, and the likeliest share."""
    heap = np.bincount(np.digitize(scores, edges), minlength=len(edges) + 1).astype(np.float64)
    by_draw = _log_chances(language, kind) @ heap
    likelihood = np.exp(by_draw - by_draw.max()).mean(axis=0)
    return likelihood / likelihood.sum(), float(_GRID[(_log_chance(language, kind) @ heap).argmax()])


def _apparent(scores: Floats) -> tuple[Floats, float]:
    part = float((scores >= _APPARENT).sum())
    with np.errstate(divide="ignore", invalid="ignore"):
        # 0 · log 0 is 0 at the ends of the grid.
        logs = np.nan_to_num(part * np.log(_GRID), nan=0.0) + np.nan_to_num((len(scores) - part) * np.log1p(-_GRID), nan=0.0)
    likelihood = np.exp(logs - logs.max())
    return likelihood / likelihood.sum(), part / len(scores)


@cache
def _log_chance(language: str, kind: str) -> Floats:
    """Return the log probability of each bin for each share: shape (STEPS, bins), by the smoothed counts."""
    smoothed = _counts(language, kind)
    return _mixture(smoothed / smoothed.sum(axis=1, keepdims=True))


@cache
def _log_chances(language: str, kind: str) -> Floats:
    """Return the same for each draw of the rates: shape (draws, STEPS, bins)."""
    chance = np.random.default_rng(0)
    drawn = np.stack([chance.dirichlet(row, _DRAWS) for row in _counts(language, kind)], axis=1)
    return np.stack([_mixture(pair) for pair in drawn])


def _counts(language: str, kind: str) -> Floats:
    measured = tone.score_bins(language, kind)
    return np.ones((2, 1)) if measured is None else measured[1] + _SMOOTHING


def _mixture(rates: Floats) -> Floats:
    return np.asarray(np.log(np.maximum(_GRID[:, None] * rates[0] + (1 - _GRID[:, None]) * rates[1], 1e-300)), np.float64)


def _added(one: Floats, one_stories: int, other: Floats, other_stories: int) -> Floats:
    """Return the posterior of the share of two heaps of stories together, on the grid."""
    if not one_stories:
        return other
    total = one_stories + other_stories
    place = np.rint((STEPS - 1) * (one_stories * _GRID[:, None] + other_stories * _GRID[None, :]) / total).astype(np.int64)
    return np.asarray(np.bincount(place.ravel(), np.outer(one, other).ravel(), STEPS), dtype=np.float64)


def _densest(posterior: Floats) -> tuple[float, float]:
    """Return the ends of the narrowest set of shares that holds LEVEL of the posterior."""
    order = np.argsort(-posterior, kind="stable")
    kept = order[: int(np.searchsorted(posterior[order].cumsum(), LEVEL)) + 1]
    return float(_GRID[kept.min()]), float(_GRID[kept.max()])
