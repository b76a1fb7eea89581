"""Questions: which texts ask something, and the questions that approved messages answer, as vectors."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from veille.reading.embedding import embedder, stored
from veille.reading.tables import EMBEDDINGS
from veille.reading.texts import text_hashes
from veille.store import Store
from veille.watch import Watch

# A question mark, or how people ask without one, in French and English.

_ASKS = re.compile(
    r"\?"
    r"|\bquelqu['’ ]?une? (?:sait|saurait|conna[iî]t|a |aurait|peut|pourrait)"
    r"|\bune id[ée]e d|\b[cs]['’ ]?est quoi|\bsavoir (?:si|comment|quand|o[uù]|pourquoi|combien)"
    r"|\bje (?:voudrais|cherche|me demande|ne trouve (?:nulle part|pas))"
    r"|\b(?:on|j)['’ ]?ai? (?:le )?droit d|\best[- ]ce qu"
    r"|\b(?:anyone|anybody|someone) (?:know|have|got)|\bany idea|\bi wonder"
    r"|\bhow (?:do|can|much|long)\b|\b(?:can|could|may) (?:i|we|you)\b",
    re.IGNORECASE,
)


def asks(texts: pd.Series) -> NDArray[np.bool_]:
    """Return whether each text asks something, shape (texts,)."""
    return texts.fillna("").astype("object").map(lambda text: _ASKS.search(text) is not None).to_numpy(dtype=bool)


def embed_questions(watch: Watch, store: Store) -> int:
    """Write a vector for each question of the watch's messages that has none; return how many had none."""
    questions = pd.Series([message.question for message in watch.messages], dtype="object")
    hashes = text_hashes(questions)
    known = stored(store, watch.embedding.model, pd.Index(hashes), ["text_hash"]) if len(questions) else EMBEDDINGS.empty()
    new = ~hashes.isin(known["text_hash"]) & ~hashes.duplicated()
    if new.any():
        encoded = embedder(watch).encode(questions[new].tolist())
        rows = {"text_hash": hashes[new], "model": watch.embedding.model, "vector": list(encoded)}
        store.merge(EMBEDDINGS, pd.DataFrame(rows))
    return int(new.sum())


def question_vectors(watch: Watch, store: Store, questions: Sequence[str]) -> list[NDArray[np.float32] | None]:
    """Return the stored unit vector of each question, None for one that `read` has not seen yet."""
    hashes = text_hashes(pd.Series(list(questions), dtype="object"))
    if hashes.empty:
        return []
    known = stored(store, watch.embedding.model, pd.Index(hashes)).set_index("text_hash")["vector"]
    return [np.asarray(known[one], dtype=np.float32) if one in known.index else None for one in hashes]
