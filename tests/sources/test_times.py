from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import format_datetime

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from veille.sources import day_comes_first, parse_time, parse_times

NAIVE = datetime  # without offset on purpose
MOMENTS = st.datetimes(
    NAIVE(1990, 1, 1),
    NAIVE(2090, 1, 1),
    timezones=st.integers(-12 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m))),
)


def paris(text: object) -> datetime | None:
    value = parse_times(pd.Series([text], dtype="object"), "Europe/Paris").instants.iloc[0]
    return None if pd.isna(value) else value.to_pydatetime()


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-11-22T18:30:00+01:00", "2026-11-22T17:30:00"),
        ("2026-11-22T18:30:00Z", "2026-11-22T18:30:00"),
        ("2026-11-22 18:30:00 UTC", "2026-11-22T18:30:00"),
        ("3 nov. 2026", "2026-11-02T23:00:00"),
        ("3 novembre 2026 à 14h05", "2026-11-03T13:05:00"),
        ("mar. 3 nov. 2026 14:05", "2026-11-03T13:05:00"),
        ("3 NOVEMBRE 2026, 14H05", "2026-11-03T13:05:00"),
        ("15 févr. 2026", "2026-02-14T23:00:00"),
        ("03-Nov-2026 14:05:06", "2026-11-03T13:05:06"),
        ("03/11/2026 à 14h05", "2026-11-03T13:05:00"),
        ("03.11.2026", "2026-11-02T23:00:00"),
        ("23-11-2026", "2026-11-22T23:00:00"),
        ("11/23/2026 2:05 PM", "2026-11-23T13:05:00"),
        ("11/23/2026 12:05 a.m.", "2026-11-22T23:05:00"),
        ("11/11/2026", "2026-11-10T23:00:00"),
        ("2026-11-22 18:30:00 +0100", "2026-11-22T17:30:00"),
        ("2026-11-22T18:30", "2026-11-22T17:30:00"),
        ("2026-11-22", "2026-11-21T23:00:00"),
        ("20261122", "2026-11-21T23:00:00"),
        ("2026-07-22T18:30", "2026-07-22T16:30:00"),
        ("2026-10-25T02:30", "2026-10-25T00:30:00"),
        ("2026-03-29T02:30", "2026-03-29T01:00:00"),
        ("Sun, 22 Nov 2026 18:30:00 +0100", "2026-11-22T17:30:00"),
        ("Sun, 22 Nov 2026 18:30:00 GMT", "2026-11-22T18:30:00"),
        ("Sun, 22 Nov 2026 18:30:00 CET", "2026-11-22T17:30:00"),
        ("Sun, 22 Nov 2026 18:30:00 -0000", "2026-11-22T18:30:00"),
        ("Sun, 22 Nov 2026 18:30:00", "2026-11-22T17:30:00"),
        ("Tue Oct 18 21:53:25 +0000 2011", "2011-10-18T21:53:25"),
        ("22/11/2026 18:30", "2026-11-22T17:30:00"),
        ("22/11/2026 18:30:05", "2026-11-22T17:30:05"),
        ("22/11/2026 à 18h30", "2026-11-22T17:30:00"),
        ("22.11.2026", "2026-11-21T23:00:00"),
        ("1er mars 2026", "2026-02-28T23:00:00"),
        ("dimanche 22 novembre 2026 à 18h30", "2026-11-22T17:30:00"),
        (1_600_000_000, "2020-09-13T12:26:40"),
        (1_600_000_000.5, "2020-09-13T12:26:40.500000"),
        ("1600000000000", "2020-09-13T12:26:40"),
        (NAIVE(2026, 11, 22, 18, 30), "2026-11-22T17:30:00"),
        (datetime(2026, 11, 22, 18, 30, tzinfo=UTC), "2026-11-22T18:30:00"),
        (date(2026, 11, 22), "2026-11-21T23:00:00"),
    ],
)
def test_reads(text: object, instant: str) -> None:
    assert paris(text) == datetime.fromisoformat(instant).replace(tzinfo=UTC)


@pytest.mark.parametrize("blank", [None, "", "  ", "nan", "NULL", "N/A", float("nan"), pd.NaT, pd.NA])
def test_nothing_is_missing_and_not_bad(blank: object) -> None:
    times = parse_times(pd.Series([blank], dtype="object"), "UTC")
    assert times.instants.isna().all()
    assert not times.bad.any()


