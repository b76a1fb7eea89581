"""Metrics of topics that appear, live on and vanish: the registry fed batch by batch, as a watch is week by week."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import normalized_mutual_info_score

from veille.evaluate.texts import lead_of
from veille.reading.embedding import DEFAULT_MODEL, by_name
from veille.topics import TopicSettings
from veille.topics.corpus import corpus
from veille.topics.decisions import Decisions
from veille.topics.derive import derive
from veille.topics.happened import Stamp
from veille.topics.prior import registry
from veille.topics.tables import ASSIGNMENTS, TOPICS

LEAST_TEXTS = 5
"""Texts a true topic needs in a batch for its identity and its birth to be judged."""
_START = pd.Timestamp("2026-01-05", tz="UTC")
_WEEK = pd.Timedelta(days=7)


def stream_metrics(frame: pd.DataFrame, model: str = DEFAULT_MODEL, settings: TopicSettings | None = None) -> dict[str, Any]:
    """Feed the texts batch by batch to the verb that updates topics, and compare with the labels.

    Parameters
    ----------
    frame
        `text`, `label`, `batch` (sorted as numbers where all are, else as texts); each batch is a week.
    model
        Embedding model.
    settings
        Settings other than the default.

    Returns
    -------
    dict
        `nmi_mean` (arithmetic, over batches), `identity_kept_ratio`: of true topics with at least five texts in two
        following batches, those whose majority topic keeps its id; `born_on_time_ratio`: of true topics with at least five
        texts in their first batch, those whose majority topic is new there (the first batch of all is left out);
        `topics`, `batches`, `rows`, `seconds`. A ratio without a case is null.
    """
    started = time.perf_counter()
    assigned = _fed(frame, model, settings or TopicSettings())
    batches = sorted(assigned["batch"].unique())
    parts = [assigned.loc[assigned["batch"] == batch] for batch in batches]
    nmi = [normalized_mutual_info_score(part["label"], part["topic"], average_method="arithmetic") for part in parts]
    majorities = [_majority(part) for part in parts]
    kept = [
        bool(before[label] == now[label])
        for before, now in itertools.pairwise(majorities)
        for label in before.index.intersection(now.index)
    ]
    born: list[bool] = []
    seen_labels, seen_topics = set(parts[0]["label"]), set(parts[0]["topic"])
    for part, majority in zip(parts[1:], majorities[1:], strict=False):
        fresh = set(part["label"]) - seen_labels
        born += [majority[label] not in seen_topics for label in majority.index if label in fresh]
        seen_labels |= set(part["label"])
        seen_topics |= set(part["topic"])
    return {
        "nmi_mean": round(float(np.mean(nmi)), 4),
        "identity_kept_ratio": _ratio(kept),
        "born_on_time_ratio": _ratio(born),
        "topics": int(assigned["topic"].nunique()),
        "batches": len(batches),
        "rows": len(assigned),
        "seconds": round(time.perf_counter() - started, 1),
    }


@dataclass
class _Memory:
    topics: pd.DataFrame
    assignments: pd.DataFrame


def _fed(frame: pd.DataFrame, model: str, settings: TopicSettings) -> pd.DataFrame:
    """Return each text with the topic it had when its own batch was the newest."""
    numbers = pd.to_numeric(frame["batch"], errors="coerce")
    order = numbers if numbers.notna().all() else frame["batch"]
    place = order.rank(method="dense").astype("int64") - 1
    within = place.groupby(place).cumcount()
    lead = lead_of(frame["text"])
    vectors = by_name(model).encode(lead.tolist())
    ids = pd.Series([f"{row:08d}" for row in range(len(frame))], index=frame.index)
    mentions = pd.DataFrame(
        {
            "mention_id": ids,
            "publisher": "",
            "author": None,
            "published_at": (_START + place * _WEEK + pd.to_timedelta(within, unit="s")).astype("datetime64[us, UTC]"),
            "title": "",
            "text": lead,
            "subjects": [["all"]] * len(frame),
        }
    )
    readings = pd.DataFrame({"mention_id": ids, "text_hash": ids, "story_id": ids})
    memory = _Memory(TOPICS.empty(), ASSIGNMENTS.empty())
    topic = pd.Series("", index=frame.index, dtype="object")
    for batch in range(int(place.max()) + 1):
        cutoff = _START + (batch + 1) * _WEEK
        recent = (place <= batch) & (mentions["published_at"] >= cutoff - pd.Timedelta(days=settings.window_days))
        window = corpus(cutoff.to_pydatetime(), mentions.loc[recent], readings.loc[recent])
        stories = window.stories["mention_id"].astype("int64").to_numpy()
        known = registry(memory.topics, memory.assignments, Decisions())
        derived = derive(window, vectors[stories], known, Decisions(), Stamp(cutoff, cutoff, "evaluate", str(batch)), settings)
        memory = _Memory(derived.topics, derived.assignments)
        now = derived.assignments.set_index("mention_id")["topic_id"]
        topic = topic.where(place != batch, ids.map(now))
    return pd.DataFrame({"label": frame["label"], "topic": topic, "batch": place})


def _majority(part: pd.DataFrame) -> pd.Series:
    """Return the topic that most texts of each true topic are in; true topics of fewer than five texts are left out."""
    counts = part.value_counts(["label", "topic"]).reset_index()
    sizes = part["label"].value_counts()
    large = counts.loc[counts["label"].map(sizes) >= LEAST_TEXTS]
    return large.sort_values(["count", "topic"], ascending=[False, True]).drop_duplicates("label").set_index("label")["topic"]


def _ratio(cases: list[bool]) -> float | None:
    return round(float(np.mean(cases)), 4) if cases else None
