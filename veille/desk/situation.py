"""Which open signals a draft speaks of, as detection last left them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from veille.folding import fold_text, terms_pattern, words_of
from veille.reading import Embedder
from veille.signals import DETECTIONS, SIGNALS, SignalStatus, journal, status
from veille.store import Store
from veille.watch import Watch
from veille.watch.presence import handled_level

STALE = timedelta(days=8)
"""Age of the last detection from which it says nothing of today."""
LIKE = 0.42
"""Least cosine of a sentence with what a signal rests on."""
_EVIDENCE, _WORDS, _SHARED = 6, 12, 2
_COLUMNS = ["signal_id", "cutoff", "subject", "role", "title", "level", "effects_ids", "evidence", "words"]


@dataclass(frozen=True)
class OpenSignal:
    """One open signal and what it is recognised by.

    Parameters
    ----------
    signal_id, title
        As in SIGNALS.
    level
        The level that people act on: a competitor's crisis is handled as vigilance at most.
    words
        Its telling words, folded.
    vectors
        Unit vectors of its title and evidence, shape (texts, d).
    terms
        Terms of the decisions and red lines that it bears on.
    """

    signal_id: str
    title: str
    level: int
    words: frozenset[str]
    vectors: NDArray[np.float32]
    terms: re.Pattern[str]


def last_detection(store: Store, as_of: datetime) -> datetime | None:
    """Return the cut-off of the last detection known at `as_of`, None where there is none."""
    frame = store.load(DETECTIONS, ["cutoff", "as_of"])
    known = frame.loc[frame["as_of"] <= pd.Timestamp(as_of), "cutoff"]
    return None if known.empty else known.max().to_pydatetime()


def open_signals(watch: Watch, store: Store, as_of: datetime, embedder: Embedder) -> tuple[OpenSignal, ...]:
    """Return the signals that are open at `as_of`, each as its last detection showed it.

    Raises
    ------
    StoreError
        The store cannot be read.
    """
    frame = store.load(SIGNALS, [*_COLUMNS, "as_of"])
    frame = (
        frame.loc[frame["as_of"] <= pd.Timestamp(as_of)]
        .sort_values("cutoff", kind="stable")
        .drop_duplicates("signal_id", keep="last")
    )
    if frame.empty:
        return ()
    stands = status(journal(store, as_of))
    closed = set(stands.index[stands["status"] == SignalStatus.CLOSED])
    frame = frame.loc[~frame["signal_id"].isin(closed)]
    cited = {str(one) for ids in frame["evidence"] for one in list(ids)[:_EVIDENCE]}
    told = store.mentions(as_of, columns=["mention_id", "title", "text"])
    told = told.loc[told["mention_id"].isin(cited)].set_index("mention_id")
    texts = {str(one): (row["title"] or str(row["text"])[:280]) for one, row in told.iterrows()}
    items = {item.id: item for item in (*watch.strategy.decisions, *watch.strategy.red_lines)}
    result = []
    # Signals are few: a watch has a handful open.
    for row in frame.to_dict("records"):
        evidence = [texts[one] for one in map(str, list(row["evidence"])[:_EVIDENCE]) if one in texts]
        level = int(row["level"])
        result.append(
            OpenSignal(
                signal_id=str(row["signal_id"]),
                title=str(row["title"]),
                level=handled_level(watch, level, str(row["role"])),
                words=frozenset(fold_text(str(word)) for word in list(row["words"])[:_WORDS]),
                vectors=embedder.encode([str(row["title"]), *evidence]),
                terms=terms_pattern(term for one in row["effects_ids"] if one in items for term in items[one].terms),
            )
        )
    return tuple(sorted(result, key=lambda one: (-one.level, one.signal_id)))


def spoken_of(signals: Sequence[OpenSignal], text: str, vectors: NDArray[np.float32]) -> list[OpenSignal]:
    """Return the open signals that a text speaks of.

    Parameters
    ----------
    signals
        Result of `open_signals`.
    text
        The draft, or what is replied to.
    vectors
        Unit vectors of its sentences, shape (sentences, d).
    """
    words, folded = set(words_of(text)), fold_text(text)
    return [
        one
        for one in signals
        if len(one.words & words) >= _SHARED
        or one.terms.search(folded)
        or (len(vectors) and float((vectors @ one.vectors.T).max()) >= LIKE)
    ]
