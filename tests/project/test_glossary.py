"""Every word that the code uses for a closed set of things is in the glossary."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

import pytest

from veille.alerts import Occasion, Outcome
from veille.bulletin.tables import ReviewAct
from veille.desk import Check
from veille.desk import Verdict as DraftVerdict
from veille.edition import RunStatus
from veille.edition.tables import Parcel
from veille.gather import Verdict
from veille.images import LogoUse, PictureAct, Refusal, WordsVerdict
from veille.labels import Relevance, What
from veille.mention import MentionKind, Resemblance
from veille.reading import Tone
from veille.reading.arabic import Variety
from veille.reading.entities import EntityKind
from veille.reading.tables import ReadBy
from veille.signals import Effect, SignalKind, SignalStatus
from veille.signals.tables import Act as SignalAct
from veille.signals.tables import Posing
from veille.topics.tables import Act as TopicAct
from veille.topics.tables import Level, TopicStatus
from veille.watch import Alone, Role

GLOSSARY = (Path(__file__).parent.parent.parent / "docs" / "glossary.md").read_text(encoding="utf-8")
SETS = [
    RunStatus,
    Verdict,
    MentionKind,
    Tone,
    ReadBy,
    What,
    Relevance,
    Effect,
    SignalKind,
    SignalStatus,
    SignalAct,
    TopicAct,
    LogoUse,
    PictureAct,
    Refusal,
    Occasion,
    Outcome,
    WordsVerdict,
    Parcel,
    ReviewAct,
]
SETS += [Posing, Resemblance, Alone, Check, DraftVerdict, Level, TopicStatus, Role, EntityKind, Variety]


@pytest.mark.parametrize("words", SETS, ids=lambda words: f"{words.__module__}.{words.__name__}")
def test_every_word_of_a_closed_set_is_explained(words: type[StrEnum]) -> None:
    assert [str(word) for word in words if f"`{word}`" not in GLOSSARY] == []
