"""Whom the watch is about, and where what is said about them comes from."""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, field_validator, model_validator

from veille.errors import QueryError
from veille.query import Query, parse
from veille.watch.values import AsTuple, Duration, Model, Slug, Text, Texts, Variable, WebAddress, problem

GRADES = ("A", "B", "C", "D", "E", "F")
"""Admiralty code of a source: A completely reliable to E unreliable, F cannot be judged."""


class Role(StrEnum):
    """What a subject is to the organisation; it decides wording and recipients, never detection."""

    SELF = "self"
    COMPETITOR = "competitor"
    SECTOR = "sector"
    REGULATOR = "regulator"


class SourceType(StrEnum):
    """What sort of place a source is; the room above has a reader for each but `import`."""

    RSS = "rss"
    IMPORT = "import"


def _role(value: Any) -> Any:
    if isinstance(value, str) and value not in list(Role):
        raise problem(f"“{value}” is not a role", f"write one of {', '.join(Role)}")
    return Role(value) if isinstance(value, str) else value


class Subject(Model):
    """One organisation, person or theme that is watched."""

    id: Slug = Field(description="Short name, unique among subjects")
    name: Text = Field(default="", description="Name as readers know it; the id where it is left out")
    role: Annotated[Role, BeforeValidator(_role)] = Field(
        default=Role.SELF, description="`self`, `competitor`, `sector` or `regulator`"
    )
    query: Text = Field(description="Which mentions are about it, in Lucene syntax (see Queries)")

    @field_validator("query")
    @classmethod
    def _readable(cls, query: str) -> str:
        try:
            parse(query)
        except QueryError as error:
            raise problem(f"cannot be read: {error.message}", error.hint) from None
        return query

    @cached_property
    def predicate(self) -> Query:
        """The query, read."""
        return parse(self.query)

    @model_validator(mode="after")
    def _named(self) -> Subject:
        if not self.name:
            object.__setattr__(self, "name", self.id)
        return self

    @property
    def label(self) -> str:
        """The name as it is printed."""
        return self.name


class Rights(Model):
    """What may be shown of a source's texts."""

    fulltext: bool = Field(
        default=True, description="Whether whole texts may be kept in an edition; false keeps quotations only"
    )
    quote_max: int = Field(default=300, ge=0, le=10_000, description="Longest quotation, in characters")


def _type(value: Any) -> Any:
    if value not in list(SourceType):
        raise problem(
            f"“{value}” is not a type of source", "write rss for RSS and Atom feeds, or import for what `veille import` brings"
        )
    return SourceType(value)


def _grade(value: Any) -> Any:
    if isinstance(value, str) and value not in GRADES:
        raise problem(f"“{value}” is not a grade", "write one letter from A (reliable) to F (cannot be judged)")
    return value


class SourceSpec(Model):
    """One place that mentions come from."""

    id: Slug = Field(description="Short name, unique among sources; the `source` of its mentions")
    type: Annotated[SourceType, BeforeValidator(_type)] = Field(
        description="`rss` (RSS and Atom, gathered), or `import` for what only `veille import` brings"
    )
    urls: Annotated[tuple[WebAddress, ...], AsTuple] = Field(default=(), description="Addresses to read; needed by `rss`")
    queries: Texts = Field(default=(), description="What to search for, in the source's own syntax")
    accounts: Texts = Field(default=(), description="Accounts, channels or groups to read")
    server: WebAddress | None = Field(default=None, description="Address of the server, for networks that have several")
    token: Variable | None = Field(default=None, description="Environment variable that holds the access key")
    user: Variable | None = Field(default=None, description="Environment variable that holds the user name that goes with it")
    language: str | None = Field(default=None, pattern="^[a-z]{2}$", description="Language of what it publishes, ISO 639-1")
    publisher: Text | None = Field(default=None, description="Name of the outlet, where all its mentions have the same")
    every: Duration | None = Field(
        default=None, description="How often it is expected to publish; silence beyond it is a warning"
    )
    limit: int | None = Field(default=None, ge=1, description="Most mentions taken in one run")
    enabled: bool = Field(default=True, description="Whether it is gathered")
    grade: Annotated[str, BeforeValidator(_grade)] = Field(
        default="F", description="Admiralty letter of its reliability, A to F (F: cannot be judged)"
    )
    rights: Rights = Field(default=Rights(), description="What may be shown of its texts")
