from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from veille.gather import mentions_frame, refresh_subjects
from veille.gather.save import save
from veille.mention import MENTIONS, Mention
from veille.store import Store
from veille.watch import Watch

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def subjects(store: Store) -> dict[str, list[str]]:
    frame = store.load(MENTIONS)
    return {native: list(ids) for native, ids in zip(frame["native_id"], frame["subjects"], strict=True)}


def test_a_changed_query_is_asked_of_what_is_stored(make_watch: Callable[..., Watch]) -> None:
    watch = make_watch()
    store = Store(watch)
    mentions = [Mention("s", "rss", text, native_id=text) for text in ("aquilon", "rivale", "rien")]
    save(watch, store, mentions_frame(mentions, watch, store.key), NOW)
    assert refresh_subjects(watch, store) == 0
    assert subjects(store) == {"aquilon": ["nous"], "rivale": [], "rien": []}
    changed = make_watch("[{id: eux, query: 'rivale'}, {id: nous, query: 'aquilon OR rivale'}]")
    assert refresh_subjects(changed, Store(changed)) == 1
    assert subjects(store) == {"aquilon": ["nous"], "rivale": ["eux", "nous"], "rien": []}
    assert refresh_subjects(changed, Store(changed)) == 0


def test_an_unchanged_query_is_not_asked_again(watch: Watch, store: Store) -> None:
    refresh_subjects(watch, store)
    mentions = [Mention("s", "rss", "aquilon", native_id="1")]
    rows = mentions_frame(mentions, watch, store.key)
    rows["subjects"] = [[]]
    store.merge(MENTIONS, rows)
    assert refresh_subjects(watch, store) == 0
    assert subjects(store) == {"1": []}


def test_nothing_stored_is_nothing_to_ask(watch: Watch, store: Store) -> None:
    assert refresh_subjects(watch, store) == 0
    assert not watch.store_path.exists()
