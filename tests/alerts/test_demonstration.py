"""The battery crisis of the demonstration, from its first posts to its end, with a real mail server and a real mailbox."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.demo.stored import demonstration
from veille.alerts import alerts, clock
from veille.cli import main
from veille.signals import close, journal, status
from veille.store import Store
from veille.watch import Watch

from .conftest import Hook, Mailbox, Mailer, body_of

MORNING = datetime(2026, 11, 19, 6, 0, tzinfo=UTC)


def at(hour: int, minute: int = 0, day: int = 19) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@pytest.mark.slow
def test_the_battery_crisis_reaches_those_who_decide(
    tmp_path: Path, mailer: Mailer, hook: Hook, imap_server: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch, store = demonstration(tmp_path)
    watch = _with_addresses(watch)
    variables = {"MAIL_URL": mailer.url, "DIR_URL": mailer.url, "DIR_SMS_URL": hook.url, "INBOX_URL": imap_server.url}

    def run(moment: datetime):
        return alerts(watch, store, moment, clock=lambda: moment, fetch=False, environment=variables)

    quiet = run(MORNING)
    assert [one["level"] for one in quiet.sent if one["level"] >= 3] == []  # type: ignore[operator]
    before = len(mailer.mails)
    # The first post is of 06:33; with a run every ten minutes level 3 is told at 08:10 already.
    first = run(at(9))
    serious = [one for one in first.sent if one["level"] >= 3]  # type: ignore[operator]
    # The communication director, the business, and the owner of what it bears on: the shared bicycles.
    people = {str(one["person"]) for one in serious}
    assert people == {"dircom", "exploitation", "velos"}
    battery = str(serious[0]["signal_id"])
    mails = [mail for mail in mailer.mails[before:] if any(f"{person}@" in mail["To"] for person in people)]
    assert len(mails) == len(people)
    text = body_of(mails[0])
    assert "ALERTE (NIVEAU 3 SUR 4)" in text
    assert "vélo" in text.lower()
    assert len(text.splitlines()) <= 24
    # One alarm a story: ten minutes later nothing more is said.
    count = len(mailer.mails)
    again = run(at(9, 10))
    assert (again.opened, again.updated, len(mailer.mails)) == ((), (), count)
    # An answer by mail within half of the four hours: no deputy is asked.
    answer = EmailMessage()
    answer["From"], answer["To"] = "dircom@aquilon.example", "veille@aquilon.example"
    answer["Subject"], answer["In-Reply-To"] = f"Re: {mails[0]['Subject']}", mails[0]["Message-ID"]
    answer.set_content(
        "Vu, je réunis l’exploitation.\n\nLe jeu. 19 nov. 2026 à 10:00, Veille <veille@essai.example> a écrit :\n> …"
    )
    imap_server.put(answer.as_bytes(), at(9, 20))
    assert {"signal_id": battery, "act": "acknowledge", "by": "dircom"} in run(at(9, 30)).answers.acts
    # The rise to critical is told at once, on both channels, to general management.
    raised = run(at(18))
    assert battery in raised.updated
    assert {one["channel"] for one in raised.sent if one["signal_id"] == battery} >= {"DIR_URL>dg", "DIR_SMS_URL"}
    assert "critique, à qualifier" in hook.taken[0]["title"]
    # People decide from the command line, under an id and under a name; one person alone decides nothing.
    monkeypatch.chdir(watch.folder)
    acts = [("dg", "suspendre le parc"), ("Direction générale", "oui"), ("dircom", "confirmé")]
    states = []
    for by, decision in acts:
        done = CliRunner().invoke(main, ["decide", battery, "--by", by, "--decision", decision, "--json"])
        assert done.exit_code == 0, done.output
        states.append(status(journal(store)).loc[battery, "status"])
    assert states == ["acknowledged", "acknowledged", "decided"]
    close(store, battery, datetime.now(UTC), "Directrice de la communication")
    assert status(journal(store)).loc[battery, "status"] == "closed"
    told = clock(store, at(23)).set_index("signal_id").loc[battery]
    assert told["sending_to_acknowledgement_minutes"] > 0
    assert told["publication_to_sending_minutes"] > 0
    beats = CliRunner().invoke(main, ["alerts", "--heartbeat", "--as-of", "2026-11-19T18:20:00Z", "--json"])
    assert json.loads(beats.output.splitlines()[0])["alive"]


def _with_addresses(watch: Watch) -> Watch:
    people = tuple(person.model_copy(update={"mail": f"{person.id}@aquilon.example"}) for person in watch.people)
    delivery = watch.delivery.model_copy(update={"inbox": "INBOX_URL"})
    return watch.model_copy(update={"people": people, "delivery": delivery})


__all__ = ["Store"]
