"""What a user asked to be watched: watch.yml as frozen, fully checked models.

Everything that can be wrong in the file is found here, before anything runs, and said with its line.
"""

from veille.watch.autonomy import Alone, Autonomy
from veille.watch.closed import public_holidays
from veille.watch.confidential import confidential_terms
from veille.watch.detection import Detection, ScoreWeights
from veille.watch.images import Images
from veille.watch.load import load_watch
from veille.watch.model import REPORT_LANGUAGES, Embedding, Privacy, Watch
from veille.watch.people import Absence, Delivery, Escalation, Hours, Person, Publish, Reader
from veille.watch.sources import PLUGINS, Rights, SourceSpec, SourceType, plugged_types
from veille.watch.strategy import Account, CalendarEntry, Confidential, Message, Rule, StrategicItem, Strategy, Voice
from veille.watch.subjects import Role, Subject
from veille.watch.tone import BUILT_IN, ToneModel
from veille.watch.topics import WatchedTopic, any_of, unfit
from veille.watch.values import OfficeHours, TimeSpan, Tlp, WeekTime

__all__ = [
    "BUILT_IN",
    "PLUGINS",
    "REPORT_LANGUAGES",
    "Absence",
    "Account",
    "Alone",
    "Autonomy",
    "CalendarEntry",
    "Confidential",
    "Delivery",
    "Detection",
    "Embedding",
    "Escalation",
    "Hours",
    "Images",
    "Message",
    "OfficeHours",
    "Person",
    "Privacy",
    "Publish",
    "Reader",
    "Rights",
    "Role",
    "Rule",
    "ScoreWeights",
    "SourceSpec",
    "SourceType",
    "StrategicItem",
    "Strategy",
    "Subject",
    "TimeSpan",
    "Tlp",
    "ToneModel",
    "Voice",
    "Watch",
    "WatchedTopic",
    "WeekTime",
    "any_of",
    "confidential_terms",
    "load_watch",
    "plugged_types",
    "public_holidays",
    "unfit",
]
