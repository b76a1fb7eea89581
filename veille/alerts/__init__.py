"""What cannot wait for the bulletin: who is told, by when, on which channel, and what became of it."""

from veille.alerts.channels import is_understood
from veille.alerts.pulse import Heartbeat, heartbeat
from veille.alerts.run import AlertsResult, alerts
from veille.alerts.tables import ALERTS, DELIVERIES, Occasion, Outcome
from veille.alerts.times import CLOCK, clock

__all__ = [
    "ALERTS",
    "CLOCK",
    "DELIVERIES",
    "AlertsResult",
    "Heartbeat",
    "Occasion",
    "Outcome",
    "alerts",
    "clock",
    "heartbeat",
    "is_understood",
]
