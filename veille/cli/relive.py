"""The command that re-lives the past: what would have been told, and when."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
from tqdm import tqdm

from veille.cli.answer import Answer, answering, read_watch
from veille.errors import UsageError
from veille.store import Store

_EVERY_DAYS = 10


@click.command("replay")
@click.option("--from", "first", required=True, metavar="DAY", help="First local day, inclusive.")
@click.option("--to", "last", required=True, metavar="DAY", help="Last local day, inclusive.")
@click.option("--truth", type=click.Path(path_type=Path), help="CSV of what happened: event_id,subject,onset,end,kind.")
@click.option("--out", type=click.Path(path_type=Path), help="Write the result there: .json, or the alarms as .csv.")
@answering
def replay_command(watch_file: Path, first: str, last: str, truth: Path | None, out: Path | None) -> Answer:
    """Re-live a period day by day without looking ahead, and hold the alarms against what happened.

    Nothing is written to the store. A run that was stopped goes on where it was. What eight weeks and more teach about the
    watch is kept in its state, for the bulletins after the last day.
    """
    # Late: the models of reading and topics are for this command only.
    from veille.replay import calibrate, keep_own, read_truth, replay

    watch = read_watch(watch_file)
    begins, ends = _day(first, "--from"), _day(last, "--to")
    if out is not None and out.suffix not in (".json", ".csv"):
        raise UsageError(f"{out} is neither JSON nor CSV", "name it ….json or ….csv")
    events = read_truth(truth, watch) if truth else ()
    with _progress((ends - begins).days + 1) as tell:
        found = replay(watch, Store(watch), begins, ends, truth=events, progress=tell)
    if out is not None:
        found.write(out)
    result = found.as_json()
    learned = calibrate(found, datetime.now(UTC).astimezone(ZoneInfo(watch.timezone)).date())
    if learned is None:
        return Answer(told(result), result)
    keep_own(watch, learned)
    return Answer(f"{told(result)}\nkept for the bulletins after {ends}", result)


def told(result: dict[str, Any]) -> str:
    """Return the result of a replay for a person."""
    lines = [f"{result['from']} to {result['to']}: {result['days']} days, {result['subjects']} subjects"]
    for alarm in result["alarms"]:
        of = alarm["event_id"] or (f"false episode {alarm['false_episode']}" if alarm["false_episode"] else "")
        lines.append(
            f"{alarm['at']}  level {alarm['level']}  {alarm['subject']}  {alarm['title']}" + (f"  [{of}]" if of else "")
        )
    for event in result["events"]:
        found = f"first alarm {event['first_alarm']}" if event["detected"] else "no alarm"
        lag = f", {event['lag_days']} days after its onset" if event["lag_days"] is not None else ""
        lines.append(f"{event['event_id']} ({event['kind']}): {found}{lag}")
    if result["events"]:
        recall, lag = result["recall"], result["median_lag_days"]
        if recall is not None:
            lines.append(f"recall {recall:.2f}" + (f", median lag {lag:g} days" if lag is not None else ""))
        lines.append(f"false alarms: {result['false_alarms']}")
        quiet = result["ordinary_weeks"]
        lines.append(f"weeks without crisis: {quiet['weeks']}, alarms of level 3 and more in them: {quiet['alarms']}")
    lines.append(
        "alarms a week: " + ", ".join(f"level {name}: {value:.2f}" for name, value in result["alarms_per_week"].items())
    )
    return "\n".join(lines)


@contextmanager
def _progress(days: int) -> Iterator[Callable[[date], None]]:
    """Yield what is told each day that is done: a bar where a person looks, else a line every ten days."""
    if not sys.stderr.isatty():
        done = [0]

        def tell(day: date) -> None:
            done[0] += 1
            if done[0] % _EVERY_DAYS == 0 or done[0] == days:
                click.echo(f"replay: {day}, {done[0]} of {days} days", err=True)

        yield tell
        return
    with tqdm(total=days, unit="day", file=sys.stderr, leave=False, dynamic_ncols=True) as bar:

        def advance(day: date) -> None:
            bar.set_postfix_str(str(day), refresh=False)
            bar.update()

        yield advance


def _day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{option} {text!r} is not a day", "write it like 2026-11-22") from error


COMMANDS = (replay_command,)
