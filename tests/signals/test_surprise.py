from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from veille.signals import surprise
from veille.signals.surprise import GammaPrior

PRIOR = GammaPrior(shape=1.0, days=20.0)


def one(count: float, past: float = 3, days: float = 56, window: float = 7, index: float = 1.0) -> float:
    return float(surprise.tail(np.array([count]), window, np.array([past]), days, PRIOR, index)[0][0])


def test_tail_is_the_gamma_poisson_predictive_without_extra_dispersion() -> None:
    shape, days = 1 + 0.6 * 3, 20 + 0.6 * 56
    expected = stats.nbinom.sf(4, shape, days / (days + 7))
    assert one(5) == pytest.approx(expected)


@given(count=st.integers(0, 60), past=st.integers(0, 200))
def test_more_stories_are_more_surprising_and_more_past_less(count: int, past: int) -> None:
    assert one(count + 1, past) <= one(count, past)
    assert one(count, past + 1) >= one(count, past)


def test_ends_of_the_tail() -> None:
    assert one(0) == 1.0
    assert one(500) < 1e-12


def test_dispersion_makes_a_rise_less_surprising() -> None:
    assert one(8, index=5.0) > one(8, index=1.0)


def test_a_unit_without_past_has_the_prior_as_its_past() -> None:
    _, expected = surprise.tail(np.array([3.0]), 7, np.array([0.0]), 0.0, PRIOR)
    assert expected[0] == pytest.approx(7 * PRIOR.mean)
    p_value = surprise.tail(np.array([6.0]), 1, np.array([0.0]), 0.0, PRIOR)[0]
    assert p_value[0] < 1e-4


def test_prior_follows_the_population_and_falls_back_without_one() -> None:
    rng = np.random.default_rng(1)
    rates = rng.gamma(2.0, 0.1 / 2.0, 400)
    prior = surprise.fit_prior(rng.poisson(rates * 56).astype(float), 56)
    assert prior.mean == pytest.approx(0.1, rel=0.15)
    assert prior.shape == pytest.approx(2.0, rel=0.5)
    lone = surprise.fit_prior(np.zeros(0), 56)
    assert lone.mean == pytest.approx(0.05)


def test_dispersion_is_found_and_one_crisis_does_not_hide_the_next() -> None:
    rng = np.random.default_rng(2)
    poisson = rng.poisson(2.0, (30, 56)).astype(float)
    assert surprise.dispersion(poisson, 7).mean() < 1.4
    bursty = rng.negative_binomial(0.5, 0.5 / 2.5, (30, 56)).astype(float)
    assert surprise.dispersion(bursty, 1).mean() > 3
    crisis = poisson.copy()
    crisis[0, -7:] += 40
    others = surprise.dispersion(crisis, 7)[1:]
    assert np.allclose(others, surprise.dispersion(poisson, 7)[1:], atol=0.3)


def test_dispersion_of_too_short_a_past_is_poisson() -> None:
    assert surprise.dispersion(np.zeros((3, 5)), 7).tolist() == [1.0, 1.0, 1.0]
    assert surprise.dispersion(np.zeros((0, 56)), 7).shape == (0,)


def test_combined_p_value_keeps_its_level_and_rewards_agreement() -> None:
    assert surprise.combine(np.array([[0.01, 1.0, 1.0]]))[0] == pytest.approx(0.03)
    assert surprise.combine(np.array([[0.01, 0.01, 0.01]]))[0] == pytest.approx(0.01)


def test_discoveries_follow_benjamini_and_hochberg() -> None:
    p_values = np.array([0.001, 0.013, 0.014, 0.5, 0.9])
    assert surprise.discoveries(p_values, 0.05).tolist() == [True, True, True, False, False]
    assert not surprise.discoveries(np.array([0.2, 0.9]), 0.05).any()
    assert surprise.discoveries(np.zeros(0), 0.05).size == 0


def test_weekday_factors_find_a_quiet_weekend_and_keep_mean_one() -> None:
    weekdays = np.arange(56) % 7
    daily = np.where(weekdays >= 5, 20.0, 100.0)
    factors = surprise.weekday_factors(daily, weekdays)
    assert factors.mean() == pytest.approx(1.0)
    assert factors[6] < 0.5 < 1.0 < factors[0]
    assert surprise.weekday_factors(np.zeros(56), weekdays).tolist() == [1.0] * 7


def test_a_unit_of_which_much_is_said_swings_more_than_its_small_fellows() -> None:
    chance = np.random.default_rng(7)
    rates = np.repeat([0.5, 40.0], [40, 10])[:, None]
    past = chance.poisson(rates * chance.gamma(1.0, 1.0, (50, 56))).astype(float)
    found = surprise.dispersion(past, 1)
    assert found[40:].mean() > 15, "1 + rate / shape is 41"
    assert found[:40].mean() < found[40:].mean() / 3


def test_an_index_that_is_little_known_makes_great_counts_less_surprising() -> None:
    counts = np.arange(0.0, 60.0)
    habit = (7.0, 30.0, 56.0, PRIOR, 2.0)
    plain, _ = surprise.tail(counts, *habit, freedom=np.full(60, 1e6))
    some, _ = surprise.tail(counts, *habit, freedom=np.full(60, 35.0))
    few, _ = surprise.tail(counts, *habit, freedom=np.full(60, 10.0))
    assert (np.diff(some) <= 0).all()
    assert some[0] == 1.0
    assert (plain <= some).all()
    assert (some <= few).all()
    rare = plain < 1e-4
    assert (some[rare] > 2 * plain[rare]).all()
    # What is not rare is left as it is.
    assert np.array_equal(plain[plain >= 0.1], some[plain >= 0.1])


def test_p_values_of_quiet_keep_what_they_say_where_units_differ() -> None:
    rng = np.random.default_rng(8)
    shape = np.exp(rng.uniform(np.log(0.3), np.log(3.0), 3000))[:, None]
    daily = rng.poisson(3 * rng.gamma(shape, 1 / shape, (3000, 63))).astype(float)
    past, count = daily[:, :56], daily[:, 56:].sum(axis=1)
    spread = surprise.spread(past, 7)
    habit = (7.0, past.sum(axis=1), 56.0, surprise.fit_prior(past.sum(axis=1), 56.0), spread.index)
    told, _ = surprise.tail(count, *habit, freedom=spread.freedom)
    taken_for_truth, _ = surprise.tail(count, *habit)
    assert (told <= 0.001).mean() < (taken_for_truth <= 0.001).mean()
    assert (told <= 0.001).mean() <= 0.004


def test_a_unit_of_small_mean_has_few_degrees_of_freedom_of_its_own() -> None:
    rng = np.random.default_rng(3)
    past = np.stack([rng.poisson(rate, 56) for rate in (0.02, 0.5, 20.0)]).astype(float)
    freedom = surprise.spread(past, 1).freedom
    assert freedom[0] < freedom[1] < freedom[2] <= 30 + 55
    assert surprise.spread(np.zeros((2, 5)), 7).freedom.tolist() == [30.0, 30.0]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20), st.floats(0.001, 1))
def test_adjusted_p_values_are_the_least_levels_that_find(given_p: list[float], level: float) -> None:
    p_values = np.array(given_p)
    least = surprise.adjusted(p_values)
    assert np.array_equal(surprise.discoveries(p_values, level), least <= level)
    assert (least >= p_values * (1 - 1e-12)).all()
    order = np.argsort(p_values, kind="stable")
    assert (np.diff(least[order]) >= 0).all()
