"""Checks of what a watch needs from outside: keys in the environment, sources that answer, limits that can be kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

import pandas as pd

from veille.bulletin.method import not_observed
from veille.doctor.check import Check
from veille.errors import VeilleError
from veille.gather import SOURCE_HEALTH, Verdict, asked_sources, keys_of, silent_since
from veille.language import Language
from veille.sources import source_types
from veille.store import Store
from veille.watch import SourceSpec, SourceType, Watch

LONGEST_WITHOUT_GATHER = timedelta(days=1)
"""Time without any gather after which the schedule has probably stopped."""
_GOOD = (Verdict.OK, Verdict.EMPTY, Verdict.LOW, Verdict.HIGH)


def outside_checks(watch: Watch, store: Store, as_of: datetime, environment: Mapping[str, str]) -> Iterator[Check]:
    """Yield the checks of secrets, sources, networks that are not observed, and delays."""
    yield from secret_checks(watch, environment)
    try:
        health = store.load(SOURCE_HEALTH, where=[("at", "<=", pd.Timestamp(as_of))])
        mentions = store.mentions(as_of, columns=["publisher", "source_type"])
    except VeilleError as error:
        yield Check("sources", False, error.message, error.hint)
        return
    yield from source_checks(watch, health, as_of)
    missing = not_observed(watch, mentions, Language("en"))
    yield Check("not observed", True, ", ".join(missing))
    yield from limit_checks(watch)


def secret_checks(watch: Watch, environment: Mapping[str, str]) -> Iterator[Check]:
    """Say whether the variables that watch.yml names are set; their values are never read, shown or compared."""
    needed: dict[str, list[str]] = {}
    for spec in watch.sources:
        for name in keys_of(spec) if spec.enabled else ():
            needed.setdefault(name, []).append(f"source {spec.id}")
    if watch.delivery.mail:
        needed.setdefault(watch.delivery.mail, []).append("delivery.mail")
    if watch.privacy.key:
        needed.setdefault(watch.privacy.key, []).append("privacy.key")
    for variable, key in ((watch.delivery.inbox, "delivery.inbox"), (watch.delivery.heartbeat, "delivery.heartbeat")):
        if variable:
            needed.setdefault(variable, []).append(key)
    for name in watch.delivery.cards:
        needed.setdefault(name, []).append("delivery.cards")
    for person in watch.people:
        for name in person.via:
            needed.setdefault(name, []).append(f"person {person.id}")
    for level, step in watch.escalation.items():
        for name in step.via:
            needed.setdefault(name, []).append(f"escalation {level}")
    for name, users in needed.items():
        good = bool(environment.get(name))
        said = f"{'set' if good else 'not set'}, needed by {', '.join(users)}"
        yield Check(f"variable {name}", good, said, "" if good else f"set {name} where veille runs, the schedule too")


def source_checks(watch: Watch, health: pd.DataFrame, as_of: datetime) -> Iterator[Check]:
    """Say how each source fared, by what earlier gathers left.

    Parameters
    ----------
    watch
        The watch.
    health
        Rows of SOURCE_HEALTH until `as_of`.
    as_of
        The present.
    """
    specs = asked_sources(watch)
    if not specs:
        found = "none is gathered: mentions come by veille import only" if watch.sources else "the watch has none"
        yield Check(
            "sources", bool(watch.sources), found, "" if watch.sources else "add some to watch.yml, see docs/sources.md"
        )
        return
    last = health["at"].max()
    stale = pd.isna(last) or as_of - last.to_pydatetime() > LONGEST_WITHOUT_GATHER
    said = "never" if pd.isna(last) else f"last at {last:%Y-%m-%d %H:%M} UTC"
    yield Check(
        "gather", not stale, said, "run veille gather, and look whether the schedule runs (veille schedule)" if stale else ""
    )
    for spec in specs:
        yield _source(spec, health.loc[health["source"] == spec.id].sort_values("at"), as_of)


def limit_checks(watch: Watch) -> Iterator[Check]:
    """Say which limits of the escalation are shorter than the time between two runs of `alerts`: they cannot be kept."""
    every = timedelta(minutes=watch.detection.alerts_every_minutes)
    for level, step in sorted(watch.escalation.items()):
        if step.send_within is None:
            continue
        good = step.send_within >= every
        found = f"send within {_minutes(step.send_within)} min, alerts every {_minutes(every)} min"
        mend = f"lengthen escalation.{level}.send_within, or run alerts more often and say so in detection.alerts_every_minutes"
        yield Check(f"escalation {level}", good, found, "" if good else mend)


def _source(spec: SourceSpec, past: pd.DataFrame, as_of: datetime) -> Check:
    name = f"source {spec.id}"
    if spec.type not in {*source_types(), SourceType.FILES}:
        return Check(name, False, f"nothing reads the type {spec.type}", "remove it, or set enabled: false")
    if past.empty:
        return Check(name, False, "never gathered", "run veille gather")
    now = past.iloc[-1]
    good_times = past.loc[past["verdict"].isin(_GOOD), "at"]
    said = [f"{now['verdict']} at {now['at']:%Y-%m-%d %H:%M} UTC"]
    mends = []
    if now["verdict"] in (Verdict.BROKEN, Verdict.DEFECT):
        before = f"last success {good_times.max():%Y-%m-%d %H:%M} UTC" if len(good_times) else "it never succeeded"
        said.append(f"{now['error']}; {before}")
        mends.append("report it to veille" if now["verdict"] == Verdict.DEFECT else "look at its address and its key")
    elif now["verdict"] != Verdict.OK:
        said.append(f"{now['received']} mentions")
        mends.append("look whether it still publishes, and at the same address")
    silent = silent_since(past.iloc[:-1], as_of, spec.every) if now["new"] == 0 else None
    if silent:
        said.append(f"nothing new since {silent:%Y-%m-%d %H:%M} UTC")
        mends.append("look whether it still publishes")
    lost = past.loc[past["unfilled_from"].notna()]
    if len(lost):
        first, until = lost["unfilled_from"].min(), lost["unfilled_until"].max()
        said.append(f"{len(lost)} spans it no longer gives, between {first:%Y-%m-%d %H:%M} and {until:%Y-%m-%d %H:%M} UTC")
        if lost["at"].max() == now["at"]:
            mends.append("gather more often, or import what is missing")
    return Check(name, not mends, "; ".join(said), "; ".join(dict.fromkeys(mends)))


def _minutes(span: timedelta) -> int:
    return span // timedelta(minutes=1)
