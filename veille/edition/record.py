"""run.json: what a run is doing, and what became of it. It is there from the run's first second.

Neither papermill nor the notebook it leaves can be believed: after a dead kernel every cell is marked completed. A
step is done when its notebook wrote its end marker, and a run is done when all its steps are.
"""

from __future__ import annotations

import hashlib
import os
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from veille.errors import EditionError

RUN_FILE = "run.json"


class RunStatus(StrEnum):
    """What became of a run, or of a step."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    NO_DATA = "no_data"


class StepRecord(BaseModel):
    """One notebook of a run: its end marker, and its entry in run.json."""

    model_config = ConfigDict(frozen=True)

    name: str
    status: RunStatus
    seconds: float = 0.0
    rows_in: int = 0
    rows_out: int = 0
    warnings: list[str] = Field(default_factory=list)


class RunRecord(BaseModel):
    """What run.json says."""

    model_config = ConfigDict(frozen=True)

    run_id: str
    watch: str
    week: str
    as_of: datetime
    status: RunStatus
    published_by: str | None = None
    published_at: datetime | None = None
    released_from: str | None = None
    replaces: str | None = None
    started_at: datetime
    ended_at: datetime | None = None
    steps: list[StepRecord] = Field(default_factory=list)
    software: dict[str, str] = Field(default_factory=dict)
    seeds: dict[str, int] = Field(default_factory=dict)
    config_sha256: str = ""
    outputs_sha256: dict[str, str] = Field(default_factory=dict)
    error: str | None = None

    @property
    def warnings(self) -> list[str]:
        """What a person must see, of all steps in their order."""
        return [warning for step in self.steps for warning in step.warnings]

    def write(self, folder: Path) -> None:
        """Write run.json into the run's folder, whole or not at all."""
        write_whole(folder / RUN_FILE, self.model_dump_json(indent=2) + "\n")


def read_record(folder: Path) -> RunRecord | None:
    """Return what run.json in that folder says, None where there is none.

    Raises
    ------
    EditionError
        The file is there and is no run.json.
    """
    file = folder / RUN_FILE
    try:
        return RunRecord.model_validate_json(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (ValidationError, ValueError) as error:
        raise EditionError(f"{file} is not a run.json", "move that run's folder away") from error


def write_whole(file: Path, text: str) -> None:
    """Write a text file so that a reader sees the old or the new one, never a part, even after a crash."""
    temporary = file.with_name(f".{file.name}.{os.getpid()}")
    with temporary.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(file)


def sha256_of_files(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file below a folder but run.json, by path relative to it."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != RUN_FILE)
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
