"""Topics of texts in Arabic letters are described by their own words, and by none that say nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd

from veille.folding import fold_text
from veille.topics.stopwords import STOP_WORDS
from veille.topics.words import describe


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


def test_stop_words_are_folded_or_they_would_never_match() -> None:
    assert [word for word in STOP_WORDS if fold_text(word) != word] == []
