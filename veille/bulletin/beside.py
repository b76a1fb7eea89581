"""What stands beside a signal: who carries it, whether accounts post the same at once, and the duties it starts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pandas as pd

from veille.bulletin.material import Material, records
from veille.bulletin.since import choose
from veille.bulletin.types import Carried, Duty, Together
from veille.signals.coordination import Coordination

if TYPE_CHECKING:
    from veille.watch import Watch

_DUTY_EVIDENCE, _TOGETHER_EVIDENCE = 1, 2


def carried_of(row: Any) -> Carried | None:
    """Return the shares of one signal's stories by voice; None for a signal that an older version wrote."""
    if pd.isna(row.press_ratio):
        return None
    return Carried(
        press=float(row.press_ratio),
        national_press=float(row.national_ratio),
        official=float(row.official_ratio),
        new_relays=None if pd.isna(row.new_relays) else int(row.new_relays),
    )


def together_of(row: Any) -> Together | None:
    """Return what is posted together, None where nothing beyond the usual is."""
    if not isinstance(row.coordination, str) or row.coordination == Coordination.NONE:
        return None
    return Together(
        grade="marked" if row.coordination == Coordination.MARKED else "possible",
        accounts=int(row.coordinated_accounts),
        strength=round(float(row.coordination_strength), 2),
        usual=None if pd.isna(row.coordination_usual) else round(float(row.coordination_usual), 2),
    )


def duties_of(watch: Watch, material: Material, signal_id: str, mask: Callable[[str], str]) -> tuple[Duty, ...]:
    """Return the rules that a signal triggers, those in force first, the one due first before the others."""
    mine = material.duties.loc[material.duties["signal_id"] == signal_id]
    ordered = mine.sort_values(["in_force", "due_at", "rule_id"], ascending=[False, True, True], na_position="last")
    rules = {rule.id: rule for rule in watch.rules}
    return tuple(
        Duty(
            rule_id=row.rule_id,
            title=mask(rules[row.rule_id].title),
            duty=mask(rules[row.rule_id].duty or ""),
            source=mask(rules[row.rule_id].source or ""),
            in_force=bool(row.in_force),
            known_at=row.known_at.to_pydatetime(),
            at_once=bool(row.at_once),
            due=None if pd.isna(row.due_at) else row.due_at.to_pydatetime(),
            stories=int(row.stories),
        )
        for row in records(ordered)
        if row.rule_id in rules
    )


def evidence_of(material: Material, row: Any, told: frozenset[str]) -> tuple[str, ...]:
    """Return the mentions shown with one signal: the most telling not `told` before, and what else rests on some."""
    mine = material.duties.loc[material.duties["signal_id"] == row.signal_id, "evidence"]
    duties = [mention for evidence in mine for mention in list(evidence)[:_DUTY_EVIDENCE]]
    together = list(row.coordination_evidence)[:_TOGETHER_EVIDENCE]
    return tuple(dict.fromkeys(str(mention) for mention in [*choose(row.evidence, told), *duties, *together]))
