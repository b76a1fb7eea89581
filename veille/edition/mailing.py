"""An edition as a mail: page 1 in HTML with its pictures inside, a text twin, the marking in the subject."""

from __future__ import annotations

import re
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

from veille.alerts import channels
from veille.alerts.channels import Route
from veille.bulletin import Bulletin
from veille.bulletin.render import page_address
from veille.language import Language
from veille.names import level_name

MOST_BYTES = 102_000
"""Where a mail program cuts a message off (Gmail clips at 102 kB)."""
_PICTURE = re.compile(r'src="(mail-\d\.png)"')


def subject(bulletin: Bulletin) -> str:
    """Return the subject of an edition's mail: marking, state where it is no ordinary release, whose week, level."""
    edition, language = bulletin.edition, Language(bulletin.edition.language)
    week = language.say("Week {number}, {days}", number=int(edition.week[-2:]), days=language.days(edition.first, edition.last))
    state = (
        language.say("Correction")
        if edition.correction
        else language.say("Not reviewed")
        if edition.published_by is None
        else ""
    )
    level = (
        language.say("Level {level}, {name}", level=bulletin.level, name=level_name(bulletin.level, language))
        if bulletin.level is not None and edition.status == "done" and (edition.enough_data or bulletin.signals)
        else ""
    )
    told = " · ".join(part for part in (state, edition.organisation, week, level) if part)
    return f"[{bulletin.marking.value}] {told}"


def bulletin_mail(
    bulletin: Bulletin, folder: Path, route: Route, *, outgoing_id: str, at: datetime, references: str = ""
) -> EmailMessage:
    """Return the mail of an edition to one reader.

    Parameters
    ----------
    bulletin
        The bulletin of the edition in the language of the reader.
    folder
        Folder of its run, where `mail.html`, `mail.txt` and the pictures are.
    route
        Mail channel to the reader.
    outgoing_id
        Id of what is owed: the Message-ID is the same at every attempt.
    at
        When it is sent.
    references
        What all mails about this week refer to, so that a correction stands beside what it corrects.
    """
    domain = channels.domain_of(route)
    edition = bulletin.edition
    mail = channels.envelope(
        route,
        subject=subject(bulletin),
        name=edition.organisation,
        message_id=f"<{outgoing_id}@{domain}>",
        at=at,
    )
    mail["References"] = f"<{references or edition.week}.{edition.watch}@{domain}>"
    mail["List-Id"] = f"<{edition.watch}.veille.{domain}>"
    twin = f"mail.{edition.language}"
    # The main language has the plain name.
    stem = twin if (folder / f"{twin}.html").exists() else "mail"
    mail.set_content((folder / f"{stem}.txt").read_text(encoding="utf-8"), cte="quoted-printable")
    page = (folder / f"{stem}.html").read_text(encoding="utf-8")
    names = list(dict.fromkeys(_PICTURE.findall(page)))
    inside = _PICTURE.sub(lambda found: f'src="cid:{found[1]}.{outgoing_id}@{domain}"', page)
    mail.add_alternative(inside, subtype="html", cte="quoted-printable")
    # Later than the content: giving a message content takes away what it said of another.
    mail["Content-Language"] = edition.language
    body = mail.get_body(("html",))
    if body is not None:
        for name in names:
            content = (folder / name).read_bytes()
            cid = f"<{name}.{outgoing_id}@{domain}>"
            body.add_related(content, "image", "png", cid=cid, filename=name, disposition="inline")
    return mail


def card(bulletin: Bulletin) -> tuple[str, str]:
    """Return title and text of an edition's card for chats: the headline and what is asked, no verbatim."""
    edition, language = bulletin.edition, Language(bulletin.edition.language)
    asked = [
        f"{one.ask} ({one.owner}, {language.moment(one.due, edition.timezone, weekday=True)})" for one in bulletin.decisions
    ]
    note = [language.say("The analyst's word") + " " + edition.note] if edition.note else []
    changed = list(edition.correction.changes) if edition.correction else []
    address = page_address(bulletin)
    lines = [bulletin.headline, *note, *changed, *(f"- {line}" for line in asked), *([address] if address else [])]
    return subject(bulletin), "\n".join(lines)


def failure_mail(said: str, name: str, route: Route, language: Language, *, outgoing_id: str, at: datetime) -> EmailMessage:
    """Return the mail that tells of a failure: one sentence in its subject, the rest below.

    Parameters
    ----------
    said
        What is told, its first line a title.
    name
        Name of the sender where the channel gives none.
    route, outgoing_id, at
        See `bulletin_mail`.
    language
        Language of the watch.
    """
    title = said.split("\n", 1)[0]
    mail = channels.envelope(
        route, subject=f"[veille] {title}", name=name, message_id=f"<{outgoing_id}@{channels.domain_of(route)}>", at=at
    )
    mail["Importance"] = "high"
    mail.set_content(said + "\n", cte="quoted-printable")
    mail["Content-Language"] = language.code
    return mail
