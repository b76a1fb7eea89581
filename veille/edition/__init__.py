"""One papermill run of the notebooks: run.json, end markers, and a publication that happens whole or not at all."""

from veille.edition.record import RunRecord, RunStatus, StepRecord
from veille.edition.run import Edition, edition
from veille.edition.session import Session, open_session

__all__ = ["Edition", "RunRecord", "RunStatus", "Session", "StepRecord", "edition", "open_session"]
