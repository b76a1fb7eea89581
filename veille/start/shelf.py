"""The list of what can be proposed to anybody: searches that need no key, and feeds of the press."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, ValidationError

from veille.errors import UsageError
from veille.watch.sources import GRADES
from veille.watch.values import AsTuple, Model, Slug, Text, WebAddress
from veille.watch.yaml import read_yaml

OURS = Path(__file__).with_name("feeds.yml")
"""The list that comes with veille."""


class Asks(StrEnum):
    """What a search is asked for."""

    WORDS = "words"
    HASHTAG = "hashtag"


def _asks(value: object) -> object:
    return Asks(value) if isinstance(value, str) and value in list(Asks) else value


Grade = Annotated[str, Field(pattern=f"^[{''.join(GRADES)}]$")]
Language = Annotated[str, Field(pattern="^[a-z]{2}$")]


class Search(Model):
    """A search of a network that needs no key."""

    id: Slug
    type: Text
    asks: Annotated[Asks, BeforeValidator(_asks)] = Asks.WORDS
    server: WebAddress | None = None
    languages: Annotated[tuple[Language, ...], AsTuple] = ()
    grade: Grade = "F"


class PressFeed(Model):
    """The feed of a newspaper, a radio or a channel."""

    id: Slug
    name: Text
    url: WebAddress
    language: Language
    scope: Literal["national", "regional"] = "national"
    grade: Grade = "F"


class Shelf(Model):
    """All that can be proposed."""

    searches: Annotated[tuple[Search, ...], AsTuple] = ()
    press: Annotated[tuple[PressFeed, ...], AsTuple] = ()


def load_shelf(file: Path = OURS) -> Shelf:
    """Read a list of proposals.

    Raises
    ------
    UsageError
        The file cannot be read, or something in it is wrong.
    """
    content = read_yaml(file)
    try:
        return Shelf.model_validate(content.plain)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise UsageError(f"{file}: {place}: {first['msg']}", "write it as veille/start/feeds.yml is") from None
