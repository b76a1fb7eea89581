"""What a gather would ask, without asking anything: each source, where, since when, and whether its keys are at hand."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime, timedelta

import pandas as pd

from veille.gather.pull import asked_sources
from veille.gather.tables import SOURCE_HEALTH, Verdict
from veille.sources import shown, source_types
from veille.store import Store
from veille.watch import SourceSpec, SourceType, Watch

_FAILED = [Verdict.BROKEN, Verdict.DEFECT]


def plan(watch: Watch, store: Store, as_of: datetime, environment: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Return what a gather would ask, one row a source in the order of watch.yml; nothing is asked and nothing is written.

    Parameters
    ----------
    watch, store
        The watch and its memory.
    as_of
        Start of the gather that is planned.
    environment
        Where keys are looked for; the process's own where None. Their values are not read.

    Returns
    -------
    pandas.DataFrame
        `source`, `type`, `places` (list), `since` (last time it was read without failure, else as far back as
        `backfill_days` reaches; UTC), `keys` (variables it needs), `missing` (those that are not set), `readable` (whether
        anything reads its type).
    """
    known = os.environ if environment is None else environment
    health = store.load(SOURCE_HEALTH, ["source", "at", "verdict"], [("at", "<", pd.Timestamp(as_of))])
    read = health.loc[~health["verdict"].isin(_FAILED)].groupby("source")["at"].max()
    specs = asked_sources(watch)
    readers = {*source_types(), SourceType.FILES}
    rows = [
        {
            "source": spec.id,
            "type": spec.type,
            "places": _places(spec),
            "since": read.get(spec.id, pd.Timestamp(as_of - timedelta(days=spec.backfill_days))),
            "keys": keys_of(spec),
            "missing": [name for name in keys_of(spec) if not known.get(name)],
            "readable": spec.type in readers,
        }
        for spec in specs
    ]
    return pd.DataFrame(rows, columns=["source", "type", "places", "since", "keys", "missing", "readable"])


def keys_of(spec: SourceSpec) -> list[str]:
    """Return the environment variables that a source names."""
    return [name for name in (spec.user, spec.token) if name]


def _places(spec: SourceSpec) -> list[str]:
    return [*(shown(url) for url in spec.urls), *spec.queries, *spec.accounts, *([spec.folder] if spec.folder else [])]
