"""Pull what is new from every source of the watch; one that fails, or at which veille fails, stops no other."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import pandas as pd

from veille.errors import ContractError, SourceError, StoreError
from veille.gather.articles import with_whole_texts
from veille.gather.dates import gather_dates
from veille.gather.defects import Defect
from veille.gather.health import silent_since, verdict
from veille.gather.inbox import Delivery, collect, settle
from veille.gather.rejects import Reject, refused_entries, write_rejects
from veille.gather.rows import mentions_frame
from veille.gather.save import save
from veille.gather.subjects import refresh_subjects
from veille.gather.tables import SOURCE_HEALTH, Verdict
from veille.mention import MENTIONS
from veille.sources import Client, Fetched, State, source_of
from veille.store import Merged, Store
from veille.watch import SourceSpec, SourceType, Watch

WORKERS = 8
"""Sources asked at the same time."""
SOURCE_SECONDS = 300.0
"""How long one source may take in all; what it has not given by then comes with the next run."""
Progress = Callable[[str, Verdict], None]

_NO_SOURCES = "the watch has no sources: add some to watch.yml, or import files"


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a gather brought.

    Parameters
    ----------
    health
        One row a source (SOURCE_HEALTH), in the order of watch.yml.
    rejects_file
        Where refused entries are, with their reasons; None where there are none.
    warnings
        What a person should know.
    defects
        Mistakes of ours, one a source; a caller that ends must end as failed.
    """

    health: pd.DataFrame
    rejects_file: Path | None = None
    warnings: tuple[str, ...] = ()
    defects: tuple[Defect, ...] = ()

    @property
    def received(self) -> int:
        """Mentions received."""
        return int(self.health["received"].sum())

    @property
    def read(self) -> int:
        """Entries read: mentions and refused ones."""
        return self.received + self.refused

    @property
    def new(self) -> int:
        """Mentions that were not known."""
        return int(self.health["new"].sum())

    @property
    def updated(self) -> int:
        """Known mentions that changed."""
        return int(self.health["updated"].sum())

    @property
    def refused(self) -> int:
        """Entries that cannot be mentions."""
        return int(self.health["refused"].sum())

    @property
    def broken(self) -> tuple[str, ...]:
        """Ids of the sources that failed; those at which veille failed are in `defects`."""
        return tuple(self.health.loc[self.health["verdict"] == Verdict.BROKEN, "source"])


@dataclass(slots=True)
class _Outcome:
    fetched: Fetched
    merged: Merged = field(default_factory=lambda: Merged(0, 0, 0))
    seconds: float = 0.0
    defect: Defect | None = None
    delivery: Delivery | None = None

    @property
    def received(self) -> int:
        return len(self.fetched.mentions) + (len(self.delivery.rows) if self.delivery else 0)

    @property
    def refused(self) -> int:
        return len(self.fetched.refused) + (len(self.delivery.rejects) if self.delivery else 0)


