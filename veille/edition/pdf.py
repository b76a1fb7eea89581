"""print.pdf: the page as its own style sheet prints it, by headless Chromium or WeasyPrint where one is installed."""

from __future__ import annotations

import importlib
import importlib.util
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from veille.bulletin.files import AUDIENCES
from veille.watch import Watch

NAME = "print.pdf"
TIMEOUT_SECONDS = 90
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_FLAGS = (
    "--headless",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-pdf-header-footer",
)


def printer() -> str | None:
    """Return what prints here: the path of a browser, `weasyprint`, or None."""
    browser = next((path for path in map(shutil.which, _BROWSERS) if path), None)
    return browser or ("weasyprint" if importlib.util.find_spec("weasyprint") else None)


def print_pdf(watch: Watch, folder: Path, week: str) -> str:
    """Print the page of an edition where `delivery.pdf` asks for it, and copy it to the folder that it names.

    Parameters
    ----------
    watch
        The watch.
    folder
        Folder of the edition.
    week
        ISO week, for the name of the copy: `<watch>-<week>.pdf`.

    Returns
    -------
    str
        What a person must see; empty where nothing went wrong, or no print was asked for.
    """
    asked = watch.delivery.pdf
    if not asked:
        return ""
    audience = watch.delivery.audience
    place = folder.resolve() / AUDIENCES / audience if audience else folder.resolve()
    if not (place / "bulletin.html").exists():
        return f"no print.pdf: the edition has no page for {audience}"
    target = place / NAME
    problem = _print(place / "bulletin.html", target)
    if problem or asked is True:
        return problem
    chosen = watch.resolve(str(asked))
    try:
        chosen.mkdir(parents=True, exist_ok=True)
        # A folder that is synchronised must never hold half a file under the name that people open.
        whole = chosen / f".{watch.watch}-{week}.{os.getpid()}"
        shutil.copyfile(target, whole)
        whole.replace(chosen / f"{watch.watch}-{week}.pdf")
    except OSError as error:
        return f"print.pdf could not be copied to {chosen}: {error.strerror}"
    return ""


def _print(page: Path, target: Path) -> str:
    tool = printer()
    if tool is None:
        return "no print.pdf: delivery.pdf asks for one, and neither Chromium nor WeasyPrint is installed"
    if tool == "weasyprint":
        return _by_weasyprint(page, target)
    with tempfile.TemporaryDirectory(prefix="veille-pdf-") as profile:
        # Chromium refuses its sandbox to root; the page is ours, without a script.
        flags = [*_FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else []), f"--user-data-dir={profile}"]
        command = [tool, *flags, f"--print-to-pdf={target}", page.as_uri()]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=TIMEOUT_SECONDS)  # noqa: S603 - the browser that is installed
        except (OSError, subprocess.SubprocessError) as error:
            return f"no print.pdf: {Path(tool).name} failed ({type(error).__name__})"
    return "" if target.exists() and target.read_bytes()[:5] == b"%PDF-" else f"no print.pdf: {Path(tool).name} wrote none"


def _by_weasyprint(page: Path, target: Path) -> str:
    try:
        importlib.import_module("weasyprint").HTML(filename=str(page)).write_pdf(str(target))
    except Exception as error:  # noqa: BLE001 - a printer is other people's code: it stops no release
        return f"no print.pdf: WeasyPrint failed ({type(error).__name__})"
    return ""
