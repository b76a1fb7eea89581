"""What people did about editions before and when they were released. It only grows."""

from __future__ import annotations

from enum import StrEnum

from veille.contract import Column, Holds, Kind, Table


class ReviewAct(StrEnum):
    """What a person did about an edition."""

    WITHHELD = "withheld"
    ORDERED = "ordered"
    RELEASED = "released"
    UNDO = "undo"


REVIEWS = Table(
    name="reviews",
    doc="One row an act of a person on an edition: what was withheld or put in another order, and its release.",
    key=("event_id",),
    append_only=True,
    columns=(
        Column("event_id", Kind.TEXT, "Id, the same when the same is done again"),
        Column("at", Kind.TIME, "When"),
        Column("by", Kind.TEXT, "Who"),
        Column("act", Kind.TEXT, "What", choices=tuple(ReviewAct)),
        Column("week", Kind.TEXT, "ISO week of the edition"),
        Column("run_id", Kind.TEXT, "Run that was released; the empty text for other acts"),
        Column(
            "items", Kind.TEXTS, "`signal:ID` or `finding:ID` of what was withheld or comes first; the event an undo takes back"
        ),
        Column("note", Kind.TEXT, "Reason, or the analyst's word of a release", holds=Holds.QUOTE),
    ),
)
