"""Add labels, and read those that stand: of one question the latest answer visible at `as_of`."""

from __future__ import annotations

import hashlib
from datetime import datetime

import pandas as pd

from veille.errors import UsageError
from veille.labels.tables import LABELS, WITHDRAWN
from veille.store import Store

QUESTION = ["mention_id", "subject", "what"]
_IDENTITY = ["mention_id", "subject", "what", "value", "at", "by", "note"]


def current(store: Store, as_of: datetime) -> pd.DataFrame:
    """Return the labels that stand: the latest one a mention, subject and kind of question.

    Parameters
    ----------
    store
        The memory of the watch.
    as_of
        Labels given later are not seen.

    Returns
    -------
    pandas.DataFrame
        Rows of LABELS in the order of mention, subject and question; what was withdrawn last is left out.
    """
    latest = standing(_visible(store, as_of), QUESTION)
    return latest.loc[latest["value"] != WITHDRAWN].reset_index(drop=True)


def add(store: Store, rows: pd.DataFrame, *, at: datetime, by: str) -> pd.DataFrame:
    """Add the labels that say something new, and return them, rows of LABELS.

    Parameters
    ----------
    store
        The memory of the watch.
    rows
        `mention_id`, `subject`, `what`, `value` and, where known, `note`, `read_as`, `sampling_ratio`; one row a question.
    at, by
        When, and who.

    Raises
    ------
    UsageError
        No name of who labels.
    ContractError
        A value outside the choices of LABELS.

    Notes
    -----
    A label that repeats what the same person said last of the same question adds nothing; so a file may be imported again
    without turning back what a colleague has corrected since.
    """
    frame = label_rows(rows, at=at, by=by)
    visible = _visible(store, at)
    own = standing(visible.loc[visible["by"] == by.strip()], QUESTION)
    said = pd.MultiIndex.from_frame(_comparable(own))
    fresh = frame.loc[~pd.MultiIndex.from_frame(_comparable(frame)).isin(said)].reset_index(drop=True)
    if len(fresh):
        store.merge(LABELS, fresh)
    return fresh


def label_rows(rows: pd.DataFrame, *, at: datetime, by: str) -> pd.DataFrame:
    """Return rows of LABELS with their ids; see `add`."""
    if not by.strip():
        raise UsageError("who labels is not said", "give a name with --by")
    frame = rows.assign(at=pd.Timestamp(at), by=by.strip()).reset_index(drop=True)
    if "note" not in frame:
        frame["note"] = None
    content = pd.Series("", index=frame.index, dtype="str")
    for name in _IDENTITY:
        content = content + "\x1f" + frame[name].astype("object").fillna("").astype("str")
    return LABELS.check(frame.assign(label_id=content.map(_digest)))


def standing(labels: pd.DataFrame, question: list[str]) -> pd.DataFrame:
    """Return the latest row a question, in the order of the questions; of two at one instant that with the later id."""
    ordered = labels.sort_values(["at", "label_id"], kind="stable")
    return ordered.drop_duplicates(question, keep="last").sort_values(question, kind="stable", ignore_index=True)


def _visible(store: Store, as_of: datetime) -> pd.DataFrame:
    return store.load(LABELS, where=[("at", "<=", pd.Timestamp(as_of))])


def _comparable(labels: pd.DataFrame) -> pd.DataFrame:
    return labels[[*QUESTION, "value", "note"]].astype("object").fillna("")


def _digest(content: str) -> str:
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:16]
