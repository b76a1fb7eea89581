"""The tone towards each subject: what is kept, and what comes before it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pandas as pd
import pytest

from veille import labels, reading
from veille.mention import MENTIONS
from veille.reading.towards import SUBJECT_TONES, Basis, hear, toned
from veille.store import Store
from veille.watch import Watch

NOW = datetime(2026, 11, 20, tzinfo=UTC)
LATER = datetime(2026, 11, 21, tzinfo=UTC)
WATCH = """\
watch: essai
organisation: Orange
subjects:
  - {id: orange, name: Orange, role: self, query: orange}
  - {id: free, name: Free, role: competitor, query: free}
"""
TEXTS = [
    "Orange est une catastrophe, une honte, des voleurs. Free est génial, parfait, merci beaucoup",
    "Orange est génial, parfait, merci beaucoup",
    "🙂🙂",
    "شركة orange سيئة و free ممتازة",
]


@pytest.fixture
def watch(make_watch: Callable[[str], Watch]) -> Watch:
    return make_watch(WATCH)


@pytest.fixture
def filled(watch: Watch, store: Store) -> Store:
    frame = pd.DataFrame({"mention_id": list("abcd"), "text": TEXTS, "title": "", "kind": "post", "source": "s"})
    frame["subjects"] = [["orange", "free"], ["orange"], [], ["orange", "free"]]
    frame = frame.assign(source_type="x", published_at=pd.Timestamp("2026-11-19", tz="UTC"))
    store.merge(MENTIONS, frame)
    reading.read(watch, store, NOW)
    return store


def test_only_mentions_of_several_subjects_have_rows_and_only_once(watch: Watch, filled: Store) -> None:
    assert hear(watch, filled, NOW).read == 4
    rows = filled.load(SUBJECT_TONES).set_index(["mention_id", "subject"])
    assert sorted(rows.index) == [("a", "free"), ("a", "orange"), ("d", "free"), ("d", "orange")]
    assert rows.loc[("a", "orange"), "tone"] == "negative"
    assert rows.loc[("a", "free"), "tone"] == "positive"
    assert rows.loc["a", "basis"].eq(Basis.CLAUSE).all()
    assert rows.loc["d", ["tone", "basis"]].to_numpy().tolist() == [["not_read", "whole_text"]] * 2
    again = hear(watch, filled, NOW)
    assert (again.read, again.reused) == (0, 4)
    pd.testing.assert_frame_equal(filled.load(SUBJECT_TONES).set_index(["mention_id", "subject"]), rows)


def test_a_frame_gets_the_tone_towards_its_subject(watch: Watch, filled: Store) -> None:
    pairs = [("a", "orange"), ("a", "free"), ("b", "orange"), ("zz", "free")]
    frame = pd.DataFrame(pairs, columns=["mention_id", "subject"]).assign(tone="neutral", p_negative=0.2)
    pd.testing.assert_frame_equal(toned(filled, NOW, frame), frame)
    hear(watch, filled, NOW)
    heard = toned(filled, NOW, frame)
    assert heard["tone"].tolist() == ["negative", "positive", "neutral", "neutral"]
    assert heard["p_negative"].iloc[0] > 0.5 > heard["p_negative"].iloc[1]
    assert heard["p_negative"].iloc[2:].tolist() == [0.2, 0.2]


def test_what_a_person_says_comes_first_once_it_is_said(watch: Watch, filled: Store) -> None:
    hear(watch, filled, NOW)
    frame = pd.DataFrame({"mention_id": ["a", "a"], "subject": ["orange", "free"], "tone": "neutral", "p_negative": 0.2})
    rows = pd.DataFrame({"mention_id": ["a"], "subject": ["free"], "what": labels.What.TONE, "value": "negative"})
    labels.add(filled, rows, at=LATER, by="ana")
    assert toned(filled, NOW, frame)["tone"].tolist() == ["negative", "positive"]
    assert toned(filled, LATER, frame)["tone"].tolist() == ["negative", "negative"]
    assert toned(filled, LATER, frame)["p_negative"].tolist()[1] == 1.0
    labels.add(filled, rows.assign(subject=None, value="neutral"), at=LATER.replace(hour=2), by="ana")
    assert toned(filled, LATER.replace(hour=3), frame)["tone"].tolist() == ["neutral", "negative"]
