"""Session: what a notebook works with: the watch, its store, the period and the moment, and the end marker it leaves."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from veille.edition.record import RunStatus, StepRecord, read_record, write_whole
from veille.period import Period, instant, last_complete_week, week
from veille.signals import DETECTIONS
from veille.store import Store
from veille.watch import Watch, confidential_terms, load_watch

STEPS_FOLDER = "steps"


@dataclass(frozen=True, slots=True)
class Session:
    """What the parameters of a notebook stand for.

    Parameters
    ----------
    watch, store
        The watch and its memory.
    period
        The week the edition speaks of.
    as_of
        What was known at this instant.
    folder
        Folder of the run; None where a person runs the notebook by hand.
    live
        Whether `as_of` is the present, so that what sources say now was known.
    """

    watch: Watch
    store: Store
    period: Period
    as_of: datetime
    folder: Path | None
    live: bool = True

    @property
    def terms(self) -> tuple[str, ...]:
        """Confidential terms, which no output may show."""
        return confidential_terms(self.watch)

    @property
    def run_id(self) -> str:
        """Id of the run, `by-hand` outside an edition."""
        return self.folder.name if self.folder else "by-hand"

    @property
    def weeks(self) -> list[Period]:
        """The weeks to look at: this one, after the one before where it has mentions and was never looked at.

        A level is told against that of the week before; a watch that begins with an archive has one too.
        """
        before = self.period.before
        looked_at = len(self.store.load(DETECTIONS, ["cutoff"], [("cutoff", "==", pd.Timestamp(before.end))])) > 0
        mentions = self.store.mentions(self.as_of, before, ["published_at"])
        spoken_of = bool((mentions["published_at"] >= pd.Timestamp(before.start)).any())
        return [before, self.period] if spoken_of and not looked_at and self.as_of >= before.end else [self.period]

    def finish(
        self,
        step: str,
        *,
        rows_in: int,
        rows_out: int,
        warnings: Sequence[str] = (),
        no_data: bool = False,
    ) -> StepRecord:
        """Leave the end marker of a step: the last thing its notebook does.

        Parameters
        ----------
        step
            Name of the step, that of its notebook without the number.
        rows_in, rows_out
            Rows it read and rows it made.
        warnings
            What a person must see.
        no_data
            The period holds no mention of any subject.
        """
        status = RunStatus.NO_DATA if no_data else RunStatus.DONE
        record = StepRecord(name=step, status=status, rows_in=rows_in, rows_out=rows_out, warnings=list(warnings))
        if self.folder:
            markers = self.folder / STEPS_FOLDER
            markers.mkdir(exist_ok=True)
            write_whole(markers / f"{step}.json", record.model_dump_json())
        return record


def open_session(watch_file: str = "", week_name: str = "", as_of: str = "", run_folder: str = "") -> Session:
    """Return the session that a notebook's parameters describe; empty ones mean what the command line means by default.

    Parameters
    ----------
    watch_file
        The watch; else the variable VEILLE_WATCH, else `watch.yml` of this folder or the nearest one above.
    week_name
        ISO week such as `2026-W47`; else the last complete one.
    as_of
        ISO 8601; else now.
    run_folder
        Folder of the run, given by `veille edition`.
    """
    watch = load_watch(_watch_file(watch_file))
    moment = instant(as_of, watch.timezone) if as_of else datetime.now(UTC)
    period = week(week_name, watch.timezone) if week_name else last_complete_week(moment, watch.timezone)
    folder = Path(run_folder) if run_folder else None
    record = read_record(folder) if folder else None
    live = record.as_of == record.started_at if record else not as_of
    return Session(watch, Store(watch), period, moment, folder, live)


def _watch_file(given: str) -> Path:
    if given or os.environ.get("VEILLE_WATCH"):
        return Path(given or os.environ["VEILLE_WATCH"])
    here = Path.cwd()
    return next(
        (folder / "watch.yml" for folder in (here, *here.parents) if (folder / "watch.yml").exists()), Path("watch.yml")
    )
