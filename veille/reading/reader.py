"""Read what is new: language, story, embedding and tone of every visible mention not yet read by this version."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from time import perf_counter

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from veille.period import Period
from veille.reading import language, stories, tone, transformer
from veille.reading.adapting import adapt
from veille.reading.embedding import DEFAULT_MODEL, Embedder, by_name, embedder, stored
from veille.reading.questions import embed_questions
from veille.reading.tables import EMBEDDINGS, READINGS
from veille.reading.texts import mention_texts, text_hashes
from veille.store import Store
from veille.watch import Watch

# Raised when the way of reading changes without any model changing.
_ROOM = "reading-2"
_NEEDED = [
    "mention_id",
    "source_type",
    "publisher",
    "native_id",
    "canonical_url",
    "published_at",
    "gathered_at",
    "kind",
    "parent_id",
    "title",
    "text",
    "language_declared",
]
_KEPT = ["mention_id", "version", "text_hash", "story_id", "story_similarity"]
# Encoded and written at a time: bounds memory, and what an interruption loses.
_TEXTS_A_BATCH = 8192


@dataclass(frozen=True)
class ReadingResult:
    """What one call of `read` did.

    Parameters
    ----------
    version
        Version of the models that read.
    read
        Mentions read now.
    reused
        Visible mentions that this version had read before.
    embedded
        Texts that were turned into vectors now; texts known to the store are not.
    stories
        Stories founded now.
    seconds
        What it took, by step: `texts`, `language`, `embedding`, `tone`, `stories`, `writing`, `labels`.
    adapted
        Readings of tone that analysts' labels changed now, or changed back.
    """

    version: str
    read: int
    reused: int
    embedded: int
    stories: int
    seconds: dict[str, float]
    adapted: int = 0

    @property
    def total_seconds(self) -> float:
        """What all steps took together."""
        return sum(self.seconds.values())


class _Clock:
    """Add up what each step takes."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = perf_counter()

    def lap(self, name: str) -> None:
        now = perf_counter()
        self.seconds[name] = round(self.seconds.get(name, 0.0) + now - self._last, 3)
        self._last = now


@cache
def _models_version() -> str:
    return f"{_ROOM}/{tone.version()}/{language.version()}"


def version(watch: Watch) -> str:
    """Return the version under which this watch's mentions are read now, built from those of its models."""
    named = transformer.of_watch(watch)
    models = f"{_ROOM}/{named.version}/{language.version()}" if named else _models_version()
    return f"{models}/{watch.embedding.model}"


def read(watch: Watch, store: Store, as_of: datetime, period: Period | None = None) -> ReadingResult:
    """Read every visible mention that this version has not read, and write READINGS and EMBEDDINGS.

    Parameters
    ----------
    watch, store
        The watch and its memory.
    as_of
        What was known at this instant.
    period
        Publications after its end are not seen.

    Raises
    ------
    UsageError
        A model that the watch names needs a package that is not installed, or is not there.
    StoreError
        The store cannot be read or written.

    Notes
    -----
    A mention whose text changed since is read again but keeps its story. Reading twice changes nothing. Labels that changed
    since have the tone alone looked at again, from the probabilities and vectors that are stored.
    """
    clock = _Clock()
    result = _read_new(watch, store, as_of, period, clock)
    embed_questions(watch, store)
    clock.lap("embedding")
    adapted = adapt(watch, store, as_of, result.version, period)
    clock.lap("labels")
    return replace(result, adapted=adapted)


