"""The memory of a watch: idempotent, honest about time, safe with several writers."""

from __future__ import annotations

import stat
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest
from deltalake import DeltaTable

from veille.contract import Table
from veille.errors import ContractError, StoreError
from veille.mention import ENGAGEMENT, MENTIONS
from veille.period import week
from veille.reading.tables import EMBEDDINGS
from veille.store import Store
from veille.topics.tables import ASSIGNMENTS, TOPIC_EVENTS
from veille.watch import Watch, load_watch

NOON = datetime(2026, 11, 19, 12, tzinfo=UTC)


def mentions(*ids: str, **columns: object) -> pd.DataFrame:
    base: dict[str, object] = {"source": "presse", "source_type": "rss", "kind": "article", "title": "", "text": "essai"}
    return MENTIONS.check(pd.DataFrame({"mention_id": list(ids), **base, "published_at": NOON, **columns}))


def version(watch: Watch, table: Table) -> int:
    return DeltaTable(str(watch.store_path / table.name)).version()


def test_a_table_that_was_never_written_is_empty(store: Store) -> None:
    assert store.load(MENTIONS).empty
    assert store.mentions(NOON).empty


def test_the_same_rows_again_change_nothing_and_make_no_version(watch: Watch, store: Store) -> None:
    rows = mentions("a", "b", media=[["x"], []])
    first = store.merge(MENTIONS, rows)
    before = version(watch, MENTIONS)
    again = store.merge(MENTIONS, rows)
    assert (first.new, first.updated, again.new, again.updated, again.unchanged) == (2, 0, 0, 0, 2)
    assert version(watch, MENTIONS) == before
    pd.testing.assert_frame_equal(store.load(MENTIONS), rows)


def test_a_merge_keeps_the_first_gathering_and_no_missing_value_erases_one(store: Store) -> None:
    store.merge(MENTIONS, mentions("a", gathered_at=NOON, likes=3, publisher="gazette.example"))
    later = mentions("a", source="autre", gathered_at=NOON + timedelta(days=1), likes=5, text="essai corrigé")
    assert store.merge(MENTIONS, later).updated == 1
    row = store.load(MENTIONS).iloc[0]
    assert (row["source"], row["gathered_at"], row["likes"]) == ("presse", pd.Timestamp(NOON), 5)
    assert (row["publisher"], row["text"]) == ("gazette.example", "essai corrigé")


def test_append_only_rows_are_never_changed(store: Store) -> None:
    event = {"event_id": ["e"], "at": [NOON], "by": ["veille"], "act": ["birth"], "topic_id": ["t"], "note": ["né"]}
    store.merge(TOPIC_EVENTS, pd.DataFrame(event))
    assert store.merge(TOPIC_EVENTS, pd.DataFrame({**event, "note": ["autre"]})).unchanged == 1
    assert store.load(TOPIC_EVENTS)["note"].tolist() == ["né"]


def test_a_frame_that_breaks_its_contract_writes_nothing(watch: Watch, store: Store) -> None:
    with pytest.raises(ContractError):
        store.merge(MENTIONS, pd.DataFrame({"mention_id": ["a", "a"]}))
    assert not (watch.store_path / "mentions").exists()


def test_what_is_on_disk_is_checked_too(watch: Watch, store: Store) -> None:
    store.merge(MENTIONS, mentions("a"))
    DeltaTable(str(watch.store_path / "mentions")).update({"kind": "'rumour'"})
    with pytest.raises(ContractError, match="mentions"):
        store.load(MENTIONS)


def test_replace_swaps_the_rows_of_one_value_and_no_others(watch: Watch, store: Store) -> None:
    def rows(*ids: str, cutoff: datetime = NOON) -> pd.DataFrame:
        return pd.DataFrame({"mention_id": list(ids), "cutoff": cutoff, "topic_id": "t", "similarity": 1.0})

    tomorrow = NOON + timedelta(days=1)
    assert store.replace(ASSIGNMENTS, rows("a", "b"), "cutoff", NOON)
    assert store.replace(ASSIGNMENTS, rows("a", cutoff=tomorrow), "cutoff", tomorrow)
    before = version(watch, ASSIGNMENTS)
    assert not store.replace(ASSIGNMENTS, rows("b", "a"), "cutoff", NOON)
    assert version(watch, ASSIGNMENTS) == before
    assert store.replace(ASSIGNMENTS, rows("c"), "cutoff", NOON)
    assert store.load(ASSIGNMENTS)["mention_id"].tolist() == ["a", "c"]
    assert store.replace(ASSIGNMENTS, rows("c").iloc[:0], "cutoff", NOON)
    assert store.load(ASSIGNMENTS)["mention_id"].tolist() == ["a"]
    with pytest.raises(StoreError, match="another cutoff"):
        store.replace(ASSIGNMENTS, rows("d", cutoff=tomorrow), "cutoff", NOON)


def test_vectors_come_back_as_they_went(store: Store) -> None:
    vector = [0.1, 0.2, 0.3]
    rows = pd.DataFrame({"text_hash": ["h"], "model": ["m"], "vector": [vector]})
    assert store.merge(EMBEDDINGS, rows).new == 1
    assert store.merge(EMBEDDINGS, rows).unchanged == 1
    assert store.load(EMBEDDINGS)["vector"].iloc[0].tolist() == pytest.approx(vector)


