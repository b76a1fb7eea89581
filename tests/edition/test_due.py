"""What a schedule asks for: a late draft, a missing edition and a failed run are told once, to others than the readers."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.alerts.conftest import Mailer, body_of
from tests.edition.conftest import MONDAY, WEEK, Draft
from veille.bulletin import Bulletin
from veille.edition import due, due_at, release
from veille.edition.publish import editions_folder, runs_folder
from veille.edition.record import RunStatus
from veille.period import week
from veille.store import Store
from veille.watch import Publish, Watch

DUE = MONDAY + timedelta(hours=1)


def test_an_edition_is_due_on_the_monday_that_follows_in_the_zone_of_the_watch(released_watch: Watch) -> None:
    assert due_at(released_watch, week(WEEK, "Europe/Paris")) == datetime.fromisoformat("2026-11-23T08:30+01:00")


def test_a_draft_unreleased_at_its_hour_is_sent_to_nobody_and_told_once(
    released_watch: Watch, memory: Store, draft: Draft, mailer: Mailer
) -> None:
    environment = {"MAIL_URL": mailer.url}
    draft()
    assert due(released_watch, memory, DUE - timedelta(minutes=1), environment=environment).noticed == ()
    found = due(released_watch, memory, DUE, environment=environment)
    assert found.noticed == found.warnings
    assert len(found.noticed) == 1
    (mail,) = mailer.mails
    assert mail["X-Envelope-To"] == "exploitation@aquilon.example"
    assert "2026-W47" in mail["Subject"]
    assert "le brouillon n’a pas été publié avant le lundi 23 novembre à\xa008:30" in mail["Subject"]
    assert "veille publish 2026-W47" in body_of(mail)
    again = due(released_watch, memory, DUE + timedelta(minutes=15), environment=environment)
    assert (again.noticed, again.warnings) == ((), ())
    assert len(mailer.mails) == 1


def test_the_failure_list_hears_of_it_when_the_server_is_back(
    released_watch: Watch, memory: Store, draft: Draft, mailer: Mailer
) -> None:
    environment = {"MAIL_URL": mailer.url}
    draft()
    mailer.stop()
    assert due(released_watch, memory, DUE, environment=environment).pending
    mailer.start()
    due(released_watch, memory, DUE + timedelta(minutes=15), environment=environment)
    due(released_watch, memory, DUE + timedelta(minutes=30), environment=environment)
    assert [mail["X-Envelope-To"] for mail in mailer.mails] == ["exploitation@aquilon.example"]


def test_a_released_edition_is_late_for_nobody(released_watch: Watch, memory: Store, draft: Draft, mailer: Mailer) -> None:
    environment = {"MAIL_URL": mailer.url}
    draft()
    release(released_watch, memory, WEEK, at=MONDAY, by="Ana", environment=environment)
    # Nor is the draft of a correction: what readers have stands.
    draft(MONDAY + timedelta(minutes=5))
    assert due(released_watch, memory, DUE, environment=environment).noticed == ()
    assert all(mail["X-Envelope-To"] != "exploitation@aquilon.example" for mail in mailer.mails)


def test_an_edition_that_was_not_made_is_told_where_the_watch_had_begun(
    released_watch: Watch, memory: Store, mailer: Mailer
) -> None:
    environment = {"MAIL_URL": mailer.url}
    assert due(released_watch, memory, DUE, environment=environment).noticed == ()
    (runs_folder(released_watch) / "20261116T060000000000-2026-W46").mkdir(parents=True)
    assert "aucune n’a été faite" in due(released_watch, memory, DUE, environment=environment).noticed[0]
    assert len(mailer.mails) == 1


def test_a_failed_run_is_told_masked_and_not_once_it_was_mended(
    released_watch: Watch, memory: Store, draft: Draft, mailer: Mailer, bulletin: Bulletin
) -> None:
    environment = {"MAIL_URL": mailer.url}
    draft(status=RunStatus.FAILED)
    assert "elle a échoué" in due(released_watch, memory, MONDAY, environment=environment).noticed[0]
    (mail,) = mailer.mails
    assert mail["X-Envelope-To"] == "exploitation@aquilon.example"
    assert "jean@exemple.fr" not in body_of(mail)
    draft(MONDAY + timedelta(minutes=5), status=RunStatus.FAILED)
    draft(MONDAY + timedelta(minutes=10))
    assert due(released_watch, memory, MONDAY + timedelta(minutes=15), environment=environment).noticed == ()


def test_a_reader_who_is_refused_is_told_to_the_failure_list_without_the_address(
    released_watch: Watch, memory: Store, draft: Draft, mailer: Mailer
) -> None:
    environment = {"MAIL_URL": mailer.url}
    draft()
    mailer.rcpt = "550 no such user"
    out = release(released_watch, memory, WEEK, at=MONDAY, by="Ana", environment=environment)
    assert len(out.failed) == 2
    mailer.rcpt = "250 OK"
    mailer.data = "250 OK"
    due(released_watch, memory, MONDAY + timedelta(seconds=1), environment=environment)
    told = [mail for mail in mailer.mails if mail["X-Envelope-To"] == "exploitation@aquilon.example"]
    assert len(told) == 2
    assert "lecteur 1" in told[0]["Subject"] + told[1]["Subject"]
    assert "comite@" not in str(told[0]) + str(told[1])


@pytest.mark.parametrize("missing", ["mail", "variable"])
def test_without_a_server_what_is_owed_stays_owed_and_is_said(
    released_watch: Watch, memory: Store, draft: Draft, mailer: Mailer, missing: str
) -> None:
    draft()
    watch = released_watch
    if missing == "mail":
        watch = watch.model_copy(update={"delivery": watch.delivery.model_copy(update={"mail": None})})
    out = release(watch, memory, WEEK, at=MONDAY, by="Ana", environment={})
    assert len(out.pending) == 2
    assert any("MAIL_URL" in one or "mail server" in one for one in out.warnings)
    due(released_watch, memory, MONDAY + timedelta(hours=2), environment={"MAIL_URL": mailer.url})
    assert len(mailer.mails) == 2


def test_auto_is_never_late_once_it_is_out(released_watch: Watch, memory: Store, draft: Draft, mailer: Mailer) -> None:
    from veille.edition.release import release_unreviewed

    auto = released_watch.model_copy(
        update={"delivery": released_watch.delivery.model_copy(update={"publish": Publish.AUTO, "readers": ()})}
    )
    release_unreviewed(auto, memory, draft(), at=MONDAY, environment={})
    assert due(auto, memory, DUE, environment={"MAIL_URL": mailer.url}).noticed == ()
    assert (editions_folder(auto) / WEEK).is_symlink()
