"""Second waves: what a closed affair needs to be one again, and what is only its echo."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from veille.period import Period, week
from veille.signals import close, decide, detect
from veille.signals.tables import Act
from veille.store import Store
from veille.watch import Watch

from .conftest import BAD, Tell

Sort = Callable[[datetime, dict[str, str]], None]
RISE, AFTER = week("2022-W04", "Europe/Paris"), week("2022-W05", "Europe/Paris")
AGAIN = [f"Essai : encore une plainte pour intoxication, la {name}" for name in ("une", "deux", "trois", "quatre", "cinq")]


@pytest.fixture
def closed(habit: None, watch: Watch, store: Store, tell: Tell, sort: Sort) -> str:
    """Tell of a crisis of six stories, find it and close it; its signal."""
    tell(BAD, datetime(2022, 1, 24, 9, tzinfo=UTC), tone="negative")
    sort(RISE.end, dict.fromkeys(BAD, "crisis"))
    signal = str(detect(watch, store, RISE.end, RISE).signals["signal_id"].iloc[0])
    decide(store, signal, RISE.end + timedelta(minutes=1), "Ana", "Rien de plus")
    decide(store, signal, RISE.end + timedelta(minutes=2), "Bob", "Rien de plus")
    close(store, signal, RISE.end + timedelta(minutes=3), "Ana")
    return signal


@pytest.mark.parametrize(
    ("told", "hours", "again"),
    [
        (AGAIN, 3, True),
        (AGAIN[:3], 3, True),
        (AGAIN[:2], 3, False),
        (AGAIN[:3], 40, False),
    ],
    ids=["as much", "half as much", "less than half", "three, but over five days"],
)
def test_a_wave_is_half_as_much_as_the_first_within_three_days(
    closed: str, watch: Watch, store: Store, tell: Tell, sort: Sort, told: list[str], hours: int, again: bool
) -> None:
    tell(told, RISE.end + timedelta(days=1), tone="negative", hours=hours)
    sort(AFTER.end, dict.fromkeys(BAD, "crisis") | {"Essai : encore": "crisis"})
    found = detect(watch, store, AFTER.end, AFTER)
    acts = found.events.loc[found.events["signal_id"] == closed, "act"].tolist()
    assert acts == ([Act.REOPENED] if again else [])


@pytest.mark.parametrize("quiet_days", [0, 21])
def test_a_second_wave_that_goes_on_stays_a_signal(
    closed: str, watch: Watch, store: Store, tell: Tell, sort: Sort, quiet_days: int
) -> None:
    since = RISE.end + timedelta(days=quiet_days)
    tell(AGAIN, since + timedelta(days=1), tone="negative", hours=3)
    seen = []
    # Looked at every day, as between two editions: nothing new is said after the first of them.
    for days in (3, 4, 5):
        sort(since + timedelta(days=days), dict.fromkeys(BAD, "crisis") | {"Essai : encore": "crisis"})
        first = RISE.last + timedelta(days=quiet_days + 1)
        period = Period(first, first + timedelta(days=days - 1), watch.timezone)
        found = detect(watch, store, period.end, period)
        mine = found.signals.loc[found.signals["signal_id"] == closed]
        seen.append((len(mine), int((found.events["act"] == Act.REOPENED).sum())))
    assert seen == [(1, 1), (1, 0), (1, 0)]


def test_other_ill_news_is_no_second_wave(closed: str, watch: Watch, store: Store, tell: Tell, sort: Sort) -> None:
    other = [f"Grève des caisses chez Essai, {name}" for name in ("Lille", "Brest", "Nancy", "Metz", "Pau")]
    tell(other, RISE.end + timedelta(days=1), tone="negative", hours=3)
    sort(AFTER.end, dict.fromkeys(BAD, "crisis") | {"Grève": "strike"})
    assert closed not in detect(watch, store, AFTER.end, AFTER).events["signal_id"].tolist()


def test_what_is_well_told_of_it_again_is_none(closed: str, watch: Watch, store: Store, tell: Tell, sort: Sort) -> None:
    thanks = [f"Essai remercie ses clients de {name}" for name in ("Lille", "Brest", "Nancy", "Metz", "Pau")]
    tell(thanks, RISE.end + timedelta(days=1), tone="positive", hours=3)
    sort(AFTER.end, dict.fromkeys(BAD, "crisis") | {"Essai remercie": "crisis"})
    assert closed not in detect(watch, store, AFTER.end, AFTER).events["signal_id"].tolist()
