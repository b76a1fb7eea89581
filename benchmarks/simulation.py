"""Half a year of quiet, and crises of known size in it: how often detection cries wolf, and what it finds how soon.

    python benchmarks/simulation.py quiet --runs 200       # false alarms by what is tested, with their interval
    python benchmarks/simulation.py power --runs 200       # found within three days, and delay, by size and base rate

Everything is tested by the functions that an edition calls, week by week, each with the past that it would have. Quiet days
are over-dispersed (index of dispersion from 1 to several hundred), autocorrelated, weaker at weekends, and drift; topics are
born and die in them; the tone is read with errors and wavers from day to day.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse, stats

from veille.signals import emergence
from veille.signals.affairs import Words
from veille.signals.bursts import affairs_of, word_tests
from veille.signals.counts import MEASURES, WHOLE, Grid
from veille.signals.thresholds import Thresholds

Floats = NDArray[np.float64]
SUBJECTS, PAST_DAYS, HALF_YEAR = 26, 95, 182
DAYS = PAST_DAYS + HALF_YEAR
EPISODE_DAYS = 14
FIRST = pd.Timestamp("2021-11-01")
SENSITIVITY, SPECIFICITY = 0.75, 0.80
SHARE_READ_ILL = 0.8
VOCABULARY = 4000
LEVELS = (0.005, 0.01, 0.02, 0.04)
"""Levels of a day at which quiet is looked at besides the one in force."""
CASES = tuple((stories, days) for days in (3, 1) for stories in (3, 5, 8, 12, 20, 40))
"""Planted crises: stories, and the days over which they are spread."""


@dataclass(frozen=True)
class World:
    """What quiet is like.

    Parameters
    ----------
    rate_median, rate_spread
        Stories a day of the median subject, and the standard deviation of their logarithm over subjects.
    shapes
        Least and greatest shape of the gamma noise of a day's rate: the index of dispersion is 1 + rate / shape.
    in_topics
        Share of the stories that belong to a topic of several.
    """

    rate_median: float
    rate_spread: float = 1.2
    shapes: tuple[float, float] = (0.5, 3.0)
    in_topics: float = 0.6
    autocorrelation: float = 0.5
    drift_a_day: float = 0.02
    tone_spread: float = 0.3


WORLDS = {"press": World(0.12), "posts": World(4.0, 1.4, (0.3, 3.0), 0.8)}


@dataclass(frozen=True)
class Quiet:
    """One drawn half-year with its past.

    Parameters
    ----------
    rates, shares
        Stories a day of each subject, and share of its stories that read ill, shape (subjects,).
    grid
        Counts of subjects, and after them of topics.
    """

    rates: Floats
    shares: Floats
    grid: Grid


def _noise(chance: np.random.Generator, units: int, correlation: float) -> Floats:
    """Return standard normal noise that remembers the day before, shape (units, days)."""
    steps = chance.normal(size=(units, DAYS))
    steps[:, 1:] *= np.sqrt(1 - correlation**2)
    for day in range(1, DAYS):
        steps[:, day] += correlation * steps[:, day - 1]
    return steps


def _counts(chance: np.random.Generator, stories: NDArray[np.int64], share: Floats) -> dict[str, Floats]:
    bad = chance.binomial(stories, share)
    loaded = chance.binomial(bad, 0.6)
    grave = chance.binomial(loaded, 0.4)
    named = {"stories": stories, "judged_stories": stories, "bad_stories": bad, "negative_stories": bad}
    named |= {"loaded_stories": loaded, "grave_stories": grave, "severe_stories": chance.binomial(grave, 0.3)}
    return {name: values.astype(np.float64) for name, values in named.items()}


def _topics(chance: np.random.Generator, stories: NDArray[np.int64], world: World) -> NDArray[np.int64]:
    """Return the stories of one subject by topic and day: some topics of several, born and dying, the others alone."""
    lonely = min(1 - world.in_topics, 1.5 / max(float(stories.mean()), 1e-9))
    alone = chance.binomial(stories, lonely)
    births = np.flatnonzero(np.r_[np.ones(3, dtype=bool), chance.random(DAYS - 3) < 0.05 * min(4.0, 1 + stories.mean())])
    age = np.arange(DAYS)[None, :] - np.where(births < 3, -100, births)[:, None]
    life = np.where(births < 3, 1e4, chance.lognormal(2.3, 0.8, len(births)))[:, None]
    weight = chance.pareto(1.5, len(births))[:, None] + 0.2
    weight = np.where(age >= 0, weight * np.exp(-np.maximum(age, 0) / life), 0.0)
    lasting = chance.multinomial(stories - alone, (weight / weight.sum(axis=0)).T).T
    lone = np.zeros((int(alone.sum()), DAYS), dtype=np.int64)
    lone[np.arange(len(lone)), np.repeat(np.arange(DAYS), alone)] = 1
    return np.asarray(np.concatenate([lasting, lone]), dtype=np.int64)


def quiet(seed: int, world: World) -> Quiet:
    """Draw half a year in which nothing changes for the worse."""
    chance = np.random.default_rng(seed)
    rates = world.rate_median * chance.lognormal(0, world.rate_spread, SUBJECTS)
    shapes = np.exp(chance.uniform(*np.log(world.shapes), SUBJECTS))[:, None]
    mixing = stats.norm.cdf(_noise(chance, SUBJECTS, world.autocorrelation))
    drift = np.exp(np.cumsum(chance.normal(0, world.drift_a_day, (SUBJECTS, DAYS)), axis=1))
    weekly = np.where((np.arange(DAYS) + FIRST.day_of_week) % 7 >= 5, 0.5, 1.2)
    expected = rates[:, None] * weekly * drift * stats.gamma.ppf(mixing, shapes) / shapes
    true = np.clip(chance.beta(2, 4, SUBJECTS), 0.02, 0.95)[:, None]
    wavering = 1 / (1 + (1 / true - 1) * np.exp(-world.tone_spread * _noise(chance, SUBJECTS, world.autocorrelation)))
    share = SENSITIVITY * wavering + (1 - SPECIFICITY) * (1 - wavering)
    parts = [_topics(chance, chance.poisson(row), world) for row in expected]
    owner = np.repeat(np.arange(SUBJECTS), [len(part) for part in parts])
    topics = _counts(chance, np.concatenate(parts), share[owner])
    whole = {name: np.zeros((SUBJECTS, DAYS)) for name in topics}
    for name, values in topics.items():
        np.add.at(whole[name], owner, values)
    units = pd.DataFrame({"subject": [f"s{number}" for number in range(SUBJECTS)], "topic_id": WHOLE})
    named = pd.DataFrame({"subject": units["subject"].to_numpy()[owner], "topic_id": [f"t{row}" for row in range(len(owner))]})
    counts = {name: np.concatenate([whole[name], topics[name]]) for name in topics}
    grid = Grid(pd.concat([units, named], ignore_index=True), pd.date_range(FIRST, periods=DAYS), counts)
    return Quiet(rates, share.mean(axis=1), grid)


def plant(
    drawn: Quiet, subject: int, day: int, stories: int, days: int = 3, *, share: float = SHARE_READ_ILL, seed: int = 0
) -> Quiet:
    """Return the same half-year with a crisis: so many stories more in its first days, of a topic born that day.

    At least one is of the first day. A crisis of more than a day fades in two days more.
    """
    chance = np.random.default_rng(seed)
    told = np.zeros((1, DAYS), dtype=np.int64)
    told[0, day : day + days] = chance.multinomial(stories - 1, np.full(days, 1 / days))
    told[0, day] += 1
    if days > 1:
        told[0, day + days : day + days + 2] = chance.poisson(stories / days / 2, 2)
    planted = _counts(chance, told, np.full((1, DAYS), share))
    counts = {name: np.concatenate([values, planted[name]]) for name, values in drawn.grid.counts.items()}
    for name, values in counts.items():
        values[subject] += planted[name][0]
    born = pd.DataFrame({"subject": [f"s{subject}"], "topic_id": ["planted"]})
    return replace(drawn, grid=Grid(pd.concat([drawn.grid.units, born], ignore_index=True), drawn.grid.days, counts))


def _weeks(drawn: Quiet, first: int, end: int) -> Iterator[tuple[Grid, Floats, list[int]]]:
    """Yield what each weekly detection would look at: the days it remembers, and the units spoken of in them."""
    grid = drawn.grid
    for week in range(first, end, 7):
        days = slice(week - PAST_DAYS, min(week + 7, end))
        told = grid.counts["stories"][:, days].sum(axis=1) > 0
        told[:SUBJECTS] = True
        counts = {name: values[told, days] for name, values in grid.counts.items()}
        mine = Grid(grid.units.loc[told].reset_index(drop=True), grid.days[days], counts)
        exposure = emergence.exposures(counts["stories"][:SUBJECTS].sum(axis=0), mine.days)
        yield mine, exposure, list(range(PAST_DAYS, len(mine.days)))


def alarms(drawn: Quiet, thresholds: Thresholds, first: int = PAST_DAYS, end: int = DAYS) -> pd.DataFrame:
    """Return the days on which subjects and topics emerge: subject, topic_id, day, and the least level that finds them."""
    found = [pd.DataFrame({"subject": [], "topic_id": [], "day": [], "level_bad": []})]
    for grid, exposure, tested in _weeks(drawn, first, end):
        tests = emergence.run_tests(grid, exposure, tested, thresholds, measures=MEASURES)
        verdicts = emergence.unit_days(tests, thresholds.fdr_level)
        chosen = emergence.windows(grid, tests, verdicts, thresholds)
        if len(chosen):
            emerging = chosen.loc[chosen["emergence"], ["day", "unit"]].drop_duplicates()
            found.append(emerging.merge(verdicts, on=["day", "unit"])[[*found[0]]])
    return pd.concat(found, ignore_index=True)


def words_of(drawn: Quiet, subject: int, seed: int) -> Words:
    """Return stories of ten words each, most of them by Zipf's law and two by their topic, of one subject of a quiet."""
    chance = np.random.default_rng([seed, subject])
    grid = drawn.grid
    rows = np.flatnonzero((grid.units["subject"] == f"s{subject}").to_numpy() & (grid.units["topic_id"] != WHOLE).to_numpy())
    told = grid.counts["stories"][rows].astype(int)
    places = np.nonzero(told)
    each = told[places]
    topic, day = (np.repeat(place, each) for place in places)
    turn = np.arange(len(topic)) - np.repeat(np.cumsum(each) - each, each)
    ill = turn < np.repeat(grid.counts["bad_stories"][rows][places], each)
    numbers = np.minimum(chance.zipf(1.3, (len(day), 8)), VOCABULARY)
    of_topic = (7 * topic[:, None] + np.arange(2)) % (VOCABULARY + 1) + VOCABULARY + 1
    ids = np.concatenate([numbers, of_topic], axis=1)
    frame = pd.DataFrame({"subject": f"s{subject}", "day": grid.days[day], "topic_id": [f"t{t}" for t in topic]})
    frame["story_id"] = [f"{subject}-{number}" for number in range(len(frame))]
    frame["bad"], frame["judged"] = ill.astype(float), 1.0
    frame["loaded"] = frame["bad"] * (chance.random(len(frame)) < 0.6)
    frame["grave"] = frame["loaded"] * (chance.random(len(frame)) < 0.4)
    frame["gravity"], frame["gravity_category"] = 0.4 * frame["loaded"] + 0.3 * frame["grave"], "social"
    order = np.argsort(day, kind="stable")
    known, columns = np.unique(ids[order], return_inverse=True)
    held = (np.ones(columns.size), (np.repeat(np.arange(len(day)), 10), columns.ravel()))
    matrix = sparse.csr_matrix(held, shape=(len(day), len(known)))
    matrix.data[:] = 1.0
    return Words(frame.iloc[order].set_index("story_id"), matrix, np.array([f"w{number:05}" for number in known], dtype=object))


