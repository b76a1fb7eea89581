"""Commands that look over a watch itself."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from veille.cli.answer import Answer, answering
from veille.doctor import examine, repair


@click.command("doctor")
@click.option("--repair", "mend", is_flag=True, help="Mend what is harmless: folders, the key's mode, subjects.")
@answering
def doctor_command(watch_file: Path, mend: bool) -> Answer:
    """Say what would make the next run fail or fall silent, and what to do; exit code 3 where a person must."""
    done = repair(watch_file) if mend and watch_file.is_file() else []
    checks = examine(watch_file, datetime.now(UTC))
    lines = [f"{'ok ' if check.ok else 'NOT'}  {check.name}: {check.found}" for check in checks]
    lines += [f"mended: {sentence}" for sentence in done]
    bad = [check for check in checks if not check.ok]
    lines.append(f"{len(checks)} checks, {len(bad)} need a person" if bad else f"{len(checks)} checks, all fine")
    told = [{"name": check.name, "ok": check.ok, "found": check.found, "mend": check.mend} for check in checks]
    warnings = [f"{check.name}: {check.mend or check.found}" for check in bad]
    return Answer("\n".join(lines), {"checks": told, "repaired": done}, warnings)


COMMANDS = (doctor_command,)
