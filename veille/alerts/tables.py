"""What the alerts room keeps: messages owed to people, and each attempt to deliver them. Both only grow."""

from __future__ import annotations

from enum import StrEnum

from veille.contract import Column, Kind, Table


class Occasion(StrEnum):
    """Why a message is owed."""

    OPENED = "opened"
    RAISED = "raised"
    REOPENED = "reopened"
    PRESS_PICKUP = "press_pickup"
    CHANGED = "changed"
    UNACKNOWLEDGED = "unacknowledged"
    UNDELIVERED = "undelivered"
    CONFIRMATION = "confirmation"


class Outcome(StrEnum):
    """What became of one attempt to deliver a message, or of the message."""

    STARTED = "started"
    DELIVERED = "delivered"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


ALERTS = Table(
    name="alerts",
    doc="One row a message owed to a person about a signal: it is written before anything is sent.",
    key=("alert_id",),
    append_only=True,
    columns=(
        Column("alert_id", Kind.TEXT, "Id, the same when the same is found again"),
        Column("signal_id", Kind.TEXT, "The signal"),
        Column("opened_at", Kind.TIME, "When the signal was opened, or reopened: what was told before is another wave"),
        Column("occasion", Kind.TEXT, "Why it is owed", choices=tuple(Occasion)),
        Column("level", Kind.INTEGER, "Level that is handled: a competitor's is 2 at most", low=1, high=4),
        Column("press_pickup", Kind.FLAG, "Whether the press had taken it up"),
        Column("person", Kind.TEXT, "Id of the person, or a function where watch.yml lists no people"),
        Column("in_place_of", Kind.TEXT, "Id of the person in whose place; the empty text for nobody's"),
        Column("queued_at", Kind.TIME, "When it was written here"),
        Column("not_before", Kind.TIME, "First instant at which the person may be reached, by office or ring hours"),
        Column("due_at", Kind.TIME, "When it must have been sent"),
    ),
)

DELIVERIES = Table(
    name="deliveries",
    doc="One row an attempt: begun before something is sent, ended after; a begun one without end may have been delivered.",
    key=("alert_id", "route", "at", "outcome"),
    append_only=True,
    columns=(
        Column("alert_id", Kind.TEXT, "The message"),
        Column("route", Kind.TEXT, "Variable that holds the channel's address, and which of its targets; never the address"),
        Column("at", Kind.TIME, "When"),
        Column("outcome", Kind.TEXT, "What became of it", choices=tuple(Outcome)),
        Column("detail", Kind.TEXT, "Why it failed or was withdrawn, masked"),
        Column("message_id", Kind.TEXT, "Message-ID of a mail, the same at every attempt; the empty text elsewhere"),
    ),
)
