"""The pages of the desk in a browser: one sheet of paper each, clean for everybody, on a phone too, without script."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.chromium import A4_POINTS, Browser, paper
from tests.browser.conftest import SHEETS
from tests.browser.test_pages import CUT, SMALL, WIDTH, shown
from tests.browser.test_policy import LATER, inject
from tests.loopback import Server, server  # noqa: F401 - a fixture

pytestmark = pytest.mark.browser
File = Callable[[str], Path]


@pytest.mark.parametrize("name", SHEETS)
def test_a_page_of_the_desk_is_one_sheet_of_a4(browser: Browser, file: File, name: str) -> None:
    with shown(browser, file(name)) as page:
        assert paper(page.printed()) == [A4_POINTS]
        # Nothing is cut off: with twice as much it is two.
        page.ask("document.querySelectorAll('main').forEach(e => e.append(...[1, 2, 3, 4, 5, 6].map(() => e.cloneNode(true))))")
        assert len(paper(page.printed())) > 1


@pytest.mark.parametrize("name", SHEETS)
def test_nothing_stands_against_wcag_in_light_in_dark_on_paper_and_on_a_phone(
    browser: Browser, file: File, axe: Path, name: str
) -> None:
    with shown(browser, file(name)) as page:
        assert page.ask(SMALL) == []
        for media in ({}, {"dark": True}, {"paper": True}):
            page.media(**media)
            assert page.findings(axe) == [], media
    with shown(browser, file(name), 320, 640) as page:
        assert page.ask(WIDTH) <= 320
        assert page.ask(CUT) == []
        assert page.ask(SMALL) == []
        assert page.findings(axe) == []


@pytest.mark.parametrize("name", SHEETS)
def test_no_script_runs_and_nothing_is_asked_of_the_network(browser: Browser, file: File, name: str) -> None:
    with shown(browser, file(name)) as page:
        assert page.scripts() == []
        assert page.requests() == []
        assert page.dialogs() == []
        assert [event["entry"]["text"] for event in page.told("Log.entryAdded")] == []


@pytest.mark.parametrize("name", ["desk/brief.html", "desk/first.html"])
def test_what_is_injected_into_a_page_neither_runs_nor_asks(
    browser: Browser,
    file: File,
    name: str,
    server: Server,  # noqa: F811 - a fixture
    tmp_path: Path,
) -> None:
    copy = tmp_path / "page.html"
    copy.write_text(inject(file(name).read_text(encoding="utf-8"), server.address), encoding="utf-8")
    with shown(browser, copy) as page:
        page.ask(LATER.replace("{address}", server.address))
        assert page.ask("window.ran") is None
        assert server.requests == []


@pytest.mark.parametrize("name", SHEETS)
def test_every_reference_leads_to_its_quotation(browser: Browser, file: File, name: str) -> None:
    with shown(browser, file(name)) as page:
        lost = "[...document.querySelectorAll('a.ref')].filter(e => !document.querySelector(e.getAttribute('href'))).length"
        assert page.ask(lost) == 0
