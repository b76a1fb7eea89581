"""The mentions being made: fields of `veille.mention.Mention`, and beside them what they hide."""

from __future__ import annotations

import random
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from builder.people import Person
from builder.places import FORUM, OUTLETS, PIAF, SOCIAL, STORE

_SOURCES = {
    PIAF: ("piaf", "import"),
    SOCIAL: ("social", "import"),
    FORUM: ("forum", "import"),
    STORE: ("avis", "import"),
    "regional": ("presse-regionale", "rss"),
    "sector": ("presse-pro", "rss"),
    "national": ("presse-nationale", "rss"),
}


@dataclass(slots=True)
class Made:
    """One mention with what only the builder knows: theme, tone, what it hides, what it copies."""

    row: dict[str, Any]
    theme: str
    tone: str
    tag: str = ""
    copy_of: str = ""

    @property
    def name(self) -> str:
        """What identifies it in truth.yml: the address of an article, else the native id."""
        return str(self.row["url"] if self.row["kind"] == "article" else self.row["native_id"])


@dataclass(slots=True)
class Book:
    """Every mention made so far, with ids that do not repeat."""

    rng: random.Random
    made: list[Made] = field(default_factory=list)
    _taken: set[str] = field(default_factory=set)

    def _native(self, prefix: str, when: datetime) -> str:
        native = ""
        while not native or native in self._taken:
            native = f"{prefix}{int(when.timestamp()) - 1_700_000_000}{self.rng.randrange(1000):03d}"
        self._taken.add(native)
        return native

    def _times(self, when: datetime, fastest: int, slowest: int) -> dict[str, str]:
        gathered = when + timedelta(minutes=min(slowest, fastest + self.rng.expovariate(1 / 25)))
        return {"published_at": _utc(when), "gathered_at": _utc(gathered)}

    def post(
        self, person: Person, when: datetime, text: str, *, kind: str = "post", title: str = "", boost: float = 1.0,
        language: str | None = None, parent: str | None = None, media: tuple[str, ...] = (), **hidden: str,
    ) -> Made:  # fmt: skip
        """Add what a person wrote on a network, a forum or a store."""
        rng, server = self.rng, STORE if kind == "review" else person.server
        source, source_type = _SOURCES[server]
        native = self._native({PIAF: "1", SOCIAL: "1", FORUM: "m", STORE: "a"}[server], when)
        reach = max(4.0, person.followers * rng.lognormvariate(-0.4, 0.9)) * boost
        row: dict[str, Any] = {
            "native_id": native,
            "url": f"https://{server}/{'p' if server == STORE else '@' + person.handle}/{native}",
            "publisher": server,
            "author": person.handle,
            "author_followers": person.followers if server in (PIAF, SOCIAL) else None,
            **self._times(when, 2, 420),
            "kind": kind,
            "parent_id": parent,
            "title": title,
            "text": text,
            "language_declared": language,
            "likes": int(reach * rng.lognormvariate(-4.2, 1.0)),
            "shares": int(reach * rng.lognormvariate(-5.6, 1.2)) if server in (PIAF, SOCIAL) else None,
            "replies": int(reach * rng.lognormvariate(-5.4, 1.0)),
            "views": int(reach) + 3 if server in (PIAF, FORUM) else None,
            "media": list(media),
            "source": source,
            "source_type": source_type,
        }
        return self._keep(row, hidden)

    def article(self, outlet: str, when: datetime, title: str, text: str, *, boost: float = 1.0, **hidden: str) -> Made:
        """Add what an outlet published."""
        publisher, host, kind = OUTLETS[outlet]
        source, source_type = _SOURCES[kind]
        native = self._native(f"{outlet}-", when)
        width = {"regional": 7.2, "sector": 5.8, "national": 9.6}[kind]
        row: dict[str, Any] = {
            "native_id": native,
            "url": f"https://{host}/{when:%Y/%m/%d}/{_slug(title)}-{native.split('-')[1][-6:]}",
            "publisher": publisher,
            **self._times(when, 4, 240),
            "kind": "article",
            "title": title,
            "text": text,
            "language_declared": hidden.pop("language", "fr"),
            "shares": int(self.rng.lognormvariate(1.5, 1.2) * boost),
            "views": int(self.rng.lognormvariate(width, 0.8) * boost),
            "media": [],
            "source": source,
            "source_type": source_type,
        }
        return self._keep(row, hidden)

    def _keep(self, row: dict[str, Any], hidden: dict[str, str]) -> Made:
        made = Made({name: value for name, value in row.items() if value is not None}, **hidden)
        self.made.append(made)
        return made


def _utc(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _slug(title: str) -> str:
    plain = "".join(c for c in unicodedata.normalize("NFD", title.lower()) if not unicodedata.combining(c))
    return "-".join(re.sub(r"[^a-z0-9]+", " ", plain).split()[:9])
