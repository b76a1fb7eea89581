"""Checks of the machine: Python, packages, the kernel that runs the notebooks, room on the disk."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, metadata, requires, version
from pathlib import Path

from veille.doctor.check import Check
from veille.images import words_installed, words_languages

LEAST_FREE_BYTES = 1_000_000_000
"""Room on the disk below which a run may not end: a year of a busy watch takes some hundred megabytes."""
_NEED = re.compile(r"(?P<name>[A-Za-z0-9._-]+)(?:\[[^\]]*\])?\s*(?:>=\s*(?P<least>[0-9][0-9.]*))?")
_INSTALL = "install veille again: make install, or pip install --no-deps -r requirements.lock"


def machine_checks() -> Iterator[Check]:
    """Yield the checks of what veille runs on."""
    needed = str(metadata("veille")["Requires-Python"] or "")
    found = sys.version.split()[0]
    good = sys.version_info[:3] >= numbers(needed.removeprefix(">=").strip())
    yield Check("python", good, f"{found}, needs {needed}", "" if good else f"run veille with Python {needed}")
    lacking = sorted(lacks(requires("veille") or ()))
    yield Check("packages", not lacking, "; ".join(lacking) or "all there", _INSTALL if lacking else "")
    yield _kernel()
    yield words_check(words_installed())


def words_check(languages: tuple[str, ...]) -> Check:
    """Say whether words in pictures can be read, and in which languages; nothing needs them."""
    if not languages:
        return Check("words in pictures", True, "not read: Tesseract is not installed")
    lacking = sorted({"ara", "eng", "fra"} - set(languages))
    said = f"read by Tesseract in {words_languages(languages) or 'no language of veille'}"
    return Check("words in pictures", True, said + (f"; not installed: {', '.join(lacking)}" if lacking else ""))


def lacks(needs: Iterable[str]) -> Iterator[str]:
    """Yield what is missing or too old, of requirements as the metadata of a package has them; extras are left out."""
    for need in needs:
        wanted, _, marker = need.partition(";")
        match = _NEED.match(wanted)
        if "extra" in marker or not match:
            continue
        try:
            found = version(match["name"])
        except PackageNotFoundError:
            yield f"{match['name']} is missing"
            continue
        if match["least"] and numbers(found) < numbers(match["least"]):
            yield f"{match['name']} is {found}, needs {match['least']}"


def numbers(text: str) -> tuple[int, ...]:
    """Return the numbers that a version begins with."""
    begin = re.match(r"[0-9.]*", text)
    return tuple(int(part) for part in (begin[0] if begin else "").split(".") if part)


def disk_check(folder: Path) -> Check:
    """Say whether there is room where a folder is, or would be made."""
    place = existing(folder)
    free = shutil.disk_usage(place).free
    good = free >= LEAST_FREE_BYTES
    said = f"{free / 1e9:.1f} GB free at {place}"
    return Check("disk", good, said, "" if good else f"make room: at least {LEAST_FREE_BYTES / 1e9:.0f} GB")


def existing(folder: Path) -> Path:
    """Return the folder, or the nearest one above it that exists."""
    return next(place for place in (folder, *folder.resolve().parents) if place.exists())


def _kernel() -> Check:
    # Late: the other checks must be told where Jupyter itself is broken.
    try:
        from jupyter_client.kernelspec import KernelSpecManager

        spec = KernelSpecManager().get_kernel_spec("python3")
    except Exception as error:  # noqa: BLE001 - whatever is wrong with it, an edition cannot be made
        return Check("kernel", False, f"no kernel python3: {type(error).__name__}", "install ipykernel again: make install")
    program = spec.argv[0] if spec.argv else ""
    good = bool(program) and (shutil.which(program) is not None or Path(program).exists())
    return Check(
        "kernel", good, program, "" if good else f"the kernel python3 names {program}, which is not there: make install"
    )
