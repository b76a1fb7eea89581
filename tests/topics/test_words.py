"""Words of topics: telling, whole, in the spelling people use."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp

from veille.topics import words
from veille.topics.text import clean

TEXTS = pd.Series(
    [
        "Grève à la gare : les trains sont supprimés, dit-il",
        "La grève continue, aucun train en gare #Aquilon",
        "Grèves chez Aquilon : les gares sont vides",
        "Aquilon victime d’une fuite de données personnelles",
        "Personal data leak at Aquilon, the hackers want money",
        "Fuite chez Aquilon : les données des clients sont en vente",
    ]
)
LABELS = np.array([0, 0, 0, 1, 1, 1])


def test_accents_survive_and_plurals_are_one_word() -> None:
    described = words.describe(TEXTS, LABELS, count=5, demoted=["Aquilon"])
    assert {"grève", "gare"} <= {word.removesuffix("s").lower() for word in described[0]}
    assert "données" in described[1]
    assert len({word[:4] for word in described[0]}) == len(described[0])


def test_stop_words_of_both_languages_and_grammar_are_left_out() -> None:
    tokens = set(words.vocabulary(TEXTS).tokens["surface"].str.lower())
    assert not tokens & {"les", "the", "une", "want", "dit", "il", "dit-il", "d", "aucun"}
    assert "hackers" in tokens


def test_the_name_of_the_subject_heads_no_topic() -> None:
    assert "Aquilon" in words.describe(TEXTS, LABELS, count=4)[1]
    assert "Aquilon" not in words.describe(TEXTS, LABELS, count=4, demoted=["Aquilon Mobilités"])[1]


def test_no_word_begins_another() -> None:
    texts = pd.Series(["grève grévistes grévistes", "licenciement licenciements licenciée gréviste"])
    for topic in words.describe(texts, np.array([0, 1]), count=10):
        stems = sorted(word.lower() for word in topic)
        assert not any(long.startswith(short) for short, long in itertools.pairwise(stems) if len(short) >= 5)


def test_the_usual_spelling_is_shown() -> None:
    shown = words.vocabulary(pd.Series(["Gare gare SNCF", "Gare SNCF", "gare Paris", "L'IA et l'UE"]))
    spelled = dict(zip(shown.stems, shown.surfaces, strict=True))
    assert spelled == {"gare": "gare", "sncf": "SNCF", "pari": "Paris", "ia": "IA", "ue": "UE"}


@pytest.mark.parametrize("texts", [[], ["", ""], ["le la les", "the of"], ["12 345", "😡"]])
def test_texts_that_say_nothing_have_no_words(texts: list[str]) -> None:
    labels = np.zeros(len(texts), dtype=np.int64)
    assert words.describe(clean(pd.Series(texts, dtype="str")), labels, count=5) == [[]] * bool(texts)


def test_class_tfidf_is_the_published_formula() -> None:
    counts = sp.csr_matrix(np.array([[3.0, 1.0, 0.0], [0.0, 1.0, 3.0]]))
    scores = words.class_tfidf(counts).toarray()
    assert scores[0, 0] == pytest.approx(3 / 4 * np.log1p(4 / 3))
    assert scores[0, 1] == pytest.approx(1 / 4 * np.log1p(4 / 2))
    assert scores[0, 2] == 0
    assert words.class_tfidf(sp.csr_matrix((2, 3))).nnz == 0


def test_a_word_of_several_stories_beats_one_that_a_single_story_repeats() -> None:
    texts = pd.Series(["usine usine usine pollution", "pollution riviere", "pollution poisson", "autre chose encore"])
    assert words.describe(texts, np.array([0, 0, 0, 1]), count=1)[0] == ["pollution"]


def test_contrast_prefers_words_that_few_clusters_have() -> None:
    texts = pd.Series(["groupe groupe usine", "groupe groupe train", "groupe groupe banque"])
    assert words.describe(texts, np.arange(3), count=1, contrast=True) == [["usine"], ["train"], ["banque"]]
