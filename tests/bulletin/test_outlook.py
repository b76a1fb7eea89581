"""Growth is said where replay confirmed the word, and the method names the replay."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from tests.bulletin.conftest import World
from veille.bulletin.compose import compose
from veille.bulletin.material import collect
from veille.bulletin.outlook import Chances, build_replay, chances, said_runs, said_spans
from veille.bulletin.render import render
from veille.bulletin.types import Bulletin
from veille.bulletin.wording import lint
from veille.language import Language
from veille.replay import Calibration, Outlook, shipped

FRENCH, ENGLISH = Language("fr"), Language("en")


def now(stories: int, fresh: int) -> pd.DataFrame:
    return pd.DataFrame({"subject": ["a", "a"], "topic_id": ["t", ""], "stories_7d": [stories, 99], "stories_3d": [fresh, 50]})


@pytest.fixture
def outlook() -> Outlook:
    known = shipped().outlook
    assert known is not None
    return known


def test_a_word_is_that_of_the_probability_and_only_where_it_held(outlook: Outlook) -> None:
    said = set()
    for stories in range(3, outlook.most_stories + 1):
        for fresh in range(stories + 1):
            told = Chances(outlook, now(stories, fresh), ENGLISH).of("a", "t")
            chance = outlook.of(stories, fresh)
            assert (told["probability"] == "not quantifiable") == (chance is None) == bool(told["probability_reason"])
            said.add(told["probability"])
    # What the replay that ships confirms, and nothing else.
    assert said == {"very unlikely", "not quantifiable"}


@pytest.mark.parametrize(
    ("subject", "topic", "stories", "reason"),
    [
        (None, None, 5, "it is measured of topics, not of a leak, an account or a share"),
        ("a", "t", 2, "its topic has fewer than three stories in 7 days"),
        ("a", "unknown", 5, "its topic has fewer than three stories in 7 days"),
        ("b", "t", 5, "its topic has fewer than three stories in 7 days"),
        ("a", "t", 500, "too few past topics were so much talked about, at most 8 times a week"),
    ],
)
def test_what_cannot_be_said_has_its_reason(
    outlook: Outlook, subject: str | None, topic: str | None, stories: int, reason: str
) -> None:
    told = Chances(outlook, now(stories, 1), ENGLISH).of(subject, topic)
    assert told == {"probability": "not quantifiable", "probability_reason": reason}


def test_without_a_word_that_holds_nothing_is_said(outlook: Outlook) -> None:
    silent = outlook.model_copy(update={"words": tuple(word.model_copy(update={"said": False}) for word in outlook.words)})
    for known in (None, silent):
        told = Chances(known, now(5, 1), ENGLISH).of("a", "t")
        assert told["probability_reason"] == "no replay confirms a word"


def test_the_bulletin_counts_as_the_replay_counted(world: World) -> None:
    material = collect(world.watch, world.store, world.as_of, world.period)
    told = chances((shipped(),), material, FRENCH).now.set_index(["subject", "topic_id"])
    # Stories are at 8:00 of the first six days of the week in turn; the copy of an earlier one counts no more.
    assert told.loc[("aquilon", "t1"), "stories_7d"] == 8
    assert told.loc[("aquilon", "t1"), "stories_3d"] == 2
    assert told.loc[("rivale", "t3"), ["stories_7d", "stories_3d"]].tolist() == [5, 1]
    assert told.loc[("aquilon", ""), "stories_7d"] == 14


def test_the_method_names_the_replay_in_both_languages(world: World) -> None:
    for code, sentence, named in (
        ("fr", "Crises trouvées\u00a0: 7 sur 9, délai médian", "la démonstration"),
        ("en", "Crises found: 7 of 9, median lag", "the demonstration"),
    ):
        made = compose(world.watch, world.store, world.as_of, world.period, run_id="r", language=code)
        assert made.method.replay is not None
        told = said_runs(made.method.replay, Language(code))
        assert sentence in told[0]
        assert any(named in line for line in told)
        assert lint(told) == []
        for finding in made.findings:
            assert bool(finding.probability_reason) == (finding.probability in ("non quantifiable", "not quantifiable"))


def test_the_page_shows_the_replay_and_the_reliability_of_each_word(bulletin: Bulletin, world: World) -> None:
    replay = build_replay(world.watch, (shipped(),), FRENCH)
    page = render(bulletin.model_copy(update={"method": bulletin.method.model_copy(update={"replay": replay})}))
    assert all(line.split(".")[0] in page for line in said_runs(replay, FRENCH))
    assert said_spans(replay.learnt, FRENCH) in page
    assert said_spans(replay.measured, FRENCH) in page
    for word in replay.words:
        if word.observed is not None:
            assert f">{FRENCH.percent(word.observed)}<" in page


def test_a_threshold_that_was_not_re_lived_is_named(world: World) -> None:
    detection = type(world.watch.detection).model_validate(shipped().thresholds)
    tried = world.watch.model_copy(update={"detection": detection})
    assert build_replay(tried, (shipped(),), FRENCH).untried == ()
    other = world.watch.model_copy(update={"detection": detection.model_copy(update={"min_stories": 9})})
    assert build_replay(other, (shipped(),), FRENCH).untried == ("min_stories",)


def test_the_watchs_own_replay_is_named_first_and_its_words_used_where_any_holds(world: World, outlook: Outlook) -> None:
    silent = outlook.model_copy(update={"words": tuple(word.model_copy(update={"said": False}) for word in outlook.words)})
    mute = Calibration(made_on=date(2026, 11, 1), own=True, thresholds={}, replays=(), outlook=silent)
    replay = build_replay(world.watch, (mute, shipped()), FRENCH)
    assert (replay.own, replay.words_own, replay.made_on) == (True, False, date(2026, 11, 1))
    speaking = mute.model_copy(update={"outlook": outlook})
    assert build_replay(world.watch, (speaking, shipped()), FRENCH).words_own


def test_why_nothing_is_said_stands_once_at_the_foot_of_page_1(bulletin: Bulletin) -> None:
    reason = "son sujet compte moins de trois récits en 7 jours"
    findings = tuple(
        finding.model_copy(update={"probability": "non quantifiable", "probability_reason": reason})
        for finding in bulletin.findings
    )
    page = render(bulletin.model_copy(update={"findings": findings}))
    assert page.count(reason) == 1
    assert reason not in render(bulletin)
