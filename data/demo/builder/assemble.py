"""Put the demonstration together: same texts and same seed, same bytes."""

from __future__ import annotations

import gzip
import io
import json
import random
from dataclasses import dataclass
from pathlib import Path

from builder.corpus import load
from builder.events import events, hostile, reposts
from builder.everyday import everyday
from builder.people import Cast, crowd
from builder.record import Book, Made
from builder.truth import truth_csv, truth_yml
from builder.writer import Writer


@dataclass(frozen=True, slots=True)
class Built:
    """The files of the demonstration, and what the builder knows of each mention."""

    made: list[Made]
    mentions: bytes
    truth_csv: str
    truth_yml: str

    def write(self, folder: Path) -> None:
        """Write the three files; the gzip carries neither time nor name, so that it is reproducible."""
        packed = io.BytesIO()
        with gzip.GzipFile(filename="", mode="wb", fileobj=packed, compresslevel=9, mtime=0) as stream:
            stream.write(self.mentions)
        (folder / "mentions.jsonl.gz").write_bytes(packed.getvalue())
        (folder / "truth.csv").write_text(self.truth_csv, encoding="utf-8", newline="\n")
        (folder / "truth.yml").write_text(self.truth_yml, encoding="utf-8", newline="\n")


def build(texts: Path) -> Built:
    """Build the demonstration from the folder of hand-written texts."""
    book = Book(random.Random("veille-demo-ids"))
    writer = Writer(load(texts))
    cast = Cast(crowd(random.Random("veille-demo-people")))
    events(book, writer, cast)
    everyday(book, writer, cast)
    hostile(book, writer, cast)
    reposts(book, cast)
    made = sorted(book.made, key=lambda one: (one.row["published_at"] or "", one.name))
    lines = []
    for one in made:
        # A lone half of a surrogate pair, as some networks send, can only be written escaped.
        broken = any("\ud800" <= letter <= "\udfff" for letter in one.row["text"])
        lines.append(json.dumps(one.row, ensure_ascii=broken, separators=(",", ":")))
    return Built(made, ("\n".join(lines) + "\n").encode("utf-8"), truth_csv(made), truth_yml(made))
