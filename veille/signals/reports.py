"""Grave reports: one piece of the press whose headline alleges a harm to persons that is new for its subject.

The first dispatch on a recall or on deaths is one story, and no number of stories will say more for days: what it alleges
weighs, not how often it is told. It makes a weak signal, to be verified, never an alarm by its number. Only a headline
counts: what an editor sets over a piece is what the piece is about, where the body names a subject in passing.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from veille.folding import fold
from veille.signals import lexicon, surprise
from veille.signals.counts import SEVERE, WHOLE, Grid
from veille.signals.thresholds import Thresholds
from veille.signals.young import past_of
from veille.watch import Watch

MEASURE = "reported_stories"

# Fields that a headline alone can be asked for.
_ASKED = frozenset({"title", "text"})
_NUMBER = (
    r"(?:\d+|an?|une?|one|two|three|four|five|ten|twenty|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|vingt|quelques|several)"
)
# A headline that looks back tells of a harm that is known, on folded text.
_LOOKS_BACK = re.compile(
    rf"\b{_NUMBER} (?:ans?|mois|annees?|decennies?|years?|months?|decades?) (?:apres|plus tard|after|later|on\b|since)"
    rf"|\bil y a {_NUMBER} (?:ans?|mois|annees?)|\b{_NUMBER} (?:years?|months?) ago|\banniversaire|\banniversary|\bcommemor"
)


def reported(watch: Watch, told: pd.DataFrame) -> NDArray[np.float64]:
    """Return which rows are grave reports, 0 or 1, shape (rows,).

    Parameters
    ----------
    watch
        Its subjects' queries say whether a headline names one.
    told
        Result of `counts.subject_mentions`.

    Notes
    -----
    A piece of the press; its headline says in plain words (`strong` of gravity.yml) what weighs at least `SEVERE`; it names
    the subject; it does not look back. Where a query asks for more than words, who is named cannot be told: taken for granted.
    """
    head = told["title"].fillna("")
    words = lexicon.plain(head)
    grave = np.zeros(len(told), dtype=bool)
    for kind in lexicon.gravity():
        if kind.weight >= SEVERE:
            grave |= lexicon.found(words, kind.strong)
    # Few are left: the rest is asked of them alone.
    kept = told["press"].to_numpy(dtype=bool) & grave & (told["gravity"].fillna(0.0) >= SEVERE).to_numpy()
    kept[kept] = ~fold(head[kept]).str.contains(_LOOKS_BACK).to_numpy(dtype=bool)
    for subject in watch.subjects:
        mine = kept & (told["subject"] == subject.id).to_numpy()
        if mine.any() and subject.predicate.fields <= _ASKED:
            kept[mine] = subject.predicate.matches(told.loc[mine, ["title"]].assign(text="")).to_numpy()
    return kept.astype(np.float64)


def grave_reports(grid: Grid, exposure: NDArray[np.float64], tested_days: list[int], thresholds: Thresholds) -> pd.DataFrame:
    """Return one row a subject of which a grave report is told on a day and whose past has none, most surprising first.

    Parameters
    ----------
    grid, exposure, tested_days
        As given to `emergence.run_tests`; the grid also counts `reported_stories`.

    Returns
    -------
    DataFrame
        `subject`, `topic_id`, `first_day`, `window_days` (1), `count`, `expected`, `p_value`, `recent_p`.

    Notes
    -----
    New is what the subject's past of `baseline_days` holds none of, where the predictive distribution of all counts calls it
    unusual too (`unusual_p`): in a watch of hospitals harm is no news. What follows a report belongs to what it opened. No
    error rate over all subjects is promised: it is said to be one piece, to be verified.
    """
    whole = np.flatnonzero(grid.units["topic_id"] == WHOLE)
    daily = grid.counts[MEASURE][whole]
    parts = []
    for last in tested_days:
        past = past_of(last, thresholds.windows_days, thresholds.gap_days, thresholds.baseline_days)
        now = daily[:, last]
        if not past.windows_days or not (now > 0).any():
            continue
        # The days between the past and this one are no gap here: what was reported last week is not new.
        before = daily[:, past.first : last]
        counted, days = before.sum(axis=1), float(exposure[past.first : last].sum())
        prior = surprise.fit_prior(counted, days, default_mean=thresholds.prior_per_day)
        p_value, expected = surprise.tail(
            np.ones_like(now), float(exposure[last]), counted, days, prior, discount=thresholds.past_discount
        )
        part = grid.units.iloc[whole].assign(first_day=grid.days[last], count=now, expected=expected, p_value=p_value)
        parts.append(part.loc[(now > 0) & (counted == 0) & (p_value <= thresholds.unusual_p)])
    if not parts:
        return pd.DataFrame(
            columns=["subject", "topic_id", "first_day", "window_days", "count", "expected", "p_value", "recent_p"]
        )
    found = pd.concat(parts).assign(window_days=1)
    found["recent_p"] = found["p_value"]
    best: pd.DataFrame = found.sort_values(["p_value", "first_day"], kind="stable").drop_duplicates("subject")
    return best.reset_index(drop=True)
