"""Heaps of known shares: the correction beats what is read, and the figures fall when the answers get worse."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from veille.evaluate.mixes import prevalence_metrics
from veille.reading import tone


def texts(language: str, worse: float = 0.0) -> pd.DataFrame:
    """Return texts whose scores fall as the measured ones do; a share of the others gets scores of negative ones."""
    measured = tone.score_bins(language)
    assert measured is not None
    edges, counts = measured
    ends = np.r_[0, edges, 1]
    middles = (ends[1:] + ends[:-1]) / 2
    negative, other = (np.repeat(middles, row.astype(int)) for row in counts)
    other[: int(worse * len(other))] = middles[-1]
    score = np.r_[negative, other]
    label = ["negative"] * len(negative) + ["neutral"] * len(other)
    read = np.where(score > 0.5, "negative", "neutral")
    return pd.DataFrame({"label": label, "tone": read, "p_negative": score, "language": language})


@pytest.mark.parametrize("language", tone.LANGUAGES)
def test_the_correction_beats_what_is_read_and_its_interval_holds(language: str) -> None:
    figures = prevalence_metrics(texts(language))
    assert figures["prevalence_error_points"] < 4 < figures["prevalence_error_as_read_points"]
    assert figures["prevalence_coverage_ratio"] >= 0.95


def test_texts_that_are_read_worse_than_measured_cost() -> None:
    good, bad = prevalence_metrics(texts("fr")), prevalence_metrics(texts("fr", worse=0.2))
    assert bad["prevalence_error_points"] > good["prevalence_error_points"] + 2
    assert bad["prevalence_coverage_ratio"] < good["prevalence_coverage_ratio"]


@pytest.mark.parametrize("label", ["negative", "neutral"])
def test_one_kind_of_label_gives_no_figure(label: str) -> None:
    assert set(prevalence_metrics(texts("fr").assign(label=label)).values()) == {None}


def test_twice_the_same_texts_give_the_same_figures() -> None:
    assert prevalence_metrics(texts("en")) == prevalence_metrics(texts("en"))
