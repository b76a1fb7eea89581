"""What happened to topics, as sentences: each birth, merge, split and end with the figures that explain it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from veille.language import Language
from veille.topics.tables import Act

_MACHINE = "veille"


def chronicle(events: pd.DataFrame, titles: pd.Series, language: Language) -> pd.Series:
    """Return one sentence an event.

    Parameters
    ----------
    events
        TOPIC_EVENTS rows without undos, as `topics.history` returns them.
    titles
        Title by topic id; a topic without one is told by its id alone.
    language
        Language of the sentences.

    Returns
    -------
    pandas.Series
        In the order of the events.
    """
    told = [_sentence(row, titles, language) for row in events.to_dict("records")]
    return pd.Series(told, index=events.index, dtype="str")


def _sentence(row: Mapping[Any, Any], titles: pd.Series, language: Language) -> str:
    def named(topic: str) -> str:
        title = titles.get(topic, "")
        return language.say("“{title}” ({topic})", title=title, topic=topic) if title else topic

    values: dict[str, object] = {
        "day": language.day(row["at"].date()),
        "who": row["by"],
        "topic": named(row["topic_id"]),
        "others": ", ".join(named(str(other)) for other in row["others"]),
        "title": row["note"],
        "shared": _number(row["shared_mentions"], language),
        "known": _number(row["known_mentions"], language),
    }
    machine = row["by"] == _MACHINE
    match Act(row["act"]):
        case Act.BIRTH:
            return language.say("{day}: {topic} appeared.", **values)
        case Act.SPLIT if machine:
            return language.say(
                "{day}: {others} came out of {topic}; of its earlier mentions, {shared} of {known} were there.", **values
            )
        case Act.SPLIT:
            return language.say("{day}: {who} parted {topic}; of its mentions, {shared} of {known} went to {others}.", **values)
        case Act.MERGE if machine:
            return language.say(
                "{day}: {others} became part of {topic}; of its mentions, {shared} of {known} are there.", **values
            )
        case Act.MERGE:
            return language.say("{day}: {who} merged {others} into {topic}.", **values)
        case Act.DEATH:
            return language.say("{day}: {topic} was closed, nobody spoke of it any more.", **values)
        case Act.REVIVAL:
            return language.say("{day}: {topic} is spoken of again.", **values)
        case Act.RENAME:
            return language.say("{day}: {who} gave {topic} the name “{title}”.", **values)
        case Act.IGNORE:
            return language.say("{day}: {who} set {topic} aside.", **values)
        case _:
            return language.say("{day}: {who} asked to be told of {topic}.", **values)


def _number(value: object, language: Language) -> str:
    return "?" if value is None or pd.isna(value) else language.number(float(value))  # type: ignore[call-overload,arg-type]
