"""The public's questions: what people ask of the organisation, how many ask it, and whether an approved answer stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

import pandas as pd

from veille.contract import Column, Kind, Table
from veille.desk import answers
from veille.desk.questions_asking import asking
from veille.desk.questions_groups import Grouped, grouped
from veille.desk.questions_owners import owners
from veille.desk.vectors import remembering
from veille.mention import MentionKind, Resemblance
from veille.period import Period
from veille.reading import READINGS
from veille.reading.relevance import remaining, set_aside
from veille.reading.texts import clean, cut
from veille.store import Store
from veille.watch import Message, Watch

MOST_STORIES: Final = 3000
"""Stories whose questions are grouped: of more, the latest."""
LEAD_CHARACTERS: Final = 280
_KINDS = (MentionKind.POST.value, MentionKind.COMMENT.value, MentionKind.REVIEW.value, MentionKind.REPOST.value)
_COUNTERS = ["views", "author_followers", "shares", "likes"]
_COLUMNS = [
    "mention_id",
    "kind",
    "source",
    "publisher",
    "author",
    "published_at",
    "title",
    "text",
    "subjects",
    "resembles",
    *_COUNTERS,
]
# Lengths in characters between which a question reads well by itself.
_SHORT, _LONG = 40, 180
_ADDRESSED = re.compile(r"^(?:[\s.:,;!?–-]|[@#][\w.-]+(?:@[\w.-]+)?)+")


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
        Column("question_id", Kind.TEXT, "Id: of the message whose matter it is, else of the mention that asked it first"),
        Column("question", Kind.TEXT, "As a message has it, else word for word as one mention asks it: not masked"),
        Column("quoted", Kind.FLAG, "Whether the question is a mention's own words, the first of `evidence`"),
        Column("language", Kind.TEXT, "ISO 639-1 code of the question, `und` where it cannot be told"),
        Column("status", Kind.TEXT, "Whether an approved message answers it", choices=tuple(Answered)),
        Column("message_id", Kind.TEXT, "That message, also where it expired or is not public", nullable=True),
        Column("owners", Kind.TEXTS, "Ids of the people it is asked of where no answer may be given; empty where one may"),
        Column("mentions", Kind.INTEGER, "Mentions that ask it, copies too", low=1),
        Column("stories", Kind.INTEGER, "Stories that ask it: copies count once", low=1),
        Column("voices", Kind.INTEGER, "Distinct authors, publishers where a source names none", low=1),
        Column("reach", Kind.REAL, "People who may have seen it, at least; missing where none is told", nullable=True, low=0),
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
        Days whose publications are looked at; an answer holds or not on the last of them, or on the day of `as_of` before it.

    Returns
    -------
    pandas.DataFrame
        Rows of `ASKED`: by voices, then by reach. Without `messages` every question is `unanswered`, and whether an answer
        was approved cannot be checked: say so where `watch.messages` is empty.

    Raises
    ------
    StoreError
        The store cannot be read.
    """
    mentions = _asking(watch, store, as_of, period)
    if mentions.empty:
        return ASKED.empty()
    stories = mentions.sort_values(["published_at", "mention_id"]).drop_duplicates("story_id").tail(MOST_STORIES)
    stories = stories.reset_index(drop=True)
    found = _grouped(watch, stories)
    stories = stories.assign(group=found.group, message=found.message, likeness=found.likeness)
    stories = stories.loc[stories["group"] >= 0]
    members = mentions.merge(stories[["story_id", "group", "likeness"]], on="story_id")
    if members.empty:
        return ASKED.empty()
    today = min(period.last, as_of.astimezone(ZoneInfo(watch.timezone)).date())
    table = _counted(members)
    message = stories.groupby("group")["message"].first()
    given = [None if place < 0 else watch.messages[place] for place in message.reindex(table.index)]
    status = [_status(one, today) for one in given]
    shown = _shown(members).reindex(table.index)
    asked_of = owners(watch, members[["group", "asked"]], today).reindex(table.index)
    table = table.assign(
        question=[one.question if one else str(words) for one, words in zip(given, shown["words"], strict=True)],
        quoted=[one is None for one in given],
        language=shown["language"],
        status=status,
        message_id=pd.Series([one.id if one else None for one in given], index=table.index, dtype="object"),
        question_id=[one.id if one else str(first) for one, first in zip(given, table["first"], strict=True)],
        owners=asked_of.where(pd.Series(status, index=table.index) != Answered.ANSWERED, other=None),
        evidence=_evidence(members, shown),
    )
    table = table.drop(columns="first").sort_values(
        ["voices", "reach", "stories", "question_id"], ascending=[False, False, False, True], na_position="last"
    )
    return ASKED.check(table)


