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


def test_planted_crisis_is_as_large_as_it_says_and_begins_on_its_day(simulation: ModuleType) -> None:
    drawn = simulation.quiet(11, simulation.WORLDS["press"])
    planted = simulation.plant(drawn, 4, 120, 12)
    more = planted.grid.counts["stories"][4] - drawn.grid.counts["stories"][4]
    assert more[:120].sum() == 0
    assert more[120] >= 1
    assert more[120:123].sum() == 12
    assert planted.grid.units.iloc[-1].tolist() == ["s4", "planted"]
    alone = simulation.plant(drawn, 4, 120, 12, 1).grid.counts["stories"][-1]
    assert alone[120] == alone.sum() == 12


def test_stories_of_a_subject_hold_the_words_of_their_topic(simulation: ModuleType) -> None:
    drawn = simulation.quiet(11, simulation.WORLDS["press"])
    words = simulation.words_of(drawn, 3, 11)
    assert len(words.stories) == drawn.grid.counts["stories"][3].sum()
    assert words.stories["bad"].sum() == drawn.grid.counts["bad_stories"][3].sum()
    assert words.stories["day"].is_monotonic_increasing
    of_topic = words.matrix[:, [int(word[1:]) > simulation.VOCABULARY for word in words.vocabulary]]
    topics = words.stories["topic_id"].to_numpy()
    same = (of_topic @ of_topic.T).toarray() >= 2
    assert same[topics[:, None] == topics[None, :]].all()


def test_tables_tell_shares_delays_and_what_was_not_found(simulation: ModuleType) -> None:
    rows = pd.DataFrame({"stories": 8, "days": 3, "base": [0.05, 0.05, 1.0], "seed": 1, "delay": [0.0, np.inf, 4.0]})
    rows = rows.assign(found=[True, False, False], that_day=[True, False, False], topic_that_day=False)
    table = simulation.power_table(rows)
    assert table["base"].tolist() == ["< 0.1", "0.5-2"]
    assert table["found"].tolist() == [0.5, 0.0]
    assert table["median_delay"].tolist() == [np.inf, 4.0]
    quiet = pd.DataFrame({"seed": [1, 2], "dispersion_greatest": 2.0, "all 0.01": [0, 3], "all 0.005": [0, 0]})
    assert simulation.quiet_table(quiet)[["level", "any", "mean"]].to_numpy().tolist() == [[0.005, 0, 0], [0.01, 0.5, 1.5]]


def test_planted_crises_are_found_as_often_as_they_were(simulation: ModuleType) -> None:
    cases = ((12, 3), (20, 1))
    rows = pd.DataFrame(
        [row for seed in range(1, 7) for row in simulation.one_power(simulation.WORLDS["press"], Thresholds(), cases, seed)]
    )
    assert rows.loc[rows["days"] == 3, "found"].mean() >= 0.8
    born = rows.loc[rows["days"] == 1]
    assert born["that_day"].mean() >= 0.6
    assert born["topic_that_day"].mean() >= 0.5


@pytest.mark.slow
def test_reduced_simulation_keeps_its_floors(simulation: ModuleType) -> None:
    world = simulation.WORLDS["press"]
    quiet = pd.DataFrame([simulation.one_quiet(world, Thresholds(), seed) for seed in range(1, 13)])
    # A third of half-years in the long run: more than seven of twelve would be one chance in fifty.
    assert (quiet[f"all {Thresholds().fdr_level:g}"] > 0).sum() <= 7
    cases = ((8, 3), (12, 3), (20, 1))
    rows = pd.DataFrame([row for seed in range(1, 21) for row in simulation.one_power(world, Thresholds(), cases, seed)])
    found = rows.groupby(["days", "stories"])["found"].mean()
    assert found[3, 8] >= 0.8
    assert found[3, 12] >= 0.8
    assert rows.loc[rows["days"] == 1, "that_day"].mean() >= 0.75
