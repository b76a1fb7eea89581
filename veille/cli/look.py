"""Commands that look at what is stored."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click
import pandas as pd

from veille.cli.answer import Answer, answering, read_watch
from veille.errors import UsageError
from veille.masking import mask_series
from veille.period import instant, local_midnight
from veille.query import parse
from veille.store import Store
from veille.watch import Watch

_SAMPLES = 30
_SHOWN = ["published_at", "publisher", "title", "text"]


@click.command("search")
@click.argument("query")
@click.option("--from", "first", metavar="DAY", help="First local day, inclusive.")
@click.option("--to", "last", metavar="DAY", help="Last local day, inclusive.")
@answering
def search_command(watch_file: Path, query: str, first: str | None, last: str | None) -> Answer:
    """Search the stored mentions with a Lucene QUERY."""
    watch = read_watch(watch_file)
    found = _matching(watch, query)
    if first:
        found = found.loc[found["published_at"] >= pd.Timestamp(_day_start(first, watch))]
    if last:
        found = found.loc[found["published_at"] < pd.Timestamp(instant(last, watch.timezone))]
    return Answer(_lines(found, watch), {"mentions": _records(found)})


@click.group("query")
def query_group() -> None:
    """Try queries before a watch relies on them."""


@query_group.command("try")
@click.argument("query")
@answering
def try_command(watch_file: Path, query: str) -> Answer:
    """Show what a QUERY matches: volume by day and 30 samples."""
    watch = read_watch(watch_file)
    found = _matching(watch, query)
    by_day = found["published_at"].dt.tz_convert(watch.timezone).dt.strftime("%Y-%m-%d").value_counts().sort_index()
    samples = found.iloc[:: max(1, len(found) // _SAMPLES)].head(_SAMPLES)
    text = "\n".join([f"{len(found)} mentions match", *(f"{day}  {count}" for day, count in by_day.tail(14).items())])
    data = {"matched": len(found), "by_day": by_day.to_dict(), "samples": _records(samples)}
    return Answer(f"{text}\n{_lines(samples, watch)}", data)


def _matching(watch: Watch, query: str) -> pd.DataFrame:
    store = Store(watch)
    mentions = store.mentions(datetime.now(UTC))
    if mentions.empty:
        return mentions
    return mentions.loc[parse(query).matches(mentions, store.key)]


def _day_start(day: str, watch: Watch) -> datetime:
    try:
        return local_midnight(datetime.fromisoformat(day).date(), watch.timezone)
    except ValueError as error:
        raise UsageError(f"{day!r} is not a day", "write it like 2026-11-22") from error


def _records(found: pd.DataFrame) -> list[dict[str, object]]:
    shown = found[["mention_id", *_SHOWN, "url", "subjects"]].copy()
    shown["title"], shown["text"] = mask_series(shown["title"]), mask_series(shown["text"])
    shown["published_at"] = shown["published_at"].dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    return [{str(key): value for key, value in row.items()} for row in shown.to_dict("records")]


def _lines(found: pd.DataFrame, watch: Watch) -> str:
    day = found["published_at"].dt.tz_convert(watch.timezone).dt.strftime("%Y-%m-%d %H:%M")
    head = found["title"].where(found["title"] != "", found["text"]).str.replace(r"\s+", " ", regex=True).str.slice(0, 100)
    return "\n".join(day + "  " + found["publisher"].fillna("-") + "  " + mask_series(head))


COMMANDS = (search_command, query_group)
