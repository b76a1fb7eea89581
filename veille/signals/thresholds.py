"""The thresholds that detection works with: those of watch.yml, and those that only a measurement should move."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np

from veille.reading import tone_confusion
from veille.signals.lexicon import LANGUAGES
from veille.signals.tone import ErrorRates
from veille.watch import Detection

VERSION = "signals-5"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What detection compares with; the names that watch.yml has too mean the same there.

    Parameters
    ----------
    windows_days, baseline_days, gap_days, past_discount, prior_per_day
        Windows tested, and the past that makes the habit.
    fdr_level
        False-discovery level of one day, which subjects, topics and words share; chosen by `benchmarks/simulation.py`.
    window_p
        Tail probability that the window itself must reach.
    min_stories, min_voices
        Independent stories, and publishers or authors, below which there is no emergence.
    negative_share
        Corrected share of bad stories above which they are the news.
    share_p, share_p_few, share_few_stories
        Tail probability of that share against its habit; the laxer one below so many stories, of which all can be ill and
        that still be no rarity. Chosen with `fdr_level` by `benchmarks/simulation.py`.
    share_level
        Level of the interval of a share.
    sensitivity_ratio, specificity_ratio
        Error rates of the reading of bad stories: those measured of the tone model in the languages of the watch.
    min_mentions
        Mentions of subjects in the whole past below which the verdict is "not enough data".
    unusual_p
        Tail probability above which a signal that goes on is back to its habit; it is followed `weak_days` longer.
    weak_days, weak_p, weak_max, weak_gravity
        Window, tail probability and most weak signals; gravity from which two stories are enough for one.
    explains_ratio
        Share of the subject's excess of bad stories from which an affair explains the rise.
    strategic_share, effect_share
        Share of a topic's stories close to an item from which that alone makes a signal of it, and of another signal's
        stories from which it has an effect on the item.
    """

    windows_days: tuple[int, ...] = (1, 3, 7)
    baseline_days: int = 56
    gap_days: int = 1
    past_discount: float = 0.6
    prior_per_day: float = 0.05
    fdr_level: float = 0.02
    min_stories: int = 3
    min_voices: int = 2
    negative_share: float = 0.6
    short_history_days: int = 28
    score_level_2: float = 35
    score_level_3: float = 60
    score_level_4: float = 80
    gravity_medium: float = 0.5
    relevance_min: float = 0.5
    pickup_publishers: int = 3
    national_publishers: tuple[str, ...] = ()
    reopen_after_days: int = 14
    window_p: float = 0.001
    share_p: float = 0.03
    share_p_few: float = 0.2
    share_few_stories: int = 10
    share_level: float = 0.9
    sensitivity_ratio: float = 0.75
    specificity_ratio: float = 0.80
    min_mentions: int = 20
    unusual_p: float = 0.05
    weak_days: int = 28
    weak_p: float = 0.01
    weak_max: int = 5
    weak_gravity: float = 0.8
    explains_ratio: float = 0.5
    strategic_share: float = 0.5
    effect_share: float = 0.25
    evidence_max: int = 8

    @classmethod
    def of(cls, detection: Detection, languages: Iterable[str] = ()) -> Thresholds:
        """Return the thresholds of a watch, with the measured error rates of the tone model in its languages."""
        given: dict[str, Any] = {
            field.name: getattr(detection, field.name) for field in fields(cls) if field.name in type(detection).model_fields
        }
        measured = [tone_confusion(language) for language in sorted(set(languages) & set(LANGUAGES))]
        if measured:
            # Rows are the true tone, negative first; columns the tone read.
            given["sensitivity_ratio"] = round(float(np.mean([rates[0, 0] for rates in measured])), 3)
            given["specificity_ratio"] = round(float(1 - np.mean([rates[1:, 0] for rates in measured])), 3)
        return cls(**given)

    @property
    def error_rates(self) -> ErrorRates:
        """Error rates of the reading of bad stories."""
        return ErrorRates(self.sensitivity_ratio, self.specificity_ratio)

    @property
    def version(self) -> str:
        """Version of the verb and its settings."""
        return f"{VERSION}-{hashlib.sha256(repr(sorted(asdict(self).items())).encode()).hexdigest()[:8]}"
