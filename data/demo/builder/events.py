"""What is hidden: crises, a weak signal, surges, a vote, leaks, an impostor. Their texts carry their own hours."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from builder.clock import days, moment, poisson, within
from builder.corpus import Line
from builder.everyday import wire
from builder.grammar import Slots, expand
from builder.people import IMPOSTOR, Cast, Person
from builder.places import FORUM, OUTLETS, PIAF, SOCIAL
from builder.record import Book
from builder.writer import Writer, name_it

EVENTS = ("feu", "greve39", "billettique43", "naissance", "weekend", "odeur", "vote", "fuite", "imposteur", "rivalefuite")
PICTURE = "https://img.piaf.example/media/velo-port-lauzenne-0731.jpg"
_BOOST = {"feu": 6.0, "naissance": 5.0, "greve39": 2.0, "billettique43": 1.6, "rivalefuite": 2.0, "weekend": 2.0}
_EXTRA = {"feu": 0.3}


def events(book: Book, writer: Writer, cast: Cast) -> None:
    """Add every event."""
    for theme in EVENTS:
        rng = random.Random(f"veille-demo-{theme}")
        for line in writer.themes[theme]:
            if line.start is None or line.end is None or line.letter == "m":
                continue
            for _ in range(line.count if line.letter != "w" else 1):
                _line(rng, book, writer, cast, line)


def _line(rng: random.Random, book: Book, writer: Writer, cast: Cast, line: Line) -> None:
    assert line.start is not None
    assert line.end is not None
    when = within(rng, line.start, line.end)
    hidden = {"theme": line.theme, "tone": line.tone, "tag": line.tag}
    boost = _BOOST.get(line.theme, 1.0)
    if line.letter in "awn":
        title, _, lead = line.text.partition(" // ")
        slots = Slots(rng)
        title, text = expand(rng, title, slots), expand(rng, lead, slots)
        kind = "national" if line.letter == "n" else "regional"
        outlets = [name for name, outlet in OUTLETS.items() if outlet[2] == kind]
        if line.letter == "w":
            if line.count > 4 and line.theme in ("feu", "rivalefuite", "naissance"):
                outlets = [*outlets, "soir", "direct"]
            wire(rng, book, outlets, line.count, when, title, text, **hidden)
        else:
            book.article(rng.choice(outlets), when, title, text, boost=boost, **hidden)
        return
    kind = "comment" if line.letter == "c" else "post"
    server = FORUM if kind == "comment" else rng.choices((PIAF, SOCIAL, FORUM), (66, 28, 6))[0]
    person = cast.draw(rng, server)
    if line.theme == "imposteur":
        person = Person(IMPOSTOR, PIAF, 212, 1.0)
    elif line.tag == "premier":
        person = Person("mouette_du_mole", PIAF, 640, 0.9)
    elif line.tag == "fuite":
        person = Person(("cantiniere_zen", "loutre_404")[line.letter == "p"], FORUM if line.letter == "c" else SOCIAL, 88, 1.0)
    if line.count == 1 or line.theme in ("imposteur", "fuite"):
        fixed = line.theme in ("imposteur", "fuite", "odeur") or line.tag == "premier" or rng.random() < 0.55
        text = (
            expand(rng, line.text, Slots(rng))
            if fixed
            else writer.unlike(
                line.theme, lambda: writer.post(rng, line, person, kind=kind, extra=_EXTRA.get(line.theme, 0.0)), near=0.9
            )
        )
    else:
        text = writer.unlike(line.theme, lambda: writer.post(rng, line, person, kind=kind, extra=0.5), near=0.66, tries=20)
    if text is None:
        return
    if (
        line.theme == "feu"
        and line.tag != "premier"
        and kind == "post"
        and "aquilon" not in text.lower()
        and rng.random() < 0.75
    ):
        text = name_it(rng, text, line.tone)
    media: tuple[str, ...] = ()
    if line.tag == "photo" and "Lauzenne" in line.text.title() and "Université" not in line.text:
        media = (PICTURE,)
    elif line.tag == "photo":
        media = (f"https://img.{server}/media/{rng.randrange(16**10):010x}.jpg",)
    elif line.tag == "premier" or (line.theme == "feu" and kind == "post" and rng.random() < 0.13):
        media = (PICTURE,)
    book.post(
        person, when, text, kind=kind, boost=boost * (4 if line.tag == "premier" else 1), language="fr", media=media, **hidden
    )


def hostile(book: Book, writer: Writer, cast: Cast) -> None:
    """Add texts that try to run, to break a sheet, to hide: as they come from strangers."""
    rng = random.Random("veille-demo-hostiles")
    texts = [line.text for line in writer.themes["hostiles"]]
    texts += [
        "Aquilon \u202eerèirra ne tout lu à l'envers\u202c fin",
        "A\u200bq\u200bu\u200bi\u200bl\u200bo\u200bn sans espaces visibles \u200d\ufeff",
        "Aquilon" + "o" * 900,
        "Aquilon " + "🚌" * 300,
        "A\u0301\u0302\u0303\u0304\u0305\u0306q\u0300\u0301\u0302u\u0330\u0331ilon en fête",
        "Aquilon\u0000et la suite après un zéro",
        "Aquilon\u0007\u001b[31mrouge\u001b[0m",
        "ligne 1 Aquilon\r\nligne 2\u2028ligne 3\u2029ligne 4\u0085fin",
        "demi-caractère \ud83d Aquilon",
        "\u2066Aquilon\u2069 \u2067مرحبا <b>Aquilon</b>\u2069",
        "Аquilon écrit avec un А cyrillique",
        "Аquilon ?" + "\u00a0" * 40 + "fin",
    ]
    calendar = days()
    for text in texts:
        person = cast.draw(rng, rng.choice((PIAF, SOCIAL, FORUM)))
        book.post(person, moment(rng, rng.choice(calendar)), text, theme="hostiles", tone="0", tag="hostiles")


def reposts(book: Book, cast: Cast) -> None:
    """Add what others pass on unchanged: the more it was shared, the more."""
    rng = random.Random("veille-demo-reposts")
    originals = [one for one in book.made if one.row["kind"] == "post" and one.theme not in ("hostiles", "imposteur", "fuite")]
    weights = {"feu": 3.0, "naissance": 4.0, "greve39": 1.6, "billettique43": 1.2, "rivalefuite": 1.2, "odeur": 0.0}
    for one in originals:
        shares = one.row.get("shares", 0) or 0
        mean = min(3.0, (0.075 + shares / 250) * weights.get(one.theme, 1.0))
        count = poisson(rng, mean * rng.gammavariate(0.5, 2)) if mean else 0
        count = 14 if one.tag == "premier" else count
        for _ in range(count):
            when = datetime.fromisoformat(one.row["published_at"]).astimezone(UTC) + timedelta(
                minutes=1 + rng.expovariate(1 / 160)
            )
            if when > datetime(2026, 11, 22, 22, 50, tzinfo=UTC):
                continue
            server = one.row["publisher"]
            person = cast.draw(rng, server)
            if person.handle == one.row["author"]:
                continue
            text = f"RT @{one.row['author']} : {one.row['text']}" if server == PIAF and rng.random() < 0.55 else one.row["text"]
            again = book.post(
                person,
                when,
                text,
                kind="repost",
                boost=0.3,
                language=one.row.get("language_declared"),
                parent=one.row["native_id"],
                media=tuple(one.row["media"]),
                theme=one.theme,
                tone=one.tone,
                tag=one.tag,
            )
            again.copy_of = one.name
            one.copy_of = one.name
