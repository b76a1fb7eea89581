"""What is erased is gone from every table, and from the bytes of every file."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd
import pytest

from tests.privacy.conftest import END, HANDLE, PERIOD, SECRET, SECRETS, Memory, crisis, posted
from veille.errors import LockedError, UsageError
from veille.mention import ENGAGEMENT, ERASED, MENTIONS
from veille.privacy import REMOVALS, Cause, erase
from veille.privacy.tables import all_tables
from veille.pseudonym import pseudonym
from veille.reading import read
from veille.reading.tables import EMBEDDINGS, READINGS
from veille.signals import SIGNALS, detect, journal
from veille.store import RunKind, lock
from veille.topics import update
from veille.topics.tables import TOPIC_EVENTS, TOPICS

LATER = END + timedelta(days=1)


def rows(memory: Memory) -> dict[str, int]:
    return {table.name: len(memory.store.load(table)) for table in all_tables()}


def test_nothing_of_an_author_is_left_in_any_byte_of_the_store(memory: Memory) -> None:
    name = pseudonym(memory.store.key, HANDLE)
    texts = set(memory.store.load(READINGS).query("mention_id in @memory.ids('zorgluquet')")["text_hash"])
    secrets = (*SECRETS, name, HANDLE.strip("@"), *memory.ids("zorgluquet"), *texts, "social.example/p/1")
    before = memory.holding(*secrets)
    assert {*SECRETS, name} <= set(before)
    # The log of Delta itself holds texts: what vacuum removes is not all.
    assert any("_delta_log" in file for file in before[name] + before[SECRETS[0]])
    done = erase(memory.watch, memory.store, Cause.AUTHOR, HANDLE, at=LATER, by="Anne")
    assert memory.holding(*secrets) == {}
    # Two posts, and the repost of one by another account.
    assert done.mentions == done.removed["mentions"] == 3
    assert {"assignments", "carriers", "earlier_texts", "embeddings", "engagement", "entities", "labels", "readings"} <= set(
        done.removed
    )
    assert "vu : « […] »" in set(journal(memory.store)["note"])


def test_what_is_not_erased_stays_as_it_was(memory: Memory) -> None:
    ids = memory.ids("zorgluquet|texte retiré")
    before = {table.name: memory.store.load(table) for table in (MENTIONS, READINGS, EMBEDDINGS, ENGAGEMENT)}
    erase(memory.watch, memory.store, Cause.AUTHOR, HANDLE, at=LATER, by="Anne")
    for table in (MENTIONS, READINGS, ENGAGEMENT):
        kept = before[table.name].loc[~before[table.name]["mention_id"].isin(ids)].reset_index(drop=True)
        if table is MENTIONS:
            # The answer of another no longer says what it answers: that id leads to the author.
            kept["parent_id"] = kept["parent_id"].where(kept["parent_id"] != "1")
        pd.testing.assert_frame_equal(memory.store.load(table), kept)
    assert len(memory.store.load(EMBEDDINGS)) == len(before["embeddings"]) - 2


def test_the_verbs_go_on_after_an_erasure_and_do_nothing_again(memory: Memory) -> None:
    erase(memory.watch, memory.store, Cause.AUTHOR, HANDLE, at=LATER, by="Anne")
    known = memory.store.load(SIGNALS)["signal_id"].tolist()
    assert read(memory.watch, memory.store, LATER).read == 0
    update(memory.watch, memory.store, LATER)
    assert set(detect(memory.watch, memory.store, LATER, PERIOD).signals["signal_id"]) & set(known)
    again = erase(memory.watch, memory.store, Cause.AUTHOR, HANDLE, at=LATER, by="Anne")
    assert again.mentions == 0
    assert again.journal.empty


def test_what_was_erased_is_not_taken_again(memory: Memory) -> None:
    erase(memory.watch, memory.store, Cause.AUTHOR, HANDLE, at=LATER, by="Anne")
    before = rows(memory)
    memory.put(crisis(), LATER)
    memory.put([posted("Essai encore", END, "77", author=HANDLE.upper())], LATER)
    assert memory.ids("zorgluquet|encore") == []
    assert rows(memory) == before
    assert memory.holding(HANDLE.strip("@"), "zorgluquet") == {}
    # A repost of what was erased was never asked to stay out by its own author's name.
    memory.put([posted("Essai, autre chose", END, "78", author="@autre")], LATER)
    assert len(memory.ids("autre chose")) == 1


def test_one_mention_goes_and_its_copies_keep_their_story(memory: Memory) -> None:
    copy = "Essai : des clients hospitalisés après une intoxication ce lundi"
    memory.put([posted(copy, END - timedelta(hours=5), "9", author="@ami"), posted(copy, END - timedelta(hours=4), "10")])
    read(memory.watch, memory.store, END)
    readings = memory.store.load(READINGS).set_index("mention_id")
    founder = next(one for one in memory.ids("hospitalisés") if (readings["story_id"] == one).sum() > 2)
    members = set(readings.index[readings["story_id"] == founder]) - {founder}
    done = erase(memory.watch, memory.store, Cause.MENTION, founder, at=LATER, by="Anne")
    assert done.mentions == 1
    after = memory.store.load(READINGS).set_index("mention_id")
    assert set(after.loc[list(members), "story_id"]) <= members
    assert len(set(after.loc[list(members), "story_id"])) == 1
    assert memory.holding(founder) == {}
    assert founder not in {one for ids in memory.store.load(SIGNALS)["evidence"] for one in ids}


def test_titles_words_and_evidence_of_topics_lose_what_was_theirs(memory: Memory) -> None:
    store, mine = memory.store, memory.ids("zorgluquet")
    other = memory.ids("agence")[0]
    topics = store.load(TOPICS)
    topic = topics.iloc[[0]].assign(topic_id="tz", title=SECRET)
    topic["words"], topic["representatives"] = [["intoxication", "Zorgluquet", "victimes", "plainte"]], [[mine[0], other]]
    store.merge(TOPICS, topic)
    event = {
        "event_id": "e1",
        "at": END,
        "by": "Anne",
        "act": "split",
        "topic_id": "tz",
        "others": ["t1", "t2"],
        "note": SECRET,
    }
    event |= {"mentions": [mine[0], other], "mention_topics": ["t1", "t2"]}
    store.merge(TOPIC_EVENTS, TOPIC_EVENTS.check(pd.DataFrame([event])))
    erase(memory.watch, store, Cause.AUTHOR, HANDLE, at=LATER, by="Anne")
    kept = store.load(TOPICS).set_index("topic_id").loc["tz"]
    assert (kept["title"], list(kept["words"]), list(kept["representatives"])) == (
        "intoxication, victimes",
        ["intoxication", "victimes"],
        [other],
    )
    said = store.load(TOPIC_EVENTS).set_index("event_id").loc["e1"]
    assert (said["note"], list(said["mentions"]), list(said["mention_topics"])) == ("[…]", [other], ["t2"])


def test_a_source_goes_whole_and_may_come_again(memory: Memory) -> None:
    done = erase(memory.watch, memory.store, Cause.SOURCE, "social", at=LATER, by="Anne")
    assert done.mentions == 4
    assert set(memory.store.load(MENTIONS)["source"]) == {"presse"}
    assert memory.store.load(ERASED).empty
    memory.put([posted("Essai encore", END, "77")], LATER)
    assert len(memory.ids("encore")) == 1


def test_the_journal_says_how_much_when_and_by_whom_and_never_what(memory: Memory) -> None:
    done = erase(memory.watch, memory.store, Cause.AUTHOR, HANDLE, at=LATER, by="Anne")
    written = memory.store.load(REMOVALS)
    pd.testing.assert_frame_equal(written, done.journal.sort_values("place", ignore_index=True))
    assert set(written["by"]) == {"Anne"}
    assert set(written["cause"]) == {"author"}
    assert (written["at"] == pd.Timestamp(LATER)).all()
    assert written.set_index("place").loc["mentions", "removed"] == 3


@pytest.mark.parametrize(("cause", "what"), [(Cause.MENTION, "0" * 32), (Cause.SOURCE, "nulle"), (Cause.MENTION, " ")])
def test_what_is_not_there_is_wrong_use_and_leaves_no_trace(memory: Memory, cause: Cause, what: str) -> None:
    before = rows(memory)
    with pytest.raises(UsageError):
        erase(memory.watch, memory.store, cause, what, at=LATER, by="Anne")
    assert rows(memory) == before


def test_an_author_of_whom_nothing_is_stored_is_kept_out_all_the_same(memory: Memory) -> None:
    assert erase(memory.watch, memory.store, Cause.AUTHOR, "@jamais", at=LATER, by="Anne").mentions == 0
    memory.put([posted("Essai encore", END, "77", author="jamais")], LATER)
    assert memory.ids("encore") == []


@pytest.mark.parametrize("kind", list(RunKind))
def test_no_run_may_be_under_way(memory: Memory, kind: RunKind) -> None:
    before = rows(memory)
    with lock(memory.watch, kind), pytest.raises(LockedError):
        erase(memory.watch, memory.store, Cause.AUTHOR, HANDLE, at=LATER, by="Anne")
    assert rows(memory) == before
