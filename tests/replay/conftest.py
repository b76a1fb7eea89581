"""A small watch whose mentions were really read: two subjects, fifty quiet days, then one crisis."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from veille import reading
from veille.mention import MENTIONS
from veille.replay import Relived, replay
from veille.store import Store
from veille.watch import Watch, load_watch

WATCH = """\
watch: essai
organisation: Essai
timezone: Europe/Paris
subjects:
  - {id: essai, name: Essai, role: self, query: 'essai'}
  - {id: rivale, name: Rivale, role: competitor, query: 'rivale'}
"""
BEGINS = datetime(2026, 3, 1, 6, tzinfo=UTC)
FIRST, CRISIS, LAST = date(2026, 4, 17), date(2026, 4, 20), date(2026, 4, 23)
TOWNS = ("Rennes", "Lille", "Nantes", "Tours", "Metz", "Brest", "Nice")
QUIET = ["ouvre une agence", "publie ses horaires", "fête ses clients", "présente son plan", "recrute des conducteurs"]
CRISES = [
    "Essai : des clients hospitalisés après une intoxication",
    "Essai savait : le rapport dissimulé sur l’intoxication",
    "Rappel de produits Essai, une enquête ouverte pour mise en danger",
    "Essai accusé de négligence par les victimes",
    "Intoxication chez Essai : trois plaintes déposées",
    "Scandale Essai : l’usine contaminée",
]

Told = list[tuple[str, str, datetime]]


def put(store: Store, told: Told, **columns: object) -> pd.DataFrame:
    """Store texts as (text, subject, moment), each a mention."""
    frame = pd.DataFrame(told, columns=["title", "subject", "published_at"])
    frame["mention_id"] = [f"{text[:6]}-{moment:%m%d%H%M}-{subject}" for text, subject, moment in told]
    frame["subjects"] = [[subject] for subject in frame["subject"]]
    frame["publisher"] = [f"site{number % 3}.fr" for number in range(len(frame))]
    frame = frame.drop(columns="subject").assign(text="", source="presse", source_type="import", kind="article", **columns)
    store.merge(MENTIONS, MENTIONS.check(frame))
    return frame


def history() -> Told:
    """Return what is told: one quiet story a day and subject in turn, then six ill ones in two days."""
    told: Told = []
    for day in range(50):
        subject = ("Essai", "Rivale")[day % 2]
        text = f"{subject} {QUIET[day % 5]} à {TOWNS[day % 7]} numéro {day}"
        told.append((text, subject.lower(), BEGINS + timedelta(days=day)))
    crisis = datetime(CRISIS.year, CRISIS.month, CRISIS.day, 8, tzinfo=UTC)
    return told + [(text, "essai", crisis + timedelta(hours=3 * number)) for number, text in enumerate(CRISES)]


def written(folder: Path, told: Told) -> tuple[Watch, Store]:
    """Return a watch in a folder whose mentions were read."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "watch.yml").write_text(WATCH, encoding="utf-8")
    watch = load_watch(folder / "watch.yml")
    store = Store(watch)
    put(store, told)
    reading.read(watch, store, datetime(2027, 1, 1, tzinfo=UTC))
    return watch, store


Build = Callable[[str, Told], tuple[Watch, Store]]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """Return a function that makes a watch, below the test's own folder, with what is told."""
    return lambda name, told: written(tmp_path / name, told)


@pytest.fixture(scope="session")
def relived(tmp_path_factory: pytest.TempPathFactory) -> tuple[Watch, Store, Relived]:
    """Return the small watch and its replay in one process; tests only read them."""
    watch, store = written(tmp_path_factory.mktemp("relived"), history())
    return watch, store, replay(watch, store, FIRST, LAST, processes=1)
