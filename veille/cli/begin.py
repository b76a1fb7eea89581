"""The command that makes a new watch: ask what is missing, find sources, try them, write, and make a first bulletin."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from veille.cli.answer import Answer, answering
from veille.cli.bring import failure_of
from veille.cli.look import told
from veille.cli.progress import progress
from veille.errors import UsageError
from veille.sources import Client, Limits
from veille.start import (
    First,
    Proposed,
    Wish,
    checked,
    find_feeds,
    first_edition,
    load_shelf,
    propose,
    proposed_query,
    refuse_existing,
    rehearse,
    watch_text,
    write_watch,
)
from veille.watch import REPORT_LANGUAGES
from veille.workbook import Trial

# A newcomer waits for this: a server that is slow now is asked again by the first gather.
_LIMITS = Limits(connect_seconds=5, read_seconds=15, total_seconds=40, attempts=1)
_NEAR_SHOWN = 20
_NEXT = """\
What to do next, in {folder}:
  1. read the draft, and look at what the query finds: veille query try 'QUERY'
  2. say in watch.yml what leadership decides and fears (strategy), and who is told (people, escalation)
  3. veille doctor, then veille schedule: a gather every hour, an edition every Monday"""


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class _Talk:
    """What is said on the way, and what `--json` will have."""

    lines: list[str] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


@click.command("init")
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option("--name", help="Name of the organisation.")
@click.option("--query", help="Which mentions are about it, in Lucene syntax.")
@click.option("--site", help="Its site, or one that writes about it: its feeds are looked for.")
@click.option("--language", type=click.Choice(REPORT_LANGUAGES), default="fr", show_default=True, help="Of reports and press.")
@click.option("--feeds", type=click.Path(path_type=Path), help="Another list of searches and feeds to propose.")
@click.option("--yes", is_flag=True, help="Ask nothing, and take every proposal.")
@click.option("--no-gather", is_flag=True, help="Stop after watch.yml is written; sources are not tried.")
@answering
def init_command(
    watch_file: Path,
    folder: Path | None,
    name: str | None,
    query: str | None,
    site: str | None,
    language: str,
    feeds: Path | None,
    yes: bool,
    no_gather: bool,
) -> Answer:
    """Make a new watch in DIR from a name and a query, and its first bulletin."""
    file = (folder / watch_file.name if folder else watch_file).absolute()
    refuse_existing(file)
    asking = not yes and sys.stdin.isatty() and sys.stderr.isatty()
    wish = checked(Wish(_given(name, "name", asking), _given(query, "query", asking, name), language))
    if site is None and asking:
        site = click.prompt("Its site (empty: none)", default="", show_default=False, err=True)
    shelf = load_shelf(feeds) if feeds else load_shelf()
    talk = _Talk()
    with Client(limits=_LIMITS) as client:
        found = find_feeds(site, client) if site else None
        sources = propose(wish, shelf, found)
        better = ""
        if not no_gather:
            with progress(len([source for source in sources if source.readable])) as tell:
                tried = rehearse(wish, sources, _now(), client, tell)
            sources, better = list(tried.sources), proposed_query(tried.trial)
            found_there = told(tried.trial) if tried.trial.stored else "they gave nothing to try the query on"
            talk.lines += [f"{tried.answered} of {len(tried.health)} sources answered.", "", found_there, ""]
            talk.warnings += [] if tried.answered else ["no source answered: is there a network?"]
            talk.data["matched"] = tried.trial.matched
    taken = better if better and (yes or (asking and _agreed(better, tried.trial))) else ""
    final = Wish(wish.name, taken or wish.query, wish.language)
    watch = write_watch(watch_text(final, sources, _now().date(), "" if taken else better), file)
    talk.lines += [f"{file}: {_counted(sources)}", f"query: {final.query}"]
    talk.lines += [f"proposed query, in the file as a comment: {better}"] if better and not taken else []
    talk.lines += [f"site: {note}" for note in (found.notes if found else ())]
    talk.data |= {
        "watch_file": str(file),
        "query": final.query,
        "proposed_query": better or None,
        "sources": [
            {"id": source.id, "type": source.type, "enabled": source.readable and not source.off, "reason": source.off or None}
            for source in sources
        ],
        "notes": list(found.notes) if found else [],
    }
    failure = None
    if not no_gather:
        with progress(len([source for source in sources if source.readable and not source.off])) as tell:
            first = first_edition(watch, _now, tell)
        _tell_first(talk, first)
        failure = failure_of(first.gathered.defects)
    talk.lines += ["", _NEXT.format(folder=file.parent)]
    return Answer("\n".join(talk.lines), {**talk.data, "warnings": talk.warnings}, talk.warnings, failure)


def _given(value: str | None, option: str, asking: bool, suggestion: str | None = None) -> str:
    if value and value.strip():
        return value
    if not asking:
        raise UsageError(f"--{option} is missing", "a new watch needs --name and --query: veille init DIR --name N --query Q")
    question = {"name": "Name of the organisation", "query": "Which mentions are about it (words, AND, OR, NOT)"}[option]
    try:
        return str(click.prompt(question, default=suggestion, err=True))
    except click.Abort:
        raise UsageError("stopped; nothing was written") from None


def _agreed(query: str, trial: Trial) -> bool:
    kept = trial.exact.matched if trial.exact else 0
    click.echo(f"{trial.matched - kept} of {trial.matched} mentions write it without a capital: it may be a word.", err=True)
    click.echo(f"Words near it: {', '.join(trial.neighbours['words'].head(_NEAR_SHOWN))}", err=True)
    try:
        return click.confirm(f"Take this query, which keeps the name only? {query}", default=True, err=True)
    except click.Abort:
        raise UsageError("stopped; nothing was written") from None


def _counted(sources: list[Proposed]) -> str:
    on = [source for source in sources if source.readable and not source.off]
    off = [f"{source.id} ({source.off})" for source in sources if source.off]
    return f"{len(on)} sources" + (f"; written and not gathered: {', '.join(off)}" if off else "")


def _tell_first(talk: _Talk, first: First) -> None:
    gathered, record = first.gathered, first.edition.record
    observed = ", ".join(f"{name} {count}" for name, count in first.observed.items() if count) or "nothing"
    talk.lines += [
        "",
        f"{gathered.received} mentions received, {gathered.new} new",
        f"bulletin of {record.week} ({record.status}): {first.edition.bulletin}",
        "The past it is compared with is short: it says so wherever that matters.",
        f"observed that week, with mentions: {observed}",
        f"not observed: {', '.join(first.not_observed)}",
    ]
    talk.data |= {
        "read": gathered.read,
        "new": gathered.new,
        "week": record.week,
        "status": record.status.value,
        "bulletin": str(first.edition.bulletin),
        "observed": first.observed,
        "not_observed": list(first.not_observed),
    }
    talk.warnings += first.warnings


COMMANDS = (init_command,)
