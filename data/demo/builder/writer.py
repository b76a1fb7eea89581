"""Compose one mention from several hand-written pieces, until it is unlike everything said before on its theme."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from datetime import date

from builder.corpus import Line, pick
from builder.grammar import Slots, expand
from builder.noise import scribble
from builder.people import Person
from builder.similar import Index, shingles

NEAR = 0.66  # independent texts of a theme stay below this cosine
_NAMED = re.compile(r"aquilon", re.I)
_FRENCH = re.compile(r"[éèêàçùôî]| (le|la|les|de|un|une|pas|je|et|en|qui|mais|on) ", re.I)
_PLAIN = ("officiel", "pourriel", "homonymes", "secteur", "regulateur")
_FOREIGN = ("anglais", "arabe")
_UNNAMED = ("rivale", "rivalefuite", "secteur", "regulateur", "homonymes", "pourriel", "hostiles", "officiel")


class Writer:
    """Holds the texts of the common pool and remembers which piece was used when."""

    def __init__(self, themes: dict[str, list[Line]]) -> None:
        self.themes = themes
        self.common = themes["commun"]
        self.index = Index()
        self._used: dict[tuple[str, str], list[date]] = {}

    def choose(self, rng: random.Random, lines: list[Line], day: date, rest: int) -> Line | None:
        """Return a line not used in the last `rest` days, rather one that was seldom used."""
        free, weights = [], []
        for line in lines:
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
        clauses = pick(lines, "m", core.tone) or pick(lines, "m", "0")
        for chance in (extra, extra * 0.45):
            if clauses and rng.random() < chance:
                clause = rng.choice(clauses)
                clauses = [other for other in clauses if other is not clause]
                parts.insert(0 if rng.random() < 0.2 else len(parts), expand(rng, clause.text, slots))
        foreign = core.theme in _FOREIGN or not _FRENCH.search(core.text)
        if kind != "review" and not foreign and core.theme not in _PLAIN:
            spoken = self._common(rng, "x", core.tone, slots, extra * 0.6)
            parts = parts + spoken if rng.random() < 0.6 else spoken + parts
            if kind == "comment":
                parts += self._common(rng, "f", core.tone, slots, 0.35)
            else:
                parts = self._common(rng, "o", core.tone, slots, 0.25) + parts + self._common(rng, "t", core.tone, slots, 0.25)
        text = join(parts)
        if core.theme not in _UNNAMED and not _NAMED.search(text) and rng.random() < 0.93:
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
        return [expand(rng, rng.choice(pick(self.common, letter, tone)).text, slots)]

    def article(self, rng: random.Random, core: Line) -> tuple[str, str]:
        """Return title and text of an article."""
        slots = Slots(rng)
        title, _, lead = core.text.partition(" // ")
        parts = [expand(rng, lead, slots)]
        background = pick(self.themes[core.theme], "b")
        if background and rng.random() < 0.75:
            parts.append(expand(rng, rng.choice(background).text, slots))
        if core.theme not in (*_UNNAMED, "anglais") and rng.random() < 0.6:
            parts.append(expand(rng, rng.choice(pick(self.common, "b")).text, slots))
        text = " ".join(parts)
        title = expand(rng, title, slots)
        if core.theme not in _UNNAMED and not _NAMED.search(title + text):
            text += rng.choice((" Le réseau est exploité par Aquilon Mobilités.", " Aquilon Mobilités n'a pas souhaité commenter.",
                                " Une réunion avec Aquilon Mobilités est prévue."))  # fmt: skip
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


def name_it(rng: random.Random, text: str, tone: str) -> str:
    """Return the text with the organisation named, as people name it when the sentence does not."""
    ways: tuple[Callable[[], str], ...] = (
        lambda: f"@AquilonMobilites {text}",
        lambda: f"{text} @AquilonMobilites",
        lambda: f"{text} #Aquilon",
        lambda: f"{text.rstrip('.')}, {rng.choice(('merci Aquilon', 'Aquilon quoi', 'bravo Aquilon') if tone == '-' else ('réseau Aquilon', 'chez Aquilon'))}.",
        lambda: f"{rng.choice(('Aquilon', 'Réseau Aquilon', 'Aquilon, encore', 'Chez Aquilon') if tone == '-' else ('Aquilon', 'Réseau Aquilon', 'Côté Aquilon'))} : {text}",
    )  # fmt: skip
    return rng.choice(ways)()
