"""Silence is not quiet: what is heard of far less than it used to be, source by source and subject by subject.

A week without alarms in which a source has stopped says nothing of what is said there. So the volume of each source, and of
the organisation itself, is held against its own habit downwards too, and what has fallen is told among the warnings of a
detection, which a person must see: the command ends with exit code 3. That a topic, or a competitor, is spoken of less is
none: talk calms down, and people need not be called for it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from veille.language import Language
from veille.signals import few, surprise

Floats = NDArray[np.float64]

WINDOW_DAYS = 7  # The sentences below say "week".
"""Days whose volume is looked at: shorter silences are weekends and holidays."""
LEVEL = 0.001
"""False-discovery level of one detection over all sources and subjects."""
FALLEN_RATIO = 0.5
"""Share of the habit below which a volume is far below it, however sure the fall is."""
FEWEST_PAST_DAYS = 28


def fallen(daily: Floats, exposure: Floats, gap_days: int, baseline_days: int, *, discount: float = 0.6) -> pd.DataFrame:
    """Return how far each unit's last week lies below its habit: `count`, `expected`, `p_value`, `fallen`.

    Parameters
    ----------
    daily
        Mentions of each unit a day, the last column being the last day, shape (units, days).
    exposure
        Weight of each day, shape (days,); a day that is not over weighs less than one.
    gap_days, baseline_days
        Days between the week and its past, and length of that past at most.
    discount
        Weight of the past, as in `surprise.tail`.

    Notes
    -----
    Lower tail of the gamma-Poisson predictive distribution, Benjamini and Hochberg over all units. Of a unit with less than
    four weeks of past nothing is said.
    """
    days = daily.shape[1]
    end = days - WINDOW_DAYS - gap_days
    first = max(0, end - baseline_days)
    count = daily[:, max(0, days - WINDOW_DAYS) :].sum(axis=1)
    if end - first < FEWEST_PAST_DAYS or not len(daily):
        nothing = np.full(len(daily), np.nan)
        return pd.DataFrame({"count": count, "expected": nothing, "p_value": 1.0, "fallen": False})
    past, past_days = daily[:, first:end], float(exposure[first:end].sum())
    past_count = past.sum(axis=1)
    prior = surprise.fit_prior(past_count, past_days)
    window = max(float(exposure[-WINDOW_DAYS:].sum()), 1e-6)
    index = surprise.dispersion(past, WINDOW_DAYS)
    p_value, expected = surprise.lower_tail(count, window, past_count, past_days, prior, index, discount=discount)
    # The habit may have faded long ago: what was as low for the four weeks before has not fallen now.
    recent = daily[:, end - FEWEST_PAST_DAYS : end].sum(axis=1) / max(float(exposure[end - FEWEST_PAST_DAYS : end].sum()), 1e-6)
    low = count <= FALLEN_RATIO * np.minimum(expected, recent * window)
    found = surprise.discoveries(p_value, LEVEL) & low & (past_count > 0)
    return pd.DataFrame({"count": count, "expected": expected, "p_value": p_value, "fallen": found})


def silences(
    named: pd.DataFrame, daily: Floats, exposure: Floats, gap_days: int, baseline_days: int, language: Language
) -> tuple[str, ...]:
    """Return one sentence a source or subject that has fallen silent, or far below its habit.

    Parameters
    ----------
    named
        `kind` (source, subject) and `name` of each unit, as readers know it.
    daily, exposure, gap_days, baseline_days
        As for `fallen`.
    language
        Language of the sentences: they are read in the edition and on the terminal.
    """
    found = named.join(fallen(daily, exposure, gap_days, baseline_days))
    told = []
    for row in few.rows(found.loc[found["fallen"]].sort_values(["kind", "name"])):
        of_source = row.kind == "source"
        what = language.say("Source {name}", name=row.name) if of_source else language.say("Subject {name}", name=row.name)
        told.append(_sentence(what, int(row.count), float(row.expected), language))
    return tuple(told)


def _sentence(what: str, count: int, expected: float, language: Language) -> str:
    usual = language.say_many("about {count} mention is usual", "about {count} mentions are usual", max(1, round(expected)))
    if count == 0:
        return language.say(
            "{what}: nothing was heard in the last week, {usual}: this is not quiet",
            what=what,
            usual=usual,
        )
    heard = language.say_many("{count} mention was heard", "{count} mentions were heard", count)
    return language.say(
        "{what}: {heard} in the last week, {usual}: this is not quiet",
        what=what,
        heard=heard,
        usual=usual,
    )
