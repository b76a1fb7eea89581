from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from veille.gather import SOURCE_HEALTH, Verdict
from veille.gather.health import FACTOR, LEAST_PAST, silent_since, verdict

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def past(
    *received: int, new: int = 1, unchanged: int | None = None, not_modified: bool = False, verdict: Verdict = Verdict.OK
) -> pd.DataFrame:
    rows = [
        {
            "source": "s", "at": NOW - timedelta(hours=len(received) - number), "asked": 3, "unchanged": unchanged,
            "received": count, "new": new,
            "updated": 0, "refused": 0, "not_modified": not_modified, "seconds": 0.1, "error": None, "verdict": verdict.value,
        }
        for number, count in enumerate(received)
    ]  # fmt: skip
    return SOURCE_HEALTH.check(pd.DataFrame(rows)) if rows else SOURCE_HEALTH.empty()


def judge(history: pd.DataFrame, received: int, *, unchanged: int = 0, error: str = "") -> Verdict:
    return verdict(history, received=received, unchanged=unchanged, error=error)


def test_a_new_source_is_not_judged_by_its_volume() -> None:
    assert judge(past(), 500) is Verdict.OK
    assert judge(past(*[20] * (LEAST_PAST - 1)), 500) is Verdict.OK


def test_what_failed_is_broken_whatever_came() -> None:
    assert judge(past(), 20, error="timeout") is Verdict.BROKEN


def test_a_mistake_of_ours_is_a_defect_and_no_volume() -> None:
    assert verdict(past(), received=0, unchanged=0, error="TypeError", defect=True) is Verdict.DEFECT
    assert judge(pd.concat([past(*[0] * 10, verdict=Verdict.DEFECT), past(20, 20)]), 500) is Verdict.OK


def test_nothing_is_empty_unless_nothing_changed() -> None:
    assert judge(past(), 0) is Verdict.EMPTY
    assert judge(past(), 0, unchanged=1) is Verdict.OK


@pytest.mark.parametrize(
    ("received", "expected"),
    [(5, Verdict.LOW), (6, Verdict.OK), (20, Verdict.OK), (79, Verdict.OK), (80, Verdict.HIGH), (1000, Verdict.HIGH)],
)
def test_far_from_its_median_is_low_or_high(received: int, expected: Verdict) -> None:
    assert FACTOR == 4
    assert judge(past(*[20] * 10), received) is expected


def test_small_sources_are_not_judged_by_their_noise() -> None:
    assert judge(past(*[1] * 10), 9) is Verdict.OK
    assert judge(past(*[9] * 10), 1) is Verdict.OK


def test_failures_and_unchanged_answers_are_no_volume() -> None:
    history = pd.concat([past(*[0] * 10, not_modified=True), past(*[0] * 10, verdict=Verdict.BROKEN), past(20, 20)])
    assert judge(history, 500) is Verdict.OK


def test_a_part_of_a_source_is_not_its_volume() -> None:
    assert judge(past(*[40] * 10), 2) is Verdict.LOW
    assert judge(past(*[40] * 10), 2, unchanged=2) is Verdict.OK
    assert judge(past(*[2] * 10, unchanged=2), 40) is Verdict.OK


def test_silence_beyond_what_is_expected() -> None:
    history = past(*[20] * 48, new=0)
    assert silent_since(history, NOW, timedelta(days=1)) == NOW - timedelta(hours=48)
    assert silent_since(history, NOW, timedelta(days=3)) is None
    assert silent_since(history, NOW, None) is None
    assert silent_since(past(), NOW, timedelta(days=1)) is None
    assert silent_since(past(*[20] * 48), NOW, timedelta(days=1)) is None
