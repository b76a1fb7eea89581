"""Pictures that travel, for the analyst's annex: groups that went from one voice to another in the week."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from veille import images
from veille.bulletin.base import clean
from veille.bulletin.material import records
from veille.images import LogoUse, WordsVerdict, thumbnails
from veille.language import Language
from veille.masking import mask, mask_terms
from veille.period import Period

if TYPE_CHECKING:
    from veille.store import Store
    from veille.watch import Watch

PICTURES_SHOWN = 12
_LONGEST = 240
_WORDS = 200


@dataclass(frozen=True, slots=True)
class Travelling:
    """One group of pictures as the annex shows it.

    Parameters
    ----------
    group_id
        What `veille picture caption` takes.
    source
        A `data:` address of a small JPEG; empty where it is not shown.
    alternative
        What it is, for who does not see it.
    lines
        What is known of it, one sentence a line.
    """

    group_id: str
    source: str
    alternative: str
    lines: tuple[str, ...]


def travelling(
    watch: Watch, store: Store, as_of: datetime, period: Period, terms: tuple[str, ...], language: Language
) -> tuple[Travelling, ...]:
    """Return the pictures that travelled in a period, those of most stories first.

    Notes
    -----
    A thumbnail is shown only where its words were read and nothing in them would be masked in a text: a picture of a
    screen shows the handles and the confidential terms that every text hides.
    """
    table = images.travelling(store, as_of, period).head(PICTURES_SHOWN)
    return tuple(_shown(watch, row, terms, language) for row in records(table))


def _shown(watch: Watch, row: Any, terms: tuple[str, ...], language: Language) -> Travelling:
    def value(name: str) -> str:
        # Missing values of a frame are no text.
        found = getattr(row, name)
        return clean(found) if isinstance(found, str) else ""

    words, caption = value("words"), mask(value("caption"), terms)
    read = value("words_verdict") in (WordsVerdict.READ, WordsVerdict.NONE)
    open_words = read and mask(words, terms) == words
    image = thumbnails.load(watch, value("group_id")) if open_words else None
    source = ""
    if image is not None:
        source = "data:image/jpeg;base64," + base64.b64encode(thumbnails.encoded(image, _LONGEST)).decode("ascii")
    hidden = mask(words[:_WORDS], terms)
    lines = [
        _counts(row, language),
        language.say(
            "First seen on {when}.",
            when=language.moment(row.first_seen.to_pydatetime(), watch.timezone),
        ),
        *_words(hidden, value("words_verdict"), language),
        *_others(int(row.altered), value("logo"), language),
    ]
    if caption:
        lines.append(language.say("Caption by {name}: {caption}", name=mask_terms(value("caption_by"), terms), caption=caption))
    else:
        lines.append(language.say("No caption yet."))
    if not source:
        lines.append(
            language.say("Not shown: the thumbnail is no longer kept.")
            if open_words
            else language.say("Not shown: nothing says that its words may be read.")
        )
    alternative = caption or hidden or language.say("Picture without words or caption")
    return Travelling(value("group_id"), source, alternative, tuple(lines))


def _counts(row: Any, language: Language) -> str:
    shown = language.say_many("{count} mention shows it", "{count} mentions show it", int(row.mentions))
    told = language.say_many("at {count} publisher", "at {count} publishers", int(row.publishers))
    return f"{shown}, {told}."


def _words(words: str, verdict: str, language: Language) -> list[str]:
    if words:
        return [language.say("Words read in it: “{words}”", words=words)]
    if verdict == WordsVerdict.NONE:
        return [language.say("No words were read in it.")]
    if verdict == WordsVerdict.NOT_INSTALLED:
        return [language.say("Its words were not read: Tesseract is not installed.")]
    return [language.say("Its words could not be read.")]


def _others(altered: int, logo: str, language: Language) -> list[str]:
    lines = []
    if altered:
        lines.append(language.say_many("{count} copy bears other words.", "{count} copies bear other words.", altered))
    if logo == LogoUse.LOGO:
        lines.append(language.say("A logo of the organisation is found in it."))
    elif logo == LogoUse.LOGO_ALTERED:
        lines.append(language.say("A shape close to a logo of the organisation, altered, is found in it."))
    return lines
