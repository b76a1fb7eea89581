"""Re-live the past without looking ahead: the production verbs day by day, and what their alarms are worth."""

from veille.replay.activity import spoken
from veille.replay.calibration import Calibration, Outlook, Span, Tested, Word, calibrate, calibrations, keep_own, shipped
from veille.replay.growth import HORIZON_DAYS, Growth, learn
from veille.replay.reliability import LEAST_STORIES, outcomes, outlook, reliability
from veille.replay.result import Relived
from veille.replay.run import replay
from veille.replay.session import Opened, open_replay
from veille.replay.sweep import operating, sweep
from veille.replay.truth import Event, EventKind, read_truth

__all__ = [
    "HORIZON_DAYS",
    "LEAST_STORIES",
    "Calibration",
    "Event",
    "EventKind",
    "Growth",
    "Opened",
    "Outlook",
    "Relived",
    "Span",
    "Tested",
    "Word",
    "calibrate",
    "calibrations",
    "keep_own",
    "learn",
    "open_replay",
    "operating",
    "outcomes",
    "outlook",
    "read_truth",
    "reliability",
    "replay",
    "shipped",
    "spoken",
    "sweep",
]
