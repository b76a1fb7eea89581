"""One page of the desk as it is printed: every sentence marked, with the numbers of the quotations it rests on."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from veille.bulletin.base import Ids, Marked, Marking, Model, Text
from veille.bulletin.types import Evidence


class Sentence(Marked):
    """One sentence, marked."""

    text: Text
    lead: Text = ""
    tag: Text = ""
    answer: Text = Field("", description="The approved answer, word for word, or whom to ask for one")
    proofs: Text = ""
    given: bool = Field(False, description="Whether `answer` may be given to the public")
    alarming: bool = False
    assumed: bool = Field(False, description="A deduction of the software, no fact")
    evidence: Ids = Field((), description="Ids of the mentions it rests on, all of them quoted on the page")
    numbers: tuple[int, ...] = Field((), description="Their numbers on the page")
    sources: tuple[Text, ...] = Field((), description="What else it rests on: entries of watch.yml, the journal")


class Part(Model):
    """One part of the page."""

    name: Text
    title: Text
    sentences: tuple[Sentence, ...]


class Sheet(Model):
    """One page of the desk in one language."""

    kind: Literal["brief", "sitrep", "closing"]
    language: Text
    organisation: Text
    timezone: Text
    title: Text
    about: Text = ""
    as_of: datetime
    marking: Marking = Field(description="The highest of all it holds")
    common: Marking = Field(description="That of what bears none of its own on the page: the one that most sentences have")
    common_evidence: Marking = Field(description="The same of the quotations")
    left_out: int = Field(0, description="Sentences for which one sheet has no room")
    level: int | None = Field(ge=0, le=4, description="Null where nothing was ever looked at")
    facts: tuple[tuple[Text, Text], ...] = ()
    parts: tuple[Part, ...]
    signal: Text = Field("", description="Of a report: the signal that its sentences rest on where they cite nothing else")
    gaps: tuple[Text, ...] = Field((), description="What cannot be checked")
    note: Text = ""
    evidence: dict[str, Evidence]

    def to_json(self) -> str:
        """Return the page as data, the same text for the same page."""
        return self.model_dump_json(indent=2, by_alias=True) + "\n"
