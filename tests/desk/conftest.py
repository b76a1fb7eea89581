"""The demonstration's watch on a store of its own, with the signals that its detection leaves open."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from veille.mention import MENTIONS
from veille.signals import DETECTIONS, JOURNAL, SIGNALS
from veille.signals.journal import MACHINE, event
from veille.signals.tables import Act
from veille.store import Store
from veille.watch import Watch, load_watch

DEMO = Path(__file__).parents[2] / "data" / "demo"
CUTOFF = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

Change = Callable[[str, str], Watch]


@pytest.fixture
def demo_file(tmp_path: Path) -> Path:
    """Return the demonstration's watch.yml, copied with its confidential terms."""
    for name in ("watch.yml", "confidential-terms.txt"):
        shutil.copy(DEMO / name, tmp_path / name)
    return tmp_path / "watch.yml"


@pytest.fixture
def demo(demo_file: Path) -> Watch:
    return load_watch(demo_file)


@pytest.fixture
def change(demo_file: Path) -> Change:
    """Return a function that replaces words of that file, and loads it."""

    def change(old: str, new: str) -> Watch:
        text = demo_file.read_text("utf-8")
        assert old in text
        demo_file.write_text(text.replace(old, new), "utf-8")
        return load_watch(demo_file)

    return change


@pytest.fixture
def told(demo: Watch) -> Store:
    """Return a store in which the battery crisis is open at level 4, and the report of the tram-train's vote at level 2."""
    store = Store(demo)
    _open(
        store, "s1", 4, "Trois vélos en libre-service prennent feu le même jour", ["batterie", "incendie", "feu"], ["d2", "r1"]
    )
    _open(store, "s2", 2, "Tram-train : la Région reporte le vote du financement", ["tram", "vote", "financement"], ["d1"])
    looked = {"cutoff": CUTOFF, "as_of": CUTOFF, "version": "v", "stories": 9, "tests": 2, "enough_data": True}
    store.merge(DETECTIONS, DETECTIONS.check(pd.DataFrame([looked])))
    return store


def _open(store: Store, signal_id: str, level: int, title: str, words: list[str], effects: list[str]) -> None:
    mention_id = hashlib.sha256(title.encode()).hexdigest()[:32]
    mention = {
        "mention_id": mention_id, "source": "presse", "source_type": "rss", "kind": "article", "title": title, "text": "",
        "publisher": "journal.example", "url": "https://journal.example/1", "published_at": CUTOFF, "gathered_at": CUTOFF,
        "subjects": ["aquilon"],
    }  # fmt: skip
    store.merge(MENTIONS, MENTIONS.check(pd.DataFrame([mention])))
    row: dict[str, Any] = {
        "signal_id": signal_id, "cutoff": CUTOFF, "as_of": CUTOFF, "version": "v", "subject": "aquilon", "role": "self",
        "topic_id": "t1", "kind": "negative_emergence", "title": title, "level": level, "level_reason": "score", "score": 70.0,
        "score_low": 60.0, "score_high": 80.0, "window_days": 1, "stories": 7, "negative_stories": 6, "publishers": 4,
        "authors": 5, "mentions": 9, "press_pickup_at": pd.NaT, "short_history": False, "first_seen": CUTOFF,
        "detected_at": CUTOFF, "effects_ids": effects, "effects": ["bends"] * len(effects), "relevance": 0.2,
        "evidence": [mention_id], "words": words,
    }  # fmt: skip
    store.merge(SIGNALS, SIGNALS.check(pd.DataFrame([row])))
    store.merge(JOURNAL, JOURNAL.check(pd.DataFrame([event(signal_id, CUTOFF, MACHINE, Act.OPENED, level)])))
