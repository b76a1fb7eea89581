"""Compose one mention from several hand-written pieces, until it is unlike everything said before on its theme."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from datetime import date
from functools import cache

from builder.corpus import Line, Lines
from builder.grammar import Slots, expand
from builder.noise import scribble
from builder.people import Person
from builder.places import FORUM
from builder.similar import Index, shingles

NEAR = 0.66  # independent texts of a theme stay below this cosine
_NAMED = re.compile(r"aquilon", re.I)
_FRENCH = re.compile(r"[éèêàçùôî]| (le|la|les|de|un|une|pas|je|et|en|qui|mais|on) ", re.I)
_PLAIN = ("officiel", "pourriel", "homonymes", "secteur", "regulateur")
_FOREIGN = ("anglais", "arabe")
_UNNAMED = ("rivale", "rivalefuite", "secteur", "regulateur", "homonymes", "pourriel", "hostiles", "officiel")


# Nobody speaks of black ice in July.
_SEASONS = (
    (re.compile(r"verglas|neige|gèle|gelé|grêle|polaire|froid", re.I), (10, 11)),
    (re.compile(r"feuilles mortes|Toussaint|automne|coup de vent", re.I), (9, 10, 11)),
    (re.compile(r"cet été|canicule|plage|fondu|tomates|soleil", re.I), (7, 8, 9)),
    (re.compile(r"rentrée|septembre|la fac|amphi|lycée", re.I), (8, 9, 10, 11)),
)


@cache
def _months(text: str) -> frozenset[int]:
    """Return the months in which a text can be said."""
    told = [frozenset(months) for words, months in _SEASONS if words.search(text)]
    return frozenset(range(1, 13)).intersection(*told)


class Writer:
    """Holds the texts of the common pool and remembers which piece was used when."""

    def __init__(self, themes: dict[str, Lines]) -> None:
        self.themes = themes
        self.common = themes["commun"]
        self.index = Index()
        self._used: dict[tuple[str, str], list[date]] = {}

    def choose(self, rng: random.Random, lines: list[Line], day: date, rest: int) -> Line | None:
        """Return a line not used in the last `rest` days, rather one that was seldom used."""
        free, weights = [], []
        for line in lines:
            if day.month not in _months(line.text):
                continue
            used = self._used.get((line.theme, line.text), [])
            if used and abs((day - used[-1]).days) < rest:
                continue
            free.append(line)
            weights.append(1 / (1 + len(used)) ** 2)
        return rng.choices(free, weights)[0] if free else None

    def note(self, line: Line, day: date) -> None:
        """Remember that a line was used."""
        self._used.setdefault((line.theme, line.text), []).append(day)

    def unlike(self, theme: str, make: Callable[[], str], *, near: float = NEAR, tries: int = 12) -> str | None:
        """Return a text unlike the earlier ones of its theme, or None when the theme is worn out."""
        for _ in range(tries):
            text = make()
            found = shingles(text)
            if self.index.nearest(theme, found) < near:
                self.index.add(theme, found)
                return text
        return None

    def post(self, rng: random.Random, core: Line, person: Person, *, kind: str, extra: float = 0.55) -> str:
        """Return one wording of what a person posts: a core, and around it what people add."""
        slots = Slots(rng)
        parts = [self._core(rng, core, slots, extra)]
        lines = self.themes[core.theme]
        asks = core.tone == "0" and "?" in core.text
        clauses = [] if asks else lines.pick("m", core.tone) or lines.pick("m", "0")
        for chance in (extra, extra * 0.45):
            if clauses and rng.random() < chance:
                clause = rng.choice(clauses)
                clauses = [other for other in clauses if other is not clause]
                parts.append(expand(rng, clause.text, slots))
        foreign = core.theme in _FOREIGN or not _FRENCH.search(core.text)
        if kind != "review" and not foreign and core.theme not in _PLAIN:
            parts += [] if asks else self._common(rng, "x", core.tone, slots, extra * 0.5)
            if kind == "comment":
                parts += self._common(rng, "f", core.tone, slots, 0.35)
            else:
                opening = self._common(rng, rng.choice("oos"), core.tone, slots, 0.4)
                parts = opening + parts + self._common(rng, "u" if asks else "t", core.tone, slots, 0.25)
        text = join(parts)
        if core.theme not in _UNNAMED and not _NAMED.search(text) and person.server != FORUM and rng.random() < 0.95:
            text = name_it(rng, text, core.tone)
        care = max(person.care, 0.75) if kind == "comment" else person.care
        return text if foreign or core.theme == "officiel" else scribble(rng, text, core.tone, care)

    def _core(self, rng: random.Random, core: Line, slots: Slots, extra: float) -> str:
        """Return the core, now and then without its last sentence: not everyone says everything."""
        text = expand(rng, core.text, slots)
        sentences = re.split(r"(?<=[.!?]) (?=[A-ZÉÀÇ«])", text)
        if extra and len(sentences) > 1 and rng.random() < 0.4:
            return " ".join(sentences[:-1])
        return text

    def _common(self, rng: random.Random, letter: str, tone: str, slots: Slots, chance: float) -> list[str]:
        if rng.random() >= chance:
            return []
        return [expand(rng, rng.choice(self.common.pick(letter, tone)).text, slots)]

    def article(self, rng: random.Random, core: Line) -> tuple[str, str]:
        """Return title and text of an article."""
        slots = Slots(rng)
        title, _, lead = core.text.partition(" // ")
        parts = [expand(rng, lead, slots)]
        background = self.themes[core.theme].pick("b")
        if background and rng.random() < 0.75:
            parts.append(expand(rng, rng.choice(background).text, slots))
        if core.theme not in (*_UNNAMED, "anglais") and rng.random() < 0.6:
            parts.append(expand(rng, rng.choice(self.common.pick("b")).text, slots))
        text = " ".join(parts)
        title = expand(rng, title, slots)
        if core.theme not in _UNNAMED and not _NAMED.search(title + text):
            text += rng.choice(
                (
                    " Le réseau est exploité par Aquilon Mobilités.",
                    " Aquilon Mobilités n'a pas souhaité commenter.",
                    " Une réunion avec Aquilon Mobilités est prévue.",
                )
            )
        return title[0].upper() + title[1:], text


def join(parts: list[str]) -> str:
    """Join pieces as one person would type them: a comma calls for a small letter after it."""
    text = parts[0]
    for part in parts[1:]:
        if text.endswith((",", ":")):
            starts = re.match(r"[A-ZÉÀ][a-zéèêà']", part) and not part.startswith(("Aquilon", "Saint", "Port", "Corvenne"))
            part = part[0].lower() + part[1:] if starts else part
        elif text[-1] not in ".!?…»":
            text += "."
        text = f"{text} {part}"
    return text


_NAMING = {
    "-": (
        "Bravo Aquilon.",
        "Aquilon, une réaction ?",
        "Vous répondez quoi, Aquilon ?",
        "Merci Aquilon.",
        "Voilà Aquilon en 2026.",
        "Aquilon, sérieusement.",
        "Signé : un abonné d'Aquilon.",
        "C'est ça, Aquilon ?",
        "Du Aquilon tout craché.",
    ),
    "0": ("(réseau Aquilon)", "Info Aquilon.", "Détails sur le site d'Aquilon.", "Source : Aquilon."),
    "+": (
        "Merci Aquilon.",
        "Merci Aquilon !",
        "Bravo Aquilon.",
        "Chapeau Aquilon.",
        "Aquilon, gardez-les.",
        "Bien joué Aquilon.",
    ),
}


def name_it(rng: random.Random, text: str, tone: str) -> str:
    """Return the text with the organisation named, as people name it when the sentence does not."""
    way = rng.random()
    if way < 0.22:
        return f"@AquilonMobilites {text}"
    if way < 0.45:
        return f"{text} {rng.choice(('@AquilonMobilites', 'cc @AquilonMobilites'))}"
    if way < 0.7 or text.endswith("?") or (tone == "0" and way < 0.9):
        return f"{text} {rng.choice(('#Aquilon', '#AquilonMobilites', '#aquilon #corvenne', '#Aquilon #Essiane'))}"
    return join([text, rng.choice(_NAMING[tone])])
