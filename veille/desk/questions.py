"""The public's questions: what people ask of the organisation, how many ask it, and whether an approved answer stands."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import pandas as pd

from veille.contract import Column, Kind, Table
from veille.period import Period
from veille.store import Store
from veille.watch import Watch


class Answered(StrEnum):
    """Whether an approved message answers a question."""

    ANSWERED = "answered"
    EXPIRED = "expired"
    NOT_PUBLIC = "not_public"
    UNANSWERED = "unanswered"


ASKED = Table(
    name="asked",
    doc="One row a question, the most asked first; computed when it is asked for, never stored.",
    key=("question_id",),
    columns=(
        Column(
            "question_id", Kind.TEXT, "Id: of the message that it is the matter of, else of the mention that asked it first"
        ),
        Column("question", Kind.TEXT, "As a message has it, else word for word as one mention asks it: not masked"),
        Column("quoted", Kind.FLAG, "Whether the question is a mention's own words, the first of `evidence`"),
        Column("language", Kind.TEXT, "ISO 639-1 code of the question, `und` where it cannot be told"),
        Column("status", Kind.TEXT, "Whether an approved message answers it", choices=tuple(Answered)),
        Column("message_id", Kind.TEXT, "That message, also where it expired or is not public", nullable=True),
        Column("owners", Kind.TEXTS, "Ids of the people it is asked of where no answer may be given; empty where one may"),
        Column("mentions", Kind.INTEGER, "Mentions that ask it, copies too", low=1),
        Column("stories", Kind.INTEGER, "Stories that ask it: copies count once", low=1),
        Column("voices", Kind.INTEGER, "Distinct authors, publishers where a source names none", low=1),
        Column(
            "reach", Kind.REAL, "People who may have seen it, at least; missing where no source tells", nullable=True, low=0
        ),
        Column("first_asked", Kind.TIME, "Its first mention of the period"),
        Column("last_asked", Kind.TIME, "Its last mention of the period"),
        Column("evidence", Kind.TEXTS, "Ids of all mentions that ask it, one a story first, the most telling first"),
    ),
)


def asked(watch: Watch, store: Store, as_of: datetime, period: Period) -> pd.DataFrame:
    """Return the questions that the public asks of the organisation in a period, the most asked first.

    Parameters
    ----------
    watch
        Its `messages` answer; its subjects with role `self` are asked (all subjects, where none has it).
    store
        Mentions that were read.
    as_of
        What was known at this instant.
    period
        Days whose publications are looked at.

    Returns
    -------
    pandas.DataFrame
        Rows of `ASKED`: by voices, then by reach. Without `messages` every question is `unanswered`, and
        whether an answer was approved cannot be checked (`watch.messages` is empty: say so).
    """
    return ASKED.empty()
