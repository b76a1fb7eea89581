"""The mailbox where people answer alerts: asked at every run, read by IMAP, each mail once.

What has been seen is remembered by the mailbox's own numbers (UID), so that a mail that somebody opened elsewhere counts too,
and nothing in the mailbox is changed.
"""

from __future__ import annotations

import imaplib
import json
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

from veille.alerts.replies import LONGEST_MAIL, Verb, understand
from veille.errors import DeliveryError, VeilleError
from veille.signals import acknowledge, decide
from veille.store import Store
from veille.watch import Watch

TIMEOUT_SECONDS = 20
MAILS_A_RUN = 200
_KEY = "alerts/inbox"


@dataclass(frozen=True, slots=True)
class Answers:
    """What the mailbox said.

    Parameters
    ----------
    acts
        `signal_id`, `act` and `by` of each reply that was followed.
    refused
        Why others were not, one sentence each.
    """

    acts: tuple[dict[str, str], ...] = ()
    refused: tuple[str, ...] = ()


def read_inbox(
    watch: Watch, store: Store, as_of: datetime, environment: Mapping[str, str], codes: Mapping[str, str]
) -> Answers:
    """Follow the replies that came since the last time.

    Parameters
    ----------
    watch, store, as_of
        What is watched, its memory, and the present: later mails are left for later.
    environment
        Where the variable that `delivery.inbox` names is looked for.
    codes
        Id of each signal by its code.

    Raises
    ------
    DeliveryError
        The mailbox cannot be read.
    """
    name = watch.delivery.inbox
    if name is None:
        return Answers()
    acts: list[dict[str, str]] = []
    refused: list[str] = []
    with _mailbox(name, environment) as box:
        validity = _validity(box)
        for uid, came_at, raw in _new_mails(box, _last(store, name, validity)):
            at = min(came_at or as_of, as_of)
            try:
                reply = understand(raw, watch, codes)
                if reply.verb and reply.person:
                    one_person = len(watch.people) == 1
                    if reply.verb is Verb.DECIDE:
                        decide(store, reply.signal_id, at, reply.person.name, reply.words, one_person=one_person)
                    else:
                        acknowledge(store, reply.signal_id, at, reply.person.name, reply.words)
                    acts.append({"signal_id": reply.signal_id, "act": str(reply.verb), "by": reply.person.id})
                elif reply.refused:
                    refused.append(reply.refused)
            except VeilleError as error:
                refused.append(error.message)
            store.state.put(f"{_KEY}/{name}", json.dumps({"validity": validity, "uid": uid}))
    return Answers(tuple(acts), tuple(refused))


@contextmanager
def _mailbox(name: str, environment: Mapping[str, str]) -> Iterator[imaplib.IMAP4]:
    value = environment.get(name, "").strip()
    if not value:
        raise DeliveryError(
            f"the environment variable {name} is not set: replies are not read", f"set {name} where veille runs"
        )
    hint = f"write in {name} such as imaps://user:password@example.org/INBOX"
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        raise DeliveryError(f"{name} holds no address of a mailbox: replies are not read", hint) from None
    if parts.scheme not in ("imap", "imaps") or not parts.hostname:
        raise DeliveryError(f"{name} holds no address of a mailbox: replies are not read", hint)
    folder = unquote(parts.path.strip("/")) or "INBOX"
    box: imaplib.IMAP4 | None = None
    try:
        if parts.scheme == "imaps":
            context = ssl.create_default_context()
            box = imaplib.IMAP4_SSL(parts.hostname, port or 993, timeout=TIMEOUT_SECONDS, ssl_context=context)
        else:
            box = imaplib.IMAP4(parts.hostname, port or 143, timeout=TIMEOUT_SECONDS)
        _log_in(box, unquote(parts.username or ""), unquote(parts.password or ""))
        # Read-only: what people see in the mailbox stays theirs.
        said, _ = box.select('"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"', readonly=True)
        if said != "OK":
            raise DeliveryError(f"the mailbox in {name} has no such folder: replies are not read", hint)
        yield box
    except (imaplib.IMAP4.error, OSError) as error:
        # What a server says of a login may repeat it.
        raise DeliveryError(f"the mailbox in {name} cannot be read: {type(error).__name__}", hint) from error
    finally:
        if box is not None:
            with suppress(imaplib.IMAP4.error, OSError):
                box.logout()


def _log_in(box: imaplib.IMAP4, user: str, password: str) -> None:
    if (user + password).isascii():
        box.login(user, password)
        return
    # LOGIN takes ASCII only.
    box.authenticate("PLAIN", lambda _: f"\0{user}\0{password}".encode())


def _validity(box: imaplib.IMAP4) -> str:
    said = box.response("UIDVALIDITY")[1]
    return said[0].decode() if said and isinstance(said[0], bytes) else ""


def _last(store: Store, name: str, validity: str) -> int:
    kept = json.loads(store.state.get(f"{_KEY}/{name}") or "{}")
    return int(kept.get("uid", 0)) if kept.get("validity") == validity else 0


def _new_mails(box: imaplib.IMAP4, last: int) -> Iterator[tuple[int, datetime | None, bytes]]:
    _, found = box.uid("SEARCH", f"UID {last + 1}:*")
    # A range that begins after the last mail still gives the last mail.
    uids = sorted(int(uid) for uid in (found[0] or b"").split() if int(uid) > last)
    for uid in uids[:MAILS_A_RUN]:
        _, data = box.uid("FETCH", str(uid), f"(INTERNALDATE BODY.PEEK[]<0.{LONGEST_MAIL}>)")
        for part in data or []:
            if isinstance(part, tuple):
                yield uid, _came_at(part[0]), part[1]


def _came_at(said: bytes) -> datetime | None:
    """Return when the server took the mail in: its own clock, not the sender's."""
    moment = imaplib.Internaldate2tuple(said)
    return None if moment is None else datetime.fromtimestamp(time.mktime(moment), UTC)
