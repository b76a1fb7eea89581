"""What the organisation wants, says and must obey: what a mention is weighed against."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from veille.watch.values import AsTuple, Day, Marking, Model, Slug, Text, Texts, WebAddress, problem, web_address


class StrategicItem(Model):
    """One objective, decision or red line."""

    id: Slug = Field(description="Short name, unique among objectives, decisions and red lines")
    title: Text = Field(description="What it is, as it is printed")
    weight: int = Field(default=5, ge=1, le=5, description="How much it matters, 1 to 5")
    due: Day | None = Field(default=None, description="Day on which it is decided or due")
    assumptions: Texts = Field(default=(), description="What it takes for granted; a mention may call it into question")
    terms: Texts = Field(default=(), description="Words and phrases that show a mention concerns it; a trailing * makes a stem")
    owner: Slug | None = Field(default=None, description="Id of the person it belongs to")
    tlp: Marking | None = Field(default=None, description="Its TLP marking; TLP:AMBER where it is left out (see audiences)")


class Strategy(Model):
    """What can be contributed to, bent or called into question."""

    objectives: Annotated[tuple[StrategicItem, ...], AsTuple] = Field(default=(), description="What the organisation aims at")
    decisions: Annotated[tuple[StrategicItem, ...], AsTuple] = Field(default=(), description="Decisions to come")
    red_lines: Annotated[tuple[StrategicItem, ...], AsTuple] = Field(default=(), description="What must not happen")

    @property
    def items(self) -> tuple[StrategicItem, ...]:
        """Objectives, then decisions, then red lines."""
        return self.objectives + self.decisions + self.red_lines


class Rule(Model):
    """A duty in force, and what starts it."""

    id: Slug = Field(description="Short name, unique among rules")
    title: Text = Field(description="Name of the rule, such as RGPD art. 33")
    duty: Text | None = Field(default=None, description="What must be done, within how long")
    trigger: Texts = Field(default=(), description="Words and phrases that start the duty")
    source: Text | None = Field(default=None, description="Where the rule stands")
    valid_until: Day | None = Field(default=None, description="Last day on which it holds")
    tlp: Marking | None = Field(default=None, description="Its TLP marking; TLP:AMBER where it is left out (see audiences)")


class Voice(Model):
    """How the organisation speaks."""

    values: Texts = Field(default=(), description="What it stands for")
    tone: Text | None = Field(default=None, description="How it sounds")
    never: Texts = Field(default=(), description="Words and phrases it never uses")


def _calendar(value: Any) -> Any:
    """Let a path be; an address must be one, and hold no password."""
    if isinstance(value, str) and "://" in value:
        web_address(value.replace("webcal://", "https://", 1))
    return value


Calendar = Annotated[Text, BeforeValidator(_calendar)]


class CalendarEntry(Model):
    """A dated event, or where dated events are read: exactly one of `date`, `ics` and `rss`."""

    date: Day | None = Field(default=None, description="Day of the event")
    title: Text | None = Field(default=None, description="What happens; needed with `date`")
    ics: Calendar | None = Field(
        default=None, description="Calendar file, relative to watch.yml, or its address (https, http or webcal)"
    )
    rss: WebAddress | None = Field(default=None, description="Feed of the organisation's own press releases")
    tlp: Marking | None = Field(default=None, description="Its TLP marking; TLP:AMBER where it is left out (see audiences)")

    @model_validator(mode="after")
    def _one_form(self) -> CalendarEntry:
        if sum(value is not None for value in (self.date, self.ics, self.rss)) != 1:
            raise problem("needs exactly one of date, ics and rss", "write {date: 2026-11-18, title: …}")
        if self.date is not None and self.title is None:
            raise problem("has a date and no title", "write {date: 2026-11-18, title: …}")
        return self


class Message(Model):
    """An approved answer to a question of the public."""

    id: Slug = Field(description="Short name, unique among messages")
    question: Text = Field(description="The question, as the public asks it")
    answer: Text = Field(description="The answer, as it may be given")
    proofs: Texts = Field(default=(), description="What supports it")
    audience: Slug = Field(default="public", description="Who may be given it; one of `audiences`")
    valid_until: Day | None = Field(default=None, description="Last day on which it may be given")
    tlp: Marking | None = Field(
        default=None, description="Its TLP marking; that of its audience where it is left out (see audiences)"
    )


SITES = ("site", "web", "website", "blog")
"""Networks of `accounts` whose handle is the host of a page of the organisation."""


class Account(Model):
    """An official account of the organisation."""

    network: Slug = Field(description="Network, such as mastodon")
    handle: Text = Field(description='Handle, in quotes: `"@aquilon@example.org"`')


class Confidential(Model):
    """What must not leave."""

    terms_file: Text | None = Field(
        default=None, description="File of terms to hide and to watch for leaks, one a line; relative to watch.yml"
    )
