"""Look at the pictures of mentions: bring each once, hash it, find its group, its words and the organisation's logo."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from time import perf_counter

import numpy as np
import pandas as pd

from veille.images import grouping, hashing
from veille.images.bringing import LIMITS, MOST_ADDRESS, Brought, bring, is_web, local
from veille.images.eye import KNOWN, Eye, read_logos
from veille.images.keeping import prune
from veille.images.shown import shown_media
from veille.images.tables import MEDIA, PICTURES
from veille.images.words import chosen, differ, installed
from veille.period import Period
from veille.sources import Client
from veille.store import Store
from veille.watch import Watch

_AT_ONCE = 4


@dataclass(frozen=True)
class LookResult:
    """What one call of `look` did.

    Parameters
    ----------
    addresses
        Addresses of pictures that the visible mentions have.
    looked
        Addresses looked at now.
    pictures
        Pictures that were new.
    refused
        Addresses that gave none now, by reason.
    away
        Addresses that lead to the network, which was not to be asked.
    left
        Addresses left for the next run: it was enough, or time was up.
    removed
        Thumbnails removed because nobody needs them, or may keep them, any more.
    words_read
        Whether Tesseract is installed.
    seconds
        What it took.
    """

    addresses: int = 0
    looked: int = 0
    pictures: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    away: int = 0
    left: int = 0
    removed: int = 0
    words_read: bool = True
    seconds: float = 0.0

    @property
    def verdict(self) -> str:
        """What was done, in one sentence."""
        if not self.addresses:
            return "no mention has a picture"
        told = [f"{self.pictures} new pictures of {self.looked} addresses looked at"]
        if self.refused:
            told.append("refused: " + ", ".join(f"{count} {reason}" for reason, count in sorted(self.refused.items())))
        if self.away:
            told.append(f"{self.away} not fetched (images.fetch of watch.yml)")
        if self.left:
            told.append(f"{self.left} left for the next run")
        if self.pictures and not self.words_read:
            told.append("words not read: Tesseract is not installed")
        return "; ".join(told)


def look(
    watch: Watch,
    store: Store,
    as_of: datetime,
    period: Period | None = None,
    *,
    fetch: bool = False,
    client: Client | None = None,
) -> LookResult:
    """Look at every picture of the visible mentions that was not looked at yet, and write MEDIA and PICTURES.

    Parameters
    ----------
    watch, store
        The watch and its memory.
    as_of
        What was known at this instant.
    period
        Publications after its end are not seen.
    fetch
        Whether the network may be asked; it is where `images.fetch` of watch.yml allows it too.
    client
        The HTTP client; a new one by default.

    Raises
    ------
    UsageError
        A file of `images.logos` cannot be read.
    StoreError
        The store or the state folder cannot be written.

    Notes
    -----
    Looking twice changes nothing: an address is asked for once, one that gave no picture again after days.
    """
    begun = perf_counter()
    shown = shown_media(store, as_of, period)
    known = store.load(MEDIA)
    if shown.empty and known.empty:
        return LookResult()
    removed = prune(watch, store, as_of) if len(known) else 0
    logos, version = read_logos(watch)
    online = fetch and watch.images.fetch
    due = _due(shown, known, as_of)
    reachable = [(bool(local(watch, address)) or (online and is_web(address))) for address in due["address"]]
    wanted = due.loc[reachable]
    addresses, away = shown["address"].nunique(), len(due) - len(wanted)
    if wanted.empty and known.empty:
        return LookResult(addresses=addresses, away=away)
    languages = chosen(installed(), watch.languages)
    chosen_now = wanted.head(watch.images.most_a_run)
    eye = Eye(watch, version, logos, languages, begun + watch.images.seconds)
    with ExitStack() as stack:
        if online and client is None:
            client = stack.enter_context(Client(limits=LIMITS))
        asked = client.within(watch.images.seconds) if client and online else None
        media, pictures, seen = eye.look(
            chosen_now, known, _brought(watch, chosen_now["address"].tolist(), asked), as_of, store
        )
    if media:
        store.merge(MEDIA, pd.DataFrame(media))
    again = eye.again(store) if eye.in_time else []
    rows = _grouped(store, [*again, *pictures], version)
    if len(rows):
        store.merge(PICTURES, rows)
    refused = pd.Series([row["refusal"] for row in media if row["refusal"]], dtype="object").value_counts().to_dict()
    return LookResult(
        addresses=addresses,
        looked=seen,
        pictures=len(pictures),
        refused={str(reason): int(count) for reason, count in refused.items()},
        away=away,
        left=len(wanted) - seen,
        removed=removed,
        words_read=bool(languages),
        seconds=round(perf_counter() - begun, 3),
    )


def _due(shown: pd.DataFrame, known: pd.DataFrame, as_of: datetime) -> pd.DataFrame:
    """Return the addresses to be looked at, those that most mentions show first: `address`, `published_at` of the first."""
    if shown.empty:
        return pd.DataFrame({"address": pd.Series(dtype="object"), "published_at": pd.Series(dtype="datetime64[us, UTC]")})
    by_address = shown.groupby("address")["published_at"].agg(["min", "max", "size"])
    done = known.loc[known["picture_id"].notna() | (known["again_at"] > pd.Timestamp(as_of)), "address"]
    due = by_address.loc[~by_address.index.isin(done) & (by_address.index.str.len() <= MOST_ADDRESS)].reset_index()
    due = due.sort_values(["size", "max", "address"], ascending=[False, False, True], kind="stable", ignore_index=True)
    return due.rename(columns={"min": "published_at"})[["address", "published_at"]]


def _brought(watch: Watch, addresses: list[str], client: Client | None) -> Iterator[Brought]:
    """Yield what each address gives, a few at a time: what is brought and not yet looked at is held in memory."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for start in range(0, len(addresses), _AT_ONCE):
            yield from pool.map(lambda address: bring(watch, address, client), addresses[start : start + _AT_ONCE])


