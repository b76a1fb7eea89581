"""What the signals room keeps: signals as of each detection, and the journal of what was done about them."""

from __future__ import annotations

from enum import StrEnum

from veille.contract import Column, Holds, Kind, Table
from veille.signals.carriers import Voice
from veille.signals.coordination import Coordination


class SignalKind(StrEnum):
    """What a signal is a sign of."""

    NEGATIVE_EMERGENCE = "negative_emergence"
    LEAK = "leak"
    STRATEGIC = "strategic"
    IMPOSTOR = "impostor"
    WEAK = "weak"


class Posing(StrEnum):
    """How an account poses as the organisation, the gravest last."""

    NAME = "name"
    """Its name is made to be read as an official one."""
    SPEECH = "speech"
    """It speaks as the organisation."""
    SPOKESPERSON = "spokesperson"
    """Its owner claims to lead the organisation or to speak for it."""
    ASKS = "asks"
    """It asks the public for data or money, or leads to a page that bears the organisation's name."""


class SignalStatus(StrEnum):
    """Where a signal stands."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    DECIDED = "decided"
    CLOSED = "closed"


class Effect(StrEnum):
    """What a signal does to an objective, a decision or a red line of the organisation."""

    CONTRIBUTES = "contributes"
    BENDS = "bends"
    CALLS_INTO_QUESTION = "calls_into_question"


class Act(StrEnum):
    """What was done about a signal."""

    OPENED = "opened"
    UPDATED = "updated"
    REOPENED = "reopened"
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    DECIDED = "decided"
    JUDGED = "judged"
    CLUSTER_CONFIRMED = "cluster_confirmed"
    REPORTED = "reported"
    LEARNED = "learned"
    ANSWERED = "answered"
    CLOSED = "closed"


SIGNALS = Table(
    name="signals",
    doc="One row a signal and detection: the signal as it stood at that cut-off.",
    key=("signal_id", "cutoff"),
    columns=(
        Column("signal_id", Kind.TEXT, "Stable id over detections"),
        Column("cutoff", Kind.TIME, "Publications before this instant were looked at"),
        Column("as_of", Kind.TIME, "What was known at this instant"),
        Column("version", Kind.TEXT, "Version of the verb and its settings"),
        Column("subject", Kind.TEXT, "Id of the subject"),
        Column("role", Kind.TEXT, "Role of the subject"),
        Column("topic_id", Kind.TEXT, "The topic, empty where the whole subject changed", nullable=True),
        Column("kind", Kind.TEXT, "What it is a sign of", choices=tuple(SignalKind)),
        Column("title", Kind.TEXT, "What happens, in words", holds=Holds.QUOTE),
        Column("level", Kind.INTEGER, "1 follow, 2 vigilance, 3 alert, 4 critical to be qualified", low=1, high=4),
        Column("level_reason", Kind.TEXT, "The rule that gave the level"),
        Column("score", Kind.REAL, "Crisis potential, 0 to 100, middle of the interval", low=0, high=100),
        Column("score_low", Kind.REAL, "Its lower end: missing parts at their least", low=0, high=100),
        Column("score_high", Kind.REAL, "Its upper end: missing parts at their most", low=0, high=100),
        Column("part_gravity", Kind.REAL, "Gravity of what is alleged, 0 to 1", nullable=True, low=0, high=1),
        Column("part_responsibility", Kind.REAL, "Responsibility attributed (SCCT), 0 to 1", nullable=True, low=0, high=1),
        Column("part_velocity", Kind.REAL, "How fast it grows against habit, 0 to 1", nullable=True, low=0, high=1),
        Column("part_reach", Kind.REAL, "How far it is carried, 0 to 1", nullable=True, low=0, high=1),
        Column("part_loaded_words", Kind.REAL, "Share of stories with loaded words, 0 to 1", nullable=True, low=0, high=1),
        Column(
            "gravity_category", Kind.TEXT, "What is alleged: persons, legal, financial, social, environment…", nullable=True
        ),
        Column("responsibility_cluster", Kind.TEXT, "SCCT cluster proposed: victim, accident, preventable", nullable=True),
        Column("cluster_confirmed_by", Kind.TEXT, "Who confirmed that cluster, empty where only proposed", nullable=True),
        Column("crisis_history", Kind.FLAG, "Whether an earlier crisis of the subject raises it", nullable=True),
        Column("window_days", Kind.INTEGER, "Length of the window that shows it best, in days", low=1),
        Column("p_value", Kind.REAL, "Tail probability of its count in that window", nullable=True, low=0, high=1),
        Column("expected_stories", Kind.REAL, "Stories its habit expects in that window", nullable=True, low=0),
        Column("stories", Kind.INTEGER, "Stories in the period", low=0),
        Column("negative_stories", Kind.INTEGER, "Negative stories in the period", low=0),
        Column("publishers", Kind.INTEGER, "Distinct publishers in the period", low=0),
        Column("authors", Kind.INTEGER, "Distinct authors in the period", low=0),
        Column("mentions", Kind.INTEGER, "Mentions in the period, copies included", low=0),
        Column("press_pickup_at", Kind.TIME, "When the press took it up", nullable=True),
        Column("short_history", Kind.FLAG, "Less past than the detection asks for"),
        Column("first_seen", Kind.TIME, "Publication of its first mention"),
        Column("detected_at", Kind.TIME, "Cut-off of the first detection that showed it"),
        Column("effects_ids", Kind.TEXTS, "Ids of objectives, decisions and red lines concerned, in step with `effects`"),
        Column("effects", Kind.TEXTS, "What it does to each: contributes, bends, calls_into_question"),
        Column("relevance", Kind.REAL, "Strategic relevance, 0 to 1", low=0, high=1),
        Column("evidence", Kind.TEXTS, "Mention ids it rests on, first the most telling", holds=Holds.MENTIONS),
        Column(
            "posing",
            Kind.TEXT,
            "How an account poses as the organisation; missing where it is no impostor",
            nullable=True,
            choices=tuple(Posing),
        ),
        Column(
            "leaked_term",
            Kind.TEXT,
            "Keyed hash of the confidential term that is public, which tells two leaks apart; missing where it is no leak",
            nullable=True,
        ),
        Column(
            "words",
            Kind.TEXTS,
            "Words its stories hold more than all else said of the subject, the most telling first",
            holds=Holds.WORDS,
        ),
        Column("press_ratio", Kind.REAL, "Share of its stories that the press carries", nullable=True, low=0, high=1),
        Column("national_ratio", Kind.REAL, "Share that publishers of national reach carry", nullable=True, low=0, high=1),
        Column("official_ratio", Kind.REAL, "Share that institutions and elected people carry", nullable=True, low=0, high=1),
        Column(
            "new_relays",
            Kind.INTEGER,
            "Carriers with reach that had not spoken of the subject in the past; missing where the past is short",
            nullable=True,
            low=0,
        ),
        Column(
            "coordination",
            Kind.TEXT,
            "Whether accounts post the same within minutes more than is usual here; it tells no intent",
            nullable=True,
            choices=tuple(Coordination),
        ),
        Column("coordinated_accounts", Kind.INTEGER, "Accounts that did so at once", nullable=True, low=0),
        Column("coordination_strength", Kind.REAL, "Accounts beyond the first, weighed by rarity", nullable=True, low=0),
        Column("coordination_usual", Kind.REAL, "The same on a usual day of this watch", nullable=True, low=0),
        Column("coordination_evidence", Kind.TEXTS, "Mention ids that show it, the first first", holds=Holds.MENTIONS),
    ),
)

CARRIERS = Table(
    name="carriers",
    doc="One row a signal, detection and voice that carries it; the most telling twenty.",
    key=("signal_id", "cutoff", "carrier"),
    columns=(
        Column("signal_id", Kind.TEXT, "The signal"),
        Column("cutoff", Kind.TIME, "Publications before this instant were looked at"),
        Column("as_of", Kind.TIME, "What was known at this instant"),
        Column("version", Kind.TEXT, "Version of the verb and its settings"),
        Column("carrier", Kind.TEXT, "Publisher, or pseudonym of the author", holds=Holds.AUTHOR),
        Column("voice", Kind.TEXT, "What sort of voice it is", choices=tuple(Voice)),
        Column("new", Kind.FLAG, "Had not spoken of the subject in the past; missing where it is short", nullable=True),
        Column("stories", Kind.INTEGER, "Stories of the signal it carries", low=1),
        Column("share_ratio", Kind.REAL, "Of all stories of the signal", low=0, high=1),
        Column("reach", Kind.REAL, "Most views or followers seen; missing where no source tells", nullable=True, low=0),
        Column("first_at", Kind.TIME, "When it first carried it"),
        Column("evidence", Kind.TEXTS, "Mention ids, one a story", holds=Holds.MENTIONS),
    ),
)

DUTIES = Table(
    name="duties",
    doc="One row a signal, detection and rule of watch.yml that its stories trigger.",
    key=("signal_id", "cutoff", "rule_id"),
    columns=(
        Column("signal_id", Kind.TEXT, "The signal"),
        Column("cutoff", Kind.TIME, "Publications before this instant were looked at"),
        Column("as_of", Kind.TIME, "What was known at this instant"),
        Column("version", Kind.TEXT, "Version of the verb and its settings"),
        Column("rule_id", Kind.TEXT, "Id of the rule"),
        Column("in_force", Kind.FLAG, "Whether it holds on that day; an expired rule is named and not applied"),
        Column("known_at", Kind.TIME, "When the organisation knew at the latest: the first detection that showed the trigger"),
        Column("at_once", Kind.FLAG, "Whether the duty says without delay"),
        Column("delay_minutes", Kind.INTEGER, "Delay the duty sets, missing where it is no number", nullable=True, low=0),
        Column("due_at", Kind.TIME, "By when it must be done; missing without a number, or where it expired", nullable=True),
        Column("stories", Kind.INTEGER, "Stories that trigger it", low=1),
        Column("evidence", Kind.TEXTS, "Mention ids that trigger it, the first first", holds=Holds.MENTIONS),
    ),
)

DETECTIONS = Table(
    name="detections",
    doc="One row a detection: what was looked at, and whether it was enough to say anything.",
    key=("cutoff",),
    columns=(
        Column("cutoff", Kind.TIME, "Publications before this instant were looked at"),
        Column("as_of", Kind.TIME, "What was known at this instant"),
        Column("version", Kind.TEXT, "Version of the verb and its settings"),
        Column("stories", Kind.INTEGER, "Stories looked at, of the period and its past", low=0),
        Column("tests", Kind.INTEGER, "Tests made", low=0),
        Column("enough_data", Kind.FLAG, "Whether there was enough to say anything"),
    ),
)

JOURNAL = Table(
    name="journal",
    doc="One row something done about a signal; it only grows.",
    key=("event_id",),
    append_only=True,
    columns=(
        Column("event_id", Kind.TEXT, "Id, the same when the same detection runs again"),
        Column("at", Kind.TIME, "When: the cut-off of the detection, or when a person acted"),
        Column("by", Kind.TEXT, "`veille` or the person"),
        Column("act", Kind.TEXT, "What was done", choices=tuple(Act)),
        Column("signal_id", Kind.TEXT, "The signal"),
        Column("level", Kind.INTEGER, "Its level then", nullable=True, low=1, high=4),
        Column("note", Kind.TEXT, "The decision, the judgement, why; where a reply stands, nobody named", holds=Holds.QUOTE),
    ),
)

SURGES = Table(
    name="surges",
    doc="One row a subject or topic and detection: spoken of far more than its habit, and not ill: a finding, no alarm.",
    key=("subject", "topic_id", "cutoff"),
    columns=(
        Column("subject", Kind.TEXT, "Id of the subject"),
        Column("topic_id", Kind.TEXT, "The topic; the empty text where it is the whole subject"),
        Column("cutoff", Kind.TIME, "Publications before this instant were looked at"),
        Column("as_of", Kind.TIME, "What was known at this instant"),
        Column("version", Kind.TEXT, "Version of the verb and its settings"),
        Column("window_days", Kind.INTEGER, "Length of the window that shows it best, in days", low=1),
        Column("day", Kind.TEXT, "Last local day of that window, ISO 8601"),
        Column("stories", Kind.INTEGER, "Stories in that window", low=0),
        Column("expected_stories", Kind.REAL, "Stories its habit expects there", low=0),
        Column("p_value", Kind.REAL, "Tail probability of so many", low=0, high=1),
        Column("negative_share", Kind.REAL, "Share of bad stories, corrected by the error rates of the reading", low=0, high=1),
        Column("negative_share_low", Kind.REAL, "Lower end of its interval", low=0, high=1),
        Column("negative_share_high", Kind.REAL, "Upper end of its interval", low=0, high=1),
        Column("evidence", Kind.TEXTS, "Mention ids of the window, one a story", holds=Holds.MENTIONS),
    ),
)
