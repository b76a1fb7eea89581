"""The whole of watch.yml, and what only shows when its sections are read together."""

from __future__ import annotations

import hashlib
import json
import zoneinfo
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PrivateAttr, model_validator
from pydantic_core import PydanticCustomError

from veille.watch.autonomy import AUTONOMY_LEVELS, Autonomy, completed
from veille.watch.detection import Detection
from veille.watch.images import Images
from veille.watch.people import ESCALATION_DEFAULTS, LEVELS, Delivery, Escalation, Hours, Person
from veille.watch.sources import SourceSpec
from veille.watch.strategy import Account, CalendarEntry, Confidential, Message, Rule, Strategy, Voice
from veille.watch.subjects import Subject
from veille.watch.tone import ToneModel
from veille.watch.topics import WatchedTopic
from veille.watch.values import AsTuple, Marking, Model, Slug, Text, Texts, Tlp, Variable, problem

REPORT_LANGUAGES = ("fr", "en")
"""Languages that bulletins are written in."""

Problem = tuple[tuple[str | int, ...], str, str]


class Privacy(Model):
    """How authors are protected."""

    key: Variable | None = Field(
        default=None,
        description="Environment variable that holds the key of the pseudonyms; without it one is made once in `state`",
    )
    retention_days: int = Field(default=365, ge=1, description="How long mentions are kept, in days")
    public_authors: Texts = Field(default=(), description="Handles that may be named, such as institutions and elected people")


class Embedding(Model):
    """How texts become vectors."""

    model: Text = Field(default="use-multilingual-v3", description="Name of the embedding model")


def _timezone(value: Any) -> Any:
    if isinstance(value, str):
        try:
            zoneinfo.ZoneInfo(value)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
            raise problem(f"“{value}” is not a time zone", "write an IANA name such as Europe/Paris") from None
    return value


def _language(value: Any) -> Any:
    if isinstance(value, str) and value not in REPORT_LANGUAGES:
        raise problem(f"“{value}” is not a language of the reports", f"write {' or '.join(REPORT_LANGUAGES)}")
    return value


def _local_folder(value: Any) -> Any:
    if isinstance(value, str) and "://" in value:
        raise problem("must be a folder of this machine", "write a path such as data/store")
    return value


def _level(value: Any) -> Any:
    number = int(value) if isinstance(value, str) and value.isdecimal() and len(value) == 1 else value
    if isinstance(number, bool) or number not in LEVELS:
        raise problem(f"“{value}” is not a level", "levels are 1, 2, 3 and 4")
    return number


def _autonomy_level(value: Any) -> Any:
    number = int(value) if isinstance(value, str) and value.isdecimal() and len(value) == 1 else value
    if isinstance(number, bool) or number not in AUTONOMY_LEVELS:
        raise problem(f"“{value}” is not a level", "levels are 0 (quiet), 1, 2, 3 and 4")
    return number


Folder = Annotated[Text, BeforeValidator(_local_folder)]


