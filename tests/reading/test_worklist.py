"""What is to be labelled first: doubtful ones, every tone and source, with the probability it was really drawn with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import MakeWatch
from veille.errors import UsageError
from veille.labels import What, add
from veille.labels.files import shown
from veille.labels.words import WHY
from veille.mention import MENTIONS
from veille.period import week
from veille.reading.tables import READINGS
from veille.reading.worklist import COLUMNS, inclusion, worklist
from veille.store import Store
from veille.watch import Watch

NOW = datetime(2026, 11, 20, tzinfo=UTC)
WATCH = """\
watch: essai
organisation: Essai
timezone: Europe/Paris
subjects:
  - {id: essai, query: essai}
  - {id: rival, role: competitor, query: rival}
"""


@pytest.fixture
def watch(make_watch: MakeWatch) -> Watch:
    return make_watch(WATCH)


def put(store: Store, tone: list[str], sure: list[float], **columns: object) -> None:
    """Keep mentions that were read so: a tone each, and how sure the machine is of it."""
    ids = [f"m{place:05d}" for place in range(len(tone))]
    start = pd.Timestamp("2026-11-10 08:00", tz="UTC")
    mentions = pd.DataFrame(
        {"mention_id": ids, "source": "s", "source_type": "rss", "kind": "post", "title": "", "text": "essai"}
    )
    mentions["published_at"] = start + pd.to_timedelta(np.arange(len(ids)), unit="s")
    mentions["subjects"] = [["essai"]] * len(ids)
    store.merge(MENTIONS, mentions.assign(**{name: value for name, value in columns.items() if name in MENTIONS.column_names}))
    rest = (1 - np.array(sure)) / 2
    table = {f"p_{name}": np.where(np.array(tone) == name, sure, rest) for name in ("negative", "neutral", "positive")}
    readings = pd.DataFrame(
        {"mention_id": ids, "version": "v", "text_hash": ids, "language": "fr", "story_id": ids, "tone": tone}
    )
    readings = readings.assign(language_probability=1.0, story_similarity=1.0, **table)
    readings.loc[readings["tone"] == "not_read", list(table)] = np.nan
    store.merge(READINGS, readings.assign(**{name: value for name, value in columns.items() if name in READINGS.column_names}))


def test_what_is_asked(watch: Watch, store: Store) -> None:
    put(store, ["negative", "neutral", "positive", "not_read"], [0.4, 0.95, 0.9, 0.3])
    drawn = worklist(watch, store, NOW)
    assert drawn.columns.tolist() == COLUMNS
    assert drawn["sampling_ratio"].tolist() == [1.0] * 4
    assert drawn["why"].tolist() == ["unsure_tone", "drawn", "drawn", "not_read"]
    assert drawn["read_tone"].tolist() == ["negative", "neutral", "positive", "not_read"]
    assert set(drawn["read_relevance"]) == {"relevant"}
    assert set(drawn["why"]) <= set(WHY)
    assert not shown(drawn, "fr").isna().any(axis=None)


def test_one_row_a_story_and_subject_and_only_of_what_is_asked(watch: Watch, store: Store) -> None:
    both = [["essai", "rival"], ["essai"], ["rival"], []]
    put(store, ["neutral"] * 4, [0.5] * 4, subjects=both, story_id=["m00000", "m00000", "m00002", "m00003"])
    pairs = worklist(watch, store, NOW)[["mention_id", "subject"]].to_numpy().tolist()
    assert pairs == [["m00000", "essai"], ["m00000", "rival"], ["m00002", "rival"]]
    assert worklist(watch, store, NOW, subject="essai")["mention_id"].tolist() == ["m00000"]
    with pytest.raises(UsageError, match="no subject"):
        worklist(watch, store, NOW, subject="autre")
    with pytest.raises(UsageError, match="cannot be drawn"):
        worklist(watch, store, NOW, rows=0)


def test_what_was_answered_is_not_asked_again(watch: Watch, store: Store) -> None:
    put(store, ["neutral"] * 3, [0.5] * 3)
    said = pd.DataFrame({"mention_id": ["m00000"], "subject": "essai", "what": "tone", "value": "neutral"})
    add(store, said, at=NOW, by="Ana")
    assert worklist(watch, store, NOW, what=What.TONE)["mention_id"].tolist() == ["m00001", "m00002"]
    assert len(worklist(watch, store, NOW, what=What.RELEVANCE)) == 3
    assert len(worklist(watch, store, NOW)) == 3
    assert len(worklist(watch, store, NOW - timedelta(hours=1), what=What.TONE)) == 3


def test_a_week_and_what_is_not_visible(watch: Watch, store: Store) -> None:
    put(store, ["neutral"] * 2, [0.5] * 2, published_at=pd.to_datetime(["2026-11-02T10:00Z", "2026-11-10T10:00Z"]))
    assert worklist(watch, store, NOW, week("2026-W46", "Europe/Paris"))["mention_id"].tolist() == ["m00001"]
    assert worklist(watch, store, datetime(2026, 11, 5, tzinfo=UTC))["mention_id"].tolist() == ["m00000"]
    assert worklist(watch, store, datetime(2026, 11, 1, tzinfo=UTC)).empty


def test_texts_are_masked(watch: Watch, store: Store) -> None:
    put(store, ["neutral"], [0.5], text="essai de @jean, jean@mail.example", url="https://twitter.com/jean/status/1")
    row = worklist(watch, store, NOW).iloc[0]
    assert "jean" not in " ".join(row[["title", "text", "publisher", "address"]].astype("str"))


def test_rare_tones_and_sources_have_their_part_and_doubt_comes_first(watch: Watch, store: Store) -> None:
    tone = ["neutral"] * 900 + ["negative"] * 60 + ["positive"] * 40
    sure = np.where(np.arange(1000) % 10 == 0, 0.4, 0.95).tolist()
    put(store, tone, sure, source=["presse" if place % 20 == 0 else "reseau" for place in range(1000)])
    drawn = worklist(watch, store, NOW, rows=100)
    assert len(drawn) == 100
    # In proportion there would be 6 and 4.
    counts = drawn["read_tone"].value_counts()
    assert counts["negative"] >= 12
    assert counts["positive"] >= 8
    assert (drawn["why"] == "unsure_tone").mean() > 0.3
    again = worklist(watch, store, NOW, rows=100)
    pd.testing.assert_frame_equal(drawn, again)
    other = worklist(watch, store, NOW + timedelta(seconds=1), rows=100)
    assert set(other["mention_id"]) != set(drawn["mention_id"])


def test_the_sampling_ratio_is_the_share_of_draws_that_hold_the_row(watch: Watch, store: Store) -> None:
    tone = ["neutral"] * 30 + ["negative"] * 10
    put(store, tone, np.linspace(0.4, 0.99, 40).tolist())
    draws = [worklist(watch, store, NOW + timedelta(seconds=number), rows=10) for number in range(50)]
    whole = pd.concat(draws)
    assert whole.groupby("mention_id")["sampling_ratio"].nunique().max() == 1
    share = whole.groupby("mention_id").size() / len(draws)
    ratio = whole.drop_duplicates("mention_id").set_index("mention_id")["sampling_ratio"].reindex(share.index)
    # Fifty draws: four standard errors.
    assert ((share - ratio).abs() < 4 * np.sqrt(ratio * (1 - ratio) / len(draws)) + 1e-9).all()
    # Weighing by them gives back how many there are of each tone, which the drawn rows alone do not.
    weights = (1 / whole["sampling_ratio"]).groupby(whole["read_tone"]).sum() / len(draws)
    assert weights["negative"] == pytest.approx(10, rel=0.15)
    assert weights["neutral"] == pytest.approx(30, rel=0.15)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=60), st.integers(1, 80))
def test_probabilities_sum_to_the_rows_and_grow_with_the_size(sizes: list[float], rows: int) -> None:
    ratio = inclusion(np.array(sizes), rows)
    assert ratio.sum() == pytest.approx(min(rows, len(sizes)))
    assert ((ratio > 0) & (ratio <= 1)).all()
    order = np.argsort(sizes, kind="stable")
    assert (np.diff(ratio[order]) >= -1e-12).all()
