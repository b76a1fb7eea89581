"""From a name and a query to a first bulletin, as a newcomer does it: one command, real servers, a brand that is a word."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.service import Service, service
from tests.start.web import Web, shelf
from veille.mention import MENTIONS
from veille.sources import source_types
from veille.store import Store
from veille.watch import load_watch

__all__ = ["service"]

MOST_SECONDS = 15 * 60


def veille(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "VEILLE_ALLOW_PRIVATE": "1"}
    command = [sys.executable, "-m", "veille", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=MOST_SECONDS, env=environment)


@pytest.mark.slow
@pytest.mark.timeout(MOST_SECONDS)
def test_fifteen_minutes_to_own_data(service: Service, tmp_path: Path) -> None:
    service.answer = Web(datetime.now(UTC))
    feeds = tmp_path / "feeds.yml"
    feeds.write_text(shelf(service.address), encoding="utf-8")
    folder = tmp_path / "orange"
    wish = ["--name", "Orange", "--query", "orange", "--site", service.address, "--feeds", str(feeds)]
    started = time.monotonic()
    done = veille("init", str(folder), *wish, "--yes", "--json")
    seconds = time.monotonic() - started
    assert done.returncode in (0, 3), done.stderr
    told = json.loads(done.stdout)
    assert seconds < MOST_SECONDS

    assert told["watch_file"] == str(folder / "watch.yml")
    watch = load_watch(folder / "watch.yml")
    assert told["query"] == told["proposed_query"] == watch.subjects[0].query == 'exact:"Orange"'
    on = {source["id"]: source["enabled"] for source in told["sources"]}
    assert on == {
        "site": True,
        "google-news": True,
        "mastodon": "mastodon" in source_types(),
        **{f"paper-{number}": True for number in range(3)},
        "dead": False,
    }
    assert "dead.xml answered 404" in (folder / "watch.yml").read_text(encoding="utf-8")
    assert watch.source("site").urls == (f"{service.address}/presse/rss.xml",)

    precision, recall, before = _measured(folder)
    assert before < 0.65
    assert precision >= 0.85
    assert recall >= 0.95

    bulletin = Path(told["bulletin"])
    page = bulletin.read_text(encoding="utf-8")
    content = json.loads(bulletin.with_suffix(".json").read_text(encoding="utf-8"))
    assert told["status"] == "done"
    assert "panne" in page.lower()
    assert content["signals"]
    assert all(signal["short_history"] for signal in content["signals"])
    assert "sur un passé court" in page or "passé court" in page
    assert "Facebook" in told["not_observed"]
    assert sum(told["observed"].values()) > 20

    again = veille("init", str(folder), *wish, "--yes", "--json")
    assert again.returncode == 2
    assert "is there already" in json.loads(again.stdout)["error"]
    doctor = json.loads(veille("doctor", "--watch", told["watch_file"], "--json").stdout)["checks"]
    assert [check["name"] for check in doctor if not check["ok"]] == []


def _measured(folder: Path) -> tuple[float, float, float]:
    """Return precision and recall of the watch's query, and the precision of the plain word, on what is stored."""
    watch = load_watch(folder / "watch.yml")
    mentions = Store(watch).load(MENTIONS)
    brand = mentions["url"].str.contains("/brand/")
    ours = mentions["subjects"].map(len) > 0
    return float(brand[ours].mean()), float(ours[brand & mentions["url"].str.contains("journal-")].mean()), float(brand.mean())
