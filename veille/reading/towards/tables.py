"""What is kept of the tone towards each subject of a mention that names several."""

from __future__ import annotations

from enum import StrEnum

from veille.contract import Column, Holds, Kind, Table
from veille.reading.tables import Tone


class Basis(StrEnum):
    """What a tone towards a subject was read in."""

    WHOLE_TEXT = "whole_text"
    CLAUSE = "clause"


SUBJECT_TONES = Table(
    name="subject_tones",
    doc="One row a mention and subject, of mentions that match several: how it speaks of that one; others are in READINGS.",
    key=("mention_id", "subject"),
    columns=(
        Column("mention_id", Kind.TEXT, "The mention", holds=Holds.MENTION),
        Column("subject", Kind.TEXT, "Id of the subject"),
        Column("version", Kind.TEXT, "Version of the models and of the subjects' names that read it"),
        Column("text_hash", Kind.TEXT, "SHA-256, hex, of the text of the mention, as in READINGS"),
        Column("tone", Kind.TEXT, "How it speaks of the subject", choices=tuple(Tone)),
        Column("p_negative", Kind.REAL, "Probability that it is negative", nullable=True, low=0, high=1),
        Column("p_neutral", Kind.REAL, "Probability that it is neutral", nullable=True, low=0, high=1),
        Column("p_positive", Kind.REAL, "Probability that it is positive", nullable=True, low=0, high=1),
        Column("basis", Kind.TEXT, "What it was read in", choices=tuple(Basis)),
    ),
)
