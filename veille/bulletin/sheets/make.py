"""A page of the desk marked, cut to what its reader may read, and its sentences joined to the quotations they rest on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from veille.bulletin import marking as rules
from veille.bulletin.base import Marking, highest
from veille.bulletin.marking import least
from veille.bulletin.own_words import hide_terms
from veille.bulletin.sheets.cite import cited
from veille.bulletin.sheets.fit import fit
from veille.bulletin.sheets.types import Part, Sentence, Sheet
from veille.bulletin.types import Evidence
from veille.desk.lines import Line, Page
from veille.language import Language
from veille.masking import CONFIDENTIAL
from veille.signals import SIGNALS, SignalKind
from veille.typography import closed, cut

if TYPE_CHECKING:
    from veille.store import Store
    from veille.watch import Watch

QUOTE_SHOWN = 150
"""Characters of a quotation on a page of one sheet."""
# An entry that says itself who may read it is as open as it says; a rule and a part of the strategy never are.
_OWN_WORD = ("message", "date of the calendar")


def sheet_of(page: Page, watch: Watch, store: Store, terms: tuple[str, ...], ceiling: Marking = Marking.RED) -> Sheet:
    """Return the page as it is printed.

    Parameters
    ----------
    page
        As the desk composed it.
    watch, store
        The watch and its memory.
    terms
        Confidential terms.
    ceiling
        The highest marking that its reader may read: what is above it, or rests on mentions that are, is left out.
    """
    language, leaked = Language(page.language), leaked_mentions(store, page)
    wanted = [one for line in page.lines for one in line.evidence]
    evidence, mentions = cited(watch, store, page.as_of, wanted, terms, leaked, language)
    evidence = _marked_evidence(watch, evidence, mentions, leaked)
    own = _own_markings(watch)
    numbers: dict[str, int] = {}
    parts = []
    for block in page.blocks:
        told = (_sentence(line, own, evidence, ceiling) for line in block.lines)
        kept = [one for one in told if one.marking.rank <= ceiling.rank]
        for one in kept:
            for mention_id in one.evidence:
                numbers.setdefault(mention_id, len(numbers) + 1)
        kept = [one.model_copy(update={"numbers": tuple(numbers[each] for each in one.evidence)}) for one in kept]
        if kept:
            parts.append(Part(name=block.name, title=block.title, sentences=tuple(kept)))
    quoted = {one: _shortened(evidence[one]) for one in numbers}
    sentences = [one for part in parts for one in part.sentences]
    sheet = Sheet(
        kind=page.kind.value,
        language=page.language,
        organisation=watch.organisation,
        timezone=watch.timezone,
        title=page.title,
        about=page.about,
        as_of=page.as_of,
        marking=highest(least("level"), *(one.marking for one in sentences), *(one.marking for one in quoted.values())),
        common=_common([one.marking for one in sentences]),
        common_evidence=_common([one.marking for one in quoted.values()]),
        level=page.level,
        facts=page.facts,
        parts=tuple(parts),
        signal=f"signals {page.signal_id}" if page.signal_id else "",
        gaps=page.gaps,
        note=page.note,
        evidence={},
    )
    hidden: Sheet = hide_terms(sheet, terms)
    # The mentions cited are known by their ids; only what they say is looked at.
    return fit(hidden.model_copy(update={"evidence": {one: hide_terms(item, terms) for one, item in quoted.items()}}))


def leaked_mentions(store: Store, page: Page) -> frozenset[str]:
    """Return the mentions that a leak rests on, as far as they were known when the page was made."""
    rows = store.load(SIGNALS, ["kind", "evidence", "as_of"], [("as_of", "<=", pd.Timestamp(page.as_of))])
    return frozenset(rows.loc[rows["kind"] == SignalKind.LEAK.value, "evidence"].explode().dropna().astype(str))


def _sentence(line: Line, own: dict[str, Marking], evidence: dict[str, Evidence], ceiling: Marking) -> Sentence:
    # What its reader may not read is not cited; a sentence that rested on that alone is left out with it.
    cites = tuple(one for one in line.evidence if one in evidence and evidence[one].marking.rank <= ceiling.rank)
    marking = _marking(line, own)
    if CONFIDENTIAL in f"{line.text} {line.lead} {line.answer}":
        marking = highest(marking, least("signal"))
    if line.evidence and not cites and any(one in evidence for one in line.evidence):
        marking = Marking.RED
    return Sentence(
        text=line.text, lead=line.lead, tag=line.tag, answer=line.answer, proofs=line.proofs,
        given=line.part == "question with a public answer", alarming=line.alarming, assumed=line.assumed, evidence=cites,
        sources=tuple(_sources(line)), marking=marking,
    )  # fmt: skip


def _marking(line: Line, own: dict[str, Marking]) -> Marking:
    given = [own[ref] for ref in line.of if ref in own]
    if given and line.part in _OWN_WORD:
        return highest(*given)
    return highest(least(line.part), *given)


def _own_markings(watch: Watch) -> dict[str, Marking]:
    """Return the marking of each entry of watch.yml that has one, by its name in `Line.of`."""
    dated = {
        f"calendar.{one.date}.{one.title}": Marking(str(one.tlp))
        for one in watch.calendar
        if one.date is not None and one.tlp is not None
    }
    parts = (
        ("strategy", rules.of_strategy(watch)), ("rules", rules.of_rules(watch)), ("messages", rules.of_messages(watch)),
        ("subjects", rules.of_subjects(watch)),
    )  # fmt: skip
    return dated | {f"{name}.{key}": marking for name, markings in parts for key, marking in markings.items()}


def _sources(line: Line) -> Iterator[str]:
    for ref in line.of:
        part, _, rest = ref.partition(".")
        if part == "subjects":
            continue
        yield part if part == "calendar" or not rest else f"{part} {rest}"


def _marked_evidence(
    watch: Watch, evidence: dict[str, Evidence], mentions: pd.DataFrame, leaked: frozenset[str]
) -> dict[str, Evidence]:
    by_subject = rules.of_subjects(watch)
    subjects = dict(zip(mentions["mention_id"], mentions["subjects"], strict=True))

    def marking(one: str, item: Evidence) -> Marking:
        if one in leaked or CONFIDENTIAL in item.quote:
            return least("mention that quotes a confidential term")
        # A mention of several subjects is as open as the least restricted of them; one of none is nobody's business.
        markings = [by_subject[subject] for subject in subjects.get(one, ()) if subject in by_subject]
        return min(markings, key=lambda each: each.rank, default=least("subject of another role"))

    return {one: item.model_copy(update={"marking": marking(one, item)}) for one, item in evidence.items()}


def _common(markings: list[Marking]) -> Marking:
    """Return the marking that most have, the more restricted where two share the first place."""
    return max(markings, key=lambda one: (markings.count(one), one.rank), default=Marking.AMBER)


def _shortened(item: Evidence) -> Evidence:
    return item.model_copy(update={"quote": closed(cut(item.quote, QUOTE_SHOWN)).replace("……", "…")})
