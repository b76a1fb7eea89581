"""Commands that look at what is stored."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import click

from veille.cli.answer import Answer, answering, read_watch, records
from veille.errors import UsageError
from veille.store import Store
from veille.workbook import Found, search

_DAYS_LISTED = 14


@click.command("search")
@click.argument("query")
@click.option("--from", "first", metavar="DAY", help="First local day, inclusive.")
@click.option("--to", "last", metavar="DAY", help="Last local day, inclusive.")
@answering
def search_command(watch_file: Path, query: str, first: str | None, last: str | None) -> Answer:
    """Search the stored mentions with a Lucene QUERY."""
    watch = read_watch(watch_file)
    found = search(watch, Store(watch), datetime.now(UTC), query, first=_day(first), last=_day(last))
    return Answer(f"{_lines(found)}\n{len(found.mentions)} mentions match".strip(), {"mentions": records(found.shown)})


@click.group("query")
def query_group() -> None:
    """Try queries before a watch relies on them."""


@query_group.command("try")
@click.argument("query")
@answering
def try_command(watch_file: Path, query: str) -> Answer:
    """Show what a QUERY matches: volume by day and samples."""
    watch = read_watch(watch_file)
    found = search(watch, Store(watch), datetime.now(UTC), query)
    days = [f"{day}  {count}" for day, count in found.by_day.tail(_DAYS_LISTED).items()]
    listed = f"{len(found.mentions)} mentions match; the last {len(days)} days with any:"
    text = "\n".join([listed, *days, _lines(found.samples)])
    data = {
        "matched": len(found.mentions),
        "by_day": found.by_day.to_dict(),
        "samples": records(found.samples.shown),
    }
    return Answer(text, data)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise UsageError(f"{text!r} is not a day", "write it like 2026-11-22") from error


def _lines(found: Found) -> str:
    shown = found.shown
    head = shown["title"].where(shown["title"] != "", shown["text"]).str.replace(r"\s+", " ", regex=True).str.slice(0, 100)
    return "\n".join(shown["when"] + "  " + shown["publisher"] + "  " + head)


COMMANDS = (search_command, query_group)
