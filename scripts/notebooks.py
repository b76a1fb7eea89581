"""Make every notebook anew from its paired script: no outputs, no ids that change, `--check` only compares."""

from __future__ import annotations

import sys
from pathlib import Path

import jupytext
import nbformat

FOLDER = Path(__file__).parent.parent / "notebooks"
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def notebook_text(script: Path) -> str:
    """Return the notebook that a script stands for, as it must lie beside it."""
    notebook = jupytext.read(script, fmt="py:percent")
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"{script.stem[:20]}-{number:02d}"
    notebook.metadata = nbformat.from_dict({"jupytext": {"formats": "ipynb,py:percent"}, "kernelspec": KERNEL})
    return nbformat.writes(notebook, version=4) + "\n"


def main() -> int:
    """Write, or with `--check` compare; return the exit code."""
    stale = []
    for script in sorted(FOLDER.glob("*.py")):
        beside = script.with_suffix(".ipynb")
        text = notebook_text(script)
        if beside.exists() and beside.read_text(encoding="utf-8") == text:
            continue
        stale.append(beside.name)
        if "--check" not in sys.argv:
            beside.write_text(text, encoding="utf-8")
    if stale:
        sys.stdout.write(f"notebooks that did not match their script: {', '.join(stale)}\n")
    return 1 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
