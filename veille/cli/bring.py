"""Commands that bring mentions in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click
import pandas as pd

from veille import gather
from veille.cli.answer import Answer, answering, read_watch, records
from veille.cli.progress import progress
from veille.errors import VeilleError
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
    return Answer(text, data, result.warnings, _failure(result.defects))


def _planned(plan: pd.DataFrame) -> Answer:
    rows = records(plan)
    lines = [
        f"{row['source']} ({row['type']}) since {row['since']}: {', '.join(row['places'])}"
        + (f"; not set: {', '.join(row['missing'])}" if row["missing"] else "; keys are set" if row["keys"] else "")
        + ("" if row["readable"] else "; nothing reads this type yet")
        for row in rows
    ]
    return Answer("\n".join([*lines, f"{len(rows)} sources would be asked; nothing was"]), {"sources": rows})


def _failure(defects: Sequence[gather.Defect]) -> VeilleError | None:
    if not defects:
        return None
    told = "; ".join(f"source {defect.source}: {defect.sentence}" for defect in defects)
    failure = VeilleError(
        f"{told}; what other sources gave is kept", "run it again with --debug for the traceback, and report it to veille"
    )
    failure.__cause__ = ExceptionGroup("defects", [defect.error for defect in defects])
    return failure


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--format", "file_format", required=True, type=click.Choice(gather.FORMATS), help="What the files are; `.gz` is accepted."
)
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
    source: str,
    mapping: tuple[str, ...],
    sheet: str | None,
    timezone: str | None,
    day_first: bool | None,
) -> Answer:
    """Bring in mentions from FILES: exports of a vendor, archives, saved feeds."""
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


COMMANDS = (gather_command, import_command)
