"""What every source offers, whatever place it reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from veille.mention import Mention
from veille.sources.http import Client

if TYPE_CHECKING:
    from veille.watch import SourceSpec


State = dict[str, dict[str, str]]
"""What a source keeps between two runs: small texts, by place and name."""


@dataclass(frozen=True, slots=True)
class Span:
    """A span of times of publication.

    Parameters
    ----------
    since, until
        Its two ends, with offsets.
    """

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Refused:
    """Something a source delivered that cannot be a mention.

    Parameters
    ----------
    place
        Where it came from, fit to be printed.
    number
        Its number there, from 1.
    reason
        Why it is refused.
    row
        What it said, without its author.
    """

    place: str
    number: int
    reason: str
    row: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Fetched:
    """What one source delivered.

    Parameters
    ----------
    mentions
        Its mentions, in the order of the source.
    state
        What to hand to the next fetch; to be kept only after the mentions were.
    refused
        Entries that cannot be mentions.
    asked
        Addresses asked.
    unchanged
        Of these, addresses that said that nothing changed since the last time.
    errors
        One sentence for each address that failed; the others were read.
    warnings
        What a person should know.
    unfilled
        Spans that it can no longer give: what was said then is missing, and stays so.
    bounded
        Whether it kept to `limit` itself and remembers what it left out.
    """

    mentions: list[Mention]
    state: State
    refused: list[Refused] = field(default_factory=list)
    asked: int = 0
    unchanged: int = 0
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    unfilled: tuple[Span, ...] = ()
    bounded: bool = False

    @property
    def not_modified(self) -> bool:
        """Whether every address said that nothing changed."""
        return 0 < self.asked == self.unchanged


class Source(Protocol):
    """A place that mentions come from."""

    def fetch(self, spec: SourceSpec, state: State, as_of: datetime, client: Client) -> Fetched:
        """Return what is new at one source of a watch.

        Parameters
        ----------
        spec
            The source as watch.yml describes it.
        state
            What the last fetch left: small texts by address and name; empty the first time.
        as_of
            Start of the run; it becomes `gathered_at`.
        client
            The HTTP client to use.

        Raises
        ------
        SourceError
            Nothing at all could be read. Whatever else is raised counts as a defect of this code, and fails the command.
        """
        ...