@pytest.mark.parametrize(
    "text",
    [
        "31 févr. 2026", "13/11/2026 14:05 PM", "3 nov. 2026 +0100",
        "yesterday", "2021", 5, True, "31/02/2026", "22/11/2026 25:00", "22/11/26", "2026-13-01", "9999-12-31", "0001-01-01",
        "Sun, 22 Nov 2026 18:30:00 XYZ", "Sun, 99 Nov 2026 18:30:00 GMT", "99999999999999999", "2026-11-22T18:30:00+99:99",
        "\ud83d", "x" * 10_000, "10/10/2026-11:00", "1e400", "à", "{}", [], "2026-11-22T18:30:00[Europe/Paris]",
    ],
)  # fmt: skip
def test_what_is_no_time_is_bad(text: object) -> None:
    times = parse_times(pd.Series([text, "2026-11-22"], dtype="object"), "UTC")
    assert times.bad.tolist() == [True, False]
    assert times.instants.isna().tolist() == [True, False]


def days(*texts: str, day_first: bool | None = None) -> tuple[list[str | None], list[bool]]:
    times = parse_times(pd.Series(texts), "UTC", day_first)
    assert not (times.unsure & ~times.bad).any()
    return [None if pd.isna(moment) else f"{moment:%m-%d}" for moment in times.instants], times.unsure.tolist()


def test_the_column_proves_whether_the_day_comes_first() -> None:
    assert days("13/11/2026", "03/11/2026 14:05", "03-11-2026") == (["11-13", "11-03", "11-03"], [False] * 3)
    assert days("2/24/2015 11:42", "2/3/2015") == (["02-24", "02-03"], [False] * 2)
    assert days("2/24/2015", "24/2/2015", "2/3/2015") == ([None, "02-24", "03-02"], [False] * 3)
    assert days("3/11/2026 à 14h05", "4/11/2026") == (["11-03", "11-04"], [False] * 2)
    assert [day_comes_first(pd.Series([text])) for text in ("13/11/2026", "11/13/2026", "3/11/2026", "45/11/2026")] == [
        True,
        False,
        None,
        None,
    ]


def test_days_and_months_are_not_guessed_where_nothing_proves_them() -> None:
    assert days("03/11/2026 14:05", "04-11-2026", "2026-11-20", "05/05/2026", "6.11.2026") == (
        [None, None, "11-20", "05-05", "11-06"],
        [True, True, False, False, False],
    )


def test_what_is_said_of_the_order_holds() -> None:
    assert days("03/11/2026", "13/11/2026", day_first=True) == (["11-03", "11-13"], [False] * 2)
    assert days("03/11/2026", "13/11/2026", day_first=False) == (["03-11", None], [False] * 2)


def test_the_index_is_kept() -> None:
    times = parse_times(pd.Series(["2026-11-22", "no", "2026-11-22"], index=[7, 3, 3]), "UTC")
    assert times.instants.index.tolist() == times.bad.index.tolist() == [7, 3, 3]
    assert len(parse_times(pd.Series([], dtype="object"), "UTC").instants) == 0


@settings(max_examples=25, deadline=None)
@given(MOMENTS)
def test_iso_8601_comes_back(moment: datetime) -> None:
    assert parse_time(moment.isoformat(), "Asia/Tokyo") == moment


@settings(max_examples=25, deadline=None)
@given(MOMENTS)
def test_rfc_822_comes_back(moment: datetime) -> None:
    assert parse_time(format_datetime(moment), "Asia/Tokyo") == moment.replace(microsecond=0)


@settings(max_examples=25, deadline=None)
@given(MOMENTS)
def test_french_times_come_back(moment: datetime) -> None:
    local = moment.astimezone(UTC).replace(second=0, microsecond=0)
    (read,) = parse_times(pd.Series([local.strftime("%d/%m/%Y %H:%M")]), "UTC", day_first=True).instants
    assert read == local


@settings(max_examples=25, deadline=None)
@given(st.one_of(st.text(max_size=40), st.floats(), st.integers(), st.booleans(), st.binary(max_size=5)))
def test_anything_is_a_time_or_bad_or_missing(value: object) -> None:
    times = parse_times(pd.Series([value], dtype="object"), "Europe/Paris")
    assert str(times.instants.dtype) == "datetime64[us, UTC]"
    assert not (times.bad & times.instants.notna()).any()