def test_load_takes_columns_and_filters_of_every_kind(store: Store) -> None:
    store.merge(MENTIONS, mentions("a", "b", "c", published_at=[NOON, NOON + timedelta(hours=1), NOON + timedelta(hours=2)]))
    after = store.load(MENTIONS, ["mention_id"], [("published_at", ">", pd.Timestamp(NOON))])
    assert after["mention_id"].tolist() == ["b", "c"]
    assert store.load(MENTIONS, ["text"], [("mention_id", "in", ["c", "z"])])["text"].tolist() == ["essai"]


class TestVisibility:
    """A mention is visible when it was published before the cut-off and gathered by `as_of`."""

    @pytest.mark.parametrize(
        ("published_at", "gathered_at", "visible"),
        [
            (NOON, None, True),
            (NOON, NOON, True),
            (NOON, NOON + timedelta(hours=2), True),
            (NOON, NOON + timedelta(hours=2, microseconds=1), False),
            (NOON + timedelta(hours=2), None, False),
            (NOON + timedelta(hours=2, microseconds=-1), None, True),
            (None, NOON, False),
        ],
    )
    def test_two_clocks(self, store: Store, published_at: object, gathered_at: object, visible: bool) -> None:
        store.merge(MENTIONS, mentions("a", published_at=[published_at], gathered_at=[gathered_at]))
        assert len(store.mentions(NOON + timedelta(hours=2))) == visible

    def test_the_end_of_the_period_hides_what_comes_after(self, store: Store) -> None:
        period = week("2026-W47", "Europe/Paris")
        times = [period.end - timedelta(microseconds=1), period.end]
        store.merge(MENTIONS, mentions("a", "b", published_at=times))
        assert store.mentions(period.end + timedelta(days=30), period)["mention_id"].tolist() == ["a"]

    def test_counters_are_those_seen_by_then(self, store: Store) -> None:
        store.merge(MENTIONS, mentions("a", "b", likes=[90, 7]))
        observed = {"mention_id": ["a", "a"], "observed_at": [NOON, NOON + timedelta(days=2)], "likes": [10, 90]}
        store.merge(ENGAGEMENT, pd.DataFrame(observed))
        assert store.mentions(NOON + timedelta(days=1))["likes"].tolist() == [10, 7]
        assert store.mentions(NOON + timedelta(days=2))["likes"].tolist() == [90, 7]

    def test_counters_observed_later_are_unknown_not_zero(self, store: Store) -> None:
        store.merge(MENTIONS, mentions("a", likes=90))
        store.merge(ENGAGEMENT, pd.DataFrame({"mention_id": ["a"], "observed_at": [NOON + timedelta(days=2)], "likes": [90]}))
        assert store.mentions(NOON + timedelta(days=1))["likes"].isna().all()


def test_writers_at_once_lose_nothing_and_double_nothing(watch: Watch) -> None:
    errors: list[BaseException] = []

    def write(name: str) -> None:
        try:
            for number in range(4):
                Store(watch).merge(MENTIONS, mentions(f"{name}{number}", f"shared{number}"))
        except BaseException as error:  # noqa: BLE001 - handed to the test's own thread
            errors.append(error)

    threads = [threading.Thread(target=write, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(Store(watch).load(MENTIONS)) == 16


class TestKey:
    """The key of the pseudonyms."""

    def test_it_is_made_once_and_readable_by_its_owner_only(self, watch: Watch) -> None:
        key = Store(watch).key
        assert len(key) == 32
        assert Store(watch).key == key
        assert stat.S_IMODE((watch.state_path / "pseudonym.key").stat().st_mode) == 0o600

    def test_first_writers_at_once_agree(self, watch: Watch) -> None:
        code = (
            "import sys; from veille.watch import load_watch; from veille.store import Store;"
            "print(Store(load_watch(sys.argv[1])).key.hex())"
        )
        command = [sys.executable, "-c", code, str(watch.file)]
        processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
        keys = {process.communicate()[0].strip() for process in processes}
        assert len(keys) == 1
        assert len(keys.pop()) == 64

    def test_it_comes_from_the_environment_where_watch_yml_says_so(self, watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
        watch.file.write_text(watch.file.read_text() + "privacy: {key: VEILLE_TEST_KEY}\n")
        named = load_watch(watch.file)
        with pytest.raises(StoreError, match="VEILLE_TEST_KEY"):
            _ = Store(named).key
        monkeypatch.setenv("VEILLE_TEST_KEY", "secret")
        assert Store(named).key == b"secret"


def test_many_small_files_are_joined_and_what_readers_opened_stays(watch: Watch, store: Store) -> None:
    store.tidy(MENTIONS)
    for number in range(6):
        store.merge(MENTIONS, mentions(f"m{number}"))
    folder = watch.store_path / MENTIONS.name
    opened = DeltaTable(str(folder))
    rows = store.load(MENTIONS)
    store.tidy(MENTIONS)
    assert len(DeltaTable(str(folder)).file_uris()) == 1
    pd.testing.assert_frame_equal(store.load(MENTIONS), rows)
    assert opened.to_pyarrow_table().num_rows == 6
    store.tidy(MENTIONS, timedelta(0))
    assert len(list(folder.glob("*.parquet"))) == 1
    before = version(watch, MENTIONS)
    store.merge(MENTIONS, mentions("m0"))
    assert version(watch, MENTIONS) == before
    pd.testing.assert_frame_equal(store.load(MENTIONS), rows)
