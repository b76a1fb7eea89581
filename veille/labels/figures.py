"""How right the machine is, subject by subject, as people's labels tell."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pandas as pd

from veille.labels.events import current
from veille.store import Store

MEASURES = ("precision", "recall", "share")
_BY = ["what", "subject", "value"]
_Z = 1.959964


def figures(store: Store, as_of: datetime) -> pd.DataFrame:
    """Return precision, recall and true share of every tone and relevance, subject by subject and for all together.

    Parameters
    ----------
    store
        The memory of the watch.
    as_of
        Labels given later are not seen.

    Returns
    -------
    pandas.DataFrame
        `what`, `subject` (`*` is all), `value`, `labels` (that say so), and for each of `precision`, `recall` and `share`
        the figure and its 95 % interval `_low`, `_high`, 0 to 1; missing where nothing can be said.

    Notes
    -----
    What the machine had read when the person was asked is compared with what the person said, so that no reading that
    has learnt from a label is measured on it. Each label weighs the mentions it was drawn for (the inverse of its sampling
    ratio: Horvitz & Thompson, 1952; as ratios: Hájek). Intervals are Wilson's (1927) with the effective number of labels
    (Kish, 1965). Labels given to mentions that were not exported are left out.
    """
    rows = current(store, as_of).dropna(subset=["read_as", "sampling_ratio"])
    rows = rows.loc[rows["sampling_ratio"] > 0, ["what", "subject", "value", "read_as", "sampling_ratio"]]
    rows = pd.concat([rows.assign(subject="*"), rows.dropna(subset="subject")], ignore_index=True)
    rows = rows.assign(weight=1 / rows["sampling_ratio"], right=rows["value"] == rows["read_as"])
    found = {
        "precision": _ratios(rows.assign(value=rows["read_as"]), "right"),
        "recall": _ratios(rows, "right"),
        "share": _shares(rows),
    }
    labels = rows.groupby(_BY).size().rename("labels")
    table = pd.concat([labels, *(ratio.add_prefix(name) for name, ratio in found.items())], axis=1)
    table["labels"] = table["labels"].fillna(0).astype("Int64")
    return table.reset_index().sort_values(_BY, ignore_index=True)


def _shares(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the share of each value among the labels of a subject."""
    values = rows[["what", "value"]].drop_duplicates().rename(columns={"value": "asked"})
    crossed = rows.merge(values, on="what")
    return _ratios(crossed.assign(said=crossed["value"] == crossed["asked"], value=crossed["asked"]), "said")


def _ratios(rows: pd.DataFrame, hit: str) -> pd.DataFrame:
    """Return the weighted share of hits of each group, indexed as `_BY`, columns ``, `_low`, `_high`."""
    sums = (
        rows.assign(hits=rows["weight"] * rows[hit], squares=rows["weight"] ** 2)
        .groupby(_BY)[["weight", "hits", "squares"]]
        .sum()
    )
    ratio = sums["hits"] / sums["weight"]
    size = sums["weight"] ** 2 / sums["squares"]
    scale = 1 + _Z**2 / size
    centre = (ratio + _Z**2 / (2 * size)) / scale
    spread = _Z * np.sqrt(ratio * (1 - ratio) / size + _Z**2 / (4 * size**2)) / scale
    ends = {
        "": ratio,
        "_low": np.minimum((centre - spread).clip(0, 1), ratio),
        "_high": np.maximum((centre + spread).clip(0, 1), ratio),
    }
    return pd.DataFrame(ends).round(4)
