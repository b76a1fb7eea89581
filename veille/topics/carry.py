"""BERTopic over the clusters of an update: topics over time, maps and searches for the analyst's notebooks.

BERTopic clusters nothing here: it is given the registry's clusters and computes what it is good at showing. Its import
takes seconds, so that it happens inside the function.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from veille.errors import UsageError
from veille.period import Period
from veille.reading import vectors
from veille.store import Store
from veille.topics import corpus, words
from veille.topics.cluster import Labels, unit
from veille.topics.settings import TopicSettings
from veille.topics.tables import ASSIGNMENTS, TOPICS, Level
from veille.topics.text import clean, lead
from veille.watch import Watch


@dataclass(frozen=True)
class Carried:
    """A fitted BERTopic and what it was fitted on.

    Parameters
    ----------
    bertopic
        The `bertopic.BERTopic`; its numbers are its own, topics are known by `documents["topic_id"]`.
    documents
        One row a story: `story_id`, `mention_id`, `published_at`, `document` (cleaned text), `topic_id`, `number` (its
        topic in BERTopic, -1 for a lone story).
    vectors
        Unit vectors of the stories, shape (stories, d).
    """

    bertopic: Any
    documents: pd.DataFrame
    vectors: npt.NDArray[np.float64]

    def over_time(self, bins: int = 8) -> pd.DataFrame:
        """Return BERTopic's topics over time: `Topic`, `Words`, `Frequency`, `Timestamp`."""
        days = self.documents["published_at"].dt.tz_localize(None).dt.to_pydatetime().tolist()
        frame: pd.DataFrame = self.bertopic.topics_over_time(self.documents["document"].tolist(), days, nr_bins=bins)
        return frame


class Analyzer:
    """Split a text into the tokens of a corpus, in the spelling that the corpus shows.

    Parameters
    ----------
    known
        Vocabulary of the corpus.
    """

    def __init__(self, known: words.Vocabulary) -> None:
        self._surfaces = dict(zip(known.stems.tolist(), known.surfaces.tolist(), strict=True))
        self._shown: dict[str, str | None] = {}

    def __call__(self, text: str) -> list[str]:
        """Return the tokens of one text in their order."""
        found = words.TERM.findall(text)
        self._learn([word for word in dict.fromkeys(found) if word not in self._shown])
        shown = (self._shown[word] for word in found)
        return [word for word in shown if word is not None]

    def _learn(self, unknown: list[str]) -> None:
        """Look up words in one go: BERTopic asks text by text, hundreds of times, and most words come again."""
        if not unknown:
            return
        self._shown |= dict.fromkeys(unknown)
        tokens = words.vocabulary(pd.Series(unknown, dtype="str")).tokens
        for row, stem in zip(tokens["row"], tokens["stem"].astype("str"), strict=True):
            self._shown[unknown[row]] = self._surfaces.get(stem, stem)


def carry(texts: Sequence[str], units: npt.NDArray[np.float64], labels: Labels, *, count: int = 10) -> Any:
    """Fit BERTopic on given clusters.

    Parameters
    ----------
    texts
        Cleaned texts.
    units
        Their vectors, shape (n, d).
    labels
        Their clusters, -1 for none.
    count
        Words a topic.

    Returns
    -------
    bertopic.BERTopic
        Fitted; the words are those of `words.class_tfidf`, accents included.
    """
    from bertopic import BERTopic
    from bertopic.cluster import BaseCluster
    from bertopic.dimensionality import BaseDimensionalityReduction
    from sklearn.feature_extraction.text import CountVectorizer

    analyzer = Analyzer(words.vocabulary(pd.Series(list(texts), dtype="str")))
    # All words are looked up once, before BERTopic asks for them.
    analyzer(" ".join(texts))
    fitted = BERTopic(
        # Its default, English, deletes every accented letter.
        language="multilingual",
        embedding_model=None,
        umap_model=BaseDimensionalityReduction(),
        hdbscan_model=BaseCluster(),
        vectorizer_model=CountVectorizer(analyzer=analyzer),
        top_n_words=count,
    )
    fitted.fit_transform(list(texts), units, y=np.asarray(labels))
    return fitted


def model(
    watch: Watch, store: Store, as_of: datetime, period: Period | None = None, settings: TopicSettings | None = None
) -> Carried:
    """Return BERTopic over the stories and topics of the update for this cut-off, titled as in the registry.

    Raises
    ------
    UsageError
        Topics were not updated for this cut-off, or the window holds too few stories.
    """
    settings = settings or TopicSettings.of(watch)
    window = corpus.load(watch, store, as_of, period, settings)
    where = [("cutoff", "==", window.cutoff)]
    assigned = store.load(ASSIGNMENTS, ["mention_id", "cutoff", "topic_id"], where)
    documents = window.stories[["story_id", "mention_id", "published_at"]].merge(assigned, on="mention_id", how="left")
    if len(documents) < settings.few_stories or documents["topic_id"].isna().any():
        raise UsageError(f"there are no topics as of {window.cutoff.isoformat()} to show", "run `veille edition` first")
    documents = documents.drop(columns="cutoff")
    documents["document"] = clean(lead(window.stories["title"], window.stories["text"])).to_numpy()
    sizes = documents.groupby("topic_id")["story_id"].transform("size")
    codes, _ = pd.factorize(documents["topic_id"])
    labels = np.where(sizes >= settings.min_stories, codes, -1)
    units = unit(vectors(watch, store, window.stories["text_hash"].tolist()))
    fitted = carry(documents["document"].tolist(), units, labels, count=settings.words)
    documents["number"] = np.asarray(fitted.topics_, dtype=np.int64)
    topics = store.load(TOPICS, ["topic_id", "cutoff", "level", "title"], where)
    titles = topics.loc[topics["level"] == Level.FINE].set_index("topic_id")["title"]
    numbered = documents.loc[documents["number"] >= 0].drop_duplicates("number")
    named = dict(zip(numbered["number"].tolist(), numbered["topic_id"].map(titles).tolist(), strict=True))
    fitted.set_topic_labels(named | ({-1: "…"} if (labels < 0).any() else {}))
    return Carried(fitted, documents, units)
