"""Precision and recall from labels: by hand, weighted, end points, honest intervals."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from veille.labels import LABELS, add, figures
from veille.store import Store

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def say(store: Store, pairs: list[tuple[str, str, float | None]], subject: str | None = "a", what: str = "tone") -> None:
    frame = pd.DataFrame(pairs, columns=["read_as", "value", "sampling_ratio"])
    frame = frame.assign(mention_id=[f"{subject}{place}" for place in range(len(frame))], subject=subject, what=what)
    add(store, frame, at=NOW, by="Ana")


def of(store: Store, subject: str, value: str) -> pd.Series:
    table = figures(store, NOW)
    return table.loc[(table["subject"] == subject) & (table["value"] == value)].iloc[0]


def test_by_hand(store: Store) -> None:
    say(store, [("negative", "negative", 1.0)] * 6 + [("negative", "neutral", 1.0)] * 2 + [("neutral", "negative", 1.0)] * 4)
    row = of(store, "a", "negative")
    assert (row["labels"], row["precision"], row["recall"], row["share"]) == (10, 0.75, 0.6, pytest.approx(10 / 12, abs=1e-4))
    # Wilson's interval of 6 of 8.
    assert (row["precision_low"], row["precision_high"]) == (pytest.approx(0.4093, abs=2e-4), pytest.approx(0.9285, abs=2e-4))
    assert of(store, "*", "negative")["precision"] == 0.75


def test_a_label_weighs_the_mentions_it_was_drawn_for(store: Store) -> None:
    say(store, [("negative", "negative", 1.0), ("negative", "neutral", 0.25)])
    row = of(store, "a", "negative")
    assert row["precision"] == 0.2
    assert row["share"] == 0.2
    assert (row["precision_low"], row["precision_high"]) < (0.05, 0.9)


def test_subjects_are_apart_and_together(store: Store) -> None:
    say(store, [("relevant", "relevant", 0.5)] * 3, "a", "relevance")
    say(store, [("relevant", "homonym", 0.5)] * 3, "b", "relevance")
    assert [of(store, name, "relevant")["precision"] for name in ("a", "b", "*")] == [1.0, 0.0, 0.5]
    assert of(store, "*", "homonym")["recall"] == 0.0
    assert pd.isna(of(store, "b", "homonym")["precision"])
    assert pd.isna(of(store, "b", "relevant")["recall"])


def test_end_points_and_what_cannot_be_said(store: Store) -> None:
    assert figures(store, NOW).empty
    say(store, [("negative", "negative", None), (None, "negative", 0.5)])
    assert figures(store, NOW).empty
    assert len(store.load(LABELS)) == 2
    say(store, [("negative", "negative", 1.0)] * 5, "b")
    row = of(store, "b", "negative")
    assert (row["precision"], row["precision_high"], row["share_high"]) == (1.0, 1.0, 1.0)
    assert 0.5 < row["precision_low"] < 0.6
    assert figures(store, NOW - timedelta(hours=1)).empty


def test_more_labels_of_the_same_quality_narrow_the_interval(store: Store) -> None:
    say(store, [("negative", "negative", 0.1), ("negative", "neutral", 0.1)] * 2, "a")
    say(store, [("negative", "negative", 0.1), ("negative", "neutral", 0.1)] * 50, "b")
    wide, narrow = of(store, "a", "negative"), of(store, "b", "negative")
    assert wide["precision"] == narrow["precision"] == 0.5
    assert narrow["precision_high"] - narrow["precision_low"] < (wide["precision_high"] - wide["precision_low"]) / 3


def test_weights_undo_a_sample_that_asks_about_the_doubtful(store: Store) -> None:
    chance = np.random.default_rng(0)
    doubtful = chance.random(4000) < 0.2
    right = chance.random(4000) < np.where(doubtful, 0.5, 0.95)
    ratio = np.where(doubtful, 0.5, 0.05)
    drawn = chance.random(4000) < ratio
    said = [("negative", "negative" if ok else "neutral", share) for ok, share in zip(right[drawn], ratio[drawn], strict=True)]
    say(store, said)
    row = of(store, "a", "negative")
    assert row["precision_low"] < right.mean() < row["precision_high"]
    assert abs(row["precision"] - right.mean()) < abs(right[drawn].mean() - right.mean())
