"""What the topics room keeps: topics as of each update, what happened to them, and which mention is in which."""

from __future__ import annotations

from enum import StrEnum

from veille.contract import Column, Holds, Kind, Table


class Level(StrEnum):
    """How fine a topic is."""

    FINE = "fine"
    COARSE = "coarse"


class Origin(StrEnum):
    """What holds a topic together."""

    MEANING = "meaning"
    AFFAIR = "affair"
    QUESTION = "question"


class TopicStatus(StrEnum):
    """Whether people still talk about it."""

    ACTIVE = "active"
    DORMANT = "dormant"
    MERGED = "merged"


class Act(StrEnum):
    """What happened to a topic; the first five by the machine, merge, split and the others by people."""

    BIRTH = "birth"
    MERGE = "merge"
    SPLIT = "split"
    DEATH = "death"
    REVIVAL = "revival"
    RENAME = "rename"
    IGNORE = "ignore"
    WATCH = "watch"
    UNDO = "undo"


TOPICS = Table(
    name="topics",
    doc="One row a topic and update: the topic as it stood at that cut-off.",
    key=("topic_id", "cutoff"),
    columns=(
        Column("topic_id", Kind.TEXT, "Stable id over updates"),
        Column("cutoff", Kind.TIME, "Publications before this instant were looked at"),
        Column("as_of", Kind.TIME, "What was known at this instant"),
        Column("version", Kind.TEXT, "Version of the verb and its settings"),
        Column("inputs", Kind.TEXT, "Fingerprint of the stories that were looked at"),
        Column("level", Kind.TEXT, "Fine or coarse", choices=tuple(Level)),
        Column("parent_id", Kind.TEXT, "Coarse topic that holds it", nullable=True),
        Column("status", Kind.TEXT, "Whether people still talk about it", choices=tuple(TopicStatus)),
        Column(
            "origin",
            Kind.TEXT,
            "What holds it together: likeness, words that burst, or a question that a message answers",
            nullable=True,
            choices=tuple(Origin),
        ),
        Column("title", Kind.TEXT, "Name a person can read; the analyst's where one was given", holds=Holds.QUOTE),
        Column("words", Kind.TEXTS, "Its most telling words, first the most telling", holds=Holds.WORDS),
        Column("stories", Kind.INTEGER, "Stories in the window", low=0),
        Column("mentions", Kind.INTEGER, "Mentions in the window", low=0),
        Column("born_at", Kind.TIME, "Publication of its first mention"),
        Column("last_at", Kind.TIME, "Publication of its last mention"),
        Column("listed_at", Kind.TIME, "Cut-off at which it first had stories enough to be shown", nullable=True),
        Column("ignored", Kind.FLAG, "Whether a person asked not to be shown it"),
        Column("watched", Kind.FLAG, "Whether a person asked to be told of it"),
        Column("representatives", Kind.TEXTS, "Mention ids that show it best and differ from each other", holds=Holds.MENTIONS),
        Column("centroid", Kind.VECTOR, "Direction of the mean of its stories' vectors, a unit vector"),
        Column("cohesion", Kind.REAL, "Length of that mean: 1 where all stories say the same", low=0, high=1),
    ),
)

TOPIC_EVENTS = Table(
    name="topic_events",
    doc="One row something that happened to a topic; undo is a counter-event.",
    key=("event_id",),
    append_only=True,
    columns=(
        Column("event_id", Kind.TEXT, "Id, the same when the same update runs again"),
        Column("at", Kind.TIME, "When it happened: the cut-off of the update, or when a person acted"),
        Column("by", Kind.TEXT, "`veille` or the person"),
        Column("act", Kind.TEXT, "What happened", choices=tuple(Act)),
        Column("topic_id", Kind.TEXT, "The topic it happened to"),
        Column("others", Kind.TEXTS, "The other topics concerned, or the event undone"),
        Column("note", Kind.TEXT, "The new name, or why", holds=Holds.QUOTE),
        Column("query", Kind.TEXT, "The words that a person gave, a query", nullable=True, holds=Holds.QUOTE),
        Column(
            "mentions",
            Kind.TEXTS,
            "Evidence: the mentions it shows in, or that a person gave as examples or parted",
            holds=Holds.MENTIONS,
        ),
        Column(
            "mention_topics",
            Kind.TEXTS,
            "Where a person parted a topic: the topic that each of `mentions` goes to",
            holds=Holds.BESIDE,
        ),
        Column("shared_mentions", Kind.INTEGER, "Mentions that the two topics have in common", nullable=True, low=0),
        Column("known_mentions", Kind.INTEGER, "Mentions of the one that went, or came out", nullable=True, low=0),
        Column("similarity", Kind.REAL, "Cosine of the two topics' centroids", nullable=True, low=-1, high=1),
    ),
)

ASSIGNMENTS = Table(
    name="assignments",
    doc="One row a mention and update: the topic it was in at that cut-off.",
    key=("mention_id", "cutoff"),
    columns=(
        Column("mention_id", Kind.TEXT, "The mention", holds=Holds.MENTION),
        Column("cutoff", Kind.TIME, "Cut-off of the update"),
        Column("topic_id", Kind.TEXT, "Fine topic"),
        Column("coarse_topic_id", Kind.TEXT, "Coarse topic", nullable=True),
        Column("similarity", Kind.REAL, "Cosine of its vector with the topic's centroid", low=-1, high=1),
    ),
)
