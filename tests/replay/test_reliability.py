"""Whether a probability may be said: learned on one part of time, measured on the other."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from veille.replay import Growth, Relived, learn, outcomes, outlook, reliability
from veille.replay.growth import HORIZON_DAYS
from veille.replay.reliability import LEAST_TOPICS, interval, measure, parted, pooled, supported
from veille.store import Store
from veille.watch import Watch

START, PER_DAY = date(2022, 1, 1), 20
TRUE = Growth(anyway=0.2, fresh_ratio=0.9, older_ratio=0.3, size=2.0)


def rows(days: int = 100, topics: int = 300, seed: int = 1, growth: Growth = TRUE) -> pd.DataFrame:
    """Return topics that go on as a known growth says."""
    random = np.random.default_rng(seed)
    number = days * PER_DAY
    week = random.integers(3, 12, number)
    fresh = random.binomial(week, random.random(number))
    mean = growth.expected(week, fresh)
    came = random.negative_binomial(growth.size, growth.size / (growth.size + mean))
    frame = pd.DataFrame({"stories_7d": week, "stories_3d": fresh, "next_7d": came, "grew": came > week})
    frame["day"] = [(START + timedelta(days=int(day))).isoformat() for day in np.repeat(np.arange(days), PER_DAY)]
    return frame.assign(unit=[f"t{name}" for name in random.integers(0, topics, number)])


def test_what_is_learned_is_what_was_planted_and_holds_on_the_days_after() -> None:
    frame, split = rows(), START + timedelta(days=60)
    found = learn(frame)
    assert found.fresh_ratio == pytest.approx(TRUE.fresh_ratio, abs=0.15)
    assert found.older_ratio == pytest.approx(TRUE.older_ratio, abs=0.1)
    table = reliability(frame, split)
    told = table.loc[table["rows"] >= 100]
    assert len(told) >= 2
    assert told["holds"].all()
    assert (told["predicted_ratio"] - told["observed_ratio"]).abs().max() < 0.05
    assert table["rows"].sum() == 40 * PER_DAY


def test_a_word_that_does_not_come_true_is_not_said() -> None:
    liar = Growth(0.2, 2.5, 2.0, 2.0)
    table = measure(liar, rows())
    assert not table.loc[table["rows"] > 0, "holds"].any()


def test_the_last_week_before_the_split_teaches_nothing() -> None:
    frame, split = rows(), START + timedelta(days=60)
    learnt, measured = parted(frame, split)
    day = pd.to_datetime(learnt["day"]).dt.date
    assert day.max() == split - timedelta(days=HORIZON_DAYS + 1)
    assert (pd.to_datetime(measured["day"]).dt.date >= split).all()


def test_few_topics_say_nothing() -> None:
    few = rows(topics=LEAST_TOPICS - 1)
    assert not reliability(few, START + timedelta(days=60))["holds"].any()
    assert supported(few) == 0
    none = reliability(few.head(0), START)
    assert none["rows"].sum() == 0
    assert not none["holds"].any()


def test_states_beyond_what_enough_topics_reached_are_not_supported() -> None:
    frame = pd.DataFrame({"unit": [f"t{number}" for number in range(30)], "stories_7d": range(30, 0, -1)})
    assert supported(frame, topics=20) == 11
    # The days of one topic are one topic.
    assert supported(pd.concat([frame.head(1)] * 50), topics=20) == 0


def test_days_of_one_topic_are_worth_less_than_as_many_topics() -> None:
    came = pd.Series([True] * 10 + [False] * 90)
    alone = interval(came, pd.Series(range(100)))
    together = interval(came, pd.Series(np.repeat(range(10), 10)))
    assert together[0] < alone[0] < 0.1 < alone[1] < together[1]
    assert alone == pytest.approx((0.055, 0.174), abs=0.002)
    # Where nothing came, as many as there are topics: Wilson of 0 in 10.
    assert interval(pd.Series([False] * 100), pd.Series(np.repeat(range(10), 10))) == pytest.approx((0.0, 0.278), abs=0.001)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 9)), min_size=1, max_size=60))
def test_an_interval_holds_its_frequency(cases: list[tuple[bool, int]]) -> None:
    came, unit = pd.Series([one for one, _ in cases]), pd.Series([name for _, name in cases])
    low, high = interval(came, unit)
    assert 0 <= low <= came.mean() + 1e-9
    assert came.mean() - 1e-9 <= high <= 1


parts = st.floats(0.0, 3.0)


@settings(deadline=None, max_examples=30)
@given(parts, parts, st.floats(0.0, 1.0), st.floats(0.1, 10.0), st.integers(1, 40))
def test_the_probability_never_falls_as_more_of_it_is_fresh(
    anyway: float, beyond: float, older: float, size: float, week: int
) -> None:
    growth = Growth(anyway + 0.01, older + beyond, older, size)
    fresh = np.arange(week + 1)
    told = growth.probability(np.full(week + 1, week), fresh)
    assert ((told >= 0) & (told <= 1)).all()
    assert (np.diff(told) >= -1e-12).all()


def test_the_ends_nothing_is_expected_of_silence_and_all_of_a_flood() -> None:
    assert Growth(1e-9, 0.0, 0.0, 1.0).probability(5, 5) < 1e-6
    assert Growth(1e6, 1.0, 1.0, 5.0).probability(5, 5) > 0.999


def test_units_of_two_sets_are_not_taken_for_one() -> None:
    both = pooled([rows(topics=5), rows(topics=5, seed=2)])
    assert both["unit"].nunique() == 10


def test_growth_is_told_of_whole_horizons_only(relived: tuple[Watch, Store, Relived]) -> None:
    found = relived[2]
    assert outlook(found).empty
    spoken = pd.DataFrame({"day": ["2022-01-01", "2022-01-08"], "subject": "a", "topic_id": ["t", "t"], "stories_7d": [3, 4]})
    spoken = spoken.assign(stories_3d=[2, 1])
    told = outcomes(spoken, date(2022, 1, 8))
    assert told[["unit", "stories_7d", "stories_3d", "next_7d", "grew"]].to_numpy().tolist() == [["t", 3, 2, 4, True]]
    assert outcomes(spoken, date(2022, 1, 7)).empty
    silent = outcomes(spoken.head(1), date(2022, 1, 8))
    assert silent[["next_7d", "grew"]].to_numpy().tolist() == [[0, False]]
    assert outcomes(spoken.assign(stories_7d=2), date(2022, 1, 8)).empty
    assert outcomes(spoken.assign(topic_id=""), date(2022, 1, 8)).empty


def test_of_signals_only_what_they_are_about_is_asked(relived: tuple[Watch, Store, Relived]) -> None:
    found = relived[2]
    about, topic = found.signals.head(1).assign(topic_id="t"), "t"
    day = (about["cutoff"].iloc[0] - pd.Timedelta(seconds=1)).tz_convert(found.watch.timezone).date()
    spoken = pd.DataFrame({"day": [day.isoformat()] * 2, "subject": about["subject"].iloc[0], "topic_id": [topic, "another"]})
    spoken = spoken.assign(stories_7d=5, stories_3d=2)
    period = type(found.period)(day, day + timedelta(days=HORIZON_DAYS), found.period.timezone)
    later = Relived(found.watch, period, about, found.journal, spoken)
    assert len(outlook(later)) == 2
    assert outlook(later, signals=True)["topic_id"].tolist() == [topic]
