from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from veille.signals import tone
from veille.signals.tone import ErrorRates

RATES = ErrorRates(sensitivity_ratio=0.8, specificity_ratio=0.9)


def test_correction_undoes_what_the_classifier_does() -> None:
    true_share = 0.3
    apparent = true_share * 0.8 + (1 - true_share) * 0.1
    assert float(tone.corrected(apparent, RATES)) == pytest.approx(true_share)


def test_correction_keeps_within_bounds_and_a_useless_classifier_changes_nothing() -> None:
    assert float(tone.corrected(0.0, RATES)) == 0.0
    assert float(tone.corrected(1.0, RATES)) == 1.0
    assert float(tone.corrected(0.4, ErrorRates(0.5, 0.5))) == 0.4


@given(stories=st.integers(1, 80), data=st.data())
def test_interval_holds_the_share_and_rises_with_bad_stories(stories: int, data: st.DataObject) -> None:
    bad = data.draw(st.integers(0, stories - 1))
    share, low, high = tone.share_interval(np.array([bad, bad + 1.0]), np.array([stories, stories]), RATES)
    assert (low <= share + 1e-9).all()
    assert (share <= high + 1e-9).all()
    assert share[1] >= share[0]
    assert low[1] >= low[0]


def test_no_story_says_nothing() -> None:
    share, low, high = tone.share_interval(np.array([0.0]), np.array([0.0]), RATES)
    assert (share[0], low[0], high[0]) == (0.0, 0.0, 1.0)


def tail(bad: int, stories: int, past_bad: int, past: int, population: float = 0.3) -> float:
    arrays = [np.array([float(value)]) for value in (bad, stories, past_bad, past)]
    return float(tone.share_tail(*arrays, population_share=population)[0])


def test_share_above_habit_is_surprising_and_the_habitual_one_is_not() -> None:
    assert tail(8, 8, 2, 20) < 0.01
    assert tail(2, 8, 4, 20) > 0.3
    assert tail(0, 8, 4, 20) == 1.0


def test_a_biased_reader_cries_no_wolf_when_only_the_volume_rises() -> None:
    # Nine in ten were called bad before, and still are.
    assert tail(9, 10, 18, 20) > 0.2


def test_what_was_seen_counts_for_one_half() -> None:
    # Of one story, ill or not with even chances, the whole tail would be one half.
    assert tail(1, 1, 0, 0, population=0.5) == pytest.approx(0.25)
    assert tail(1, 1, 0, 0, population=1.0) == pytest.approx(0.5, abs=0.01)


@given(bad=st.integers(0, 9))
def test_more_bad_stories_are_more_surprising(bad: int) -> None:
    assert tail(bad + 1, 10, 5, 20) <= tail(bad, 10, 5, 20)


def test_one_crisis_is_not_the_habit_of_all() -> None:
    share = tone.habitual_share(np.array([400.0, 2, 2, 2]), np.array([400.0, 10, 10, 10]))
    assert share < 0.5
    assert tone.habitual_share(np.zeros(0), np.zeros(0)) == pytest.approx(0.3)
