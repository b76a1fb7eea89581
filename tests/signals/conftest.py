"""Stories of two subjects over four months, as the rooms below would have stored them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from veille.mention import MENTIONS
from veille.reading.tables import READINGS
from veille.store import Store
from veille.watch import Watch

WATCH = """\
watch: essai
organisation: Essai
timezone: Europe/Paris
subjects:
  - {id: essai, name: Essai, role: self, query: 'essai'}
  - {id: rivale, name: Rivale, role: competitor, query: 'rivale'}
"""

BAD = [
    "Essai : des clients hospitalisés après une intoxication",
    "Essai savait : le rapport dissimulé sur l’intoxication",
    "Rappel de produits Essai, une enquête ouverte pour mise en danger",
    "Essai accusé de négligence par les victimes",
    "Intoxication chez Essai : trois plaintes déposées",
    "Scandale Essai : l’usine contaminée",
]
GOOD = "Essai ouvre une agence numéro"

Tell = Callable[..., None]


@pytest.fixture
def watch(make_watch: Callable[[str], Watch]) -> Watch:
    return make_watch(WATCH)


@pytest.fixture
def tell(store: Store) -> Tell:
    """Return a function that stores titles as articles read with a tone; each is a story of its own unless told otherwise."""

    def tell(
        titles: list[str],
        start: datetime,
        *,
        hours: float = 4,
        subject: str = "essai",
        tone: str = "neutral",
        story: str | None = None,
        publishers: int = 3,
    ) -> None:
        frame = pd.DataFrame({"title": titles, "text": ""})
        frame["published_at"] = [start + timedelta(hours=hours * number) for number in range(len(titles))]
        frame["mention_id"] = [
            hashlib.sha256(f"{title}{moment}".encode()).hexdigest()[:32]
            for title, moment in zip(titles, frame["published_at"], strict=True)
        ]
        frame["publisher"] = [f"journal{number % publishers}.fr" for number in range(len(titles))]
        frame["subjects"] = [[subject]] * len(titles)
        store.merge(MENTIONS, MENTIONS.check(frame.assign(source="presse", source_type="rss", kind="article")))
        negative = 0.95 if tone == "negative" else 0.1
        read = pd.DataFrame({"mention_id": frame["mention_id"], "story_id": story or frame["mention_id"]})
        read = read.assign(version="v", text_hash=read["mention_id"], language="fr", language_probability=1.0, tone=tone)
        read = read.assign(story_similarity=1.0, p_negative=negative, p_neutral=0.05, p_positive=0.95 - negative)
        store.merge(READINGS, READINGS.check(read))

    return tell


@pytest.fixture
def habit(tell: Tell) -> None:
    """Tell of both subjects, now and then and quietly, from October to January."""
    start = datetime(2021, 10, 1, 8, tzinfo=UTC)
    tell([f"{GOOD} {number}" for number in range(40)], start, hours=72)
    tell([f"Rivale lance une ligne {number}" for number in range(40)], start, hours=70, subject="rivale")
