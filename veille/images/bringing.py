"""Bring the bytes of a picture from where its address leads: the state folder, a folder of saved pictures, or the network."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

from veille.errors import SourceError
from veille.gather.adding import MEDIA as ADDED
from veille.images.opening import MOST_BYTES, RefusedError
from veille.images.tables import Refusal
from veille.sources import AnsweredError, Client, Limits
from veille.watch import Watch

LIMITS = Limits(
    connect_seconds=5, read_seconds=10, total_seconds=20, bytes=MOST_BYTES, redirects=3, attempts=1, host_interval_seconds=0.2
)
"""What bounds one picture of the network."""
MOST_ADDRESS = 2_000
AGAIN_DAYS = 30
"""Days until what is no picture, or is gone, is asked for again; what did not answer, after 1, 2, 4… days up to as many."""
_ADDED = re.compile(rf"{ADDED}/[0-9a-f]{{32}}\.[a-z]{{3,4}}")
_GONE = frozenset({401, 403, 404, 410, 451})


@dataclass(frozen=True, slots=True)
class Brought:
    """What an address gave.

    Parameters
    ----------
    content
        The bytes; None where it gave none.
    refused
        Why.
    lasting
        Whether there is no hope in asking again soon.
    """

    content: bytes | None
    refused: RefusedError | None = None
    lasting: bool = False


def local(watch: Watch, address: str) -> Path | None:
    """Return the file of this machine that stands for an address; None where there is none.

    Strangers write addresses: what they name is looked for below its folder only, and no link leads out of it.
    """
    if _ADDED.fullmatch(address):
        path = watch.state_path / address
        return path if path.is_file() and not path.is_symlink() else None
    if watch.images.folder is None or not is_web(address):
        return None
    parts = urlsplit(address)
    pieces = [parts.hostname or "", *(unquote(piece) for piece in parts.path.split("/") if piece)]
    if any(piece in ("", ".", "..") or "/" in piece or "\\" in piece or "\x00" in piece for piece in pieces):
        return None
    root = watch.resolve(watch.images.folder)
    path = root.joinpath(*pieces)
    try:
        inside = path.resolve().is_relative_to(root.resolve())
        return path if inside and path.is_file() else None
    except (OSError, ValueError):
        return None


def is_web(address: str) -> bool:
    """Say whether an address leads to the web."""
    try:
        return urlsplit(address).scheme in ("http", "https") and bool(urlsplit(address).hostname)
    except ValueError:
        return False


def bring(watch: Watch, address: str, client: Client | None) -> Brought:
    """Return the bytes that stand for an address; never raises for what a stranger's address does.

    Parameters
    ----------
    watch
        The watch.
    address
        As `media` of a mention has it.
    client
        Asks the network; None where it must not be asked.
    """
    path = local(watch, address)
    if path is not None:
        return _read(path)
    if client is None:
        return Brought(None, RefusedError(Refusal.UNREACHABLE, "not on this machine"))
    try:
        return Brought(client.get(address, accept="image/jpeg, image/png, image/webp, image/gif").content)
    except AnsweredError as error:
        return Brought(None, RefusedError(Refusal.UNREACHABLE, error.message), lasting=error.status in _GONE)
    except SourceError as error:
        # The one sentence of the client that speaks of size.
        large = "answers more than" in error.message
        return Brought(None, RefusedError(Refusal.TOO_LARGE if large else Refusal.UNREACHABLE, error.message), lasting=large)


def again_at(as_of: datetime, attempts: int, *, lasting: bool) -> datetime:
    """Return when an address may be asked for again."""
    days = AGAIN_DAYS if lasting else min(2 ** (attempts - 1), AGAIN_DAYS)
    return as_of + timedelta(days=days)


def _read(path: Path) -> Brought:
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        return Brought(None, RefusedError(Refusal.UNREACHABLE, f"cannot be read: {error.strerror}"))
    return Brought(content)
