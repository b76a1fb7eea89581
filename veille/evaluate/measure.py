"""The verb `evaluate`: which columns each evaluation needs, and which function answers it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from veille.evaluate.labelled import read_labelled
from veille.evaluate.streams import stream_metrics
from veille.evaluate.texts import language_metrics, sentiment_metrics, stories_metrics, topics_metrics

EVALUATIONS: dict[str, tuple[str, ...]] = {
    "sentiment": ("text", "label"),
    "topics": ("text", "label"),
    "stream": ("text", "label", "batch"),
    "stories": ("text", "story"),
    "language": ("text", "label"),
}
"""What can be evaluated, and the columns its file needs."""


def evaluate(what: str, file: Path, *, mapping: Sequence[str] = (), level: str = "fine") -> dict[str, Any]:
    """Return the metrics of one evaluation.

    Parameters
    ----------
    what
        A key of `EVALUATIONS`.
    file
        Labelled texts.
    mapping
        `name=column` where the file calls its columns otherwise.
    level
        For `topics`: `fine` or `coarse`.

    Raises
    ------
    UsageError
        The file lacks what is needed.
    ImportFileError
        It cannot be read at all.
    """
    frame = read_labelled(file, EVALUATIONS[what], mapping)
    measures: dict[str, Callable[[pd.DataFrame], dict[str, Any]]] = {
        "sentiment": sentiment_metrics,
        "topics": lambda rows: topics_metrics(rows, level),
        "stream": stream_metrics,
        "stories": stories_metrics,
        "language": language_metrics,
    }
    return measures[what](frame)
