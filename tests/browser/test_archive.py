"""The list of past editions and a correction, in a browser: the search finds from a file, and nothing leaves."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.browser.chromium import Browser
from tests.bulletin.conftest import bulletin
from tests.edition.conftest import MONDAY, WEEK, Draft, draft, memory, released_watch
from veille.bulletin import Bulletin, review
from veille.edition import release
from veille.edition.publish import editions_folder
from veille.store import Store
from veille.watch import Watch

__all__ = ["bulletin", "draft", "memory", "released_watch"]
pytestmark = pytest.mark.browser
SEARCH = """(words => { const box = document.getElementById('find'); box.value = words; box.dispatchEvent(new Event('input'));
  return [document.querySelectorAll('.edition:not([hidden])').length, document.getElementById('told').textContent]; })"""


@pytest.fixture
def reports(released_watch: Watch, memory: Store, draft: Draft, bulletin: Bulletin) -> Path:
    """Return the folder of a watch with one week, released, then corrected, with an item withheld."""
    draft()
    review.withhold(memory, bulletin, "2", at=MONDAY, by="Ana Lyste", reason="Source non confirmée.")
    release(released_watch, memory, WEEK, at=MONDAY + timedelta(minutes=1), by="Ana Lyste", note="À lire.", environment={})
    draft(MONDAY + timedelta(hours=1), bulletin.model_copy(update={"level": 2}))
    release(released_watch, memory, WEEK, at=MONDAY + timedelta(hours=2), by="Ana Lyste", environment={})
    return editions_folder(released_watch)


def test_the_search_finds_words_without_their_accents(browser: Browser, reports: Path) -> None:
    page = browser.open((reports / "index.html").as_uri())
    assert page.requests() == []
    assert len(page.scripts()) == 1
    assert page.ask(f"{SEARCH}('reviser BUS')") == [1, "1 / 1"]
    assert page.ask(f"{SEARCH}('girafe')") == [0, "0 / 1"]
    assert page.ask(f"{SEARCH}('')") == [1, ""]
    assert [event["entry"]["text"] for event in page.told("Log.entryAdded")] == []
    browser.close(page)


@pytest.mark.parametrize("name", ["index.html", f"{WEEK}/bulletin.html", f"{WEEK}/bulletin.en.html", f"{WEEK}/mail.html"])
@pytest.mark.parametrize("dark", [False, True])
def test_nothing_stands_against_wcag(browser: Browser, reports: Path, axe: Path, name: str, dark: bool) -> None:
    page = browser.open((reports / name).as_uri(), 320, 800, dark=dark)
    assert page.findings(axe) == []
    assert page.ask("document.documentElement.scrollWidth") <= 320
    browser.close(page)


def test_the_link_of_a_correction_leads_to_what_it_replaces(browser: Browser, reports: Path) -> None:
    page = browser.open((reports / WEEK / "bulletin.html").as_uri())
    address = page.ask("document.querySelector('.correction a').href")
    browser.close(page)
    old = browser.open(address)
    assert "À lire." in old.ask("document.body.textContent")
    browser.close(old)
