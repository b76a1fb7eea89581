"""What editions owe to people: a mail or a card, written before it is sent. Attempts are rows of `deliveries`."""

from __future__ import annotations

from enum import StrEnum

from veille.contract import Column, Kind, Table


class Parcel(StrEnum):
    """What is owed."""

    BULLETIN = "bulletin"
    CARD = "card"
    FAILURE = "failure"


OUTGOING = Table(
    name="outgoing",
    doc="One row a mail or card that is owed about an edition: it is written before anything is sent.",
    key=("outgoing_id",),
    append_only=True,
    columns=(
        Column(
            "outgoing_id", Kind.TEXT, "Id, the same when the same is owed again; `alert_id` of its attempts in `deliveries`"
        ),
        Column("kind", Kind.TEXT, "What it is", choices=tuple(Parcel)),
        Column("week", Kind.TEXT, "ISO week it speaks of"),
        Column("run_id", Kind.TEXT, "Run whose files are sent; the empty text of a failure that has none"),
        Column(
            "target",
            Kind.TEXT,
            "Digest of a mail address of `delivery`, or the variable of a chat; empty where nobody is named",
        ),
        Column("said", Kind.TEXT, "What a failure notice says, masked; the empty text for others"),
        Column("queued_at", Kind.TIME, "When it was written here"),
    ),
)
