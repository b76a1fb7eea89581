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
from veille.topics.tables import ASSIGNMENTS, TOPICS
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
        kind: str = "article",
        read: bool = True,
        language: str = "fr",
    ) -> None:
        frame = pd.DataFrame({"title": titles, "text": ""})
        frame["published_at"] = [start + timedelta(hours=hours * number) for number in range(len(titles))]
        frame["mention_id"] = [
            hashlib.sha256(f"{title}{moment}".encode()).hexdigest()[:32]
            for title, moment in zip(titles, frame["published_at"], strict=True)
        ]
        frame["publisher"] = [f"journal{number % publishers}.fr" for number in range(len(titles))]
        frame["subjects"] = [[subject]] * len(titles)
        store.merge(MENTIONS, MENTIONS.check(frame.assign(source="presse", source_type="rss", kind=kind)))
        if not read:
            return
        negative = 0.95 if tone == "negative" else 0.1
        seen = pd.DataFrame({"mention_id": frame["mention_id"], "story_id": story or frame["mention_id"]})
        seen = seen.assign(version="v", text_hash=seen["mention_id"], language=language, language_probability=1.0, tone=tone)
        seen = seen.assign(story_similarity=1.0, p_negative=negative, p_neutral=0.05, p_positive=0.95 - negative)
        if tone == "not_read":
            seen = seen.assign(p_negative=None, p_neutral=None, p_positive=None)
        store.merge(READINGS, READINGS.check(seen))

    return tell


@pytest.fixture
def sort(store: Store) -> Callable[[datetime, dict[str, str]], None]:
    """Return a function that puts each mention in the topic of the first words its title begins with, else in its own."""

    def sort(cutoff: datetime, beginnings: dict[str, str]) -> None:
        mentions = store.load(MENTIONS)
        mentions = mentions.loc[mentions["published_at"] < pd.Timestamp(cutoff)]
        topic = [
            next((name for words, name in beginnings.items() if title.startswith(words)), f"t{mention}")
            for title, mention in zip(mentions["title"], mentions["mention_id"], strict=True)
        ]
        placed = pd.DataFrame({"mention_id": mentions["mention_id"], "topic_id": topic, "cutoff": cutoff, "similarity": 0.9})
        store.replace(ASSIGNMENTS, ASSIGNMENTS.check(placed), "cutoff", pd.Timestamp(cutoff))
        joined = mentions.assign(topic_id=topic)
        rows = joined.groupby("topic_id", as_index=False).agg(
            title=("title", "first"),
            stories=("mention_id", "size"),
            born_at=("published_at", "min"),
            last_at=("published_at", "max"),
        )
        rows = rows.assign(cutoff=cutoff, as_of=cutoff, version="v", inputs="", level="fine", status="active")
        rows = rows.assign(mentions=rows["stories"], ignored=False, watched=False, cohesion=0.8)
        for column in ("words", "representatives"):
            rows[column] = [[] for _ in range(len(rows))]
        rows["centroid"] = [[1.0] for _ in range(len(rows))]
        store.replace(TOPICS, TOPICS.check(rows), "cutoff", pd.Timestamp(cutoff))

    return sort


@pytest.fixture
def habit(tell: Tell) -> None:
    """Tell of both subjects, now and then and quietly, from October to January."""
    start = datetime(2021, 10, 1, 8, tzinfo=UTC)
    tell([f"{GOOD} {number}" for number in range(40)], start, hours=72)
    tell([f"Rivale lance une ligne {number}" for number in range(40)], start, hours=70, subject="rivale")
