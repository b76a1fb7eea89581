"""Measure every quality figure again and pin its floor a little below.

    python tests/quality/repin.py [NAME …] [--lower]

A floor only rises; `--lower` says in so many words that it may sink. Corpora that are not here keep their floor.
"""

# ruff: noqa: T201  a script speaks to the person who runs it
from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
FLOORS = HERE / "floors.json"
# What a different machine or library may move a figure without anything being worse.
SLACK = 0.01


def measures() -> dict[str, Any]:
    """Return name to (corpus, measure) of every `test_*_floors.py` beside this file."""
    found: dict[str, Any] = {}
    for file in sorted(HERE.glob("test_*_floors.py")):
        spec = importlib.util.spec_from_file_location(file.stem, file)
        if spec is None or spec.loader is None:
            continue
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        found |= getattr(module, "MEASURES", {})
    return found


def repin(pinned: dict[str, Any], measured: dict[str, float], hashes: dict[str, str], *, lower: bool) -> dict[str, Any]:
    """Return the new floors.

    Raises
    ------
    ValueError
        A floor would sink, or its corpus changed, and `lower` is not given.
    """
    result = dict(pinned)
    for name, value in measured.items():
        floor = round(value - SLACK, 3)
        before = pinned.get(name)
        if before and floor < before["floor"] and before["sha256"] == hashes[name]:
            if value >= before["floor"] and not lower:
                continue
            if not lower:
                raise ValueError(f"{name} fell from a floor of {before['floor']} to {value:.3f}; --lower accepts that")
        if before and before["sha256"] != hashes[name] and not lower:
            raise ValueError(f"{name} has another corpus than the pinned one; --lower accepts that")
        result[name] = {"floor": floor, "measured": round(value, 4), "sha256": hashes[name]}
    return dict(sorted(result.items()))


def main() -> int:
    """Measure and write floors.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--lower", action="store_true", help="let floors sink")
    options = parser.parse_args()
    pinned = json.loads(FLOORS.read_text("utf-8")) if FLOORS.exists() else {}
    measured, hashes = {}, {}
    for name, (corpus, measure) in measures().items():
        if corpus.exists() and (not options.names or name in options.names):
            hashes[name] = hashlib.sha256(corpus.read_bytes()).hexdigest()
            measured[name] = measure(corpus)
            print(f"{name}: {measured[name]:.4f}")
    try:
        floors = repin(pinned, measured, hashes, lower=options.lower)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    FLOORS.write_text(json.dumps(floors, indent=2, ensure_ascii=False) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
