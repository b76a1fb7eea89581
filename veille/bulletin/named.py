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
from veille.reading import entities
from veille.reading.entities import EntityKind
from veille.reading.tables import Tone

if TYPE_CHECKING:
    from veille.period import Period
    from veille.store import Store
    from veille.watch import Watch

NAMES_SHOWN = 6
NAMES_OF_KIND = 15
MOST_TEXTS = 200
"""Texts whose names one edition reads: more would make it seconds slower."""
# What one story names may be a mistake of the reading.
_FEWEST_STORIES = 2


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
    The organisation itself is left out, and who may not be told (`entities.public`).
    """
    told = _told(watch, store, material.week)

    def shown(rows: pd.DataFrame) -> tuple[str, ...]:
        return tuple(_counted(rows, hide)["name"].head(NAMES_SHOWN))

    return (
        tuple(topic.model_copy(update={"named": shown(told[told["topic_id"] == topic.topic_id])}) for topic in topics),
        tuple(signal.model_copy(update={"named": shown(_of_signal(told, signal))}) for signal in signals),
    )


def who_is_named(
    watch: Watch, store: Store, material: Material, hide: Callable[[str], str], language: Language
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return for people, organisations and places a heading and lines, each of a name and the week's stories that name it.

    Who is told is as for `with_names`, over all stories of the week that were read for names; the most stories first, at most
    15 of a kind.
    """
    told = _told(watch, store, material.week)
    headings = {
        EntityKind.PERSON: language.say("People"),
        EntityKind.ORGANISATION: language.say("Organisations"),
        EntityKind.PLACE: language.say("Places"),
    }
    groups = []
    for kind, heading in headings.items():
        counted = _counted(told[told["kind"] == kind.value], hide).head(NAMES_OF_KIND)
        lines = tuple(
            f"{name} · {language.say_many('{count} story', '{count} stories', int(stories))}"
            for name, stories in counted[["name", "stories"]].to_numpy().tolist()
        )
        groups += [(heading, lines)] if lines else []
    return tuple(groups)


def _told(watch: Watch, store: Store, week: pd.DataFrame) -> pd.DataFrame:
    """Return who is named in the mentions of a week and may be told, with `story_id` and `topic_id`."""
    told = entities.public(watch, store, week).merge(week[["mention_id", "story_id", "topic_id"]], on="mention_id")
    selves = {watch.organisation, *(subject.name for subject in watch.subjects if str(subject.role) == "self")}
    return told[~told["name"].isin(selves)]


def _counted(told: pd.DataFrame, hide: Callable[[str], str]) -> pd.DataFrame:
    """Return `name` and `stories` of those named in stories enough, the most stories first."""
    counted = told.groupby("name").agg(stories=("story_id", "nunique"), own=("own", "max")).reset_index()
    counted = counted[(counted["stories"] >= _FEWEST_STORIES) | counted["own"].astype(bool)]
    counted = counted.sort_values(["stories", "name"], ascending=[False, True])
    # A placeholder says nothing in a list of names.
    return counted[counted["name"].astype(str).map(lambda name: hide(name) == name).astype(bool)]


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
