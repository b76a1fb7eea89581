"""What readers see of an edition, in a browser without network: one sheet, one screen, no script, no way out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.browser.chromium import A4_POINTS, Browser, Page, paper
from tests.browser.conftest import ANNEXES, MAILS, PAGES

pytestmark = pytest.mark.browser
File = Callable[[str], Path]
OPEN_ALL = "document.querySelectorAll('details').forEach(one => { one.open = true })"
WIDTH = "document.documentElement.scrollWidth"
# The end of the last line of each part of page 1, and whether anything of it is hidden.
BOTTOMS = "[...document.querySelectorAll('.band, .essential, .decisions')].map(e => e.getBoundingClientRect().bottom)"
SMALL = """[...document.querySelectorAll('a, button, summary, input, select, [role=button]')]
  .map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
  .filter(([_, box]) => box.width && (box.width < 24 || box.height < 24))
  .map(([html, box]) => `${html}: ${box.width} x ${box.height}`)"""
CUT = """[...document.querySelectorAll('body *')].filter(e => getComputedStyle(e).overflowX !== 'visible')
  .filter(e => e.scrollWidth > e.clientWidth + 1 && !['auto', 'scroll'].includes(getComputedStyle(e).overflowX))
  .filter(e => !e.closest('.js-plotly-plot')).map(e => e.outerHTML.slice(0, 80))"""


@contextmanager
def shown(browser: Browser, file: Path, width: int = 1280, height: int = 800) -> Iterator[Page]:
    page = browser.open(file.as_uri(), width, height)
    try:
        yield page
    finally:
        browser.close(page)


@pytest.mark.parametrize("name", [*PAGES, *MAILS])
def test_no_script_runs_and_nothing_is_asked_of_the_network(browser: Browser, file: File, name: str) -> None:
    with shown(browser, file(name)) as page:
        assert page.scripts() == []
        # A mail shows the pictures that travel with it, which lie beside it here.
        beside = file(name).parent.as_uri()
        assert [url for url in page.requests() if not url.startswith(f"{beside}/mail-")] == []
        assert page.dialogs() == []
        assert [event["entry"]["text"] for event in page.told("Log.entryAdded")] == []


@pytest.mark.parametrize("name", PAGES)
def test_page_one_prints_as_one_sheet_of_a4_and_all_as_five(browser: Browser, file: File, name: str) -> None:
    with shown(browser, file(name)) as page:
        whole = paper(page.printed())
        assert set(whole) == {A4_POINTS}
        assert len(whole) <= 5
        # What stands before the details, which begin a page.
        page.ask("document.querySelectorAll('.details').forEach(e => e.replaceChildren('x'))")
        there = page.ask("document.querySelectorAll('.details').length")
        assert len(paper(page.printed())) == 1 + there
        # The sheet is the one of the page: with a smaller one it does not fit, or this test could not fail.
        page.ask(
            "document.querySelectorAll('main').forEach(e => e.append(e.cloneNode(true), e.cloneNode(true), e.cloneNode(true)))"
        )
        if there:
            assert len(paper(page.printed())) > 2


@pytest.mark.parametrize("name", PAGES)
def test_band_essential_and_decision_stand_on_the_first_screen(browser: Browser, file: File, name: str) -> None:
    with shown(browser, file(name)) as page:
        bottoms = page.ask(BOTTOMS)
        assert len(bottoms) == (2 if name.startswith("empty") else 3)
        assert max(bottoms) <= 800


@pytest.mark.parametrize("name", [*PAGES, *MAILS, *ANNEXES])
def test_a_narrow_screen_never_scrolls_sideways(browser: Browser, file: File, name: str) -> None:
    with shown(browser, file(name), 320, 640) as page:
        assert page.ask(WIDTH) <= 320
        page.ask(OPEN_ALL)
        assert page.ask(WIDTH) <= 320
        assert page.ask(CUT) == []
        assert page.ask(SMALL) == []


@pytest.mark.parametrize("name", [*PAGES, *MAILS, *ANNEXES])
def test_nothing_stands_against_wcag_in_light_in_dark_and_on_paper(browser: Browser, file: File, axe: Path, name: str) -> None:
    with shown(browser, file(name)) as page:
        page.ask(OPEN_ALL)
        assert page.ask(SMALL) == []
        for media in ({}, {"dark": True}, {"paper": True}):
            page.media(**media)
            assert page.findings(axe) == [], media


@pytest.mark.parametrize("name", PAGES)
def test_nothing_stands_against_wcag_on_a_narrow_screen(browser: Browser, file: File, axe: Path, name: str) -> None:
    with shown(browser, file(name), 320, 640) as page:
        page.ask(OPEN_ALL)
        assert page.findings(axe) == []


@pytest.mark.parametrize("name", ANNEXES)
def test_the_annex_runs_its_own_scripts_alone_and_draws(browser: Browser, file: File, name: str) -> None:
    text = file(name).read_text(encoding="utf-8")
    with shown(browser, file(name)) as page:
        ran = page.scripts()
        assert ran
        assert all(script.strip() in text for script in ran)
        assert page.requests() == []
        assert [event["entry"]["text"] for event in page.told("Log.entryAdded")] == []
        drawn = page.ask("[...document.querySelectorAll('.js-plotly-plot')].map(e => e.querySelectorAll('.trace').length)")
        assert len(drawn) == 4
        assert name.startswith("empty") or all(drawn)


@pytest.mark.parametrize("name", [*PAGES, *MAILS])
def test_pages_and_mails_are_small(file: File, name: str) -> None:
    assert file(name).stat().st_size <= (102_000 if "mail" in name else 400_000)
