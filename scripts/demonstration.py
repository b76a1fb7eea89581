"""What `make report` does: bring in the demonstration's mentions once, make its newest edition, print the path.

The moment is fixed, so that the demonstration tells the same story on every machine and every day.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

DEMO = Path(__file__).parent.parent / "data" / "demo"
WEEK = "2026-W47"
AS_OF = "2026-11-23T06:30"


def veille(*arguments: str) -> None:
    """Run a command of veille on the demonstration, as a user would; stop where it fails."""
    command = [sys.executable, "-m", "veille", *arguments, "--watch", str(DEMO / "watch.yml")]
    ended = subprocess.run(command, check=False)  # noqa: S603 - our own command
    if ended.returncode not in (0, 3):
        sys.exit(ended.returncode)


if __name__ == "__main__":
    # The archive says itself how and when each mention was gathered.
    clocks = [f"--map={field}={field}" for field in ("source", "source_type", "gathered_at")]
    veille("import", str(DEMO / "mentions.jsonl.gz"), "--format", "jsonl", *clocks)
    veille("edition", "--week", WEEK, "--as-of", AS_OF)
