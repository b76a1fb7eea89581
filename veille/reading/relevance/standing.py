"""What stands of relevance: the machine's verdicts with people's labels laid over them, and what follows for counting."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pandas as pd

from veille.labels import Relevance, What, current
from veille.reading.relevance.tables import RELEVANCE, Reason
from veille.store import Store

_KEY = ["mention_id", "subject"]
_COLUMNS = [*_KEY, "verdict", "reason", "detail", "probability"]


def standing(store: Store, as_of: datetime, mentions: pd.DataFrame) -> pd.DataFrame:
    """Return one row a pair of mention and subject that was judged, by the machine or by a person, the person's word counting.

    Parameters
    ----------
    store
        The memory of the watch.
    as_of
        Labels given later are not seen.
    mentions
        The mentions asked about: `mention_id` and `subjects`; a label of a mention as such counts for all of these.

    Returns
    -------
    pandas.DataFrame
        `mention_id`, `subject`, `verdict`, `reason` (`person` where a label decides), `detail`, `probability`.
    """
    return _laid_over(store.load(RELEVANCE, _COLUMNS), store, as_of, mentions)


def _laid_over(judged: pd.DataFrame, store: Store, as_of: datetime, mentions: pd.DataFrame) -> pd.DataFrame:
    labels = current(store, as_of)
    labels = labels.loc[labels["what"] == What.RELEVANCE, [*_KEY, "value", "by"]]
    if labels.empty:
        return judged.loc[judged["mention_id"].isin(mentions["mention_id"])].reset_index(drop=True)
    pairs = mentions[["mention_id", "subjects"]].explode("subjects").rename(columns={"subjects": "subject"}).dropna()
    judged = pairs.merge(judged, on=_KEY, how="left")
    one = labels.loc[labels["subject"].notna()].drop_duplicates(_KEY, keep="last")
    whole = labels.loc[labels["subject"].isna()].drop(columns="subject").drop_duplicates("mention_id", keep="last")
    said = judged[_KEY].merge(one, on=_KEY, how="left")
    general = judged[["mention_id"]].merge(whole, on="mention_id", how="left")
    value, by = said["value"].fillna(general["value"]), said["by"].fillna(general["by"])
    given = value.notna().to_numpy()
    judged.loc[given, "verdict"] = value[given].to_numpy()
    judged.loc[given, "reason"] = Reason.PERSON.value
    judged.loc[given, "detail"] = by[given].to_numpy()
    judged.loc[given, "probability"] = 1.0
    return judged.loc[judged["verdict"].notna(), _COLUMNS].reset_index(drop=True)


def set_aside(store: Store, as_of: datetime, mentions: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of `standing` that are not relevant: what is kept and shown, and counted nowhere as public opinion."""
    # Nearly everything is relevant: the rest alone is read.
    judged = store.load(RELEVANCE, _COLUMNS, [("verdict", "!=", Relevance.RELEVANT.value)])
    rows = _laid_over(judged, store, as_of, mentions)
    return rows.loc[rows["verdict"] != Relevance.RELEVANT].reset_index(drop=True)


def remaining(mentions: pd.DataFrame, aside: pd.DataFrame) -> pd.DataFrame:
    """Return the same mentions, their `subjects` without those that they were set aside for.

    Parameters
    ----------
    mentions
        One row a mention with `mention_id` and `subjects` (lists).
    aside
        Result of `set_aside`.

    Notes
    -----
    No row is lost: a mention that is about nothing any more has an empty list, and counts as one that matches no subject.
    """
    touched = np.flatnonzero(mentions["mention_id"].isin(aside["mention_id"]).to_numpy())
    if not len(touched):
        return mentions
    part = mentions.iloc[touched][["mention_id", "subjects"]].assign(row=touched).explode("subjects")
    gone = pd.MultiIndex.from_frame(aside[_KEY])
    kept = part.loc[part["subjects"].notna() & ~pd.MultiIndex.from_frame(part[["mention_id", "subjects"]]).isin(gone)]
    lists = kept.groupby("row")["subjects"].agg(list).reindex(touched)
    subjects = mentions["subjects"].to_numpy(dtype="object").copy()
    subjects[touched] = [item if isinstance(item, list) else [] for item in lists]
    return mentions.assign(subjects=pd.Series(subjects, index=mentions.index, dtype="object"))
