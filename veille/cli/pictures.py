"""Commands about the pictures of mentions: look at them, list their groups, say what they show."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click
import pandas as pd

from veille import images
from veille.cli.answer import Answer, answering, read_watch, records
from veille.masking import mask_frame, mask_terms
from veille.store import Store
from veille.watch import confidential_terms

_BY = click.option("--by", required=True, metavar="NAME", help="Who acts.")
_WORDS = 60


@click.group("picture")
def picture_group() -> None:
    """Look at the pictures of mentions, list their groups, and say what they show."""


@picture_group.command("look")
@answering
def look_command(watch_file: Path) -> Answer:
    """Look now at the pictures that were not looked at yet; editions do so too."""
    watch = read_watch(watch_file)
    result = images.look(watch, Store(watch), datetime.now(UTC), fetch=True)
    told = {"addresses": result.addresses, "looked": result.looked, "pictures": result.pictures, "refused": result.refused}
    return Answer(result.verdict, {**told, "away": result.away, "left": result.left, "words_read": result.words_read})


@picture_group.command("list")
@answering
def list_command(watch_file: Path) -> Answer:
    """List the groups of pictures, those of most stories first, with the words read in them and their captions."""
    watch = read_watch(watch_file)
    store, now, terms = Store(watch), datetime.now(UTC), confidential_terms(watch)
    listed = mask_frame(images.listing(store, now), terms)
    # Who wrote a caption is a colleague, named as such.
    listed["caption_by"] = [mask_terms(str(name), terms) if pd.notna(name) else None for name in listed["caption_by"]]
    lines = [_line(row) for row in records(listed)]
    return Answer("\n".join([*lines, f"groups of pictures: {len(listed)}"]), {"pictures": records(listed)})


def _line(row: dict[str, object]) -> str:
    counts = f"{row['mentions']} mentions, {row['stories']} stories, {row['publishers']} publishers"
    words = {"read": f"“{str(row['words'])[:_WORDS]}”", "none": "no words", "not_installed": "words not read: no Tesseract"}
    parts = [str(row["group_id"]), counts, words.get(str(row["words_verdict"]), "words not read")]
    parts += [str(row["logo"])] if row["logo"] else []
    parts += [f"{row['altered']} with other words"] if row["altered"] else []
    said = f"{row['caption']} ({row['caption_by']}, {row['event_id']})" if row["caption"] else "no caption yet"
    return "  ".join([*parts, said])


@picture_group.command("caption")
@click.argument("picture_id")
@click.argument("text")
@_BY
@answering
def caption_command(watch_file: Path, picture_id: str, text: str, by: str) -> Answer:
    """Say in TEXT what a picture shows; it stands for all copies of it, with the name of who said so."""
    watch = read_watch(watch_file)
    return _event(images.caption(Store(watch), picture_id, text, at=datetime.now(UTC), by=by))


@picture_group.command("undo")
@click.argument("event_id")
@_BY
@answering
def undo_command(watch_file: Path, event_id: str, by: str) -> Answer:
    """Take a caption back by its event id; the one before it counts again."""
    watch = read_watch(watch_file)
    return _event(images.undo(Store(watch), event_id, at=datetime.now(UTC), by=by))


def _event(event: pd.DataFrame) -> Answer:
    row = records(event)[0]
    return Answer(f"{row['act']} {row['group_id']} (event {row['event_id']})", {"event": row})


COMMANDS = (picture_group,)
