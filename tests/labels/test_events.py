"""Labels are events: the latest counts, nothing is lost, nothing later than `as_of` is seen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from veille.errors import ContractError, UsageError
from veille.labels import LABELS, WITHDRAWN, add, current, label_rows
from veille.labels.events import QUESTION, standing
from veille.store import Store

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def said(mention: str, value: str, what: str = "tone", subject: str | None = None, **more: object) -> pd.DataFrame:
    return pd.DataFrame([{"mention_id": mention, "subject": subject, "what": what, "value": value, **more}])


def later(hours: float) -> datetime:
    return NOW + timedelta(hours=hours)


def test_the_latest_label_counts_and_the_earlier_one_is_kept(store: Store) -> None:
    add(store, said("m1", "negative"), at=NOW, by="Ana")
    add(store, said("m1", "positive"), at=later(1), by="Bruno")
    assert current(store, later(2))["value"].tolist() == ["positive"]
    assert len(store.load(LABELS)) == 2


def test_labels_given_after_as_of_are_not_seen(store: Store) -> None:
    add(store, said("m1", "negative"), at=NOW, by="Ana")
    add(store, said("m1", "positive"), at=later(2), by="Ana")
    assert current(store, later(-1)).empty
    assert current(store, later(1))["value"].tolist() == ["negative"]


def test_a_withdrawn_label_is_gone_and_can_be_given_again(store: Store) -> None:
    add(store, said("m1", "negative"), at=NOW, by="Ana")
    add(store, said("m1", WITHDRAWN), at=later(1), by="Ana")
    assert current(store, later(1)).empty
    add(store, said("m1", "negative"), at=later(2), by="Ana")
    assert current(store, later(2))["value"].tolist() == ["negative"]


def test_the_same_again_adds_nothing_and_does_not_turn_a_correction_back(store: Store) -> None:
    add(store, said("m1", "negative"), at=NOW, by="Ana")
    add(store, said("m1", "neutral"), at=later(1), by="Bruno")
    assert add(store, said("m1", "negative"), at=later(2), by="Ana").empty
    assert current(store, later(3))["value"].tolist() == ["neutral"]
    assert len(add(store, said("m1", "negative", note="seen with the lawyers"), at=later(3), by="Ana")) == 1
    assert current(store, later(3))["value"].tolist() == ["negative"]


def test_questions_are_apart(store: Store) -> None:
    rows = pd.concat(
        [said("m1", "negative"), said("m1", "relevant", "relevance", "a"), said("m1", "homonym", "relevance", "b")]
    )
    add(store, rows, at=NOW, by="Ana")
    kept = current(store, NOW)
    assert sorted(kept["value"]) == ["homonym", "negative", "relevant"]
    assert kept["subject"].isna().sum() == 1


def test_who_and_what_are_checked(store: Store) -> None:
    with pytest.raises(UsageError, match="who labels"):
        add(store, said("m1", "negative"), at=NOW, by="  ")
    with pytest.raises(ContractError):
        add(store, said("m1", "furious"), at=NOW, by="Ana")
    assert store.load(LABELS).empty


EVENTS = st.lists(
    st.tuples(st.sampled_from("ab"), st.sampled_from(["negative", "neutral", WITHDRAWN]), st.integers(0, 5)), max_size=12
)


@settings(max_examples=25, deadline=None)
@given(EVENTS)
def test_what_stands_is_the_last_said_whatever_the_order_of_rows(events: list[tuple[str, str, int]]) -> None:
    parts = [label_rows(said(mention, value), at=later(hour), by="Ana") for mention, value, hour in events]
    frame = pd.concat([LABELS.empty(), *parts], ignore_index=True)
    seen = standing(frame, QUESTION)
    turned = standing(frame.iloc[::-1].reset_index(drop=True), QUESTION)
    pd.testing.assert_frame_equal(seen, turned)
    for mention in {mention for mention, _, _ in events}:
        last = max(hour for name, _, hour in events if name == mention)
        candidates = {value for name, value, hour in events if name == mention and hour == last}
        assert seen.loc[seen["mention_id"] == mention, "value"].item() in candidates
