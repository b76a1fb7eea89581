"""Take a scope out of the state folder: pictures and refused rows, and what replays keep of days that were re-lived."""

from __future__ import annotations

import re
import shutil
from datetime import datetime, timedelta

from veille.images.keeping import prune
from veille.images.tables import MEDIA, PICTURE_EVENTS, PICTURES
from veille.mention import MENTIONS
from veille.privacy.quoted import letters
from veille.privacy.rows import Counts
from veille.privacy.scope import Scope
from veille.privacy.tables import Cause
from veille.store import Store
from veille.watch import Watch

_ADDED = re.compile(r"media/[0-9a-f]{32}\.[a-z]+")


def sweep(watch: Watch, store: Store, scope: Scope, at: datetime, counts: Counts) -> None:
    """Remove what no stored mention stands for any more; call it once the rows are gone."""
    _pictures(watch, store, scope, at, counts)
    _rejects(watch, scope, at, counts)
    replays = watch.state_path / "replay"
    if scope.ids and replays.exists():
        # What was re-lived holds the rows of then; it is made again when it is asked for.
        files = [path for path in replays.rglob("*") if path.is_file()]
        shutil.rmtree(replays)
        counts.add("replays", len(files))


def _pictures(watch: Watch, store: Store, scope: Scope, at: datetime, counts: Counts) -> None:
    shown = {address for media in store.load(MENTIONS, ["mention_id", "media"])["media"] for address in media}
    for address in {address for media in scope.mentions["media"] for address in media} - shown:
        path = watch.state_path / address
        if _ADDED.fullmatch(address) and path.is_file() and not path.is_symlink():
            path.unlink()
            counts.add("pictures", 1)
    before = store.load(PICTURES, ["picture_id", "group_id"])
    addresses = len(store.load(MEDIA, ["address"]))
    counts.add("pictures", prune(watch, store, at))
    after = store.load(PICTURES, ["picture_id", "group_id"])
    counts.add(MEDIA.name, addresses - len(store.load(MEDIA, ["address"])))
    counts.add(PICTURES.name, len(before) - len(after))
    groups = sorted(set(before["group_id"]) - set(after["group_id"]))
    counts.add(PICTURE_EVENTS.name, store.remove(PICTURE_EVENTS, "group_id", groups) if groups else 0)


def _rejects(watch: Watch, scope: Scope, at: datetime, counts: Counts) -> None:
    """Remove files of refused rows: those that hold something of the scope, and those past the retention."""
    limit = (at - timedelta(days=watch.privacy.retention_days)).timestamp()
    names = {*scope.authors, *scope.ids} if scope.cause is not Cause.RETENTION else set()
    parts = {letters(text)[:48] for text in scope.texts} if names else set()
    for path in sorted((watch.state_path / "rejects").glob("*.jsonl")):
        text = path.read_text(encoding="utf-8", errors="replace")
        bare = "".join(letters(line) for line in text.splitlines()) if parts else ""
        if (
            any(name in text for name in names)
            or any(len(part) >= 8 and part in bare for part in parts)
            or path.stat().st_mtime < limit
        ):
            path.unlink()
            counts.add("rejects", 1)
