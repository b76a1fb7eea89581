"""Whom a community manager asks at each level, and who stands in."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from tests.desk.conftest import Change
from veille.desk import leave
from veille.watch import Alone, Watch
from veille.watch.presence import present

DAY, AWAY = date(2026, 11, 24), date(2026, 12, 24)


def test_less_may_be_said_alone_the_higher_the_level(demo: Watch) -> None:
    leaves = [leave(demo, level, DAY) for level in range(5)]
    assert all(set(higher.alone) <= set(lower.alone) for lower, higher in pairwise(leaves))
    assert all(higher.within <= lower.within for lower, higher in pairwise(leaves))
    assert leaves[0].alone == (Alone.COURTESY, Alone.APPROVED)
    assert leaves[4].alone == ()
    assert [one.ask for one in leaves] == [("chefcom",)] * 3 + [("dircom", "exploitation"), ("dg", "dircom")]


def test_what_watch_yml_says_counts(change: Change) -> None:
    watch = change("\ndelivery:\n", "\nautonomy: {4: {alone: [courtesy], ask: [drh], within: 5m}}\ndelivery:\n")
    assert leave(watch, 4, DAY) == type(leave(watch, 4, DAY))(4, (Alone.COURTESY,), ("drh",), timedelta(minutes=5))


def test_who_is_away_is_replaced_and_never_by_nobody(demo: Watch) -> None:
    assert present(demo, ["dircom"], DAY) == ("dircom",)
    assert present(demo, ["dircom"], AWAY) == ("chefcom",)
    assert present(demo, ["dircom", "chefcom"], AWAY) == ("chefcom",)


def test_deputies_who_stand_in_for_each_other_are_no_endless_chain(change: Change) -> None:
    change("Responsable de la communication, title: Communication, deputy: dircom}", "R C, deputy: dircom, away: [2026-12-24]}")
    watch = change("deputy: chefcom, away: [2026-12-24/2027-01-02]", "deputy: chefcom, away: [2026-12-24]")
    assert present(watch, ["dircom"], AWAY) == ("dircom",)


@pytest.mark.parametrize("level", [-1, 5])
def test_there_is_no_other_level(demo: Watch, level: int) -> None:
    with pytest.raises(KeyError):
        leave(demo, level, DAY)