def burst_alarms(drawn: Quiet, thresholds: Thresholds, seed: int) -> pd.DataFrame:
    """Return the days on which affairs emerge by their words only, at each of the levels: subject, topic_id, day, level_bad."""
    found = [pd.DataFrame({"subject": [], "topic_id": [], "day": [], "level_bad": []})]
    spoken = {f"s{number}": words_of(drawn, number, seed) for number in range(SUBJECTS)}
    for grid, exposure, tested in _weeks(drawn, PAST_DAYS, DAYS):
        near = {}
        for subject, words in spoken.items():
            days = words.stories["day"].to_numpy()
            kept = (days >= grid.days[0]) & (days <= grid.days[-1])
            # What is spoken ill of in too few stories has no word that is tested.
            recent = days[kept] > grid.days[tested[0] - max(thresholds.windows_days)]
            if (recent & (words.stories["bad"].to_numpy()[kept] > 0)).sum() >= thresholds.min_stories:
                near[subject] = Words(words.stories.loc[kept], words.matrix[kept], words.vocabulary)
        grids, tests = word_tests(near, grid.days, exposure, tested, thresholds)
        for level in sorted({*LEVELS, thresholds.fdr_level}, reverse=True):
            told = affairs_of(near, grids, tests, frozenset(), replace(thresholds, fdr_level=level))
            if not told:
                break
            known = [{"subject": one.subject, "topic_id": "words", "day": one.first_day, "level_bad": level} for one in told]
            found.append(pd.DataFrame(known))
    return pd.concat(found, ignore_index=True)


