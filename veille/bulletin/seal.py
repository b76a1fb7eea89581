"""The last look at the files of an audience: nothing in their bytes may come from what it may not read.

The cut of `audience` goes by markings. This goes by none: it takes the words of watch.yml and looks for them in what
is about to be written, source code, addresses and data included, as a stranger with a search tool would. What the public
said itself is no secret of the organisation, and is left.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from veille.bulletin import marking as rules
from veille.bulletin.figures import WEEKS
from veille.bulletin.labels import threshold_labels
from veille.bulletin.marking import least
from veille.bulletin.types import Bulletin, Marking
from veille.errors import EditionError
from veille.folding import fold_text
from veille.language import LOCALE_FOLDER, Language
from veille.masking import CONFIDENTIAL, mask_terms
from veille.period import Period

if TYPE_CHECKING:
    from veille.store import Store
    from veille.watch import Watch

_TEMPLATES = Path(__file__).parent / "templates"
_BETWEEN = re.compile(r"[\W_]+")
_TAG = re.compile(r"<[^>]*>")
_PARTED = " zzqzz "
_MARK = re.compile(r"TLP:[A-Z]+(?:\+STRICT)?")
# So many words in a row are somebody's sentence; a title cut short still holds as many.
_RUN = 5
# Shorter names than this are looked for as values of their own only: `d1` stands in many a digest.
_WORD_CHARACTERS = 4


@dataclass(frozen=True, slots=True)
class Secret:
    """Words of watch.yml: where they stand, what they are, who may read them, and whether pages say them by themselves too."""

    place: str
    text: str
    marking: Marking
    common: bool = True


def check(
    files: Mapping[str, bytes], watch: Watch, ceiling: Marking, terms: tuple[str, ...], said: Callable[[str], bool]
) -> None:
    """Check that the files of an audience hold nothing above what it may read.

    Parameters
    ----------
    files
        Content by name.
    watch
        The watch, whose words are looked for.
    ceiling
        The highest marking of the audience.
    terms
        Confidential terms.
    said
        Whether the public said these words itself; they are as `plain` gives them, in spaces.

    Raises
    ------
    EditionError
        A file holds something above; its first sentence says which file and what.
    """
    told = list(secrets(watch))
    # What an audience may read says itself what it says: an answer for the public may hold a word of the strategy.
    public = _joined([watch.organisation, *(one.text for one in told if one.marking.rank <= ceiling.rank)])
    above = [one for one in told if one.marking.rank > ceiling.rank and one.text]
    for name, content in files.items():
        text = content.decode("utf-8", "replace")
        surfaces = list(_surfaces(name, text))
        plainly = [f" {plain(surface)} " for surface in surfaces]
        for found in _MARK.findall(text):
            if found in list(Marking) and Marking(found).rank > ceiling.rank and not said(f" {plain(found)} "):
                raise _error(name, f"something marked {found}", ceiling)
        if ceiling.rank < least("leak").rank and CONFIDENTIAL in text:
            raise _error(name, "the place of a confidential term", ceiling)
        if terms and any(mask_terms(surface, terms) != surface for surface in surfaces):
            raise _error(name, "a confidential term", ceiling)
        for secret in above:
            for words in _wanted(secret.text):
                if not any(words in one for one in plainly) or words in public or said(words):
                    continue
                if secret.common and words in _own_words():
                    continue
                raise _error(name, f"{secret.place}, which is {secret.marking.value}", ceiling)
            if f'"{secret.text}"' in text and len(secret.text) < _WORD_CHARACTERS:
                raise _error(name, f"{secret.place}, which is {secret.marking.value}", ceiling)


def said_by_the_public(store: Store, bulletin: Bulletin) -> Callable[[str], bool]:
    """Return what tells whether some words stand in a mention that the edition could see; nothing is read until it is asked."""
    edition = bulletin.edition
    return said_in(store, edition.as_of, Period(edition.last - timedelta(days=7 * WEEKS - 1), edition.last, edition.timezone))


def said_in(store: Store, as_of: datetime, period: Period) -> Callable[[str], bool]:
    """Return what tells whether some words stand in a mention of these days; nothing is read until it is asked."""

    @cache
    def published() -> str:
        mentions = store.mentions(as_of, period, ["title", "text", "publisher", "url"])
        texts = mentions.astype("object").fillna("").to_numpy().ravel().tolist()
        # One text at a time would take seconds; nobody's sentence goes over from one into the next.
        return f" {plain(_PARTED.join(texts))} "

    return lambda words: words in published()


def plain(text: str) -> str:
    """Return the words of a text, folded, with one space between them."""
    return _BETWEEN.sub(" ", fold_text(text)).strip()


def secrets(watch: Watch) -> Iterator[Secret]:
    """Return the words of watch.yml that a bulletin could show, with who may read them."""
    strategy, duties, messages = rules.of_strategy(watch), rules.of_rules(watch), rules.of_messages(watch)
    for part in ("objectives", "decisions", "red_lines"):
        for item in getattr(watch.strategy, part):
            place = f"strategy.{part}.{item.id}"
            yield Secret(f"{place}.id", item.id, strategy[item.id])
            yield from (Secret(place, text, strategy[item.id]) for text in (item.title, *item.assumptions, *item.terms))
    for rule in watch.rules:
        texts = (rule.title, rule.duty or "", *rule.trigger)
        yield from (Secret(f"rules.{rule.id}", text, duties[rule.id]) for text in (rule.id, *texts))
    for message in watch.messages:
        texts = (message.id, message.question, message.answer, *message.proofs)
        yield from (Secret(f"messages.{message.id}", text, messages[message.id]) for text in texts)
    for subject in watch.subjects:
        yield Secret(f"subjects.{subject.id}", subject.name, rules.of_subjects(watch)[subject.id])
    for entry in watch.calendar:
        marking = Marking(str(entry.tlp)) if entry.tlp is not None else least("date of the calendar")
        yield Secret("calendar", entry.title or "", marking)
    for topic in watch.topics:
        yield Secret(f"topics.{topic.id}", topic.title, least("topic that a person named or asked for"))
    for person in watch.people:
        texts = (person.id, person.name, person.title or "", person.mail or "")
        yield from (Secret(f"people.{person.id}", text, least("people")) for text in texts)
    for text in (*watch.voice.values, watch.voice.tone or "", *watch.voice.never):
        yield Secret("voice", text, least("message"))
    for text in (*(one.mail for one in watch.delivery.readers), *watch.delivery.failures, watch.delivery.mail or ""):
        yield Secret("delivery", text, least("people"))
    yield Secret("delivery.address", watch.delivery.address or "", least("address of the pages"))
    for level, step in watch.escalation.items():
        yield from (Secret(f"escalation.{level}", text, least("people")) for text in step.via)
    limits = least("thresholds, delays, versions")
    for language in map(Language, watch.languages):
        for name, label in threshold_labels(language).items():
            yield Secret(f"detection.{name}", label, limits, common=False)
            yield Secret(f"detection.{name}", name, limits)


def _wanted(text: str) -> list[str]:
    """Return what to look for of a text: the whole where it is short, each run of words where it is long."""
    words = plain(text).split()
    if not words or len("".join(words)) < _WORD_CHARACTERS:
        return []
    end = "" if text.rstrip().endswith("*") else " "
    if len(words) <= _RUN:
        return [f" {' '.join(words)}{end}"]
    return [f" {' '.join(words[start : start + _RUN])} " for start in range(len(words) - _RUN + 1)]


def _surfaces(name: str, text: str) -> Iterator[str]:
    """Return a file as its readers see it: its source, and what is left without tags or escapes."""
    if name.endswith(".json"):
        yield "\n".join(_strings(json.loads(text)))
    elif name.endswith(".html"):
        yield html.unescape(text)
        yield html.unescape(_TAG.sub(" ", text))
    else:
        yield text


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)


def _joined(texts: list[str]) -> str:
    return " ".join(f" {plain(text)} " for text in texts)


@cache
def _own_words() -> str:
    """Return what pages say whatever the watch: templates, catalogues and the names of the data."""
    files = [*_TEMPLATES.iterdir(), *LOCALE_FOLDER.rglob("*.po")]
    return _joined([*(path.read_text(encoding="utf-8") for path in files), json.dumps(Bulletin.model_json_schema())])


def _error(name: str, what: str, ceiling: Marking) -> EditionError:
    return EditionError(
        f"{name} would hold {what}, above {ceiling.value}: it was not written",
        "what anybody may read is marked so in watch.yml, with `tlp: TLP:CLEAR`",
    )
