"""What the reading room keeps: one reading a mention, one embedding a text."""

from __future__ import annotations

from enum import StrEnum

from veille.contract import Column, Holds, Kind, Table


class Tone(StrEnum):
    """How a mention speaks; `not_read` where the tone model does not know the language."""

    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"
    NOT_READ = "not_read"


class ReadBy(StrEnum):
    """Who said how a mention speaks."""

    MODEL = "model"
    ADAPTED = "adapted"
    PERSON = "person"


READINGS = Table(
    name="readings",
    doc="One row a mention: what it says, as read by one version of the models.",
    key=("mention_id",),
    columns=(
        Column("mention_id", Kind.TEXT, "The mention", holds=Holds.MENTION),
        Column("version", Kind.TEXT, "Version of the models that read it"),
        Column("text_hash", Kind.TEXT, "SHA-256, hex, of the text that was embedded (title and lead)"),
        Column("language", Kind.TEXT, "ISO 639-1 code, `und` where it cannot be told"),
        Column("language_probability", Kind.REAL, "Probability of that language", low=0, high=1),
        Column(
            "story_id",
            Kind.TEXT,
            "Id of the mention that founded its story (itself where it is the first)",
            holds=Holds.FOUNDER,
        ),
        Column(
            "story_similarity",
            Kind.REAL,
            "Cosine of shingles with the mention it was joined to, 1 for a founder",
            low=0,
            high=1,
        ),
        Column("tone", Kind.TEXT, "How it speaks", choices=tuple(Tone)),
        Column("p_negative", Kind.REAL, "Probability that it is negative", nullable=True, low=0, high=1),
        Column("p_neutral", Kind.REAL, "Probability that it is neutral", nullable=True, low=0, high=1),
        Column("p_positive", Kind.REAL, "Probability that it is positive", nullable=True, low=0, high=1),
        Column("read_by", Kind.TEXT, "Who said so; missing is the model", nullable=True, choices=tuple(ReadBy)),
        Column("adaptation", Kind.TEXT, "Id of the adaptation, or of the label, that was used", nullable=True),
        Column("base_negative", Kind.REAL, "Probability before labels changed it", nullable=True, low=0, high=1),
        Column("base_neutral", Kind.REAL, "Probability before labels changed it", nullable=True, low=0, high=1),
        Column("base_positive", Kind.REAL, "Probability before labels changed it", nullable=True, low=0, high=1),
    ),
)

EMBEDDINGS = Table(
    name="embeddings",
    doc="One row a text and model: the text as a vector, cached by the text's hash.",
    key=("text_hash", "model"),
    columns=(
        Column("text_hash", Kind.TEXT, "SHA-256, hex, of the text", holds=Holds.TEXT_HASH),
        Column("model", Kind.TEXT, "Name of the embedding model"),
        Column("vector", Kind.VECTOR, "Unit vector"),
    ),
)

ADAPTATIONS = Table(
    name="adaptations",
    doc="One row a set of labels and version of the models: what they taught, and whether it is used.",
    key=("adaptation_id",),
    append_only=True,
    columns=(
        Column("adaptation_id", Kind.TEXT, "Head of the hash of the version and of the labels of tone"),
        Column("version", Kind.TEXT, "Version of the models it corrects"),
        Column("as_of", Kind.TIME, "What was known when it was first tried"),
        Column("kept", Kind.FLAG, "Whether it is used"),
        Column("reason", Kind.TEXT, "Why, or why not"),
        Column("labels", Kind.INTEGER, "Labels in all", low=0),
        Column("held_out", Kind.INTEGER, "Labels it was never fitted on", low=0),
        Column("log_loss_before", Kind.REAL, "Of the base model on the labels held out", nullable=True, low=0),
        Column("log_loss_after", Kind.REAL, "Of the correction there", nullable=True, low=0),
        Column("macro_f1_before", Kind.REAL, "Of the base model on the labels held out", nullable=True, low=0, high=1),
        Column("macro_f1_after", Kind.REAL, "Of the correction there", nullable=True, low=0, high=1),
        Column("gain", Kind.REAL, "Log loss saved a label, cross-fitted on the other labels", nullable=True),
        Column("weights", Kind.VECTOR, "Scale, three offsets, three weights a dimension of the vector"),
    ),
)
