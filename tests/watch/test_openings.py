from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from veille.watch import OfficeHours, TimeSpan, Watch
from veille.watch.openings import Openings, of_level, office

PARIS = ZoneInfo("Europe/Paris")
OFFICE = Openings("Europe/Paris", OfficeHours((1, 2, 3, 4, 5), TimeSpan(time(9), time(18))), "FR")

moments = st.integers(0, 600_000).map(lambda minutes: datetime(2025, 12, 1, tzinfo=UTC) + timedelta(minutes=minutes))
spans = st.timedeltas(timedelta(0), timedelta(hours=60))
openings = st.builds(
    lambda days, start, length, country, zone: Openings(
        zone, OfficeHours(tuple(sorted(days)), TimeSpan(time(start), time(min(start + length, 23), 30))), country
    ),
    st.sets(st.integers(1, 7), min_size=1),
    st.integers(0, 22),
    st.integers(0, 23),
    st.sampled_from([None, "FR", "GB"]),
    st.sampled_from(["Europe/Paris", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "UTC"]),
) | st.just(Openings("Europe/Paris"))


def paris(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=PARIS)  # type: ignore[arg-type]


@given(openings, moments, spans)
def test_never_before_and_always_open(hours: Openings, at: datetime, span: timedelta) -> None:
    end = hours.after(at, span)
    assert end >= at + span
    assert hours.opens(at) >= at
    # What is open is open now: asked again, the same.
    assert hours.opens(hours.opens(at)) == hours.opens(at)
    if hours.hours is not None:
        local = end.astimezone(ZoneInfo(hours.timezone))
        assert local.isoweekday() in hours.hours.days
        assert (
            hours.hours.span.start <= local.time() <= hours.hours.span.end
            or local.utcoffset() != (local - timedelta(hours=2)).astimezone(ZoneInfo(hours.timezone)).utcoffset()
        )


@given(openings, moments, moments, spans, spans)
def test_later_or_longer_never_ends_earlier(
    hours: Openings, one: datetime, other: datetime, short: timedelta, long: timedelta
) -> None:
    first, last = sorted([one, other])
    assert hours.after(first, short) <= hours.after(last, short)
    low, high = sorted([short, long])
    assert hours.after(one, low) <= hours.after(one, high)


@given(openings, moments, spans, spans)
def test_two_delays_after_each_other_are_one(hours: Openings, at: datetime, one: timedelta, two: timedelta) -> None:
    assume(two > timedelta(0))
    assert hours.after(hours.after(at, one), two) == hours.after(at, one + two)


@pytest.mark.parametrize(
    ("at", "hours", "end"),
    [
        (paris(2026, 11, 19, 10), 4, paris(2026, 11, 19, 14)),
        (paris(2026, 11, 19, 16), 4, paris(2026, 11, 20, 11)),
        (paris(2026, 11, 20, 17, 30), 4, paris(2026, 11, 23, 12, 30)),  # over a weekend
        (paris(2026, 11, 10, 16), 4, paris(2026, 11, 12, 11)),  # over 11 November
        (paris(2026, 12, 24, 17), 4, paris(2026, 12, 28, 12)),  # over Christmas, a Friday, and its weekend
        (paris(2026, 12, 31, 16), 24, paris(2027, 1, 6, 13)),  # over New Year
        (paris(2026, 11, 19, 3), 0, paris(2026, 11, 19, 9)),
    ],
)
def test_office_hours_in_france(at: datetime, hours: int, end: datetime) -> None:
    assert OFFICE.after(at, timedelta(hours=hours)) == end


def test_days_on_which_clocks_change_have_23_and_25_hours() -> None:
    whole = Openings("Europe/Paris", OfficeHours((7,), TimeSpan(time(0), time(12))))
    spring, autumn = paris(2026, 3, 29, 0), paris(2026, 10, 25, 0)
    assert whole.after(spring, timedelta(hours=5)).astimezone(PARIS) == paris(2026, 3, 29, 6)
    assert whole.after(autumn, timedelta(hours=5)).astimezone(PARIS) == paris(2026, 10, 25, 4)
    # Eleven hours of the shorter day; the twelfth comes a week later.
    assert whole.after(spring, timedelta(hours=11)).astimezone(PARIS) == paris(2026, 3, 29, 12)
    assert whole.after(spring, timedelta(hours=12)).astimezone(PARIS) == paris(2026, 4, 5, 1)


def test_levels_ring_as_watch_yml_says(watch: Watch) -> None:
    night = paris(2026, 11, 21, 23)  # a Saturday
    assert of_level(watch, 2).opens(night) == paris(2026, 11, 23, 9)
    assert of_level(watch, 3).opens(night) == paris(2026, 11, 22, 7)
    assert of_level(watch, 3, on_call=True).opens(night) == night
    assert of_level(watch, 4).opens(night) == night
    assert of_level(watch, 1) == office(watch)
