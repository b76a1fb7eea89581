"""The organisation's calendars and press releases: what a gather keeps of them, and what hostile or odd ones do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veille.errors import SourceError, WatchError
from veille.gather import gather
from veille.gather.ics import parse_ics
from veille.gather.tables import CALENDAR
from veille.sources import Client
from veille.store import Store
from veille.watch import Watch, load_watch

AS_OF = datetime(2026, 11, 23, 6, tzinfo=UTC)


def ics(*events: str) -> bytes:
    body = "".join(f"BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\n" for event in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{body}END:VCALENDAR\r\n".encode()


def days(*events: str) -> list[tuple[date, str]]:
    return list(parse_ics(ics(*events), "agenda.ics", "Europe/Paris").events)


@pytest.mark.parametrize(
    ("start", "day"),
    [
        ("DTSTART;VALUE=DATE:20261118", 18),
        ("DTSTART:20261118T233000Z", 19),
        ("DTSTART;TZID=America/New_York:20261118T200000", 19),
        ('DTSTART;TZID="Europe/Paris":20261118T003000', 18),
        ("DTSTART:20261118T090000", 18),
        ("DTSTART;TZID=W. Europe Standard Time:20261118T233000", 18),
        ("dtstart;value=date:20261118", 18),
    ],
)
def test_an_event_stands_on_its_local_day(start: str, day: int) -> None:
    assert days(f"{start}\r\nSUMMARY:Conseil") == [(date(2026, 11, day), "Conseil")]


def test_folded_lines_and_escaped_signs_are_read_as_written() -> None:
    told = "DTSTART;VALUE=DATE:20261118\r\nSUMMARY:Conseil d'admin\r\n istration\\, séance 1\\; salle \\\\A\\nà huis clos"
    assert days(told) == [(date(2026, 11, 18), "Conseil d'administration, séance 1; salle \\A à huis clos")]


def test_what_repeats_or_has_no_day_or_name_is_left_out_and_counted() -> None:
    found = parse_ics(
        ics(
            "DTSTART;VALUE=DATE:20261118\nRRULE:FREQ=WEEKLY\nSUMMARY:Réunion",
            "DTSTART;VALUE=DATE:20261118\nRDATE:20261120\nSUMMARY:Réunion",
            "DTSTART;VALUE=DATE:20261318\nSUMMARY:Mois treize",
            "DTSTART;VALUE=DATE:20261118\nSUMMARY:",
            "SUMMARY:Sans jour",
            "DTSTART;VALUE=DATE:20261119\nSTATUS:CANCELLED\nSUMMARY:Annulée",
            "DTSTART;VALUE=DATE:20261120\nSUMMARY:Tenue",
        ),
        "agenda.ics",
        "Europe/Paris",
    )
    assert found.events == ((date(2026, 11, 20), "Tenue"),)
    assert (found.repeating, found.nameless) == (2, 3)


def test_the_alarm_of_an_event_is_not_the_event() -> None:
    told = "BEGIN:VALARM\nSUMMARY:Rappel\nDTSTART:20200101T000000Z\nRRULE:FREQ=DAILY\nEND:VALARM\n"
    assert days(told + "DTSTART;VALUE=DATE:20261118\nSUMMARY:Conseil") == [(date(2026, 11, 18), "Conseil")]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "no calendar file"),
        (b"<!DOCTYPE html><title>Sign in</title>", "no calendar file"),
        ("BEGIN:VCALENDAR\nSUMMARY:é".encode("latin-1"), "not in UTF-8"),
        (b"BEGIN:VCALENDAR\n" + b" " * 5_000_001, "larger than 5 MB"),
    ],
)
def test_what_is_no_calendar_is_refused_in_one_sentence(content: bytes, what: str) -> None:
    with pytest.raises(SourceError, match=what) as raised:
        parse_ics(content, "agenda.ics", "Europe/Paris")
    assert raised.value.hint


def test_markup_and_signs_that_turn_a_line_do_not_stay_in_a_name() -> None:
    ((_, title),) = days("DTSTART;VALUE=DATE:20261118\nSUMMARY:<script>alert(1)</script><b>Conseil</b>\u202e \x00" + "a" * 500)
    assert "<" not in title
    assert "alert" not in title
    assert len(title) <= 120


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: ics(text)))
def test_no_bytes_break_the_reader(content: bytes) -> None:
    try:
        found = parse_ics(content, "agenda.ics", "Europe/Paris")
    except SourceError:
        return
    assert all(title for _, title in found.events)


@pytest.fixture
def dated(tmp_path: Path) -> Callable[[str], Watch]:
    def make(calendar: str) -> Watch:
        text = f"watch: essai\norganisation: Aquilon\nsubjects: [{{id: nous, query: aquilon}}]\ncalendar: {calendar}\n"
        (tmp_path / "watch.yml").write_text(text, encoding="utf-8")
        return load_watch(tmp_path / "watch.yml")

    return make


def kept(store: Store) -> list[tuple[str, str]]:
    rows = store.load(CALENDAR).sort_values(["day", "title"])
    return list(zip(rows["day"], rows["title"], strict=True))


def test_a_file_is_read_at_each_gather_and_what_it_says_now_stays(dated: Callable[[str], Watch], tmp_path: Path) -> None:
    watch = dated("[{ics: agenda.ics}]")
    store = Store(watch)
    (tmp_path / "agenda.ics").write_bytes(
        ics("DTSTART;VALUE=DATE:20261118\nSUMMARY:Conseil", "DTSTART;VALUE=DATE:20261120\nSUMMARY:Visite")
    )
    # No address is asked in a run that speaks of an earlier moment; a file is there anyway.
    gather(watch, store, AS_OF, fetch=False)
    assert kept(store) == [("2026-11-18", "Conseil"), ("2026-11-20", "Visite")]
    (tmp_path / "agenda.ics").write_bytes(ics("DTSTART;VALUE=DATE:20261118\nSUMMARY:Conseil"))
    gather(watch, store, AS_OF + timedelta(hours=1), fetch=False)
    assert kept(store) == [("2026-11-18", "Conseil")]
    # It was known from the first time on.
    assert store.load(CALENDAR)["seen_at"].tolist() == [AS_OF]
    (tmp_path / "agenda.ics").unlink()
    told = gather(watch, store, AS_OF + timedelta(hours=2), fetch=False)
    assert any("agenda.ics cannot be read" in warning for warning in told.warnings)
    assert kept(store) == [("2026-11-18", "Conseil")]


def test_addresses_are_asked_and_one_that_fails_leaves_what_was_known(
    dated: Callable[[str], Watch], server: Any, client: Client
) -> None:
    feed = (
        "<rss version='2.0'><channel><title>Presse</title><item><title>Aquilon ouvre la ligne de nuit</title>"
        "<link>https://aquilon.example/1</link><pubDate>Wed, 18 Nov 2026 23:30:00 GMT</pubDate></item></channel></rss>"
    )
    server.page("/agenda.ics", ics("DTSTART;VALUE=DATE:20261120\nSUMMARY:Visite", "DTSTART:20261120\nRRULE:X\nSUMMARY:Y"))
    server.page("/rss.xml", feed.encode(), Content_Type="application/rss+xml")
    watch = dated(f"[{{ics: '{server.address}/agenda.ics'}}, {{rss: '{server.address}/rss.xml'}}]")
    store = Store(watch)
    told = gather(watch, store, AS_OF, client=client)
    assert kept(store) == [("2026-11-19", "Aquilon ouvre la ligne de nuit"), ("2026-11-20", "Visite")]
    assert any("1 events that repeat: left out" in warning for warning in told.warnings)
    server.page("/agenda.ics", b"<html>Sign in</html>")
    told = gather(watch, store, AS_OF + timedelta(hours=1), client=client)
    assert any("no calendar file" in warning for warning in told.warnings)
    assert ("2026-11-20", "Visite") in kept(store)


@pytest.mark.parametrize("place", ["ftp://example.org/a.ics", "https://user:word@example.org/a.ics", "webcal:///a.ics"])
def test_an_address_that_is_none_or_holds_a_password_is_refused(dated: Callable[[str], Watch], place: str) -> None:
    with pytest.raises(WatchError, match="calendar"):
        dated(f"[{{ics: '{place}'}}]")
