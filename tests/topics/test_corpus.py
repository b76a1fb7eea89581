"""What topics are made of: what the public says of the subjects."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pandas as pd

from veille import reading
from veille.mention import MENTIONS
from veille.reading.relevance import RELEVANCE
from veille.store import Store
from veille.topics import corpus
from veille.topics.settings import TopicSettings
from veille.watch import Watch

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def test_what_is_set_aside_makes_no_topic(make_watch: Callable[..., Watch], store: Store) -> None:
    watch = make_watch()
    frame = pd.DataFrame({"mention_id": ["a", "b"], "text": ["essai en panne", "essai gratuit"], "title": "", "kind": "post"})
    frame = frame.assign(source="s", source_type="x", published_at=pd.Timestamp("2026-11-19", tz="UTC"))
    store.merge(MENTIONS, frame.assign(subjects=[["essai"], ["essai"]]))
    read = {"mention_id": ["a", "b"], "version": reading.version(watch), "text_hash": ["h1", "h2"], "language": "fr"}
    read |= {"language_probability": 1.0, "story_id": ["a", "b"], "story_similarity": 1.0, "tone": "negative"}
    store.merge(reading.READINGS, pd.DataFrame(read))
    assert corpus.load(watch, store, NOW, None, TopicSettings()).mentions["mention_id"].tolist() == ["a", "b"]
    aside = {"mention_id": ["b"], "subject": "essai", "version": "v", "text_hash": "", "verdict": "homonym"}
    store.merge(RELEVANCE, pd.DataFrame({**aside, "reason": "other_expression", "detail": "", "probability": 0.9}))
    assert corpus.load(watch, store, NOW, None, TopicSettings()).mentions["mention_id"].tolist() == ["a"]
