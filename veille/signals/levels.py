"""The level of an opened signal: who must know it, and how soon.

A score alone opens nothing; the level says what an opened signal asks for, and its reason is a stable code that the
bulletin words.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from veille.signals.counts import SEVERE
from veille.signals.tables import Posing, SignalKind
from veille.signals.thresholds import Thresholds


class LevelReason(StrEnum):
    """The rule that gave the level."""

    WEAK = "weak"
    SCORE = "score"
    EMERGENCE = "emergence"
    PRESS_PICKUP = "press_pickup"
    LEAK = "leak"
    IMPOSTOR = "impostor"
    IMPOSTOR_ASKS = "impostor_asks"
    SPOKESPERSON = "spokesperson"
    DANGER_TO_PERSONS = "danger_to_persons"
    RED_LINE = "red_line"
    UNKNOWN_PART = "unknown_part"
    ALLEGED_DANGER = "alleged_danger"
    SHORT_HISTORY = "short_history"


STATISTICAL = (LevelReason.SCORE, LevelReason.EMERGENCE, LevelReason.UNKNOWN_PART)
"""Reasons that rest on the statistics alone: with a short history they give level 2 at most."""


def assign_levels(signals: pd.DataFrame, thresholds: Thresholds) -> pd.DataFrame:
    """Return the level of each opened signal and the reason, the highest rule first.

    Parameters
    ----------
    signals
        Columns `kind`, `score`, `score_low`, `score_high`, `part_gravity`, `gravity_category`, `press_pickup_at`,
        `short_history`, `unusual` (the number of stories is), `red_line` (one is concerned), `carried` (goes on, no
        longer emergent), `quiet` (and its volume is back to its habit), `untold` (a rise that no topic or affair
        explains), `posing` (how an account poses as the organisation).

    Returns
    -------
    DataFrame
        Columns `level` (1..4) and `level_reason`, on the index of `signals`.
    """
    score = signals["score"].to_numpy(dtype=np.float64)
    gravity = signals["part_gravity"].fillna(0.0).to_numpy(dtype=np.float64)
    medium = gravity >= thresholds.gravity_medium
    kind = signals["kind"]
    unusual = signals["unusual"].to_numpy(dtype=bool)
    persons = (signals["gravity_category"] == "persons").to_numpy() & medium & unusual
    pickup = signals["press_pickup_at"].notna().to_numpy() & medium
    by_score = 1 + sum((score >= edge).astype(int) for edge in _edges(thresholds))
    # What is neither confirmed by its number nor grave by itself is followed.
    weak = (kind == SignalKind.WEAK).to_numpy()
    by_score = np.where(weak & ~medium, 1, by_score)
    emergence = (kind == SignalKind.NEGATIVE_EMERGENCE).to_numpy() & ~signals["carried"].to_numpy(dtype=bool)
    posing = signals["posing"].astype("object")
    rules: list[tuple[LevelReason, object]] = [
        (LevelReason.DANGER_TO_PERSONS, np.where(persons, 4, 0)),
        (LevelReason.RED_LINE, np.where(signals["red_line"].to_numpy(dtype=bool) & medium, 4, 0)),
        (LevelReason.LEAK, np.where(kind == SignalKind.LEAK, 3, 0)),
        (LevelReason.PRESS_PICKUP, np.where(pickup, 3, 0)),
        (LevelReason.IMPOSTOR_ASKS, np.where(posing == Posing.ASKS, 3, 0)),
        (LevelReason.SPOKESPERSON, np.where(posing == Posing.SPOKESPERSON, 2, 0)),
        (LevelReason.IMPOSTOR, np.where(kind == SignalKind.IMPOSTOR, 2, 0)),
        (LevelReason.SCORE, np.where(by_score > 1, by_score, 0)),
        (LevelReason.EMERGENCE, np.where(emergence, 2, 0)),
        (LevelReason.WEAK, np.where(kind == SignalKind.WEAK, 1, 0)),
        (LevelReason.SCORE, np.ones(len(signals), dtype=int)),
    ]
    ranks = np.vstack([np.asarray(rank, dtype=int) for _, rank in rules])
    names = np.array([str(name) for name, _ in rules], dtype=object)
    best = ranks.argmax(axis=0)
    level, reason = ranks.max(axis=0), names[best]
    raised = _raised(signals, level, thresholds) & (emergence | medium)
    # What is only unknown does not lift the everyday: something emerges, or is grave by itself.
    reason = np.where(raised, str(LevelReason.UNKNOWN_PART), reason)
    level = level + raised
    # A weak signal is to be watched, not confirmed: what it alleges may ask for vigilance, never for an alert.
    watched = weak & (reason != str(LevelReason.RED_LINE))
    level = np.where(watched, np.minimum(level, 2), level)
    alleged = weak & (gravity >= SEVERE) & (reason == str(LevelReason.SCORE))
    reason = np.where(alleged, str(LevelReason.ALLEGED_DANGER), reason)
    # Of a rise that no affair explains nobody can say what it is: it is looked into first.
    statistical = np.isin(reason, [str(name) for name in STATISTICAL])
    level = np.where(signals["untold"].to_numpy(dtype=bool) & statistical, np.minimum(level, 2), level)
    # A crisis whose volume is back to its habit is still followed, and alarms nobody again.
    spent = signals["quiet"].to_numpy(dtype=bool) & statistical
    level = np.where(spent, np.minimum(level, 2), level)
    capped = signals["short_history"].to_numpy(dtype=bool) & statistical & (level > 2)
    return pd.DataFrame(
        {
            "level": np.where(capped, 2, level).astype(int),
            "level_reason": np.where(capped, str(LevelReason.SHORT_HISTORY), reason),
        },
        index=signals.index,
    )


def _edges(thresholds: Thresholds) -> tuple[float, float, float]:
    return thresholds.score_level_2, thresholds.score_level_3, thresholds.score_level_4


def _raised(signals: pd.DataFrame, level: NDArray[np.int_], thresholds: Thresholds) -> NDArray[np.bool_]:
    """Say which levels an unknown part raises by one: at 2, where the interval's upper end crosses the next threshold."""
    middle, high = signals["score"].to_numpy(dtype=np.float64), signals["score_high"].to_numpy(dtype=np.float64)
    edge = thresholds.score_level_3
    low = signals["score_low"].to_numpy(dtype=np.float64)
    return np.asarray((level == 2) & (middle < edge) & (high >= edge) & (low < high), dtype=bool)
