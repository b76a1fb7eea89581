# ruff: noqa: E501 - one family a line reads better
"""Three hundred mentions that strangers could write to harm who reads them: families of tricks, each in every field.

All tell one affair, so that what they hold reaches page 1, the details, the annex, tables and mails.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

FIELDS = ("title", "text", "author", "publisher", "url")
WEEK, AS_OF = "2026-W47", "2026-11-23T06:30"
MONDAY = datetime(2026, 11, 16, 7, tzinfo=UTC)
OUT = "http://127.0.0.1:9"  # nobody listens on the port of discard

FAMILIES: dict[str, tuple[str, str, str]] = {
    "markup": ("<h1>titre</h1><marquee>x</marquee>", "<table><tr><td>", "<style>*{display:none}</style>"),
    "scripts": ("<script>window.ran=1;alert(1)</script>", f"<ScRiPt src={OUT}/x.js></sCrIpT>", "<<script>alert(1);//<</script>"),
    "handlers": ("<img src=x onerror=alert(1)>", "\" autofocus onfocus='alert(1)' x=\"", "<body onload=alert(1)><details open ontoggle=alert(1)>"),
    "addresses": ("javascript:alert(1)", "data:text/html,<script>alert(1)</script>", f"<a href=' javascript:alert(1)'>{OUT}</a>"),
    "closing tags": ("</title></style></script><script>alert(1)</script>", "--><script>alert(1)</script><!--", "]]></p></blockquote></main></body>"),
    "direction marks": ("\u202eegassap el tnava\u202c", "\u2067retourné\u2069 \u2066puis", "\u200f\u061c\u202b mot \u202d mot"),
    "zero width": ("s\u200bc\u200ba\u200bn\u200bd\u200ba\u200bl\u200be", "\ufeff\u2060\u180e caché", "\U000e0041\U000e0042\u034f\u00ad étiquette"),
    "formulas": (f'=HYPERLINK("{OUT}","x")', "+cmd|' /C calc'!A0", "@SUM(1+1)*cmd|' /C calc'!A0"),
    "more formulas": ("\t=1+1", "-2+3+cmd|' /C calc'!A0", "\r\n=IMPORTXML(1;2)"),
    "long words": ("a" * 3000, "Anticonstitutionnellement" * 40, f"{OUT}/" + "chemin/" * 120),
    "emojis": ("👩‍👩‍👧‍👦" * 60, "🇫🇷🏳️‍🌈👍🏿" * 30, "😡" * 300),
    "right to left": ("أغلقت الشركة ثلاث محطات دون إشعار", "החברה סגרה שלוש תחנות (3/4) !", "mot עברית mot العربية 12:30 mot"),
    "control": ("a\x00b\x07c\x08", "\x1b[31mrouge\x1b[0m\x1b]0;titre\x07", "\ud83d seul \x0b\x0c\x85\u2028\u2029\uffff"),
    "templates": ("{{7*7}}{% raw %}", "${7*7}#{7*7}<%= 7*7 %>", "{{''.__class__.__mro__}}{0.__class__}%(x)s%n"),
    "svg and mathml": ("<svg/onload=alert(1)>", "<math><mtext><mglyph><style><img src=x onerror=alert(1)>", f"<svg><image href={OUT}/a.svg /></svg>"),
    "entities": ("&lt;script&gt;alert(1)&lt;/script&gt;", "&#x3C;img src=x onerror=alert(1)&#x3E;", "&amp;amp;nbsp;&#0;&notit;"),
    "css": ("</style><style>body{position:fixed;top:-9999px}</style>", "x:expression(alert(1));color:transparent", f"@import url({OUT}/x.css);"),
    "markdown and latex": ("[x](javascript:alert(1)) ![y](http://127.0.0.1:9/p.png)", "```\n# titre\n| a | b |\n|---|", "$\\frac{1}{0}$ \\input{/etc/passwd} $$\\def\\x{\\x\\x}\\x$$"),
    "mail headers": ("\r\nBcc: victime@example.org\r\n\r\nCorps", "%0d%0aSubject: autre%0d%0a", "\nContent-Type: text/html\n\n<h1>x</h1>"),
    "charts": ("%{customdata}<extra>x</extra><br><b>gras</b>", '<a href="javascript:alert(1)">lien</a>', "z" + "\u0301\u0300\u0323\u0330" * 60),
}  # fmt: skip

# Drawn from these, each mention says something else beside: no near-duplicate, so that each is a story of its own.
_WORDS = [
    "ambulance",
    "vitesse",
    "pluie",
    "collision",
    "témoin",
    "caténaire",
    "rails",
    "enquête",
    "procureur",
    "victime",
    "hôpital",
    "alarme",
    "passager",
    "vitre",
    "fumée",
    "pompier",
    "syndicat",
    "maintenance",
    "rapport",
    "audit",
    "conducteur",
    "virage",
    "carrefour",
    "panneau",
    "vidéo",
    "famille",
    "avocat",
    "maire",
    "préfet",
    "ministre",
    "expert",
    "garage",
    "pièce",
    "usure",
    "signalement",
    "courriel",
    "réunion",
    "budget",
    "contrat",
    "fournisseur",
    "retard",
    "gilet",
    "siège",
    "barre",
    "porte",
    "toit",
    "moteur",
]
_PLACES = ("gare", "dépôt", "pont", "tunnel", "quai", "rond-point", "lycée", "stade", "marché", "port")
_SAID = (
    "Accident du tramway Essai près du {place} : trois blessés graves, une plainte est déposée",
    "Scandale après l'accident du tramway Essai, {place} : la direction savait que les freins étaient défectueux",
    "Tramway Essai : blessés au {place}, honte à la direction, les freins défectueux étaient connus",
)


def _mention(number: int, at: datetime, said: str, **more: str) -> dict[str, Any]:
    press = number % 3 == 0
    draw = Random(number)
    beside, also = " ".join(draw.choices(_WORDS, k=45)), " ".join(draw.sample(_WORDS, 4))
    return {
        "native_id": f"h{number}",
        "published_at": at.isoformat(),
        "gathered_at": (at + timedelta(minutes=5)).isoformat(),
        "kind": "article" if press else "post",
        "title": f"{said}, {also}" if press else "",
        "text": f"{said}. Colère et danger : {beside}.",
        "author": None if press else f"auteur{number % 40}",
        "publisher": f"journal{number % 12}.example" if press else "reseau.example",
        "url": f"https://journal{number % 12}.example/{number}",
        "language": "fr",
    } | more


def hostile() -> list[dict[str, Any]]:
    """Return the three hundred: each trick of each family in each field."""
    rows: list[dict[str, Any]] = []
    for tricks in FAMILIES.values():
        for trick in tricks:
            for field in FIELDS:
                number = len(rows)
                said = _SAID[number % 3].format(place=_PLACES[number % 10])
                at = MONDAY + timedelta(days=3, minutes=11 * number)
                row = _mention(number, at, said)
                if field in ("title", "text"):
                    # First, so that no cut of a title or a quotation leaves it out.
                    row[field] = f"{trick} {row[field] or said}"
                else:
                    row[field] = f"https://lieu.example/{trick}" if field == "url" and number % 2 else trick
                rows.append(row)
    return rows


def quiet() -> list[dict[str, Any]]:
    """Return eight calm weeks, against which the affair stands out."""
    return [
        _mention(1000 + number, MONDAY - timedelta(days=56 - number % 56, minutes=number), f"Essai ouvre un arrêt rue {number}")
        for number in range(112)
    ]


def write(file: Path) -> None:
    """Write all as JSON lines; a lone surrogate stands as its escape, as a careless program would leave it."""
    file.write_text("".join(json.dumps(row) + "\n" for row in (*quiet(), *hostile())), encoding="utf-8")


WATCH = """\
watch: essai
organisation: Essai
timezone: Europe/Paris
languages: [fr, en]
subjects:
  - {id: essai, name: Essai, role: self, query: 'essai OR tramway OR freins'}
sources:
  - {id: archive, type: import, grade: C, rights: {fulltext: true}}
people: [{id: dg, name: Claire Martin}]
escalation: {1: {to: [dg]}, 2: {to: [dg]}, 3: {to: [dg]}, 4: {to: [dg]}}
"""
