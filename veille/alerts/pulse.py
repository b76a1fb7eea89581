"""Whether the job itself still runs: when it last ended well, and a sign of life for somebody else to miss."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from veille.errors import VeilleError
from veille.sources import Client
from veille.store import Store
from veille.watch import Watch

MISSED_RUNS = 3
"""Runs that may be missed before the job is said to have stopped: one may be long, one may meet a lock."""
_KEY = "alerts/heartbeat"


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """How the job is.

    Parameters
    ----------
    last
        When it last ended well; None where it never did.
    alive
        Whether that is recent.
    overdue
        Messages that had not been delivered in time when it last ended.
    """

    last: datetime | None
    alive: bool
    overdue: int = 0


def beat(store: Store, at: datetime, overdue: int) -> None:
    """Write that a run has ended well."""
    store.state.put(_KEY, json.dumps({"at": at.isoformat(), "overdue": overdue}))


def heartbeat(watch: Watch, store: Store, as_of: datetime) -> Heartbeat:
    """Return how the job is; nothing but one small file is read.

    Parameters
    ----------
    watch, store
        The watch and its memory.
    as_of
        The present.
    """
    kept = store.state.get(_KEY)
    if kept is None:
        return Heartbeat(None, alive=False)
    said = json.loads(kept)
    last = datetime.fromisoformat(said["at"])
    longest = timedelta(minutes=MISSED_RUNS * watch.detection.alerts_every_minutes)
    return Heartbeat(last, alive=as_of - last <= longest, overdue=int(said["overdue"]))


def ping(watch: Watch, environment: Mapping[str, str], client: Client | None = None) -> str:
    """Ask for the address of a dead man's switch; return what went wrong, empty where nothing did.

    Parameters
    ----------
    watch
        The watch; `delivery.heartbeat` names the variable of the address.
    environment
        Where it is looked for.
    client
        The HTTP client; one for public addresses where None.
    """
    name = watch.delivery.heartbeat
    if name is None:
        return ""
    url = environment.get(name, "").strip()
    if not url:
        return f"the environment variable {name} is not set: nobody is told that alerts still run"
    try:
        if client is not None:
            client.get(url, attempts=2)
            return ""
        with Client() as own:
            own.within(30).get(url, attempts=2)
    except VeilleError as error:
        # The address is a secret: whoever knows it can pretend that all is well.
        return f"the address in {name} does not answer ({type(error).__name__}): nobody is told that alerts still run"
    return ""
