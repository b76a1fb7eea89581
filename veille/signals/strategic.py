"""Strategic signals: stories that touch what the organisation has set out to do, whatever their number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from veille.reading import embedder, vectors
from veille.signals.assemble import members_of, parts_of
from veille.signals.candidates import Candidate, category_of
from veille.signals.counts import WHOLE
from veille.signals.material import Material
from veille.signals.relevance import closeness, effects, item_text, items, relevance
from veille.signals.tables import Effect, SignalKind
from veille.signals.thresholds import Thresholds
from veille.store import Store
from veille.watch import Watch
from veille.watch.strategy import StrategicItem

_CLOSE = 0.5
_GRAVEST = (Effect.CALLS_INTO_QUESTION, Effect.BENDS, Effect.CONTRIBUTES)


def strategic(
    watch: Watch, store: Store, material: Material, found: Sequence[Candidate], thresholds: Thresholds
) -> list[Candidate]:
    """Return the candidates with the effects they have, and those that only their effect makes a signal.

    Parameters
    ----------
    found
        Candidates of other kinds: a story that is one of theirs opens no second signal.
    """
    wanted = items(watch.strategy)
    told = material.told.loc[material.told["published_at"] >= pd.Timestamp(material.start)]
    told = told.drop_duplicates(["mention_id", "subject"]).reset_index(drop=True)
    if not wanted or told.empty:
        return list(found)
    plain_items = [item for _, item in wanted]
    close = closeness(told["title"], told["text"], plain_items, _cosines(watch, store, told, plain_items))
    effect = effects(told["title"], told["text"], told["tone"])
    result: list[Candidate] = list(found)
    for column, (section, item) in enumerate(wanted):
        near = close[:, column] >= _CLOSE
        if near.any():
            rows = told.loc[near].assign(close=close[near, column], effect=effect[near])
            result = _with_item(result, rows, section, item, material, thresholds)
    return result


def _with_item(
    candidates: list[Candidate],
    rows: pd.DataFrame,
    section: str,
    item: StrategicItem,
    material: Material,
    thresholds: Thresholds,
) -> list[Candidate]:
    result = []
    claimed: set[str] = set()
    for candidate in candidates:
        mine = rows.loc[(rows["subject"] == candidate.subject) & rows["story_id"].isin(candidate.stories)]
        joined = _joined(candidate, mine, section, item, material, thresholds) if len(mine) else None
        if joined is not None:
            claimed |= set(mine["story_id"])
        result.append(joined or candidate)
    rest = rows.loc[~rows["story_id"].isin(list(claimed))]
    if rest.empty:
        return result
    subject = str(rest.groupby("subject")["story_id"].nunique().sort_index().idxmax())
    mine = rest.loc[rest["subject"] == subject]
    topic = mine["topic_id"].mode()
    one_topic = len(set(mine["topic_id"])) == 1
    opened = Candidate(
        kind=SignalKind.STRATEGIC,
        subject=subject,
        topic_id=str(topic.iloc[0]) if one_topic else WHOLE,
        first_day=mine["day"].min(),
        window_days=max(thresholds.windows_days),
        p_value=None,
        expected=None,
        stories=frozenset(mine["story_id"]),
        category=category_of(mine),
    )
    joined = _joined(opened, mine, section, item, material, thresholds)
    return [*result, joined] if joined is not None else result


def _joined(
    candidate: Candidate, mine: pd.DataFrame, section: str, item: StrategicItem, material: Material, thresholds: Thresholds
) -> Candidate | None:
    """Return the candidate with the effect its stories have on one item; None where it is not relevant enough."""
    members = members_of([candidate], material.told)
    nothing = pd.Series([np.nan])
    carried = parts_of(members, nothing, pd.Series([False]), thresholds)["part_reach"].iloc[0]
    value = relevance(item.weight, float(mine["close"].max()), 0.5 if pd.isna(carried) else float(carried))
    if value < thresholds.relevance_min:
        return None
    seen = set(mine["effect"])
    worst = next(effect for effect in _GRAVEST if str(effect) in seen)
    return replace(
        candidate,
        effects=(*candidate.effects, (item.id, str(worst))),
        relevance=max(candidate.relevance, value),
        red_line=candidate.red_line or section == "red_line",
    )


def _cosines(watch: Watch, store: Store, told: pd.DataFrame, wanted: Sequence[StrategicItem]) -> NDArray[np.float64] | None:
    if told["text_hash"].isna().any():
        return None
    texts = embedder(watch).encode([item_text(item) for item in wanted])
    stored = vectors(watch, store, [str(value) for value in told["text_hash"]])
    return np.asarray(stored @ texts.T, dtype=np.float64)
