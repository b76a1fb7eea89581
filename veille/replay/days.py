"""One day re-lived: the production verbs, in the order of production, as of the end of that day.

A day has two steps. What is said (relevance, topics) hangs on the day before only through what is said; what is detected hangs
on both. So one process can bring topics up to date while another detects in the days that are done.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from veille import reading, topics
from veille.contract import Table
from veille.labels import LABELS, What
from veille.mention import EARLIER_TEXTS
from veille.period import Period
from veille.reading import tables as reading_tables
from veille.reading import towards
from veille.reading.relevance import RELEVANCE, judge
from veille.reading.tables import READINGS
from veille.reading.towards import SUBJECT_TONES
from veille.replay.activity import ACTIVITY, activity
from veille.replay.scratch import Scratch, Written
from veille.signals import detect
from veille.signals import tables as signal_tables
from veille.topics import tables as topic_tables
from veille.watch import Watch

_MODULES = (reading_tables, topic_tables, signal_tables)
TABLES = (
    *(table for module in _MODULES for table in vars(module).values() if isinstance(table, Table)),
    RELEVANCE,
    SUBJECT_TONES,
    ACTIVITY,
)
"""Every table that a step may write."""


@dataclass(frozen=True)
class Reading:
    """What has to be read again while the past is re-lived.

    Parameters
    ----------
    daily
        Whether labels or corrected texts make the readings of one day others than those of the next.
    """

    daily: bool


def prepare(watch: Watch, scratch: Scratch, last: date) -> Reading:
    """Make the readings those that no label had touched, and read what nobody has read.

    Parameters
    ----------
    watch, scratch
        The watch and its memory of this replay.
    last
        Last local day that is re-lived.
    """
    corrected = scratch.load(EARLIER_TEXTS, ["mention_id"])["mention_id"]
    # A text that was corrected since was read as it is today.
    scratch.forget(READINGS, corrected)
    scratch.forget(SUBJECT_TONES, corrected)
    labelled = bool((scratch.load(LABELS, ["what"])["what"] == What.TONE).any())
    marked = bool(scratch.load(READINGS, ["adaptation"])["adaptation"].notna().any())
    daily = bool(len(corrected)) or labelled or marked
    if not daily:
        period = Period(last, last, watch.timezone)
        # One text at a time, and stories join only what was known before: read at once or day by day, it is the same.
        reading.read(watch, scratch, period.end, period)
        towards.hear(watch, scratch, period.end, period)
    scratch.taken()
    return Reading(daily)


def said(watch: Watch, scratch: Scratch, day: date, needed: Reading) -> list[Written]:
    """Read where needed, judge relevance and bring topics up to date as of the end of a local day; return what was written."""
    period = Period(day, day, watch.timezone)
    if needed.daily:
        reading.read(watch, scratch, period.end, period)
        towards.hear(watch, scratch, period.end, period)
    judge(watch, scratch, period.end, period)
    topics.update(watch, scratch, period.end, period)
    return scratch.taken()


def detected(watch: Watch, scratch: Scratch, day: date) -> list[Written]:
    """Detect as of the end of a local day, whose `said` is in the memory; return what was written."""
    period = Period(day, day, watch.timezone)
    detect(watch, scratch, period.end, period)
    scratch.merge(ACTIVITY, activity(watch, scratch, day))
    return scratch.taken()
