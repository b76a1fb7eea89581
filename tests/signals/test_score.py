from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from veille.signals.score import PARTS, WEIGHTS, crisogenic, reach, velocity

COLUMNS = [f"part_{name}" for name in PARTS]


def parts(**values: float) -> pd.DataFrame:
    return pd.DataFrame([{**dict.fromkeys(COLUMNS, 0.5), **{f"part_{name}": value for name, value in values.items()}}])


def test_worst_and_best_input_reach_the_ends() -> None:
    frame = pd.DataFrame([dict.fromkeys(COLUMNS, 0.0), dict.fromkeys(COLUMNS, 1.0)])
    assert crisogenic(frame)["score"].tolist() == pytest.approx([0.0, 100.0])


@pytest.mark.parametrize("name", PARTS)
def test_score_rises_with_each_part_by_its_weight(name: str) -> None:
    low, high = (crisogenic(parts(**{name: value}))["score"].iloc[0] for value in (0.2, 0.7))
    assert high - low == pytest.approx(100 * WEIGHTS[name] * 0.5)


@given(st.permutations(COLUMNS))
def test_order_of_the_parts_does_not_matter(order: list[str]) -> None:
    frame = pd.DataFrame([dict(zip(COLUMNS, [0.1, 0.9, 0.4, np.nan, 0.6], strict=True))])
    pd.testing.assert_frame_equal(crisogenic(frame[order]), crisogenic(frame))


def test_missing_part_makes_an_interval_as_wide_as_its_weight() -> None:
    row = crisogenic(parts(responsibility=np.nan)).iloc[0]
    assert row["score_high"] - row["score_low"] == pytest.approx(25.0)
    assert row["score"] == pytest.approx((row["score_low"] + row["score_high"]) / 2)
    nothing = crisogenic(pd.DataFrame([dict.fromkeys(COLUMNS, np.nan)])).iloc[0]
    assert (nothing["score_low"], nothing["score_high"]) == (0.0, 100.0)


def test_known_parts_make_no_interval() -> None:
    row = crisogenic(parts()).iloc[0]
    assert row["score_low"] == row["score_high"] == row["score"]


def test_weights_are_brought_to_one_and_refused_when_negative() -> None:
    doubled = {name: 2 * weight for name, weight in WEIGHTS.items()}
    assert crisogenic(parts(), doubled)["score"].iloc[0] == pytest.approx(crisogenic(parts())["score"].iloc[0])
    with pytest.raises(ValueError, match="negative"):
        crisogenic(parts(), {**WEIGHTS, "reach": -0.1})


def test_velocity_ends_and_order() -> None:
    values = velocity(pd.Series([1.0, 1e-3, 1e-6, 1e-8, 0.0])).tolist()
    assert values[0] == 0.0
    assert values[-1] == values[-2] == 1.0
    assert values == sorted(values)


def test_reach_rises_with_titles_national_ones_and_audience_and_is_missing_without_any() -> None:
    titles = pd.Series([0, 1, 3, 8, 1, 0])
    national = pd.Series([0, 0, 0, 0, 1, 0])
    audience = pd.Series([np.nan, np.nan, np.nan, np.nan, np.nan, 1e6])
    values = reach(titles, national, audience)
    assert np.isnan(values[0])
    assert values[1] < values[2] < values[3] == 1.0
    assert values[4] == values[2]
    assert values[5] == 1.0
