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
    grid: Grid, exposure: Floats, tested_days: list[int], thresholds: Thresholds, *, born: bool = True
) -> pd.DataFrame:
    """Return one row a unit, measure, window and day: count, expected, p-value.

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
    """
    whole = (grid.units["topic_id"] == WHOLE).to_numpy()
    parts = []
    young = newborn.births(grid.counts["stories"][~whole])
    firsts = {
        (measure, length): newborn.peaks(grid.counts[measure][~whole], young, length, newborn.FIRST_DAYS)
        for measure in (*MEASURES, "stories")
        for length in thresholds.windows_days
        if born
    }
    for last in tested_days:
        past = past_of(last, thresholds.windows_days, thresholds.gap_days, thresholds.baseline_days)
        # The topics of the first days were there before: nobody saw them begin.
        begun = (young >= past.first + max(thresholds.windows_days)) & (young + newborn.FIRST_DAYS <= past.end)
        seen = {key: values[begun] for key, values in firsts.items()}
        peaks = {key: values for key, values in seen.items() if (values >= 2).sum() >= newborn.FEWEST_SEVERAL}
        fresh = young > last - newborn.NEW_DAYS
        parts += [
            _test(grid, exposure, last, past, measure, np.flatnonzero(members), bool(of_topics), thresholds, born, peaks, fresh)
            for measure in (*MEASURES, "stories")
            for of_topics, members in enumerate((whole, ~whole))
            if members.any() and past.windows_days and not (past.young and of_topics)
        ]
    names = ("unit", "last", "measure", "window_days", "count", "expected", "p_value")
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
    of_topics: bool,
    thresholds: Thresholds,
    born: bool,
    peaks: dict[tuple[str, int], Floats],
    fresh: NDArray[np.bool_],
) -> dict[str, NDArray[Any]]:
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
        window: Floats | float = weight
        if of_topics:
            window = weight * _besides(grid, last, length, units, before, weight / max(past_days, 1e-6))
        habit = (window, past_counts, own_days, prior, surprise.dispersion(past, length))
        p_value, expected = surprise.tail(count, *habit, discount=thresholds.past_discount)
        if of_topics:
            # Given that it is spoken of at all, which is why it is a topic.
            spoken, _ = surprise.tail(np.ones_like(count), *habit, discount=thresholds.past_discount)
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
    }


def _besides(grid: Grid, last: int, length: int, units: NDArray[np.intp], before: Past, ratio: float) -> Floats:
    """Return how many times its habit is said of the subject of each topic besides that topic and not ill, at least 1.

    On a day on which much is said of a subject, for whatever reason, much is said of each of its topics. What is said ill
    of it is left out: the stories of a crisis are no reason to expect its topics.
    """
    whole = (grid.units["topic_id"] == WHOLE).to_numpy()
    row = dict(zip(grid.units.loc[whole, "subject"], np.flatnonzero(whole), strict=True))
    owner = grid.units["subject"].iloc[units].map(row).to_numpy(dtype=np.int64)
    well = grid.window("stories", last, length) - grid.window("bad_stories", last, length)
    past = (grid.counts["stories"] - grid.counts["bad_stories"])[:, before.first : before.end].sum(axis=1)
    return np.asarray(np.maximum(1.0, (well[owner] - well[units]) / np.maximum(1.0, past[owner] * ratio)), dtype=np.float64)


def unit_days(tests: pd.DataFrame, level: float) -> pd.DataFrame:
    """Return one row a unit and day: its combined p-values for bad stories and for volume, and whether each is a discovery.

    Subjects and topics are two families, which share the level of the day: topics are many and each is spoken of by
    construction.
    """
    keys = ["day", "unit"]
    result = tests[["day", "unit", "subject", "topic_id"]].drop_duplicates(keys).set_index(keys)
    for name, measures in (("bad", list(MEASURES)), ("volume", ["stories"])):
        chosen = tests.loc[tests["measure"].isin(measures)]
        wide = chosen.set_index([*keys, "measure", "window_days"])["p_value"].unstack(["measure", "window_days"])  # noqa: PD010
        result[f"p_{name}"] = pd.Series(surprise.combine(wide.to_numpy(dtype=np.float64)), index=wide.index)
    result = result.reset_index()
    # Topics of which nothing is said in the window are no hypotheses.
    family = (result["topic_id"] != WHOLE).astype(int)
    for name in ("bad", "volume"):
        found = np.zeros(len(result), dtype=bool)
        tested = result.loc[(family == 0) | (result[f"p_{name}"] < 1)]
        for _, of_day in family.loc[tested.index].groupby(tested["day"]):
            for rows in of_day.groupby(of_day).groups.values():
                p_values = result.loc[rows, f"p_{name}"].to_numpy(dtype=np.float64)
                found[rows] = surprise.discoveries(p_values, level / of_day.nunique())
        result[f"found_{name}"] = found
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
    worse = result["p_share"] <= thresholds.share_p
    mostly = result["share"] > thresholds.negative_share
    unusual = result["p_value"] <= thresholds.window_p
    result["emergence"] = result["found_bad"] & enough & mostly & worse & unusual
    loud = (result["told"] >= thresholds.min_stories) & (result["p_value_stories"] <= thresholds.window_p)
    result["surge"] = result["found_volume"] & loud & ~result["emergence"] & ~mostly


def best_windows(chosen: pd.DataFrame, flag: str, p_column: str) -> pd.DataFrame:
    """Return one row a unit: of the windows that carry the flag the most surprising, with the first day it carried it."""
    flagged = chosen.loc[chosen[flag]] if len(chosen) else chosen
    if flagged.empty:
        return flagged
    first = flagged.groupby("unit")["day"].min()
    best = flagged.sort_values([p_column, "day", "window_days"], kind="stable").drop_duplicates("unit").copy()
    best["first_day"] = best["unit"].map(first)
    return best.sort_values([p_column, "subject", "topic_id"], kind="stable", ignore_index=True)
