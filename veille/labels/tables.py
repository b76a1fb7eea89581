"""What the labels room keeps: one event a label, later ones correct earlier ones."""

from __future__ import annotations

from enum import StrEnum

from veille.contract import Column, Holds, Kind, Table


class What(StrEnum):
    """What a label is about."""

    TONE = "tone"
    RELEVANCE = "relevance"


class Relevance(StrEnum):
    """Whether a mention that a query matches is really about the subject, and why not."""

    RELEVANT = "relevant"
    HOMONYM = "homonym"
    SPAM = "spam"
    OWN_ACCOUNT = "own_account"
    OFF_TOPIC = "off_topic"


WITHDRAWN = "withdrawn"
"""Value of the event that takes a label back."""

TONE_VALUES = ("negative", "neutral", "positive")

LABELS = Table(
    name="labels",
    doc="One row a label that a person gave to a mention; of several the latest counts.",
    key=("label_id",),
    append_only=True,
    columns=(
        Column("label_id", Kind.TEXT, "First 16 hex digits of SHA-256 over what was labelled, how, when and by whom"),
        Column("mention_id", Kind.TEXT, "The mention", holds=Holds.MENTION),
        Column(
            "subject",
            Kind.TEXT,
            "Subject that the label is about; missing where it is about the mention as such",
            nullable=True,
        ),
        Column("what", Kind.TEXT, "What the label says", choices=tuple(What)),
        Column(
            "value",
            Kind.TEXT,
            "The tone or relevance; `withdrawn` takes back what was said",
            choices=(*TONE_VALUES, *Relevance, WITHDRAWN),
        ),
        Column("at", Kind.TIME, "When it was given"),
        Column("by", Kind.TEXT, "Who gave it"),
        Column("note", Kind.TEXT, "Why", nullable=True),
        Column("read_as", Kind.TEXT, "What the machine had read when the person was asked", nullable=True),
        Column(
            "sampling_ratio",
            Kind.REAL,
            "Probability with which the mention was drawn; missing where it was not drawn",
            nullable=True,
            low=0,
            high=1,
        ),
    ),
)
