from __future__ import annotations

import math
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from veille.bulletin.figures import (
    NegativeShare,
    Share,
    change_pct,
    daily,
    differs,
    history,
    negative_share,
    points,
    story_table,
    wilson,
)
from veille.period import Period

counts = st.integers(1, 400).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)))


def test_wilson_gives_the_values_of_the_literature():
    # Newcombe (1998), table I: 81 of 263 and 15 of 148, method 3.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-4)
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=5e-4)


@given(counts)
def test_an_interval_holds_its_share_and_stays_within_0_and_1(pair):
    part, whole = pair
    low, high = wilson(part, whole)
    assert 0 <= low <= round(part / whole, 4) + 1e-4
    assert round(part / whole, 4) - 1e-4 <= high <= 1


@given(counts)
def test_more_stories_of_the_same_share_narrow_the_interval(pair):
    part, whole = pair
    narrow, wide = wilson(4 * part, 4 * whole), wilson(part, whole)
    assert narrow[1] - narrow[0] < wide[1] - wide[0]


def test_a_difference_is_told_only_where_the_interval_leaves_out_zero():
    assert differs(Share(50, 100), Share(20, 100))
    assert not differs(Share(5, 10), Share(4, 10))
    assert not differs(Share(0, 0), Share(4, 10))


@given(counts, counts)
def test_a_difference_is_the_same_both_ways(one, other):
    assert differs(Share(*one), Share(*other)) == differs(Share(*other), Share(*one))


def test_changes_where_there_was_nothing_before_are_not_invented():
    assert change_pct(3, None) is None
    assert change_pct(3, 0) is None
    assert change_pct(3, 2) == 50.0
    assert points(Share(0, 0), Share(1, 2)) is None
    assert points(Share(1, 2), Share(1, 4)) == 25.0
    assert Share(0, 0).value is None


def _mentions() -> pd.DataFrame:
    rows = [("a", "a", 1, "negative"), ("b", "a", 0, "neutral"), ("c", "c", 0, "not_read"), ("d", "d", 0, "positive"),
            ("e", "d", 0, "neutral"), ("f", "d", 0, "negative"), ("g", "g", 0, "negative")]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["mention_id", "story_id", "weeks_ago", "tone"])
    frame["p_negative"] = frame["tone"].map({"negative": 0.9, "neutral": 0.2, "positive": 0.1})
    return frame.assign(
        day=pd.Timestamp("2026-11-20").date(), language=frame["tone"].map({"neutral": "en"}).fillna("fr"), kind="post"
    )


def test_a_story_counts_once_in_the_week_of_its_first_mention():
    stories = story_table(_mentions()).set_index("story_id")
    assert stories["weeks_ago"].to_dict() == {"a": 1, "c": 0, "d": 0, "g": 0}
    assert stories["negative"].to_dict() == {"a": True, "c": False, "d": False, "g": True}
    assert stories["read"].to_dict() == {"a": True, "c": False, "d": True, "g": True}
    assert stories["mentions"].sum() == 7


def test_days_tell_what_was_not_read():
    *before, last = daily(story_table(_mentions()), Period(date(2026, 11, 16), date(2026, 11, 20), "UTC"), days=3)
    assert [(day.day, day.stories, day.negative, day.read, day.unread) for day in before] == [
        (date(2026, 11, 18), 0, 0, 0, 0),
        (date(2026, 11, 19), 0, 0, 0, 0),
    ]
    assert (last.stories, last.negative, last.read, last.unread) == (4, 2, 3, 1)


def test_weeks_before_the_watch_are_unknown_not_zero():
    line = history(story_table(_mentions()), known_weeks=3)
    assert len(line) == 12
    assert line[:9] == (None,) * 9
    assert line[9:] == (0.0, 1.0, 3.0)
    assert math.isclose(sum(value or 0 for value in line), 4)


def test_a_story_scores_the_mean_of_its_read_mentions_in_the_language_of_the_first():
    stories = story_table(_mentions()).set_index("story_id")
    assert stories["p_negative"].round(6).to_dict() == pytest.approx(
        {"a": 0.55, "c": math.nan, "d": 0.4, "g": 0.9}, nan_ok=True
    )
    assert stories["language"].dropna().to_dict() == {"a": "fr", "d": "fr", "g": "fr"}


def _week(scores: list[float], weeks_ago: int = 0) -> pd.DataFrame:
    frame = pd.DataFrame({"p_negative": scores, "language": "fr", "weeks_ago": weeks_ago, "read": True})
    return frame.assign(negative=frame["p_negative"] >= 0.5)


def test_the_share_is_corrected_and_the_number_is_as_read():
    # A heap that is called negative to a quarter by a model that mistakes a sixth of the others.
    found = negative_share(_week([0.9] * 15 + [0.6] * 10 + [0.05] * 75))
    assert (found.part, found.whole) == (25, 100)
    assert found.value is not None
    assert found.low <= found.value < 0.25
    assert negative_share(_week([0.9]), weeks_ago=3) == NegativeShare(0, 0, None, None, None)


def test_small_topics_tell_no_change_and_large_ones_do():
    few, many = _week([0.97] * 6 + [0.05] * 2), _week([0.97] * 60 + [0.05] * 20)
    calm_few, calm_many = _week([0.97] * 2 + [0.05] * 3), _week([0.97] * 32 + [0.05] * 48)
    assert not differs(negative_share(few), negative_share(calm_few))
    assert differs(negative_share(many), negative_share(calm_many))
    assert negative_share(few).high - negative_share(few).low > 0.4
