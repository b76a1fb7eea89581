"""Who is named in what the bulletin shows, and in which languages the tone could not be read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import pandas as pd
from babel import Locale

from veille.bulletin.material import Material, collect
from veille.bulletin.sections import shown_topics
from veille.bulletin.types import NotRead, Signal, Topic
from veille.language import Language
from veille.mention import MentionKind
from veille.reading import entities
from veille.reading.entities import EntityKind
from veille.reading.tables import Tone

if TYPE_CHECKING:
    from veille.period import Period
    from veille.store import Store
    from veille.watch import Watch

NAMES_SHOWN = 6
MOST_TEXTS = 200
"""Texts whose names one edition reads: more would make it seconds slower."""
# One newspaper may be mistaken about a person; two have decided that the name is public.
_FEWEST_PRESS = 2
# What one story names may be a mistake of the reading.
_FEWEST_STORIES = 2
_PRESS = (MentionKind.ARTICLE.value, MentionKind.TRANSCRIPT.value)


def find_names(watch: Watch, store: Store, as_of: datetime, period: Period) -> entities.EntitiesResult:
    """Read the names in what the bulletin of a period shows: the week's stories of its topics and signals, at most 200.

    Parameters
    ----------
    watch, store, as_of, period
        As for `compose`.
    """
    material = collect(watch, store, as_of, period)
    topics = {*shown_topics(material)["topic_id"], *material.signals["topic_id"].dropna()}
    cited = set(material.signals["evidence"].explode().dropna())
    week = material.week
    ids = week.loc[week["topic_id"].isin(topics) | week["mention_id"].isin(cited), "mention_id"]
    return entities.find(watch, store, as_of, period, ids, most=MOST_TEXTS)


def with_names(
    watch: Watch,
    store: Store,
    material: Material,
    topics: tuple[Topic, ...],
    signals: tuple[Signal, ...],
    hide: Callable[[str], str],
) -> tuple[tuple[Topic, ...], tuple[Signal, ...]]:
    """Return topics and signals with who is named in two of their stories of the week, the most stories first.

    Notes
    -----
    The organisation itself is left out, and a person whom fewer than two publishers of the press name and watch.yml does not.
    """
    week = material.week
    who = entities.named(watch, store, week["mention_id"])
    told = who.merge(
        week[["mention_id", "story_id", "topic_id", "publisher", "kind"]], on="mention_id", suffixes=("", "_of_mention")
    )
    selves = {watch.organisation, *(subject.name for subject in watch.subjects if str(subject.role) == "self")}
    told = told[~told["name"].isin(selves)]
    press = told[told["kind_of_mention"].isin(_PRESS)].groupby("name")["publisher"].nunique()
    public = told["own"].astype(bool) | (told["name"].map(press).fillna(0) >= _FEWEST_PRESS)
    told = told[public | (told["kind"] != EntityKind.PERSON.value)]

    def shown(rows: pd.DataFrame) -> tuple[str, ...]:
        counted = rows.groupby("name").agg(stories=("story_id", "nunique"), own=("own", "max")).reset_index()
        counted = counted[(counted["stories"] >= _FEWEST_STORIES) | counted["own"].astype(bool)]
        counted = counted.sort_values(["stories", "name"], ascending=[False, True])
        # A placeholder says nothing in a list of names.
        names = [name for name in counted["name"].astype(str) if hide(name) == name]
        return tuple(names[:NAMES_SHOWN])

    return (
        tuple(topic.model_copy(update={"named": shown(told[told["topic_id"] == topic.topic_id])}) for topic in topics),
        tuple(signal.model_copy(update={"named": shown(_of_signal(told, signal))}) for signal in signals),
    )


def _of_signal(told: pd.DataFrame, signal: Signal) -> pd.DataFrame:
    of_topic = told["topic_id"] == signal.topic_id if signal.topic_id else False
    return told[told["mention_id"].isin(list(signal.evidence)) | of_topic]


def build_not_read(week: pd.DataFrame, language: Language) -> tuple[NotRead, ...]:
    """Return how many mentions of the week have a tone that was not read, by language, the most first."""
    unread = week.loc[week["tone"] == Tone.NOT_READ.value, "language"].value_counts().reset_index()
    unread = unread.sort_values(["count", "language"], ascending=[False, True])
    return tuple(
        NotRead(language=code, name=_language_name(code, language), mentions=int(count))
        for code, count in unread[["language", "count"]].to_numpy().tolist()
    )


def _language_name(code: str, language: Language) -> str:
    if code == "und":
        return language.say("a language that cannot be told")
    return str(Locale.parse(language.locale).languages.get(code, code))


def said_not_read(items: Sequence[NotRead], language: Language) -> str:
    """Return the languages whose tone was not read as one sentence, empty where every tone was."""
    if not items:
        return ""
    listed = ", ".join(f"{item.name} ({language.number(item.mentions)})" for item in items)
    return language.say_many(
        "The tone of {count} mention was not read, and it is in no share: {languages}.",
        "The tone of {count} mentions was not read, and they are in no share: {languages}.",
        sum(item.mentions for item in items),
        languages=listed,
    )
