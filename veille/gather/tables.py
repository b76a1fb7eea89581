"""What the gather room keeps: how each source did at each gather, and the dates of the organisation's own calendars."""

from __future__ import annotations

from enum import StrEnum

from veille.contract import Column, Kind, Table


class Verdict(StrEnum):
    """How a source is, judged by its own past."""

    OK = "ok"
    EMPTY = "empty"
    LOW = "low"
    HIGH = "high"
    BROKEN = "broken"
    DEFECT = "defect"


SOURCE_HEALTH = Table(
    name="source_health",
    doc="One row a source and gather: what it was asked, what it gave, how it is.",
    key=("source", "at"),
    append_only=True,
    columns=(
        Column("source", Kind.TEXT, "Id of the source in watch.yml"),
        Column("at", Kind.TIME, "Start of the gather"),
        Column("asked", Kind.INTEGER, "Addresses asked", low=0),
        Column(
            "unchanged", Kind.INTEGER, "Of these, addresses where nothing changed since the last time", nullable=True, low=0
        ),
        Column("received", Kind.INTEGER, "Mentions received", low=0),
        Column("new", Kind.INTEGER, "Of these, not known before", low=0),
        Column("updated", Kind.INTEGER, "Of these, changed since", low=0),
        Column("refused", Kind.INTEGER, "Entries that cannot be mentions", low=0),
        Column("not_modified", Kind.FLAG, "Whether nothing changed at any address"),
        Column("seconds", Kind.REAL, "How long it took, in seconds", low=0),
        Column("error", Kind.TEXT, "What failed, one sentence", nullable=True),
        Column("unfilled_from", Kind.TIME, "Start of what it can no longer give: missing, and staying so", nullable=True),
        Column("unfilled_until", Kind.TIME, "End of what it can no longer give", nullable=True),
        Column("verdict", Kind.TEXT, "How it is, judged by its own past", choices=tuple(Verdict)),
    ),
)

CALENDAR = Table(
    name="calendar",
    doc="One row an event of a calendar file or feed that `calendar` in watch.yml names, as the last gather found it.",
    key=("entry", "day", "title"),
    columns=(
        Column("entry", Kind.TEXT, "The file or address, as watch.yml has it"),
        Column("day", Kind.TEXT, "Local day of the event, `2026-11-18`"),
        Column("title", Kind.TEXT, "Its name"),
        Column("seen_at", Kind.TIME, "Start of the gather that first found it"),
    ),
)