def _grouped(store: Store, rows: list[dict[str, object]], version: str) -> pd.DataFrame:
    """Return rows of PICTURES with their group; those that have one keep it."""
    if not rows:
        return PICTURES.empty()
    frame = pd.DataFrame(rows)
    fresh = frame["group_id"].isna() if "group_id" in frame else pd.Series(True, index=frame.index)
    new = frame.loc[fresh].sort_values(["first_seen", "picture_id"], kind="stable")
    room = version.split("/", 1)[0]
    stored = store.load(PICTURES)
    stored = stored.loc[stored["version"].str.startswith(f"{room}/")]
    everything = pd.concat([stored[PICTURES.column_names], new], ignore_index=True)
    known = len(stored)
    joined = grouping.join(_prints(everything), known)
    ids = everything["picture_id"].tolist()
    groups = stored["group_id"].tolist()
    for place, earlier in enumerate(joined.earlier):
        groups.append(ids[known + place] if earlier < 0 else groups[earlier])
    new = new.assign(group_id=groups[known:], likeness=joined.likeness)
    result = pd.concat([frame.loc[~fresh], new], ignore_index=True)
    everyone = pd.concat([stored, result], ignore_index=True).drop_duplicates("picture_id", keep="last")
    result["altered"] = _altered(result, everyone)
    return PICTURES.check(result[[name for name in PICTURES.column_names if name in result]])


def _altered(rows: pd.DataFrame, everyone: pd.DataFrame) -> pd.Series:
    """Say of each row whether its words differ from its founder's; missing where either was not read."""
    read = everyone.loc[everyone["words_verdict"].isin(KNOWN)].set_index("picture_id")["words"]
    theirs, mine = rows["group_id"].map(read), rows["picture_id"].map(read)
    both = theirs.notna() & mine.notna()
    told = pd.Series(pd.NA, index=rows.index, dtype="boolean")
    told[both] = [differ(first, second) for first, second in zip(theirs[both], mine[both], strict=True)]
    return told


def _prints(frame: pd.DataFrame) -> grouping.Prints:
    parts = [hashing.from_text(list(values)) for values in frame["crop_hashes"]]
    return grouping.Prints(
        hashing.unpacked(frame["signature"].tolist()),
        hashing.from_text(frame["phash"].tolist()),
        np.stack(parts),
        frame["plain"].astype(bool).to_numpy(),
    )
