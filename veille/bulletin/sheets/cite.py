"""The mentions that a page of the desk rests on, read as the evidence of a bulletin is: verified word for word, then masked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

import pandas as pd

from veille.bulletin.evidence import gather_evidence
from veille.bulletin.types import Evidence
from veille.language import Language
from veille.quotation import without_addresses
from veille.reading.tables import READINGS, Tone
from veille.signals import SIGNALS, SignalKind
from veille.topics.tables import ASSIGNMENTS

if TYPE_CHECKING:
    from veille.store import Store
    from veille.watch import Watch

_KEPT = ["mention_id", "source", "publisher", "url", "author", "published_at", "kind", "title", "text", "subjects"]


def cited(
    watch: Watch,
    store: Store,
    as_of: datetime,
    ids: Iterable[str],
    terms: tuple[str, ...],
    leaked: frozenset[str],
    language: Language,
) -> tuple[dict[str, Evidence], pd.DataFrame]:
    """Return the evidence of these mentions, and the mentions: `mention_id` and `subjects`; what is not visible is left out.

    Parameters
    ----------
    watch, store, as_of
        The watch, its memory, and the moment.
    ids
        Ids of mentions.
    terms
        Confidential terms.
    leaked
        Ids of mentions that quote one: cited, never quoted.
    language
        Language of what stands in place of their words.
    """
    wanted = sorted(set(ids))
    frame = store.mentions(as_of, columns=_KEPT)
    known = store.load(ASSIGNMENTS, ["mention_id", "cutoff", "topic_id"], [("cutoff", "<=", pd.Timestamp(as_of))])
    latest = known.sort_values("cutoff").drop_duplicates("mention_id", keep="last")[["mention_id", "topic_id"]]
    topics = latest.loc[latest["mention_id"].isin(wanted), "topic_id"]
    # Who confirms a mention told the same topic in a story of its own: the rest of its topic is read for that alone.
    beside = latest.loc[latest["topic_id"].isin(topics), "mention_id"]
    frame = frame.loc[frame["mention_id"].isin({*wanted, *beside})].merge(latest, on="mention_id", how="left")
    readings = store.load(READINGS, ["mention_id", "language", "story_id", "tone"])
    frame = frame.merge(readings, on="mention_id", how="left")
    frame["story_id"] = frame["story_id"].fillna(frame["mention_id"])
    frame["language"], frame["tone"] = frame["language"].fillna("und"), frame["tone"].fillna(Tone.NOT_READ.value)
    evidence = gather_evidence(watch, frame, wanted, terms, key=store.key)
    silent = language.say("Not quoted: it holds a confidential term.")
    signals = store.load(SIGNALS, ["signal_id", "cutoff", "evidence"], [("kind", "=", SignalKind.IMPOSTOR.value)])
    posed = set(signals["evidence"].explode())
    evidence = {
        one: item.model_copy(update={"quote": without_addresses(item.quote)}) if one in posed else item
        for one, item in evidence.items()
    }
    told = {
        one: item.model_copy(update={"quote": silent, "url": None}) if one in leaked else item for one, item in evidence.items()
    }
    return told, frame.loc[frame["mention_id"].isin(wanted), ["mention_id", "subjects"]]
