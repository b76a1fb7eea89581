"""What a replay found: daily signals, the alarms in them, and what they are worth."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from veille.errors import UsageError
from veille.masking import mask_series
from veille.period import Period
from veille.replay import score
from veille.replay.truth import Event, EventKind
from veille.watch import Watch, confidential_terms


@dataclass(frozen=True)
class Relived:
    """What a replay found.

    Parameters
    ----------
    watch, period
        What was re-lived, in local days.
    signals, journal
        Rows of SIGNALS, one a signal and day, and of JOURNAL.
    activity
        Rows of ACTIVITY: how much was said of each subject and topic, day by day.
    truth
        Labelled events; without any the scores are empty.
    """

    watch: Watch
    period: Period
    signals: pd.DataFrame
    journal: pd.DataFrame
    activity: pd.DataFrame
    truth: tuple[Event, ...] = ()

    def alarms(self, *, level: int = score.ALARM_LEVEL, least_score: float = 0.0) -> pd.DataFrame:
        """Return the alarms: rows of SIGNALS with `day`, `event_id` and `episode` (number of the false episode, from 1).

        Parameters
        ----------
        level, least_score
            Least level and score of an alarm, others than the product's to see what they would change.
        """
        frame = score.alarms(self.signals, self.journal, level=level, score=least_score)
        # The cut-off of a day is the first instant after it.
        local = (frame["cutoff"] - pd.Timedelta(microseconds=1)).dt.tz_convert(self.watch.timezone)
        frame = frame.assign(day=local.dt.date, title=mask_series(frame["title"], confidential_terms(self.watch)))
        days = _days(frame)
        episode = pd.Series(pd.NA, index=frame.index, dtype="Int64")
        if self.truth:
            for number, places in enumerate(score.false_episodes(days, self.truth), start=1):
                episode.iloc[places] = number
        return frame.assign(
            event_id=pd.Series(score.attributed(days, self.truth), index=frame.index, dtype="object"), episode=episode
        )

    def days_of(self, *, level: int = score.ALARM_LEVEL) -> Sequence[tuple[str, date]]:
        """Return the alarms from a level on, as subject and local day: a signal that rises to it later counts on that day."""
        return _days(self.alarms(level=level))

    def scores(self, alarms: pd.DataFrame | None = None) -> score.Scores:
        """Return what alarms, those of the product by default, are worth."""
        days = _days(self.alarms() if alarms is None else alarms)
        return score.Scores(
            score.found(days, self.truth),
            score.false_episodes(days, self.truth) if self.truth else [],
            self.period.first,
            self.period.last,
            len(self.watch.subjects),
        )

    def as_json(self) -> dict[str, Any]:
        """Return the result as the command prints it."""
        alarms = self.alarms()
        found = self.scores(alarms)
        judged = bool(self.truth)
        quiet = score.ordinary(self.days_of(level=score.SERIOUS_LEVEL), self.truth, self.period.first, self.period.last)
        rows = [_alarm({str(name): value for name, value in row.items()}) for row in alarms.to_dict("records")]
        return {
            "from": self.period.first.isoformat(),
            "to": self.period.last.isoformat(),
            "days": self.period.days,
            "subjects": len(self.watch.subjects),
            "alarms": rows,
            "events": [_event(one) for one in found.events],
            "recall": found.recall,
            "median_lag_days": found.median_lag_days,
            "missed": found.missed,
            "false_alarms": found.false_alarms if judged else None,
            "false_alarms_per_subject_year": found.false_alarms_per_subject_year if judged else None,
            "alarms_per_week": score.per_week([row["level"] for row in rows], self.period.days),
            "ordinary_weeks": asdict(quiet) if judged else None,
        }

    def write(self, file: Path) -> None:
        """Write the result: the whole as `.json`, or the alarms, one a row, as `.csv`.

        Raises
        ------
        UsageError
            The file's name ends otherwise, or it cannot be written.
        """
        result = self.as_json()
        try:
            if file.suffix == ".json":
                file.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
            elif file.suffix == ".csv":
                rows = [{**row, "evidence": " ".join(row["evidence"])} for row in result["alarms"]]
                pd.DataFrame(rows, columns=_COLUMNS).to_csv(file, index=False)
            else:
                raise UsageError(f"{file} is neither JSON nor CSV", "name it ….json or ….csv")
        except OSError as error:
            raise UsageError(f"{file} cannot be written: {error.strerror}", "give another file with --out") from error


_COLUMNS = [
    "subject",
    "signal_id",
    "topic_id",
    "title",
    "kind",
    "at",
    "level",
    "level_reason",
    "score",
    "p_value",
    "stories",
    "event_id",
    "false_episode",
    "evidence",
]


def _days(alarms: pd.DataFrame) -> Sequence[tuple[str, date]]:
    return list(zip(alarms["subject"].astype("object"), alarms["day"], strict=True))


def _alarm(row: dict[str, Any]) -> dict[str, Any]:
    def plain(name: str) -> Any:
        return None if pd.isna(row[name]) else row[name]

    return {
        "subject": row["subject"],
        "signal_id": row["signal_id"],
        "topic_id": plain("topic_id"),
        "title": row["title"],
        "kind": row["kind"],
        "at": row["day"].isoformat(),
        "level": int(row["level"]),
        "level_reason": row["level_reason"],
        "score": round(float(row["score"]), 1),
        "p_value": plain("p_value"),
        "stories": int(row["stories"]),
        "event_id": plain("event_id"),
        "false_episode": plain("episode"),
        "evidence": [str(mention) for mention in row["evidence"]],
    }


def _event(one: score.Found) -> dict[str, Any]:
    return {
        "event_id": one.event.event_id,
        "kind": str(one.event.kind),
        "detected": one.detected,
        "first_alarm": one.first_alarm.isoformat() if one.first_alarm else None,
        "lag_days": one.lag_days if one.event.kind is EventKind.CRISIS else None,
    }