def gather(
    watch: Watch,
    store: Store,
    as_of: datetime,
    *,
    fetch: bool = True,
    client: Client | None = None,
    source_seconds: float = SOURCE_SECONDS,
    progress: Progress | None = None,
) -> Gathered:
    """Pull every enabled source of the watch that can be asked, several at a time.

    Parameters
    ----------
    watch, store
        The watch and its memory.
    as_of
        Start of the run; `gathered_at` of what is new.
    fetch
        Whether sources are asked. A run that speaks as of an earlier moment asks none: what a source says today was
        not known then.
    client
        The HTTP client; a new one by default.
    source_seconds
        How long one source may take in all.
    progress
        Told the id and the verdict of each source when it is done.

    Raises
    ------
    StoreError
        The memory cannot be read or written. What fails at a source is no error: it is in `health` and `warnings`. A
        programming error at one source is in `health` (verdict `defect`) and `defects`, and the others are gathered.
    """
    refresh_subjects(watch, store)
    specs = asked_sources(watch) if fetch else []
    past = store.load(SOURCE_HEALTH, where=[("at", "<", pd.Timestamp(as_of))])
    rows: list[dict[str, object]] = []
    rejects: list[Reject] = []
    # A watch may live on imports alone; one that has nothing at all has been forgotten.
    forgotten = not watch.sources and store.load(MENTIONS, ["mention_id"]).empty
    warnings: list[str] = [_NO_SOURCES] if forgotten else []
    defects: list[Defect] = []
    with nullcontext(client) if client else Client() as own:
        for spec, outcome in _outcomes(specs, watch, store, as_of, own, source_seconds):
            history = past.loc[past["source"] == spec.id]
            row = _health_row(spec, outcome, history, as_of)
            rows.append(row)
            rejects += outcome.delivery.rejects if outcome.delivery else refused_entries(spec.id, outcome.fetched.refused)
            warnings += _warnings(spec, outcome, row, history, as_of)
            defects += [outcome.defect] if outcome.defect else []
            if progress:
                progress(spec.id, Verdict(str(row["verdict"])))
        warnings += gather_dates(watch, store, as_of, own if fetch else None)
    health = SOURCE_HEALTH.check(pd.DataFrame(rows)) if rows else SOURCE_HEALTH.empty()
    if rows:
        store.merge(SOURCE_HEALTH, health)
    return Gathered(health, write_rejects(watch.state_path / "rejects", rejects), tuple(warnings), tuple(defects))


def asked_sources(watch: Watch) -> list[SourceSpec]:
    """Return the sources that a gather asks: what only `import` brings has a grade and an outlet, and nobody to ask."""
    return [spec for spec in watch.sources if spec.enabled and spec.type != SourceType.IMPORT]


def _outcomes(
    specs: list[SourceSpec], watch: Watch, store: Store, as_of: datetime, client: Client, source_seconds: float
) -> Iterator[tuple[SourceSpec, _Outcome]]:
    """Ask in threads and save in the order of watch.yml: which of two sources brought a mention first must not be chance."""
    with ThreadPoolExecutor(WORKERS, thread_name_prefix="source") as pool:
        asked: list[tuple[SourceSpec, Future[_Outcome]]] = [
            (spec, pool.submit(_fetch, spec, watch, store, _state(store, spec), as_of, client, source_seconds))
            for spec in specs
        ]
        try:
            for spec, future in asked:
                outcome = future.result()
                _save(spec, outcome, watch, store, as_of)
                yield spec, outcome
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _fetch(
    spec: SourceSpec, watch: Watch, store: Store, state: State, as_of: datetime, client: Client, source_seconds: float
) -> _Outcome:
    started = time.perf_counter()
    outcome = _Outcome(Fetched([], {}))
    with _telling(spec, outcome):
        if spec.type == SourceType.FILES:
            outcome.delivery = collect(watch, spec, state, as_of, store.key, seconds=source_seconds)
            outcome.fetched = outcome.delivery.fetched
        else:
            # The time of a source begins when it is its turn, not when it is queued.
            asking = client.within(source_seconds)
            fetched = source_of(spec.type, watch.timezone).fetch(spec, state, as_of, asking)
            outcome.fetched = with_whole_texts(spec, fetched, store, asking, watch.timezone)
    outcome.seconds = time.perf_counter() - started
    return outcome


def _save(spec: SourceSpec, outcome: _Outcome, watch: Watch, store: Store, as_of: datetime) -> None:
    if not outcome.fetched.state and not outcome.received:
        return
    fetched, delivery, started = outcome.fetched, outcome.delivery, time.perf_counter()
    with _telling(spec, outcome):
        for mention in fetched.mentions:
            mention.gathered_at = as_of
        delivered = delivery.rows if delivery and len(delivery.rows) else fetched.mentions
        rows = mentions_frame(delivered, watch, store.key)
        most = len(rows) if spec.limit is None or fetched.bounded else spec.limit
        taken = rows if len(rows) <= most else _unknown_first(rows, store).head(most)
        outcome.merged = save(watch, store, taken, as_of)
        if len(taken) == len(rows):
            # Only now: what was asked for and not saved must be asked for again.
            store.state.put(_state_key(spec), json.dumps(fetched.state, sort_keys=True))
        if delivery:
            failed = settle(watch.resolve(spec.folder or ""), delivery)
            outcome.defect = Defect(spec.id, delivery.defect) if delivery.defect else None
            errors = (outcome.defect.sentence,) if outcome.defect else ()
            outcome.fetched = replace(fetched, errors=errors, warnings=(*fetched.warnings, *failed))
    outcome.seconds += time.perf_counter() - started


