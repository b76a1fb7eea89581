"""The way out against real servers that are down, slow, refuse, and come back: delivered once, in time, journal true."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd
import pytest

from veille.alerts import ALERTS, DELIVERIES
from veille.alerts import clock as times
from veille.alerts.outbox import Outbox
from veille.signals import acknowledge, close, decide, journal, status
from veille.signals.tables import Act
from veille.store import Store
from veille.watch import Absence, Watch

from .conftest import THURSDAY, Clock, Hook, Mailer, Open, Run

EVERY = timedelta(minutes=10)


def sent_events(store: Store) -> pd.DataFrame:
    events = journal(store)
    return events.loc[events["act"] == Act.SENT]


def test_an_alert_goes_out_once(run: Run, open_signal: Open, store: Store, mailer: Mailer, environment: dict[str, str]) -> None:
    open_signal(THURSDAY)
    first = run(THURSDAY, environment)
    assert (first.opened, len(first.sent), first.failed, len(first.pending), first.warnings[:0]) == (("s1",), 1, (), 0, ())
    again = run(THURSDAY + EVERY, environment)
    assert (again.opened, again.updated, again.sent, len(again.pending)) == ((), (), (), 0)
    assert [mail["To"] for mail in mailer.mails] == ["Carla Dircom <carla@essai.example>"]
    assert sent_events(store)["note"].tolist() == ["opened: dircom, MAIL_URL>dircom"]


@pytest.mark.parametrize("fault", ["down", "slow", "refusing", "greylisting", "full"])
def test_mail_server_that_fails_and_comes_back(
    fault: str, run: Run, open_signal: Open, store: Store, mailer: Mailer, environment: dict[str, str]
) -> None:
    open_signal(THURSDAY)
    match fault:
        case "down":
            mailer.stop()
        case "slow":
            mailer.delay = 3
        case "refusing":
            mailer.rcpt = "550 5.1.1 no such user carla@essai.example"
        case "greylisting":
            mailer.rcpt = "451 4.7.1 try again later"
        case "full":
            mailer.data = "452 4.2.2 mailbox full"
    for number in range(3):
        failed = run(THURSDAY + number * EVERY, environment)
        assert failed.sent == ()
        assert len(failed.failed) >= 1
        assert "dircom" in set(failed.pending["person"])
        assert sent_events(store).empty
    if fault in ("refusing", "greylisting", "full"):
        told = {"refusing": "550", "greylisting": "451", "full": "452"}[fault]
        assert any(told in str(one["why"]) for one in failed.failed)
    assert "carla@" not in "".join(store.load(DELIVERIES)["detail"])
    mailer.delay, mailer.rcpt, mailer.data = 0, "250 OK", "250 OK"
    if fault == "down":
        mailer.start()
    back = THURSDAY + 3 * EVERY
    recovered = run(back, environment)
    # The deputy is asked to stand in where the address is refused for good; who is only asked to wait comes back.
    people = {"dircom", "chefcom"} if fault == "refusing" else {"dircom"}
    assert {one["person"] for one in recovered.sent} == people
    assert (recovered.pending.empty, recovered.failed) == (True, ())
    assert run(back + EVERY, environment).sent == ()
    assert len(mailer.mails) == len(people)
    assert len({mail["Message-ID"] for mail in mailer.mails}) == len(people)
    sent = sent_events(store)
    assert set(sent["at"]) == {pd.Timestamp(back)}
    # Back within the hour that level 3 allows: delivered by the first run after it.
    alerts = store.load(ALERTS).set_index("person")
    assert sent["at"].min() <= alerts.loc["dircom", "due_at"]
    outcomes = store.load(DELIVERIES)
    assert (outcomes["outcome"] == "failed").sum() >= 3


@pytest.mark.parametrize("fault", ["down", "slow", "refusing"])
def test_web_hook_that_fails_and_comes_back(
    fault: str, run: Run, open_signal: Open, store: Store, mailer: Mailer, hook: Hook, environment: dict[str, str]
) -> None:
    open_signal(THURSDAY, 4)
    good = environment["HOOK_URL"]
    if fault == "down":
        environment["HOOK_URL"] = "json://127.0.0.1:9/hook?cto=1"
    hook.delay = 2.0 if fault == "slow" else 0.0
    hook.status = 503 if fault == "refusing" else 200
    first = run(THURSDAY, environment)
    # Level 4 takes two channels: mail took it, the hook is still owed it.
    assert {one["channel"] for one in first.sent} == {"MAIL_URL>dg", "MAIL_URL>dircom"}
    assert len(first.pending) == 2
    hook.delay, hook.status, environment["HOOK_URL"] = 0, 200, good
    second = run(THURSDAY + EVERY, environment)
    assert second.pending.empty
    assert run(THURSDAY + 2 * EVERY, environment).sent == ()
    assert len(mailer.mails) == 2
    # Both people read the same hook: it is told once.
    assert len(hook.taken) == 1
    assert "Denis Général, Carla Dircom" in hook.taken[0]["message"]
    assert hook.keys[0].startswith("a")


def test_the_next_channel_is_tried_where_one_fails(
    run: Run, open_signal: Open, watch: Watch, mailer: Mailer, hook: Hook, environment: dict[str, str]
) -> None:
    step = watch.escalation[3].model_copy(update={"via": ("MAIL_URL", "HOOK_URL")})
    changed = watch.model_copy(update={"escalation": {**watch.escalation, 3: step}})
    open_signal(THURSDAY)
    mailer.stop()
    done = run(THURSDAY, environment, of=changed)
    assert [one["channel"] for one in done.sent] == ["HOOK_URL"]
    assert done.pending.empty
    mailer.start()
    assert run(THURSDAY + EVERY, environment, of=changed).sent == ()
    assert (len(hook.taken), len(mailer.mails)) == (1, 0)


def test_another_person_is_told_where_every_channel_of_one_fails(
    run: Run, open_signal: Open, watch: Watch, mailer: Mailer, hook: Hook, environment: dict[str, str]
) -> None:
    people = [person.model_copy(update={"via": ("HOOK_URL",)}) if person.id == "chefcom" else person for person in watch.people]
    changed = watch.model_copy(update={"people": tuple(people)})
    open_signal(THURSDAY)
    mailer.stop()
    done = run(THURSDAY, environment, of=changed)
    assert [(one["person"], one["occasion"]) for one in done.sent] == [("chefcom", "undelivered")]
    assert "Carla Dircom" in hook.taken[0]["message"]
    assert set(done.pending["person"]) == {"dircom"}


def test_nothing_is_lost_when_all_fail_for_days(
    run: Run, open_signal: Open, store: Store, mailer: Mailer, hook: Hook, environment: dict[str, str]
) -> None:
    open_signal(THURSDAY, 4)
    mailer.stop()
    hook.status = 500
    for hours in (0, 1, 5, 24, 48):
        result = run(THURSDAY + timedelta(hours=hours), environment)
        assert {"dg", "dircom"} <= set(result.pending["person"])
    assert result.overdue >= 2
    assert any("should have been sent" in warning for warning in result.warnings)
    mailer.start()
    hook.status = 200
    back = run(THURSDAY + timedelta(hours=50), environment)
    assert back.pending.empty
    assert {mail["To"].split()[0] for mail in mailer.mails} >= {"Denis", "Carla"}


def test_a_run_that_dies_between_sending_and_writing_sends_again_under_the_same_id(
    run: Run, open_signal: Open, store: Store, mailer: Mailer, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    open_signal(THURSDAY)
    note = Outbox.note

    def dies(self: Outbox, store: Store, alert_id: str, route: str, at: object, outcome: str, *rest: str) -> Outbox:
        if outcome == "delivered":
            raise KeyboardInterrupt
        return note(self, store, alert_id, route, at, outcome, *rest)  # type: ignore[arg-type]

    with monkeypatch.context() as killed:
        killed.setattr(Outbox, "note", dies)
        with pytest.raises(KeyboardInterrupt):
            run(THURSDAY, environment)
    assert store.load(DELIVERIES)["outcome"].tolist() == ["started"]
    assert len(run(THURSDAY + EVERY, environment).sent) == 1
    # At least once, and every mail program shows the two as one.
    assert len(mailer.mails) == 2
    assert len({mail["Message-ID"] for mail in mailer.mails}) == 1
    assert len(sent_events(store)) == 1


def test_a_variable_that_is_not_set_or_not_understood_is_told(run: Run, open_signal: Open) -> None:
    open_signal(THURSDAY)
    missing = run(THURSDAY, {})
    assert any("MAIL_URL is not set" in warning for warning in missing.warnings)
    strange = run(THURSDAY + EVERY, {"MAIL_URL": "pigeon://secret-token"})
    assert any("no channel that Apprise knows" in warning for warning in strange.warnings)
    assert not any("secret-token" in warning for warning in strange.warnings)
    assert len(strange.pending) == 1


def test_a_mail_goes_to_each_address_of_a_channel_and_again_to_none(
    run: Run, open_signal: Open, watch: Watch, mailer: Mailer, environment: dict[str, str]
) -> None:
    people = tuple(person.model_copy(update={"mail": None}) for person in watch.people)
    changed = watch.model_copy(update={"people": people})
    environment["MAIL_URL"] = mailer.url.replace("to=boite@essai.example", "to=a@essai.example,b@essai.example")
    open_signal(THURSDAY)
    taken: list[str] = []
    mailer.data = "451 later"
    run(THURSDAY, environment, of=changed)
    mailer.data = "250 OK"
    run(THURSDAY + EVERY, environment, of=changed)
    run(THURSDAY + 2 * EVERY, environment, of=changed)
    taken = sorted(str(mail["To"]) for mail in mailer.mails)
    assert taken == ["a@essai.example", "b@essai.example"]


def test_level_3_waits_for_ring_hours_and_level_2_for_the_office(
    run: Run, open_signal: Open, mailer: Mailer, environment: dict[str, str]
) -> None:
    night = THURSDAY.replace(hour=22)  # 23:00 in Paris
    open_signal(night, 3)
    open_signal(night, 2, signal_id="s2", title="Des retards")
    assert run(night, environment).sent == ()
    assert run(night.replace(day=20, hour=5, minute=50), environment).sent == ()
    rings = run(night.replace(day=20, hour=6), environment)
    assert [one["signal_id"] for one in rings.sent] == ["s1"]
    assert rings.overdue == 0
    opens = run(night.replace(day=20, hour=8), environment)
    # By then half of the four hours has passed in which s1 was to be decided: the deputy is asked too.
    assert {(one["signal_id"], one["person"], one["occasion"]) for one in opens.sent} == {
        ("s1", "chefcom", "unacknowledged"),
        ("s2", "chefcom", "opened"),
    }


def test_level_3_reaches_at_night_who_is_on_call(
    run: Run, open_signal: Open, watch: Watch, store: Store, mailer: Mailer, environment: dict[str, str]
) -> None:
    span = Absence(first=THURSDAY.date(), last=THURSDAY.date())
    people = [person.model_copy(update={"on_call": (span,)}) if person.id == "analyste" else person for person in watch.people]
    changed = watch.model_copy(update={"people": tuple(people)})
    night = THURSDAY.replace(hour=22)
    open_signal(night, 3)
    assert [one["person"] for one in run(night, environment, of=changed).sent] == ["analyste"]
    acknowledge(store, "s1", night + EVERY, "Ana Lyste")
    assert [one["person"] for one in run(night.replace(day=20, hour=6), environment, of=changed).sent] == ["dircom"]


def test_level_4_rings_at_any_hour_on_two_channels(
    run: Run, open_signal: Open, mailer: Mailer, hook: Hook, environment: dict[str, str]
) -> None:
    night = THURSDAY.replace(day=22, hour=2)
    open_signal(night, 4)
    done = run(night, environment)
    assert {one["channel"] for one in done.sent} == {"MAIL_URL>dg", "MAIL_URL>dircom", "HOOK_URL"}
    assert "critique, à qualifier" in hook.taken[0]["title"]


def test_the_life_of_a_crisis(
    run: Run, open_signal: Open, store: Store, clock: Clock, mailer: Mailer, hook: Hook, environment: dict[str, str]
) -> None:
    """One alarm a story: told at level 3, told of the rise, not of what only goes on; a second wave is told again."""
    hour = timedelta(hours=1)
    open_signal(THURSDAY, 3)
    assert run(THURSDAY, environment).opened == ("s1",)
    open_signal(THURSDAY + EVERY, 3, act=Act.UPDATED, stories=11)
    assert run(THURSDAY + EVERY, environment).sent == ()
    open_signal(THURSDAY + hour, 4, act=Act.UPDATED, stories=30)
    raised = run(THURSDAY + hour, environment)
    assert raised.updated == ("s1",)
    assert {one["occasion"] for one in raised.sent} == {"raised"}
    open_signal(THURSDAY + 2 * hour, 3, act=Act.UPDATED)
    open_signal(THURSDAY + 3 * hour, 4, act=Act.UPDATED)
    acknowledge(store, "s1", THURSDAY + hour + EVERY, "Denis Général")
    assert run(THURSDAY + 3 * hour, environment).sent == ()
    decide(store, "s1", THURSDAY + 3 * hour, "Denis Général", "retirer le lot")
    decide(store, "s1", THURSDAY + 4 * hour, "Carla Dircom", "d’accord")
    close(store, "s1", THURSDAY + 5 * hour, "Carla Dircom")
    assert status(journal(store)).loc["s1", "status"] == "closed"
    told = times(store, THURSDAY + 6 * hour).set_index("signal_id").loc["s1"]
    assert told["publication_to_sending_minutes"] == 60
    assert told["sending_to_acknowledgement_minutes"] == 70
    assert told["decided_at"] == pd.Timestamp(THURSDAY + 4 * hour)
    count = len(mailer.mails)
    open_signal(THURSDAY + timedelta(days=20), 3, act=Act.REOPENED)
    again = run(THURSDAY + timedelta(days=20), environment)
    assert (again.opened, len(mailer.mails)) == (("s1",), count + 1)
    assert "Deuxième vague" in mailer.mails[-1].get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_a_signal_that_has_become_another_affair_is_told_again(
    run: Run, open_signal: Open, store: Store, mailer: Mailer, environment: dict[str, str]
) -> None:
    open_signal(THURSDAY, 3)
    run(THURSDAY, environment)
    acknowledge(store, "s1", THURSDAY + EVERY, "Carla Dircom")
    at = THURSDAY + 2 * EVERY
    open_signal(at, 3, act=Act.UPDATED, said="Une fuite de données, maintenant")
    changed = run(at, environment)
    assert (changed.updated, [one["occasion"] for one in changed.sent]) == (("s1",), ["changed"])
    assert "autre chose" in mailer.mails[-1].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    open_signal(at + EVERY, 3, act=Act.UPDATED, said="Une fuite de données, maintenant")
    assert run(at + EVERY, environment).sent == ()


def test_what_is_closed_while_it_goes_on_is_no_second_wave(
    run: Run, open_signal: Open, store: Store, mailer: Mailer, environment: dict[str, str]
) -> None:
    open_signal(THURSDAY, 3)
    run(THURSDAY, environment)
    close(store, "s1", THURSDAY + EVERY, "Carla Dircom", one_person=True)
    at = THURSDAY + 2 * EVERY
    open_signal(at, 3, act=Act.REOPENED)
    assert run(at, environment).sent == ()
    at += EVERY
    open_signal(at, 4, act=Act.UPDATED)
    worse = run(at, environment)
    assert {(one["person"], one["occasion"]) for one in worse.sent if one["channel"] != "HOOK_URL"} == {
        ("dg", "reopened"),
        ("dircom", "reopened"),
    }


def test_what_waits_for_the_office_is_withdrawn_when_the_signal_is_closed_or_told_better(
    run: Run, open_signal: Open, store: Store, mailer: Mailer, environment: dict[str, str]
) -> None:
    evening = THURSDAY.replace(hour=20)
    open_signal(evening, 2)
    open_signal(evening, 2, signal_id="s2")
    run(evening, environment)
    close(store, "s2", evening + EVERY, "Ana Lyste")
    morning = run(evening.replace(day=20, hour=8), environment)
    assert [one["signal_id"] for one in morning.sent] == ["s1"]
    withdrawn = store.load(DELIVERIES)
    assert withdrawn.loc[withdrawn["outcome"] == "withdrawn", "detail"].tolist() == ["the signal is closed"]


def test_nobody_acknowledges_and_the_deputy_is_told_at_half_the_limit(
    run: Run, open_signal: Open, store: Store, mailer: Mailer, environment: dict[str, str]
) -> None:
    open_signal(THURSDAY, 3)
    run(THURSDAY, environment)
    assert run(THURSDAY + timedelta(minutes=119), environment).sent == ()
    half = run(THURSDAY + timedelta(minutes=120), environment)
    assert [(one["person"], one["occasion"]) for one in half.sent] == [("chefcom", "unacknowledged")]
    assert "Carla Dircom n’a pas accusé réception" in mailer.mails[-1].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert run(THURSDAY + timedelta(minutes=130), environment).sent == ()


def test_who_acknowledged_has_no_deputy_asked(
    run: Run, open_signal: Open, store: Store, environment: dict[str, str], mailer: Mailer
) -> None:
    open_signal(THURSDAY, 3)
    run(THURSDAY, environment)
    acknowledge(store, "s1", THURSDAY + EVERY, "Carla Dircom")
    assert run(THURSDAY + timedelta(hours=3), environment).sent == ()


def test_a_competitors_crisis_goes_no_higher_than_the_head_of_communication(
    run: Run, open_signal: Open, mailer: Mailer, environment: dict[str, str]
) -> None:
    open_signal(THURSDAY, 4, subject="rivale", role="competitor")
    assert [one["person"] for one in run(THURSDAY, environment).sent] == ["chefcom"]
    assert "critique, à qualifier" in mailer.mails[0]["Subject"]
    assert "merci d’en prendre connaissance" in mailer.mails[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_press_pick_up_is_told_once_after_the_cool_down(
    run: Run, open_signal: Open, store: Store, mailer: Mailer, environment: dict[str, str]
) -> None:
    open_signal(THURSDAY, 3)
    run(THURSDAY, environment)
    acknowledge(store, "s1", THURSDAY + EVERY, "Carla Dircom")
    for hours, expected in ((1, 0), (7, 1), (8, 0)):
        at = THURSDAY + timedelta(hours=hours)
        open_signal(at, 3, act=Act.UPDATED, press_pickup_at=THURSDAY + timedelta(minutes=50))
        result = run(at, environment)
        assert len(result.sent) == expected, hours
    assert "presse" in mailer.mails[-1].get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_the_same_round_again_as_of_the_past_sends_nothing_twice(
    run: Run, open_signal: Open, mailer: Mailer, environment: dict[str, str]
) -> None:
    open_signal(THURSDAY, 3)
    run(THURSDAY + EVERY, environment)
    assert run(THURSDAY, environment).sent == ()
    assert len(mailer.mails) == 1
