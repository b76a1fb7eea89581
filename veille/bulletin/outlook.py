"""The probability word of a finding: "will its topic grow in the next 7 days?", said only where replay confirmed the word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from veille.bulletin.material import Material
from veille.bulletin.replayed import Replay, ReplayRun, ReplaySpan, ReplayWord
from veille.bulletin.wording import probability_word, probability_words
from veille.language import Language
from veille.replay import LEAST_STORIES, Calibration, Outlook, calibrations, spoken

if TYPE_CHECKING:
    from veille.watch import Watch


@dataclass(frozen=True)
class Chances:
    """What may be said of growth in one bulletin.

    Parameters
    ----------
    outlook
        The probability of growth, None where none was learned.
    now
        Stories of each subject and topic in the days before the cut-off, as `veille.replay.spoken` counts them.
    language
        Of the bulletin.
    """

    outlook: Outlook | None
    now: pd.DataFrame
    language: Language

    def of(self, subject: str | None, topic_id: str | None) -> dict[str, str]:
        """Return the fields of a finding on its probability: the word, and why there is none.

        Parameters
        ----------
        subject, topic_id
            What the finding is about; without a topic nothing is said.
        """
        say = self.language.say
        if topic_id is None:
            return self._none(say("it is measured of topics, not of a leak, an account or a share"))
        rows = self.now.loc[(self.now["topic_id"] == topic_id) & (self.now["subject"] == subject)]
        stories, fresh = (int(rows[name].sum()) for name in ("stories_7d", "stories_3d"))
        if stories < LEAST_STORIES:
            return self._none(say("its topic has fewer than three stories in 7 days"))
        if self.outlook is None or not self.outlook.speaks:
            return self._none(say("no replay confirms a word"))
        if stories > self.outlook.most_stories:
            most = self.language.number(self.outlook.most_stories)
            return self._none(say("too few past topics were so much talked about, at most {most} times a week", most=most))
        chance = self.outlook.of(stories, fresh)
        if chance is None:
            return self._none(say("the replay does not confirm the word that would be said"))
        return {"probability": probability_word(chance, self.language), "probability_reason": ""}

    def _none(self, reason: str) -> dict[str, str]:
        return {"probability": probability_word(None, self.language), "probability_reason": reason}


def replays_of(watch: Watch, material: Material) -> tuple[Calibration, ...]:
    """Return what replays say of a watch, those that end before the cut-off; the one whose thresholds count first."""
    return calibrations(watch, material.period.last)


def chances(calibrations: tuple[Calibration, ...], material: Material, language: Language) -> Chances:
    """Return what may be said of growth: by the watch's own replay where it confirms a word, else by the shipped one."""
    return Chances(
        _speaking(calibrations).outlook, spoken(material.mentions, material.cutoff, material.period.timezone), language
    )


def _speaking(calibrations: tuple[Calibration, ...]) -> Calibration:
    return next((one for one in calibrations if one.outlook and one.outlook.speaks), calibrations[-1])


def build_replay(watch: Watch, calibrations: tuple[Calibration, ...], language: Language) -> Replay:
    """Return the replay that thresholds and words come from, for the method."""
    first, words = calibrations[0], _speaking(calibrations)
    settings = watch.detection.model_dump(mode="json")
    untried = sorted(name for name, value in settings.items() if first.thresholds.get(name) != value)
    outlook = words.outlook
    return Replay(
        own=first.own,
        made_on=first.made_on,
        runs=tuple(ReplayRun(**run.model_dump()) for run in first.replays),
        untried=tuple(untried),
        words_own=words.own,
        learnt=tuple(ReplaySpan(**span.model_dump()) for span in outlook.learnt) if outlook else (),
        measured=tuple(ReplaySpan(**span.model_dump()) for span in outlook.measured) if outlook else (),
        words=tuple(
            ReplayWord(word=name, **word.model_dump())
            for name, word in zip(probability_words(language), outlook.words, strict=True)
        )
        if outlook
        else (),
        most_stories=outlook.most_stories if outlook else 0,
    )


def set_name(name: str, language: Language) -> str:
    """Return the name of a set that veille was measured on in words; a watch's own is its id."""
    return {
        "press-companies": language.say("companies in one newspaper (press-fr-2022h1)"),
        "press-matters": language.say("matters of public interest in one newspaper (press-fr-2022h1)"),
        "demonstration": language.say("the demonstration"),
    }.get(name, name)


def said_runs(replay: Replay, language: Language) -> tuple[str, ...]:
    """Return each replay in sentences: what was re-lived, and what its alarms were worth."""
    told = []
    for run in replay.runs:
        sentences = [
            language.say_many(
                "{name}, {count} subject, {days}.",
                "{name}, {count} subjects, {days}.",
                run.subjects,
                name=set_name(run.name, language),
                days=language.days(run.first, run.last),
            )
        ]
        if run.crises is not None and run.found is not None and run.false_alarms is not None:
            sentences.append(
                language.say("Crises found: {found} of {crises}.", found=run.found, crises=run.crises)
                if run.median_lag_days is None
                else language.say(
                    "Crises found: {found} of {crises}, median lag {lag} d.",
                    found=run.found,
                    crises=run.crises,
                    lag=language.number(run.median_lag_days, 1),
                )
            )
            sentences.append(language.say("False alarms: {count}.", count=language.number(run.false_alarms)))
        if run.ordinary_weeks:
            sentences.append(
                language.say_many(
                    "Alarms of level 3 and more in {count} week without crisis: {alarms}.",
                    "Alarms of level 3 and more in {count} weeks without crisis: {alarms}.",
                    run.ordinary_weeks,
                    alarms=language.number(run.ordinary_alarms or 0),
                )
            )
        told.append(" ".join(sentences))
    return tuple(told)


def said_spans(spans: tuple[ReplaySpan, ...], language: Language) -> str:
    """Return sets in a line, each with its days and its topics."""
    return "; ".join(
        language.say_many(
            "{name}, {days}, {count} topic",
            "{name}, {days}, {count} topics",
            span.topics,
            name=set_name(span.name, language),
            days=language.days(span.first, span.last),
        )
        for span in spans
    )
