"""Timelines: lists that are read from the newest post down, because their services search by no time."""

from __future__ import annotations

from datetime import datetime

from veille.mention import Mention
from veille.sources.paging import Page
from veille.sources.source import Refused, Span

_LAST = 3


def timeline_page(read: list[Mention], refused: list[Refused], cursor: str | None, span: Span, as_of: datetime) -> Page:
    """Return one page of a timeline as the page of a span: what is outside is left out, and below it nothing more is asked.

    Parameters
    ----------
    read
        What it holds, in the order of the service.
    refused
        What of it cannot be a mention.
    cursor
        What asks for the next, older, page.
    span
        What is asked for.
    as_of
        Start of the run; a span that ends before it is a hole, and what is newer than that hole is known.
    """
    dated = [mention.published_at for mention in read if mention.published_at]
    # One post alone may be dated wrongly, or come late from another server: it must not hide those between.
    below = bool(dated) and all(moment < span.since for moment in dated[-_LAST:])
    until = span.until if span.until < as_of else None
    kept = [mention for mention in read if _within(mention.published_at, span.since, until)]
    return Page(kept, refused, None if below else cursor)


def _within(moment: datetime | None, since: datetime, until: datetime | None) -> bool:
    return moment is None or (moment >= since and (until is None or moment <= until))
