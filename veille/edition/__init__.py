"""One papermill run of the notebooks, and its way out: run.json, drafts and releases, mail; whole or not at all."""

from veille.edition.drafts import redraw_draft
from veille.edition.due import Due, due, due_at
from veille.edition.record import RunRecord, RunStatus, StepRecord
from veille.edition.release import Released, preview, release
from veille.edition.run import Edition, edition
from veille.edition.session import Session, open_session

__all__ = [
    "Due",
    "Edition",
    "Released",
    "RunRecord",
    "RunStatus",
    "Session",
    "StepRecord",
    "due",
    "due_at",
    "edition",
    "open_session",
    "preview",
    "redraw_draft",
    "release",
]
