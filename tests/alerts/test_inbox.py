"""Answers by mail, read from a real IMAP server: who may answer, what counts, what is refused and told."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage

import pandas as pd
import pytest

from veille.alerts.deliver import code_of
from veille.alerts.replies import Verb, own_words, understand
from veille.signals import SignalStatus, journal, status
from veille.signals.tables import Act
from veille.store import Store
from veille.watch import Watch

from .conftest import THURSDAY, Mailbox, Mailer, Open, Run, body_of

CODES = {"V-ABCDEFGH": "s1", "V-ZZZZZZZZ": "s2"}
SUBJECT = "Re: [critique, à qualifier] Essai : Des batteries [V-ABCDEFGH]"
QUOTED = "\n\nLe jeu. 19 nov. 2026 à 10:00, Veille <veille@essai.example> a écrit :\n> décision : tout retirer\n"


def mail(body: str, sender: str = "Carla <carla@essai.example>", subject: str = SUBJECT, **headers: str) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, "veille@essai.example", subject
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(body)
    return made


@pytest.mark.parametrize(
    ("body", "verb", "words"),
    [
        ("Vu" + QUOTED, Verb.ACKNOWLEDGE, "Vu"),
        ("ok, merci.\n-- \nCarla", Verb.ACKNOWLEDGE, "ok, merci."),
        ("Pris en compte, je m’en charge", Verb.ACKNOWLEDGE, "Pris en compte, je m’en charge"),
        ("REÇU", Verb.ACKNOWLEDGE, "REÇU"),
        ("bien noté", Verb.ACKNOWLEDGE, "bien noté"),
        ("ack", Verb.ACKNOWLEDGE, "ack"),
        ("Seen - on it", Verb.ACKNOWLEDGE, "Seen - on it"),
        ("Décision : retirer le lot\net prévenir la presse" + QUOTED, Verb.DECIDE, "retirer le lot et prévenir la presse"),
        ("decision: wait until noon", Verb.DECIDE, "wait until noon"),
        ("Vu que personne ne répond, je m’inquiète", None, ""),
        ("okapi", None, ""),
        ("Qui êtes-vous ?", None, ""),
        (QUOTED, None, ""),
        ("> décision : tout retirer", None, ""),
    ],
)
def test_what_a_reply_says(watch: Watch, body: str, verb: Verb | None, words: str) -> None:
    reply = understand(mail(body).as_bytes(), watch, CODES)
    assert reply.verb is verb
    assert reply.words == words
    assert bool(reply.refused) is (verb is None)
    if verb:
        assert (reply.signal_id, reply.person and reply.person.id) == ("s1", "dircom")


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        ({"sender": "pirate@ailleurs.example"}, "nobody in people"),
        ({"sender": "carla@essai.example <pirate@ailleurs.example>"}, "nobody in people"),
        ({"sender": '"carla@essai.example" <pirate@ailleurs.example>'}, "nobody in people"),
        ({"sender": "=?utf-8?q?carla=40essai.example?= <pirate@ailleurs.example>"}, "nobody in people"),
        ({"sender": "carla@essai.example\nFrom: pirate@ailleurs.example"}, "nobody in people"),
        ({"sender": "carla@essai.example, pirate@ailleurs.example"}, "nobody in people"),
        ({"subject": "Re: [V-ABCDEFGH] [V-ZZZZZZZZ]"}, "no signal that is known, or several"),
        ({"subject": "Re: [V-QQQQQQQQ]"}, "no signal that is known, or several"),
        ({"Authentication_Results": "mx.essai.example; dmarc=fail header.from=essai.example"}, "did not pass"),
        ({"Authentication_Results": "mx.essai.example; spf=softfail smtp.mailfrom=x"}, "did not pass"),
    ],
)
def test_strangers_and_forgers_are_refused_and_told(watch: Watch, headers: dict[str, str], told: str) -> None:
    sender = headers.pop("sender", "Carla <carla@essai.example>")
    raw = mail("décision : tout arrêter", "x@x.example", **headers).as_bytes().replace(b"x@x.example", sender.encode())
    reply = understand(raw, watch, CODES)
    assert reply.verb is None
    assert told in reply.refused
    assert "pirate" not in reply.refused


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "auto_reply"},
        {"X_Autoreply": "yes"},
        {"Return_Path": "<>"},
        {"List_Id": "<liste.example>"},
        {"subject": "Réponse automatique : [V-ABCDEFGH]"},
        {"subject": "Automatic reply: [V-ABCDEFGH]"},
        {"subject": "Out of office Re: [V-ABCDEFGH]"},
    ],
)
def test_absence_notes_acknowledge_nothing(watch: Watch, headers: dict[str, str]) -> None:
    reply = understand(mail("Vu. Je suis absente jusqu’à lundi.", **headers).as_bytes(), watch, CODES)
    assert (reply.verb, reply.refused) == (None, "")


def test_the_code_is_found_in_what_a_mail_answers_to(watch: Watch) -> None:
    answered = "<V-ABCDEFGH.a0123456789abcdef.MAIL-URL@essai.example>"
    reply = understand(mail("vu", subject="Re: alerte", In_Reply_To=answered).as_bytes(), watch, CODES)
    assert reply.verb is Verb.ACKNOWLEDGE
    assert understand(mail("vu", subject="Re: alerte").as_bytes(), watch, CODES).refused == ""


def test_html_alone_is_read_without_what_it_quotes(watch: Watch) -> None:
    made = mail("")
    made.set_content("<div>Vu,<br>merci</div><blockquote>décision : non</blockquote><script>x</script>", subtype="html")
    reply = understand(made.as_bytes(), watch, CODES)
    assert (reply.verb, reply.words) == (Verb.ACKNOWLEDGE, "Vu, merci")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe\x00 not a mail",
        b"From: =?utf-8?b?////?= <carla@essai.example>\nSubject: [V-ABCDEFGH]\nContent-Type: text/plain; charset=none\n\nvu",
        b"Subject: [V-ABCDEFGH]\nContent-Type: multipart/mixed\n\n--\n",
        b"From: (((((\nSubject: [V-ABCDEFGH]\n\nvu",
    ],
)
def test_broken_mails_stop_nothing(watch: Watch, raw: bytes) -> None:
    assert understand(raw, watch, CODES).verb in (None, Verb.ACKNOWLEDGE)


def test_own_words_end_where_a_mail_is_quoted() -> None:
    assert own_words("Vu\r\n\r\nDe : Veille <veille@essai.example>\r\nObjet : x\r\ndécision : y") == "Vu"
    assert own_words("a\n-----Message d’origine-----\nb") == "a"


def test_replies_acknowledge_and_two_decide(
    run: Run,
    open_signal: Open,
    store: Store,
    mailer: Mailer,
    imap_server: Mailbox,
    environment: dict[str, str],
) -> None:
    environment["INBOX_URL"] = imap_server.url
    open_signal(THURSDAY, 3)
    run(THURSDAY, environment)
    alert = mailer.mails[0]
    code = code_of(store.key, "s1")
    assert code in alert["Subject"]
    assert "Répondez à ce message" in body_of(alert)

    def put(minutes: int, body: str, sender: str, **headers: str) -> None:
        answer = mail(body, sender, f"Re: {alert['Subject']}", In_Reply_To=alert["Message-ID"], **headers)
        imap_server.put(answer.as_bytes(), THURSDAY + timedelta(minutes=minutes))

    put(2, "Je suis absente", "carla@essai.example", Auto_Submitted="auto-replied")
    put(3, "vu", "pirate@ailleurs.example")
    first = run(THURSDAY + timedelta(minutes=10), environment)
    assert first.answers.acts == ()
    assert any("nobody in people" in warning for warning in first.warnings)
    assert status(journal(store)).loc["s1", "status"] == SignalStatus.OPEN
    put(12, "Vu, je m’en occupe" + QUOTED, "Carla <carla@essai.example>")
    second = run(THURSDAY + timedelta(minutes=20), environment)
    assert second.answers.acts == ({"signal_id": "s1", "act": "acknowledge", "by": "dircom"},)
    # The stranger is told of once.
    assert not any("nobody in people" in warning for warning in second.warnings)
    put(25, "décision : retirer le lot", "carla@essai.example")
    put(26, "décision : oui, vraiment", "carla@essai.example")
    run(THURSDAY + timedelta(minutes=30), environment)
    assert status(journal(store)).loc["s1", "status"] == SignalStatus.ACKNOWLEDGED
    put(31, "décision : d’accord", "Denis <denis@essai.example>")
    run(THURSDAY + timedelta(minutes=40), environment)
    state = status(journal(store)).loc["s1"]
    assert (state["status"], state["decided_by"]) == (SignalStatus.DECIDED, "Carla Dircom, Denis Général")
    assert state["acknowledged_at"] == pd.Timestamp(THURSDAY + timedelta(minutes=12))
    events = journal(store)
    run(THURSDAY + timedelta(minutes=50), environment)
    assert len(journal(store)) == len(events)
    assert (events["act"] == Act.ACKNOWLEDGED).sum() == 1


@pytest.mark.parametrize(
    "value", ["", "imap://veille:secretword@127.0.0.1:9/INBOX", "https://secretword", "imap://[secretword", "wrong"]
)
def test_a_mailbox_that_cannot_be_read_is_told_and_stops_no_alert(
    run: Run, open_signal: Open, mailer: Mailer, imap_server: Mailbox, environment: dict[str, str], value: str
) -> None:
    address = imap_server.url.replace("p%40ss", "secretword") if value == "wrong" else value
    open_signal(THURSDAY, 3)
    result = run(THURSDAY, {**environment, "INBOX_URL": address})
    assert len(result.sent) == 1
    assert any("INBOX_URL" in warning for warning in result.warnings)
    assert not any("secretword" in warning for warning in result.warnings)