def episodes(found: pd.DataFrame) -> int:
    """Return how many times a subject alarms anew: alarms less than a fortnight apart are one."""
    if found.empty:
        return 0
    told = found.astype({"day": "datetime64[us]"}).drop_duplicates(["subject", "day"]).sort_values(["subject", "day"])
    gap = told.groupby("subject")["day"].diff()
    return int((gap.isna() | (gap >= pd.Timedelta(days=EPISODE_DAYS))).sum())


def one_quiet(world: World, thresholds: Thresholds, seed: int, *, spoken: bool = True) -> dict[str, float]:
    """Return the false episodes of one quiet half-year at each level: of whole subjects, topics, words, and all together."""
    drawn = quiet(seed, world)
    found = alarms(drawn, replace(thresholds, fdr_level=max(*LEVELS, thresholds.fdr_level)))
    by_words = burst_alarms(drawn, thresholds, seed) if spoken else found.iloc[:0]
    daily = drawn.grid.counts["stories"][:SUBJECTS]
    index = daily.var(axis=1) / np.maximum(daily.mean(axis=1), 1e-9)
    result: dict[str, float] = {"seed": seed, "dispersion_greatest": float(index.max())}
    for level in sorted({*LEVELS, thresholds.fdr_level}):
        mine, worded = (frame.loc[frame["level_bad"] <= level] for frame in (found, by_words))
        whole = mine["topic_id"] == WHOLE
        parts = {"subjects": mine.loc[whole], "topics": mine.loc[~whole], "words": worded, "all": pd.concat([mine, worded])}
        result |= {f"{name} {level:g}": episodes(frame) for name, frame in parts.items()}
    return result


