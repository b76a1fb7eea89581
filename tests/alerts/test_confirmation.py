"""At level 3 and above a decision awaits a second person, who is asked once; everybody can see that it is awaited."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from click.testing import CliRunner

from tests.alerts.conftest import THURSDAY, WATCH, Mailer, Open, Run
from veille.alerts.occasions import unacknowledged, unconfirmed
from veille.alerts.recipients import person_of, seconds
from veille.alerts.tables import ALERTS, DELIVERIES, Occasion
from veille.cli import main
from veille.signals import SIGNALS, close, decide, half_decided, journal
from veille.store import Store
from veille.watch import Watch

MINUTE = timedelta(minutes=1)
COOLDOWN = timedelta(minutes=360)


def asked(store: Store) -> list[str]:
    rows = store.load(ALERTS).sort_values(["queued_at", "person"])
    return rows.loc[rows["occasion"] == Occasion.CONFIRMATION, "person"].tolist()


def words(mailer: Mailer, place: int = -1) -> str:
    body = mailer.mails[place].get_body(("plain",))
    assert body is not None
    return " ".join(body.get_content().split())


@pytest.fixture
def told(run: Run, open_signal: Open, environment: dict[str, str]) -> None:
    """Open a signal of level 4 that two people are told of."""
    open_signal(THURSDAY, 4)
    run(THURSDAY, environment)


def test_those_who_know_are_asked_once_to_confirm_what_one_decided(
    run: Run, store: Store, told: None, mailer: Mailer, environment: dict[str, str]
) -> None:
    decide(store, "s1", THURSDAY + MINUTE, "Denis Général", "Retirer les batteries, appeler jean@exemple.fr")
    before = len(mailer.mails)
    result = run(THURSDAY + 10 * MINUTE, environment)
    assert asked(store) == ["dircom"]
    assert {one["occasion"] for one in result.sent} == {"confirmation"}
    said = words(mailer)
    assert "La confirmation d’une seconde personne est attendue" in said
    assert "Denis Général a décidé : « Retirer les batteries, appeler [mail] »." in said.replace("\u202f", " ").replace(
        "\xa0", " "
    )
    assert "Carla Dircom : confirmez avant le" in said.replace("\u202f", " ").replace("\xa0", " ")
    assert "veille decide s1 --by dircom --decision …" in said
    run(THURSDAY + 20 * MINUTE, environment)
    assert len(mailer.mails) == before + 1


def test_after_the_cool_down_who_stands_in_is_asked_and_then_nobody_more(
    run: Run, store: Store, told: None, environment: dict[str, str]
) -> None:
    decide(store, "s1", THURSDAY + MINUTE, "Denis Général", "Retirer")
    first = THURSDAY + 10 * MINUTE
    run(first, environment)
    run(first + COOLDOWN - MINUTE, environment)
    assert asked(store) == ["dircom"]
    run(first + COOLDOWN, environment)
    # Nobody deputises for the general management: then anybody of the list who is there.
    assert asked(store) == ["dircom", "analyste", "chefcom"]
    for more in range(2, 6):
        run(first + more * COOLDOWN, environment)
    assert asked(store) == ["dircom", "analyste", "chefcom"]


def test_a_second_decision_ends_it_and_what_was_not_sent_is_withdrawn(
    run: Run, store: Store, told: None, mailer: Mailer, environment: dict[str, str]
) -> None:
    decide(store, "s1", THURSDAY + MINUTE, "Denis Général", "Retirer")
    mailer.rcpt = "451 later"
    run(THURSDAY + 10 * MINUTE, {"MAIL_URL": environment["MAIL_URL"]})
    decide(store, "s1", THURSDAY + 11 * MINUTE, "Carla Dircom", "Retirer")
    assert half_decided(journal(store)).empty
    mailer.rcpt = "250 OK"
    before = len(mailer.mails)
    run(THURSDAY + 20 * MINUTE, environment)
    assert len(mailer.mails) == before
    detail = store.load(DELIVERIES).query("outcome == 'withdrawn'")["detail"]
    assert detail.tolist() == ["a second person has decided"]


def test_who_has_decided_alone_is_not_said_to_have_taken_no_note(watch: Watch, store: Store, told: None) -> None:
    events, alerts, sent = journal(store), store.load(ALERTS), store.load(DELIVERIES)
    late = THURSDAY + timedelta(hours=2)
    assert len(unacknowledged(watch, late, events, alerts, sent))
    decide(store, "s1", THURSDAY + MINUTE, "Denis Général", "Retirer")
    assert unacknowledged(watch, late, journal(store), alerts, sent).empty


@pytest.mark.parametrize(("level", "people"), [(2, 0), (3, 1), (4, 1)])
def test_it_begins_at_level_3(watch: Watch, store: Store, open_signal: Open, run: Run, level: int, people: int) -> None:
    open_signal(THURSDAY, level)
    run(THURSDAY, {})
    decide(store, "s1", THURSDAY + MINUTE, "Carla Dircom", "Retirer")
    rows = unconfirmed(watch, THURSDAY + 10 * MINUTE, journal(store), store.load(ALERTS))
    assert len(rows) == people
    assert "dircom" not in set(rows["person"])


def test_one_person_alone_awaits_nobody(make_watch: Callable[[str], Watch], store: Store, open_signal: Open) -> None:
    lines = WATCH.splitlines()
    alone = [line for line in lines if not line.startswith("  - {id:") or "dircom," in line.split("name")[0] or "role" in line]
    watch = make_watch("\n".join(alone).replace(", deputy: chefcom", "").split("escalation:")[0])
    assert len(watch.people) == 1
    open_signal(THURSDAY, 4)
    decide(store, "s1", THURSDAY, "Carla Dircom", "Retirer", one_person=True)
    assert half_decided(journal(store)).empty


def test_a_signal_that_comes_back_or_is_closed_awaits_nothing_of_before(store: Store, open_signal: Open) -> None:
    open_signal(THURSDAY, 3)
    decide(store, "s1", THURSDAY + MINUTE, "Anne", "Retirer")
    assert half_decided(journal(store)).loc["s1", ["by", "note"]].tolist() == ["Anne", "Retirer"]
    # The same person again, written otherwise, is no second one.
    decide(store, "s1", THURSDAY + 2 * MINUTE, "  ANNE", "Retirer tout")
    assert half_decided(journal(store)).loc["s1", "note"] == "Retirer tout"
    close(store, "s1", THURSDAY + 3 * MINUTE, "Bruno")
    assert half_decided(journal(store)).empty
    assert len(store.load(SIGNALS)) == 1


def test_the_journal_says_what_is_awaited(watch: Watch, store: Store, open_signal: Open) -> None:
    open_signal(THURSDAY, 3)
    for text, args in (("", ()), ("", ("--json",))):
        assert text in CliRunner().invoke(main, ["journal", *args, "--watch", str(watch.file)]).output
    decide(store, "s1", THURSDAY + MINUTE, "Carla Dircom", "Retirer")
    shown = CliRunner().invoke(main, ["journal", "--watch", str(watch.file)])
    assert shown.output.splitlines()[-1].startswith("awaited: a second decision about s1, Carla Dircom decided alone on 2026-")
    said = json.loads(CliRunner().invoke(main, ["journal", "--json", "--watch", str(watch.file)]).output)
    assert [(one["signal_id"], one["by"]) for one in said["awaited"]] == [("s1", "Carla Dircom")]


def test_the_decider_is_known_by_id_name_or_mail_and_never_asked(watch: Watch) -> None:
    for by in ("dg", "Denis Général", "denis@essai.example", " DG "):
        assert person_of(watch, by) == "dg"
    assert person_of(watch, "Zoé") == "Zoé"
    day = THURSDAY.date()
    for decider in ("dg", "dircom", "chefcom", "analyste"):
        for known in (["dg", "dircom"], ["dircom"], [decider], []):
            found = [one.person for one in seconds(watch, 4, day, decider, known, [])]
            assert found
            assert decider not in found
