"""What changes for the worse, how much it matters, and what was done about it."""

from veille.signals.carriers import Voice
from veille.signals.coordination import Coordination
from veille.signals.detect import DetectionResult, detect
from veille.signals.journal import (
    CLUSTER_NAMES,
    Judgement,
    acknowledge,
    answer,
    close,
    confirm_cluster,
    decide,
    half_decided,
    journal,
    judge,
    learn,
    status,
)
from veille.signals.levels import LevelReason
from veille.signals.tables import CARRIERS, DETECTIONS, DUTIES, JOURNAL, SIGNALS, SURGES, Effect, SignalKind, SignalStatus

__all__ = [
    "CARRIERS",
    "CLUSTER_NAMES",
    "DETECTIONS",
    "DUTIES",
    "JOURNAL",
    "SIGNALS",
    "SURGES",
    "Coordination",
    "DetectionResult",
    "Effect",
    "Judgement",
    "LevelReason",
    "SignalKind",
    "SignalStatus",
    "Voice",
    "acknowledge",
    "answer",
    "close",
    "confirm_cluster",
    "decide",
    "detect",
    "half_decided",
    "journal",
    "judge",
    "learn",
    "status",
]
