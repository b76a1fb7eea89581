from __future__ import annotations

import pandas as pd
import pytest

from veille.signals.levels import assign_levels
from veille.signals.thresholds import Thresholds

T = Thresholds()


def level(**values: object) -> tuple[int, str]:
    score = float(values.get("score", 20.0))  # type: ignore[arg-type]
    row = {
        "kind": "negative_emergence",
        "score": score,
        "score_low": score,
        "score_high": score,
        "part_gravity": 0.2,
        "gravity_category": "legal",
        "press_pickup_at": pd.NaT,
        "short_history": False,
        "unusual": True,
        "red_line": False,
        "carried": False,
        "quiet": False,
        "untold": False,
        "posing": None,
        **values,
    }
    result = assign_levels(pd.DataFrame([row]), T).iloc[0]
    return int(result["level"]), str(result["level_reason"])


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"kind": "weak", "score": 20.0, "unusual": False}, (1, "weak")),
        ({"kind": "weak", "score": 50.0, "unusual": False}, (1, "weak")),
        ({"kind": "weak", "score": 90.0, "unusual": False, "part_gravity": 0.9}, (2, "alleged_danger")),
        ({"kind": "weak", "score": 90.0, "unusual": False, "part_gravity": 0.7}, (2, "score")),
        ({"score": 10.0}, (2, "emergence")),
        ({"score": 36.0}, (2, "score")),
        ({"score": 60.0}, (3, "score")),
        ({"score": 80.0}, (4, "score")),
        ({"score": 10.0, "carried": True, "unusual": False}, (1, "score")),
        ({"score": 90.0, "carried": True, "unusual": False}, (4, "score")),
        ({"score": 90.0, "carried": True, "quiet": True, "unusual": False}, (2, "score")),
        ({"score": 10.0, "part_gravity": 0.5, "press_pickup_at": pd.Timestamp("2022-01-01", tz="UTC")}, (3, "press_pickup")),
        ({"score": 10.0, "press_pickup_at": pd.Timestamp("2022-01-01", tz="UTC")}, (2, "emergence")),
        ({"kind": "leak", "score": 0.0, "unusual": False}, (3, "leak")),
        ({"kind": "impostor", "posing": "name", "score": 0.0, "unusual": False}, (2, "impostor")),
        ({"kind": "impostor", "posing": "speech", "score": 0.0, "unusual": False}, (2, "impostor")),
        ({"kind": "impostor", "posing": "spokesperson", "score": 0.0, "unusual": False}, (2, "spokesperson")),
        ({"kind": "impostor", "posing": "asks", "score": 0.0, "unusual": False}, (3, "impostor_asks")),
        ({"gravity_category": "persons", "part_gravity": 0.8}, (4, "danger_to_persons")),
        ({"gravity_category": "persons", "part_gravity": 0.8, "unusual": False}, (2, "emergence")),
        ({"kind": "strategic", "red_line": True, "part_gravity": 0.6, "unusual": False}, (4, "red_line")),
        ({"kind": "strategic", "unusual": False}, (1, "score")),
    ],
)
def test_level_by_the_table(values: dict[str, object], expected: tuple[int, str]) -> None:
    assert level(**values) == expected


def test_short_history_caps_statistics_alone_and_nothing_else() -> None:
    assert level(score=90.0, short_history=True) == (2, "short_history")
    assert level(gravity_category="persons", part_gravity=1.0, short_history=True)[0] == 4
    assert level(kind="leak", short_history=True)[0] == 3
    assert level(kind="impostor", posing="asks", short_history=True)[0] == 3


def test_unknown_part_raises_by_one_only_from_two_and_only_across_a_threshold() -> None:
    assert level(score=50.0, score_low=38.0, score_high=63.0) == (3, "unknown_part")
    assert level(score=45.0, score_low=33.0, score_high=58.0) == (2, "score")
    assert level(kind="strategic", score=20.0, score_low=5.0, score_high=65.0)[0] == 1


def test_what_is_only_unknown_does_not_lift_the_everyday() -> None:
    known = {"score": 50.0, "score_low": 38.0, "score_high": 63.0, "unusual": False}
    assert level(kind="strategic", **known) == (2, "score")
    assert level(kind="strategic", part_gravity=0.6, **known) == (3, "unknown_part")


def test_a_rise_that_nothing_explains_is_looked_into_first() -> None:
    assert level(score=90.0, untold=True) == (2, "score")
    assert level(score=90.0, untold=True, gravity_category="persons", part_gravity=0.9)[0] == 4


def test_level_never_falls_when_the_score_rises() -> None:
    levels = [level(score=float(score))[0] for score in range(0, 101, 5)]
    assert levels == sorted(levels)
