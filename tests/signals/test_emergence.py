"""The promise of few false alarms, proved by simulation, and that what is planted is found."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from veille.signals import emergence
from veille.signals.counts import WHOLE, Grid
from veille.signals.thresholds import Thresholds

THRESHOLDS = Thresholds()
DAYS = 66 + 181
SUBJECTS = 26


def quiet(seed: int, bad_share: float = 0.4) -> Grid:
    """Half a year and its past: daily stories negative binomial with an index of dispersion of about 2, rates that differ."""
    rng = np.random.default_rng(seed)
    rates = rng.gamma(0.8, 0.4 / 0.8, SUBJECTS)[:, None]
    stories = rng.poisson(rates * rng.gamma(0.4, 1 / 0.4, (SUBJECTS, DAYS)))
    bad = rng.binomial(stories, bad_share)
    loaded = rng.binomial(bad, 0.7)
    grave = rng.binomial(loaded, 0.3)
    units = pd.DataFrame({"subject": [f"s{n}" for n in range(SUBJECTS)], "topic_id": WHOLE})
    counts = {
        "stories": stories,
        "negative_stories": bad,
        "bad_stories": bad,
        "loaded_stories": loaded,
        "grave_stories": grave,
        "severe_stories": grave,
        # The tone of every story is known here.
        "judged_stories": stories,
    }
    days = pd.date_range("2021-11-01", periods=DAYS)
    return Grid(units, days, {name: values.astype(float) for name, values in counts.items()})


def found(grid: Grid, days: list[int]) -> pd.DataFrame:
    tests = emergence.run_tests(grid, np.ones(DAYS), days, THRESHOLDS)
    return emergence.windows(grid, tests, emergence.unit_days(tests, THRESHOLDS.fdr_level), THRESHOLDS)


def episodes(chosen: pd.DataFrame) -> int:
    return 0 if chosen.empty else int(chosen.loc[chosen["emergence"]].groupby("unit").ngroups)


@pytest.mark.parametrize("seed", [1, 2])
def test_half_a_year_of_quiet_over_dispersed_days_gives_at_most_one_alarm(seed: int) -> None:
    assert episodes(found(quiet(seed), list(range(66, DAYS)))) <= 1


def plant(grid: Grid, unit: int, first: int, bad: list[int], good: list[int]) -> Grid:
    for offset, (ill, well) in enumerate(zip(bad, good, strict=True)):
        for name in ("bad_stories", "loaded_stories", "negative_stories"):
            grid.counts[name][unit, first + offset] += ill
        for name in ("stories", "judged_stories"):
            grid.counts[name][unit, first + offset] += ill + well
    return grid


def quiet_unit(grid: Grid) -> int:
    """A unit spoken of less than the others, but spoken of."""
    return int(np.argsort(grid.counts["stories"].sum(axis=1))[SUBJECTS // 2])


def test_planted_burst_of_bad_stories_is_found_on_its_first_days() -> None:
    grid = quiet(3)
    unit = quiet_unit(grid)
    chosen = found(plant(grid, unit, 200, [3, 5, 6], [0, 0, 1]), list(range(200, 204)))
    best = emergence.best_windows(chosen, "emergence", "p_value")
    assert best["unit"].tolist() == [unit]
    assert best["first_day"].iloc[0] <= grid.days[201]


def test_positive_surge_is_a_finding_and_no_alarm() -> None:
    grid = quiet(3)
    unit = quiet_unit(grid)
    chosen = found(plant(grid, unit, 200, [1, 0, 2], [6, 8, 9]), list(range(200, 204)))
    assert emergence.best_windows(chosen, "emergence", "p_value").empty
    assert emergence.best_windows(chosen, "surge", "p_value_stories")["unit"].tolist() == [unit]


def test_two_bad_stories_are_below_the_minimum() -> None:
    grid = quiet(3)
    for values in grid.counts.values():
        values[:] = 0
    assert episodes(found(plant(grid, 0, 200, [2, 0, 0], [0, 0, 0]), [200, 201, 202])) == 0


def test_the_rise_does_not_feed_its_own_baseline() -> None:
    grid = plant(quiet(3), 0, 200, [9], [0])
    bare = quiet(3)
    tests = [emergence.run_tests(given, np.ones(DAYS), [203], THRESHOLDS) for given in (grid, bare)]
    expected = [frame.loc[frame["unit"] == 0, "expected"].to_numpy() for frame in tests]
    assert np.allclose(expected[0], expected[1])


def test_topic_born_today_is_flagged_in_its_first_window() -> None:
    grid = quiet(4)
    rng = np.random.default_rng(4)
    topics = pd.DataFrame({"subject": [f"s{n}" for n in range(SUBJECTS)], "topic_id": [f"t{n}" for n in range(SUBJECTS)]})
    old = {name: rng.binomial(values.astype(int), 0.3).astype(float) for name, values in grid.counts.items()}
    for values in old.values():
        values[0] = 0
    old["bad_stories"][0, 200] = old["loaded_stories"][0, 200] = old["stories"][0, 200] = 12
    old["judged_stories"] = old["stories"]
    grown = Grid(
        pd.concat([grid.units, topics], ignore_index=True),
        grid.days,
        {name: np.vstack([values, old[name]]) for name, values in grid.counts.items()},
    )
    best = emergence.best_windows(found(grown, [200]), "emergence", "p_value")
    assert "t0" in best["topic_id"].tolist()


def test_outage_counts_for_no_exposure_and_a_quiet_watch_for_ordinary_days() -> None:
    days = pd.date_range("2022-01-03", periods=28)
    volume = np.full(28, 100.0)
    volume[10] = 0
    weights = emergence.exposures(volume, days)
    assert weights[10] == 0
    assert (np.delete(weights, 10) > 0.5).all()
    assert (emergence.exposures(np.zeros(28), days) > 0).all()


def test_the_level_of_a_day_is_shared_and_its_least_is_the_one_that_finds() -> None:
    shares = (emergence.SHARE_OF_SUBJECTS, emergence.SHARE_OF_TOPICS, emergence.SHARE_OF_WORDS)
    assert sum(shares) == pytest.approx(1)
    grid = quiet(3)
    tests = emergence.run_tests(plant(grid, quiet_unit(grid), 200, [5], [0]), np.ones(DAYS), [200], THRESHOLDS)
    least = emergence.unit_days(tests, 1.0)["level_bad"]
    for level in (0.001, 0.01, 0.1):
        assert emergence.unit_days(tests, level)["found_bad"].tolist() == (least <= level).tolist()
    # Twenty-six subjects, and of the level their share.
    smallest = emergence.unit_days(tests, 1.0)["p_bad"].min()
    assert least.min() == pytest.approx(smallest * SUBJECTS / emergence.SHARE_OF_SUBJECTS)


def test_nothing_to_test_gives_empty_frames() -> None:
    tests = emergence.run_tests(quiet(1), np.ones(DAYS), [], THRESHOLDS)
    assert tests.empty
    assert episodes(emergence.windows(quiet(1), tests, emergence.unit_days(tests, 0.005), THRESHOLDS)) == 0


def test_of_a_day_that_is_not_over_only_what_is_usually_said_by_then_is_awaited() -> None:
    afternoons = np.full(2000, 15 * 3600.0)
    assert emergence.elapsed_share(afternoons, 12 * 3600) < 0.05
    assert emergence.elapsed_share(afternoons, 18 * 3600) > 0.95
    assert emergence.elapsed_share(np.zeros(0), 6 * 3600) == pytest.approx(0.25)
    assert emergence.elapsed_share(afternoons, 0) == emergence.elapsed_share(afternoons, 86_400) == 1.0
    shares = [emergence.elapsed_share(afternoons, hour * 3600.0) for hour in range(1, 24)]
    assert shares == sorted(shares)


def test_in_the_morning_a_burst_is_more_surprising_than_over_the_whole_day() -> None:
    grid = quiet(3)
    unit = quiet_unit(grid)
    plant(grid, unit, 200, [4], [0])
    morning = np.ones(DAYS)
    morning[200] = 0.2
    p_values = []
    for exposure in (morning, np.ones(DAYS)):
        tests = emergence.run_tests(grid, exposure, [200], THRESHOLDS)
        p_values.append(tests.loc[(tests["unit"] == unit) & (tests["measure"] == "bad_stories"), "p_value"])
    assert (p_values[0].to_numpy() <= p_values[1].to_numpy()).all()
    assert p_values[0].iloc[0] < p_values[1].iloc[0]


def test_topic_that_rises_as_its_subject_does_is_less_surprising_than_one_that_rises_alone() -> None:
    p_values = []
    for others in (0.0, 40.0):
        grid = quiet(4)
        topic = {name: np.zeros((1, DAYS)) for name in grid.counts}
        for name in topic:
            topic[name][0, 100:190:10] = 1
            topic[name][0, 200] = 4
        counts = {name: np.vstack([values, topic[name]]) for name, values in grid.counts.items()}
        for name in ("stories", "judged_stories"):
            counts[name][0, 200] += others
        born = pd.DataFrame({"subject": ["s0"], "topic_id": ["t"]})
        tests = emergence.run_tests(
            Grid(pd.concat([grid.units, born], ignore_index=True), grid.days, counts), np.ones(DAYS), [200], THRESHOLDS
        )
        mine = tests.loc[(tests["topic_id"] == "t") & (tests["measure"] == "bad_stories") & (tests["window_days"] == 1)]
        p_values.append(float(mine["p_value"].iloc[0]))
    assert p_values[0] < p_values[1] < 1