def _read_new(watch: Watch, store: Store, as_of: datetime, period: Period | None, clock: _Clock) -> ReadingResult:
    current = version(watch)
    mentions = store.mentions(as_of, period, _NEEDED)
    known = store.load(READINGS, _KEPT, [("version", "=", current)])
    before = known.set_index("mention_id").reindex(mentions["mention_id"]).reset_index(drop=True)
    texts = mention_texts(mentions)
    hashes = text_hashes(texts["lead"])
    unread = (before["text_hash"].astype("object") != hashes).to_numpy(dtype=bool)
    clock.lap("texts")
    if not unread.any():
        return ReadingResult(current, 0, len(mentions), 0, 0, clock.seconds)

    rows = np.flatnonzero(unread)
    named = transformer.of_watch(watch)
    if named:
        # What is missing is said before an hour of embedding, not after.
        named.load()
    watched = (*watch.languages, *watch.tone.languages)
    spoken = language.languages(texts["lead"].iloc[rows], mentions["language_declared"].iloc[rows], watched)
    clock.lap("language")
    model = embedder(watch)
    matrix, embedded = _embed(store, model, texts["lead"].iloc[rows], hashes.iloc[rows])
    clock.lap("embedding")
    lead, spoke = texts["lead"].iloc[rows], spoken["language"]
    heard = named.tones(lead, spoke) if named else _tones(model, lead, matrix, spoke)
    clock.lap("tone")
    joined = _stories(mentions, texts["story_text"], before)
    clock.lap("stories")
    frame = pd.DataFrame({"mention_id": mentions["mention_id"].iloc[rows], "version": current, "text_hash": hashes.iloc[rows]})
    frame = frame.join(spoken).join(joined.iloc[rows]).join(heard)
    store.merge(READINGS, frame)
    clock.lap("writing")
    founded = int((frame["story_id"].to_numpy() == frame["mention_id"].to_numpy()).sum())
    return ReadingResult(current, len(rows), len(mentions) - len(rows), embedded, founded, clock.seconds)


def _stories(mentions: pd.DataFrame, story_text: pd.Series, before: pd.DataFrame) -> pd.DataFrame:
    """Return story and similarity of every visible mention; those read before keep theirs."""
    frame = mentions.assign(story_text=story_text, known_at=stories.known_at(mentions), story_id=before["story_id"])
    kept = before[["story_id", "story_similarity"]].astype({"story_id": "object", "story_similarity": "float64"})
    found = stories.assign(frame)
    kept.loc[found.index, ["story_id", "story_similarity"]] = found
    return kept


def _embed(store: Store, model: Embedder, text: pd.Series, hashes: pd.Series) -> tuple[NDArray[np.float32], int]:
    """Return the vector of each text, and how many texts had none in the store and were embedded now.

    New texts are encoded in the order of their hashes, so that the batch a mention came in changes nothing.
    """
    unique = pd.Series(text.to_numpy(), index=hashes.to_numpy()).groupby(level=0).first().sort_index()
    known = stored(store, model.name, unique.index)
    known = known[known["text_hash"].isin(unique.index)]
    missing = unique[~unique.index.isin(known["text_hash"])]
    parts = [np.stack(known["vector"].to_list()).astype(np.float32)] if len(known) else []
    for start in range(0, len(missing), _TEXTS_A_BATCH):
        batch = missing.iloc[start : start + _TEXTS_A_BATCH]
        encoded = model.encode(batch.tolist())
        store.merge(EMBEDDINGS, pd.DataFrame({"text_hash": batch.index, "model": model.name, "vector": list(encoded)}))
        parts.append(encoded)
    place = pd.Index(np.concatenate([known["text_hash"].to_numpy(dtype="object"), missing.index.to_numpy(dtype="object")]))
    return np.concatenate(parts)[place.get_indexer(hashes)], len(missing)


def _tones(model: Embedder, text: pd.Series, matrix: NDArray[np.float32], spoken: pd.Series) -> pd.DataFrame:
    """Return the tones; the tone model knows one embedding only, which is computed aside when the watch has another."""
    if model.name == DEFAULT_MODEL:
        return tone.tones(text, matrix, spoken)
    read_rows = np.flatnonzero(spoken.isin(tone.LANGUAGES).to_numpy())
    aside = np.zeros((len(text), by_name(DEFAULT_MODEL).encode([" "]).shape[1]), dtype=np.float32)
    aside[read_rows] = by_name(DEFAULT_MODEL).encode(text.iloc[read_rows].tolist())
    return tone.tones(text, aside, spoken)
