from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from veille.alerts.pulse import beat
from veille.doctor import Check, examine
from veille.store import Store
from veille.watch import Watch

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
HEAD = "watch: essai\norganisation: Essai\nsubjects: [{id: essai, query: essai}]\n"
MAIL = "delivery: {mail: MAIL_URL}\n"
MakeWatch = Callable[[str], Watch]


def looked(watch: Watch) -> dict[str, Check]:
    return {check.name: check for check in examine(watch.file, NOW, {})}


def test_a_watch_without_channels_tells_nobody_and_needs_nobody(make_watch: MakeWatch) -> None:
    found = looked(make_watch(HEAD))
    assert found["alerts"].ok
    assert "nobody is told" in found["alerts"].found
    assert not any(name.startswith("level 4") for name in found)


def test_a_job_that_stopped_is_told(make_watch: MakeWatch) -> None:
    watch = make_watch(HEAD + MAIL)
    assert "never" in looked(watch)["alerts"].found
    beat(Store(watch), NOW - timedelta(minutes=29), 0)
    assert looked(watch)["alerts"].ok
    beat(Store(watch), NOW - timedelta(minutes=31), 0)
    assert not looked(watch)["alerts"].ok
    beat(Store(watch), NOW - timedelta(minutes=5), 2)
    assert "2 messages could not be sent in time" in looked(watch)["alerts"].found


def test_level_4_with_one_channel_is_told(make_watch: MakeWatch) -> None:
    one = looked(make_watch(HEAD + MAIL))["level 4 general_management"]
    assert (one.ok, one.found) == (False, "1 channels")
    two = looked(make_watch(HEAD + MAIL + "escalation: {4: {via: [MAIL_URL, SMS_URL]}}\n"))
    assert two["level 4 general_management"].ok
    own = "people: [{id: dg, via: [MAIL_URL]}]\nescalation: {4: {to: [dg], via: [MAIL_URL, SMS_URL]}}\n"
    assert not looked(make_watch(HEAD + MAIL + own))["level 4 dg"].ok


def test_replies_need_addresses_and_variables_are_named(make_watch: MakeWatch) -> None:
    box = "delivery: {mail: MAIL_URL, inbox: INBOX_URL, heartbeat: PING_URL}\n"
    found = looked(make_watch(HEAD + box + "people: [{id: dg, via: [DG_URL]}]\n"))
    assert not found["replies"].ok
    assert {"variable INBOX_URL", "variable PING_URL", "variable DG_URL"} <= set(found)
    assert looked(make_watch(HEAD + box + "people: [{id: dg, mail: dg@essai.example}]\n"))["replies"].ok
