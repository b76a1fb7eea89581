"""`topics split`, `watch`, `history` and `list` as an analyst types them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from click.testing import CliRunner

from tests.topics.conftest import Tell, tell
from tests.topics.test_update import RIVER, STRIKE, topic_of
from veille import topics
from veille.cli import main
from veille.store import Store
from veille.watch import Watch

__all__ = ["tell"]


def run(watch: Watch, *arguments: str, code: int = 0) -> Any:
    done = CliRunner().invoke(main, ["topics", *arguments, "--watch", str(watch.file), "--json"])
    assert done.exit_code == code, done.output
    return json.loads(done.stdout)


@pytest.fixture
def found(watch: Watch, store: Store, tell: Tell) -> topics.TopicsResult:
    tell([*STRIKE, *RIVER], datetime(2026, 11, 2, tzinfo=UTC))
    return topics.update(watch, store, datetime(2026, 11, 3, tzinfo=UTC))


def test_an_analyst_parts_a_topic_watches_another_and_reads_what_happened(
    watch: Watch, store: Store, found: topics.TopicsResult
) -> None:
    strike = topic_of(found, "m000")
    told = run(watch, "split", strike, "--words", "préavis, syndicats", "--by", "Ana")
    (part,) = told["event"]["others"]
    assert {row["mention_id"]: row["topic_id"] for row in told["parts"]} == {"m000": strike, "m001": part, "m002": part}
    assert "Les syndicats appellent" in told["parts"][0]["line"] + told["parts"][1]["line"] + told["parts"][2]["line"]
    mine = run(watch, "watch", "--title", "Girafes", "--words", "girafe", "--by", "Ana")["event"]["topic_id"]
    run(watch, "watch", "--title", "Huile", "--examples", "m003,m004", "--by", "Ana")
    listed = {row["topic_id"]: row for row in run(watch, "list")["topics"]}
    assert (listed[mine]["title"], listed[mine]["stories"], listed[mine]["silent"]) == ("Girafes", 0, True)
    sentences = [row["sentence"] for row in run(watch, "history", strike, "--lang", "en")["events"]]
    assert sentences[0].startswith("3 November 2026: “")
    assert sentences[0].endswith("appeared.")
    assert f"Ana parted “{listed[strike]['title']}” ({strike}); of its mentions, 2 of 3 went to {part}." in sentences[1]
    assert len(run(watch, "history")["events"]) == len(found.events) + 3


def test_wrong_use_is_exit_code_2(watch: Watch, found: topics.TopicsResult) -> None:
    assert "watched is not said" in run(watch, "watch", "--by", "Ana", code=2)["error"]
    assert "tx" in run(watch, "history", "tx", code=2)["error"]
    assert "described by nothing" in run(watch, "watch", "--title", "Rien", "--by", "Ana", code=2)["error"]
