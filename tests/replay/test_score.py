"""What alarms are worth: the rules of attribution, one by one and over anything."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from veille.replay import score
from veille.replay.truth import Event, EventKind
from veille.signals.tables import Act

DAY = date(2022, 3, 10)
SUBJECTS = ("a", "b")


def event(name: str, onset: int, end: int, subject: str = "a", kind: EventKind = EventKind.CRISIS) -> Event:
    return Event(name, subject, DAY + timedelta(days=onset), DAY + timedelta(days=end), kind)


def at(*offsets: int, subject: str = "a") -> list[tuple[str, date]]:
    return [(subject, DAY + timedelta(days=offset)) for offset in offsets]


def signals(*rows: tuple[str, int, int, float]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["signal_id", "offset", "level", "score"])
    return frame.assign(cutoff=pd.to_datetime([DAY + timedelta(days=day) for day in frame["offset"]], utc=True))


def reopened(*rows: tuple[str, int]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["signal_id", "offset"])
    frame["at"] = pd.to_datetime([DAY + timedelta(days=day) for day in frame["offset"]], utc=True)
    return frame.assign(act=str(Act.REOPENED))


def test_a_signal_alarms_once_on_the_first_day_at_level_two() -> None:
    found = score.alarms(signals(("s", 0, 1, 20), ("s", 1, 2, 40), ("s", 2, 3, 70), ("s", 3, 2, 40)), reopened())
    assert found["offset"].tolist() == [1]


def test_reopening_alarms_again_and_an_update_does_not() -> None:
    rows = signals(("s", 0, 2, 40), ("s", 1, 3, 65), ("s", 20, 2, 40), ("s", 21, 2, 40))
    assert score.alarms(rows, reopened(("s", 20)))["offset"].tolist() == [0, 20]
    assert score.alarms(rows, reopened())["offset"].tolist() == [0]


def test_reopened_below_level_two_alarms_when_it_gets_there() -> None:
    rows = signals(("s", 0, 2, 40), ("s", 20, 1, 10), ("s", 22, 2, 40))
    assert score.alarms(rows, reopened(("s", 20)))["offset"].tolist() == [0, 22]


def test_higher_thresholds_alarm_later_or_never() -> None:
    rows = signals(("s", 0, 2, 40), ("s", 1, 3, 65))
    assert score.alarms(rows, reopened(), level=3)["offset"].tolist() == [1]
    assert score.alarms(rows, reopened(), score=50)["offset"].tolist() == [1]
    assert score.alarms(rows, reopened(), level=4).empty


def test_an_alarm_belongs_from_the_onset_to_three_days_after_the_end() -> None:
    crisis = [event("c", 0, 5)]
    assert score.attributed(at(-1, 0, 5, 8, 9), crisis) == [None, "c", "c", "c", None]
    assert score.attributed(at(2, subject="b"), crisis) == [None]


def test_only_an_alarm_up_to_the_end_finds_the_crisis() -> None:
    late = score.found(at(7), [event("c", 0, 5)])[0]
    assert not late.detected
    assert late.lag_days is None
    assert score.false_episodes(at(7), [event("c", 0, 5)]) == []
    assert score.found(at(2, 4), [event("c", 0, 5)])[0].lag_days == 2


def test_of_two_crises_an_alarm_belongs_to_the_one_that_is_not_over() -> None:
    both = [event("old", 0, 5), event("new", 7, 9)]
    assert score.attributed(at(6, 7, 8), both) == ["old", "new", "new"]
    assert score.attributed(at(4), [event("one", 0, 9), event("two", 3, 3)]) == ["one"]


def test_remaining_alarms_less_than_fourteen_days_apart_are_one_episode() -> None:
    assert score.false_episodes(at(0, 13, 26), []) == [[0, 1, 2]]
    assert score.false_episodes(at(0, 14), []) == [[0], [1]]
    assert score.false_episodes([*at(0), *at(1, subject="b")], []) == [[0], [1]]


def test_an_alarm_on_what_was_no_crisis_is_false() -> None:
    window = [event("n", 0, 5, kind=EventKind.NOT_CRISIS)]
    assert score.false_episodes(at(2), window) == [[0]]
    assert score.found(at(2), window)[0].detected
    assert not score.found(at(2), [*window, event("c", 0, 5)])[0].detected


def test_recall_is_over_crises_that_begin_in_the_period() -> None:
    events = [event("before", -20, 1), event("inside", 0, 5), event("missed", 0, 5, subject="b")]
    scores = score.Scores(score.found(at(0), events), [], DAY, DAY + timedelta(days=30), 2)
    assert (scores.recall, scores.missed, scores.median_lag_days) == (0.5, ["missed"], 0.0)
    empty = score.Scores([], [], DAY, DAY, 2)
    assert (empty.recall, empty.median_lag_days, empty.missed) == (None, None, [])


def test_alarms_a_week_are_counted_by_level() -> None:
    assert score.per_week([2, 2, 3], 14) == {"2": 1.0, "3": 0.5, "4": 0.0}


offsets = st.integers(-30, 60)
alarm_days = st.lists(st.tuples(st.sampled_from(SUBJECTS), offsets.map(lambda day: DAY + timedelta(days=day))), max_size=12)
events = st.lists(
    st.tuples(st.sampled_from(SUBJECTS), offsets, st.integers(0, 20), st.sampled_from(EventKind)), max_size=6
).map(lambda rows: [event(str(n), on, on + length, subject, kind) for n, (subject, on, length, kind) in enumerate(rows)])


@settings(deadline=None)
@given(alarm_days, events)
def test_every_alarm_is_of_a_crisis_or_of_one_false_episode(days: list[tuple[str, date]], truth: list[Event]) -> None:
    of_crisis = score.attributed(days, truth)
    false = sorted(place for episode in score.false_episodes(days, truth) for place in episode)
    assert false == [place for place, name in enumerate(of_crisis) if name is None]
    for episode in score.false_episodes(days, truth):
        assert len({days[place][0] for place in episode}) == 1


@settings(deadline=None)
@given(alarm_days, events, st.tuples(st.sampled_from(SUBJECTS), offsets.map(lambda day: DAY + timedelta(days=day))))
def test_one_more_alarm_never_finds_less_nor_later(
    days: list[tuple[str, date]], truth: list[Event], more: tuple[str, date]
) -> None:
    crises = [one for one in truth if one.kind is EventKind.CRISIS]
    for before, after in zip(score.found(days, crises), score.found([*days, more], crises), strict=True):
        assert after.detected >= before.detected
        if before.lag_days is not None:
            assert after.lag_days is not None
            assert 0 <= after.lag_days <= before.lag_days


@settings(deadline=None)
@given(alarm_days, events)
def test_the_order_of_alarms_and_events_does_not_matter(days: list[tuple[str, date]], truth: list[Event]) -> None:
    other_days, other_truth = list(reversed(days)), list(reversed(truth))
    first = {one.event.event_id: (one.detected, one.first_alarm) for one in score.found(days, truth)}
    assert first == {one.event.event_id: (one.detected, one.first_alarm) for one in score.found(other_days, other_truth)}
    assert len(score.false_episodes(days, truth)) == len(score.false_episodes(other_days, other_truth))


def test_an_ordinary_week_is_one_that_no_crisis_touches() -> None:
    first, last = date(2022, 1, 1), date(2022, 2, 2)
    # Mondays 3, 10, 17, 24 January; the week of 31 January is not over. Three days after its end the crisis still counts.
    crisis = Event("c", "a", date(2022, 1, 12), date(2022, 1, 13), EventKind.CRISIS)
    calm = Event("n", "a", date(2022, 1, 3), date(2022, 1, 5), EventKind.NOT_CRISIS)
    days = [("a", date(2022, 1, 3)), ("b", date(2022, 1, 9)), ("a", date(2022, 1, 12)), ("a", date(2022, 1, 1))]
    assert score.ordinary(days, (crisis, calm), first, last) == score.Ordinary(3, 2, 2)
    longer = Event("c", "a", date(2022, 1, 12), date(2022, 1, 14), EventKind.CRISIS)
    assert score.ordinary(days, (longer,), first, last) == score.Ordinary(2, 2, 2)
    assert score.ordinary(days, (), first, first) == score.Ordinary(0, 0, 0)
