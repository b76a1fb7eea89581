"""Small copies of pictures in the state folder: pixels only, for the analyst, for as long as they may be kept."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterable
from pathlib import Path

from PIL import Image

from veille.errors import StoreError
from veille.watch import Watch

FOLDER = "thumbnails"
LONGEST = 640
_QUALITY = 78
_ID = re.compile(r"[0-9a-f]{32}")


def folder(watch: Watch) -> Path:
    """Return where the thumbnails of a watch are."""
    return watch.state_path / FOLDER


def keep(watch: Watch, picture_id: str, image: Image.Image) -> None:
    """Keep a picture small, encoded anew: no metadata, no profile and nothing that was hidden behind its pixels is left.

    Raises
    ------
    StoreError
        It cannot be written.
    """
    path = folder(watch) / f"{picture_id}.jpg"
    written = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # It may show people: nobody else on this machine needs to see it.
        descriptor = os.open(written, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(encoded(image, LONGEST))
        written.replace(path)
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror}", "see who owns the state folder") from error


def encoded(image: Image.Image, longest: int) -> bytes:
    """Return a picture as a small JPEG of its pixels alone."""
    small = image.convert("RGB")
    small.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    bare = Image.new("RGB", small.size)
    bare.paste(small)
    buffer = io.BytesIO()
    bare.save(buffer, "JPEG", quality=_QUALITY, optimize=True)
    return buffer.getvalue()


def load(watch: Watch, picture_id: str) -> Image.Image | None:
    """Return a thumbnail; None where there is none, or none that can be read."""
    path = folder(watch) / f"{picture_id}.jpg"
    if not _ID.fullmatch(picture_id):
        return None
    try:
        with Image.open(path, formats=("JPEG",)) as opened:
            return opened.convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def kept(watch: Watch) -> dict[str, int]:
    """Return the thumbnails there are, by id: bytes each."""
    there = folder(watch)
    if not there.is_dir():
        return {}
    return {path.stem: path.stat().st_size for path in sorted(there.glob("*.jpg")) if _ID.fullmatch(path.stem)}


def drop(watch: Watch, picture_ids: Iterable[str]) -> int:
    """Remove thumbnails; return how many there were."""
    gone = 0
    for picture_id in picture_ids:
        path = folder(watch) / f"{picture_id}.jpg"
        if _ID.fullmatch(picture_id) and path.exists():
            path.unlink(missing_ok=True)
            gone += 1
    return gone
