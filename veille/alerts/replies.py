"""What a mail says in answer to an alert: who takes note of which signal, or decides what. Mails are hostile input.

A reply counts when it carries the code of a signal, comes from the address of a person of watch.yml, was not written by a
machine, and begins with one of few words. Everything else is refused with its reason.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses
from enum import StrEnum

from lxml import html as lxml_html

from veille.alerts.flatten import flat
from veille.folding import fold_text
from veille.watch import Person, Watch

LONGEST_MAIL = 1_000_000
"""Bytes of a mail that are looked at."""
_ADDRESS = re.compile(r"[^\s<>,;:\"()]+@[^\s<>,;:\"()]+")
_NOTE_LENGTH = 500
_CODE = re.compile(r"\bV-[A-Z2-7]{8}\b", re.IGNORECASE)
_ACKNOWLEDGED = re.compile(
    r"(?:ok|okay|vu|lu|ack|recu|bien recu|bien note|note|pris en compte|pris en charge|je prends|d'accord|seen|noted|received"
    r"|acknowledged|on it)(?=$|[\s.,;:!…-])(?!\s+que\b)"
)
_DECIDED = re.compile(r"\s*(?:d[ée]cision|decided|decision)\s*[:：]\s*(?P<words>.+)", re.IGNORECASE | re.DOTALL)
_AWAY = re.compile(
    r"\b(?:reponse automatique|absence du bureau|absent du bureau|message d'absence|automatic reply"
    r"|auto(?:matic)?[ -]?response|out of office|autoreply)\b"
)
_QUOTED_FROM = re.compile(
    r"^\s*(?:>|-{2,}\s*(?:original message|message d.origine|message transf|forwarded)|_{10,}\s*$|-- ?$"
    r"|(?:le|on)\s.{6,200}(?:a [ée]crit|wrote)\s*:?\s*$|(?:de|from)\s*:\s.+@|envoy[ée] de mon |sent from my )",
    re.IGNORECASE,
)


class Verb(StrEnum):
    """What a reply does."""

    ACKNOWLEDGE = "acknowledge"
    DECIDE = "decide"


@dataclass(frozen=True, slots=True)
class Reply:
    """What a mail was taken for.

    Parameters
    ----------
    verb
        What it does; None where it does nothing.
    signal_id, person, words
        About which signal, who, and the words of a decision or a note.
    refused
        Why it does nothing, in a sentence without the sender's address; empty where nobody need know.
    """

    verb: Verb | None
    signal_id: str = ""
    person: Person | None = None
    words: str = ""
    refused: str = ""


def understand(raw: bytes, watch: Watch, signals: Mapping[str, str]) -> Reply:
    """Return what a mail says.

    Parameters
    ----------
    raw
        The mail as it came.
    watch
        Whose people may answer.
    signals
        Id of each signal by its code.
    """
    mail = message_from_bytes(raw[:LONGEST_MAIL], policy=policy.default)
    headers = {name: _header(mail, name) for name in ("Subject", "In-Reply-To", "References")}
    codes = {code.upper() for text in headers.values() for code in _CODE.findall(text)}
    known = sorted(codes & set(signals))
    if not codes:
        return Reply(None)
    if _by_machine(mail):
        return Reply(None, refused="")
    if len(known) != 1:
        return Reply(None, refused="a reply names no signal that is known, or several")
    signal_id = signals[known[0]]
    person = _sender(mail, watch)
    if person is None:
        return Reply(None, signal_id, refused=f"a reply about {signal_id} comes from an address of nobody in people: refused")
    if _forged(mail):
        return Reply(
            None, signal_id, refused=f"a reply about {signal_id} in the name of {person.name} did not pass the checks: refused"
        )
    words = own_words(_text(mail))
    decided = _DECIDED.match(words)
    if decided:
        return Reply(Verb.DECIDE, signal_id, person, flat(decided["words"])[:_NOTE_LENGTH])
    if _ACKNOWLEDGED.match(fold_text(words).replace("’", "'").strip()):
        return Reply(Verb.ACKNOWLEDGE, signal_id, person, flat(words)[:_NOTE_LENGTH])
    told = f"a reply of {person.name} about {signal_id} begins neither with “seen” nor with “decision:”: not understood"
    return Reply(None, signal_id, person, refused=told)


def own_words(text: str) -> str:
    """Return what somebody wrote, without the mail that is quoted below and without a signature."""
    lines: list[str] = []
    for line in text.replace("\r\n", "\n").split("\n"):
        if _QUOTED_FROM.match(line):
            break
        lines.append(line)
    return "\n".join(lines).strip()


def _header(mail: EmailMessage, name: str) -> str:
    try:
        return flat(" ".join(str(value) for value in mail.get_all(name, [])))
    except (ValueError, IndexError, AttributeError, LookupError):
        # What a stranger's header does to the parser is not a reason to stop.
        return ""


def _by_machine(mail: EmailMessage) -> bool:
    automatic = _header(mail, "Auto-Submitted").lower()
    bulk = _header(mail, "Precedence").lower() in ("bulk", "junk", "list", "auto_reply")
    marked = any(mail.get(name) is not None for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Reply", "List-Id"))
    bounced = _header(mail, "Return-Path") == "<>" or mail.get_content_type() == "multipart/report"
    said = bool(_AWAY.search(fold_text(_header(mail, "Subject"))))
    return bool((automatic and automatic != "no") or bulk or marked or bounced or said)


def _sender(mail: EmailMessage, watch: Watch) -> Person | None:
    # As it came: what the parser makes of a broken header is not what people are shown. A name that looks like another
    # address shows one sender to people and another to programs.
    written = [flat(str(value)) for name, value in mail.raw_items() if name.lower() == "from"]
    said = " ".join(written)
    senders = {address.lower() for address in [*_ADDRESS.findall(said), *(one for _, one in getaddresses([said]) if one)]}
    if len(senders) != 1 or len(written) != 1:
        return None
    sender = senders.pop()
    return next((person for person in watch.people if person.mail and person.mail.lower() == sender), None)


def _forged(mail: EmailMessage) -> bool:
    """Say whether the mail server that took it in found that the sender is not who the mail says."""
    # The first is of the last server, ours; a sender can write those below only.
    found = str((mail.get_all("Authentication-Results") or [""])[0]).lower()
    failed = re.search(r"\bdmarc\s*=\s*(?:fail|reject|quarantine)", found) or (
        re.search(r"\bspf\s*=\s*(?:fail|softfail)", found) and not re.search(r"\bdkim\s*=\s*pass", found)
    )
    return bool(failed)


def _text(mail: EmailMessage) -> str:
    try:
        body = mail.get_body(preferencelist=("plain", "html"))
        text = body.get_content() if body is not None else ""
        if body is None or not isinstance(text, str):
            return ""
        return _without_markup(text) if body.get_content_type() == "text/html" else text
    except (LookupError, ValueError, AttributeError, KeyError):
        return ""


def _without_markup(text: str) -> str:
    try:
        page = lxml_html.document_fromstring(text)
    except (ValueError, lxml_html.etree.LxmlError):
        return ""
    for quoted in page.xpath("//blockquote|//script|//style|//*[contains(@class, 'gmail_quote')]"):
        quoted.drop_tree()
    for line in page.xpath("//br|//p|//div"):
        line.tail = "\n" + (line.tail or "")
    return str(page.text_content()).strip()
