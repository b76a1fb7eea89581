"""What is kept of relevance: one verdict a mention and subject, with its reason as a code that any language can say."""

from __future__ import annotations

from enum import StrEnum

from veille.contract import Column, Holds, Kind, Table
from veille.labels import Relevance


class Reason(StrEnum):
    """Why a mention is, or is not, about the subject whose query it matches."""

    NOTHING_AGAINST = "nothing_against"
    OFFICIAL_ACCOUNT = "official_account"
    OWN_SITE = "own_site"
    OTHER_EXPRESSION = "other_expression"
    OTHER_CONTEXT = "other_context"
    DOUBTFUL_CONTEXT = "doubtful_context"
    SPAM_OFFER = "spam_offer"
    TAG_HIJACK = "tag_hijack"
    MASS_OFFER = "mass_offer"
    LEARNED = "learned"
    PERSON = "person"


RELEVANCE = Table(
    name="relevance",
    doc="One row a mention and subject whose query it matches: whether it is about the subject, and why not.",
    key=("mention_id", "subject"),
    columns=(
        Column("mention_id", Kind.TEXT, "The mention", holds=Holds.MENTION),
        Column("subject", Kind.TEXT, "Id of the subject whose query it matches"),
        Column("version", Kind.TEXT, "Version of what judged: rules, the watch's names and accounts, labels learned from"),
        Column("text_hash", Kind.TEXT, "SHA-256, hex, of the text that was judged (title and lead)"),
        Column(
            "verdict", Kind.TEXT, "Whether it is about the subject; all but `relevant` is set aside", choices=tuple(Relevance)
        ),
        Column("reason", Kind.TEXT, "Code of the reason", choices=tuple(Reason)),
        Column("detail", Kind.TEXT, "What the reason rests on: words found, a host, a network; may be empty"),
        Column("probability", Kind.REAL, "Probability that the verdict is right", low=0, high=1),
    ),
)
