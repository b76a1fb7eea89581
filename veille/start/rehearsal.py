"""Try the proposed sources and the query before anything is written: a gather into a memory that is thrown away."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from veille.gather import Verdict, gather
from veille.gather.pull import Progress
from veille.query import parse
from veille.sources import Client
from veille.start.file import watch_text
from veille.start.propose import Proposed, Wish
from veille.store import Store
from veille.watch import load_watch
from veille.workbook import Trial, try_query

DAYS = 14
"""How far back searches are tried."""
MENTIONS = 100
"""Mentions that one search is tried for."""
SOURCE_SECONDS = 60.0
"""How long one source may take to be tried."""
_LONGEST_REASON = 200
_FAILED = (Verdict.BROKEN, Verdict.DEFECT)
# What will not be over at the next run: keys, rights, addresses.
_LASTING = re.compile(r"answered (?:400|401|403|404|405|410|451)\b|is no |no valid certificate")


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """How the sources and the query did.

    Parameters
    ----------
    sources
        The sources; those that failed for good are off, with the reason.
    health
        What each gave (SOURCE_HEALTH).
    trial
        What the query finds in what they gave.
    """

    sources: tuple[Proposed, ...]
    health: pd.DataFrame
    trial: Trial

    @property
    def answered(self) -> int:
        """Sources that answered."""
        return int((~self.health["verdict"].isin(_FAILED)).sum())


def rehearse(
    wish: Wish, sources: Sequence[Proposed], as_of: datetime, client: Client, progress: Progress | None = None
) -> Rehearsal:
    """Ask each proposed source for a little, and the query of what they gave; nothing is kept.

    Parameters
    ----------
    wish, sources
        The watch that is proposed.
    as_of
        The present.
    client
        The HTTP client.
    progress
        Told the id and the verdict of each source when it is done.
    """
    with TemporaryDirectory(prefix="veille-init-") as folder:
        file = Path(folder) / "watch.yml"
        file.write_text(watch_text(wish, [_little(source) for source in sources], as_of.date()), encoding="utf-8")
        watch = load_watch(file)
        store = Store(watch)
        gathered = gather(watch, store, as_of, client=client, source_seconds=SOURCE_SECONDS, progress=progress)
        trial = try_query(watch, store, as_of, wish.query)
    return Rehearsal(tuple(_judged(sources, gathered.health)), gathered.health, trial)


def proposed_query(trial: Trial) -> str:
    """Return the query that is proposed instead; empty where the one that was given does."""
    if not trial.exact or not trial.exact.suggested or not trial.exact.matched:
        return ""
    return parse(trial.exact.query).text


def _little(source: Proposed) -> Proposed:
    if source.type == "rss":
        return source
    return replace(source, keys={**source.keys, "limit": MENTIONS, "backfill_days": DAYS})


def _judged(sources: Sequence[Proposed], health: pd.DataFrame) -> list[Proposed]:
    failed = health.loc[health["verdict"].isin(_FAILED)].set_index("source")["error"].to_dict()
    # Where nobody answers there is no network here: that says nothing of the sources.
    if len(failed) == len(health):
        return list(sources)
    judged = []
    for source in sources:
        reason = " ".join(str(failed.get(source.id, "")).split())[:_LONGEST_REASON]
        lasting = bool(reason) and (source.type == "rss" or bool(_LASTING.search(reason)))
        judged.append(replace(source, off=f"when this file was made, {reason}") if lasting else source)
    return judged
