"""The benchmark of counts: its score has the ends that the published one has, and no alarm looks ahead."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

ROWS = 4000
WINDOWS = [(1000, 1200), (2500, 2700)]


@pytest.fixture(scope="module")
def volumes() -> ModuleType:
    spec = importlib.util.spec_from_file_location("volumes", Path(__file__).parents[2] / "benchmarks" / "volumes.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["volumes"] = module
    spec.loader.exec_module(module)
    return module


def told(volumes: ModuleType, opened: list[int]) -> float:
    raw, windows, _, _ = volumes.score(opened, WINDOWS, ROWS)
    return float(100 * (raw + windows) / (2 * windows))


def test_no_alarm_is_nothing_and_each_window_at_once_is_everything(volumes: ModuleType) -> None:
    assert told(volumes, []) == pytest.approx(0.0)
    assert told(volumes, [1000, 2500]) == pytest.approx(100.0, abs=0.5)


def test_earlier_is_better_and_a_second_alarm_in_a_window_changes_nothing(volumes: ModuleType) -> None:
    assert told(volumes, [1000]) > told(volumes, [1100]) > told(volumes, [1190]) > told(volumes, [])
    assert told(volumes, [1000, 1050]) == told(volumes, [1000])


def test_a_false_alarm_costs_and_one_in_the_probation_does_not(volumes: ModuleType) -> None:
    assert told(volumes, [1000, 2000]) < told(volumes, [1000])
    assert told(volumes, [100, 1000]) == told(volumes, [1000])
    assert told(volumes, [1205]) > told(volumes, [2000]), "just after a window costs less"


def test_a_burst_is_found_and_what_comes_later_moves_no_earlier_alarm(volumes: ModuleType) -> None:
    values = np.random.default_rng(3).poisson(20, 6000).astype(np.float64)
    values[5000:5012] += 200
    setting = volumes.Setting()
    opened = volumes.alarms(volumes.surprises(values, setting), setting)
    assert 5000 <= opened[-1] < 5012
    later = np.r_[values, np.full(1000, 900.0)]
    assert volumes.alarms(volumes.surprises(later, setting), setting)[: len(opened)] == opened


def test_one_alarm_an_affair(volumes: ModuleType) -> None:
    setting = volumes.Setting(quiet_slots=10)
    p_values = np.ones(100)
    p_values[[5, 6, 14, 40]] = 0.0
    assert volumes.alarms(p_values, setting) == [5, 40]
