"""Bursts: words of which a subject's stories suddenly speak ill, for events that no topic holds together.

A strike of which forty people tell in forty ways is forty topics of one story and drowns in the usual volume of its
subject; the word "strike" rises all the same. Words are tested as topics are, in a family of their own.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from veille.signals import emergence, few, surprise
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
    spoken: dict[str, Words],
    days: pd.DatetimeIndex,
    exposure: NDArray[np.float64],
    tested_days: list[int],
    apart: frozenset[str],
    thresholds: Thresholds,
) -> list[Candidate]:
    """Return the affairs whose words rise among bad stories, most surprising first of each subject.

    Parameters
    ----------
    spoken
        The words of each subject's stories.
    days, exposure, tested_days
        Days of the grid, their weights, and its columns on which windows end, as given to `emergence.run_tests`.
    apart
        Stories of affairs that are known already.
    """
    grids, tests = word_tests(spoken, days, exposure, tested_days, thresholds)
    return affairs_of(spoken, grids, tests, apart, thresholds)


def word_tests(
    spoken: dict[str, Words],
    days: pd.DatetimeIndex,
    exposure: NDArray[np.float64],
    tested_days: list[int],
    thresholds: Thresholds,
) -> tuple[dict[str, Grid], pd.DataFrame]:
    """Return the grid of each subject of which some words can be tested, and their tests; parameters as of `bursts`."""
    grids: dict[str, Grid] = {}
    tests = [pd.DataFrame({"subject": [], "topic_id": []})]
    since = max(0, tested_days[0] + 1 - max(thresholds.windows_days)) if tested_days else 0
    for subject, words in spoken.items() if tested_days else ():
        mine = word_grid(words, subject, days, since, thresholds.min_stories)
        if len(mine.units) > 1:
            grids[subject] = mine
            found = emergence.run_tests(mine, exposure, tested_days, thresholds, born=False, wholes=False, measures=MEASURES)
            tests.append(found)
    return grids, pd.concat(tests[1:] or tests, ignore_index=True)


def affairs_of(
    spoken: dict[str, Words], grids: dict[str, Grid], tests: pd.DataFrame, apart: frozenset[str], thresholds: Thresholds
) -> list[Candidate]:
    """Return the affairs of the words that are discovered among all, most surprising first of each subject.

    Parameters
    ----------
    grids, tests
        Result of `word_tests`.
    """
    if tests.empty:
        return []
    result: list[Candidate] = []
    verdicts = discovered(tests, thresholds.fdr_level)
    for subject in sorted(set(verdicts.loc[verdicts["found_bad"], "subject"])):
        # Both are of one subject: units are numbered anew in each.
        mine_tests, mine_verdicts = (frame.loc[frame["subject"] == subject] for frame in (tests, verdicts))
        chosen = emergence.windows(grids[subject], mine_tests, mine_verdicts, thresholds)
        result += _affairs(spoken[subject], subject, chosen, apart, thresholds)
    return result


def discovered(tests: pd.DataFrame, level: float) -> pd.DataFrame:
    """Return the combined p-values of each word and day, and whether each is a discovery.

    Parameters
    ----------
    tests
        Results of `emergence.run_tests` of the words of all subjects.
    level
        Of the day; words have a share of it as topics have (see `emergence.unit_days`).

    Notes
    -----
    Two steps (Benjamini & Bogomolov, 2014, "Selective inference on multiple families of hypotheses", JRSS B 76): subjects are
    chosen by the combined p-value of all their words, and among the words of those the level is that share of itself
    which the chosen are of all subjects. The many words of a busy subject are no burden for the few of a quiet one.
    """
    result = emergence.combined(tests)
    result["found_bad"], result["found_volume"] = False, False
    p_values = result["p_bad"].to_numpy(dtype=np.float64)
    for rows_of_day in result.groupby("day").indices.values():
        share = level * emergence.SHARE_OF_WORDS
        subjects = result["subject"].to_numpy()[rows_of_day]
        by_subject = [rows_of_day[subjects == subject] for subject in np.unique(subjects)]
        whole = np.array([surprise.combine(p_values[None, rows])[0] for rows in by_subject])
        chosen = np.flatnonzero(surprise.discoveries(whole, share))
        for number in chosen:
            rows = by_subject[number]
            found = surprise.discoveries(p_values[rows], share * len(chosen) / len(by_subject))
            result.loc[rows[found], "found_bad"] = True
    return result


def _affairs(
    words: Words, subject: str, chosen: pd.DataFrame, apart: frozenset[str], thresholds: Thresholds
) -> list[Candidate]:
    """Return the affairs of one subject's discovered words, most surprising first."""
    # In a subject of which half is ill every day, a share says little of one word; what its affair alleges is looked at below.
    mostly = (chosen["share"] > thresholds.negative_share) & emergence.above_habit(chosen, thresholds)
    rises = chosen["found_bad"] & (chosen["p_value"] <= thresholds.window_p) & (chosen["bad"] >= thresholds.min_stories)
    best = emergence.best_windows(chosen.assign(emergence=rises & mostly), "emergence", "p_value")
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
