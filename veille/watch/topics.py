"""Topics that the watch keeps an eye on, whether or not anybody speaks of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from veille.errors import QueryError
from veille.query import parse
from veille.watch.values import AsTuple, Model, Slug, Text, Texts, problem


def any_of(parts: Sequence[str]) -> str:
    """Return one query in Lucene syntax that a mention matches when it matches any of the parts."""
    return " OR ".join(f"({part})" if " " in part and len(parts) > 1 else part for part in parts)


def unfit(query: str) -> tuple[str, str] | None:
    """Return why a query cannot describe a topic, and what to write instead; None where it can.

    Topics are described by what their mentions say: not by who says it, nor by pictures, which nobody has looked at yet.
    """
    try:
        fields = parse(query).fields
    except QueryError as error:
        return f"cannot be read: {error.message}", error.hint
    if "author" in fields:
        return "asks who speaks", "write words that mentions of the topic hold"
    if "picture" in fields:
        return "asks for picture:, which is for `veille search`", "write words that mentions of the topic hold"
    return None


def _word(value: Any) -> Any:
    found = unfit(value) if isinstance(value, str) and value.strip() else None
    if found:
        raise problem(*found)
    return value


class WatchedTopic(Model):
    """One topic to be told of, however few speak of it."""

    id: Slug = Field(description="Short name, unique among topics; `t-` and it are the topic's id in commands and tables")
    title: Text = Field(description="Its name, as it is printed")
    words: Annotated[tuple[Annotated[Text, BeforeValidator(_word)], ...], AsTuple] = Field(
        default=(), description="Words or queries in Lucene syntax; a mention that matches any of them is of the topic"
    )
    examples: Texts = Field(default=(), description="Ids of mentions that it is like, as `veille search --json` tells them")

    @model_validator(mode="after")
    def _described(self) -> WatchedTopic:
        if not self.words and not self.examples:
            raise problem("is described by nothing", "write words: [grève, préavis], or examples")
        return self

    @property
    def topic_id(self) -> str:
        """Its id in the registry of topics; it stays when title, words or examples change."""
        # Ids that the registry gives hold no hyphen.
        return f"t-{self.id}"

    @property
    def query(self) -> str:
        """The words as one query; empty where there are none."""
        return any_of(self.words)
