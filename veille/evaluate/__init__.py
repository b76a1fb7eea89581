"""Metrics on data that somebody labelled: the user's own, or a public set; by the same code that makes the bulletin."""

from veille.evaluate.labelled import read_labelled
from veille.evaluate.measure import EVALUATIONS, evaluate
from veille.evaluate.streams import stream_metrics
from veille.evaluate.texts import language_metrics, sentiment_metrics, stories_metrics, topics_metrics

__all__ = [
    "EVALUATIONS",
    "evaluate",
    "language_metrics",
    "read_labelled",
    "sentiment_metrics",
    "stories_metrics",
    "stream_metrics",
    "topics_metrics",
]
