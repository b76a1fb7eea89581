"""A store with mentions that were really read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pandas as pd
import pytest

from veille import reading
from veille.mention import MENTIONS
from veille.store import Store
from veille.watch import Watch

Tell = Callable[..., None]


@pytest.fixture
def tell(watch: Watch, store: Store) -> Tell:
    """Return a function that stores texts as mentions, an hour apart, and reads them."""

    def tell(texts: list[str], start: datetime, *, subjects: tuple[str, ...] = ("essai",), name: str = "m") -> None:
        frame = pd.DataFrame({"text": texts})
        frame["mention_id"] = [f"{name}{number:03d}" for number in range(len(texts))]
        frame["published_at"] = [start + timedelta(hours=number) for number in range(len(texts))]
        frame["publisher"] = [f"site{number % 3}.fr" for number in range(len(texts))]
        frame["subjects"] = [list(subjects)] * len(texts)
        store.merge(MENTIONS, MENTIONS.check(frame.assign(source="essai", source_type="import", kind="post", title="")))
        reading.read(watch, store, start + timedelta(hours=len(texts) + 1))

    return tell
