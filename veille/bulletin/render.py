"""render: a typed bulletin as one static page, without script and without any outside reference.

The page depends on the bulletin alone, so that the same inputs give the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, select_autoescape
from markupsafe import Markup

from veille.bulletin import charts
from veille.bulletin.checked import said_checked
from veille.bulletin.headline import giving
from veille.bulletin.labels import label_of, threshold_labels, threshold_value, tone_errors, version_labels
from veille.bulletin.named import said_not_read
from veille.bulletin.outlook import said_runs, said_spans
from veille.bulletin.policy import styled
from veille.bulletin.table import Row, grouped, rows
from veille.bulletin.types import Bulletin, Marked, Marking
from veille.bulletin.voice_chart import shown, voices_chart
from veille.bulletin.wording import legend, shorten
from veille.language import Language
from veille.names import level_name
from veille.reading.arabic import in_arabic_letters

TEMPLATES = Path(__file__).parent / "templates"
_CELL_CHARACTERS = 24
PRINTED_SIGNALS = 2
"""Signals that are printed in full: more would not leave the details on four pages."""
_BREAKING = re.compile(r" (?=[:;!?»])|(?<=«) ")
_RTL = frozenset({"ar", "fa", "he", "ur", "ps", "yi", "dv", "sd", "ug", "ckb"})


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(default=True, default_for_string=True, disabled_extensions=("txt",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["bound"] = bound
    environment.globals |= {"any": any, "all": all}
    environment.globals["spoken"] = spoken
    environment.globals["written"] = written
    environment.globals["marked"] = marked
    return environment


def bound(text: str) -> str:
    """Return a title whose double punctuation begins no line: the ordinary space before it may not break."""
    return _BREAKING.sub("\u00a0", text)


def spoken(text: str, code: str) -> Markup:
    """Return the attributes of an element that quotes a text of a known language: `lang`, and `dir` by its letters.

    Darija in Latin letters is Arabic (`ar-Latn`) and reads from left to right.
    """
    if in_arabic_letters(text):
        return Markup(' lang="{}" dir="rtl"').format(code if code in _RTL else "ar")
    if code == "ar":
        return Markup(' lang="ar-Latn" dir="ltr"')
    return Markup(' lang="{}" dir="{}"').format(code, "rtl" if code in _RTL else "auto" if code == "und" else "ltr")


def written(text: str) -> Markup:
    """Return the attributes of an element that holds a text of an unknown language: `dir`, and `lang` where letters tell."""
    return Markup(' lang="ar" dir="rtl"' if in_arabic_letters(text) else ' dir="auto"')  # noqa: S704 - nothing of the text is in it


def marked(item: Marked | Row) -> Markup:
    """Return the marking of one item, which holds wherever the item is copied to."""
    return Markup('<span class="mark {}">{}</span>').format(item.marking.name.lower(), item.marking.value)


def render(bulletin: Bulletin) -> str:
    """Return the page of a bulletin: one HTML file that opens without network."""
    style, policy = styled(bulletin.marking, "style.css")
    # The sheet is a file of this package: nothing of a stranger is in it.
    return _page(bulletin, "page.html", style=Markup(style), policy=policy)  # noqa: S704


def render_page_one(bulletin: Bulletin) -> str:
    """Return page 1 alone, without the document around it."""
    return _page(bulletin, "page_one.html")


def render_mail(bulletin: Bulletin, page: str = "bulletin.html") -> tuple[str, str]:
    """Return page 1 as a mail, HTML and its text twin: no script, no SVG, styles on its elements, `mail_pictures` beside it.

    Parameters
    ----------
    bulletin
        What it tells.
    page
        Name of the file of the whole page, which the mail links to where the edition is served somewhere.
    """
    address = page_address(bulletin, page)
    return _page(bulletin, "mail.html", address=address), _page(bulletin, "mail.txt", address=address)


def page_address(bulletin: Bulletin, page: str = "bulletin.html") -> str:
    """Return where the page stands for its readers, the empty text where that is not known or not theirs to know."""
    if not (bulletin.edition.address or "").startswith(("https://", "http://")):
        return ""
    return f"{bulletin.edition.address}{f'audiences/{bulletin.audience}/' if bulletin.audience else ''}{page}"


def mail_pictures(bulletin: Bulletin) -> dict[str, bytes]:
    """Return the PNG pictures that the mail shows, by the name it has for each."""
    language = Language(bulletin.edition.language)
    return {
        f"mail-{number}.png": charts.sparkline_png(finding.history)
        for number, finding in enumerate(bulletin.findings, 1)
        if charts.sparkline_words(finding.history, language)
    }


def template(name: str) -> Template:
    """Return a template of this room, with autoescape."""
    return _environment().get_template(name)


def _page(bulletin: Bulletin, name: str, **extra: object) -> str:
    language = Language(bulletin.edition.language)
    values: dict[str, Any] = {
        "b": bulletin,
        "edition": bulletin.edition,
        "lang": language,
        "say": language.say,
        "say_many": language.say_many,
        "marking_words": marking_words(bulletin.marking, language),
        "level_name": lambda level: level_name(level, language),
        "duration": lambda span: duration(span, language),
        "legend": _legend(bulletin, language),
        "unsaid": tuple(dict.fromkeys(item.probability_reason for item in bulletin.findings if item.probability_reason)),
        "sparkline": lambda values, name, share: charts.sparkline(values, name, language, share=share),
        "line_words": lambda finding: charts.sparkline_words(finding.history, language, share=finding.unit == "share"),
        "band": lambda score: charts.score_band(score, language),
        "kinds": _kinds(language),
        "statuses": _statuses(language),
        "effects": _effects(language),
        "parts": _parts(language),
        "verdicts": _verdicts(language),
        "grade_words": _grades(language),
        "short": lambda text: shorten(text, 6),
        "anchor_of": lambda place: _anchor_of(bulletin, place),
        "anchor_of_decision": lambda decision: _anchor_of_signals(bulletin, decision.signal_ids),
        "anchor_of_level": _anchor_of_level(bulletin),
        "tile_names": {
            "stories": language.say("Stories"),
            "negative_share": language.say("Share of negative stories"),
            "share_of_voice": language.say("Share of voice against competitors"),
        },
    }
    if name == "page.html":
        voices, left = shown(bulletin.voices)
        values |= {
            "voices": voices,
            "voices_left": left,
            "voices_chart": voices_chart(voices, language),
            "places": _places(bulletin),
            "roles": _roles(language),
            "topics_chart": charts.topic_bars(bulletin.topics, language),
            "timeline_chart": charts.timeline(bulletin, language),
            "calendar_marks": charts.calendar_marks(bulletin),
            "matrix": charts.matrix(bulletin.signals, language),
            "figure_groups": grouped(rows(bulletin, language)),
            "figure_count": len(rows(bulletin, language)),
            "printed_signals": PRINTED_SIGNALS,
            "label_of": label_of,
            # A list of names would make its column of numbers wide.
            "long": lambda value: isinstance(value, str) and len(value) > _CELL_CHARACTERS,
            "threshold_labels": threshold_labels(language),
            "threshold_value": lambda value: threshold_value(value, language),
            "version_labels": version_labels(language),
            "not_read": said_not_read(bulletin.method.not_read, language),
            "checked": said_checked(bulletin.method.checked, language),
            "replayed": said_runs(bulletin.method.replay, language) if bulletin.method.replay else (),
            "spans": lambda spans: said_spans(spans, language),
            "tone_errors": tone_errors(bulletin.method.tone_error, language),
        }
    return _environment().get_template(name).render(**values, **extra)


def _legend(bulletin: Bulletin, language: Language) -> tuple[tuple[str, str], ...]:
    """Return the words of probability with their ranges, none where page 1 says no probability."""
    words = legend(language)
    said = {finding.probability for finding in bulletin.findings}
    return words if said.intersection(word for word, _ in words) else ()


def _anchor_of(bulletin: Bulletin, place: int) -> str:
    """Return where the evidence of a finding stands: with its signal, its topic, or in the table of figures."""
    finding = bulletin.findings[place]
    for number, signal in enumerate(bulletin.signals, 1):
        if signal.signal_id == finding.signal_id:
            return f"signal-{number}"
    for number, topic in enumerate(bulletin.topics, 1):
        if topic.topic_id == finding.topic_id and finding.topic_id is not None:
            return f"topic-{number}"
    return f"finding-{place + 1}"


def _anchor_of_signals(bulletin: Bulletin, signal_ids: Iterable[str]) -> str:
    """Return where the first of some signals stands, the empty text where none is on the page."""
    places = _places(bulletin)
    return next((places[one][0] for one in signal_ids if one in places), "")


def _anchor_of_level(bulletin: Bulletin) -> str:
    """Return where the signal that gives the level stands, the empty text where none does."""
    first = giving(bulletin.level or 0, (*bulletin.signals, *bulletin.weak_signals))
    return _anchor_of_signals(bulletin, [first.signal_id] if first else [])


def _places(bulletin: Bulletin) -> dict[str, tuple[str, str]]:
    """Return where each topic and signal stands on the page, and its title, by its id."""
    topics = {item.topic_id: (f"topic-{number}", item.title) for number, item in enumerate(bulletin.topics, 1)}
    signals = {item.signal_id: (f"signal-{number}", item.title) for number, item in enumerate(bulletin.signals, 1)}
    weak = {item.signal_id: (f"weak-{number}", item.title) for number, item in enumerate(bulletin.weak_signals, 1)}
    return topics | signals | weak


def marking_words(marking: Marking, language: Language) -> str:
    """Return what a marking means to a reader who does not know the protocol."""
    if marking is Marking.CLEAR:
        return language.say("Public")
    return language.say("Internal") if marking in (Marking.GREEN, Marking.AMBER) else language.say("Confidential")


def duration(span: timedelta, language: Language) -> str:
    """Return a length of time in its largest unit: minutes, hours below two days, then days."""
    minutes = int(span.total_seconds() // 60)
    if minutes < 120:
        return language.say_many("{count} minute", "{count} minutes", minutes)
    if minutes < 2880:
        return language.say_many("{count} hour", "{count} hours", minutes // 60)
    return language.say_many("{count} day", "{count} days", minutes // 1440)


def _kinds(language: Language) -> dict[str, str]:
    return {
        "negative_emergence": language.say("negative emergence"),
        "leak": language.say("leak"),
        "strategic": language.say("strategic information"),
        "impostor": language.say("impostor account"),
        "weak": language.say("weak signal"),
    }


def _roles(language: Language) -> dict[str, str]:
    """Return in words what a subject is to the organisation, where it is another."""
    return {
        "competitor": language.say("competitor"),
        "regulator": language.say("regulator"),
        "sector": language.say("sector"),
    }


def _statuses(language: Language) -> dict[str, str]:
    return {
        "open": language.say("open"),
        "acknowledged": language.say("acknowledged"),
        "decided": language.say("decided"),
        "closed": language.say("closed"),
    }


def _effects(language: Language) -> dict[str, str]:
    return {
        "contributes": language.say("contributes to"),
        "bends": language.say("bends"),
        "calls_into_question": language.say("calls into question"),
    }


def _parts(language: Language) -> dict[str, str]:
    return {
        "gravity": language.say("Gravity of what is alleged"),
        "responsibility": language.say("Responsibility attributed"),
        "velocity": language.say("Velocity"),
        "reach": language.say("Reach"),
        "loaded_words": language.say("Loaded words"),
    }


def _verdicts(language: Language) -> dict[str, str]:
    return {
        "ok": language.say("works"),
        "received": language.say("works"),
        "empty": language.say("empty"),
        "silent": language.say("silent"),
        "broken": language.say("broken"),
        "down": language.say("broken"),
        "defect": language.say("not read: veille failed"),
        "low": language.say("lower than usual"),
        "too_low": language.say("lower than usual"),
        "high": language.say("higher than usual"),
        "too_high": language.say("higher than usual"),
        "new": language.say("new"),
    }


def _grades(language: Language) -> dict[str, str]:
    return {
        "A": language.say("completely reliable"),
        "B": language.say("usually reliable"),
        "C": language.say("fairly reliable"),
        "D": language.say("not usually reliable"),
        "E": language.say("unreliable"),
        "F": language.say("cannot be judged"),
    }
