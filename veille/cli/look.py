"""Commands that look at what is stored."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click
import pandas as pd

from veille.alerts.flatten import flat
from veille.cli.answer import Answer, answering, read_watch, records
from veille.errors import UsageError
from veille.store import Store
from veille.workbook import Trial, search, try_query

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
    lines = _lines(found.shown, named=True)
    return Answer(f"{lines}\n{len(found.mentions)} mentions match".strip(), {"mentions": records(found.shown)})


@click.group("query")
def query_group() -> None:
    """Try queries before a watch relies on them."""


@query_group.command("try")
@click.argument("query")
@answering
def try_command(watch_file: Path, query: str) -> Answer:
    """Show what a QUERY matches: volume by day, samples, the words beside it, and what each of its NOTs removes."""
    watch = read_watch(watch_file)
    trial = try_query(watch, Store(watch), datetime.now(UTC), query)
    return Answer(told(trial), trial_data(trial))


def told(trial: Trial) -> str:
    """Return what a query finds, for a person."""
    if not trial.stored:
        return "nothing is stored yet: run `veille gather` or `veille import` first"
    days = [f"{day}  {count}" for day, count in trial.found.by_day.tail(_DAYS_LISTED).items()]
    lines = [f"{trial.matched} of {trial.stored} mentions match; the last {len(days)} days with any:", *days]
    if len(trial.neighbours):
        near = trial.neighbours["words"] + " (" + trial.neighbours["mentions"].astype("str") + ")"
        lines += ["", "words near it, with the mentions they are in: " + ", ".join(near)]
    for removed in trial.removed:
        lines += ["", f"{removed.query} removes {removed.count} mentions" + (", such as:" if removed.count else "")]
        lines += [*(_lines(removed.samples).splitlines())]
    if trial.exact:
        lines += ["", f"{trial.exact.query} keeps {trial.exact.matched} of the {trial.matched}"]
        if trial.exact.suggested:
            lines[-1] += ": the others write it without a capital. It may be a word of the language; try this query"
    return "\n".join([*lines, "", _lines(trial.samples.shown)]).strip()


def trial_data(trial: Trial) -> dict[str, Any]:
    """Return what a query finds as `--json` has it."""
    exact = trial.exact
    return {
        "matched": trial.matched,
        "stored": trial.stored,
        "by_day": trial.found.by_day.to_dict(),
        "samples": records(trial.samples.shown),
        "neighbours": records(trial.neighbours),
        "removed": [{"query": part.query, "count": part.count, "samples": records(part.samples)} for part in trial.removed],
        "exact": {"query": exact.query, "matched": exact.matched, "suggested": exact.suggested} if exact else None,
    }


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise UsageError(f"{text!r} is not a day", "write it like 2026-11-22") from error


def _lines(shown: pd.DataFrame, *, named: bool = False) -> str:
    head = shown["title"].where(shown["title"] != "", shown["text"]).str.slice(0, 400)
    # Words of strangers: none of their signs may move the cursor of a terminal, or turn the line.
    lines = shown["when"] + "  " + shown["publisher"].map(flat) + "  " + head.map(flat).str.slice(0, 100)
    if named:
        lines += shown["named"].map(lambda names: f"\n    names {', '.join(map(flat, names))}" if names else "")
    return "\n".join(lines)


COMMANDS = (search_command, query_group)
