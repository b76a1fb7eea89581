"""What changes for the worse, how much it matters, and what was done about it."""

from veille.signals.detect import DetectionResult, detect
from veille.signals.journal import Judgement, acknowledge, close, decide, journal, judge, status
from veille.signals.levels import LevelReason
from veille.signals.tables import DETECTIONS, JOURNAL, SIGNALS, SURGES, Effect, SignalKind, SignalStatus

__all__ = [
    "DETECTIONS",
    "JOURNAL",
    "SIGNALS",
    "SURGES",
    "DetectionResult",
    "Effect",
    "Judgement",
    "LevelReason",
    "SignalKind",
    "SignalStatus",
    "acknowledge",
    "close",
    "decide",
    "detect",
    "journal",
    "judge",
    "status",
]
