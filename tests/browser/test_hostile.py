"""Three hundred hostile mentions through import, edition, mail, annex and tables: nothing runs or asks, all stays readable."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from tests.browser.chromium import A4_POINTS, Browser, paper
from tests.browser.test_pages import CUT, OPEN_ALL, SMALL, WIDTH, shown
from tests.hostile import corpus
from veille.bulletin import write
from veille.bulletin.render import render
from veille.bulletin.types import Bulletin
from veille.labels import write_labels
from veille.reading.worklist import worklist
from veille.store import Store
from veille.watch import load_watch

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
PAGES = ["bulletin.html", "bulletin.en.html", "mail.html", "annex.html"]
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
# Whether every quotation and heading is seen: it has a box, and nobody hid it or put it elsewhere.
UNSEEN = """[...document.querySelectorAll('blockquote, h1, h3, .ask, .lead, pre')].filter(e => {
  const box = e.getBoundingClientRect(), style = getComputedStyle(e), left = box.left + scrollX, top = box.top + scrollY
  return e.innerText.trim() && (box.width < 20 || box.height < 8 || left < 0 || top < 0 || style.opacity !== '1'
    || style.visibility !== 'visible' || style.position === 'fixed') }).map(e => e.outerHTML.slice(0, 120))"""
UNTURNED = "[...document.querySelectorAll('blockquote, h3')].filter(e => !e.dir && !e.querySelector('[dir]')).length"


def veille(watch: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "veille", *arguments, "--watch", str(watch)]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode in (0, 3), done.stderr
    return done.stdout.decode("utf-8")


@pytest.fixture(scope="module")
def watch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the watch file of a folder into which the corpus was imported, and its edition made by the real notebooks."""
    folder = tmp_path_factory.mktemp("hostile")
    file = folder / "watch.yml"
    file.write_text(corpus.WATCH, encoding="utf-8")
    corpus.write(folder / "mentions.jsonl")
    told = veille(
        file, "import", str(folder / "mentions.jsonl"), "--format", "jsonl", "--source", "archive",
        "--map=gathered_at=gathered_at", "--json",
    )  # fmt: skip
    done = json.loads(told)
    assert done["read"] == len(corpus.hostile()) + len(corpus.quiet()), done
    assert done["refused"] == 0, done
    veille(file, "edition", "--week", corpus.WEEK, "--as-of", corpus.AS_OF)
    return file


@pytest.fixture(scope="module")
def made(watch: Path) -> Path:
    return (watch.parent / "reports" / "essai" / corpus.WEEK).resolve()


