"""Commands for those who must act and speak: the brief of an occasion, and the situation report of a signal."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from veille.bulletin import sheets
from veille.cli.act import person_named
from veille.cli.answer import Answer, answering, read_watch
from veille.errors import UsageError
from veille.period import instant
from veille.signals import learn
from veille.signals.journal import MACHINE
from veille.store import Store
from veille.watch import Watch


def _moment(watch: Watch, as_of: str | None) -> datetime:
    return instant(as_of, watch.timezone) if as_of else datetime.now(UTC)


@click.command("brief")
@click.option("--for", "occasion", default="", metavar="OCCASION", help="What it is for, such as “plateau 18 nov.”")
@click.option("--audience", metavar="NAME", help="Who reads it, one of `audiences`; `direction` by default.")
@click.option("--as-of", metavar="TIME", help="The moment it is made for; now by default.")
@answering
def brief_command(watch_file: Path, occasion: str, audience: str | None, as_of: str | None) -> Answer:
    """Make one page for an occasion: what is said, the questions to expect, what may be said and what not."""
    watch = read_watch(watch_file)
    written = sheets.write_brief(watch, Store(watch), _moment(watch, as_of), occasion=occasion, audience=audience)
    sheet = written.sheet
    data = {
        "file": str(written.file),
        "files": [str(file) for file in written.files],
        "marking": sheet.marking,
        "level": sheet.level,
        "questions": sum(len(part.sentences) for part in sheet.parts if part.name == "questions"),
        "unchecked": sheet.gaps,
    }
    return Answer(f"{written.file}  ({sheet.marking.value})", data, sheet.gaps)


@click.command("sitrep")
@click.argument("signal_id")
@click.option("--by", default="", metavar="NAME", help="Who makes it.")
@click.option("--lesson", "lessons", multiple=True, metavar="TEXT", help="A lesson learned, kept in the journal under --by.")
@click.option("--as-of", metavar="TIME", help="The moment it is made for; now by default.")
@answering
def sitrep_command(watch_file: Path, signal_id: str, by: str, lessons: tuple[str, ...], as_of: str | None) -> Answer:
    """Make the situation report of a signal; a later one says only what changed, one of a closed signal what was learned."""
    watch = read_watch(watch_file)
    store, moment, who = Store(watch), _moment(watch, as_of), person_named(watch, by) if by.strip() else MACHINE
    if lessons and who == MACHINE:
        raise UsageError("a lesson needs the name of who has learned it", "give it with --by")
    for lesson in lessons:
        learn(store, signal_id, moment, who, lesson)
    made = sheets.write_sitrep(watch, store, moment, signal_id, by=who)
    sheet, report = made.written.sheet, made.report
    data = {
        "file": str(made.written.file),
        "files": [str(file) for file in made.written.files],
        "marking": sheet.marking,
        "kind": report.kind,
        "number": report.number,
        "level": report.level,
        "changed": made.changed,
        "next_at": report.next_at.isoformat() if report.next_at else None,
        "unchecked": sheet.gaps,
    }
    return Answer(f"{made.written.file}  ({sheet.marking.value})", data, sheet.gaps)


COMMANDS = (brief_command, sitrep_command)
