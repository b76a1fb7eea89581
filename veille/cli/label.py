"""Commands by which analysts correct what was read: export what is worth labelling, import labels, see what they show."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click
import pandas as pd

from veille import labels
from veille.cli.answer import Answer, answering, read_watch, records
from veille.period import week
from veille.reading import read
from veille.reading.adapting import last_adaptation
from veille.reading.relevance import judge
from veille.reading.worklist import worklist
from veille.store import Store

_BOTH = "both"
_ASKED = [*map(str, labels.What), _BOTH]
_SENTENCES = 20


def _now() -> datetime:
    return datetime.now(UTC)


@click.group("label")
def label_group() -> None:
    """Correct tone and relevance by hand: what you say counts, teaches, and measures the machine."""


@label_group.command("export")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--what", type=click.Choice(_ASKED), default=_BOTH, show_default=True, help="What is asked.")
@click.option("--rows", type=click.IntRange(min=1), default=100, show_default=True, help="Mentions at most.")
@click.option("--subject", metavar="ID", help="Only mentions of this subject.")
@click.option("--week", "week_name", metavar="2026-W47", help="Only those published in this ISO week.")
@answering
def export_command(watch_file: Path, file: Path, what: str, rows: int, subject: str | None, week_name: str | None) -> Answer:
    """Write to FILE (.csv or .xlsx) the mentions worth labelling first, drawn so that the labels measure too."""
    watch = read_watch(watch_file)
    period = week(week_name, watch.timezone) if week_name else None
    asked = None if what == _BOTH else labels.What(what)
    store, now = Store(watch), _now()
    read(watch, store, now)
    judge(watch, store, now)
    drawn = worklist(watch, store, now, period, rows=rows, subject=subject, what=asked)
    written = labels.write_labels(drawn, file, watch.languages[0])
    text = f"{written} mentions to label in {file}" if written else f"nothing is left to label; {file} has no rows"
    return Answer(text, {"rows": written, "refused": 0, "file": str(file)})


@label_group.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--by", required=True, metavar="NAME", help="Who labelled.")
@answering
def import_command(watch_file: Path, file: Path, by: str) -> Answer:
    """Take the labels of FILE; a bad row is refused with a sentence and kept aside, the others count."""
    watch = read_watch(watch_file)
    done = labels.import_labels(watch, Store(watch), file, at=_now(), by=by)
    lines = [f"{done.rows} labelled rows, {done.new} labels new, {done.empty} rows without label, {done.refused} refused"]
    if done.rejects_file:
        lines.append(f"refused rows and their reasons: {done.rejects_file}")
    more = done.refused - _SENTENCES
    warnings = [*done.sentences[:_SENTENCES], *([f"and {more} more in {done.rejects_file}"] if more > 0 else [])]
    data = {
        "rows": done.rows,
        "refused": done.refused,
        "new": done.new,
        "empty": done.empty,
        "rejects_file": str(done.rejects_file) if done.rejects_file else None,
        "warnings": list(done.sentences),
    }
    return Answer("\n".join(lines), data, warnings)


@label_group.command("show")
@answering
def show_command(watch_file: Path) -> Answer:
    """Show how right the machine is on what was labelled, subject by subject, and what the labels taught."""
    watch = read_watch(watch_file)
    store, now = Store(watch), _now()
    figures, learnt = labels.figures(store, now), last_adaptation(store, now)
    return Answer("\n".join([*_lines(figures), *_taught(learnt)]), {"figures": records(figures), "adaptation": records(learnt)})


def _lines(figures: pd.DataFrame) -> list[str]:
    if figures.empty:
        return ["no label can be compared yet: `veille label export`, then `veille label import`"]
    head = ["what", "subject", "value", "labels", "precision", "recall", "true share"]
    told = pd.DataFrame({name: figures[name].astype("str") for name in head[:4]})
    for measure in labels.MEASURES:
        told[measure] = [
            "-" if pd.isna(value) else f"{value:.2f} ({low:.2f} to {high:.2f})"
            for value, low, high in zip(figures[measure], figures[f"{measure}_low"], figures[f"{measure}_high"], strict=True)
        ]
    return told.to_string(index=False, header=head, justify="left").splitlines()


def _taught(learnt: pd.DataFrame) -> list[str]:
    if learnt.empty:
        return ["labels of tone have taught nothing yet: an edition, or `veille label export`, reads with them"]
    last = learnt.iloc[0]
    verb = "is" if last["kept"] else "is not"
    return ["", f"the tone {verb} adapted to the watch ({last['labels']} labels): {last['reason']}"]


COMMANDS = (label_group,)
