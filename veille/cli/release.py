"""Commands by which an edition goes out: what a draft holds, what is withheld, its release, and what a schedule asks for."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from veille import edition
from veille.bulletin import review
from veille.cli.act import person_named
from veille.cli.answer import Answer, answering, read_watch, records
from veille.errors import UsageError
from veille.masking import mask_frame
from veille.period import instant, week
from veille.store import Store
from veille.watch import Watch, confidential_terms


def _now() -> datetime:
    return datetime.now(UTC)


@click.command("publish")
@click.argument("week_name", metavar="[WEEK]", required=False)
@click.option("--by", default="", metavar="NAME", help="Who releases.")
@click.option("--note", default="", metavar="TEXT", help=f"The analyst's word, at most {review.NOTE_WORDS} words; on page 1.")
@click.option("--due", "only_due", is_flag=True, help="Release nothing: tell what failed or is late, send what is owed.")
@click.option("--as-of", metavar="TIME", help="With --due: what is due then; it is really sent.")
@answering
def publish_command(watch_file: Path, week_name: str | None, by: str, note: str, only_due: bool, as_of: str | None) -> Answer:
    """Release the newest edition of WEEK under your name, and mail it; or, for a schedule, do what is due."""
    watch = read_watch(watch_file)
    if only_due:
        if week_name or by or note:
            raise UsageError("--due releases nothing", "leave WEEK, --by and --note out")
        return _due(watch, instant(as_of, watch.timezone) if as_of else _now())
    if not week_name or as_of:
        raise UsageError("publish needs the week to release", "write it like 2026-W47; --as-of goes with --due")
    name = week(week_name, watch.timezone).week
    out = edition.release(watch, Store(watch), name, at=_now(), by=person_named(watch, by), note=note)
    at = out.record.published_at
    data = {
        "week": name,
        "published_at": at.isoformat() if at else None,
        "sent": list(out.sent),
        "failed": list(out.failed),
        "pending": list(out.pending),
        "run_id": out.record.run_id,
        "replaces": out.record.replaces,
        "bulletin": str(out.bulletin),
    }
    return Answer(f"{out.bulletin}\n{_counted(out.sent, out.pending)}", data, out.warnings)


def _due(watch: Watch, moment: datetime) -> Answer:
    found = edition.due(watch, Store(watch), moment)
    data = {
        "week": found.week,
        "published_at": None,
        "sent": list(found.sent),
        "failed": list(found.failed),
        "pending": list(found.pending),
        "noticed": list(found.noticed),
    }
    return Answer(_counted(found.sent, found.pending), data, found.warnings)


def _counted(sent: tuple[dict[str, object], ...], pending: tuple[dict[str, object], ...]) -> str:
    return f"{len(sent)} messages sent, {len(pending)} pending"


@click.command("review")
@click.argument("week_name", metavar="WEEK")
@click.option("--withhold", default="", metavar="ITEM", help="Keep a finding (its number) or a signal (its id) out.")
@click.option("--order", default="", metavar="ITEMS", help="Put findings or signals first, with commas, in this order.")
@click.option("--undo", default="", metavar="EVENT", help="Take back what was withheld or ordered.")
@click.option("--reason", default="", metavar="TEXT", help="Why; readers are told.")
@click.option("--by", default="", metavar="NAME", help="Who acts.")
@answering
def review_command(watch_file: Path, week_name: str, withhold: str, order: str, undo: str, reason: str, by: str) -> Answer:
    """Show what the draft of WEEK holds, and withhold or reorder it before it is released."""
    watch = read_watch(watch_file)
    store, period, at = Store(watch), week(week_name, watch.timezone), _now()
    if sum(map(bool, (withhold, order, undo))) > 1:
        raise UsageError("one act at a time", "give one of --withhold, --order and --undo")
    run, drafts = edition.preview(watch, store, period.week)
    first, who = drafts[0], person_named(watch, by)
    if withhold:
        review.withhold(store, first, withhold, at=at, by=who, reason=reason)
    elif order:
        review.order(store, first, [part for part in order.split(",") if part.strip()], at=at, by=who, reason=reason)
    elif undo:
        review.undo(store, period.week, undo, at=at, by=who, reason=reason)
    page = edition.redraw_draft(watch, store, period.week) if withhold or order or undo else None
    standing = mask_frame(review.reviews(store, period.week), confidential_terms(watch))
    findings = [
        {"number": number, "title": one.title, "signal_id": one.signal_id} for number, one in enumerate(first.findings, 1)
    ]
    signals = [
        {"signal_id": one.signal_id, "level": one.level, "kind": one.kind, "title": one.title}
        for one in (*first.signals, *first.weak_signals)
    ]
    data = {
        "week": period.week,
        "run_id": run.run_id,
        "released_by": run.published_by,
        "due_at": edition.due_at(watch, period).isoformat(),
        "findings": findings,
        "signals": signals,
        "events": records(standing),
        "redrawn": str(page) if page else None,
    }
    acts = standing["event_id"] + "  " + standing["act"] + "  " + standing["by"] + "  " + standing["note"]
    lines = [
        f"{period.week}: " + (f"released by {run.published_by}" if run.published_by else f"a draft, due {data['due_at']}"),
        *(f"  {one['number']}  {one['title']}" for one in findings),
        *(f"  {one['signal_id']}  level {one['level']}  {one['title']}" for one in signals),
        *("  " + acts),
        *([f"the pages of the draft are made again: {page}"] if page else []),
    ]
    return Answer("\n".join(lines), data)


COMMANDS = (publish_command, review_command)
