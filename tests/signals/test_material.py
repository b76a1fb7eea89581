"""What detection looks at: what the public says, and never the organisation's own voice."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pandas as pd

from veille.mention import MENTIONS
from veille.period import week
from veille.reading.relevance import RELEVANCE
from veille.signals.material import load_material
from veille.signals.thresholds import Thresholds
from veille.store import Store
from veille.watch import Watch

AS_OF = datetime(2022, 1, 31, 6, tzinfo=UTC)


def test_own_words_are_not_counted_and_the_mention_stays(watch: Watch, store: Store, tell: Any) -> None:
    tell(["Essai répond", "Essai accusé"], datetime(2022, 1, 25, 8, tzinfo=UTC), tone="negative")
    period = week("2022-W04", "Europe/Paris")
    before = load_material(watch, store, AS_OF, period, Thresholds())
    assert len(before.told) == 2
    mention = store.load(MENTIONS).loc[lambda told: told["title"] == "Essai répond", "mention_id"].iloc[0]
    aside = {"mention_id": [mention], "subject": "essai", "version": "v", "text_hash": "", "verdict": "own_account"}
    store.merge(RELEVANCE, pd.DataFrame({**aside, "reason": "official_account", "detail": "x", "probability": 0.99}))
    after = load_material(watch, store, AS_OF, period, Thresholds())
    assert after.told["title"].tolist() == ["Essai accusé"]
    assert len(after.mentions) == 2
    assert int(after.grid.counts["negative_stories"].sum()) == 1