def share_with_any(counts: Floats) -> tuple[float, float, float]:
    """Return the share of half-years with any false alarm and its exact 95 % interval (Clopper & Pearson, 1934)."""
    runs, some = len(counts), int((counts > 0).sum())
    low = float(stats.beta.ppf(0.025, some, runs - some + 1)) if some else 0.0
    high = float(stats.beta.ppf(0.975, some + 1, runs - some)) if some < runs else 1.0
    return some / runs, low, high


def one_power(
    world: World, thresholds: Thresholds, cases: Sequence[tuple[int, int]], seed: int
) -> list[dict[str, float | bool]]:
    """Return of each crisis planted in one half-year whether it was found in three days, after how many, and by its topic.

    Parameters
    ----------
    cases
        Stories of a crisis, and days over which they are spread.
    """
    drawn = quiet(seed, world)
    chance = np.random.default_rng(seed + 10**6)
    result: list[dict[str, float | bool]] = []
    for stories, spread in cases:
        subject, day = int(chance.integers(SUBJECTS)), int(chance.integers(PAST_DAYS, DAYS - 7))
        planted = plant(drawn, subject, day, stories, spread, seed=seed)
        found = alarms(planted, thresholds, day, day + 7)
        mine = found.loc[found["subject"] == f"s{subject}"]
        days = (pd.to_datetime(mine["day"]) - planted.grid.days[day]).dt.days if len(mine) else pd.Series(dtype=float)
        delay = float(days.min()) if len(days) else np.inf
        by_topic = bool((days[mine["topic_id"] == "planted"] == 0).any()) if len(days) else False
        case = {"stories": stories, "days": spread, "base": float(drawn.rates[subject]), "seed": seed}
        result.append({**case, "delay": delay, "found": delay <= 2, "that_day": delay == 0, "topic_that_day": by_topic})
    return result


def quiet_table(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row a level and kind of alarm: share of half-years with any, its interval, and mean of false episodes."""
    table = []
    for column in rows.columns.drop(["seed", "dispersion_greatest"]):
        any_of, low, high = share_with_any(rows[column].to_numpy())
        kind, level = str(column).split(" ")
        told = {"level": float(level), "what": kind, "runs": len(rows), "any": any_of, "low": low, "high": high}
        table.append({**told, "mean": rows[column].mean()})
    return pd.DataFrame(table).sort_values(["level", "what"], ignore_index=True)


def power_table(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row a base rate, spread and size of crisis: share found in three days, median delay, found on its day."""
    base = pd.cut(rows["base"], [0, 0.1, 0.5, 2, 10, np.inf], labels=["< 0.1", "0.1-0.5", "0.5-2", "2-10", "> 10"])
    grouped = rows.assign(base=base).groupby(["days", "base", "stories"], observed=True)
    named = {"runs": ("found", "size"), "found": ("found", "mean"), "median_delay": ("delay", "median")}
    return grouped.agg(**named, that_day=("that_day", "mean"), topic_that_day=("topic_that_day", "mean")).reset_index()


def main() -> None:
    """Print a table of each world."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["quiet", "power"])
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1000)
    parser.add_argument("--world", choices=list(WORLDS), action="append")
    parser.add_argument("--without-words", action="store_true")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    seeds = range(options.seed, options.seed + options.runs)
    for name in options.world or WORLDS:
        with ProcessPoolExecutor(options.processes) as pool:
            if options.what == "quiet":
                work = partial(one_quiet, WORLDS[name], Thresholds(), spoken=not options.without_words)
                table = quiet_table(pd.DataFrame(list(pool.map(work, seeds))))
            else:
                planting = partial(one_power, WORLDS[name], Thresholds(), CASES)
                table = power_table(pd.DataFrame([row for rows in pool.map(planting, seeds) for row in rows]))
        print(f"World of {name}\n{table.round(3).to_string(index=False)}\n", flush=True)


if __name__ == "__main__":
    main()
