"""The bulletin as data: everything the page shows, so that a page can be made again from it alone.

The keys are the contract of `bulletin.json`; `docs/bulletin.schema.json` is generated from these models.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Literal

from pydantic import Field

from veille.bulletin.base import Ids, Model, Text
from veille.bulletin.base import Marked as Marked
from veille.bulletin.base import Marking as Marking
from veille.bulletin.base import highest as highest
from veille.bulletin.replayed import Replay
from veille.bulletin.reviewed import Correction as Correction
from veille.bulletin.reviewed import Reviewed as Reviewed
from veille.bulletin.trust import Checked as Checked
from veille.bulletin.trust import NotRead as NotRead
from veille.bulletin.trust import SetAside as SetAside
from veille.bulletin.voiced import Around as Around
from veille.bulletin.voiced import Voice as Voice


class Edition(Model):
    """Which edition this is, and what it was made from."""

    watch: Text
    organisation: Text
    week: Text
    first: date = Field(alias="from", description="First local day")
    last: date = Field(alias="to", description="Last local day, inclusive")
    as_of: datetime = Field(description="What was known at this instant")
    cutoff: datetime = Field(description="Publications before this instant were read")
    timezone: Text
    language: Text
    address: Text | None = Field(None, description="Where its folder is served to readers; null where watch.yml names no place")
    status: Literal["done", "no_data"] = "done"
    enough_data: bool = Field(True, description="Whether there was enough to tell what changes")
    draft: bool = Field(description="Nobody has released it yet")
    note: Text = Field("", description="Le mot de l'analyste")
    note_language: Text | None = Field(None, description="Language the note is written in")
    published_by: Text | None = Field(None, description="Who released it; null for a draft, and where nobody reviewed it")
    published_at: datetime | None = Field(None, description="When that person did")
    correction: Correction | None = Field(None, description="Of a released edition; null for the first of a week")
    rebuilt_before: bool = Field(False, description="The week before was looked at afterwards")
    mentions_read: int = Field(ge=0, description="Mentions of the period")
    sources_active: int = Field(ge=0)
    sources_expected: int = Field(ge=0)


class Tile(Marked):
    """One key figure; a share is between 0 and 1 and its change in points."""

    name: Literal["stories", "negative_share", "share_of_voice"]
    value: float | None
    change: float | None = Field(
        description="Against the week before: a ratio for stories, points (0 to 100) for shares; null where the intervals of a"
        " negative share do not support one"
    )
    low: float | None = Field(description="Lower end of the 95 % interval")
    high: float | None = Field(description="Upper end of the 95 % interval")


class Finding(Marked):
    """One thing that changed, stated by its title."""

    title: Text
    unit: Literal["stories", "share"] = "stories"
    counted: Text = Field("", description="What the value counts, in words")
    value: float | None
    change_points: float | None = None
    change_pct: float | None = None
    history: tuple[float | None, ...] = Field(
        description="Twelve weeks, oldest first, the last is this one; null before the watch"
    )
    probability: Text = Field(description="Word of the closed list, or the word for not quantifiable")
    probability_reason: Text = Field("", description="Why it is not quantifiable; empty where it is")
    horizon: Text = Field(description="The question the probability answers")
    confidence: Text
    reason: Text
    evidence: Ids
    subject: Text | None = None
    topic_id: Text | None = None
    signal_id: Text | None = None
    measure: Literal["negative_share", "share_of_voice"] | None = Field(
        None, description="The share it tells of; null for others"
    )


class Decision(Marked):
    """One decision asked of one person by one hour."""

    decision_id: Text
    title: Text
    effect: Literal["contributes", "bends", "calls_into_question"] | None
    ask: Text
    owner: Text
    due: datetime
    waiting: Text = Field(description="What waiting costs")
    signal_ids: Ids
    level: int = Field(0, ge=0, le=4)


class SignalEffect(Marked):
    """What a signal does to an objective, a decision or a red line."""

    id: Text
    effect: Literal["contributes", "bends", "calls_into_question"]
    title: Text = ""


class Carried(Model):
    """Who carries a signal: shares of its stories, 0 to 1, a story may have several voices."""

    press: float
    national_press: float
    official: float = Field(description="Institutions and elected people")
    new_relays: int | None = Field(
        description="Carriers with reach that had not spoken of the subject; null where the past is short"
    )


class Together(Model):
    """Accounts that post the same rare link or words within half an hour, more than is usual; it says nothing of intent."""

    grade: Literal["possible", "marked"]
    accounts: int
    strength: float = Field(description="Accounts beyond the first, weighed by how rare it is")
    usual: float | None = Field(description="The same on a usual day of this watch; null without past")


class Duty(Marked):
    """A rule of the watch that a signal triggers."""

    rule_id: Text
    title: Text
    duty: Text
    source: Text = ""
    in_force: bool = Field(description="An expired rule is named and not applied")
    known_at: datetime = Field(description="When the organisation knew at the latest: the first detection that showed it")
    at_once: bool = Field(False, description="The duty says without delay")
    due: datetime | None = None
    stories: int


class Signal(Marked):
    """A signal as it stood at the cut-off, with every part of its score."""

    signal_id: Text
    subject: Text
    subject_name: Text = ""
    role: Text
    topic_id: Text | None
    title: Text
    kind: Literal["negative_emergence", "leak", "strategic", "impostor", "weak"]
    level: int = Field(ge=1, le=4)
    level_reason: Text = ""
    score: float
    score_low: float
    score_high: float
    parts: dict[str, float | None] = Field(description="0 to 1 each; null where it could not be told")
    effects: tuple[SignalEffect, ...]
    first_seen: datetime
    detected_at: datetime
    sent_at: datetime | None
    acknowledged_at: datetime | None = None
    due: datetime | None = None
    status: Literal["open", "acknowledged", "decided", "closed"]
    owner: Text
    window_days: int = 7
    p_value: float | None = None
    expected_stories: float | None = None
    stories: int
    negative_stories: int = 0
    publishers: int
    authors: int
    mentions: int = 0
    press_pickup_at: datetime | None = None
    short_history: bool = False
    new: bool = Field(False, description="First detected in this period")
    since: Text = Field("", description="What changed since the last edition that told of it; empty where none did")
    unchanged: bool = Field(False, description="The last edition said the same of it")
    history: tuple[float | None, ...] = ()
    named: tuple[Text, ...] = Field(default=(), description="Who is named most, the watch itself left out")
    words: tuple[Text, ...] = Field(default=(), description="Words that tell it from all else said of the subject")
    cluster: Literal["victim", "accident", "preventable"] | None = Field(None, description="SCCT cluster")
    cluster_confirmed: bool = Field(False, description="A person confirmed the cluster; else it is proposed")
    carried: Carried | None = None
    together: Together | None = None
    duties: tuple[Duty, ...] = ()
    evidence: Ids


class Topic(Marked):
    """What people talked about, and what changed in it."""

    topic_id: Text
    title: Text
    words: tuple[Text, ...]
    stories: int
    stories_before: int | None = Field(None, description="The week before; null where there is none")
    negative: int = Field(0, description="Stories called negative, as read")
    read: int = Field(0, description="Stories whose tone could be read")
    change_pct: float | None
    negative_share: float | None = Field(
        description="Corrected for the measured error of the tone model where `method.shares_corrected`"
    )
    low: float | None
    high: float | None
    born: datetime
    changed: Text = Field("", description="What changed, in a sentence")
    unknown: tuple[Text, ...] = Field((), description="What is not known, a sentence each")
    named: tuple[Text, ...] = Field(default=(), description="Who is named most, the watch itself left out")
    evidence: Ids

    @property
    def unread(self) -> int:
        """Stories whose tone could not be read."""
        return max(0, self.stories - self.read)


class Relay(Marked):
    """A publisher that carried stories; authors are never named."""

    name: Text
    kind: Text
    stories: int
    new: bool


class Question(Marked):
    """A question of the public, and whether an approved answer stands."""

    question: Text = Field(description="As a message has it, else word for word as one mention asks it, then masked")
    quoted: bool = Field(False, description="Whether it is a mention's own words, the first of `evidence`")
    language: Text = "und"
    mentions: int
    voices: int = Field(0, description="Distinct authors who ask it, publishers where a source names none")
    voices_week: int = Field(0, description="Those of the week")
    weeks: int = Field(1, description="Weeks over which it was counted")
    reach: float | None = Field(description="People who may have seen it, at least; null where no source tells")
    status: Literal["answered", "expired", "not_public", "unanswered"]
    message_id: Text | None
    answer_until: date | None = Field(None, description="Last day of an answer that expired")
    owner: Text | None = Field(description="Whom it is asked of; null where an approved answer may be given")
    evidence: Ids


class Message(Marked):
    """An approved answer of the organisation."""

    message_id: Text
    question: Text
    answer: Text
    audience: Text = ""
    valid_until: date | None = None


class Followup(Marked):
    """What became of an earlier signal."""

    signal_id: Text
    title: Text = ""
    asked: Text
    outcome: Text


class Source(Marked):
    """One source and how it fared."""

    id: Text
    grade: Text = "F"
    verdict: Text
    received: int
    expected: float | None = None
    error: Text | None = Field(default=None, description="What failed at the last gather")
    missing_from: datetime | None = Field(default=None, description="Start of what it could not give, within the week")
    missing_until: datetime | None = None


class Method(Model):
    """How the figures were made, and what they do not see."""

    sources: tuple[Source, ...]
    not_observed: tuple[Text, ...]
    tone_error: dict[str, float] = Field(description="Measured figures of the tone model; empty where none was measured")
    shares_corrected: bool = Field(False, description="Whether negative shares are corrected for that error")
    tone_read_share: float | None = None
    not_read: tuple[NotRead, ...] = Field(default=(), description="By language, the most mentions first")
    set_aside: tuple[SetAside, ...] = Field(default=(), description="What was kept and not counted, and why")
    checked: tuple[Checked, ...] = Field(default=(), description="Precision and recall on labels; empty where nobody labelled")
    thresholds: dict[str, float | int | str | bool | None]
    replay: Replay | None = Field(None, description="The replay that thresholds and probability words come from")
    questions_covered: bool = False
    publication_to_sending_minutes: float | None = None
    sending_to_acknowledgement_minutes: float | None = None
    versions: dict[str, str] = Field(default_factory=dict)
    run_id: Text


class Evidence(Marked):
    """One mention as it may be quoted: verbatim, then masked."""

    publisher: Text
    published_at: datetime
    quote: Text
    url: Text | None
    grade: Text = Field(description="Admiralty code: letter of the source, digit of the information")
    language: Text = "und"
    tone: Text = "not_read"
    kind: Text = "post"


class Day(Model):
    """One local day of the time line."""

    day: date
    stories: int
    negative: int
    read: int | None = Field(None, description="Stories whose tone could be read; null in editions that did not count them")

    @property
    def unread(self) -> int:
        """Stories whose tone could not be read, as far as they were counted."""
        return self.stories - self.read if self.read is not None else 0


class Event(Marked):
    """One date of the organisation's calendar."""

    day: date
    title: Text


