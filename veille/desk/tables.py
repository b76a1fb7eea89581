"""What the desk keeps: which situation reports were made, and what each of them said, so that the next says what changed."""

from __future__ import annotations

from veille.contract import Column, Holds, Kind, Table
from veille.desk.lines import PageKind

SITREPS = Table(
    name="sitreps",
    doc="One row a situation report that was made: what it said, in keys and values of no language.",
    key=("signal_id", "at"),
    append_only=True,
    columns=(
        Column("signal_id", Kind.TEXT, "The signal"),
        Column("at", Kind.TIME, "The moment it is true of"),
        Column("by", Kind.TEXT, "Who made it; `veille` where nobody is named"),
        Column("number", Kind.INTEGER, "1 for the first of a signal", low=1),
        Column(
            "kind", Kind.TEXT, "A report of an open signal, or the closing one", choices=(PageKind.SITREP, PageKind.CLOSING)
        ),
        Column("level", Kind.INTEGER, "Level of the signal then", low=1, high=4),
        Column("cutoff", Kind.TIME, "Cut-off of the detection that it rests on"),
        Column("next_at", Kind.TIME, "When the next one is due; missing where none is", nullable=True),
        Column("statements", Kind.TEXTS, "What it said, a name each"),
        Column("said", Kind.TEXTS, "The value of each, in step with `statements`: figures, ids and digests, no words"),
        Column("shown", Kind.TEXTS, "Mention ids that it cited", holds=Holds.MENTIONS),
    ),
)
