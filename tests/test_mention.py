"""What identifies a mention, and what does not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veille.mention import Mention, canonical_url, mention_id


@pytest.mark.parametrize(
    ("given_url", "canonical"),
    [
        ("HTTP://Presse.Example/a/b/?utm_source=x&b=2&a=1#top", "https://presse.example/a/b?a=1&b=2"),
        ("https://presse.example:443/a", "https://presse.example/a"),
        ("https://presse.example:8443/a", "https://presse.example:8443/a"),
        ("https://presse.example", "https://presse.example/"),
        ("https://presse.example/A", "https://presse.example/A"),
        ("https://presse.example/a/\x85#top", "https://presse.example/a"),
        ("mailto:a@b.example", None),
        ("javascript:alert(1)", None),
        ("https://[::1", None),
        ("https://presse.example:99999/", None),
        ("", None),
        (None, None),
    ],
)
def test_canonical_url(given_url: str | None, canonical: str | None) -> None:
    assert canonical_url(given_url) == canonical


@given(st.text(max_size=60))
def test_canonical_url_is_idempotent_whatever_the_text(tail: str) -> None:
    once = canonical_url("https://presse.example/" + tail)
    assert canonical_url(once) == once


def _mention(**fields: object) -> Mention:
    defaults: dict[str, object] = {"source": "presse", "source_type": "rss", "text": "bonjour"}
    return Mention(**{**defaults, **fields})  # type: ignore[arg-type]


def test_an_article_is_its_canonical_address_whatever_source_brought_it() -> None:
    one = _mention(kind="article", url="https://presse.example/a?utm_source=x", native_id="1", source_type="rss")
    other = _mention(kind="article", url="https://presse.example/a", native_id="2", source_type="import", text="autre")
    assert mention_id(one) == mention_id(other)


def test_a_post_is_its_source_type_and_native_id() -> None:
    assert mention_id(_mention(native_id="1")) == mention_id(_mention(native_id="1", text="corrigé", source="autre"))
    assert mention_id(_mention(native_id="1")) != mention_id(_mention(native_id="2"))
    assert mention_id(_mention(native_id="1")) != mention_id(_mention(native_id="1", source_type="mastodon"))


def test_without_any_id_its_content_time_and_author_identify_it() -> None:
    at = datetime(2026, 11, 19, tzinfo=UTC)
    assert mention_id(_mention(published_at=at)) == mention_id(_mention(published_at=at))
    assert mention_id(_mention(published_at=at)) != mention_id(_mention())
    assert mention_id(_mention(author="a")) != mention_id(_mention(author="b"))


def test_a_lone_surrogate_has_an_id_too() -> None:
    assert len(mention_id(_mention(text="\ud800"))) == 32