def _asking(watch: Watch, store: Store, as_of: datetime, period: Period) -> pd.DataFrame:
    """Return the mentions of the period that ask the organisation something: `asked`, their asking sentences."""
    frame = store.mentions(as_of, period, _COLUMNS)
    frame = frame.loc[frame["kind"].isin(_KINDS) & (frame["published_at"] >= pd.Timestamp(period.start))]
    # Who passes for the organisation asks nothing of it.
    frame = frame.loc[frame["resembles"].isna() | (frame["resembles"] == Resemblance.SAME)]
    frame = remaining(frame, set_aside(store, as_of, frame))
    mine = [subject.id for subject in watch.subjects if subject.role == "self"] or [one.id for one in watch.subjects]
    frame = frame.loc[frame["subjects"].explode().isin(mine).groupby(level=0).any().reindex(frame.index, fill_value=False)]
    sentences = asking(frame["title"].fillna("") + "\n" + frame["text"].fillna(""))
    frame = frame.assign(asked=sentences).loc[sentences.str.len() > 0]
    read = store.load(READINGS, ["mention_id", "story_id", "language"])
    frame = frame.merge(read, on="mention_id", how="left")
    return frame.assign(story_id=frame["story_id"].fillna(frame["mention_id"]), language=frame["language"].fillna("und"))


def _grouped(watch: Watch, stories: pd.DataFrame) -> Grouped:
    own = [subject.name for subject in watch.subjects if subject.role == "self" and subject.name]
    names = dict.fromkeys([watch.organisation, *own])
    texts = cut(clean(stories["asked"].map(" ".join)), LEAD_CHARACTERS)
    return grouped(texts.tolist(), watch.messages, remembering(watch), tuple(names))


def _status(message: Message | None, today: date) -> Answered:
    if message is None:
        return Answered.UNANSWERED
    if not answers.given(message):
        return Answered.NOT_PUBLIC
    return Answered.ANSWERED if answers.holds(message, today) else Answered.EXPIRED


def _counted(members: pd.DataFrame) -> pd.DataFrame:
    """Return one row a group: how often, by how many, seen by how many, from when to when."""
    told = members.sort_values(["published_at", "mention_id"])
    voice = told["author"].fillna(told["publisher"]).fillna(told["source"])
    seen = told[_COUNTERS].astype("float64").max(axis=1, skipna=True)
    told = told.assign(voice=voice, seen=seen)
    by = told.groupby("group")
    return pd.DataFrame(
        {
            "mentions": by.size(),
            "stories": by["story_id"].nunique(),
            "voices": by["voice"].nunique(),
            "reach": by["seen"].sum(min_count=1),
            "first_asked": by["published_at"].min(),
            "last_asked": by["published_at"].max(),
            "first": by["mention_id"].first(),
        }
    )


def _shown(members: pd.DataFrame) -> pd.DataFrame:
    """Return for each group the mention that asks it best: nearest to what all ask, in words that read well; its own words."""
    words = members["asked"].map(_best)
    length = words.str.len()
    rank = members.assign(words=words, far=~length.between(_SHORT, _LONG), copy=members["kind"].eq(MentionKind.REPOST.value))
    rank = rank.sort_values(
        ["far", "copy", "likeness", "published_at", "mention_id"], ascending=[True, True, False, True, True], kind="stable"
    )
    return rank.drop_duplicates("group").set_index("group")[["mention_id", "words", "language"]]


def _best(sentences: Sequence[str]) -> str:
    """Return the longest of some asking sentences that still reads well, without the handles before it."""
    bare = [_ADDRESSED.sub("", sentence) or sentence for sentence in sentences]
    fitting = [sentence for sentence in bare if len(sentence) <= _LONG]
    return max(fitting or bare, key=len)


def _evidence(members: pd.DataFrame, shown: pd.DataFrame) -> pd.Series:
    """Return the mentions of each group: the one that is shown, then one a story by likeness, then the copies."""
    told = members.sort_values(["likeness", "published_at", "mention_id"], ascending=[False, True, True])
    told = told.assign(
        other=told["mention_id"].ne(told["group"].map(shown["mention_id"])), copy=told.duplicated(["group", "story_id"])
    )
    told = told.sort_values(["other", "copy"], kind="stable")
    return told.groupby("group")["mention_id"].agg(list)
