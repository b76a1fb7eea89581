"""What moves when a threshold moves."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.replay.conftest import CRISIS, FIRST, LAST
from veille.errors import UsageError
from veille.replay import Event, EventKind, Relived, operating, replay, sweep
from veille.signals import SignalKind
from veille.store import Store
from veille.watch import Watch

TRUTH = (Event("contamination", "essai", CRISIS, LAST, EventKind.CRISIS),)


def test_recall_and_alarms_fall_as_the_threshold_rises(relived: tuple[Watch, Store, Relived]) -> None:
    watch, _, found = relived
    judged = Relived(watch, found.period, found.signals, found.journal, found.activity, TRUTH)
    table = operating(judged, scores=(0, 50, 101))
    for _, part in table.groupby("threshold"):
        ordered = part.sort_values("value")
        assert ordered["recall"].is_monotonic_decreasing
        assert ordered["alarms"].is_monotonic_decreasing
    by_score = table.loc[table["threshold"] == "score"].set_index("value")
    assert (by_score.loc[0, "recall"], by_score.loc[101, "recall"], by_score.loc[101, "alarms"]) == (1.0, 0.0, 0)
    assert pd.isna(by_score.loc[101, "median_lag_days"])


@pytest.mark.slow
def test_settings_are_tried_one_at_a_time_on_topics_that_are_made_once(relived: tuple[Watch, Store, Relived]) -> None:
    watch, store, found = relived
    said = {path: path.stat().st_mtime_ns for path in (watch.state_path / "replay").glob("*/said/*")}
    table = sweep(watch, store, FIRST, LAST, TRUTH, {"min_stories": [3, 50]})
    assert table["present"].tolist() == [True, False]
    assert table["alarms"].iloc[0] == len(found.alarms())
    assert table["recall"].iloc[0] == 1.0
    assert {path: path.stat().st_mtime_ns for path in (watch.state_path / "replay").glob("*/said/*")} == said
    detection = watch.detection.model_copy(update={"min_stories": 50})
    changed = replay(watch.model_copy(update={"detection": detection}), store, FIRST, LAST)
    assert SignalKind.NEGATIVE_EMERGENCE in set(found.signals["kind"])
    assert SignalKind.NEGATIVE_EMERGENCE not in set(changed.signals["kind"])


def test_a_setting_or_value_that_is_none_is_refused(relived: tuple[Watch, Store, Relived]) -> None:
    watch, store, _ = relived
    with pytest.raises(UsageError, match="no setting 'fdr'"):
        sweep(watch, store, FIRST, LAST, (), {"fdr": [1]})
    with pytest.raises(UsageError, match="fdr_level cannot be 7"):
        sweep(watch, store, FIRST, LAST, (), {"fdr_level": [7]})
