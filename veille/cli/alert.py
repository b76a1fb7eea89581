"""The command that looks between two editions and tells people, and the cheap look at whether it still runs."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click
import pandas as pd

from veille import alerts, gather
from veille.cli.answer import Answer, answering, read_watch, records
from veille.cli.progress import progress
from veille.period import instant
from veille.store import Store
from veille.watch import Watch

_SHOWN = ["signal_id", "level", "occasion", "person", "not_before", "due_at"]


@click.command("alerts")
@click.option("--as-of", metavar="TIME", help="What was known then; sources are not asked, but what is due is really sent.")
@click.option(
    "--heartbeat", "heart", is_flag=True, help="Only say when alerts last ended well; exit code 3 where it has stopped."
)
@answering
def alerts_command(watch_file: Path, as_of: str | None, heart: bool) -> Answer:
    """Gather, read and detect between two editions, and send what people must know in time."""
    watch = read_watch(watch_file)
    store = Store(watch)
    moment = instant(as_of, watch.timezone) if as_of else datetime.now(UTC)
    if heart:
        return _heart(watch, store, moment)
    clock = (lambda: moment) if as_of else (lambda: datetime.now(UTC))
    with progress(0 if as_of else len(gather.asked_sources(watch))) as tell:
        result = alerts.alerts(watch, store, moment, clock=clock, fetch=as_of is None, progress=tell)
    text = (
        f"{len(result.opened)} signals opened, {len(result.updated)} updated; "
        f"{len(result.sent)} messages sent, {len(result.failed)} attempts failed, {len(result.pending)} messages pending"
    )
    acts = [f"{act['by']}: {act['act']} {act['signal_id']} (by mail)" for act in result.answers.acts]
    data = {
        "opened": list(result.opened),
        "updated": list(result.updated),
        "sent": list(result.sent),
        "failed": list(result.failed),
        "pending": _pending(result.pending),
        "answers": list(result.answers.acts),
    }
    return Answer("\n".join([text, *acts]), data, result.warnings, result.failure)


def _pending(frame: pd.DataFrame) -> list[dict[str, object]]:
    return records(frame[_SHOWN])


def _heart(watch: Watch, store: Store, now: datetime) -> Answer:
    pulse = alerts.heartbeat(watch, store, now)
    said = f"last ended well at {pulse.last:%Y-%m-%d %H:%M} UTC" if pulse.last else "never ended well"
    warnings = [] if pulse.alive else [f"alerts {said}: look whether the schedule runs (veille schedule)"]
    warnings += [f"{pulse.overdue} messages could not be sent in time"] if pulse.overdue else []
    data = {"last": pulse.last.isoformat() if pulse.last else None, "alive": pulse.alive, "overdue": pulse.overdue}
    return Answer(f"alerts {said}", data, warnings)


COMMANDS = (alerts_command,)
