"""What a replay says of the thresholds and of the probability words: part of the method of a bulletin."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from veille.bulletin.base import Model, Text


class ReplayRun(Model):
    """One replay of the thresholds, and what its alarms were worth against labelled events."""

    name: Text = Field(description="Id of the set that was re-lived, or of the watch")
    first: date
    last: date
    subjects: int
    crises: int | None = Field(None, description="Labelled crises that begin in it; null where nothing was labelled")
    found: int | None = Field(None, description="Of those, the crises with an alarm before their end")
    median_lag_days: float | None = None
    false_alarms: int | None = Field(None, description="False episodes")
    ordinary_weeks: int | None = Field(None, description="Weeks that no crisis touches")
    ordinary_alarms: int | None = Field(None, description="Alarms of level 3 and more in those weeks")


class ReplaySpan(Model):
    """Cases of one set: a case is a topic at the end of one week or day."""

    name: Text
    first: date
    last: date
    cases: int
    topics: int


class ReplayWord(Model):
    """How often one probability word would have been said, and how often it came true; ratios of 0 to 1."""

    word: Text
    low: float = Field(description="Range of the word")
    high: float
    predicted: float | None = Field(description="Mean probability of its cases; null where it was never said")
    observed: float | None
    observed_low: float | None = Field(description="95 % interval, cases of one topic not taken for independent")
    observed_high: float | None
    cases: int
    topics: int
    said: bool = Field(description="It came true as often as it says: it is printed; else growth is not quantifiable")


class Replay(Model):
    """The replay that thresholds and probability words come from."""

    own: bool = Field(description="Of this watch itself, else of the sets that veille was measured on")
    made_on: date
    runs: tuple[ReplayRun, ...]
    untried: tuple[Text, ...] = Field((), description="Thresholds of this watch that were re-lived with another value")
    words_own: bool = Field(False, description="Whether the words come from the watch's own replay")
    learnt: tuple[ReplaySpan, ...] = Field((), description="What the probability of growth was learned from")
    measured: tuple[ReplaySpan, ...] = Field((), description="What it was measured on")
    words: tuple[ReplayWord, ...] = Field((), description="Reliability of each word, least probable first")
    most_stories: int = Field(0, description="Stories of 7 days beyond which too few topics were measured")
