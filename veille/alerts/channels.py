"""The way out: addresses of channels from environment variables, understood and used by Apprise.

Mail is built here, so that a message keeps its Message-ID at every attempt, has a text and a page, and goes to one person
at a time; Apprise connects, secures and logs in.
"""

from __future__ import annotations

import logging
import re
import smtplib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

from veille.alerts.flatten import flat, unmarked
from veille.alerts.message import Message
from veille.alerts.render import SHORT_LENGTH, as_chat, as_html, as_short, as_text
from veille.errors import DeliveryError
from veille.masking import mask
from veille.watch import Person

_SHORT_BELOW = 640
"""A channel that takes fewer characters is one of short messages."""
_TWO_SHORT = 320
_REASON_LENGTH = 200


@dataclass(frozen=True)
class Route:
    """One channel to one target.

    Parameters
    ----------
    key
        Variable that holds the address, and which of its targets; what tables and messages show.
    variable
        The variable alone.
    plugin
        What Apprise made of the address; its targets are those of this route.
    """

    key: str
    variable: str
    plugin: Any

    @property
    def is_mail(self) -> bool:
        """Whether it is mail."""
        return _is_mail(self.plugin)


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of one attempt.

    Parameters
    ----------
    delivered
        Whether the channel took the message.
    detail
        Why not, masked and without addresses of channels.
    down
        Whether the channel itself could not be used: nothing else need be tried on it now.
    refused
        Whether the address was refused for good: it is tried again, and somebody else is told meanwhile.
    """

    delivered: bool
    detail: str = ""
    down: bool = False
    refused: bool = False


def routes(variable: str, person: Person | None, environment: Mapping[str, str]) -> list[Route]:
    """Return the ways to a person on a channel: one a target, so that no target gets a message twice for another's sake.

    Parameters
    ----------
    variable
        Environment variable that holds the address.
    person
        Who is told; a mail goes to this person's address where there is one, else to those of the channel.
    environment
        Where the variable is looked for.

    Raises
    ------
    DeliveryError
        The variable is not set, or Apprise does not understand it.
    """
    plugin = _plugin(variable, environment)
    if _is_mail(plugin) and person is not None and person.mail:
        plugin.targets, plugin.cc, plugin.bcc = [(flat(person.name), person.mail)], set(), set()
        return [Route(f"{variable}>{person.id}", variable, plugin)]
    targets = getattr(plugin, "targets", None)
    if not isinstance(targets, list) or len(targets) < 2:
        return [Route(variable, variable, plugin)]
    split = []
    for number, target in enumerate(targets):
        one = _plugin(variable, environment)
        one.targets = [target]
        split.append(Route(f"{variable}#{number + 1}", variable, one))
    return split


def to_address(variable: str, address: str, key: str, environment: Mapping[str, str]) -> Route:
    """Return the way of a mail channel to one address, which `key` stands for wherever the route is shown.

    Raises
    ------
    DeliveryError
        The variable is not set, Apprise does not understand it, or it is no mail channel.
    """
    plugin = _plugin(variable, environment)
    if not _is_mail(plugin):
        raise DeliveryError(f"the address in {variable} is of no mail server", "write it like mailtos://user:password@host")
    plugin.targets, plugin.cc, plugin.bcc = [(False, address)], set(), set()
    return Route(f"{variable}>{key}", variable, plugin)


def message_id(route: Route, code: str, alert_id: str) -> str:
    """Return the Message-ID of a message on a route, the same at every attempt; the empty text where it is no mail."""
    if not route.is_mail:
        return ""
    place = re.sub(r"[^A-Za-z0-9]+", "-", route.key)
    return f"<{code}.{alert_id}.{place}@{_domain(route.plugin)}>"


def send(route: Route, message: Message, *, alert_id: str, code: str, at: datetime) -> Attempt:
    """Try once to send a message; whatever goes wrong is told, never raised."""
    try:
        if route.is_mail:
            return _send_mail(route.plugin, _mail(route, message, alert_id, code, at))
        return _send_other(route.plugin, message, alert_id)
    except Exception as error:  # noqa: BLE001 - a channel is other people's code: it stops no other message
        return Attempt(False, f"{type(error).__name__}", down=True)


def envelope(route: Route, *, subject: str, name: str, message_id: str, at: datetime) -> EmailMessage:
    """Return a mail that holds nothing yet: whom it is to and from, when, and that a machine wrote it.

    Parameters
    ----------
    route
        A mail channel.
    subject
        Its subject.
    name
        Name of the sender where the channel gives none.
    message_id
        The same at every attempt.
    at
        When it is written.
    """
    plugin = route.plugin
    own_name, sender = plugin.from_addr
    to_name, to = plugin.targets[0] if plugin.targets else (False, sender)
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = flat(subject)
    mail["From"] = _address(str(own_name or name), sender)
    mail["To"] = _address(str(to_name or ""), to)
    if plugin.reply_to:
        mail["Reply-To"] = ", ".join(sorted(plugin.reply_to))
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = message_id
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    return mail


def domain_of(route: Route) -> str:
    """Return the domain that a mail channel writes from."""
    return _domain(route.plugin)


def post(route: Route, mail: EmailMessage) -> Attempt:
    """Try once to send a mail; whatever goes wrong is told, never raised."""
    try:
        return _send_mail(route.plugin, mail)
    except Exception as error:  # noqa: BLE001 - a channel is other people's code: it stops no other message
        return Attempt(False, f"{type(error).__name__}", down=True)


def tell(route: Route, title: str, text: str, key: str) -> Attempt:
    """Try once to give a short text to a channel that is no mail, under a key that tells a repetition from a new one."""
    try:
        with_title = bool(route.plugin.title_maxlen)
        body = text if with_title else f"{title}\n{text}"
        return _notify(route.plugin, unmarked(flat(title)) if with_title else "", unmarked(body), key)
    except Exception as error:  # noqa: BLE001 - a channel is other people's code: it stops no other message
        return Attempt(False, f"{type(error).__name__}", down=True)


def is_understood(variable: str, environment: Mapping[str, str]) -> bool:
    """Say whether Apprise can make a channel of what a variable holds; nothing is sent."""
    try:
        return bool(routes(variable, None, environment))
    except DeliveryError:
        return False


def _is_mail(plugin: Any) -> bool:
    from apprise.plugins.email.base import NotifyEmail

    return isinstance(plugin, NotifyEmail)


def _plugin(variable: str, environment: Mapping[str, str]) -> Any:
    value = environment.get(variable, "").strip()
    if not value:
        raise DeliveryError(f"the environment variable {variable} is not set", f"set {variable} where veille runs")
    # Late: a second of imports that only a run with something to send needs.
    import apprise

    with _silent():
        plugin = apprise.Apprise.instantiate(value, suppress_exceptions=True)
    if plugin is None:
        raise DeliveryError(
            f"the address in {variable} is of no channel that Apprise knows",
            "write it as Apprise has it, such as mailtos://user:password@example.org or json://example.org/hook",
        )
    return plugin


def _mail(route: Route, message: Message, alert_id: str, code: str, at: datetime) -> EmailMessage:
    mail = envelope(
        route,
        subject=message.subject,
        name=message.organisation,
        message_id=message_id(route, code, alert_id),
        at=at,
    )
    # All messages about one signal are one conversation.
    mail["References"] = f"<{code}@{_domain(route.plugin)}>"
    if message.urgent:
        mail["Importance"] = "high"
    mail.set_content(as_text(message), cte="quoted-printable")
    mail.add_alternative(as_html(message), subtype="html", cte="quoted-printable")
    return mail


def _address(name: str, address: str) -> Address | str:
    try:
        return Address(flat(name), addr_spec=address)
    except (ValueError, IndexError):
        return address


def _domain(plugin: Any) -> str:
    domain = str(plugin.from_addr[1]).rpartition("@")[2]
    return domain if re.fullmatch(r"[A-Za-z0-9.-]+", domain) else "veille.invalid"


def _send_mail(plugin: Any, mail: EmailMessage) -> Attempt:
    from apprise.plugins.email.smtp import AppriseSMTPController

    try:
        with (
            _heard() as heard,
            AppriseSMTPController(
                host=plugin.smtp_host,
                port=plugin.port,
                secure_mode=plugin.secure_mode,
                user=plugin.user,
                password=plugin.password,
                verify_certificate=plugin.verify_certificate,
                socket_connect_timeout=int(plugin.socket_connect_timeout),
            ) as connection,
        ):
            to = [target for _, target in plugin.targets] or [plugin.from_addr[1]]
            if connection.sendmail(plugin.from_addr[1], [*to, *plugin.cc, *plugin.bcc], mail.as_string()):
                return Attempt(True)
    except (OSError, smtplib.SMTPException, RuntimeError) as error:
        return Attempt(False, _reason(str(error) or type(error).__name__), down=True)
    said = heard[-1] if heard else "the server refused it"
    gone = "timed out" in said or "Connection" in said
    return Attempt(False, _reason(said), down=gone, refused=bool(re.search(r"\b5\d\d\b", said)))


def _send_other(plugin: Any, message: Message, alert_id: str) -> Attempt:
    length = int(plugin.body_maxlen)
    if length < _SHORT_BELOW:
        body, title = as_short(message, SHORT_LENGTH if length < _TWO_SHORT else _TWO_SHORT), ""
    else:
        body, title = as_chat(message, length), flat(message.subject) if plugin.title_maxlen else ""
    return _notify(plugin, title, body, alert_id)


def _notify(plugin: Any, title: str, body: str, key: str) -> Attempt:
    if isinstance(getattr(plugin, "headers", None), dict):
        plugin.headers["Idempotency-Key"] = key
    with _heard(logging.WARNING) as heard:
        done = plugin.notify(body=body, title=title, body_format="text")
    if done:
        return Attempt(True)
    said = heard[-1] if heard else "it did not take the message"
    return Attempt(False, _reason(said), down=True)


def _reason(said: str) -> str:
    # What a server says may name people; the address of a channel may hold its key.
    plain = re.sub(r"\S+://\S+", "[…]", said.replace("Socket Exception: ", ""))
    return mask(flat(plain))[:_REASON_LENGTH]


class _Ear(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


@contextmanager
def _heard(level: int = logging.DEBUG) -> Iterator[list[str]]:
    """Collect what Apprise logs, which is all it says of a failure; on a terminal it would show addresses."""
    logger = logging.getLogger("apprise")
    ear, before = _Ear(), (logger.level, logger.propagate)
    ear.setLevel(level)
    logger.addHandler(ear)
    logger.setLevel(level)
    logger.propagate = False
    try:
        yield ear.said
    finally:
        logger.removeHandler(ear)
        logger.setLevel(before[0])
        logger.propagate = before[1]


@contextmanager
def _silent() -> Iterator[None]:
    with _heard(logging.CRITICAL):
        yield
