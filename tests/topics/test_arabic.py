"""Topics of texts in Arabic letters are described by their own words, and by none that say nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from veille.folding import fold_text
from veille.topics.stopwords import STOP_WORDS
from veille.topics.text import clean
from veille.topics.words import describe, vocabulary


def test_words_of_arabic_topics_tell_them_apart() -> None:
    texts = pd.Series(
        [
            "انقطاع الماء في المدينة منذ يومين",
            "واش كاين الماء اليوم في المدينة",
            "تاخر القطار على المسافرين",
            "القطار معطل بزاف والمسافرين واقفين",
        ]
    )
    water, train = describe(texts, np.array([0, 0, 1, 1]), count=3)
    assert "الماء" in water
    assert "القطار" in train
    assert not {fold_text(word) for word in [*water, *train]} & STOP_WORDS


@pytest.mark.parametrize(
    "written",
    [
        "اِنْقِطَاعُ المَاءِ فِي المَدِينَةِ",
        "انقطـــاع المـاء في المديـــنة",
        "انقطاع\u0670 الما\ufe77ء في المدينة\ufe71",
    ],
)
def test_vowel_signs_and_strokes_cut_no_word_apart(written: str) -> None:
    plain = "انقطاع الماء في المدينة"
    both = clean(pd.Series([plain, written]))
    assert len(both[1].split()) == 4
    vocabulary_of_both = vocabulary(both)
    plainly, signed = (group["stem"].tolist() for _, group in vocabulary_of_both.tokens.groupby("row"))
    assert plainly == signed
    assert len(plainly) == 3
    assert describe(both, np.array([0, 0]), count=5) == describe(clean(pd.Series([plain, plain])), np.array([0, 0]), count=5)


def test_stop_words_are_folded_or_they_would_never_match() -> None:
    assert [word for word in STOP_WORDS if fold_text(word) != word] == []
