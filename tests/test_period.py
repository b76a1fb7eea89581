"""The two clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from veille.errors import UsageError
from veille.period import Period, instant, last_complete_week, published_before, week

PARIS = "Europe/Paris"


def test_a_week_runs_from_monday_to_sunday_midnight_in_its_zone() -> None:
    period = week("2026-W47", PARIS)
    assert (period.first, period.last) == (date(2026, 11, 16), date(2026, 11, 22))
    assert period.start == datetime(2026, 11, 15, 23, tzinfo=UTC)
    assert period.end == datetime(2026, 11, 22, 23, tzinfo=UTC)
    assert (period.days, period.week) == (7, "2026-W47")


def test_a_week_with_a_change_of_clock_is_an_hour_longer() -> None:
    period = week("2026-W43", PARIS)
    assert (period.end - period.start).total_seconds() == (7 * 24 + 1) * 3600


def test_iso_weeks_cross_the_year() -> None:
    assert week("2026-W53", PARIS).last == date(2027, 1, 3)
    assert week("2026-W53", PARIS).week == "2026-W53"


@pytest.mark.parametrize("name", ["2026-47", "2025-W53", "2026-W00", "W47", "2026-W047", ""])
def test_what_is_no_week_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="not an ISO week"):
        week(name, PARIS)


@pytest.mark.parametrize(
    ("as_of", "name"),
    [
        (datetime(2026, 11, 22, 22, 59, tzinfo=UTC), "2026-W46"),
        (datetime(2026, 11, 22, 23, 0, tzinfo=UTC), "2026-W47"),
        (datetime(2026, 11, 25, tzinfo=UTC), "2026-W47"),
    ],
)
def test_the_last_complete_week_is_over_in_local_time(as_of: datetime, name: str) -> None:
    assert last_complete_week(as_of, PARIS).week == name


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-22", datetime(2026, 11, 22, 23, tzinfo=UTC)),
        ("2026-11-22T18:30", datetime(2026, 11, 22, 17, 30, tzinfo=UTC)),
        ("2026-11-22T18:30Z", datetime(2026, 11, 22, 18, 30, tzinfo=UTC)),
        ("2026-07-01T18:30+05:00", datetime(2026, 7, 1, 13, 30, tzinfo=UTC)),
    ],
)
def test_times_of_the_command_line(text: str, moment: datetime) -> None:
    assert instant(text, PARIS) == moment


def test_what_is_no_time_is_refused() -> None:
    with pytest.raises(UsageError, match="not a time"):
        instant("demain", PARIS)


def test_the_cutoff_is_whichever_comes_first() -> None:
    period = week("2026-W47", PARIS)
    early = datetime(2026, 11, 20, tzinfo=UTC)
    assert published_before(early, period) == early
    assert published_before(datetime(2027, 1, 1, tzinfo=UTC), period) == period.end
    assert published_before(early, None) == early
    assert Period(period.first, period.first, PARIS).days == 1


def test_the_period_before_ends_where_this_one_begins() -> None:
    period = week("2026-W01", PARIS)
    assert period.before == week("2025-W52", PARIS)
    assert period.before.end == period.start
