"""The simpler detectors: what they flag is what was reckoned by hand, and nothing that comes later moves it."""

from __future__ import annotations

import importlib.util
import sys
from datetime import date
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from veille.replay import Event, EventKind


@pytest.fixture(scope="module")
def detectors() -> ModuleType:
    spec = importlib.util.spec_from_file_location("detectors", Path(__file__).parents[2] / "benchmarks" / "detectors.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["detectors"] = module
    spec.loader.exec_module(module)
    return module


def flagged(flags: np.ndarray) -> list[int]:
    return np.flatnonzero(flags[0]).tolist()


def series(days: int, **told: int) -> np.ndarray:
    counts = np.zeros((1, days))
    for day, count in told.items():
        counts[0, int(day[1:])] = count
    return counts


def test_windows_sum_the_days_that_end_on_each(detectors: ModuleType) -> None:
    assert detectors.windowed(np.array([[1.0, 2, 3, 4]]), 3).tolist() == [[1, 3, 6, 9]]


def test_gamma_poisson_is_the_negative_binomial_of_its_past(detectors: ModuleType) -> None:
    # 56 days with 4 articles, discounted: 3.4 pseudo-articles in 53.6 days, so that 3 on a day are expected .063 times.
    counts = series(80, d20=1, d30=1, d40=1, d50=1, d70=3)
    p_value = stats.nbinom.sf(2, 3.4, 53.6 / 54.6)
    assert p_value < detectors.P_VALUE
    assert flagged(detectors.gamma_poisson(counts, counts, (1,))) == [70]
    assert flagged(detectors.gamma_poisson(counts + series(80, d70=1), counts, (3,))) == [70, 71, 72]
    counts[0, 70] = 2
    assert flagged(detectors.gamma_poisson(counts, counts, (1,))) == [], "two articles are too few"


def test_gamma_poisson_asks_for_the_share_and_forgives_the_usual(detectors: ModuleType) -> None:
    bad, articles = series(80, d70=6), series(80, d70=10)
    assert flagged(detectors.gamma_poisson(bad, articles, (1,), 0.59)) == [70]
    assert flagged(detectors.gamma_poisson(bad, articles, (1,), 0.6)) == []
    usual = np.full((1, 80), 3.0)
    assert 79 not in flagged(detectors.gamma_poisson(usual, usual, (1,)))


def test_huginn_reports_a_peak_the_day_after_and_spares_two_days(detectors: ModuleType) -> None:
    assert flagged(detectors.huginn(series(40, d20=1))) == [21], "no guard on a deviation of zero"
    # Twelve days of which one holds 1: mean 1/12, deviation .276, limit .912.
    assert flagged(detectors.huginn(series(40, d20=1, d22=1))) == [21, 23]
    assert flagged(detectors.huginn(series(40, d20=2, d21=1))) == [21]
    assert flagged(detectors.huginn(series(40, d20=1, d21=2, d22=3))) == [23]


def test_c2_leaves_two_days_between_and_floors_the_deviation(detectors: ModuleType) -> None:
    assert flagged(detectors.ears_c2(series(40, d20=1))) == [], "1 < 3.09 * .5"
    assert flagged(detectors.ears_c2(series(40, d20=2))) == [20]
    assert flagged(detectors.ears_c2(series(40, d18=2, d20=2))) == [18, 20], "a rise does not feed its own baseline"
    # Seven days with a 2: mean .286, deviation .756, limit 2.62.
    assert flagged(detectors.ears_c2(series(40, d15=2, d20=2))) == [15]
    assert flagged(detectors.ears_c2(series(40, d15=2, d20=3))) == [15, 20]


def test_what_comes_later_moves_no_earlier_alarm(detectors: ModuleType) -> None:
    chance = np.random.default_rng(5)
    articles = chance.poisson(chance.gamma(0.3, 2.0, (26, 120))).astype(float)
    loaded, negative = chance.binomial(articles.astype(int), 0.5), chance.binomial(articles.astype(int), 0.4)
    days = pd.date_range("2022-01-01", periods=120)
    names = [f"s{number}" for number in range(26)]

    def until(last: int, later: float) -> object:
        shown = [np.where(np.arange(120) < last, table, later) for table in (articles, negative, loaded)]
        return detectors.Counts(names, days, *shown)

    for name, detector in detectors.DETECTORS.items():
        one, other = (detector(until(90, later))[:, :90] for later in (0.0, 50.0))
        assert np.array_equal(one, other), name
        assert one.any(), name


def test_runs_are_parted_by_a_fortnight(detectors: ModuleType) -> None:
    alarms = [("a", date(2022, 1, day)) for day in (1, 2, 14, 28)] + [("b", date(2022, 1, 3))]
    assert detectors.runs(alarms) == [alarms[0], alarms[3], alarms[4]]


def test_a_row_is_scored_as_the_replay_is(detectors: ModuleType) -> None:
    truth = [
        Event("one", "a", date(2022, 2, 1), date(2022, 2, 10), EventKind.CRISIS),
        Event("two", "b", date(2022, 5, 1), date(2022, 5, 10), EventKind.CRISIS),
        Event("bid", "c", date(2022, 3, 1), date(2022, 3, 10), EventKind.NOT_CRISIS),
    ]
    period = detectors.Period(date(2022, 1, 1), date(2022, 6, 30), truth, frozenset({"one"}))
    assert period.middle == date(2022, 4, 1)
    alarms = [
        ("a", date(2022, 2, 3)),
        ("a", date(2022, 2, 4)),
        ("b", date(2022, 5, 1)),
        ("c", date(2022, 3, 2)),
        ("d", date(2022, 6, 1)),
    ]
    row = period.row(alarms, 26, loud=1)
    assert row["found of 1"] == 1
    assert row["lags in days"] == "2"
    assert row["found of all 2"] == 2
    assert row["spike that is no crisis"] == "alarmed"
    assert row["false episodes"] == 2
    assert row["of level 3 and more"] == "0.04"
    assert row["before 01 April: found, false"] == "1 of 1, 1"
    assert row["from 01 April: found, false"] == "1 of 1, 1"
