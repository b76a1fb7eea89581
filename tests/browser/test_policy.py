"""A page that was tampered with runs nothing and asks nothing: its policy stops what a template would have let through."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.chromium import Browser
from tests.browser.conftest import ANNEXES, PAGES
from tests.loopback import Server, server  # noqa: F401 - a fixture

pytestmark = pytest.mark.browser
INJECTED = """<script>window.ran = 1</script><img src="{address}/picture.png" onerror="window.ran = 2">
<svg onload="window.ran = 3"></svg><script src="{address}/script.js"></script><iframe src="{address}/frame.html"></iframe>
<link rel="stylesheet" href="{address}/sheet.css"><object data="{address}/object"></object>
<a id="way-out" href="javascript:window.ran=4">x</a><base href="{address}/">
<meta http-equiv="refresh" content="9;url={address}/go">"""
LATER = """document.body.insertAdjacentHTML('beforeend', '<img src=x onerror="window.ran = 5">');
for (const [name, text] of [['script', 'window.ran = 6'], ['style', '@import url({address}/late.css)']]) {
  const one = document.createElement(name); one.textContent = text; document.body.append(one) }
document.getElementById('way-out')?.click();
new Promise(done => setTimeout(done, 300))"""


def inject(text: str, address: str) -> str:
    before, body, after = text.partition("<body")
    tag, end, rest = after.partition(">")
    return before + body + tag + end + INJECTED.replace("{address}", address) + rest


@pytest.mark.parametrize("name", [PAGES[0], PAGES[1], PAGES[2], *ANNEXES])
def test_what_is_injected_into_a_page_neither_runs_nor_asks(
    browser: Browser,
    file: Callable[[str], Path],
    name: str,
    server: Server,  # noqa: F811 - a fixture
    tmp_path: Path,
) -> None:
    copy = tmp_path / "page.html"
    copy.write_text(inject(file(name).read_text(encoding="utf-8"), server.address), encoding="utf-8")
    page = browser.open(copy.as_uri())
    page.ask(LATER.replace("{address}", server.address))
    assert page.ask("window.ran") is None
    assert server.requests == []
    assert [url for url in page.requests() if url.startswith("http")] == []
    assert "Content Security Policy" in " ".join(event["entry"]["text"] for event in page.told("Log.entryAdded"))
    browser.close(page)


def test_without_its_policy_the_same_page_runs_and_asks(
    browser: Browser,
    file: Callable[[str], Path],
    server: Server,  # noqa: F811 - a fixture
    tmp_path: Path,
) -> None:
    text = file("rich/bulletin.html").read_text(encoding="utf-8").replace("Content-Security-Policy", "nothing")
    copy = tmp_path / "page.html"
    copy.write_text(inject(text, server.address), encoding="utf-8")
    page = browser.open(copy.as_uri())
    page.ask(LATER.replace("{address}", server.address))
    assert page.ask("window.ran") is not None
    assert server.requests
    assert page.scripts()
    assert [url for url in page.requests() if url.startswith(server.address)]
    browser.close(page)
