"""Re-live the past without looking ahead: the production verbs day by day, and what their alarms are worth."""

from veille.replay.reliability import Calibration, calibrate, outlook, reliability
from veille.replay.result import Relived
from veille.replay.run import replay
from veille.replay.session import Opened, open_replay
from veille.replay.sweep import operating, sweep
from veille.replay.truth import Event, EventKind, read_truth

__all__ = [
    "Calibration",
    "Event",
    "EventKind",
    "Opened",
    "Relived",
    "calibrate",
    "open_replay",
    "operating",
    "outlook",
    "read_truth",
    "reliability",
    "replay",
    "sweep",
]
