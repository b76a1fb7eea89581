"""Files that hold one mention each: a saved page, a mail, a note."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from veille.errors import ImportFileError, SourceError
from veille.gather.mails import read_mail
from veille.gather.pages import read_article
from veille.mention import Mention, MentionKind
from veille.sources import clean, decode, parse_time

MOST_BYTES = 5 * 1024 * 1024
"""Largest note that is read: a mention is a page of text, not a library."""
_KEYS = ("title", "date", "url", "author", "publisher", "kind", "language")
_HEAD = re.compile(r"\A\s*---[ \t]*\n(.{0,4000}?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_LINE = re.compile(rf"\s*({'|'.join(_KEYS)})\s*:\s*(.*?)\s*", re.IGNORECASE)
_HEADING = re.compile(r"\A\s*#\s+(.{1,300}?)\s*#*\s*(?:\n|\Z)")


def read_note(content: bytes, source: str, source_type: str, timezone: str) -> Mention:
    """Read a text or Markdown file as one mention.

    Parameters
    ----------
    content
        Its bytes. Lines `title:`, `date:`, `url:`, `author:`, `publisher:`, `kind:` and `language:` between two lines `---`
        at its head say what they name; a first heading of Markdown is a title.
    source, source_type
        Id and type of the source it came by.
    timezone
        IANA name of the zone of a date without offset.

    Raises
    ------
    ImportFileError
        It is too large, says nothing, or says a date, kind or address that is none.
    """
    if len(content) > MOST_BYTES:
        raise ImportFileError(f"it is larger than {MOST_BYTES >> 20} MB", "a text file is one mention: put tables into .csv")
    text = clean(decode(content).text).replace("\r\n", "\n").replace("\r", "\n")
    head = _HEAD.match(text)
    said: dict[str, str] = {}
    if head:
        matches = [_LINE.fullmatch(line) for line in head[1].split("\n")]
        said = {match[1].lower(): match[2].strip("\"'") for match in matches if match}
        text = text[head.end() :] if said else text
    heading = None if said.get("title") else _HEADING.match(text)
    title = said.get("title") or (heading[1] if heading else "")
    text = (text[heading.end() :] if heading else text).strip()
    if not (title or text):
        raise ImportFileError("it says nothing", "write a text into it")
    published_at = parse_time(said["date"], timezone) if said.get("date") else None
    if said.get("date") and not published_at:
        raise ImportFileError(f"its date {said['date'][:40]!r} cannot be read", "write it like 2026-11-18 14:30")
    kind = said.get("kind", MentionKind.POST.value).lower()
    if kind not in list(MentionKind):
        raise ImportFileError(f"its kind {kind[:40]!r} is none", f"write one of {', '.join(MentionKind)}")
    url = said.get("url") or None
    if url and not re.match(r"https?://[^/?#\s]", url, re.IGNORECASE):
        raise ImportFileError("its url is no web address", "write it with https://")
    language = said.get("language", "")[:2].lower()
    return Mention(
        source=source,
        source_type=source_type,
        kind=kind,
        title=title,
        text=text,
        published_at=published_at,
        url=url,
        author=said.get("author") or None,
        publisher=said.get("publisher") or None,
        language_declared=language if re.fullmatch("[a-z]{2}", language) else None,
    )


def read_saved_page(content: bytes, source: str, source_type: str, timezone: str) -> Mention:
    """Read a saved HTML page as one article.

    Raises
    ------
    ImportFileError
        It holds no article that can be read.
    """
    try:
        return read_article(content, "", timezone, place="the page").mention(source, source_type)
    except SourceError as error:
        raise ImportFileError(error.message, "save the text of the article as .txt") from error


READERS: dict[str, Callable[[bytes, str, str, str], Mention]] = {
    ".txt": read_note,
    ".md": read_note,
    ".html": read_saved_page,
    ".htm": read_saved_page,
    ".eml": read_mail,
}
"""What reads a file of one mention, by its suffix: bytes, id and type of the source, zone of the times."""


def suffix_of(path: Path) -> str:
    """Return the suffix that says what a file is, in lower case and without that of gzip."""
    parts = [part.lower() for part in path.suffixes]
    named = parts[:-1] if parts and parts[-1] == ".gz" else parts
    return named[-1] if named else ""
