"""Every figure of a bulletin as rows: the last table of the page and `figures.csv`."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from io import StringIO
from itertools import groupby
from typing import Literal

from veille.bulletin.figures import change_pct
from veille.bulletin.types import Around, Bulletin, Marking, Voice
from veille.language import Language

# What a spreadsheet would read as the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True, slots=True)
class Row:
    """One figure.

    Parameters
    ----------
    section, name
        Where it stands on the page and what it is about.
    unit
        `count`, `share` (0 to 1) or `score` (0 to 100).
    value, low, high
        The figure and its 95 % interval; None where there is none.
    change, change_unit
        Against the week before, in per cent or in points.
    evidence
        Mention ids it rests on.
    measure
        What is measured of it, empty where the name says so.
    marking
        Who may read it: that of the item it stems from.
    """

    section: str
    name: str
    unit: Literal["count", "share", "score"]
    value: float | None
    low: float | None = None
    high: float | None = None
    change: float | None = None
    change_unit: Literal["pct", "points", ""] = ""
    evidence: tuple[str, ...] = ()
    measure: str = ""
    marking: Marking = Marking.AMBER

    @property
    def full_name(self) -> str:
        """Name and measure in one, for a row that stands alone."""
        return f"{self.name}, {self.measure}" if self.measure else self.name


def grouped(figures: Iterable[Row]) -> tuple[tuple[str, tuple[tuple[Row, ...], ...]], ...]:
    """Return the rows by section and then by what they are about, in their order: a page says each name once."""
    return tuple(
        (section, tuple(tuple(same) for _, same in groupby(part, key=lambda row: row.name)))
        for section, part in groupby(figures, key=lambda row: row.section)
    )


def rows(bulletin: Bulletin, language: Language) -> tuple[Row, ...]:
    """Return every figure, in the order of the page."""
    names = {
        "stories": language.say("Stories"),
        "negative_share": language.say("Negative share"),
        "share_of_voice": language.say("Share of voice"),
    }
    stories = language.say("stories")
    found: list[Row] = []
    for tile in bulletin.tiles:
        counted = tile.name == "stories"
        change = tile.change if tile.change is None or not counted else 100 * tile.change
        found.append(
            Row(
                language.say("Key figures"), names[tile.name], "count" if counted else "share",
                tile.value, tile.low, tile.high, change, "pct" if counted else "points", marking=tile.marking,
            )
        )  # fmt: skip
    for finding in bulletin.findings:
        share = finding.unit == "share"
        found.append(
            Row(
                language.say("Findings"), finding.title, "share" if share else "count", finding.value, None, None,
                finding.change_points if share else finding.change_pct, "points" if share else "pct", finding.evidence,
                "" if share else finding.counted, finding.marking,
            )
        )  # fmt: skip
    for signal in (*bulletin.signals, *bulletin.weak_signals):
        section = language.say("Weak signals") if signal.kind == "weak" else language.say("Signals")
        found += [
            Row(section, signal.title, "score", signal.score, signal.score_low, signal.score_high, evidence=signal.evidence,
                measure=language.say("crisis score"), marking=signal.marking),
            Row(section, signal.title, "count", signal.stories, measure=stories, marking=signal.marking),
            Row(section, signal.title, "count", signal.publishers, measure=language.say("publishers"), marking=signal.marking),
        ]  # fmt: skip
    for topic in bulletin.topics:
        found += [
            Row(language.say("Topics"), topic.title, "count", topic.stories, change=topic.change_pct, change_unit="pct",
                evidence=topic.evidence, measure=stories, marking=topic.marking),
            Row(language.say("Topics"), topic.title, "share", topic.negative_share, topic.low, topic.high,
                measure=language.say("negative share"), marking=topic.marking),
        ]  # fmt: skip
    for voice in bulletin.voices:
        about = language.say("Against competitors")
        found += [
            *_heard(voice, about, language),
            Row(about, voice.name, "share", voice.share, voice.share_low, voice.share_high, voice.share_change, "points",
                measure=names["share_of_voice"], marking=voice.marking),
        ]  # fmt: skip
    found += [row for one in bulletin.around for row in _heard(one, language.say("Regulators and sector"), language)]
    found += [
        Row(language.say("Relays"), relay.name, "count", relay.stories, marking=relay.marking) for relay in bulletin.relays
    ]
    found += [
        Row(language.say("Sources"), source.id, "count", source.received, marking=source.marking)
        for source in bulletin.method.sources
    ]
    return tuple(found)


def _heard(one: Voice | Around, section: str, language: Language) -> list[Row]:
    """Return the stories and the negative share of one subject."""
    change = change_pct(one.stories, one.stories_before)
    return [
        Row(section, one.name, "count", one.stories, change=change, change_unit="pct", measure=language.say("stories"),
            marking=one.marking),
        Row(section, one.name, "share", one.negative_share, one.negative_low, one.negative_high, one.negative_change, "points",
            measure=language.say("negative share"), marking=one.marking),
    ]  # fmt: skip


def figures_csv(bulletin: Bulletin, language: Language) -> str:
    """Return `figures.csv`: UTF-8, comma, one row a figure; no text cell can begin a formula."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["section", "name", "unit", "value", "low", "high", "change", "change_unit", "evidence", "marking"])
    for row in rows(bulletin, language):
        numbers = [
            "" if number is None else repr(round(float(number), 4)) for number in (row.value, row.low, row.high, row.change)
        ]
        writer.writerow(
            [
                safe(row.section),
                safe(row.full_name),
                row.unit,
                *numbers,
                row.change_unit,
                " ".join(row.evidence),
                row.marking.value,
            ]
        )
    return out.getvalue()


def safe(cell: str) -> str:
    """Return a text cell that a spreadsheet reads as text."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA) or cell.startswith(_FORMULA) else cell
