"""The level of a week is that of the organisation; a watch of competitors only is about them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from veille.bulletin.signals import due_of, level_of, next_working_day
from veille.signals.tables import JOURNAL


@pytest.mark.parametrize(
    ("roles", "level"),
    [(["self", "competitor"], 2), (["competitor"], 4), (["sector", "competitor"], 2), (["self"], 2)],
)
def test_whose_level_it_is(make_watch, roles, level):
    subjects = "".join(f"  - {{id: s{n}, role: {role}, query: mot{n}}}\n" for n, role in enumerate(roles))
    watch = make_watch(f"watch: essai\norganisation: Essai\nsubjects:\n{subjects}")
    others = "sector" if "sector" in roles else "self"
    rows = [("a", others if others in roles else "competitor", 2), ("b", "competitor", 4)]
    signals = pd.DataFrame(rows if "competitor" in roles else rows[:1], columns=["signal_id", "role", "level"])
    assert level_of(watch, signals, JOURNAL.empty()) == level
    assert level_of(watch, signals.iloc[:0], JOURNAL.empty()) == 0


def test_working_days_and_limits_are_those_of_alerts(make_watch):
    watch = make_watch(
        "watch: a\norganisation: A\nsubjects: [{id: a, query: a}]\n"
        'hours: {office: "Mon-Fri 09:00-18:00", ring: "07:00-22:00", holidays: FR}\n'
    )
    paris = ZoneInfo("Europe/Paris")
    # 11 November is a holiday, and the day after a Thursday.
    assert next_working_day(watch, datetime(2026, 11, 10, 12, tzinfo=paris)) == datetime(2026, 11, 12, 18, tzinfo=paris)
    night = datetime(2026, 11, 19, 21, tzinfo=paris)
    assert due_of(watch, 3, night, night) == datetime(2026, 11, 20, 10, tzinfo=paris)
    assert due_of(watch, 4, night, night) == datetime(2026, 11, 19, 22, tzinfo=paris)
    assert due_of(watch, 2, night, night) is None
