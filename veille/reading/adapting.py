"""Let labels speak in READINGS: what a person said is read so, and what labels taught corrects the rest.

Only what was read is looked at again: neither texts nor vectors are computed anew, and the probabilities of the base model
are kept beside, so that any set of labels leads from them to the same readings.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from veille.labels import What, current
from veille.period import Period
from veille.reading import tone
from veille.reading.adaptation import Correction, Trial, learn
from veille.reading.embedding import embedder, stored
from veille.reading.tables import ADAPTATIONS, READINGS, ReadBy, Tone
from veille.store import Store
from veille.watch import Watch

_P = ["p_negative", "p_neutral", "p_positive"]
_BASE = ["base_negative", "base_neutral", "base_positive"]
_PLACES = {item.value: place for place, item in enumerate(tone.TONES)}
_TRIED = ["log_loss_before", "log_loss_after", "macro_f1_before", "macro_f1_after", "gain"]


def adapt(watch: Watch, store: Store, as_of: datetime, version: str, period: Period | None = None) -> int:
    """Read the tone of visible mentions as the labels visible at `as_of` say; return how many readings changed.

    Parameters
    ----------
    watch, store
        The watch and its memory; the mentions have been read.
    as_of
        Labels given later are not seen: readings that knew them are turned back.
    version
        Version of the models; readings by another are left.
    period
        Mentions published after its end are left.

    Notes
    -----
    A label holds for the mention and for word-for-word copies of it in its story. The same labels again change nothing.
    """
    said = tone_labels(store, as_of)
    marks = store.load(READINGS, ["mention_id", "version", "adaptation"], [("version", "=", version)])
    if said.empty and not marks["adaptation"].notna().any():
        return 0
    readings = store.load(READINGS, where=[("version", "=", version)])
    seen = store.mentions(as_of, period, ["mention_id"])["mention_id"]
    readings = readings.loc[readings["mention_id"].isin(seen)].reset_index(drop=True)
    if readings.empty:
        return 0
    untouched = readings["adaptation"].isna()
    for before, now in zip(_BASE, _P, strict=True):
        readings[before] = readings[before].where(~untouched, readings[now])
    kept = _adaptation(watch, store, as_of, version, said, readings)
    wanted = _labelled(_corrected(watch, store, readings, kept), said)
    if store.merge(READINGS, wanted).updated == 0:
        return 0
    changed = ["tone", *_P, "read_by", "adaptation"]
    return int((wanted[changed].astype("object").fillna("") != readings[changed].astype("object").fillna("")).any(axis=1).sum())


def tone_labels(store: Store, as_of: datetime) -> pd.DataFrame:
    """Return the labels of tone that stand, one a mention: of several subjects' the latest; rows of LABELS."""
    labels = current(store, as_of)
    labels = labels.loc[labels["what"] == What.TONE].sort_values(["at", "label_id"], kind="stable")
    return labels.drop_duplicates("mention_id", keep="last").sort_values("mention_id", ignore_index=True)


def last_adaptation(store: Store, as_of: datetime) -> pd.DataFrame:
    """Return what came of the latest labels that were tried until `as_of`: at most one row of ADAPTATIONS, without weights."""
    tried = store.load(ADAPTATIONS, where=[("as_of", "<=", pd.Timestamp(as_of))])
    ordered = tried.sort_values(["as_of", "adaptation_id"], kind="stable").tail(1)
    return ordered.drop(columns=["weights"]).reset_index(drop=True)


def _adaptation(
    watch: Watch, store: Store, as_of: datetime, version: str, said: pd.DataFrame, readings: pd.DataFrame
) -> pd.Series | None:
    """Return the row of ADAPTATIONS of these labels if it is kept; tried once, then remembered."""
    fields = ["text_hash", "story_id", *_BASE]
    rows = said.merge(readings[["mention_id", *fields]], on="mention_id").dropna(subset=_BASE)
    if rows.empty:
        return None
    known, place = _vectors(watch, store, rows["text_hash"])
    rows = rows.loc[place >= 0].reset_index(drop=True)
    if rows.empty:
        return None
    content = rows[["mention_id", "text_hash", "story_id", "value"]].agg("\x1f".join, axis=1)
    adaptation_id = "a" + hashlib.sha256("\n".join([version, *content]).encode("utf-8", "replace")).hexdigest()[:12]
    tried = store.load(ADAPTATIONS, where=[("adaptation_id", "=", adaptation_id)])
    if tried.empty:
        target: NDArray[np.int64] = np.asarray(rows["value"].map(_PLACES), np.int64)
        trial = learn(rows[_BASE].to_numpy(np.float64), known[place[place >= 0]], target, rows["story_id"])
        tried = ADAPTATIONS.check(_row(trial, adaptation_id, version, as_of))
        store.merge(ADAPTATIONS, tried)
    row = tried.iloc[0]
    return row if bool(row["kept"]) else None


