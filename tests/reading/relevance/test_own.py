"""Official accounts: the same handle in its own network, nothing else."""

from __future__ import annotations

from tests.reading.relevance.conftest import KEY, pairs
from veille.reading.relevance.own import official, own_pages, own_voice
from veille.watch import Watch


def test_an_account_is_known_by_its_handle_in_its_network(watch: Watch) -> None:
    own = own_voice(watch, KEY)
    rows = pairs(*["."] * 5, author=["@ORANGE", "orange", "orange_fan", "0range", None])
    assert official(rows, own).tolist() == [True, True, False, False, False]
    for elsewhere in (
        {"source_type": "bluesky", "publisher": "bsky.app"},
        {"source_type": "mastodon", "publisher": "autre.example"},
    ):
        assert not official(pairs(".", author="orange", **elsewhere), own).any()


def test_a_handle_with_its_server_is_that_of_this_server_only(watch: Watch) -> None:
    own = own_voice(watch, KEY)
    authors = ["orange@social.example", "orange@other.example", "orange"]
    rows = pairs(
        *["."] * 3, author=authors, source_type="mastodon", publisher=["relay.example", "social.example", "social.example"]
    )
    assert official(rows, own).tolist() == [True, False, True]


def test_where_no_network_is_said_the_handle_decides(watch: Watch) -> None:
    own = own_voice(watch, KEY)
    assert official(pairs(".", author="Orange", source_type="import", publisher=None), own).all()
    assert not official(pairs(".", author="Orange", source_type="import", publisher="forum.example"), own).any()


def test_without_author_the_address_decides_but_not_for_comments(watch: Watch) -> None:
    own = own_voice(watch, KEY)
    url = ["https://x.com/Orange/status/1", "https://x.com/Orange/status/2", "https://x.com/autre/status/1", "https://[bad"]
    rows = pairs(*["."] * 4, url=url, kind=["post", "comment", "post", "post"])
    assert official(rows, own).tolist() == [True, False, False, False]


def test_own_pages_are_hosts_that_are_named_or_bear_the_name(watch: Watch) -> None:
    own = own_voice(watch, KEY)
    assert own.hosts == ("newsroom.orange-essai.example", "orange.example")
    url = [
        "https://orange.example/a",
        "https://shop.orange.example/b",
        "https://notorange.example/",
        "https://wire.example/x",
        None,
    ]
    assert own_pages(pairs(*["."] * 5, url=url), own).tolist() == [True, True, False, False, False]
    assert not own_pages(pairs(".", url="https://orange.example/a", kind="review"), own).any()


def test_another_key_knows_nobody(watch: Watch) -> None:
    rows = pairs(".", author="orange")
    assert not official(rows, own_voice(watch, b"x" * 32)).any()
    assert official(rows.iloc[:0], own_voice(watch, KEY)).tolist() == []
