"""What changed of a signal since the edition before, so that nothing is told twice as if it were new.

An edition before is one that told of a signal: what was only looked at afterwards, with this edition, was told to nobody.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from veille.bulletin.material import Material
from veille.language import Language
from veille.signals.journal import MACHINE

EVIDENCE_SHOWN = 4
"""Mentions shown with one signal."""


@dataclass(frozen=True, slots=True)
class Since:
    """What changed of one signal.

    Parameters
    ----------
    told
        In a sentence or two; empty where no earlier edition told of it.
    unchanged
        An earlier edition said the same.
    """

    told: str = ""
    unchanged: bool = False


def choose(evidence: Iterable[str], shown: frozenset[str]) -> tuple[str, ...]:
    """Return what is quoted of a signal: the most telling that was not quoted before; else the most telling alone.

    Parameters
    ----------
    evidence
        Mention ids, the most telling first.
    shown
        What earlier editions quoted of it.
    """
    every = [str(one) for one in evidence]
    fresh = [one for one in every if one not in shown]
    return tuple((fresh or every[:1])[:EVIDENCE_SHOWN])


def shown_before(material: Material, signal_id: str) -> frozenset[str]:
    """Return the mentions that earlier editions quoted of a signal, each chosen as it was chosen then."""
    shown: frozenset[str] = frozenset()
    rows = material.signals_told.loc[material.signals_told["signal_id"] == signal_id].sort_values("cutoff")
    for evidence in rows["evidence"]:
        shown |= frozenset(choose(evidence, shown))
    return shown


def since_last(material: Material, row: Any, shown: frozenset[str], language: Language) -> Since:
    """Return what changed of a signal since the last edition that told of it.

    Parameters
    ----------
    material
        What the bulletin is made from.
    row
        Row of SIGNALS, as it stands now.
    shown
        What earlier editions quoted of it, as of `shown_before`.
    language
        Language of the sentences.
    """
    rows = material.signals_told.loc[material.signals_told["signal_id"] == row.signal_id].sort_values("cutoff")
    if rows.empty:
        return Since()
    before = rows.iloc[-1]
    told = []
    if int(row.level) != int(before["level"]):
        told.append(language.say("Level {level}, {before} before.", level=int(row.level), before=int(before["level"])))
    if int(row.stories) != int(before["stories"]):
        told.append(
            language.say_many(
                "{count} story, {before} before.",
                "{count} stories, {before} before.",
                int(row.stories),
                before=language.number(int(before["stories"])),
            )
        )
    if pd.notna(row.press_pickup_at) and pd.isna(before["press_pickup_at"]):
        told.append(language.say("The press has taken it up since."))
    acted = material.journal[(material.journal["signal_id"] == row.signal_id) & (material.journal["by"] != MACHINE)]
    if (acted["at"] > before["cutoff"]).any():
        told.append(language.say("Somebody has acted on it since: see its status."))
    if not told and set(row.evidence) - shown:
        told.append(language.say("As many stories as before, others."))
    return Since(" ".join(told) or language.say("Nothing has changed since the last edition."), not told)
