"""Commands for those who speak in public. None of them ever posts."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from veille import desk
from veille.cli.act import person_named
from veille.cli.answer import Answer, answering, read_watch, records
from veille.desk.answered import before_and_after, known_signal
from veille.desk.wording import answered_words, told, verdict_words
from veille.errors import UsageError
from veille.language import Language
from veille.masking import mask_terms
from veille.period import instant
from veille.quotation import handles
from veille.signals import answer
from veille.store import Store
from veille.watch import Watch, confidential_terms


@click.command("check-reply")
@click.argument("draft", metavar="[FILE|-]", required=False, type=click.Path(path_type=Path, allow_dash=True))
@click.option("--replied", default="", metavar="TEXT", help="What is replied to; its subject counts as the draft's own.")
@click.option(
    "--image", "images", multiple=True, metavar="FILE", type=click.Path(path_type=Path), help="A picture that goes with it."
)
@click.option("--lang", type=click.Choice(["fr", "en"]), help="Language of the findings; by default the first of the watch.")
@click.option(
    "--posted", metavar="URL", help="Where the reply stands that somebody has posted: it is journalled, with --signal and --by."
)
@click.option("--signal", "signal_id", default="", metavar="ID", help="The signal that the posted reply answers.")
@click.option("--by", default="", metavar="NAME", help="Who has posted it.")
@click.option("--posted-at", metavar="TIME", help="When it was posted; the moment of --as-of by default.")
@click.option("--as-of", metavar="TIME", help="The moment it is checked for; now by default.")
@answering
def check_reply_command(
    watch_file: Path,
    draft: Path | None,
    replied: str,
    images: tuple[Path, ...],
    lang: str | None,
    posted: str | None,
    signal_id: str,
    by: str,
    posted_at: str | None,
    as_of: str | None,
) -> Answer:
    """Look at a draft reply, in FILE or on standard input, before anything is posted; it never posts.

    With --posted, keep in the journal where a reply stands, and show how the signal was told before it and after.
    """
    watch = read_watch(watch_file)
    language = Language(lang or watch.languages[0])
    moment = instant(as_of, watch.timezone) if as_of else datetime.now(UTC)
    _wanted(draft, posted, signal_id)
    texts: list[str] = []
    data: dict[str, Any] = {"findings": []}
    warnings: tuple[str, ...] = ()
    if draft is not None:
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
        texts.append(told(checked, language))
    if posted is not None:
        at = instant(posted_at, watch.timezone) if posted_at else moment
        words, reply = _journalled(watch, moment, at, posted, signal_id, by, language)
        texts.append(words)
        data |= {"reply": reply}
    return Answer("\n".join(texts), data, warnings)


def _wanted(draft: Path | None, posted: str | None, signal_id: str) -> None:
    if draft is None and posted is None:
        raise UsageError("there is no draft", "give a file, - for standard input, or --posted URL for what was posted")
    if posted is None and signal_id:
        raise UsageError("a signal is given, and no reply", "give the address of what was posted with --posted")
    if posted is not None and not signal_id:
        raise UsageError("a reply answers a signal, and none is given", "give it with --signal: `veille journal` lists them")


def _journalled(
    watch: Watch, moment: datetime, at: datetime, posted: str, signal_id: str, by: str, language: Language
) -> tuple[str, dict[str, Any]]:
    store = Store(watch)
    if at > moment:
        raise UsageError("a reply cannot have been posted later than it is looked at", "correct --posted-at")
    known_signal(store, signal_id, moment)
    event, new = answer(store, signal_id, at, person_named(watch, by), posted, public=handles(watch))
    row = event.iloc[0]
    address = mask_terms(row["note"], confidential_terms(watch))
    around = before_and_after(watch, store, signal_id, row["at"].to_pydatetime(), moment)
    words = answered_words(around, row["by"], address, watch.timezone, language, new=new)
    data = {
        "event": {**records(event)[0], "note": address},
        "new": new,
        "span_hours": around.span.total_seconds() / 3600,
        "enough": around.enough,
        "before": asdict(around.before),
        "after": asdict(around.after),
    }
    return words, data


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
