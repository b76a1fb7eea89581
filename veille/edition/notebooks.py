"""Run one notebook by papermill, and believe only the end marker that the notebook leaves."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import veille
from veille.edition.record import StepRecord
from veille.edition.session import STEPS_FOLDER
from veille.errors import EditionError

if TYPE_CHECKING:
    from veille.edition.kernel import LocalKernelManager

STEPS = ("gather", "topics", "signals", "bulletin")


@dataclass(frozen=True, slots=True)
class NotebookRun:
    """What to run.

    Parameters
    ----------
    step
        Name of the step.
    source
        The notebook as shipped.
    parameters
        Values for its parameters cell; never a secret, papermill writes them into the output twice.
    folder
        Folder of the run.
    cell_timeout_seconds
        How long one cell may take.
    """

    step: str
    source: Path
    parameters: dict[str, str]
    folder: Path
    cell_timeout_seconds: int


def shipped(step: str) -> Path:
    """Return the notebook of a step, from the installed package or from the checkout beside it.

    Raises
    ------
    EditionError
        Neither holds it: the installation is broken.
    """
    name = f"{STEPS.index(step) + 1:02d}_{step}.ipynb"
    package = Path(veille.__file__).parent
    for folder in (package / "_notebooks", package.parent / "notebooks"):
        if (folder / name).exists():
            return folder / name
    raise EditionError(f"the notebook {name} is not installed", "install veille again")


def run_notebook(run: NotebookRun, kernel: LocalKernelManager) -> StepRecord:
    """Execute a notebook into the run's folder, on a kernel that runs, and return the end marker it left.

    Raises
    ------
    EditionError
        It failed, its kernel died, a cell took too long, or it left no end marker.
    """
    import papermill
    from nbclient.exceptions import CellTimeoutError
    from papermill.exceptions import PapermillException

    output = run.folder / "notebooks" / run.source.name
    output.parent.mkdir(exist_ok=True)
    try:
        papermill.execute_notebook(
            str(run.source),
            str(output),
            parameters=run.parameters,
            kernel_name="python3",
            progress_bar=False,
            cwd=str(run.folder),
            execution_timeout=run.cell_timeout_seconds,
            start_timeout=120,
            log_output=False,
            km=kernel,
        )
    except CellTimeoutError as error:
        raise EditionError(
            f"step {run.step}: a cell took more than {run.cell_timeout_seconds} s", "give more with --cell-timeout"
        ) from error
    except RuntimeError as error:
        # A DeadKernelError is one; a kernel that dies, or is mute, before its first cell raises a bare one.
        raise EditionError(
            f"step {run.step}: its kernel failed: {error}", f"see {output}; memory is the usual cause"
        ) from error
    except PapermillException as error:
        raise EditionError(f"step {run.step}: {_reason(error)}", f"see {output}") from error
    marker = run.folder / STEPS_FOLDER / f"{run.step}.json"
    if not marker.exists():
        raise EditionError(f"step {run.step}: its notebook ended without its end marker", f"see {output}")
    return StepRecord.model_validate_json(marker.read_text(encoding="utf-8"))


def _reason(error: Exception) -> str:
    name, value = getattr(error, "ename", type(error).__name__), getattr(error, "evalue", str(error))
    return f"{name}: {value}".strip()
