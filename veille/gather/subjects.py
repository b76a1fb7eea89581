"""Which subjects a mention is about: the queries of the watch, asked in one place."""

from __future__ import annotations

import hashlib
import json

import numpy as np
import pandas as pd

from veille.mention import MENTIONS
from veille.query import fold_mentions
from veille.store import Store
from veille.watch import Watch

_STATE = "gather/subjects"


def subjects_of(watch: Watch, frame: pd.DataFrame, key: bytes) -> pd.Series:
    """Return the ids of the subjects that each mention matches.

    Parameters
    ----------
    watch
        The watch; the order of its subjects is the order of the ids.
    frame
        Mentions with title, text, author (pseudonym), publisher, source and language_declared.
    key
        Key of the pseudonyms, for `author:` terms.

    Returns
    -------
    pandas.Series
        Lists of ids, dtype object, the frame's index.
    """
    folded = fold_mentions(frame)
    names = np.array([subject.id for subject in watch.subjects], dtype="object")
    flags = [subject.predicate.matches(frame, key, folded=folded).to_numpy() for subject in watch.subjects]
    matrix = np.column_stack(flags) if len(frame) else np.zeros((0, len(names)), dtype=bool)
    matched = [names[row].tolist() if any_ else [] for row, any_ in zip(matrix, np.atleast_1d(matrix.any(axis=1)), strict=True)]
    return pd.Series(matched, index=frame.index, dtype="object")


def refresh_subjects(watch: Watch, store: Store, *, again: bool = False) -> int:
    """Ask the queries of all stored mentions again if a query changed since the last time.

    Parameters
    ----------
    watch, store
        The watch and its memory.
    again
        Whether to ask even if no query changed.

    Returns
    -------
    int
        Mentions whose subjects changed.
    """
    fingerprint = _fingerprint(watch)
    if not again and store.state.get(_STATE) == fingerprint:
        return 0
    stored = store.load(MENTIONS)
    updated = 0
    if len(stored):
        subjects = subjects_of(watch, stored, store.key)
        changed = subjects.map(tuple) != stored["subjects"].map(tuple)
        if changed.any():
            updated = store.merge(MENTIONS, stored.assign(subjects=subjects).loc[changed]).updated
    # Last: a run that is killed before this line asks again.
    store.state.put(_STATE, fingerprint)
    return updated


def subjects_are_fresh(watch: Watch, store: Store) -> bool:
    """Say whether the subjects of stored mentions are those of the queries as they stand now; nothing is read but a hash."""
    asked = store.state.get(_STATE)
    return asked is None or asked == _fingerprint(watch)


def _fingerprint(watch: Watch) -> str:
    asked = json.dumps([[subject.id, subject.query] for subject in watch.subjects], ensure_ascii=False)
    return hashlib.sha256(asked.encode("utf-8", "surrogatepass")).hexdigest()
