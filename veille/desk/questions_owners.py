"""Who must answer a question that no approved message answers."""

from __future__ import annotations

from datetime import date

import pandas as pd

from veille.folding import fold, terms_pattern
from veille.watch import Watch
from veille.watch.presence import present

# Share of those who ask whose words must be an objective's, a decision's or a red line's.
_SHARE = 0.4
_DECIDES = 2
"""Level whose addressees approve messages: those who decide within the day."""


def owners(watch: Watch, asked: pd.DataFrame, today: date) -> pd.Series:
    """Return the ids of whom each group of questions is asked of, by group.

    Parameters
    ----------
    watch
        The owner of the objective, decision or red line whose terms most of the questions hold; else who is told at level 2.
    asked
        One row a mention: `group`, and `asked`, its asking sentences.
    today
        Local day: who is away on it is replaced.
    """
    texts = fold(asked["asked"].map(" ".join)).astype("object")
    step = watch.escalation.get(_DECIDES) or watch.escalation.get(1)
    result = pd.Series([tuple(step.to) if step else ()] * asked["group"].nunique(), dtype="object")
    result.index = pd.Index(sorted(asked["group"].unique()), name="group")
    best = pd.Series(0.0, index=result.index)
    # The heaviest last: of two that as many questions hold it is asked.
    for item in sorted((one for one in watch.strategy.items if one.owner), key=lambda one: one.weight):
        terms = terms_pattern(item.terms)
        share = texts.map(lambda text, terms=terms: terms.search(text) is not None).groupby(asked["group"]).mean()
        for group in share.index[(share >= _SHARE) & (share >= best)]:
            result[group], best[group] = (item.owner,), share[group]
    return result.map(lambda ids: list(present(watch, ids, today)))
