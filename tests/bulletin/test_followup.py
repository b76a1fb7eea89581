"""What became of earlier signals, where a decision awaits a second person."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pandas as pd
import pytest

from tests.bulletin.conftest import CUTOFF
from veille.bulletin.sections import build_followup
from veille.language import Language
from veille.period import week
from veille.signals.journal import MACHINE, event
from veille.signals.tables import JOURNAL, Act

BEFORE = CUTOFF - timedelta(days=9)


def outcome(level: int, *acts: tuple[Act, str, str]) -> str:
    rows = [event("s1", BEFORE, MACHINE, Act.OPENED, level)]
    rows += [event("s1", BEFORE + timedelta(days=3 + day), by, act, level, note) for day, (act, by, note) in enumerate(acts)]
    journal = JOURNAL.check(pd.DataFrame(rows))
    material = SimpleNamespace(journal=journal, period=week("2026-W47", "Europe/Paris"), rebuilt_before=False)
    (told,) = build_followup(material, Language("en"), lambda text: text.replace("jean@a.fr", "[mail]"), {"s1": "Fire"})
    return told.outcome


@pytest.mark.parametrize(
    ("level", "acts", "begins"),
    [
        (3, [(Act.DECIDED, "Anne", "Recall, says jean@a.fr")], "Decided by one person on"),
        (3, [(Act.DECIDED, "Anne", "Recall"), (Act.ACKNOWLEDGED, "Bruno", "")], "Decided by one person on"),
        (3, [(Act.DECIDED, "Anne", "Recall"), (Act.DECIDED, "Bruno", "Recall")], "Decided on"),
        (3, [(Act.DECIDED, "Anne", "Recall [one-person team]")], "Decided on 17 November 2026 at 00:00 by one person, the"),
        (2, [(Act.DECIDED, "Anne", "Recall")], "Decided on"),
        (3, [(Act.DECIDED, "Anne", "Recall"), (Act.CLOSED, "Bruno", "")], "Closed on"),
    ],
)
def test_it_is_said_that_a_confirmation_is_awaited(level: int, acts: list[tuple[Act, str, str]], begins: str) -> None:
    told = outcome(level, *acts)
    assert told.startswith(begins)
    assert ("confirmation is awaited: Recall" in told) == (begins == "Decided by one person on")
    assert "jean@" not in told


def test_an_answer_in_public_stands_beside_what_was_decided() -> None:
    reply = (Act.ANSWERED, "Anne", "https://social.example/aquilon/1")
    assert outcome(2, reply) == "Answered in public 1 time, on 17 November 2026 at 00:00 (social.example)"
    told = outcome(2, (Act.DECIDED, "Anne", "Recall."), reply, (Act.ANSWERED, "Anne", "https://forum.example/@… [12345678]"))
    assert told.startswith("Decided on 17 November 2026 at 00:00: Recall. Answered in public 2 times, last on 19 November")
    assert told.endswith("(forum.example)")
    assert "awaited" in outcome(3, (Act.DECIDED, "Anne", "Recall"), reply)
