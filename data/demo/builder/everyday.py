"""Eighteen weeks of ordinary life: what is said on days when nothing is hidden."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

from builder.clock import days, moment, season, volume
from builder.corpus import Line
from builder.grammar import Slots, expand
from builder.noise import rewire
from builder.people import OFFICIAL, Cast, Person
from builder.places import FORUM, OUTLETS, PIAF, SOCIAL, STORE
from builder.record import Book, Made
from builder.writer import NEAR, Writer

# theme: (mentions a day, shares of negative, neutral, positive)
THEMES: dict[str, tuple[float, tuple[float, float, float]]] = {
    "retards": (3.4, (0.45, 0.34, 0.21)),
    "suppressions": (2.2, (0.5, 0.35, 0.15)),
    "correspondances": (1.2, (0.36, 0.34, 0.3)),
    "greve": (0.6, (0.3, 0.5, 0.2)),
    "tarifs": (2.3, (0.36, 0.38, 0.26)),
    "appli": (2.3, (0.38, 0.34, 0.28)),
    "amendes": (1.2, (0.42, 0.33, 0.25)),
    "proprete": (1.3, (0.4, 0.3, 0.3)),
    "chauffeurs": (2.2, (0.24, 0.16, 0.6)),
    "affluence": (1.8, (0.42, 0.34, 0.24)),
    "temperature": (1.4, (0.45, 0.35, 0.2)),
    "chauffage": (1.2, (0.45, 0.3, 0.25)),
    "accessibilite": (1.1, (0.4, 0.33, 0.27)),
    "objets": (1.1, (0.16, 0.5, 0.34)),
    "securite": (1.4, (0.42, 0.36, 0.22)),
    "travaux": (2.0, (0.32, 0.46, 0.22)),
    "velos": (2.5, (0.3, 0.38, 0.32)),
    "rentree": (1.0, (0.36, 0.46, 0.18)),
    "scolaire": (1.3, (0.36, 0.4, 0.24)),
    "emploi": (1.1, (0.12, 0.58, 0.3)),
    "environnement": (1.1, (0.18, 0.42, 0.4)),
    "politique": (1.1, (0.32, 0.48, 0.2)),
    "gares": (1.0, (0.12, 0.4, 0.48)),
    "sport": (1.0, (0.1, 0.46, 0.44)),
    "rivale": (1.6, (0.34, 0.42, 0.24)),
    "secteur": (0.8, (0.12, 0.76, 0.12)),
    "regulateur": (0.5, (0.15, 0.85, 0.0)),
    "anglais": (1.3, (0.36, 0.32, 0.32)),
    "arabe": (0.55, (0.5, 0.24, 0.26)),
    "officiel": (1.6, (0.0, 0.72, 0.28)),
    "homonymes": (1.3, (0.0, 0.75, 0.25)),
    "pourriel": (0.8, (0.0, 1.0, 0.0)),
    "q-velo": (0.42, (0.0, 1.0, 0.0)),
    "q-tarif": (0.42, (0.0, 1.0, 0.0)),
    "q-rembours": (0.46, (0.0, 1.0, 0.0)),
}
SCALE = 1.75
_LETTERS = {"p": 0.72, "c": 0.12, "r": 0.22, "a": 0.17}
_REST_DAYS = {"p": 3, "c": 11, "r": 6, "a": 26}
_NEAR = {
    "q-velo": 0.69,
    "q-tarif": 0.69,
    "q-rembours": 0.69,
    "arabe": 0.69,
    "pourriel": 0.95,
    "officiel": 0.75,
    "homonymes": 0.69,
}
_UNTITLED = ("rivale", "secteur", "regulateur", "homonymes", "pourriel", "officiel")
_ANY = (
    "Réseau Aquilon : vos retours",
    "Aquilon, le fil du mois",
    "Aquilon en vrac",
    "Vie du réseau Aquilon",
    "Questions à Aquilon",
)
_SUBJECTS = {
    "retards": ("Ponctualité Aquilon", "Aquilon : le carnet des retards", "Encore en retard (Aquilon)"),
    "suppressions": ("Trains supprimés Aquilon", "Aquilon : suppressions au jour le jour"),
    "tarifs": ("Tarifs Aquilon", "Abonnements Aquilon : vos questions"),
    "appli": ("L'application Aquilon", "Appli Aquilon : bugs et astuces"),
    "velos": ("Vélos Aquilon", "Les vélos partagés d'Aquilon"),
    "chauffeurs": ("Les conducteurs d'Aquilon", "Merci aux chauffeurs (Aquilon)"),
    "travaux": ("Travaux sur le réseau Aquilon", "Aquilon : chantiers et déviations"),
}
MEME = "https://img.piaf.example/media/panneau-tout-rouge.jpg"


def everyday(book: Book, writer: Writer, cast: Cast) -> None:
    """Add the everyday mentions of every theme and day."""
    for theme, (rate, shares) in THEMES.items():
        rng = random.Random(f"veille-demo-{theme}")
        for day in days():
            for _ in range(volume(rng, SCALE * rate * season(theme, day), day)):
                _one(rng, book, writer, cast, theme, day, rng.choices("-0+", shares)[0])


def _one(rng: random.Random, book: Book, writer: Writer, cast: Cast, theme: str, day: date, tone: str) -> None:
    lines = writer.themes[theme]
    letters = [letter for letter in _LETTERS if lines.pick(letter, tone)]
    if not letters:
        return
    letter = rng.choices(letters, [_LETTERS[one] for one in letters])[0]
    core = writer.choose(rng, lines.pick(letter, tone), day, _REST_DAYS[letter])
    if core is None:
        return
    hidden = {"theme": theme, "tone": tone, "tag": theme if theme.startswith("q-") or theme == "arabe" else ""}
    if letter == "a":
        _article(rng, book, writer, core, day, hidden)
    else:
        _post(rng, book, writer, cast, core, day, hidden)


def _article(rng: random.Random, book: Book, writer: Writer, core: Line, day: date, hidden: dict[str, str]) -> None:
    titles: list[str] = []

    def make() -> str:
        title, text = writer.article(rng, core)
        titles.append(title)
        return text

    text = writer.unlike(core.theme + "/press", make)
    if text is None:
        return
    writer.note(core, day)
    kinds = ("sector", "regional") if core.theme in ("secteur", "regulateur") else ("regional",)
    outlets = [name for name, outlet in OUTLETS.items() if outlet[2] in kinds]
    copies = rng.choice((2, 2, 3, 4)) if rng.random() < 0.2 and core.theme not in ("homonymes", "anglais") else 1
    when = moment(rng, day, press=True)
    wire(rng, book, outlets, copies, when, titles[-1], text, language="en" if core.theme == "anglais" else "fr", **hidden)


def wire(
    rng: random.Random, book: Book, outlets: list[str], copies: int, when: datetime, title: str, text: str, **hidden: str
) -> list[Made]:
    """Add a dispatch as several outlets print it on one day, with their small edits."""
    chosen = rng.sample(outlets, min(copies, len(outlets)))
    first = None
    made = []
    for rank, outlet in enumerate(chosen):
        body = text if rank == 0 else rewire(rng, text)
        head = (
            title
            if rank == 0 or rng.random() < 0.6
            else rng.choice((f"Transports. {title}", f"{title} [mis à jour]", title.split(" : ")[-1]))
        )
        one = book.article(outlet, when, head[0].upper() + head[1:], body, **hidden)
        if copies > 1:
            one.copy_of = first.name if first else one.name
        first = first or one
        made.append(one)
        end = when.replace(hour=23, minute=40)
        when = min(when + timedelta(minutes=rng.randrange(4, 75)), end)
    return made


def _post(rng: random.Random, book: Book, writer: Writer, cast: Cast, core: Line, day: date, hidden: dict[str, str]) -> None:
    kind = {"p": "post", "c": "comment", "r": "review"}[core.letter]
    server = FORUM if kind == "comment" else rng.choices((PIAF, SOCIAL, FORUM), (63, 27, 10))[0]
    person = cast.draw(rng, server)
    if core.theme == "officiel":
        person = Person(OFFICIAL, PIAF, 21_400, 1.0)
    title = ""
    if kind == "review":
        title, _, rest = core.text.partition(" // ")
        slots = Slots(rng)
        text = writer.unlike(core.theme, lambda: expand(rng, rest, slots), near=0.72)
        title = expand(rng, title, slots)
    else:
        text = writer.unlike(core.theme, lambda: writer.post(rng, core, person, kind=kind), near=_NEAR.get(core.theme, NEAR))
    if text is None:
        return
    writer.note(core, day)
    if server == FORUM and not title and core.theme not in _UNTITLED:
        title = rng.choice(("Re : ", "Re : ", "", "")) + rng.choice(_SUBJECTS.get(core.theme, _ANY))
    language = {"anglais": "en", "arabe": rng.choice(("ar", "ar", None, "fr"))}.get(core.theme, rng.choice(("fr", "fr", None)))
    media: tuple[str, ...] = ()
    if kind == "post" and rng.random() < 0.06:
        media = (f"https://img.{server}/media/{rng.randrange(16**10):010x}.jpg",)
    elif core.theme in ("retards", "suppressions") and rng.random() < 0.03:
        media = (MEME,)
    book.post(person, moment(rng, day), text, kind=kind, title=title, language=language, media=media, **hidden)


__all__ = ["MEME", "STORE", "THEMES", "everyday", "wire"]
