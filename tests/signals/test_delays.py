from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from veille.signals.delays import Delay, delay_of, due_at
from veille.watch.values import OfficeHours, TimeSpan

OFFICE = OfficeHours((1, 2, 3, 4, 5), TimeSpan(time(9), time(18)))
FRIDAY = datetime(2026, 11, 20, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("duty", "delay"),
    [
        ("notifier l'autorité de contrôle dans les 72 heures", Delay(72 * 60)),
        ("notify within 72 h", Delay(72 * 60)),
        ("72h", Delay(72 * 60)),
        ("without undue delay and, where feasible, not later than 72 hours", Delay(72 * 60, at_once=True)),
        ("informer sans délai, au plus tard sous vingt-quatre heures", Delay(24 * 60, at_once=True)),
        ("within two business days", Delay(2 * 1440, working_days=True)),
        ("sous quinze jours ouvrés", Delay(15 * 1440, working_days=True)),
        ("dans un délai d'un mois", Delay(30 * 1440)),
        ("publish within 2 weeks, and tell the regulator within 3 days", Delay(3 * 1440)),
        ("rendre publique dès que possible l'information", Delay(at_once=True)),
        ("as soon as possible", Delay(at_once=True)),
        ("évaluer l'exposition et consulter le comité", Delay()),
        ("une permanence 24 h/24 et 7 jours sur 7", Delay()),
        ("article 33 du règlement 2016/679", Delay()),
        ("", Delay()),
        (None, Delay()),
    ],
)
def test_the_delay_is_read_from_the_words(duty: str | None, delay: Delay) -> None:
    assert delay_of(duty) == delay


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 999), st.sampled_from([("heures", 60), ("hours", 60), ("jours", 1440), ("days", 1440), ("minutes", 1)]))
def test_any_number_of_any_unit(number: int, unit: tuple[str, int]) -> None:
    assert delay_of(f"faire dans les {number} {unit[0]}").minutes == number * unit[1]


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 10_000))
def test_hours_run_on_over_nights_and_weekends(minutes: int) -> None:
    assert due_at(Delay(minutes), FRIDAY, OFFICE, "Europe/Paris") == FRIDAY + timedelta(minutes=minutes)


def test_working_days_leave_out_the_weekend_and_end_at_midnight() -> None:
    due = due_at(Delay(2 * 1440, working_days=True), FRIDAY, OFFICE, "Europe/Paris")
    assert due is not None
    assert due.isoformat() == "2026-11-25T00:00:00+01:00"


@pytest.mark.parametrize(
    ("known", "days", "due", "without"),
    [
        # 11 November 2026 is a Wednesday.
        ("2026-11-10T10:00+01:00", 1, "2026-11-13T00:00+01:00", "2026-11-12T00:00+01:00"),
        ("2026-11-06T10:00+01:00", 3, "2026-11-13T00:00+01:00", "2026-11-12T00:00+01:00"),
        # 1 May 2026 is a Friday, before a weekend.
        ("2026-04-30T10:00+02:00", 1, "2026-05-05T00:00+02:00", "2026-05-02T00:00+02:00"),
        # 1 January 2027, a Friday too: holidays of the year in which the day lies.
        ("2026-12-31T10:00+01:00", 1, "2027-01-05T00:00+01:00", "2027-01-02T00:00+01:00"),
    ],
)
def test_working_days_leave_out_public_holidays(known: str, days: int, due: str, without: str) -> None:
    delay, at = Delay(days * 1440, working_days=True), datetime.fromisoformat(known)
    assert due_at(delay, at, OFFICE, "Europe/Paris", "FR") == datetime.fromisoformat(due)
    assert due_at(delay, at, OFFICE, "Europe/Paris") == datetime.fromisoformat(without)
    # Hours run on over holidays.
    assert due_at(Delay(72 * 60), at, OFFICE, "Europe/Paris", "FR") == at + timedelta(hours=72)


def test_without_a_number_there_is_no_hour() -> None:
    assert due_at(Delay(at_once=True), FRIDAY, OFFICE, "Europe/Paris") is None