@pytest.fixture(scope="module")
def told(made: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((made / "bulletin.json").read_text(encoding="utf-8"))
    return found


def test_the_affair_of_the_corpus_is_on_page_one_with_what_it_holds(told: dict[str, Any]) -> None:
    assert told["edition"]["mentions_read"] >= 300
    assert told["level"] >= 2
    cited = " ".join(item["quote"] for item in told["evidence"].values()) + " ".join(one["title"] for one in told["topics"])
    shown_tricks = [trick for tricks in corpus.FAMILIES.values() for trick in tricks if trick[:12].strip() in cited]
    assert len(shown_tricks) >= 4, shown_tricks


@pytest.mark.parametrize("name", PAGES)
def test_nothing_runs_and_nothing_is_asked(browser: Browser, made: Path, name: str) -> None:
    with shown(browser, made / name) as page:
        own = [] if name != "annex.html" else page.scripts()
        assert page.scripts() == own
        assert not any("window.ran" in script and len(script) < 200 for script in own)
        assert [url for url in page.requests() if not url.startswith(f"{made.as_uri()}/mail-")] == []
        assert page.dialogs() == []
        assert page.ask("window.ran") is None
        assert [event["entry"]["text"] for event in page.told("Log.entryAdded")] == []


@pytest.mark.parametrize("name", PAGES)
def test_the_layout_holds_and_the_text_is_seen(browser: Browser, made: Path, name: str) -> None:
    with shown(browser, made / name, 320, 640) as page:
        page.ask(OPEN_ALL)
        assert page.ask(WIDTH) <= 320
        assert page.ask(CUT) == []
        assert page.ask(SMALL) == []
        assert page.ask(UNSEEN) == []
        assert not TURNING.search(page.ask("document.documentElement.textContent"))
        if name.startswith("bulletin"):
            assert page.ask(UNTURNED) == 0
    if name.startswith("bulletin"):
        with shown(browser, made / name) as page:
            sheets = paper(page.printed())
            assert set(sheets) == {A4_POINTS}
            assert len(sheets) <= 5
            page.ask("document.querySelectorAll('.details').forEach(e => e.replaceChildren('x'))")
            assert len(paper(page.printed())) == 2


def test_what_was_quoted_is_read_as_it_was_written(browser: Browser, made: Path, told: dict[str, Any]) -> None:
    def bare(text: str) -> str:
        return re.sub(r"\s+", "", text)

    with shown(browser, made / "bulletin.html") as page:
        quotes = {bare(text) for text in page.ask("[...document.querySelectorAll('blockquote')].map(e => e.textContent)")}
        assert quotes
        assert quotes <= {bare(item["quote"]) for item in told["evidence"].values()}


def test_nothing_of_the_hostile_pages_stands_against_wcag(browser: Browser, made: Path, axe: Path) -> None:
    for name in PAGES:
        with shown(browser, made / name) as page:
            page.ask(OPEN_ALL)
            assert page.findings(axe) == [], name


@pytest.mark.parametrize("family", corpus.FAMILIES)
def test_each_family_in_every_text_of_a_bulletin_at_once(
    browser: Browser, poisoned: Callable[[str], Bulletin], family: str, tmp_path: Path
) -> None:
    tricks = corpus.FAMILIES[family]
    hostile = poisoned(" ".join(tricks))
    write([hostile], tmp_path)
    for name in ("bulletin.html", "mail.html"):
        with shown(browser, tmp_path / name, 320, 640) as page:
            assert page.scripts() == []
            assert [url for url in page.requests() if not url.startswith(f"{tmp_path.as_uri()}/mail-")] == []
            assert page.dialogs() == []
            page.ask(OPEN_ALL)
            assert page.ask("window.ran") is None
            assert page.ask(WIDTH) <= 320
            assert page.ask(UNSEEN) == []
            assert page.ask("document.querySelectorAll('main, body > div').length") == 2 - (name == "mail.html")
    assert len(render(hostile).encode()) <= 400_000 or family in ("long words", "emojis")


def cells_of_csv(file: Path, delimiter: str = ",") -> list[str]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return [cell for row in csv.reader(lines, delimiter=delimiter) for cell in row]


def harmless(cell: str) -> bool:
    return not cell.lstrip(" ").startswith(FORMULA) or bool(re.fullmatch(r"[-+]?\d+([.,]\d+)?", cell))


def test_no_cell_of_a_table_is_a_formula(watch: Path, made: Path) -> None:
    cells = cells_of_csv(made / "figures.csv")
    assert len(cells) > 100
    assert [cell for cell in cells if not harmless(cell)] == []
    loaded = load_watch(watch)
    drawn = worklist(loaded, Store(loaded), datetime.now(UTC), rows=400)
    # A store holds no lone surrogate.
    tricks = [trick.replace("\ud83d", "") for tricks in corpus.FAMILIES.values() for trick in tricks]
    drawn = pd.concat([drawn, *(drawn.tail(len(tricks)).assign(**{field: tricks}) for field in ("title", "text", "publisher"))])
    assert len(drawn) > 3 * len(tricks)
    for name in ("label.csv", "label.xlsx"):
        write_labels(drawn, watch.parent / name, "fr")
    cells = cells_of_csv(watch.parent / "label.csv", ";")
    assert any("HYPERLINK" in cell or "cmd|" in cell for cell in cells)
    assert [cell for cell in cells if not harmless(cell)] == []
    sheet = openpyxl.load_workbook(watch.parent / "label.xlsx").active
    written = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert any("HYPERLINK" in str(cell.value) or "cmd|" in str(cell.value) for cell in written)
    assert {cell.data_type for cell in written} == {"s"}
    assert not any(cell.hyperlink for cell in written)


def test_a_search_writes_no_sign_that_moves_a_terminal(watch: Path) -> None:
    said = veille(watch, "search", "essai", "--from", "2026-11-16", "--to", "2026-11-22")
    assert "Essai" in said
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", said)
    assert not TURNING.search(said)


def test_the_text_of_the_mail_has_no_sign_that_turns_or_moves(made: Path) -> None:
    text = (made / "mail.txt").read_text(encoding="utf-8")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
    assert not re.search("(?mi)^(bcc|subject|content-type):", text)
