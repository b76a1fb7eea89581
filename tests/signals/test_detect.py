from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from veille.mention import MENTIONS
from veille.period import week
from veille.signals import JOURNAL, SIGNALS, SURGES, DetectionResult, SignalKind, detect
from veille.store import Store
from veille.watch import Watch

from .conftest import BAD, GOOD, WATCH, Tell

QUIET, RISE, NEXT = (week(name, "Europe/Paris") for name in ("2022-W03", "2022-W04", "2022-W05"))
MONDAY = datetime(2022, 1, 24, 9, tzinfo=UTC)


def run(watch: Watch, store: Store, period: object = RISE) -> DetectionResult:
    return detect(watch, store, period.end, period)  # type: ignore[attr-defined]


@pytest.mark.usefixtures("habit")
def test_quiet_weeks_give_no_signal(watch: Watch, store: Store) -> None:
    result = run(watch, store, QUIET)
    assert result.verdict == ""
    assert result.signals.empty
    assert result.level == 0
    assert result.tested > 0


@pytest.mark.usefixtures("habit")
def test_a_crisis_is_one_signal_with_its_parts_and_evidence(watch: Watch, store: Store, tell: Tell) -> None:
    tell(BAD, MONDAY, tone="negative")
    signals = run(watch, store).signals
    assert len(signals) == 1
    signal = signals.iloc[0]
    assert (signal["subject"], signal["kind"], signal["gravity_category"]) == ("essai", "negative_emergence", "persons")
    assert (signal["level"], signal["level_reason"]) == (4, "danger_to_persons")
    assert signal["negative_stories"] == len(BAD)
    assert signal["first_seen"] == pd.Timestamp(MONDAY)
    titles = store.mentions(RISE.end, RISE).set_index("mention_id")["title"]
    assert {titles[mention] for mention in signal["evidence"]} == set(BAD)
    assert signal["title"] in BAD
    assert not signal["short_history"]


@pytest.mark.usefixtures("habit")
def test_good_surge_is_a_finding_and_no_signal(watch: Watch, store: Store, tell: Tell) -> None:
    tell([f"Essai remporte un prix, épisode {number}" for number in range(12)], MONDAY, tone="positive")
    result = run(watch, store)
    assert result.signals.empty
    assert result.surges["subject"].tolist() == ["essai"]
    assert result.surges["stories"].iloc[0] >= 10
    assert result.surges["negative_share"].iloc[0] < 0.3


@pytest.mark.usefixtures("habit")
def test_forty_copies_of_one_story_are_one_story(watch: Watch, store: Store, tell: Tell) -> None:
    tell(["Essai accusé de négligence"] * 40, MONDAY, hours=0.5, tone="negative", story="une", publishers=20)
    assert run(watch, store).signals.empty


@pytest.mark.usefixtures("habit")
def test_the_same_detection_again_changes_nothing(watch: Watch, store: Store, tell: Tell) -> None:
    tell(BAD, MONDAY, tone="negative")
    first, second = run(watch, store), run(watch, store)
    pd.testing.assert_frame_equal(first.signals, second.signals)
    pd.testing.assert_frame_equal(first.events, second.events)
    assert len(store.load(SIGNALS)) == 1
    assert len(store.load(JOURNAL)) == 1


@pytest.mark.usefixtures("habit")
def test_a_signal_goes_on_under_its_id_and_is_not_opened_twice(watch: Watch, store: Store, tell: Tell) -> None:
    tell(BAD, MONDAY, tone="negative")
    first = run(watch, store)
    tell([f"Essai : nouvelle plainte pour intoxication, la {number}e" for number in range(5)], datetime(2022, 2, 1, tzinfo=UTC))
    second = run(watch, store, NEXT)
    assert second.signals["signal_id"].tolist() == first.signals["signal_id"].tolist()
    assert second.signals["detected_at"].iloc[0] == first.signals["detected_at"].iloc[0]
    assert (first.opened, second.opened) == (1, 0)
    assert second.events["act"].tolist() == ["updated"]


@pytest.mark.usefixtures("habit")
def test_what_comes_later_is_not_seen(watch: Watch, store: Store, tell: Tell) -> None:
    before = run(watch, store, QUIET)
    tell(BAD, MONDAY, tone="negative")
    run(watch, store)
    again = run(watch, store, QUIET)
    pd.testing.assert_frame_equal(before.signals, again.signals)
    middle = datetime(2022, 1, 24, 10, tzinfo=UTC)
    seen = detect(watch, store, middle, RISE).signals
    visible = set(store.load(MENTIONS).query("published_at < @middle")["mention_id"])
    assert seen["kind"].tolist() == ["weak"]
    assert set(seen["evidence"].explode()) <= visible


@pytest.mark.parametrize("mentions", [0, 1, 9])
def test_too_little_data_is_said_and_raises_nothing(watch: Watch, store: Store, tell: Tell, mentions: int) -> None:
    if mentions:
        tell([f"{GOOD} {number}" for number in range(mentions)], MONDAY)
    result = run(watch, store)
    assert result.verdict.startswith("not enough data")
    assert result.signals.empty
    assert store.load(SURGES).empty


def test_short_history_is_labelled(watch: Watch, store: Store, tell: Tell) -> None:
    tell([f"{GOOD} {number}" for number in range(12)], datetime(2022, 1, 10, tzinfo=UTC), hours=24)
    tell([f"Essai critiqué, polémique numéro {number}" for number in range(9)], MONDAY, hours=10, tone="negative")
    signals = run(watch, store).signals
    assert signals["short_history"].tolist() == [True]
    assert signals["level"].max() <= 2


@pytest.mark.usefixtures("habit")
def test_leak_is_a_signal_that_never_says_the_term(
    make_watch: Callable[[str], Watch], tmp_path: Path, store: Store, tell: Tell
) -> None:
    (tmp_path / "terms.txt").write_text("Projet Hermine\n", encoding="utf-8")
    watch = make_watch(WATCH + "confidential: {terms_file: terms.txt}\n")
    tell(["On dit que le projet-hermine avance"], MONDAY, subject="ailleurs")
    signals = run(watch, store).signals
    assert signals["kind"].tolist() == [SignalKind.LEAK]
    assert (signals["level"].iloc[0], signals["subject"].iloc[0]) == (3, "essai")
    assert "hermine" not in signals.drop(columns="evidence").to_csv().casefold()
    assert len(signals["evidence"].iloc[0]) == 1


@pytest.mark.usefixtures("habit")
def test_each_term_is_one_leak_that_is_told_once_however_often_it_leaks(
    make_watch: Callable[[str], Watch], tmp_path: Path, store: Store, tell: Tell
) -> None:
    (tmp_path / "terms.txt").write_text("Projet Hermine\nPlan Zibeline\n", encoding="utf-8")
    watch = make_watch(WATCH + "confidential: {terms_file: terms.txt}\n")
    tell(["On dit que le projet-hermine avance", "Et le plan zibeline ?"], MONDAY, subject="ailleurs")
    first = run(watch, store).signals
    assert first["kind"].tolist() == [SignalKind.LEAK] * 2
    assert first["leaked_term"].nunique() == 2
    tell(["Pr0jet  Hermines : c'est reparti"], MONDAY + timedelta(days=7), subject="ailleurs")
    again = run(watch, store, NEXT).signals
    of_term = dict(zip(first["leaked_term"], first["signal_id"], strict=True))
    assert again["signal_id"].tolist() == [of_term[again["leaked_term"].iloc[0]]]
    assert not {"hermine", "zibeline"} & set(re.findall(r"[a-z]+", again.drop(columns="evidence").to_csv().casefold()))