class Bulletin(Model):
    """What leadership reads, in one language."""

    edition: Edition
    marking: Marking = Field(description="The highest of all it holds")
    audience: Text | None = Field(None, description="Audience it was cut for; null for the whole edition")
    headline: Text
    level: int | None = Field(ge=0, le=4, description="Null where the audience may not read it")
    level_before: int | None = Field(ge=0, le=4)
    before_marking: Marking = Field(Marking.AMBER, description="Who may read the level of the week before")
    tiles: tuple[Tile, ...] = Field(max_length=3)
    findings: tuple[Finding, ...] = Field(max_length=3)
    decisions: tuple[Decision, ...] = Field(max_length=3)
    signals: tuple[Signal, ...]
    weak_signals: tuple[Signal, ...]
    topics: tuple[Topic, ...]
    relays: tuple[Relay, ...]
    questions: tuple[Question, ...]
    messages: tuple[Message, ...]
    followup: tuple[Followup, ...]
    method: Method
    evidence: dict[str, Evidence]
    daily: tuple[Day, ...] = ()
    calendar: tuple[Event, ...] = ()
    voices: tuple[Voice, ...] = Field(
        default=(), description="The organisation, then each competitor, the most stories first; empty where none is watched"
    )
    around: tuple[Around, ...] = Field(default=(), description="Regulators, then the sector; they are in no share of voice")
    reviewed: tuple[Reviewed, ...] = Field(default=(), description="What a person withheld or put in another order")

    @property
    def internal(self) -> bool:
        """Whether its reader may know of levels, decisions and duties; a page that may not does not speak of them."""
        return self.level is not None

    def to_json(self) -> str:
        """Return `bulletin.json`, the same text for the same bulletin."""
        return self.model_dump_json(indent=2, by_alias=True) + "\n"


def schema() -> str:
    """Return the JSON schema of `bulletin.json`, the text of docs/bulletin.schema.json."""
    content = Bulletin.model_json_schema(by_alias=True, mode="serialization")
    return json.dumps(content, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
