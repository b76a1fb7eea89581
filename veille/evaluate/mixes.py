"""Whether negative shares come out right: labelled texts drawn anew into heaps of known shares, each estimated."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from veille.reading import Tone, prevalence

SHARES = np.linspace(0.05, 0.8, 16)
STORIES = 200
_HEAPS_A_SHARE = 15


def prevalence_metrics(read: pd.DataFrame) -> dict[str, Any]:
    """Estimate the negative share of heaps of 200 texts, 5 % to 80 % of them negative, drawn with replacement.

    Parameters
    ----------
    read
        `label` and `tone` (negative, neutral, positive), `p_negative`, `language`; one row a text.

    Returns
    -------
    dict
        `prevalence_error_points`: mean absolute error of the share that a bulletin gives; `prevalence_error_as_read_points`:
        that of the share that is called negative; `prevalence_coverage_ratio`: heaps whose share lies in its 95 % interval. All
        are missing where no label, or every label, is negative.
    """
    negative = np.flatnonzero(read["label"] == Tone.NEGATIVE.value)
    other = np.flatnonzero(read["label"] != Tone.NEGATIVE.value)
    names = ("prevalence_error_points", "prevalence_error_as_read_points", "prevalence_coverage_ratio")
    if not len(negative) or not len(other):
        return dict.fromkeys(names)
    chance = np.random.default_rng(0)
    told = []
    for share in np.repeat(SHARES, _HEAPS_A_SHARE):
        size = int(chance.binomial(STORIES, share))
        rows = np.concatenate([chance.choice(negative, size), chance.choice(other, STORIES - size)])
        heap = read.iloc[rows]
        found, true = prevalence.negative_share(heap), size / STORIES
        if found.share is None or found.low is None or found.high is None:
            continue
        as_read = float((heap["tone"] == Tone.NEGATIVE.value).mean())
        told.append((abs(found.share - true), abs(as_read - true), found.low <= true <= found.high))
    error, error_as_read, covered = np.mean(np.array(told, dtype=np.float64), axis=0)
    values = (round(100 * float(error), 2), round(100 * float(error_as_read), 2), round(float(covered), 4))
    return dict(zip(names, values, strict=True))