@contextmanager
def _telling(spec: SourceSpec, outcome: _Outcome) -> Iterator[None]:
    """Keep what fails at a source in its outcome, so that the others go on."""
    try:
        yield
    except SourceError as error:
        outcome.fetched, outcome.delivery = Fetched([], {}, asked=_places(spec), errors=(error.message,)), None
    except Exception as error:
        # Sources say what fails at them with SourceError: anything else is a mistake of ours, also rows that do not keep
        # the contract. It ends this source and no other; but a memory that cannot be written ends them all.
        if isinstance(error, StoreError) and not isinstance(error, ContractError):
            raise
        outcome.defect, outcome.delivery = Defect(spec.id, error), None
        outcome.fetched = Fetched([], {}, asked=_places(spec), errors=(outcome.defect.sentence,))


def _places(spec: SourceSpec) -> int:
    return len(spec.urls) + len(spec.queries) + len(spec.accounts) + bool(spec.folder)


def _unknown_first(rows: pd.DataFrame, store: Store) -> pd.DataFrame:
    """Put known mentions last, so that what a limit cut off comes with the next run."""
    known = store.load(MENTIONS, ["mention_id"], [("mention_id", "in", rows["mention_id"].tolist())])
    order = rows["mention_id"].isin(known["mention_id"]).sort_values(kind="stable").index
    return rows.loc[order].reset_index(drop=True)


def _health_row(spec: SourceSpec, outcome: _Outcome, history: pd.DataFrame, as_of: datetime) -> dict[str, object]:
    fetched, error = outcome.fetched, "; ".join(outcome.fetched.errors)
    received = outcome.received
    judged = verdict(history, received=received, unchanged=fetched.unchanged, error=error, defect=outcome.defect is not None)
    return {
        "source": spec.id,
        "at": pd.Timestamp(as_of),
        "asked": fetched.asked,
        "unchanged": fetched.unchanged,
        "received": received,
        "new": outcome.merged.new,
        "updated": outcome.merged.updated,
        "refused": outcome.refused,
        "not_modified": fetched.not_modified,
        "seconds": round(outcome.seconds, 3),
        "error": error or None,
        "unfilled_from": min((span.since for span in fetched.unfilled), default=None),
        "unfilled_until": max((span.until for span in fetched.unfilled), default=None),
        "verdict": judged.value,
    }


def _warnings(spec: SourceSpec, outcome: _Outcome, row: dict[str, object], history: pd.DataFrame, as_of: datetime) -> list[str]:
    warnings = [f"source {spec.id}: {text}" for text in (*outcome.fetched.errors, *outcome.fetched.warnings)]
    if row["verdict"] in (Verdict.EMPTY, Verdict.LOW, Verdict.HIGH):
        warnings.append(f"source {spec.id}: {row['received']} mentions, which is {row['verdict']}")
    warnings += [
        f"source {spec.id}: what it published between {span.since:%Y-%m-%d %H:%M} and {span.until:%Y-%m-%d %H:%M} UTC may be "
        "missing: it no longer gives it"
        for span in outcome.fetched.unfilled
    ]
    since = silent_since(history, as_of, spec.every) if outcome.merged.new == 0 else None
    if since:
        warnings.append(f"source {spec.id}: nothing new since {since:%Y-%m-%d %H:%M} UTC")
    return warnings


def _state_key(spec: SourceSpec) -> str:
    return f"gather/source/{spec.id}"


def _state(store: Store, spec: SourceSpec) -> State:
    kept = store.state.get(_state_key(spec))
    try:
        state = json.loads(kept) if kept else {}
    except ValueError:
        return {}
    return state if isinstance(state, dict) else {}
