"""Commands that make something: an edition, and the lines of a scheduler that makes it every week."""

from __future__ import annotations

import shlex
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

import veille
from veille.bulletin.files import AUDIENCES
from veille.cli.answer import Answer, answering, read_watch
from veille.edition import edition
from veille.edition.run import CELL_TIMEOUT_SECONDS
from veille.errors import EditionError, UsageError, VeilleError
from veille.period import instant, last_complete_week, week


def _now() -> datetime:
    return datetime.now(UTC)


@click.command("edition")
@click.option("--week", "week_name", metavar="2026-W47", help="ISO week; else the last complete one.")
@click.option("--as-of", metavar="TIME", help="What was known then; else as in this week's last run, else now.")
@click.option(
    "--cell-timeout",
    type=click.IntRange(min=1),
    default=CELL_TIMEOUT_SECONDS,
    show_default=True,
    help="Seconds one notebook cell may take.",
)
@click.option("--audience", metavar="NAME", help="Answer with the page of this audience, and fail where it has none.")
@answering
def edition_command(
    watch_file: Path, week_name: str | None, as_of: str | None, cell_timeout: int, audience: str | None
) -> Answer:
    """Make the edition of a week and publish it in one step; where it fails, the one that is there stays."""
    watch = read_watch(watch_file)
    if audience is not None and audience not in watch.audiences:
        raise UsageError(f"the watch has no audience {audience!r}", f"audiences are {', '.join(watch.audiences)}")
    moment = instant(as_of, watch.timezone) if as_of else None
    period = week(week_name, watch.timezone) if week_name else last_complete_week(moment or _now(), watch.timezone)
    if period.start > (moment or _now()):
        raise UsageError(f"the week {period.week} has not begun", "choose one that has")
    made = edition(watch, period, as_of=moment, clock=_now, cell_timeout_seconds=cell_timeout)
    page = made.bulletin if audience is None else made.bulletin.parent / AUDIENCES / audience / made.bulletin.name
    if not page.exists():
        # The edition stands; its warnings say what the page of that audience would have held.
        raise EditionError(f"{audience} has no page of {made.record.week}: {'; '.join(made.warnings)}")
    data = {
        "run_id": made.record.run_id,
        "week": made.record.week,
        "status": made.record.status.value,
        "bulletin": str(page),
        "warnings": made.warnings,
    }
    return Answer(str(page), data, made.warnings)


@click.command("schedule")
@click.option("--systemd", is_flag=True, help="systemd units instead of cron lines.")
@answering
def schedule_command(watch_file: Path, systemd: bool) -> Answer:
    """Print what makes a scheduler gather every hour, look for alerts in between, make the edition every Monday and send it."""
    watch = read_watch(watch_file)
    command = f"{shlex.quote(sys.executable)} -m veille"
    file = shlex.quote(str(watch.file.resolve()))
    minutes = min(watch.detection.alerts_every_minutes, 60)
    jobs = [
        ("gather", "5 * * * *", "*-*-* *:05"),
        (
            "alerts",
            f"*/{minutes} * * * *" if minutes < 60 else "0 * * * *",
            f"*-*-* *:0/{minutes}" if minutes < 60 else "hourly",
        ),
        ("edition", "30 6 * * 1", "Mon *-*-* 06:30"),
        ("publish --due", "*/15 * * * *", "*-*-* *:0/15"),
        ("retain", "15 4 * * *", "*-*-* 04:15"),
    ]
    if systemd:
        text = "\n".join(
            _units(watch.watch, name.split()[0], f"{command} {name} --watch {file}", calendar) for name, _, calendar in jobs
        )
    else:
        text = "\n".join(f"{cron} {command} {name} --watch {file}" for name, cron, _ in jobs)
    return Answer(text, {"lines": text.splitlines()})


def _units(slug: str, name: str, command: str, calendar: str) -> str:
    return "\n".join(
        [
            f"# veille-{slug}-{name}.service",
            "[Service]",
            "Type=oneshot",
            f"ExecStart={command}",
            "SuccessExitStatus=3",
            f"# veille-{slug}-{name}.timer",
            "[Timer]",
            f"OnCalendar={calendar}",
            "Persistent=true",
            "[Install]",
            "WantedBy=timers.target",
        ]
    )


@click.command("lab")
@answering
def lab_command(watch_file: Path) -> Answer:
    """Open JupyterLab on the notebooks of the watch."""
    import os

    watch = read_watch(watch_file)
    package = Path(veille.__file__).parent
    folder = next((path for path in (package.parent / "notebooks", package / "_notebooks") if path.exists()), None)
    if folder is None:
        raise VeilleError("the notebooks are not installed", "install veille again")
    environment = {**os.environ, "VEILLE_WATCH": str(watch.file.resolve())}
    try:
        ended = subprocess.run(  # noqa: S603 - our own interpreter
            [sys.executable, "-m", "jupyterlab", f"--notebook-dir={folder}"], env=environment, check=False
        )
    except KeyboardInterrupt:
        return Answer("", {})
    if ended.returncode:
        raise VeilleError(f"JupyterLab ended with code {ended.returncode}")
    return Answer("", {})


COMMANDS = (edition_command, schedule_command, lab_command)
