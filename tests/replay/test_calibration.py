"""What replay has taught is kept, read again, and used only after it was known."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.replay.conftest import CRISIS, FIRST, LAST
from tests.replay.test_reliability import START, TRUE, rows
from veille.errors import UsageError
from veille.replay import Event, EventKind, Growth, Relived, calibrate, calibrations, keep_own, shipped
from veille.replay.calibration import Calibration, Outlook, outlook_of, span, worth
from veille.replay.reliability import LEAST_TOPICS
from veille.store import Store
from veille.watch import Detection, Watch


@pytest.fixture
def outlook() -> Outlook:
    cases = rows()
    return outlook_of(TRUE, (span("learned", cases),), (span("measured", cases),), cases)


def elsewhere(watch: Watch, state: Path) -> Watch:
    return watch.model_copy(update={"state": state})


def test_the_shipped_words_hold_by_their_own_figures() -> None:
    told = shipped()
    assert not told.own
    assert told.outlook is not None
    assert told.outlook.speaks
    for word in told.outlook.words:
        if word.said:
            assert word.topics >= LEAST_TOPICS
            assert word.observed is not None
            assert word.low <= word.observed <= word.high
    last_learnt = max(one.last for one in told.outlook.learnt)
    for one in told.outlook.measured:
        assert one.first > last_learnt + timedelta(days=6)


def test_the_shipped_replay_names_the_sets_and_every_threshold_it_was_made_with() -> None:
    assert set(shipped().thresholds) <= set(Detection.model_fields)
    assert {"fdr_level", "min_stories", "score_level_2"} <= set(shipped().thresholds)
    assert {run.name for run in shipped().replays} == {"press-companies", "demonstration"}


def test_an_ordinary_week_holds_at_most_one_alarm_of_level_3_in_the_shipped_replays() -> None:
    for run in shipped().replays:
        assert run.ordinary_weeks
        assert run.ordinary_alarms is not None
        assert run.ordinary_alarms <= run.ordinary_weeks


def test_a_word_is_said_only_where_it_held_and_of_a_size_that_was_measured(outlook: Outlook) -> None:
    held = [word for word in outlook.words if word.said]
    assert held
    for week in range(3, outlook.most_stories + 1):
        for fresh in range(week + 1):
            chance = float(TRUE.probability(week, fresh))
            word = next(word for word in outlook.words if chance <= word.high)
            assert outlook.of(week, fresh) == (pytest.approx(chance) if word.said else None)
    assert outlook.of(outlook.most_stories + 1, 0) is None
    silent = outlook.model_copy(update={"words": tuple(word.model_copy(update={"said": False}) for word in outlook.words)})
    assert not silent.speaks
    assert silent.of(5, 1) is None


def test_a_short_replay_teaches_nothing(relived: tuple[Watch, Store, Relived]) -> None:
    assert calibrate(relived[2], date(2027, 1, 1)) is None


def test_a_watchs_own_is_kept_and_comes_first_once_it_is_over(relived: tuple[Watch, Store, Relived], tmp_path: Path) -> None:
    watch, _, found = relived
    mine = elsewhere(watch, tmp_path)
    activity = rows(topics=90)[["day", "stories_7d", "stories_3d"]].assign(subject="essai", topic_id="t")
    activity["topic_id"] += [str(number) for number in range(len(activity))]
    period = type(found.period)(START, START + timedelta(days=99), found.period.timezone)
    truth = (Event("contamination", "essai", CRISIS, LAST, EventKind.CRISIS),)
    long = Relived(mine, period, found.signals, found.journal, activity, truth)
    made = calibrate(long, date(2022, 5, 1))
    assert made is not None
    assert made.outlook is not None
    # Each topic was spoken of on one day only: nothing grew, and nothing is said but how improbable it is.
    assert {word.high for word in made.outlook.words if word.said} <= {0.05}
    assert calibrations(mine, date(2030, 1, 1)) == (shipped(),)
    keep_own(mine, made)
    assert calibrations(mine, period.last) == (shipped(),)
    assert calibrations(mine, period.last + timedelta(days=1)) == (made, shipped())
    next(tmp_path.rglob("calibration.json")).write_text("{}", encoding="utf-8")
    with pytest.raises(UsageError, match="no calibration of this version"):
        calibrations(mine, date(2030, 1, 1))


def test_what_the_alarms_are_worth_is_told_of_labelled_events_only(relived: tuple[Watch, Store, Relived]) -> None:
    found = relived[2]
    crisis = Event("contamination", "essai", CRISIS, LAST, EventKind.CRISIS)
    judged = worth("essai", Relived(found.watch, found.period, found.signals, found.journal, found.activity, (crisis,)))
    assert (judged.first, judged.last, judged.subjects) == (FIRST, LAST, 2)
    assert (judged.crises, judged.found, judged.ordinary_weeks) == (1, 1, 0)
    blind = worth("essai", found)
    assert (blind.crises, blind.found, blind.false_alarms, blind.ordinary_weeks) == (None, None, None, None)


def test_a_calibration_comes_back_as_it_was(outlook: Outlook) -> None:
    kept = Calibration(made_on=START, own=True, thresholds={"min_stories": 3}, replays=(), outlook=outlook)
    assert Calibration.model_validate_json(kept.text()) == kept
    assert isinstance(outlook.growth, Growth)
