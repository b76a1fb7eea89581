"""A headless Chromium driven over its DevTools protocol: what a page does, seen from outside the page."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any

import websocket

FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-default-apps", "--hide-scrollbars", "--disable-dev-shm-usage",
    "--remote-debugging-port=0", "--mute-audio",
)  # fmt: skip
# No name is looked up: what a page asks of the network fails, and is seen.
OFFLINE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
A4_POINTS = (595, 842)
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def found() -> str | None:
    """Return the path of Chromium, None where it is not installed."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Browser:
    """A Chromium of its own, with an empty profile; a context manager."""

    def __init__(self) -> None:
        program = found()
        assert program, "there is no Chromium"
        self._profile = TemporaryDirectory(prefix="veille-chromium-", ignore_cleanup_errors=True)
        command = [program, *FLAGS, OFFLINE, f"--user-data-dir={self._profile.name}", "about:blank"]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        port, path = self._told()
        self._socket = websocket.create_connection(f"ws://127.0.0.1:{port}{path}", suppress_origin=True, timeout=60)
        self._last = 0
        self._pages: dict[str, Page] = {}

    def _told(self) -> tuple[str, str]:
        file = Path(self._profile.name) / "DevToolsActivePort"
        for _ in range(600):
            if file.exists() and len(lines := file.read_text(encoding="utf-8").splitlines()) == 2:
                return lines[0], lines[1]
            assert self._process.poll() is None, "Chromium ended at once"
            time.sleep(0.1)
        raise AssertionError("Chromium did not start within a minute")

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self._socket.close()
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(20)
        self._profile.cleanup()

    def send(self, method: str, session: str | None = None, **parameters: Any) -> dict[str, Any]:
        """Send one command and return its result; events that come meanwhile go to their pages."""
        self._last += 1
        message = {"id": self._last, "method": method, "params": parameters}
        self._socket.send(json.dumps(message | ({"sessionId": session} if session else {})))
        while (answer := self._receive()).get("id") != self._last:
            pass
        assert "error" not in answer, f"{method}: {answer['error']}"
        result: dict[str, Any] = answer["result"]
        return result

    def _receive(self) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(self._socket.recv())
        page = self._pages.get(message.get("sessionId", ""))
        if page and "method" in message:
            page.events.append((message["method"], message["params"]))
        return message

    def listen(self, page: Page, method: str, seconds: float = 60) -> None:
        """Wait until a page has told an event."""
        end = time.monotonic() + seconds
        while not page.told(method):
            assert time.monotonic() < end, f"{method} was not told within {seconds} s"
            self._receive()

    def open(self, address: str, width: int = 1280, height: int = 800, *, dark: bool = False, paper: bool = False) -> Page:
        """Return a new page at an address, loaded, on a screen of that size in CSS pixels."""
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = self._pages[session] = Page(self, session, target)
        for domain in ("Page", "Network", "Runtime", "Log", "Debugger"):
            page.send(f"{domain}.enable")
        page.send("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        page.media(dark=dark, paper=paper)
        page.events.clear()
        page.send("Page.navigate", url=address)
        self.listen(page, "Page.loadEventFired")
        return page

    def close(self, page: Page) -> None:
        """Close a page."""
        self.send("Target.closeTarget", targetId=page.target)


@dataclass
class Page:
    """One page: what it told since it was opened, and ways to ask it."""

    browser: Browser
    session: str
    target: str
    events: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command to this page."""
        return self.browser.send(method, self.session, **parameters)

    def media(self, *, dark: bool = False, paper: bool = False) -> None:
        """Show the page in light, in dark, or as on paper."""
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.send("Emulation.setEmulatedMedia", media="print" if paper else "", features=[scheme])

    def told(self, method: str) -> list[dict[str, Any]]:
        """Return the events of one kind."""
        return [parameters for name, parameters in self.events if name == method]

    def ask(self, expression: str) -> Any:
        """Return the value of an expression, awaited; the page's policy does not bind it, for it is not the page's."""
        done = self.send("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in done, done.get("exceptionDetails")
        return done["result"].get("value")

    def requests(self) -> list[str]:
        """Return the addresses that were asked for, the page's own and pictures within the page left out.

        One that the page's policy stopped is none: it did not leave.
        """
        stopped = {event["requestId"] for event in self.told("Network.loadingFailed") if event.get("blockedReason") == "csp"}
        asked = [event for event in self.told("Network.requestWillBeSent") if event["requestId"] not in stopped]
        own = next((event["request"]["url"] for event in asked if event.get("type") == "Document"), None)
        return [url for event in asked if not (url := event["request"]["url"]).startswith(("data:", "blob:")) and url != own]

    def scripts(self) -> list[str]:
        """Return the sources of all scripts that were parsed for the page so far: ask before any `ask` of our own."""
        told = self.told("Debugger.scriptParsed")
        return [self.send("Debugger.getScriptSource", scriptId=event["scriptId"])["scriptSource"] for event in told]

    def dialogs(self) -> list[str]:
        """Return what the page cried out."""
        return [event["message"] for event in self.told("Page.javascriptDialogOpening")]

    def findings(self, axe: Path) -> list[str]:
        """Return what axe-core finds against WCAG 2.2 AA, one line a rule."""
        if not self.ask("!!window.axe"):
            self.ask(axe.read_text(encoding="utf-8") + ";0")
        options = json.dumps({"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]})
        found = self.ask(f"axe.run(document, {options}).then(done => done.violations)")
        return [f"{rule['id']} ({len(rule['nodes'])}): {rule['nodes'][0]['html'][:160]}" for rule in found]

    def picture(self, file: Path, *, down_to: str = "") -> None:
        """Write what is seen as PNG, or the page from its top down to the end of the element of a selector."""
        options: dict[str, Any] = {"format": "png"}
        if down_to:
            box = self.ask(
                f"(e => [innerWidth, e.getBoundingClientRect().bottom + scrollY])(document.querySelector('{down_to}'))"
            )
            clip = {"x": 0, "y": 0, "width": box[0], "height": round(box[1]) + 16, "scale": 1}
            options |= {"captureBeyondViewport": True, "clip": clip}
        file.write_bytes(base64.b64decode(self.send("Page.captureScreenshot", **options)["data"]))

    def printed(self) -> bytes:
        """Return the page as PDF on the paper its sheet names."""
        return base64.b64decode(self.send("Page.printToPDF", preferCSSPageSize=True, printBackground=True)["data"])


def paper(printed: bytes) -> list[tuple[int, int]]:
    """Return the size of each page of a PDF of Chromium, in points."""
    pages = re.findall(rb"/Type\s*/Page\b(?!s).{0,400}?/MediaBox\s*\[([^\]]+)\]", printed, re.DOTALL)
    return [(round(float(box.split()[2])), round(float(box.split()[3]))) for box in pages]


def required(name: str, there: bool) -> str:
    """Return why a check cannot be made, empty where it can; where CI is set, what lacks is an error and no excuse."""
    if there:
        return ""
    assert not os.environ.get("CI"), f"{name} is not installed, and these checks must be made here"
    return f"{name} is not installed"
