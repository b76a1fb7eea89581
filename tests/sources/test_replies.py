"""Real replies of Mastodon, Bluesky and Hacker News: each post is a mention, or is refused with a reason."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from veille.mention import Mention
from veille.sources.bluesky_posts import post_mention
from veille.sources.bluesky_posts import wrong_of as wrong_post
from veille.sources.hackernews import hit_mention
from veille.sources.mastodon_posts import status_mention
from veille.sources.mastodon_posts import wrong_of as wrong_status

REPLIES = Path(__file__).parents[2].parent / "shared" / "data" / "source-replies"

pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not REPLIES.is_dir(), reason="the public data sets are not beside the checkout"),
]


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every object of a reply, the outer before the inner."""
    if isinstance(value, dict):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from objects(part)


def as_served(value: Any) -> Any:
    """Return what a library of Python wrote down with its own names as the service had named it."""
    if isinstance(value, list):
        return [as_served(part) for part in value]
    if not isinstance(value, dict):
        return value
    named = {"$type" if key == "py_type" else re.sub(r"_([a-z])", lambda match: match[1].upper(), key): key for key in value}
    return {name: as_served(value[key]) for name, key in named.items()}


def fit(mention: Mention) -> None:
    assert mention.native_id
    assert mention.title + mention.text
    assert mention.url is None or mention.url.startswith("http")
    assert mention.published_at is None or mention.published_at.tzinfo


def bodies(file: Path) -> Iterator[Any]:
    for interaction in YAML(typ="safe").load(file.read_text(encoding="utf-8"))["interactions"]:
        try:
            yield json.loads(interaction["response"]["body"]["string"])
        except (ValueError, TypeError, KeyError):
            continue


def test_statuses_of_mastodon() -> None:
    files = sorted((REPLIES / "mastodon-py" / "cassettes").glob("*.yaml"))
    found = [
        one for file in files for body in bodies(file) for one in objects(body) if {"account", "content", "uri"} <= one.keys()
    ]
    assert len(found) > 400
    reasons: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    for one in found:
        mention = status_mention(one, "s", "mastodon", "social.example")
        reason = wrong_status(one, mention)
        reasons[reason] += 1
        if not reason:
            fit(mention)
            kinds[mention.kind] += 1
            assert mention.author
            assert "@" in mention.author
            assert "<" not in mention.text
    assert reasons[""] > 350
    assert set(reasons) <= {"", "not public", "no title and no text"}
    assert kinds["repost"] >= 1


def test_posts_of_bluesky() -> None:
    items: list[dict[str, Any]] = []
    for file in sorted((REPLIES / "bluesky-kannlight").glob("2024*.json")):
        text = file.read_text(encoding="utf-8")
        answer = as_served(json.loads(text)) if text else {}
        items += [{"post": post} for post in answer.get("posts") or []] + (answer.get("feed") or [])
    for name in ("bluesky-posts", "bluesky-hydrated-firehose-posts"):
        listed = json.loads((REPLIES / "twitwi-bluesky-twitter" / f"{name}.json").read_text(encoding="utf-8"))
        items += [one if "post" in one else {"post": one} for one in listed]
    assert len(items) > 250
    reasons: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    undated = 0
    for item in items:
        mention = post_mention(item, "s", "bluesky")
        reason = wrong_post(item, mention)
        reasons[reason] += 1
        if not reason:
            fit(mention)
            assert mention.url
            assert mention.author
            assert (mention.likes is None) == (mention.kind == "repost")
            undated += mention.published_at is None
            kinds[mention.kind] += 1
    assert reasons[""] > 200
    assert kinds["repost"] >= 2
    # The service itself dates one into the year 0.
    assert undated == 1
    assert set(reasons) <= {"", "no text", "its author asks to be shown only to people who are logged in"}


def test_commits_of_the_firehose_are_no_posts_and_are_refused() -> None:
    listed = json.loads((REPLIES / "twitwi-bluesky-twitter" / "bluesky-firehose-posts.json").read_text(encoding="utf-8"))
    assert {wrong_post({"post": one}, post_mention({"post": one}, "s", "bluesky")) for one in listed} == {"no id"}


def test_hits_of_hacker_news() -> None:
    fixtures = json.loads((REPLIES / "hackernews" / "test" / "fixtures" / "fixtures.json").read_text(encoding="utf-8"))
    hits = [hit for one in fixtures for hit in one["reply"].get("hits", [])]
    assert len(hits) > 20
    read = [hit_mention(hit, "s", "hackernews") for hit in hits]
    for mention in read:
        fit(mention)
        assert mention.url
        assert "&#x" not in mention.text
    assert {mention.kind for mention in read} == {"post", "comment"}
    assert all(mention.parent_id for mention in read if mention.kind == "comment")
