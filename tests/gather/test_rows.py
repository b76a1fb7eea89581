from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pandas as pd

from veille.gather import mentions_frame
from veille.gather.rows import FIELDS
from veille.mention import MENTIONS, Mention, canonical_url, mention_id
from veille.pseudonym import pseudonym
from veille.watch import Watch

KEY = b"k" * 32
MENTION = Mention("s", "rss", "texte aquilon", datetime(2026, 11, 20, tzinfo=UTC), title="T", author="@Alice")


def rows(watch: Watch, *mentions: Mention) -> pd.DataFrame:
    return mentions_frame(list(mentions), watch, KEY)


def test_a_row_keeps_the_contract(watch: Watch) -> None:
    frame = MENTIONS.check(
        rows(watch, replace(MENTION, url="https://www.Example.org/a?utm_source=x", media=["https://a.example/1"]))
    )
    row = frame.iloc[0]
    assert row["canonical_url"] == canonical_url("https://www.example.org/a")
    assert row["publisher"] == "www.example.org"
    assert row["author"] == pseudonym(KEY, "alice")
    assert row["subjects"] == ["nous"]
    assert row["media"] == ["https://a.example/1"]


def test_a_frame_and_a_list_give_the_same_rows(watch: Watch) -> None:
    mentions = [MENTION, replace(MENTION, native_id="7", likes=3), replace(MENTION, kind="article", url="https://a.example/x")]
    raw = pd.DataFrame([{name: getattr(mention, name) for name in FIELDS} for mention in mentions])
    pd.testing.assert_frame_equal(mentions_frame(raw, watch, KEY), mentions_frame(mentions, watch, KEY))


def test_ids_are_those_of_the_contract(watch: Watch) -> None:
    mentions = [
        replace(MENTION, kind="article", url="https://a.example/x", native_id="1"),
        replace(MENTION, native_id="1", url="https://a.example/x"),
        replace(MENTION, url="https://a.example/x"),
        replace(MENTION, author=None, publisher="p"),
    ]
    assert rows(watch, *mentions)["mention_id"].tolist() == [mention_id(mention) for mention in mentions]
    assert rows(watch, *mentions)["mention_id"].is_unique


def test_an_id_does_not_give_the_handle_away(watch: Watch) -> None:
    found = rows(watch, MENTION)["mention_id"].iloc[0]
    assert found != mention_id(MENTION)
    assert found == mention_id(replace(MENTION, author=pseudonym(KEY, "alice")))


def test_an_own_outlet_goes_before_the_host(watch: Watch) -> None:
    assert rows(watch, replace(MENTION, publisher="Journal", url="https://a.example/x"))["publisher"].tolist() == ["Journal"]
    assert pd.isna(rows(watch, MENTION)["publisher"].iloc[0])


def test_an_outlet_in_watch_yml_changes_no_id(make_watch: Callable[..., Watch]) -> None:
    declared = "[{{id: s, type: rss, urls: ['https://a.example/f'], publisher: {}}}]"
    bare, named = replace(MENTION, publisher=None), replace(MENTION, publisher="Journal")
    plain = rows(make_watch(), bare, named)
    for outlet in ("Le Courrier", "Le Courrier de Corvenne"):
        filled = rows(make_watch(sources=declared.format(outlet)), bare, named)
        assert filled["publisher"].tolist() == [outlet, "Journal"]
        assert filled["mention_id"].tolist() == plain["mention_id"].tolist()
    assert plain["mention_id"].is_unique


def test_no_mentions_are_no_rows(watch: Watch) -> None:
    assert MENTIONS.check(rows(watch)).empty


def test_blank_texts_are_missing(watch: Watch) -> None:
    row = rows(watch, replace(MENTION, author=" @ ", url=" ", native_id=""))
    assert row[["author", "url", "native_id"]].isna().all(axis=None)


def test_author_queries_find_the_handle(make_watch: Callable[..., Watch]) -> None:
    watch = make_watch("[{id: alice, query: 'author:@alice'}, {id: autre, query: 'author:bob'}]")
    assert rows(watch, MENTION)["subjects"].tolist() == [["alice"]]