def _row(trial: Trial, adaptation_id: str, version: str, as_of: datetime) -> pd.DataFrame:
    figures = [*(trial.log_loss or (None, None)), *(trial.macro_f1 or (None, None)), trial.gain]
    weights = trial.correction.flat if trial.correction and trial.kept else []
    named = dict(zip(_TRIED, figures, strict=True))
    facts = {"kept": trial.kept, "reason": trial.reason, "labels": trial.labels, "held_out": trial.held_out}
    key = {"adaptation_id": adaptation_id, "version": version, "as_of": as_of}
    return pd.DataFrame([{**key, **facts, **named, "weights": weights}])


def _vectors(watch: Watch, store: Store, hashes: pd.Series) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return the stored vectors of texts, and the place of each text among them, -1 where it has none."""
    known = stored(store, embedder(watch).name, pd.Index(hashes.unique()))
    known = known.loc[known["text_hash"].isin(hashes)].reset_index(drop=True)
    matrix = np.stack(known["vector"].to_list()).astype(np.float32) if len(known) else np.zeros((0, 1), np.float32)
    return matrix, np.asarray(pd.Index(known["text_hash"]).get_indexer(hashes), np.int64)


def _corrected(watch: Watch, store: Store, readings: pd.DataFrame, kept: pd.Series | None) -> pd.DataFrame:
    """Return the readings as the model, or its kept correction, has them, whatever labels had made of them."""
    table = readings[_BASE].to_numpy(np.float64).copy()
    mark = np.full(len(readings), None, dtype="object")
    if kept is not None:
        matrix, place = _vectors(watch, store, readings["text_hash"])
        rows = np.flatnonzero((place >= 0) & ~np.isnan(table[:, 0]))
        table[rows] = Correction.of(kept["weights"])(table[rows], matrix[place[rows]])
        mark[rows] = str(kept["adaptation_id"])
    read = ~np.isnan(table[:, 0])
    spoken = np.full(len(readings), Tone.NOT_READ.value, dtype="object")
    spoken[read] = np.array([item.value for item in tone.TONES], dtype="object")[table[read].argmax(axis=1)]
    by = pd.Series(mark, dtype="object").where(pd.isna(mark), ReadBy.ADAPTED.value)
    result = readings.assign(tone=spoken, read_by=by, adaptation=mark)
    result[_P] = table
    return result


def _labelled(readings: pd.DataFrame, said: pd.DataFrame) -> pd.DataFrame:
    """Return the readings with those of labelled mentions, and of their copies word for word, as people said."""
    same = ["story_id", "text_hash"]
    chosen = said[["mention_id", "value", "label_id", "at"]].merge(readings[["mention_id", *same]], on="mention_id")
    of_copies = chosen.sort_values(["at", "label_id"], kind="stable").drop_duplicates(same, keep="last").set_index(same)
    own = chosen.set_index("mention_id")
    keys = pd.MultiIndex.from_frame(readings[same])
    result = readings.copy()
    value = readings["mention_id"].map(own["value"]).astype("object")
    value = value.where(value.notna(), of_copies["value"].reindex(keys).to_numpy())
    mark = readings["mention_id"].map(own["label_id"]).astype("object")
    mark = mark.where(mark.notna(), of_copies["label_id"].reindex(keys).to_numpy())
    labelled = value.notna()
    result["tone"] = readings["tone"].where(~labelled, value)
    result["read_by"] = readings["read_by"].astype("object").where(~labelled, ReadBy.PERSON.value)
    result["adaptation"] = readings["adaptation"].astype("object").where(~labelled, mark)
    for name, item in zip(_P, tone.TONES, strict=True):
        result[name] = readings[name].where(~labelled, (value == item.value).astype("float64"))
    # The model's own probabilities are kept beside only where something changed them.
    result[_BASE] = readings[_BASE].where(result["adaptation"].notna())
    return result
