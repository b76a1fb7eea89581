"""BERTopic over given clusters: ours, with accents, and the same words as the formula it publishes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.topics.conftest import Tell
from tests.topics.test_update import LEAK, RIVER, STRIKE, day, topic_of
from veille import topics
from veille.errors import UsageError
from veille.store import Store
from veille.topics import words
from veille.topics.carry import Analyzer, carry
from veille.topics.cluster import unit
from veille.topics.text import clean
from veille.watch import Watch

TEXTS = clean(pd.Series([*STRIKE, *RIVER, *LEAK, "Élections européennes : un sondage"]))
LABELS = np.array([0] * 3 + [1] * 3 + [2] * 3 + [-1])


@pytest.fixture(scope="module")
def fitted() -> Any:
    vectors = np.eye(4)[LABELS] + 0.01 * np.random.default_rng(1).normal(size=(10, 4))
    return carry(TEXTS.tolist(), unit(vectors), LABELS)


def test_the_given_clusters_are_kept(fitted: Any) -> None:
    pairs = set(zip(fitted.topics_, LABELS.tolist(), strict=True))
    assert len(pairs) == 4
    assert (-1, -1) in pairs


def test_accents_survive(fitted: Any) -> None:
    shown = {word for number in fitted.get_topics() for word, _ in fitted.get_topic(number)}
    assert {"grève", "rivière", "données"} <= {word.lower() for word in shown}
    assert not any("grve" in word.lower() or "rivire" in word.lower() for word in shown)


def test_its_scores_are_those_of_our_formula(fitted: Any) -> None:
    known = words.vocabulary(TEXTS)
    codes = known.tokens["stem"].cat.codes.to_numpy()
    numbers = np.array(fitted.topics_)[known.tokens["row"].to_numpy()] + 1
    counts = words.sp.csr_matrix((np.ones(len(codes)), (numbers, codes)), shape=(4, len(known.stems)))
    ours = pd.DataFrame(words.class_tfidf(counts).toarray(), columns=known.surfaces)
    theirs = pd.DataFrame(fitted.c_tf_idf_.toarray(), columns=fitted.vectorizer_model.get_feature_names_out())
    pd.testing.assert_frame_equal(ours[theirs.columns], theirs, check_dtype=False)


def test_the_analyzer_spells_as_the_corpus_does() -> None:
    analyzer = Analyzer(words.vocabulary(pd.Series(["gares gares", "SNCF"])))
    assert analyzer("La Gare de la sncf") == ["gares", "SNCF"]
    assert analyzer("") == []


def test_the_model_of_an_update_is_titled_as_the_registry(watch: Watch, store: Store, tell: Tell) -> None:
    with pytest.raises(UsageError, match="there are no topics as of"):
        topics.model(watch, store, day(1))
    tell([*STRIKE, *RIVER, "Élections européennes : un sondage inattendu"], day(0))
    result = topics.update(watch, store, day(1))
    carried = topics.model(watch, store, day(1))
    assert carried.vectors.shape[0] == len(carried.documents) == 7
    strike = carried.documents.set_index("mention_id").loc["m000"]
    assert strike["topic_id"] == topic_of(result, "m000")
    labels = carried.bertopic.get_topic_info().set_index("Topic")["CustomName"]
    assert labels[strike["number"]] == result.fine.set_index("topic_id")["title"][strike["topic_id"]]
    assert carried.documents["number"].iloc[-1] == -1
    assert {"Topic", "Words", "Frequency", "Timestamp"} <= set(carried.over_time(bins=2).columns)
