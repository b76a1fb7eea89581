from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from veille.errors import StoreError, UsageError
from veille.reading import Embedder, embedder, vectors
from veille.reading.embedding import DEFAULT_MODEL, _Model, by_name
from veille.reading.tables import EMBEDDINGS
from veille.store import Store
from veille.watch import Watch


def test_the_default_embedder_keeps_the_protocol(watch: Watch) -> None:
    model = embedder(watch)
    assert isinstance(model, Embedder)
    assert model.name == DEFAULT_MODEL
    assert embedder(watch) is model


@pytest.mark.parametrize("text", ["Bonjour", "", " ", "😀", "\x00\ud800", "مرحبا", "mot " * 300])
def test_any_text_gives_a_finite_unit_vector(text: str) -> None:
    matrix = by_name(DEFAULT_MODEL).encode([text])
    assert matrix.shape == (1, 512)
    assert matrix.dtype == np.float32
    assert np.linalg.norm(matrix) == pytest.approx(1, abs=1e-5)


def test_no_text_gives_no_rows_of_the_right_width() -> None:
    assert by_name(DEFAULT_MODEL).encode([]).shape == (0, 512)


def test_neighbours_in_the_batch_do_not_matter() -> None:
    texts = ["le train est en retard", "the meeting is at noon", "", "bravo"]
    model = by_name(DEFAULT_MODEL)
    alone = np.concatenate([model.encode([text]) for text in texts])
    assert np.abs(model.encode(texts) - alone).max() < 1e-5


def test_the_number_of_cores_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [f"le train {place} est en retard" for place in range(600)]
    here = by_name(DEFAULT_MODEL).encode(texts)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 2})
    np.testing.assert_array_equal(by_name.__wrapped__(DEFAULT_MODEL).encode(texts), here)


def test_translations_are_closer_than_strangers() -> None:
    same, other, base = by_name(DEFAULT_MODEL).encode(["The train is late", "J'aime le chocolat", "Le train est en retard"])
    assert base @ same > base @ other + 0.3


def test_a_model_that_returns_zeros_or_nothing_finite_still_gives_unit_rows() -> None:
    model = _Model("x", lambda texts: np.array([[0.0, 0.0], [np.nan, np.inf], [3.0, 4.0]])[: len(texts)])
    assert model.encode(["a", "b", "c"]).tolist() == pytest.approx(np.array([[1, 0], [1, 0], [0.6, 0.8]]))


@pytest.mark.parametrize(
    ("name", "package"), [("minishlab/potion-base-8M", "model2vec"), ("all-MiniLM-L6-v2", "sentence_transformers")]
)
def test_a_model_whose_package_is_missing_says_what_to_install(
    make_watch: Callable[[str], Watch], watch: Watch, name: str, package: str
) -> None:
    if importlib.util.find_spec(package):
        pytest.skip(f"{package} is installed here, so that nothing is missing")
    other = make_watch(f"{watch.file.read_text('utf-8')}embedding: {{model: {name}}}\n")
    with pytest.raises(UsageError, match=package.replace("_", ".")) as caught:
        embedder(other)
    assert "pip install" in caught.value.hint


def keep(store: Store, hashes: list[str]) -> np.ndarray:
    matrix = np.eye(4, dtype=np.float32)[: len(hashes)]
    store.merge(EMBEDDINGS, pd.DataFrame({"text_hash": hashes, "model": DEFAULT_MODEL, "vector": list(matrix)}))
    return matrix


def test_vectors_come_in_the_order_asked_with_repeats(watch: Watch, store: Store) -> None:
    matrix = keep(store, ["c", "a", "b"])
    asked = vectors(watch, store, ["b", "c", "b"])
    assert asked.dtype == np.float32
    np.testing.assert_array_equal(asked, matrix[[2, 0, 2]])


def test_many_vectors_are_read_as_well_as_few(watch: Watch, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    matrix = keep(store, ["a", "b", "c"])
    monkeypatch.setattr("veille.reading.embedding._ASKED_SINGLY", 1)
    np.testing.assert_array_equal(vectors(watch, store, ["b", "a"]), matrix[[1, 0]])


def test_a_text_without_vector_is_refused_with_what_to_do(watch: Watch, store: Store) -> None:
    keep(store, ["a"])
    with pytest.raises(StoreError, match="1 texts have no vector"):
        vectors(watch, store, ["a", "z"])


def test_nothing_asked_gives_nothing(watch: Watch, store: Store) -> None:
    assert len(vectors(watch, store, [])) == 0
