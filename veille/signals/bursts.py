"""Bursts: words of which a subject's stories suddenly speak ill, for events that no topic holds together.

A strike of which forty people tell in forty ways is forty topics of one story and drowns in the usual volume of its
subject; the word "strike" rises all the same. Words are tested as topics are, in a family of their own.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from veille.signals import emergence, few
from veille.signals.affairs import Words
from veille.signals.candidates import Candidate, grown
from veille.signals.counts import MEASURES, WHOLE, Grid
from veille.signals.tables import SignalKind
from veille.signals.thresholds import Thresholds

_TESTED_WORDS = 400
# A word is thinner ground than a topic: its affair must hold it, and allege something in plain words.
_HOLDING_RATIO, _ALLEGING_RATIO, _ALLEGES = 1 / 3, 0.5, 0.2


def word_grid(words: Words, subject: str, days: pd.DatetimeIndex, since: int, least: int) -> Grid:
    """Return the daily counts of the words that some bad stories hold since a day, one unit a stem after the subject itself.

    Parameters
    ----------
    words
        The stories of the subject.
    days, since
        Days of the grid, and the column from which a word must be held.
    least
        Fewest bad stories that hold it since then.
    """
    column = days.get_indexer(pd.DatetimeIndex(words.stories["day"]))
    known = column >= 0
    bad = (words.stories["bad"] > 0).to_numpy()
    recent = np.asarray(words.matrix[known & bad & (column >= since)].sum(axis=0)).ravel()
    kept = np.flatnonzero(recent >= least)
    kept = np.sort(kept[np.argsort(-recent[kept], kind="stable")[:_TESTED_WORDS]])
    units = pd.DataFrame({"subject": subject, "topic_id": [WHOLE, *words.vocabulary[kept]]})
    every = sparse.csr_matrix(np.ones((words.matrix.shape[0], 1)))
    matrix = sparse.hstack([every, words.matrix[:, kept]]).tocoo()

    def counted(flag: NDArray[np.bool_]) -> NDArray[np.float64]:
        array = np.zeros((len(units), len(days)))
        chosen = known[matrix.row] & flag[matrix.row]
        np.add.at(array, (matrix.col[chosen], column[matrix.row[chosen]]), 1.0)
        return array

    flags = {name: (words.stories[name.removesuffix("_stories")] > 0).to_numpy() for name in (*MEASURES, "judged_stories")}
    counts = {name: counted(flag) for name, flag in flags.items()}
    counts["stories"] = counted(np.ones(len(column), dtype=bool))
    return Grid(units, days, counts)


def bursts(
    words: Words,
    subject: str,
    grid: Grid,
    exposure: NDArray[np.float64],
    tested_days: list[int],
    apart: frozenset[str],
    thresholds: Thresholds,
) -> list[Candidate]:
    """Return the affairs whose words rise among bad stories, most surprising first.

    Parameters
    ----------
    grid, exposure, tested_days
        As given to `emergence.run_tests`, of all units.
    apart
        Stories of affairs that are known already.
    """
    if not tested_days:
        return []
    since = max(0, tested_days[0] + 1 - max(thresholds.windows_days))
    mine = word_grid(words, subject, grid.days, since, thresholds.min_stories)
    if len(mine.units) < 2:
        return []
    tests = emergence.run_tests(mine, exposure, tested_days, thresholds, born=False)
    chosen = emergence.windows(mine, tests, emergence.unit_days(tests, thresholds.fdr_level), thresholds)
    if chosen.empty:
        return []
    # In a subject of which half is ill every day, a share says little of one word; the affair's own share is looked at below.
    mostly = chosen["share"] > thresholds.negative_share
    rises = chosen["found_bad"] & (chosen["p_value"] <= thresholds.window_p) & (chosen["bad"] >= thresholds.min_stories)
    chosen = chosen.assign(emergence=rises & mostly & (chosen["topic_id"] != WHOLE))
    best = emergence.best_windows(chosen, "emergence", "p_value")
    result: list[Candidate] = []
    for row in few.rows(best):
        first = row.first_day - pd.Timedelta(days=int(row.window_days) - 1)
        stem = int(np.flatnonzero(words.vocabulary == row.topic_id)[0])
        holds = np.asarray(words.matrix[:, [stem]].todense()).ravel() > 0
        bad = (words.stories["bad"] > 0).to_numpy() & words.window(first)
        seed = frozenset(words.stories.index[holds & bad])
        if any(2 * len(seed & other.stories) >= len(seed) for other in result) or 2 * len(seed & apart) >= len(seed):
            continue
        taken = apart.union(*(other.stories for other in result))
        candidate = Candidate(
            kind=SignalKind.NEGATIVE_EMERGENCE,
            subject=subject,
            topic_id="",
            first_day=row.first_day,
            window_days=int(row.window_days),
            p_value=float(row.p_value),
            expected=float(row.expected),
            recent_p=float(row.p_value),
            stories=seed,
        )
        affair = grown(candidate, words, seed - taken, taken)
        if affair.words and _hangs_together(words, affair.stories, holds, thresholds):
            result.append(affair)
    return result


def _hangs_together(words: Words, stories: frozenset[str], holds: NDArray[np.bool_], thresholds: Thresholds) -> bool:
    """Whether the affair of a word is one (enough of it holds the word), and something is alleged in most of it."""
    mine = words.stories.index.isin(list(stories))
    alleges = (words.stories["gravity"].fillna(0.0) >= _ALLEGES).to_numpy()
    bad = (words.stories["bad"] > 0).to_numpy()
    return bool(
        holds[mine].mean() >= _HOLDING_RATIO
        and alleges[mine].mean() >= _ALLEGING_RATIO
        and bad[mine].sum() >= thresholds.min_stories
    )
