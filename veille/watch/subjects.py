"""Whom the watch is about."""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, field_validator, model_validator

from veille.errors import QueryError
from veille.query import Query, parse
from veille.watch.values import Marking, Model, Slug, Text, problem


class Role(StrEnum):
    """What a subject is to the organisation; it decides wording and recipients, never detection."""

    SELF = "self"
    COMPETITOR = "competitor"
    SECTOR = "sector"
    REGULATOR = "regulator"


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
    tlp: Marking | None = Field(
        default=None,
        description="Who may know that it is watched; where it is left out TLP:CLEAR for `self`, else TLP:AMBER",
    )

    @field_validator("query")
    @classmethod
    def _readable(cls, query: str) -> str:
        try:
            fields = parse(query).fields
        except QueryError as error:
            raise problem(f"cannot be read: {error.message}", error.hint) from None
        if "picture" in fields:
            # Subjects are told when mentions are stored, before any picture was looked at.
            raise problem("asks for picture:, which is for `veille search`", "leave picture: out of the queries of subjects")
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
