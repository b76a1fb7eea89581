"""The level of a week is that of the organisation; a watch of competitors only is about them."""

from __future__ import annotations

import pandas as pd
import pytest

from veille.bulletin.signals import level_of
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
