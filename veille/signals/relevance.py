"""Strategic relevance: what a story does to the organisation's own objectives, decisions and red lines."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from veille.folding import fold, terms_pattern
from veille.signals import lexicon
from veille.signals.affairs import stems
from veille.signals.tables import Effect
from veille.watch.strategy import StrategicItem, Strategy

# Cosine at which two texts begin to be about the same, and at which they are.
_COSINE_NONE, _COSINE_SAME = 0.35, 0.75
# A term once in the text: likely about it; in the title, or more than once: about it.
_TERM_IN_TEXT, _TERM_CENTRAL = 0.75, 1.0
_ASSUMPTION_WORDS, _ASSUMPTION_LETTERS = 3, 4


def items(strategy: Strategy) -> list[tuple[str, StrategicItem]]:
    """Return (section, item) of everything strategic, in the order of watch.yml."""
    sections = (("objective", strategy.objectives), ("decision", strategy.decisions), ("red_line", strategy.red_lines))
    return [(name, item) for name, section in sections for item in section]


def item_text(item: StrategicItem) -> str:
    """Return the words an item is compared by: title, assumptions and terms."""
    return " . ".join([item.title, *item.assumptions, *(term.rstrip("*") for term in item.terms)])


def closeness(
    title: pd.Series, text: pd.Series, wanted: Sequence[StrategicItem], cosines: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    """Return how close each mention is to each item, 0..1, shape (mentions, items).

    Parameters
    ----------
    title, text
        As published.
    wanted
        The items.
    cosines
        Cosine of each mention with each item's text, shape (mentions, items); None where there are no vectors.
    """
    result = np.zeros((len(title), len(wanted)))
    head, body = fold(title.fillna("")), fold(text.fillna(""))
    for column, item in enumerate(wanted):
        pattern = terms_pattern(item.terms)
        in_title = head.str.contains(pattern).to_numpy(dtype=bool)
        times = body.str.count(pattern.pattern).to_numpy(dtype=np.float64)
        result[:, column] = np.select([in_title | (times >= 2), times >= 1], [_TERM_CENTRAL, _TERM_IN_TEXT], 0.0)
    if cosines is not None:
        result = np.maximum(result, np.clip((cosines - _COSINE_NONE) / (_COSINE_SAME - _COSINE_NONE), 0.0, 0.9))
    return result


def effects(title: pd.Series, text: pd.Series, tone: pd.Series) -> pd.Series:
    """Return what each mention does to what it is close to: the strongest cue in its words, else by its tone.

    Parameters
    ----------
    title, text, tone
        As published, and as read.
    """
    words = lexicon.plain(title.fillna("") + " . " + text.fillna(""))
    doubted = lexicon.found(words, lexicon.effect(Effect.CALLS_INTO_QUESTION))
    bent = lexicon.found(words, lexicon.effect(Effect.BENDS))
    helped = lexicon.found(words, lexicon.effect(Effect.CONTRIBUTES))
    negative, positive = (tone == "negative").to_numpy(), (tone == "positive").to_numpy()
    chosen = np.select(
        [doubted & ~(helped & positive), bent & ~(helped & positive), helped & ~negative, negative, positive],
        [
            str(Effect.CALLS_INTO_QUESTION),
            str(Effect.BENDS),
            str(Effect.CONTRIBUTES),
            str(Effect.BENDS),
            str(Effect.CONTRIBUTES),
        ],
        str(Effect.BENDS),
    )
    return pd.Series(chosen, index=title.index, dtype="str")


def announces(title: pd.Series, text: pd.Series) -> NDArray[np.bool_]:
    """Return which mentions tell of something decided: a vote, a postponement, a suspension, shape (mentions,)."""
    return lexicon.found(lexicon.plain(title.fillna("") + " . " + text.fillna("")), lexicon.effect("decides"))


def hits_assumption(title: pd.Series, text: pd.Series, assumptions: Sequence[str]) -> NDArray[np.bool_]:
    """Return which mentions speak of what a decision rests on: three words of one assumption, shape (mentions,)."""
    wanted = [
        {stem for stem in words if len(stem) >= _ASSUMPTION_LETTERS} for words in stems(pd.Series(assumptions, dtype="str"))
    ]
    said = [set(words) for words in stems(title.fillna("") + " . " + text.fillna(""))]
    return np.array(
        [any(len(words & one) >= min(_ASSUMPTION_WORDS, max(1, len(one))) for one in wanted if one) for words in said],
        dtype=bool,
    )


def relevance(weight: float, close: float, reach: float) -> float:
    """Return weight/5 · closeness · reach, 0..1."""
    return float(np.clip(weight / 5 * close * reach, 0.0, 1.0))
