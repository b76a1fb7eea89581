"""Commands by which what was gathered goes again: on request, or by its age."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime
from pathlib import Path

import click

from veille.cli.answer import Answer, answering, read_watch
from veille.errors import UsageError
from veille.privacy import Cause, Removed, erase, retain
from veille.store import Store


def _now() -> datetime:
    return datetime.now(UTC)


@click.command("erase")
@click.option("--author", metavar="HANDLE", help="All that is kept of an author, who is not taken again.")
@click.option("--mention", metavar="ID", help="One mention, and reposts of it; it is not taken again.")
@click.option("--source", metavar="ID", help="All that one source brought.")
@click.option("--by", metavar="NAME", help="Who asked for it; else who is logged in.")
@answering
def erase_command(watch_file: Path, author: str | None, mention: str | None, source: str | None, by: str | None) -> Answer:
    """Erase an author, a mention or a source from tables, files and editions, for good."""
    asked = [
        (cause, what)
        for cause, what in zip((Cause.AUTHOR, Cause.MENTION, Cause.SOURCE), (author, mention, source), strict=True)
    ]
    given = [(cause, what) for cause, what in asked if what is not None]
    if len(given) != 1:
        raise UsageError("what is to be erased is not said", "give one of --author, --mention and --source")
    watch = read_watch(watch_file)
    ((cause, what),) = given
    return _answer(erase(watch, Store(watch), cause, what, at=_now(), by=by or getpass.getuser()))


@click.command("retain")
@answering
def retain_command(watch_file: Path) -> Answer:
    """Remove what is older than `privacy.retention_days`, and what editions quote of it."""
    watch = read_watch(watch_file)
    return _answer(retain(watch, Store(watch), at=_now()))


def _answer(done: Removed) -> Answer:
    lines = [f"{done.mentions} mentions removed, {done.editions} editions changed"]
    gone, changed = done.removed, done.changed
    lines += [f"  {place}: {gone[place]} removed, {changed[place]} changed" for place in sorted(gone)]
    return Answer("\n".join(lines), {"removed": {"mentions": done.mentions, **gone}, "changed": changed})


COMMANDS = (erase_command, retain_command)
