"""Every threshold of detection, named once: rooms read them here, documentation and pages print them from here."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from veille.watch.values import AsTuple, Model, Texts, problem

_Share = Annotated[float, Field(ge=0, le=1)]
_Days = Annotated[int, Field(ge=1, le=3660)]


class ScoreWeights(Model):
    """What each part counts in the crisis potential; together they make 1."""

    gravity: _Share = Field(default=0.30, description="Gravity of what is alleged")
    responsibility: _Share = Field(default=0.25, description="Responsibility attributed to the organisation (SCCT)")
    velocity: _Share = Field(default=0.20, description="How fast it grows against habit")
    reach: _Share = Field(default=0.15, description="How far it is carried")
    loaded_words: _Share = Field(default=0.10, description="Share of stories with loaded words")

    @model_validator(mode="after")
    def _sum_to_one(self) -> ScoreWeights:
        total = self.gravity + self.responsibility + self.velocity + self.reach + self.loaded_words
        if abs(total - 1) > 1e-6:
            raise problem(f"add up to {total:.3g}, not 1", "give all five so that they add up to 1")
        return self


class Detection(Model):
    """Thresholds of detection, all with defaults."""

    windows_days: Annotated[tuple[_Days, ...], AsTuple, Field(min_length=1)] = Field(
        default=(1, 3, 7), description="Lengths of the last window that is compared with habit, in days"
    )
    baseline_days: _Days = Field(default=56, description="Length of the past that makes the habit, in days")
    gap_days: Annotated[int, Field(ge=0, le=366)] = Field(
        default=1, description="Days between past and window, so that a rise does not feed its own baseline"
    )
    min_stories: Annotated[int, Field(ge=1)] = Field(
        default=3, description="Fewest independent stories of a negative emergence"
    )
    min_voices: Annotated[int, Field(ge=1)] = Field(
        default=2, description="Fewest publishers or authors of a negative emergence"
    )
    fdr_level: Annotated[float, Field(gt=0, lt=1)] = Field(
        default=0.02, description="False-discovery rate over everything tested on a day"
    )
    past_discount: Annotated[float, Field(gt=0, le=1)] = Field(
        default=0.6, description="Weight of the past against the prior, since habits drift"
    )
    prior_per_day: Annotated[float, Field(gt=0)] = Field(
        default=0.05, description="Stories a day expected of a topic without past, where the watch has none to learn from"
    )
    negative_share: _Share = Field(
        default=0.6, description="Negative share of the window's stories from which a rise is negative"
    )
    short_history_days: _Days = Field(
        default=28, description="Less past than this is labelled short; statistics alone then give at most level 2"
    )
    score_weights: ScoreWeights = Field(default=ScoreWeights(), description="Weights of the parts of the crisis potential")
    score_level_2: Annotated[float, Field(ge=0, le=100)] = Field(
        default=35, description="Crisis potential from which level 2 is given"
    )
    score_level_3: Annotated[float, Field(ge=0, le=100)] = Field(
        default=60, description="Crisis potential from which level 3 is given"
    )
    score_level_4: Annotated[float, Field(ge=0, le=100)] = Field(
        default=80, description="Crisis potential from which level 4 is given"
    )
    gravity_medium: _Share = Field(default=0.5, description="Gravity from which it is called medium")
    relevance_min: _Share = Field(default=0.5, description="Strategic relevance from which an effect is shown")
    strategic_share: _Share = Field(
        default=0.5, description="Share of a topic's stories close to an objective or decision from which it is a signal"
    )
    effect_share: _Share = Field(
        default=0.25,
        description="Share of another signal's stories close to an objective or decision from which it bears on it",
    )
    weak_max: Annotated[int, Field(ge=0)] = Field(default=5, description="Most weak signals at a time")
    pickup_publishers: Annotated[int, Field(ge=1)] = Field(
        default=3, description="Independent press titles from which a press story counts as picked up"
    )
    national_publishers: Texts = Field(
        default=(
            "lemonde.fr",
            "lefigaro.fr",
            "liberation.fr",
            "leparisien.fr",
            "lesechos.fr",
            "francetvinfo.fr",
            "franceinfo.fr",
            "bfmtv.com",
            "tf1info.fr",
            "radiofrance.fr",
            "rtl.fr",
            "europe1.fr",
            "20minutes.fr",
            "mediapart.fr",
            "lacroix.com",
            "la-croix.com",
            "humanite.fr",
            "ouest-france.fr",
            "lepoint.fr",
            "lexpress.fr",
            "nouvelobs.com",
            "afp.com",
        ),
        description="Publishers whose taking up of a story is a press pick-up by itself: hosts or names",
    )
    story_window_days: _Days = Field(default=14, description="How long a story can be joined by copies, in days")
    story_similarity: _Share = Field(default=0.7, description="Likeness from which two texts are one story")
    topic_window_days: _Days = Field(default=56, description="Window of stories that topics are fitted on, in days")
    topic_distance: Annotated[float, Field(gt=0, le=2)] = Field(
        default=0.68, description="Cosine distance at which clusters of stories are cut into topics"
    )
    topic_min_stories: Annotated[int, Field(ge=1)] = Field(default=2, description="Fewest stories of a topic")
    reopen_after_days: _Days = Field(
        default=14, description="Days of quiet after which a new rise of the same topic reopens its signal"
    )
    alerts_every_minutes: Annotated[int, Field(ge=1)] = Field(
        default=10, description="How often `alerts` runs; a limit shorter than it cannot be kept"
    )
    alerts_cooldown_minutes: Annotated[int, Field(ge=0)] = Field(
        default=360, description="Least minutes between two messages about one signal, unless its level rises"
    )

    @model_validator(mode="after")
    def _in_order(self) -> Detection:
        if not self.score_level_2 < self.score_level_3 < self.score_level_4:
            raise problem("score_level_2, score_level_3 and score_level_4 must rise", "the defaults are 35, 60 and 80")
        if self.baseline_days <= max(self.windows_days):
            raise problem("baseline_days must be longer than the longest window", "the defaults are 56 and [1, 3, 7]")
        return self
