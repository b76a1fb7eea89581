"""The simulation of quiet and of crises: it is what it says it is, and a reduced one keeps its floors."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from veille.signals.thresholds import Thresholds


@pytest.fixture(scope="module")
def simulation() -> ModuleType:
    spec = importlib.util.spec_from_file_location("simulation", Path(__file__).parents[2] / "benchmarks" / "simulation.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["simulation"] = module
    spec.loader.exec_module(module)
    return module


def test_alarms_less_than_a_fortnight_apart_are_one_episode(simulation: ModuleType) -> None:
    days = pd.to_datetime(["2022-01-01", "2022-01-10", "2022-01-24", "2022-01-02"])
    found = pd.DataFrame({"subject": ["a", "a", "a", "b"], "topic_id": "", "day": days})
    assert simulation.episodes(found) == 3
    assert simulation.episodes(found.iloc[:0]) == 0


def test_share_of_half_years_has_its_exact_interval(simulation: ModuleType) -> None:
    assert simulation.share_with_any(np.zeros(20)) == (0.0, 0.0, pytest.approx(0.168, abs=0.001))
    share, low, high = simulation.share_with_any(np.array([0, 2, 1, 0]))
    assert low < share == 0.5 < high


def test_quiet_is_over_dispersed_and_its_topics_add_up(simulation: ModuleType) -> None:
    drawn = simulation.quiet(11, simulation.WORLDS["press"])
    whole = drawn.grid.counts["stories"][: simulation.SUBJECTS]
    topics = drawn.grid.counts["stories"][simulation.SUBJECTS :]
    assert whole.sum() == topics.sum()
    busy = whole[whole.mean(axis=1) > 0.3]
    assert (busy.var(axis=1) / busy.mean(axis=1)).mean() > 1.2
    again = simulation.quiet(11, simulation.WORLDS["press"])
    assert np.array_equal(again.grid.counts["bad_stories"], drawn.grid.counts["bad_stories"])


@pytest.mark.slow
def test_reduced_simulation_keeps_its_floors(simulation: ModuleType) -> None:
    world = simulation.WORLDS["press"]
    quiet = [simulation.one_quiet(world, Thresholds(), seed, spoken=False)["all"] for seed in range(1, 9)]
    assert sum(count > 0 for count in quiet) <= 5
    rows = [row for seed in range(1, 9) for row in simulation.one_power(world, Thresholds(), ((16, 0.95),), seed)]
    assert np.mean([row["found"] for row in rows]) >= 0.75
