"""Who is told, how, within how long, and when they are at work."""

from __future__ import annotations

import datetime as dt
import re
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, field_validator, model_validator

from veille.watch.values import (
    AsTuple,
    Day,
    Duration,
    Model,
    Office,
    OfficeHours,
    Slug,
    Span,
    Text,
    TimeSpan,
    Variable,
    WebAddress,
    WeekMoment,
    WeekTime,
    problem,
)

LEVELS = (1, 2, 3, 4)
"""1 follow, 2 vigilance, 3 alert, 4 critical, to be qualified."""


_MAIL = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]+")


class Absence(Model):
    """Local days on which a person is away or on call, first and last inclusive."""

    first: Day
    last: Day


def _absence(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    first, _, last = value.partition("/")
    try:
        days = dt.date.fromisoformat(first.strip()), dt.date.fromisoformat((last or first).strip())
    except ValueError:
        raise problem(f"“{value}” is not a span of days", "write it like 2026-12-24/2027-01-02") from None
    if days[0] > days[1]:
        raise problem(f"“{value}” ends before it starts", "write the first day, /, the last day")
    return {"first": days[0], "last": days[1]}


class Person(Model):
    """Someone who acts on signals or owns an objective."""

    id: Slug = Field(description="Short name that `owner`, `to` and `deputy` refer to")
    name: Text = Field(default="", description="Name as it is printed; the id where it is left out")
    title: Text | None = Field(default=None, description="Function, as it is printed")
    deputy: Slug | None = Field(default=None, description="Id of the person told when this one does not acknowledge")
    mail: Text | None = Field(
        default=None, description="Mail address; alerts by mail go to it, and replies from it are this person's"
    )
    via: Annotated[tuple[Variable, ...], AsTuple] = Field(
        default=(),
        description="Environment variables that hold the addresses of this person's channels; those of the level where empty",
    )
    away: Annotated[tuple[Annotated[Absence, BeforeValidator(_absence)], ...], AsTuple] = Field(
        default=(), description="Days away, such as `2026-12-24/2027-01-02`, both inclusive"
    )
    on_call: Annotated[tuple[Annotated[Absence, BeforeValidator(_absence)], ...], AsTuple] = Field(
        default=(), description="Days on call, both inclusive: level 3 then reaches this person outside ring hours too"
    )

    @field_validator("mail")
    @classmethod
    def _mail_address(cls, value: str | None) -> str | None:
        if value is not None and not _MAIL.fullmatch(value):
            raise problem(f"“{value}” is not a mail address", "write an address such as name@example.org")
        return value

    @model_validator(mode="after")
    def _named(self) -> Person:
        if not self.name:
            object.__setattr__(self, "name", self.id)
        return self

    @property
    def label(self) -> str:
        """The name as it is printed."""
        return self.name

    def is_away(self, day: dt.date) -> bool:
        """Say whether the person is away on a local day."""
        return any(absence.first <= day <= absence.last for absence in self.away)

    def is_on_call(self, day: dt.date) -> bool:
        """Say whether the person is on call on a local day, and there."""
        return any(span.first <= day <= span.last for span in self.on_call) and not self.is_away(day)


class Hours(Model):
    """When people can be reached, in the watch's time zone."""

    office: Office = Field(
        default=OfficeHours((1, 2, 3, 4, 5), TimeSpan(dt.time(9), dt.time(18))),
        description="Office hours, `Mon-Fri 09:00-18:00`; delays below level 3 count them only",
    )
    ring: Span = Field(
        default=TimeSpan(dt.time(7), dt.time(22)),
        description="Hours in which level 3 may ring, `07:00-22:00`; level 4 always does",
    )
    holidays: str | None = Field(
        default=None, pattern="^[A-Z]{2}$", description="Country whose public holidays count as closed, ISO 3166, such as `FR`"
    )

    @field_validator("holidays")
    @classmethod
    def _known_country(cls, value: str | None) -> str | None:
        # Late: most watches that are loaded count no hours.
        from holidays import list_supported_countries

        if value is not None and value not in list_supported_countries():
            raise problem(f"the public holidays of “{value}” are not known", "write another country, or leave it out")
        return value


class Escalation(Model):
    """Who is told of a signal of one level, how and within how long."""

    to: Annotated[tuple[Slug, ...], AsTuple] = Field(default=(), description="Ids of the people told")
    via: Annotated[tuple[Variable, ...], AsTuple] = Field(
        default=(), description="Environment variables that hold the addresses of the channels; `delivery.mail` where empty"
    )
    send_within: Duration | None = Field(
        default=None, description="Longest time from detection to sending; none waits for the bulletin"
    )
    decide_within: Duration | None = Field(default=None, description="Longest time from sending to a decision")


ESCALATION_DEFAULTS: dict[int, Escalation] = {
    1: Escalation(to=("analyst",)),
    2: Escalation(to=("head_of_communication",), send_within=dt.timedelta(hours=4), decide_within=dt.timedelta(hours=24)),
    3: Escalation(to=("communication_director",), send_within=dt.timedelta(minutes=60), decide_within=dt.timedelta(hours=4)),
    4: Escalation(to=("general_management",), send_within=dt.timedelta(minutes=15), decide_within=dt.timedelta(hours=1)),
}
"""What holds for a level, or a key of it, that watch.yml leaves out."""


class Publish(StrEnum):
    """Whether a person releases an edition before it is sent."""

    REVIEW = "review"
    AUTO = "auto"


def _publish(value: Any) -> Any:
    if isinstance(value, str) and value not in list(Publish):
        raise problem(f"“{value}” is not a way to publish", "write review (a person releases it) or auto")
    return Publish(value) if isinstance(value, str) else value


class Reader(Model):
    """Who receives the bulletin by mail; an address alone is one too."""

    mail: Text = Field(description="Mail address")
    language: str | None = Field(
        default=None, description="Language of the mail, one of `languages`; the first of them where it is left out"
    )

    @field_validator("mail")
    @classmethod
    def _mail_address(cls, value: str) -> str:
        if not _MAIL.fullmatch(value):
            raise problem(f"“{value}” is not a mail address", "write an address such as name@example.org")
        return value


def _reader(value: Any) -> Any:
    return {"mail": value} if isinstance(value, str) else value


class Delivery(Model):
    """Where editions go."""

    mail: Variable | None = Field(default=None, description="Environment variable that holds the address of the mail server")
    readers: Annotated[tuple[Annotated[Reader, BeforeValidator(_reader)], ...], AsTuple] = Field(
        default=(),
        description="Mail addresses that receive the bulletin; `{mail: …, language: en}` for one who reads another language",
    )
    failures: Annotated[tuple[Text, ...], AsTuple] = Field(
        default=(), description="Mail addresses that are told when a run fails"
    )
    inbox: Variable | None = Field(
        default=None, description="Environment variable that holds the address of the mailbox where people reply to alerts"
    )
    heartbeat: Variable | None = Field(
        default=None,
        description="Environment variable that holds the address of a dead man's switch, asked for after each good `alerts`",
    )
    address: WebAddress | None = Field(
        default=None,
        description="Address at which the folder of the editions is served to readers; mails and cards then link to the page",
    )
    audience: Slug | None = Field(
        default=None,
        description="Audience whose files are mailed, given to chats and printed; the whole edition where left out",
    )
    cards: Annotated[tuple[Variable, ...], AsTuple] = Field(
        default=(),
        description="Environment variables that hold the addresses of chats (Teams, Slack…) that get a card of each edition",
    )
    pdf: bool | Text = Field(
        default=False, description="`true` prints each edition to `print.pdf`; a folder, `~/Partage`, gets a copy of it too"
    )
    publish: Annotated[Publish, BeforeValidator(_publish)] = Field(
        default=Publish.REVIEW,
        description="`review`: a person releases the draft; `auto`: it goes out at once, marked unreviewed",
    )
    publish_at: WeekMoment = Field(
        default=WeekTime(1, dt.time(8, 30)), description="When the edition is due, `Mon 08:30`, in the watch's time zone"
    )

    @field_validator("failures")
    @classmethod
    def _addresses(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        for value in values:
            if not _MAIL.fullmatch(value):
                raise problem(f"holds “{value}”, which is not a mail address", "write addresses such as name@example.org")
        return values
