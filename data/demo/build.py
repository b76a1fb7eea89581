"""Build the demonstration: `python data/demo/build.py [--out FOLDER]` writes mentions.jsonl.gz, truth.csv and truth.yml."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from builder import build

HERE = Path(__file__).resolve().parent


def main() -> None:
    """Read the texts beside this file and write the built files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=HERE, help="folder to write to")
    folder = parser.parse_args().out
    built = build(HERE / "texts")
    built.write(folder)
    sys.stdout.write(f"{len(built.made)} mentions written to {folder}\n")


if __name__ == "__main__":
    main()
