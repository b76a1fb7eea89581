"""The page that lists past editions, with a search that needs no server: it opens from a folder as from a site.

The search is the one script of all pages that leadership reads; the page's policy allows it by its digest and nothing
else. Without scripts the page is a list whose details hold every word that the search would find.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from veille.bulletin.render import marking_words
from veille.bulletin.types import Marking, highest
from veille.edition.record import RunRecord
from veille.language import Language
from veille.masking import mask_terms
from veille.period import week
from veille.watch import Watch, confidential_terms

_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class Entry:
    """One week of the list."""

    week: str
    first: date
    last: date
    no_data: bool
    marking: Marking
    headline: str
    note: str
    state: str
    earlier: tuple[str, ...]
    lines: tuple[str, ...]


def archive_page(watch: Watch, editions: Sequence[tuple[Path, RunRecord]]) -> str:
    """Return the page of past editions.

    Parameters
    ----------
    watch
        The watch.
    editions
        Folder and run of each week that is shown, in the order of the list.
    """
    language, terms = Language(watch.languages[0]), confidential_terms(watch)
    entries = [_entry(folder, record, watch, language) for folder, record in editions]
    marking = highest(*(entry.marking for entry in entries))
    environment = Environment(loader=PackageLoader("veille.edition"), autoescape=True, undefined=StrictUndefined)
    style, script = ((_TEMPLATES / name).read_text(encoding="utf-8") for name in ("archive.css", "archive.js"))
    policy = f"default-src 'none'; style-src 'sha256-{_digest(style)}'; script-src 'sha256-{_digest(script)}'"
    return environment.get_template("index.html").render(
        organisation=mask_terms(watch.organisation, terms),
        lang=language,
        say=language.say,
        say_many=language.say_many,
        entries=entries,
        marking=marking,
        marking_words=marking_words(marking, language),
        policy=f"{policy}; base-uri 'none'; form-action 'none'",
        # Both are files of this room: nothing of a stranger is in them.
        style=Markup(style),  # noqa: S704
        script=Markup(script),  # noqa: S704
    )


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _entry(folder: Path, record: RunRecord, watch: Watch, language: Language) -> Entry:
    """Return what the list says of an edition; read as plain JSON, so that an edition of an older veille is listed too."""
    try:
        told: dict[str, Any] = json.loads((folder / "bulletin.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        told = {}
    edition, period = told.get("edition", {}), week(record.week, watch.timezone)
    named = ("findings", "decisions", "signals", "weak_signals", "topics")
    lines = [one.get("ask") or one.get("title", "") for name in named for one in told.get(name, [])]
    replaced = sorted(folder.parent.glob(f"{record.week}.[0-9]*"), key=lambda path: int(path.suffix[1:]), reverse=True)
    return Entry(
        week=record.week,
        first=period.first,
        last=period.last,
        no_data=edition.get("status") == "no_data",
        marking=Marking(told.get("marking", Marking.AMBER)),
        headline=told.get("headline", ""),
        note=edition.get("note", ""),
        state=_state(edition, watch.timezone, language),
        earlier=tuple(path.name for path in replaced),
        lines=tuple(dict.fromkeys(line for line in lines if line)),
    )


def _state(edition: dict[str, Any], timezone: str, language: Language) -> str:
    if edition.get("draft"):
        return language.say("Draft, not reviewed")
    if not edition.get("published_by"):
        return language.say("Not reviewed")
    name = language.say("Released by {name}", name=edition["published_by"])
    at = edition.get("published_at")
    return f"{name}, {language.moment(datetime.fromisoformat(at), timezone)}" if at else name
