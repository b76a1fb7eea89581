"""Write environment.yml: the direct dependencies at the versions of requirements.lock, for conda users.

It carries sentence-transformers too, which the lock leaves out; `--check` only compares.
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
PYTHON = "3.11"
SENTENCE_TRANSFORMERS = "6.2.0"


def locked_versions() -> dict[str, str]:
    """Return the version of each package of the lock, as Python 3.11 installs it, by normalised name."""
    versions: dict[str, str] = {}
    for line in (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines():
        match = re.match(r"^([A-Za-z0-9_.-]+)==(\S+)(?: ; (.*?))?(?: \\)?$", line)
        if match and "python_full_version >= '3.12'" not in (match[3] or ""):
            versions[_normalised(match[1])] = match[2]
    return versions


def environment_text() -> str:
    """Return environment.yml as it must be."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    versions = locked_versions()
    names = sorted(_normalised(re.split(r"[<>=\[; ]", wanted)[0]) for wanted in project["dependencies"])
    lines = [
        "# Made by scripts/environment.py from pyproject.toml and requirements.lock.",
        "# conda env create -f environment.yml && conda activate veille && pip install --no-deps -e .",
        "name: veille",
        "channels: [conda-forge]",
        "dependencies:",
        f"  - python={PYTHON}",
        "  - pip",
        "  - make",
        "  - pip:",
        *(f"      - {name}=={versions[name]}" for name in names),
        "      # any model by name, at the price of torch; see `embedding` in docs/watch.md",
        f"      - sentence-transformers=={SENTENCE_TRANSFORMERS}",
    ]
    return "\n".join(lines) + "\n"


def _normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    file = ROOT / "environment.yml"
    if "--check" in sys.argv:
        sys.exit(0 if file.read_text(encoding="utf-8") == environment_text() else "environment.yml is not what the lock says")
    file.write_text(environment_text(), encoding="utf-8")