class Watch(Model):
    """What a user asked to be watched; attributes are named as the keys of watch.yml."""

    watch: Slug = Field(description="Short name of the watch, used for folders and files")
    organisation: Text = Field(description="Name of the organisation, as it is printed")
    languages: Annotated[tuple[Annotated[str, BeforeValidator(_language)], ...], AsTuple, Field(min_length=1)] = Field(
        default=("fr",), description="Languages of the reports, `fr` or `en`; the first is the main one"
    )
    timezone: Annotated[str, BeforeValidator(_timezone)] = Field(
        default="Europe/Paris", description="Time zone of days and weeks, IANA name"
    )
    store: Folder = Field(default="data/store", description="Folder of the tables, relative to watch.yml")
    state: Folder = Field(default="data/state", description="Folder of small state, locks and keys, always local")
    reports: Folder = Field(default="reports", description="Folder of the editions")
    subjects: Annotated[tuple[Subject, ...], AsTuple, Field(min_length=1)] = Field(
        description="Whom the watch is about; a mention may match several"
    )
    sources: Annotated[tuple[SourceSpec, ...], AsTuple] = Field(default=(), description="Places that mentions come from")
    topics: Annotated[tuple[WatchedTopic, ...], AsTuple] = Field(
        default=(), description="Topics to be told of, whether or not anybody speaks of them"
    )
    people: Annotated[tuple[Person, ...], AsTuple] = Field(
        default=(), description="Who acts; when given, every owner must be one of them"
    )
    hours: Hours = Field(default=Hours(), description="When people can be reached")
    strategy: Strategy = Field(default=Strategy(), description="What mentions are weighed against")
    rules: Annotated[tuple[Rule, ...], AsTuple] = Field(default=(), description="Duties in force")
    voice: Voice = Field(default=Voice(), description="How the organisation speaks")
    calendar: Annotated[tuple[CalendarEntry, ...], AsTuple] = Field(default=(), description="The organisation's dated events")
    messages: Annotated[tuple[Message, ...], AsTuple] = Field(default=(), description="Approved answers")
    accounts: Annotated[tuple[Account, ...], AsTuple] = Field(default=(), description="The official accounts")
    confidential: Confidential = Field(default=Confidential(), description="What must not leave")
    escalation: dict[Annotated[int, BeforeValidator(_level)], Escalation] = Field(
        default=ESCALATION_DEFAULTS, description="For each level, 1 to 4: who is told, how, within how long"
    )
    autonomy: dict[Annotated[int, BeforeValidator(_autonomy_level)], Autonomy] = Field(
        default={}, description="For each level, 0 to 4: what may be answered in public without asking, and whom to ask"
    )
    delivery: Delivery = Field(default=Delivery(), description="Where editions go")
    audiences: dict[Slug, Marking] = Field(
        default={"direction": Tlp.AMBER, "public": Tlp.CLEAR},
        description="For each audience, the highest TLP marking it may read",
    )
    privacy: Privacy = Field(default=Privacy(), description="How authors are protected")
    notebooks: Texts = Field(
        default=(), description="Notebooks run with each edition, relative to watch.yml; they land in the annex"
    )
    images: Images = Field(default=Images(), description="How the pictures of mentions are looked at")
    embedding: Embedding = Field(default=Embedding(), description="How texts become vectors")
    tone: ToneModel = Field(default=ToneModel(), description="Which model reads how a mention speaks")
    detection: Detection = Field(default=Detection(), description="Thresholds")

    _file: Path = PrivateAttr(default=Path("watch.yml"))

    @model_validator(mode="after")
    def _together(self) -> Watch:
        problems = list(self._problems())
        if problems:
            _, what, hint = problems[0]
            raise PydanticCustomError("veille_together", "{what}", {"what": what, "hint": hint, "problems": problems})
        # A level, or a key of it, that is left out keeps its default.
        merged = {level: _merged(ESCALATION_DEFAULTS[level], self.escalation.get(level)) for level in LEVELS}
        object.__setattr__(self, "escalation", merged)
        object.__setattr__(self, "autonomy", completed(self.autonomy, merged))
        return self

    def _problems(self) -> Iterator[Problem]:
        strategy = [("strategy", name) for name in ("objectives", "decisions", "red_lines")]
        yield from _doubled((("subjects", n), item.id) for n, item in enumerate(self.subjects))
        yield from _doubled((("sources", n), item.id) for n, item in enumerate(self.sources))
        yield from _doubled((("topics", n), item.id) for n, item in enumerate(self.topics))
        yield from _doubled((("people", n), item.id) for n, item in enumerate(self.people))
        yield from _doubled((("rules", n), item.id) for n, item in enumerate(self.rules))
        yield from _doubled((("messages", n), item.id) for n, item in enumerate(self.messages))
        yield from _doubled(
            ((*place, n), item.id) for place in strategy for n, item in enumerate(getattr(self.strategy, place[1]))
        )
        for n, source in enumerate(self.sources):
            for key, what, hint in source.missing():
                yield ("sources", n, key), what, hint
        if self.delivery.audience is not None and self.delivery.audience not in self.audiences:
            known = ", ".join(self.audiences)
            yield ("delivery", "audience"), f"“{self.delivery.audience}” is not one of audiences", f"audiences are {known}"
        for n, reader in enumerate(self.delivery.readers):
            if reader.language is not None and reader.language not in self.languages:
                what = f"“{reader.language}” is not one of languages"
                yield ("delivery", "readers", n, "language"), what, f"languages are {', '.join(self.languages)}"
        if len(set(self.languages)) < len(self.languages):
            yield ("languages",), "a language is listed twice", "list each once"
        if self.people:
            yield from self._unknown_people()

    def _unknown_people(self) -> Iterator[Problem]:
        known = {person.id for person in self.people}
        named: list[tuple[tuple[str | int, ...], str]] = []
        for section in ("objectives", "decisions", "red_lines"):
            for n, item in enumerate(getattr(self.strategy, section)):
                named += [(("strategy", section, n, "owner"), item.owner)] if item.owner else []
        for n, person in enumerate(self.people):
            named += [(("people", n, "deputy"), person.deputy)] if person.deputy else []
        if "escalation" in self.model_fields_set:
            for level, step in self.escalation.items():
                if "to" in step.model_fields_set:
                    named += [(("escalation", level, "to", n), name) for n, name in enumerate(step.to)]
        for level, leave in self.autonomy.items():
            named += [(("autonomy", level, "ask", n), name) for n, name in enumerate(leave.ask)]
        for place, name in named:
            if name not in known:
                yield place, f"“{name}” is not one of people", f"people are {', '.join(sorted(known))}"

    @property
    def file(self) -> Path:
        """Where it was read from."""
        return self._file

    @property
    def folder(self) -> Path:
        """The folder that relative paths start from."""
        return self._file.parent

    @property
    def store_path(self) -> Path:
        """Folder of the tables."""
        return self.resolve(self.store)

    @property
    def state_path(self) -> Path:
        """Folder of small state, locks and keys."""
        return self.resolve(self.state)

    @property
    def reports_path(self) -> Path:
        """Folder of the editions."""
        return self.resolve(self.reports)

    @property
    def confidential_path(self) -> Path | None:
        """File of confidential terms; None where there is none."""
        return self.resolve(self.confidential.terms_file) if self.confidential.terms_file else None

    @property
    def config_sha256(self) -> str:
        """SHA-256, hex, of everything the file says and every default it leaves, whatever its layout and comments."""
        content = json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()

    def resolve(self, path: str) -> Path:
        """Return a path of watch.yml; a relative one starts from the folder of the file."""
        return self.folder / Path(path).expanduser()

    def subject(self, id: str) -> Subject:  # noqa: A002 - named as its key
        """Return the subject of that id.

        Raises
        ------
        KeyError
            There is none.
        """
        for subject in self.subjects:
            if subject.id == id:
                return subject
        raise KeyError(id)

    def source(self, id: str) -> SourceSpec:  # noqa: A002 - named as its key
        """Return the source of that id.

        Raises
        ------
        KeyError
            There is none.
        """
        for source in self.sources:
            if source.id == id:
                return source
        raise KeyError(id)

    def person(self, id: str) -> Person | None:  # noqa: A002 - named as its key
        """Return the person of that id; None where there is none (`people` may be left out)."""
        return next((person for person in self.people if person.id == id), None)


def _merged(default: Escalation, given: Escalation | None) -> Escalation:
    if given is None:
        return default
    return default.model_copy(update={name: getattr(given, name) for name in given.model_fields_set})


def _doubled(ids: Iterator[tuple[tuple[str | int, ...], str]]) -> Iterator[Problem]:
    seen: set[str] = set()
    for place, name in ids:
        if name in seen:
            yield (*place, "id"), f"“{name}” is used twice", "give each its own id"
        seen.add(name)
