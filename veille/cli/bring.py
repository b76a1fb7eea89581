"""Commands that bring mentions in."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click
import pandas as pd

from veille import gather
from veille.cli.answer import Answer, answering, read_watch, records
from veille.cli.progress import progress
from veille.errors import UsageError, VeilleError
from veille.gather.adding import DEFAULT_SOURCE, Added, add
from veille.mention import MentionKind
from veille.sources import decode
from veille.store import RunKind, Store, lock


@click.command("gather")
@click.option("--dry-run", is_flag=True, help="Say what would be asked, and ask nothing.")
@answering
def gather_command(watch_file: Path, dry_run: bool) -> Answer:
    """Pull what is new from every source of the watch."""
    watch = read_watch(watch_file)
    if dry_run:
        return _planned(gather.plan(watch, Store(watch), datetime.now(UTC)))
    with lock(watch, RunKind.GATHER), progress(len(gather.asked_sources(watch))) as tell:
        result = gather.gather(watch, Store(watch), datetime.now(UTC), progress=tell)
    text = f"{result.received} mentions received, {result.new} new, {result.updated} updated, {result.refused} refused"
    data = {
        "read": result.read,
        "new": result.new,
        "updated": result.updated,
        "refused": result.refused,
        "rejects_file": str(result.rejects_file) if result.rejects_file else None,
        "warnings": list(result.warnings),
    }
    return Answer(text, data, result.warnings, failure_of(result.defects))


def _planned(plan: pd.DataFrame) -> Answer:
    rows = records(plan)
    lines = [
        f"{row['source']} ({row['type']}) since {row['since']}: {', '.join(row['places'])}"
        + (f"; not set: {', '.join(row['missing'])}" if row["missing"] else "; keys are set" if row["keys"] else "")
        + ("" if row["readable"] else "; nothing reads this type yet")
        for row in rows
    ]
    return Answer("\n".join([*lines, f"{len(rows)} sources would be asked; nothing was"]), {"sources": rows})


def failure_of(defects: Sequence[gather.Defect]) -> VeilleError | None:
    """Return what mistakes of ours at sources are told as; None where there are none."""
    if not defects:
        return None
    told = "; ".join(f"source {defect.source}: {defect.sentence}" for defect in defects)
    failure = VeilleError(
        f"{told}; what other sources gave is kept", "run it again with --debug for the traceback, and report it to veille"
    )
    failure.__cause__ = ExceptionGroup("defects", [defect.error for defect in defects])
    return failure


@click.command("import")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--format",
    "file_format",
    required=True,
    type=click.Choice([*gather.FORMATS, *gather.RECIPES]),
    help="What the files are, or whose export; `.gz` is accepted.",
)
@click.option(
    "--mapping", "recipe_file", metavar="FILE", type=click.Path(path_type=Path), help="Your own recipe of the export."
)
@click.option("--show-mapping", is_flag=True, help="Print the recipe that comes with veille, to copy and correct.")
@click.option("--source", default="import", show_default=True, help="Id of the source in watch.yml that they came from.")
@click.option(
    "--map",
    "mapping",
    multiple=True,
    metavar="FIELD=COLUMN",
    help="Field on the left: text=body, text=title+description (several columns), kind==article (fixed value).",
)
@click.option("--sheet", metavar="NAME", help="Sheet of a workbook; else the first that holds the columns, or rows.")
@click.option("--tz", "timezone", help="Zone of times without offset; else that of the watch.")
@click.option(
    "--day-first/--month-first",
    "day_first",
    default=None,
    help="Whether 03/11/2026 is 3 November or 11 March; else the files decide where they can.",
)
@answering
def import_command(
    watch_file: Path,
    files: tuple[Path, ...],
    file_format: str,
    recipe_file: Path | None,
    show_mapping: bool,
    source: str,
    mapping: tuple[str, ...],
    sheet: str | None,
    timezone: str | None,
    day_first: bool | None,
) -> Answer:
    """Bring in mentions from FILES: exports of a vendor, archives, saved feeds."""
    if show_mapping:
        if file_format not in gather.RECIPES:
            raise UsageError(f"the format {file_format} has no recipe", f"those that have: {', '.join(gather.RECIPES)}")
        text = gather.shown_recipe(file_format)
        return Answer(text.rstrip(), {"mapping": text})
    if not files:
        raise UsageError("no file is given", "veille import FILE… --format FORMAT")
    watch = read_watch(watch_file)
    with lock(watch, RunKind.GATHER):
        result = gather.import_files(
            watch,
            Store(watch),
            list(files),
            format=file_format,
            as_of=datetime.now(UTC),
            source=source,
            mapping=mapping,
            timezone=timezone,
            day_first=day_first,
            sheet=sheet,
            recipe_file=recipe_file,
        )
    text = f"{result.read} rows read, {result.new} mentions new, {result.updated} updated, {result.refused} refused"
    if result.rejects_file:
        text += f"\nrefused rows and their reasons: {result.rejects_file}"
    data = {
        "read": result.read,
        "new": result.new,
        "updated": result.updated,
        "refused": result.refused,
        "rejects_file": str(result.rejects_file) if result.rejects_file else None,
        "warnings": list(result.warnings),
    }
    return Answer(text, data, result.warnings)


@click.command("add")
@click.argument("url", required=False, default="")
@click.option("--text", default="", metavar="TEXT", help="The words themselves; - reads standard input.")
@click.option(
    "--file", "file", type=click.Path(path_type=Path), help="A text file (a transcript) or a picture (a screenshot), copied."
)
@click.option("--kind", type=click.Choice(list(MentionKind)), help="What sort of utterance it is; else what it looks like.")
@click.option("--title", default="", help="Its title; else that of the page.")
@click.option("--published", default="", metavar="TIME", help="When it was published; else what the page says.")
@click.option("--publisher", default="", help="Outlet or site; else the host of the address.")
@click.option("--author", default="", help="Who said it; kept as a pseudonym.")
@click.option("--source", default=DEFAULT_SOURCE, show_default=True, help="Id of the source in watch.yml that it counts for.")
@answering
def add_command(
    watch_file: Path,
    url: str,
    text: str,
    file: Path | None,
    kind: str | None,
    title: str,
    published: str,
    publisher: str,
    author: str,
    source: str,
) -> Answer:
    """Bring in one thing: the page at URL, or a text, a transcript, a picture of a screen; - reads standard input."""
    watch = read_watch(watch_file)
    if "-" in (url, text):
        if url == "-" and text:
            raise UsageError("two texts are given", "give one of - and --text")
        url, text = ("" if url == "-" else url), decode(sys.stdin.buffer.read()).text
        if not text.strip():
            raise UsageError("standard input is empty", "give a text to it, or with --text")
    said = Added(url, text, file, kind, title, publisher, author, published, source)
    with lock(watch, RunKind.GATHER):
        result = add(watch, Store(watch), datetime.now(UTC), said)
    done = "added" if result.new else "changed" if result.updated else "known already, and nothing has changed"
    data = {
        "read": result.read,
        "new": result.new,
        "updated": result.updated,
        "refused": result.refused,
        "rejects_file": None,
        "warnings": list(result.warnings),
    }
    return Answer(done, data, result.warnings)


COMMANDS = (gather_command, import_command, add_command)
