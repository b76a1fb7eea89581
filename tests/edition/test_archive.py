"""The list of past editions: every word is in it, its one script is allowed by its digest, and it runs from a file."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from lxml import html

from tests.edition.conftest import MONDAY, WEEK, Draft
from veille.bulletin import Bulletin
from veille.edition import release
from veille.edition.pdf import print_pdf
from veille.edition.publish import editions_folder
from veille.store import Store
from veille.watch import Watch

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")


def _index(watch: Watch) -> Path:
    return editions_folder(watch) / "index.html"


def test_the_list_holds_the_words_of_each_edition_and_one_allowed_script(
    released_watch: Watch, memory: Store, draft: Draft, bulletin: Bulletin
) -> None:
    draft()
    page = _index(released_watch).read_text(encoding="utf-8")
    assert "Brouillon, non relu" in page
    release(released_watch, memory, WEEK, at=MONDAY, by="Ana", environment={})
    page = _index(released_watch).read_text(encoding="utf-8")
    tree = html.document_fromstring(page)
    said = tree.text_content()
    for words in (bulletin.headline, "Publié par Ana", "Bus de nuit", "Maintenir ou réviser", "TLP:AMBER"):
        assert words in said
    (script,) = tree.xpath("//script")
    (policy,) = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert f"script-src 'sha256-{base64.b64encode(hashlib.sha256(script.text.encode()).digest()).decode()}'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"(src|href)=.(https?:)?//", page)
    assert all(re.fullmatch(r"2026-W\d\d(\.\d+)?/bulletin\.html", link) for link in tree.xpath("//a/@href"))


def test_hostile_titles_stay_text(released_watch: Watch, draft: Draft, poisoned, hostile: str) -> None:
    draft(changed=poisoned(hostile))
    tree = html.document_fromstring(_index(released_watch).read_text(encoding="utf-8"))
    assert len(tree.xpath("//script")) == 1
    assert not tree.xpath("//img")
    assert "<script>alert(1)</script>" in tree.text_content()


@needs_browser
def test_the_search_runs_from_a_file(released_watch: Watch, draft: Draft, tmp_path: Path) -> None:
    draft()
    page = _index(released_watch)
    command = [
        str(CHROMIUM),
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        f"--user-data-dir={tmp_path / 'c'}",
    ]
    shown = subprocess.run(
        [*command, "--dump-dom", page.as_uri()], capture_output=True, text=True, check=True, timeout=60
    ).stdout
    # The box is hidden until the script, which the policy must allow, shows it.
    assert 'hidden=""' in page.read_text(encoding="utf-8").replace(" hidden>", ' hidden="">')
    assert re.search(r'<div id="search" role="search">', shown)


@needs_browser
def test_a_print_is_made_and_copied_where_it_is_asked_for(released_watch: Watch, draft: Draft, tmp_path: Path) -> None:
    draft()
    folder = editions_folder(released_watch) / WEEK
    assert print_pdf(released_watch, folder, WEEK) == ""
    assert not (folder / "print.pdf").exists()
    asked = released_watch.model_copy(update={"delivery": released_watch.delivery.model_copy(update={"pdf": "partage"})})
    assert print_pdf(asked, folder, WEEK) == ""
    copy = tmp_path / "partage" / f"aquilon-{WEEK}.pdf"
    assert copy.read_bytes()[:5] == b"%PDF-"
    assert copy.read_bytes() == (folder / "print.pdf").read_bytes()


def test_without_a_printer_one_warning_says_so(
    released_watch: Watch, memory: Store, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    draft()
    asked = released_watch.model_copy(
        update={"delivery": released_watch.delivery.model_copy(update={"pdf": True, "readers": ()})}
    )
    out = release(asked, memory, WEEK, at=MONDAY + timedelta(minutes=1), by="Ana", environment={})
    assert [one for one in out.warnings if "print.pdf" in one] == list(out.warnings)
    assert "neither Chromium nor WeasyPrint" in out.warnings[0]
