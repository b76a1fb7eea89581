"""One look at one picture: its hashes, its words, the logo in it; at its bytes when it is new, at its thumbnail later."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter

import numpy as np
import pandas as pd
from PIL import Image

from veille.errors import UsageError
from veille.images import grouping, hashing, thumbnails
from veille.images.bringing import Brought, again_at
from veille.images.logos import Logo, find, read_logo
from veille.images.opening import RefusedError, open_picture
from veille.images.tables import PICTURES, WordsVerdict
from veille.images.words import Words, read_words
from veille.store import Store
from veille.watch import Watch

# Raised when the way of hashing or of finding logos changes.
_ROOM = "images-1"
KNOWN = (WordsVerdict.READ, WordsVerdict.NONE)
"""Verdicts after which the words of a picture, or that there are none, are known."""


def read_logos(watch: Watch) -> tuple[list[Logo], str]:
    """Return the logos of watch.yml, and the version under which pictures are looked at with them.

    Raises
    ------
    UsageError
        One cannot be read.
    """
    logos, digest = [], hashlib.sha256()
    for name in watch.images.logos:
        path = watch.resolve(name)
        hint = "correct images.logos of watch.yml: JPEG, PNG, WebP or GIF, at most 8 MB"
        try:
            content = path.read_bytes()
            logos.append(read_logo(name, content))
        except OSError as error:
            raise UsageError(f"the logo {path} cannot be read: {error.strerror}", hint) from error
        except RefusedError as error:
            raise UsageError(f"the logo {path} cannot be read: {error.said}", hint) from error
        digest.update(name.encode() + b"\x00" + content)
    return logos, f"{_ROOM}/{digest.hexdigest()[:12] if logos else 'no-logo'}"


@dataclass
class Eye:
    """What pictures are looked at with, and until when.

    Parameters
    ----------
    watch
        The watch.
    version, logos
        As `read_logos` gives them.
    languages
        What Tesseract reads; empty where it is not installed.
    until
        Reading of `time.perf_counter` after which no further picture is looked at.
    """

    watch: Watch
    version: str
    logos: Sequence[Logo]
    languages: str
    until: float

    @property
    def in_time(self) -> bool:
        """Whether there is time for another picture."""
        return perf_counter() < self.until

    def look(
        self, due: pd.DataFrame, known: pd.DataFrame, brought: Iterator[Brought], as_of: datetime, store: Store
    ) -> tuple[list[dict[str, object]], list[dict[str, object]], int]:
        """Return rows of MEDIA, rows of PICTURES without their group, and how many addresses were looked at."""
        media: list[dict[str, object]] = []
        pictures: dict[str, dict[str, object]] = {}
        there = set(store.load(PICTURES, ["picture_id"])["picture_id"]) if len(due) else set()
        before = known.set_index("address")["attempts"]
        seen = 0
        for address, published in zip(due["address"], due["published_at"], strict=True):
            if not self.in_time:
                break
            one, seen = next(brought), seen + 1
            attempts = int(before.get(address, 0)) + 1
            row: dict[str, object] = {"address": address, "looked_at": as_of, "attempts": attempts, "picture_id": None}
            row |= {"refusal": None, "said": None, "again_at": None}
            refused, lasting = one.refused, one.lasting
            if one.content is not None:
                try:
                    opened = open_picture(one.content)
                except RefusedError as error:
                    refused, lasting = error, True
                else:
                    row["picture_id"] = opened.picture_id
                    if opened.picture_id not in there and opened.picture_id not in pictures:
                        size = {"width": opened.width, "height": opened.height}
                        clock = {"looked_at": as_of, "first_seen": published}
                        pictures[opened.picture_id] = self._picture(opened.picture_id, opened.image) | size | clock
                        thumbnails.keep(self.watch, opened.picture_id, opened.image)
            if refused is not None:
                when = again_at(as_of, attempts, lasting=lasting)
                row |= {"refusal": str(refused.refusal), "said": refused.said, "again_at": when}
            media.append(row)
        return media, list(pictures.values()), seen

    def again(self, store: Store) -> list[dict[str, object]]:
        """Look again, at the thumbnails, where logos have changed since or words can be read now."""
        stored = store.load(PICTURES)
        stale = stored["version"] != self.version
        if self.languages:
            stale |= stored["words_verdict"] == WordsVerdict.NOT_INSTALLED
        rows: list[dict[str, object]] = []
        for row in stored.loc[stale].head(self.watch.images.most_a_run).to_dict("records"):
            image = thumbnails.load(self.watch, str(row["picture_id"])) if self.in_time else None
            if image is None:
                continue
            kept = {} if row["words_verdict"] not in KNOWN else {"words": row["words"], "words_verdict": row["words_verdict"]}
            # What the whole picture showed is better than what its thumbnail does; plain pictures stay so.
            looked = self._picture(str(row["picture_id"]), image, words=not kept) | kept | {"plain": row["plain"]}
            rows.append({str(name): value for name, value in row.items()} | looked)
        return rows

    def _picture(self, picture_id: str, image: Image.Image, *, words: bool = True) -> dict[str, object]:
        levels = hashing.signature(image)
        printed = grouping.prints(levels[None], np.array([False]))
        read = read_words(image, self.languages) if words else Words("", WordsVerdict.NONE)
        logo = find(image, self.logos) if self.logos else None
        return {
            "picture_id": picture_id,
            "version": self.version,
            "phash": hashing.as_text(printed.whole)[0],
            "dhash": hashing.dhash(image),
            "crop_hashes": hashing.as_text(printed.parts[0]),
            "signature": hashing.packed(levels),
            "plain": hashing.is_plain(image, levels),
            "words": read.text,
            "words_verdict": str(read.verdict),
            "logo": str(logo.use) if logo else None,
            "logo_file": logo.file if logo else None,
            "logo_distance": logo.distance if logo else None,
            "logo_correlation": logo.correlation if logo else None,
        }
