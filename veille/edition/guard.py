"""A watchman in a process of its own, so that run.json tells the truth even when the run is killed with -9.

It waits for the end of its standard input, which the run holds open for as long as it lives. If run.json then still
says `running`, nobody is left to say otherwise but the watchman. It needs the standard library only, so that it
starts at once and dies of nothing that kills the run.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

REASON = "the run was killed before its end"


def mark_killed(file: Path, ended_at: datetime, reason: str = REASON) -> bool:
    """Write `failed` into a run.json that says `running`; return whether it did."""
    record = json.loads(file.read_text(encoding="utf-8"))
    if record["status"] != "running":
        return False
    for step in record["steps"]:
        if step["status"] == "running":
            step["status"] = "failed"
    record.update(status="failed", ended_at=ended_at.isoformat(), error=reason)
    temporary = file.with_name(f".{file.name}.{os.getpid()}")
    temporary.write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    temporary.replace(file)
    return True


def main() -> None:
    """Wait for the run to go, then look at its run.json."""
    file = Path(sys.argv[1])
    sys.stdin.buffer.read()
    if file.exists():
        mark_killed(file, datetime.now(UTC))


if __name__ == "__main__":
    main()
