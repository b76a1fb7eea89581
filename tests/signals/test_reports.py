from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest

from veille.period import week
from veille.signals import SignalKind, detect
from veille.signals.counts import WHOLE, Grid
from veille.signals.cues import read_cues
from veille.signals.reports import MEASURE, grave_reports, reported
from veille.signals.thresholds import Thresholds
from veille.store import Store
from veille.watch import Watch

from .conftest import Tell

RISE = week("2022-W04", "Europe/Paris")
AS_OF = datetime(2022, 2, 1, tzinfo=UTC)
DISPATCH = "Essai : des enfants hospitalisés après une contamination"


def told(*titles: str, text: str = "", press: bool = True) -> pd.DataFrame:
    frame = pd.DataFrame({"title": titles, "text": text, "press": press, "subject": "essai"})
    cues = read_cues(frame["title"], frame["text"], pd.Series("fr", index=frame.index))
    return frame.join(cues[["gravity"]])


@pytest.mark.parametrize(
    ("title", "is_report"),
    [
        (DISPATCH, 1),
        ("Essai visé par une plainte pour fraude", 0),
        ("Une contamination inquiète la région", 0),
        ("Dix ans après la contamination, Essai rouvre", 0),
        ("Essai : aucune contamination", 0),
        ("Five years after the fatal crash Essai reopens", 0),
        ("", 0),
    ],
)
def test_a_report_alleges_a_harm_of_its_subject_in_its_headline(watch: Watch, title: str, is_report: int) -> None:
    assert reported(watch, told(title)).tolist() == [is_report]


def test_what_only_the_body_says_or_a_post_tells_is_no_report(watch: Watch) -> None:
    assert reported(watch, told("Essai : ce que l’on sait", text="Des enfants hospitalisés, une contamination")).tolist() == [0]
    assert reported(watch, told(DISPATCH, press=False)).tolist() == [0]


def test_nothing_told_is_nothing_reported(watch: Watch) -> None:
    assert len(reported(watch, told(DISPATCH).head(0))) == 0


def test_of_a_query_that_asks_for_more_than_words_who_is_named_is_taken_for_granted(make_watch: Callable[[str], Watch]) -> None:
    watch = make_watch(
        "watch: essai\norganisation: Essai\nsubjects:\n"
        "  - {id: essai, name: Essai, role: self, query: 'essai OR publisher:essai.fr'}\n"
    )
    assert reported(watch, told("Des enfants hospitalisés après une contamination")).tolist() == [1]


def grid(past: int, now: float = 1.0, days: int = 90) -> Grid:
    """Return the grid of a subject with so many reports in its past, beside one without any."""
    counts = np.zeros((2, days))
    if past:
        counts[0, np.linspace(days - 50, days - 10, past).astype(int)] = 1.0
    counts[0, -1] = now
    units = pd.DataFrame({"subject": ["essai", "rivale"], "topic_id": WHOLE})
    return Grid(units, pd.date_range("2022-01-01", periods=days), {MEASURE: counts})


def found(past: int, now: float = 1.0) -> pd.DataFrame:
    return grave_reports(grid(past, now), np.ones(90), [89], Thresholds())


def test_a_first_report_is_found_and_silence_is_not() -> None:
    first = found(0)
    assert first["subject"].tolist() == ["essai"]
    assert first["first_day"].tolist() == [pd.Timestamp("2022-03-31")]
    assert first["window_days"].tolist() == [1]
    assert 0 < first["p_value"].iloc[0] < 0.03
    assert found(0, now=0.0).empty


@pytest.mark.parametrize("past", [1, 3, 27])
def test_what_follows_a_report_is_not_new(past: int) -> None:
    assert found(past).empty


def test_where_harm_is_the_habit_of_all_one_more_report_is_no_news() -> None:
    quiet = np.zeros((12, 90))
    quiet[0, -1] = 1.0
    loud = quiet.copy()
    loud[1:, ::4] = 1.0
    units = pd.DataFrame({"subject": [f"hopital{number}" for number in range(12)], "topic_id": WHOLE})
    days = pd.date_range("2022-01-01", periods=90)
    reports = [
        grave_reports(Grid(units, days, {MEASURE: counts}), np.ones(90), [89], Thresholds(unusual_p=level))
        for counts, level in ((quiet, 1.0), (loud, 1.0), (loud, 0.001))
    ]
    assert reports[0]["p_value"].iloc[0] < reports[1]["p_value"].iloc[0]
    assert reports[2].empty


def test_a_watch_without_a_past_reports_nothing() -> None:
    assert grave_reports(grid(0, days=3), np.ones(3), [2], Thresholds()).empty


@pytest.mark.usefixtures("habit")
def test_one_dispatch_is_a_weak_signal_to_be_verified(watch: Watch, store: Store, tell: Tell) -> None:
    tell([DISPATCH], datetime(2022, 1, 26, 9, tzinfo=UTC), tone="negative")
    signals = detect(watch, store, AS_OF, RISE).signals
    assert signals["kind"].tolist() == [SignalKind.WEAK]
    assert signals["level"].tolist() == [2]
    assert len(signals["evidence"].iloc[0]) == 1
    assert signals["title"].tolist() == [DISPATCH]


@pytest.mark.usefixtures("habit")
def test_what_is_told_of_every_week_is_no_report(watch: Watch, store: Store, tell: Tell) -> None:
    tell([f"Essai : contamination numéro {number}" for number in range(14)], datetime(2021, 10, 20, tzinfo=UTC), hours=167)
    tell([DISPATCH], datetime(2022, 1, 27, 9, tzinfo=UTC), tone="negative")
    signals = detect(watch, store, AS_OF, RISE).signals
    assert DISPATCH not in signals["title"].tolist() or (signals["stories"] > 1).all()
