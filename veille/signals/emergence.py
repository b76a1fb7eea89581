"""Where something changes for the worse: every subject and topic, every day, under one false-discovery control.

A negative emergence needs a volume of bad stories its habit does not explain and a share of them that is not the
ordinary one. A volume alone, mixed or positive, is a surge: a finding, never an alarm.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from veille.signals import newborn, surprise, tone
from veille.signals.counts import MEASURES, WHOLE, Grid
from veille.signals.thresholds import Thresholds
from veille.signals.young import YOUNG_PAST_DAYS, Past, past_of, share_memory

Floats = NDArray[np.float64]

SHARE_OF_SUBJECTS, SHARE_OF_TOPICS, SHARE_OF_WORDS = 0.8, 0.1, 0.1
"""Shares of the level of a day: topics and words are many, and what they find is mostly a rise of their subject too."""

_KNOWN = 1e6


def exposures(watch_daily: Floats, days: pd.DatetimeIndex, *, silent_below: float = 8.0) -> Floats:
    """Return how much each day counts: its weekday's usual weight, 0 where a watch of many mentions received none at all.

    Parameters
    ----------
    watch_daily
        Mentions of the whole watch a day, those of no subject included, shape (days,).
    silent_below
        Mentions a day above which a day without any is an outage, not a quiet day.
    """
    weekdays = np.asarray(days.day_of_week, dtype=np.int64)
    # Of weekdays seen once or twice nobody can tell the habit from what happened on them.
    seen = len(days) > YOUNG_PAST_DAYS
    weights = surprise.weekday_factors(watch_daily, weekdays)[weekdays] if seen else np.ones(len(days))
    outage = (watch_daily == 0) & (watch_daily.mean() >= silent_below)
    return np.where(outage, 0.0, weights)


def elapsed_share(seconds_of_day: Floats, until: float, *, strength: float = 48.0) -> float:
    """Return how much of a day of usual talk lies before a time of it, 0..1, by the hours at which is spoken.

    Parameters
    ----------
    seconds_of_day
        Local times of the mentions of whole days, in seconds since midnight, shape (mentions,).
    until
        Seconds since midnight at which the day is looked at; 0 or 86,400 is a whole day.
    strength
        Pseudo-mentions spread evenly over the day.

    Notes
    -----
    Tested against whole days of habit, a morning would hide a rise, and a silence would be found in it.
    """
    if not 0 < until < 86_400:
        return 1.0
    told = float((seconds_of_day < until).sum())
    return (told + strength * until / 86_400) / (len(seconds_of_day) + strength)


def run_tests(
    grid: Grid,
    exposure: Floats,
    tested_days: list[int],
    thresholds: Thresholds,
    *,
    born: bool = True,
    wholes: bool = True,
    measures: tuple[str, ...] = (*MEASURES, "stories"),
) -> pd.DataFrame:
    """Return one row a unit, measure, window and day: count, expected, p-value, share of the level of the day.

    Parameters
    ----------
    grid
        Daily counts of all units.
    exposure
        Weight of each day of the grid, shape (days,).
    tested_days
        Columns of the grid on which windows end.
    thresholds
        Settings of the detection.
    born
        Whether topics begin to exist when they are first spoken of; words were there before, unspoken.
    wholes
        Whether the subjects themselves are tested too.
    measures
        What is counted.
    """
    whole = (grid.units["topic_id"] == WHOLE).to_numpy()
    parts = []
    young = newborn.births(grid.counts["stories"][~whole])
    firsts = {
        (measure, length): newborn.peaks(grid.counts[measure][~whole], young, length, newborn.FIRST_DAYS)
        for measure in measures
        for length in thresholds.windows_days
        if born
    }
    members = (np.flatnonzero(whole), np.flatnonzero(~whole))
    owner = _owners(grid, members[1])
    for last in tested_days:
        past = past_of(last, thresholds.windows_days, thresholds.gap_days, thresholds.baseline_days)
        # The topics of the first days were there before: nobody saw them begin.
        begun = (young >= past.first + max(thresholds.windows_days)) & (young + newborn.FIRST_DAYS <= past.end)
        seen = {key: values[begun] for key, values in firsts.items()}
        peaks = {key: values for key, values in seen.items() if (values >= 2).sum() >= newborn.FEWEST_SEVERAL}
        fresh = young > last - newborn.NEW_DAYS
        loud = {} if past.young else _besides(grid, exposure, last, past, members[1], owner)
        parts += [
            _test(grid, exposure, last, past, measure, units, thresholds, born, peaks, fresh, loud if of_topics else None)
            for measure in measures
            for of_topics, units in enumerate(members)
            if len(units) and past.windows_days and (not past.young if of_topics else wholes)
        ]
    names = ("unit", "last", "measure", "window_days", "count", "expected", "p_value", "share_of_level")
    frame = pd.DataFrame({name: np.concatenate([part[name] for part in parts]) if parts else [] for name in names})
    frame["subject"] = grid.units["subject"].to_numpy()[frame["unit"].astype(int)]
    frame["topic_id"] = grid.units["topic_id"].to_numpy()[frame["unit"].astype(int)]
    frame["day"] = grid.days[frame["last"].to_numpy(dtype=np.int64)]
    return frame.drop(columns="last")


def _test(
    grid: Grid,
    exposure: Floats,
    last: int,
    before: Past,
    measure: str,
    units: NDArray[np.intp],
    thresholds: Thresholds,
    born: bool,
    peaks: dict[tuple[str, int], Floats],
    fresh: NDArray[np.bool_],
    loud: dict[int, Floats] | None,
) -> dict[str, NDArray[Any]]:
    of_topics = loud is not None
    past = grid.counts[measure][units, before.first : before.end]
    past_counts, past_days = past.sum(axis=1), float(exposure[before.first : before.end].sum())
    # A topic exists because it was spoken of: the ones that were not yet say nothing about the rate of topics.
    population = past_counts[past_counts > 0] if of_topics else past_counts
    # What a busy watch's first days are rests on themselves: the rate that is believed in beforehand is a quiet one's.
    own_mean = float(population.mean()) / past_days if before.young and len(population) and past_days > 0 else 0.0
    prior = surprise.fit_prior(population, past_days, default_mean=max(thresholds.prior_per_day, own_mean))
    own_days = np.where(born & of_topics & (past_counts == 0), 0.0, past_days)
    counted, awaited, p_values = [], [], []
    for length in before.windows_days:
        count = grid.window(measure, last, length)[units]
        weight = max(float(exposure[max(0, last - length + 1) : last + 1].sum()), 1e-6)
        window: Floats | float = weight if loud is None else weight * loud[length]
        spread = surprise.spread(past, length)
        habit = (window, past_counts, own_days, prior, spread.index)
        # What was never said ill before has no index of its own to be wrong about: it has that of all, which is well known.
        own = np.where((past_counts > 0) | (not of_topics), spread.freedom, _KNOWN)
        # In a young watch nothing shows how much units differ, and little is tested.
        freedom = None if before.young else own
        p_value, expected = surprise.tail(count, *habit, freedom=freedom, discount=thresholds.past_discount)
        if of_topics:
            # Given that it is spoken of at all, which is why it is a topic.
            once = np.ones_like(count)
            spoken, _ = surprise.tail(once, *habit, freedom=freedom, discount=thresholds.past_discount)
            p_value = np.where(count > 0, np.minimum(1.0, p_value / np.maximum(spoken, 1e-12)), 1.0)
        if of_topics and (measure, length) in peaks:
            p_value = np.where(fresh, np.maximum(p_value, newborn.tail(count, peaks[measure, length])), p_value)
        counted.append(count)
        awaited.append(expected)
        p_values.append(p_value)
    tests = len(before.windows_days)
    return {
        "unit": np.tile(units, tests),
        "last": np.full(len(units) * tests, last),
        "measure": np.full(len(units) * tests, measure, dtype=object),
        "window_days": np.repeat(before.windows_days, len(units)),
        "count": np.concatenate(counted),
        "expected": np.concatenate(awaited),
        "p_value": np.concatenate(p_values),
        "share_of_level": np.full(
            len(units) * tests, SHARE_OF_TOPICS if of_topics else 1.0 if before.young else SHARE_OF_SUBJECTS
        ),
    }


def _owners(grid: Grid, topics: NDArray[np.intp]) -> NDArray[np.int64]:
    """Return the row of the subject of each topic."""
    whole = (grid.units["topic_id"] == WHOLE).to_numpy()
    row = dict(zip(grid.units.loc[whole, "subject"], np.flatnonzero(whole), strict=True))
    return grid.units["subject"].iloc[topics].map(row).to_numpy(dtype=np.int64)


def _besides(
    grid: Grid, exposure: Floats, last: int, before: Past, topics: NDArray[np.intp], owner: NDArray[np.int64]
) -> dict[int, Floats]:
    """Return by window how many times its habit is said of the subject of each topic besides it and not ill, at least 1.

    On a day on which much is said of a subject, for whatever reason, much is said of each of its topics. What is said ill
    of it is left out: the stories of a crisis are no reason to expect its topics.
    """
    past_days = max(float(exposure[before.first : before.end].sum()), 1e-6)
    subjects, place = np.unique(owner, return_inverse=True)

    def well(rows: NDArray[Any], first: int, end: int) -> Floats:
        told, ill = (grid.counts[name][rows, first:end].sum(axis=1) for name in ("stories", "bad_stories"))
        return np.asarray(told - ill, dtype=np.float64)

    past = well(subjects, before.first, before.end)[place]
    result = {}
    for length in before.windows_days:
        first = max(0, last + 1 - length)
        ratio = max(float(exposure[first : last + 1].sum()), 1e-6) / past_days
        others = well(subjects, first, last + 1)[place] - well(topics, first, last + 1)
        result[length] = np.maximum(1.0, others / np.maximum(1.0, past * ratio))
    return result


def combined(tests: pd.DataFrame) -> pd.DataFrame:
    """Return one row a unit and day with its combined p-values for bad stories, `p_bad`, and for volume, `p_volume`."""
    # The units of several grids, one a subject, are numbered anew in each.
    keys = ["day", "subject", "unit"]
    result = tests.drop_duplicates(keys).set_index(keys)[["topic_id", "share_of_level"]]
    for name, measures in (("bad", list(MEASURES)), ("volume", ["stories"])):
        chosen = tests.loc[tests["measure"].isin(measures)]
        wide = chosen.set_index([*keys, "measure", "window_days"])["p_value"].unstack(["measure", "window_days"])  # noqa: PD010
        result[f"p_{name}"] = pd.Series(surprise.combine(wide.to_numpy(dtype=np.float64)), index=wide.index)
    return result.fillna({"p_bad": 1.0, "p_volume": 1.0}).reset_index()


def unit_days(tests: pd.DataFrame, level: float) -> pd.DataFrame:
    """Return the combined p-values of each unit and day, the least level of the day that finds it, and whether this one does.

    Three families share the level of a day: whole subjects, topics, and the words of all subjects (see `bursts`). In each
    of them the chance of any discovery on a day on which nothing changes is at most its share, where p-values are what
    they say (Simes, 1986; Benjamini & Hochberg, 1995); in a young watch there is one family, of the whole level. What that
    comes to in half a year is measured by `benchmarks/simulation.py`, and told in `docs/limits.md`.
    """
    result = combined(tests)
    # Topics of which nothing is said in the window are no hypotheses.
    topics = (result["topic_id"] != WHOLE).to_numpy()
    days = pd.factorize(result["day"])[0]
    shares = result["share_of_level"].to_numpy(dtype=np.float64)
    for name in ("bad", "volume"):
        p_values = result[f"p_{name}"].to_numpy(dtype=np.float64)
        least = np.full(len(result), np.inf)
        of_family = (2 * days + topics)[~topics | (p_values < 1)]
        rows = np.flatnonzero(~topics | (p_values < 1))
        for family in np.unique(of_family):
            mine = rows[of_family == family]
            least[mine] = surprise.adjusted(p_values[mine]) / shares[mine]
        result[f"level_{name}"], result[f"found_{name}"] = least, least <= level
    return result


def windows(grid: Grid, tests: pd.DataFrame, verdicts: pd.DataFrame, thresholds: Thresholds) -> pd.DataFrame:
    """Return one row a discovered unit, day and window with its shares: what emergences and surges are chosen from.

    Adds to each the counts, the best measure, the corrected share of bad stories with its interval, the tail
    probability of that share against its habit, and the flags `emergence` and `surge`.
    """
    found = verdicts.loc[verdicts["found_bad"] | verdicts["found_volume"]]
    keys = ["day", "unit"]
    if found.empty:
        return pd.DataFrame()
    chosen = tests.merge(found[[*keys, "p_bad", "p_volume", "found_bad", "found_volume"]], on=keys)
    volume = chosen.loc[chosen["measure"] == "stories"].set_index([*keys, "window_days"])
    bad = chosen.loc[chosen["measure"] != "stories"].sort_values("p_value", kind="stable")
    best = bad.drop_duplicates([*keys, "window_days"]).set_index([*keys, "window_days"])
    result = best[
        ["subject", "topic_id", "measure", "count", "expected", "p_value", "p_bad", "p_volume", "found_bad", "found_volume"]
    ]
    result = result.join(volume[["count", "expected", "p_value"]].add_suffix("_stories"))
    of_bad = bad.loc[bad["measure"] == "bad_stories"].set_index([*keys, "window_days"])["expected"]
    result = result.join(of_bad.rename("expected_bad")).reset_index()
    columns = {day: number for number, day in enumerate(grid.days)}
    last = result["day"].map(columns).to_numpy()
    unit, length = result["unit"].to_numpy(), result["window_days"].to_numpy()
    pasts = [past_of(int(one), thresholds.windows_days, thresholds.gap_days, thresholds.baseline_days) for one in last]
    past_start, past_end = (np.array([getattr(past, side) for past in pasts], dtype=np.int64) for side in ("first", "end"))
    start = np.maximum(0, last + 1 - length)
    # Shares are of the stories that could be judged; a surge counts all that were told.
    result["bad"], result["judged"], result["told"] = (
        grid.between(f"{name}stories", unit, start, last + 1) for name in ("bad_", "judged_", "")
    )
    share, low, high = tone.share_interval(
        result["bad"].to_numpy(), result["judged"].to_numpy(), thresholds.error_rates, level=thresholds.share_level
    )
    result["share"], result["share_low"], result["share_high"] = share, low, high
    subjects = grid.units["topic_id"].eq(WHOLE).to_numpy()
    past_of_all = slice(0, max(1, int(past_end.max())))
    everywhere = tone.habitual_share(
        grid.counts["bad_stories"][subjects, past_of_all].sum(axis=1),
        grid.counts["judged_stories"][subjects, past_of_all].sum(axis=1),
    )
    owner = {name: row for row, name in enumerate(grid.units.loc[subjects, "subject"])}
    whole_row = result["subject"].map(owner).to_numpy()
    past_bad, past_judged = (grid.between(name, unit, past_start, past_end) for name in ("bad_stories", "judged_stories"))
    subject_bad, subject_judged = (
        grid.between(name, whole_row, past_start, past_end) for name in ("bad_stories", "judged_stories")
    )
    habit = (subject_bad + everywhere * 20) / (subject_judged + 20)
    ill, judged = result["bad"].to_numpy(dtype=np.float64), result["judged"].to_numpy(dtype=np.float64)
    memory = np.array([share_memory(past, tone.MEMORY_STORIES, thresholds.baseline_days) for past in pasts])
    own = tone.share_tail(ill, judged, past_bad, past_judged, population_share=np.asarray(habit), memory=memory)
    # A subject always spoken ill of has no share of its own to rise: then the watch is the measure.
    nothing = np.zeros_like(ill)
    others = tone.share_tail(ill, judged, nothing, nothing, population_share=everywhere, strength=20.0)
    result["p_share"] = np.minimum(own, others)
    _flag(result, thresholds)
    return result


def _flag(result: pd.DataFrame, thresholds: Thresholds) -> None:
    enough = result["bad"] >= thresholds.min_stories
    worse = above_habit(result, thresholds)
    mostly = result["share"] > thresholds.negative_share
    unusual = result["p_value"] <= thresholds.window_p
    result["emergence"] = result["found_bad"] & enough & mostly & worse & unusual
    loud = (result["told"] >= thresholds.min_stories) & (result["p_value_stories"] <= thresholds.window_p)
    result["surge"] = result["found_volume"] & loud & ~result["emergence"] & ~mostly


def above_habit(chosen: pd.DataFrame, thresholds: Thresholds) -> pd.Series:
    """Return whether the share of bad stories of each row is above its habit, which few stories cannot show as well as many."""
    needed = np.where(chosen["judged"] < thresholds.share_few_stories, thresholds.share_p_few, thresholds.share_p)
    return chosen["p_share"] <= needed


def best_windows(chosen: pd.DataFrame, flag: str, p_column: str) -> pd.DataFrame:
    """Return one row a unit: of the windows that carry the flag the most surprising, with the first day it carried it."""
    flagged = chosen.loc[chosen[flag]] if len(chosen) else chosen
    if flagged.empty:
        return flagged
    first = flagged.groupby("unit")["day"].min()
    best = flagged.sort_values([p_column, "day", "window_days"], kind="stable").drop_duplicates("unit").copy()
    best["first_day"] = best["unit"].map(first)
    return best.sort_values([p_column, "subject", "topic_id"], kind="stable", ignore_index=True)
