"""A message in the form that its channel takes: mail in text and HTML, text for chats and hooks, a short message."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from veille.alerts.flatten import short_letters, unmarked
from veille.alerts.message import Message
from veille.language import Language
from veille.typography import cut

SHORT_LENGTH = 160
"""Characters of one short message."""


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined
    )
    environment.filters["host"] = lambda url: urlsplit(url).hostname or url
    return environment


_ENVIRONMENT = _environment()


def as_html(message: Message) -> str:
    """Return the page of a mail: no script, no picture, nothing that is loaded from elsewhere."""
    return _ENVIRONMENT.get_template("mail.html").render(message=message)


def as_text(message: Message, quotes_shown: int | None = None) -> str:
    """Return the message as plain text, some twenty lines, with so many of its quotations; all where None."""
    quotes: list[str] = []
    language = Language(message.language)
    for quote in message.quotes[:quotes_shown]:
        quotes += [language.say("“{words}”", words=quote.words)] if quote.words else []
        quotes += [f"  {quote.source}", *([f"  {quote.url}"] if quote.url else [])]
    lines = [
        f"{message.marking} · {message.organisation}",
        f"{message.level.upper()} · {message.occasion}",
        "",
        message.title,
        message.facts,
        "",
        *quotes,
        *([""] if quotes else []),
        *message.duties,
        message.ask,
        "",
        *message.answer,
        "",
        f"{message.clock} {message.code}",
    ]
    return "\n".join(lines) + "\n"


def as_chat(message: Message, length: int = 32_000) -> str:
    """Return the text for chats and web hooks: nothing in it is read as markup, and nobody is called by it.

    Parameters
    ----------
    message
        The message.
    length
        Most characters the channel takes: quotations are left out before what is asked is cut off.
    """
    forms = (unmarked(as_text(message, shown)) for shown in range(len(message.quotes), -1, -1))
    return next((text for text in forms if len(text) <= length), as_short(message, min(length, 2 * SHORT_LENGTH)))


def as_short(message: Message, length: int = SHORT_LENGTH) -> str:
    """Return the message in at most `length` characters of the alphabet of short messages; the code is never cut off."""
    end = short_letters(f" {message.short_due} {message.code}" if message.short_due else f" {message.code}")
    address = next((f" {quote.url}" for quote in message.quotes if quote.url), "")
    begin = short_letters(message.short)
    room = length - len(end)
    # The address is worth its place only where it leaves most of the words.
    if address and address.isascii() and len(begin[:100]) + len(address) <= room:
        end, room = address + end, room - len(address)
    words = short_letters(cut(begin, room - 3))
    return (words if words.endswith((".", "!", "?")) else f"{words}.") + end
