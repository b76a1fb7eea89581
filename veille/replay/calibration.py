"""What replay has taught, kept: when a probability word may be said, and what the thresholds are worth.

One calibration ships with veille, made by `training/growth.py` from the sets it names. A watch that was itself re-lived for
long enough has its own, which is used instead from the day after the last one re-lived.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import BaseModel, ConfigDict, ValidationError

from veille.errors import UsageError
from veille.replay import score
from veille.replay.growth import Growth, learn
from veille.replay.reliability import WORDS, measure, outcomes, parted, supported
from veille.replay.result import Relived
from veille.watch import Watch

LEAST_DAYS = 56
"""Days from which a watch's own replay is used: four weeks to learn from, four to measure on."""
SHIPPED = Path(__file__).with_name("calibration.json")
_OWN = "calibration.json"


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Span(_Model):
    """Outcomes of one set: a case is a topic, or a whole subject, on one day."""

    name: str
    first: date
    last: date
    cases: int
    topics: int


class Word(_Model):
    """How a probability word fared: said of so many cases, and how often it came true, with the 95 % interval."""

    low: float
    high: float
    predicted: float | None
    observed: float | None
    observed_low: float | None
    observed_high: float | None
    cases: int
    topics: int
    said: bool


class Outlook(_Model):
    """The probability of growth: what it was learned and measured on, and which of its words hold."""

    anyway: float
    fresh_ratio: float
    older_ratio: float
    size: float
    learnt: tuple[Span, ...]
    measured: tuple[Span, ...]
    words: tuple[Word, ...]
    most_stories: int
    """Stories of 7 days beyond which too few topics were measured."""

    @property
    def growth(self) -> Growth:
        """What was learned."""
        return Growth(self.anyway, self.fresh_ratio, self.older_ratio, self.size)

    @property
    def speaks(self) -> bool:
        """Whether any word holds."""
        return any(word.said for word in self.words)

    def of(self, stories_7d: int, stories_3d: int) -> float | None:
        """Return the probability that more is told in the next 7 days; None where its word was not confirmed."""
        if stories_7d > self.most_stories:
            return None
        told = float(self.growth.probability(stories_7d, stories_3d))
        word = next(word for word in self.words if told <= word.high)
        return told if word.said else None


class Tested(_Model):
    """One replay of the thresholds, and what its alarms were worth."""

    name: str
    first: date
    last: date
    subjects: int
    crises: int | None = None
    found: int | None = None
    median_lag_days: float | None = None
    false_alarms: int | None = None
    ordinary_weeks: int | None = None
    ordinary_alarms: int | None = None
    """Alarms of level 3 and more in the weeks that no crisis touches."""


class Calibration(_Model):
    """What replay has taught.

    Parameters
    ----------
    made_on
        Day it was made.
    own
        Whether it is of the watch itself.
    thresholds
        The settings of detection that were re-lived, as in watch.yml.
    replays
        What their alarms were worth.
    outlook
        The probability of growth; None where nothing could be learned.
    """

    made_on: date
    own: bool
    thresholds: dict[str, Any]
    replays: tuple[Tested, ...]
    outlook: Outlook | None

    def text(self) -> str:
        """Return what is kept."""
        return self.model_dump_json(indent=1) + "\n"


def worth(name: str, found: Relived) -> Tested:
    """Return what the alarms of a replay were worth."""
    scores, judged = found.scores(), bool(found.truth)
    ordinary = score.ordinary(found.days_of(level=score.SERIOUS_LEVEL), found.truth, found.period.first, found.period.last)
    return Tested(
        name=name,
        first=found.period.first,
        last=found.period.last,
        subjects=len(found.watch.subjects),
        crises=len(scores.crises) if judged else None,
        found=sum(one.detected for one in scores.crises) if judged else None,
        median_lag_days=scores.median_lag_days,
        false_alarms=scores.false_alarms if judged else None,
        ordinary_weeks=ordinary.weeks if judged else None,
        ordinary_alarms=ordinary.alarms if judged else None,
    )


def span(name: str, rows: pd.DataFrame) -> Span:
    """Return what outcomes there are; at least one."""
    days = pd.to_datetime(rows["day"]).dt.date
    return Span(name=name, first=days.min(), last=days.max(), cases=len(rows), topics=int(rows["unit"].nunique()))


def outlook_of(growth: Growth, learnt: tuple[Span, ...], measured: tuple[Span, ...], rows: pd.DataFrame) -> Outlook:
    """Return a probability of growth with the words that hold on outcomes it was not learned from.

    Parameters
    ----------
    growth, learnt
        What was learned, and from what.
    measured, rows
        What it is measured on.
    """
    table = measure(growth, rows)
    words = [
        Word(
            low=low,
            high=high,
            predicted=_known(row["predicted_ratio"]),
            observed=_known(row["observed_ratio"]),
            observed_low=_known(row["observed_low"]),
            observed_high=_known(row["observed_high"]),
            cases=int(row["rows"]),
            topics=int(row["topics"]),
            said=bool(row["holds"]),
        )
        for (low, high), row in zip(pairwise(WORDS), table.to_dict("records"), strict=True)
    ]
    return Outlook(
        anyway=growth.anyway,
        fresh_ratio=growth.fresh_ratio,
        older_ratio=growth.older_ratio,
        size=growth.size,
        learnt=learnt,
        measured=measured,
        words=tuple(words),
        most_stories=supported(rows),
    )


def calibrate(found: Relived, made_on: date) -> Calibration | None:
    """Return what the replay of a watch teaches about itself: learned on its first half, measured on its second.

    None where fewer than `LEAST_DAYS` days were re-lived.
    """
    if found.period.days < LEAST_DAYS:
        return None
    name = found.watch.watch
    rows = outcomes(found.activity, found.period.last)
    half = found.period.first + timedelta(days=found.period.days // 2)
    learnt, measured = parted(rows, half)
    outlook = None
    if len(learnt) and len(measured):
        outlook = outlook_of(learn(learnt), (span(name, learnt),), (span(name, measured),), measured)
    settings = found.watch.detection.model_dump(mode="json")
    return Calibration(made_on=made_on, own=True, thresholds=settings, replays=(worth(name, found),), outlook=outlook)


def keep_own(watch: Watch, calibration: Calibration) -> None:
    """Keep the calibration of a watch in its state.

    Raises
    ------
    UsageError
        It cannot be written.
    """
    file = _own(watch)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(calibration.text(), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror}", "free the folder `state` of the watch") from error


def calibrations(watch: Watch, before: date) -> tuple[Calibration, ...]:
    """Return what is known of the thresholds and words of a watch, its own first.

    Parameters
    ----------
    watch
        The watch.
    before
        A replay that goes on to this day, or beyond, is not known yet.

    Raises
    ------
    UsageError
        The watch's own calibration cannot be read.
    """
    file = _own(watch)
    if not file.exists():
        return (shipped(),)
    try:
        own = Calibration.model_validate_json(file.read_text(encoding="utf-8"))
    except (OSError, ValidationError) as error:
        raise UsageError(f"{file} is no calibration of this version", "run `veille replay` again, or remove it") from error
    return (own, shipped()) if own.replays[0].last < before else (shipped(),)


@cache
def shipped() -> Calibration:
    """Return the calibration that ships with veille."""
    return Calibration.model_validate_json(SHIPPED.read_text(encoding="utf-8"))


def _own(watch: Watch) -> Path:
    return watch.state_path / "replay" / _OWN


def _known(value: float) -> float | None:
    return None if pd.isna(value) else round(float(value), 4)
