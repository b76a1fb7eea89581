"""What a page of the desk is made of before it is marked and printed: sentences, each with what it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from veille.typography import cut


class PageKind(StrEnum):
    """Which page it is."""

    BRIEF = "brief"
    SITREP = "sitrep"
    CLOSING = "closing"


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence, with what it rests on.

    Parameters
    ----------
    text
        The sentence, confidential terms and handles hidden.
    part
        Which part of a bulletin it is for its marking, as `veille.bulletin.marking` names them.
    of
        What of watch.yml or of the journal it rests on, such as `messages.m1`; its own markings count.
    evidence
        Ids of the mentions it rests on, the most telling first.
    lead
        Words that stand before it, in bold.
    tag
        What is to be known of it at a glance, after it.
    answer, proofs
        Of a question: the approved answer, word for word, and what supports it.
    alarming
        Whether its lead and tag call for attention.
    assumed
        Whether it is the software's deduction and no fact.
    """

    text: str
    part: str
    of: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    lead: str = ""
    tag: str = ""
    answer: str = ""
    proofs: str = ""
    alarming: bool = False
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """One part of a page: its short name, its title, its lines."""

    name: str
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the desk in one language, as yet without markings and quotations.

    Parameters
    ----------
    kind, language
        Which page, and its language.
    title, about
        The heading, and the line under it.
    as_of, looked_at
        The moment it is true of, and the cut-off of the last detection known then; None where there is none.
    day
        The local day that answers, rules and absences are looked at for.
    level
        The level that the organisation acts on, 0 to 4; None where nothing was ever looked at.
    facts
        Name and value of what stands in the band.
    blocks
        Its parts.
    gaps
        What cannot be checked, a sentence each.
    note
        What stands at its foot.
    subjects
        Ids of the subjects it speaks of.
    signal_id
        Of a report: its signal.
    """

    kind: PageKind
    language: str
    title: str
    about: str
    as_of: datetime
    looked_at: datetime | None
    day: date
    level: int | None
    facts: tuple[tuple[str, str], ...]
    blocks: tuple[Block, ...]
    gaps: tuple[str, ...] = ()
    note: str = ""
    subjects: tuple[str, ...] = ()
    signal_id: str = ""

    @property
    def lines(self) -> Iterator[Line]:
        """Every line, in the order of the page."""
        return (line for block in self.blocks for line in block.lines)


def sentence(text: str, length: int) -> str:
    """Return a text in at most so many characters, ended as a sentence is."""
    told = cut(text.strip(), length)
    return told if told.endswith((".", "…", "!", "?")) else f"{told}."
