"""Commands for those who speak in public. None of them ever posts."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from veille import desk
from veille.cli.answer import Answer, answering, read_watch
from veille.desk.wording import told, verdict_words
from veille.errors import UsageError
from veille.language import Language
from veille.period import instant
from veille.store import Store


@click.command("check-reply")
@click.argument("draft", metavar="FILE|-", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--replied", default="", metavar="TEXT", help="What is replied to; its subject counts as the draft's own.")
@click.option(
    "--image", "images", multiple=True, metavar="FILE", type=click.Path(path_type=Path), help="A picture that goes with it."
)
@click.option("--lang", type=click.Choice(["fr", "en"]), help="Language of the findings; by default the first of the watch.")
@click.option("--as-of", metavar="TIME", help="The moment it is checked for; now by default.")
@answering
def check_reply_command(
    watch_file: Path, draft: Path, replied: str, images: tuple[Path, ...], lang: str | None, as_of: str | None
) -> Answer:
    """Look at a draft reply, in FILE or on standard input, before anything is posted; it never posts."""
    watch = read_watch(watch_file)
    language = Language(lang or watch.languages[0])
    moment = instant(as_of, watch.timezone) if as_of else datetime.now(UTC)
    text = _decoded(sys.stdin.buffer.read() if str(draft) == "-" else _bytes(draft))
    pictures = [_bytes(image) for image in images]
    checked = desk.check_reply(watch, Store(watch), moment, text, language, replied=replied, images=pictures)
    data = {
        "verdict": checked.verdict,
        "level": checked.level,
        "signals": checked.signals,
        "alone": checked.alone,
        "ask": checked.ask,
        "names": checked.names,
        "within_minutes": round(checked.within.total_seconds() / 60),
        "findings": [asdict(finding) for finding in checked.findings],
    }
    warnings = () if checked.verdict is desk.Verdict.MAY_GO else (verdict_words(checked, language),)
    return Answer(told(checked, language), data, warnings)


def _decoded(content: bytes) -> str:
    return content.decode("utf-8-sig", errors="replace")


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise UsageError(
            f"{file} cannot be read: {error.strerror}", "give a file that exists, or - for standard input"
        ) from error


COMMANDS = (check_reply_command,)
