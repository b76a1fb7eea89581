"""Mails as mentions: newsletters, alerts and press releases that arrive in a mailbox or lie in a folder."""

from __future__ import annotations

import email.policy
import hashlib
import mailbox
import re
from collections.abc import Iterator
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parseaddr
from pathlib import Path

from veille.errors import ImportFileError
from veille.mention import Mention, MentionKind
from veille.sources import clean, decode, parse_time, plain_text

MOST_BYTES = 30 * 1024 * 1024
"""Largest mail that is looked into, what is attached included."""
_MOST_TEXT = 500_000
_WEB = re.compile(r"https?://\S+")


def read_mail(content: bytes, source: str, source_type: str, timezone: str) -> Mention:
    """Read a mail (RFC 5322 and MIME).

    Parameters
    ----------
    content
        Its bytes.
    source, source_type
        Id and type of the source it came by.
    timezone
        IANA name of the zone of a date without offset.

    Returns
    -------
    Mention
        Subject and text; who sent it is the author, the sender's domain the publisher. What is attached is not read.

    Raises
    ------
    ImportFileError
        It is too large, is no mail, or says nothing.
    """
    if len(content) > MOST_BYTES:
        raise ImportFileError(f"the mail is larger than {MOST_BYTES >> 20} MB", "save its text without what is attached")
    try:
        message = BytesParser(_class=EmailMessage, policy=email.policy.default).parsebytes(content)
        subject, sender = _header(message, "Subject"), _header(message, "From")
        text = _text(message)
        date, native_id, link = (_header(message, name) for name in ("Date", "Message-ID", "Archived-At"))
    except Exception as error:
        # A stranger's bytes in a parser that raises whatever it meets: the mail's failure, and no defect of ours.
        raise ImportFileError(f"it cannot be read as a mail: {type(error).__name__}", "save it again as .eml") from error
    if not (sender or subject or date):
        raise ImportFileError("it is no mail: it has no sender, no subject and no date", "save it again as .eml")
    if not (subject or text):
        raise ImportFileError("the mail says nothing: no subject and no text", "what is attached is not read: save that")
    address = parseaddr(sender)[1]
    found = _WEB.search(link)
    return Mention(
        source=source,
        source_type=source_type,
        kind=MentionKind.POST.value,
        title=subject,
        text=text,
        published_at=parse_time(date, timezone),
        native_id=native_id.strip("<> ") or hashlib.sha256(content).hexdigest()[:32],
        url=found[0].rstrip(">") if found else None,
        publisher=address.rpartition("@")[2].lower() or None,
        author=address or sender or None,
    )


def mailbox_mails(path: Path) -> Iterator[bytes]:
    """Yield the bytes of the mails of an mbox file, in its order.

    Raises
    ------
    ImportFileError
        It cannot be read, or holds no mail.
    """
    empty = True
    try:
        with path.open("rb") as file:
            begins = file.read(5)
        if begins != b"From ":
            raise ImportFileError(f"{path.name} is no mailbox: it does not begin with “From ”", "save it as .mbox or .eml")
        box = mailbox.mbox(path, create=False)
        try:
            for key in box.keys():  # noqa: SIM118 - a mailbox iterates over its messages, parsed
                empty = False
                yield box.get_bytes(key)
        finally:
            box.close()
    except (OSError, mailbox.Error) as error:
        raise ImportFileError(f"{path.name} cannot be read: {error}", "give the path of a mailbox") from error
    if empty:
        raise ImportFileError(f"{path.name} holds no mail", "save it again as .mbox")


def _header(message: EmailMessage, name: str) -> str:
    return " ".join(clean(str(message.get(name) or "")).split())[:2000]


def _text(message: EmailMessage) -> str:
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    text = _decoded(payload[: 4 * _MOST_TEXT], part.get_content_charset())
    return (plain_text(text) if part.get_content_type() == "text/html" else _tidy(text))[:_MOST_TEXT]


def _decoded(payload: bytes, charset: str | None) -> str:
    try:
        return payload.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if charset and not charset.startswith(("utf-8", "utf8", "us-ascii")):
        try:
            return payload.decode(charset)
        except (LookupError, ValueError):
            pass
    return decode(payload).text


def _tidy(text: str) -> str:
    lines = (line.rstrip() for line in clean(text).replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
