from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pandas as pd

from veille.gather.rows import mentions_frame
from veille.gather.save import save
from veille.mention import EARLIER_TEXTS, ENGAGEMENT, MENTIONS, Mention
from veille.store import Merged, Store
from veille.watch import Watch

FIRST, SECOND = datetime(2026, 11, 20, 10, tzinfo=UTC), datetime(2026, 11, 21, 10, tzinfo=UTC)
MENTION = Mention("a", "rss", "aquilon", datetime(2026, 11, 20, tzinfo=UTC), native_id="1", gathered_at=FIRST)


def put(watch: Watch, store: Store, *mentions: Mention, at: datetime = FIRST) -> Merged:
    return save(watch, store, mentions_frame(list(mentions), watch, store.key), at)


def only(store: Store) -> pd.Series:
    frame = store.load(MENTIONS)
    assert len(frame) == 1
    return frame.iloc[0]


def test_what_was_known_first_stays(watch: Watch, store: Store) -> None:
    put(watch, store, MENTION)
    moved = replace(MENTION, source="b", text="autre", published_at=SECOND, gathered_at=SECOND)
    assert put(watch, store, moved, at=SECOND) == Merged(0, 0, 1)
    row = only(store)
    assert (row["source"], row["text"], row["gathered_at"], row["published_at"]) == (
        "a",
        "aquilon",
        FIRST,
        MENTION.published_at,
    )


def test_the_own_source_may_correct_its_text(watch: Watch, store: Store) -> None:
    put(watch, store, MENTION)
    assert put(watch, store, replace(MENTION, text="corrigé", gathered_at=SECOND), at=SECOND).updated == 1
    row = only(store)
    assert row["text"] == "corrigé"
    assert list(row["subjects"]) == []


def test_nothing_does_not_replace_something(watch: Watch, store: Store) -> None:
    put(watch, store, replace(MENTION, title="T", likes=3, media=["https://a.example/1"], author="x"))
    assert put(watch, store, replace(MENTION, text="", title="T"), at=SECOND) == Merged(0, 0, 1)
    row = only(store)
    assert (row["text"], row["likes"], list(row["media"]), list(row["subjects"])) == (
        "aquilon",
        3,
        ["https://a.example/1"],
        ["nous"],
    )


def test_another_source_fills_what_is_missing(watch: Watch, store: Store) -> None:
    put(watch, store, replace(MENTION, text="", title="Aquilon", published_at=None))
    assert put(watch, store, replace(MENTION, source="b", text="corps", title="autre")).updated == 1
    row = only(store)
    assert (row["title"], row["text"], row["published_at"]) == ("Aquilon", "corps", MENTION.published_at)


def test_counters_are_observed_when_they_change(watch: Watch, store: Store) -> None:
    put(watch, store, replace(MENTION, likes=1, views=5))
    put(watch, store, replace(MENTION, likes=1, gathered_at=SECOND), at=SECOND)
    assert len(store.load(ENGAGEMENT)) == 1
    put(watch, store, replace(MENTION, likes=4, gathered_at=SECOND), at=SECOND)
    assert store.load(ENGAGEMENT)[["likes", "views"]].values.tolist() == [[1, 5], [4, 5]]
    assert store.mentions(SECOND)["likes"].tolist() == [4]
    assert store.mentions(FIRST.replace(hour=11))["likes"].tolist() == [1]


def test_doubled_rows_of_one_run_are_one_mention(watch: Watch, store: Store) -> None:
    other = replace(MENTION, native_id="2", text="b")
    merged = put(watch, store, replace(MENTION, likes=1), other, replace(MENTION, likes=2), replace(MENTION, likes=2))
    assert merged == Merged(2, 1, 1)
    assert sorted(store.load(MENTIONS)["likes"].dropna()) == [2]


def test_no_rows_write_nothing(watch: Watch, store: Store) -> None:
    assert put(watch, store) == Merged(0, 0, 0)
    assert not watch.store_path.exists()


def test_a_corrected_text_does_not_rewrite_what_stood_before(watch: Watch, store: Store) -> None:
    put(watch, store, replace(MENTION, title="Titre"))
    put(watch, store, replace(MENTION, title="Titre", text="aquilon, corrigé", gathered_at=SECOND), at=SECOND)
    third = SECOND + timedelta(days=1)
    put(watch, store, replace(MENTION, title="Erratum", text="aquilon, retiré", gathered_at=third), at=third)
    said = {
        at: tuple(store.mentions(at, columns=["title", "text"]).iloc[0])
        for at in (FIRST, SECOND - timedelta(seconds=1), SECOND, third)
    }
    assert list(said.values()) == [
        ("Titre", "aquilon"),
        ("Titre", "aquilon"),
        ("Titre", "aquilon, corrigé"),
        ("Erratum", "aquilon, retiré"),
    ]
    assert len(store.load(EARLIER_TEXTS)) == 2


def test_a_text_that_is_seen_again_replaces_nothing(watch: Watch, store: Store) -> None:
    put(watch, store, MENTION)
    put(watch, store, replace(MENTION, likes=3, gathered_at=SECOND), at=SECOND)
    put(watch, store, replace(MENTION, source="b", text="autre", gathered_at=SECOND), at=SECOND)
    assert store.load(EARLIER_TEXTS).empty
