"""A mixed watch: what is in a language whose tone is not read counts as said, and is in no share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from veille.period import week
from veille.signals import DetectionResult, SignalKind, detect
from veille.store import Store
from veille.watch import Watch

from .conftest import BAD, Tell

RISE = week("2022-W04", "Europe/Paris")
MONDAY = datetime(2022, 1, 24, 9, tzinfo=UTC)
LOST = [f"Essai: neue Filiale {number} eröffnet" for number in range(40)]


@pytest.fixture
def mixed(watch: Watch, store: Store, tell: Tell) -> Callable[..., DetectionResult]:
    """Return a function that tells a crisis with a crowd of texts in German beside it, and detects."""

    def mixed(tone: str, crowd: int) -> DetectionResult:
        tell(BAD, MONDAY, tone="negative")
        tell(LOST[:crowd], MONDAY, hours=2, tone=tone, language="de")
        return detect(watch, store, RISE.end, RISE)

    return mixed


@pytest.mark.usefixtures("habit")
def test_a_crowd_that_is_not_read_does_not_drown_a_crisis(mixed: Callable[..., DetectionResult]) -> None:
    signals = mixed("not_read", 40).signals
    assert signals["kind"].tolist() == [SignalKind.NEGATIVE_EMERGENCE]
    assert signals["negative_stories"].tolist() == [len(BAD)]


@pytest.mark.usefixtures("habit")
def test_the_same_crowd_read_as_neutral_does(mixed: Callable[..., DetectionResult]) -> None:
    """Were it not so, the test above would prove nothing."""
    assert SignalKind.NEGATIVE_EMERGENCE not in mixed("neutral", 40).signals["kind"].tolist()


@pytest.mark.usefixtures("habit")
def test_what_is_not_read_still_makes_a_surge_of_which_no_share_is_known(watch: Watch, store: Store, tell: Tell) -> None:
    tell(LOST[:20], MONDAY, tone="not_read", language="de")
    result = detect(watch, store, RISE.end, RISE)
    assert result.signals.empty
    surge = result.surges.iloc[0]
    assert surge["stories"] >= 10
    # One story of the habit is read in the window: the interval is that of one story, not of twenty.
    assert surge["negative_share_low"] == 0
    assert surge["negative_share_high"] > 0.9
