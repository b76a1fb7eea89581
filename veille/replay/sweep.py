"""What each setting changes: one replay a value, all others at what the watch has; topics are made once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
from pydantic import ValidationError

from veille.errors import UsageError
from veille.replay.result import Relived
from veille.replay.run import replay
from veille.replay.truth import Event
from veille.store import Store
from veille.watch import Watch

LEVELS = (2, 3, 4)
SCORES = tuple(range(0, 100, 10))


def sweep(
    watch: Watch,
    store: Store,
    first: date,
    last: date,
    truth: Sequence[Event],
    settings: Mapping[str, Sequence[Any]],
    *,
    progress: Callable[[date], None] = lambda day: None,
) -> pd.DataFrame:
    """Replay with other values of settings of `detection`, one at a time.

    Parameters
    ----------
    watch, store, first, last, truth
        As for `replay`.
    settings
        Values to try, by the name of the setting in watch.yml.
    progress
        Told each day of each replay.

    Returns
    -------
    pandas.DataFrame
        `setting`, `value`, `present` (it is the watch's), `recall`, `median_lag_days`, `false_alarms`, `alarms`.

    Raises
    ------
    UsageError
        No such setting, or a value that it cannot have.
    """
    rows = []
    for name, values in settings.items():
        for value in values:
            changed = _with(watch, name, value)
            found = replay(changed, store, first, last, truth=truth, progress=progress)
            present = getattr(watch.detection, name) == getattr(changed.detection, name)
            rows.append({"setting": name, "value": str(value), "present": present, **_worth(found, {})})
    return pd.DataFrame(rows, columns=["setting", "value", "present", *_WORTH])


def operating(found: Relived, levels: Sequence[int] = LEVELS, scores: Sequence[float] = SCORES) -> pd.DataFrame:
    """Return recall against false alarms when the level, or at level 2 the score, from which there is an alarm moves.

    Returns
    -------
    pandas.DataFrame
        `threshold` (`level` or `score`), `value`, `recall`, `median_lag_days`, `false_alarms`, `alarms`. Both scores and
        false alarms fall as the threshold rises; nothing is replayed again.
    """
    rows: list[dict[str, Any]] = [{"threshold": "level", "value": level, **_worth(found, {"level": level})} for level in levels]
    rows += [{"threshold": "score", "value": value, **_worth(found, {"least_score": value})} for value in scores]
    return pd.DataFrame(rows, columns=["threshold", "value", *_WORTH])


_WORTH = ["recall", "median_lag_days", "false_alarms", "alarms"]


def _worth(found: Relived, limits: dict[str, Any]) -> dict[str, Any]:
    alarms = found.alarms(**limits)
    scores = found.scores(alarms)
    values = (scores.recall, scores.median_lag_days, scores.false_alarms if found.truth else None, len(alarms))
    return dict(zip(_WORTH, values, strict=True))


def _with(watch: Watch, name: str, value: Any) -> Watch:
    kind = type(watch.detection)
    if name not in kind.model_fields:
        raise UsageError(f"detection has no setting {name!r}", f"it has {', '.join(sorted(kind.model_fields))}")
    try:
        detection = kind.model_validate({**watch.detection.model_dump(), name: value})
    except ValidationError as error:
        raise UsageError(f"detection.{name} cannot be {value!r}: {error.errors()[0]['msg']}", "try another value") from error
    return watch.model_copy(update={"detection": detection})
