"""Words that burst are found, and quiet talk of many words gives few."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from veille.signals import emergence
from veille.signals.affairs import Words, words_of
from veille.signals.bursts import bursts, discovered, word_grid
from veille.signals.thresholds import Thresholds

T = Thresholds()
DAYS = pd.date_range("2022-01-03", periods=100)
TESTED = list(range(93, 100))
STRIKE = [
    "grève au dépôt, {} reste à quai",
    "la grève dure, {} marche encore",
    "préavis de grève : {} attend son bus",
    "grève et {} sans train",
]


def talk(seed: int, extra: list[tuple[str, int]] = []) -> Words:  # noqa: B006
    """Talk of a subject: over-dispersed days, words by Zipf's law, half of it ill, and what is planted on given days."""
    rng = np.random.default_rng(seed)
    daily = rng.poisson(12 * rng.gamma(2.0, 0.5, len(DAYS)))
    rows = [
        (" ".join(f"m{chr(97 + rank % 26)}{chr(97 + rank // 26 % 26)}t" for rank in rng.zipf(1.3, 12) % 600), day)
        for day, count in enumerate(daily)
        for _ in range(count)
    ]
    bad = [*(rng.random(len(rows)) < 0.5), *([True] * len(extra))]
    gravity = [*np.where(rng.random(len(rows)) < 0.2, 0.3, 0.0), *([0.3] * len(extra))]
    frame = pd.DataFrame([*rows, *extra], columns=["title", "offset"]).assign(subject="a", text="", topic_id="")
    frame["day"] = DAYS[frame["offset"]]
    frame["story_id"] = [f"s{number}" for number in range(len(frame))]
    frame = frame.assign(
        bad=np.array(bad, dtype=float), gravity=gravity, gravity_category="social", loaded=0.0, grave=0.0, judged=1.0
    )
    return words_of(frame, frame, "a")


def found(words: Words) -> list[str]:
    affairs = bursts({"a": words}, DAYS, np.ones(len(DAYS)), TESTED, frozenset(), T)
    return [dict(affair.words) and max(affair.words, key=lambda word: word[1])[0] for affair in affairs]


@pytest.mark.parametrize("seed", [21, 22, 23])
def test_quiet_talk_gives_no_burst(seed: int) -> None:
    assert found(talk(seed)) == []


def test_event_told_in_many_ways_is_found_by_its_word() -> None:
    names = ("Paul", "Anne", "Luc", "Marie", "Jean", "Lise", "Marc", "Rose", "Hugo", "Lou", "Max", "Eve")
    planted = [(STRIKE[number % 4].format(name), 94 + number % 3) for number, name in enumerate(names)]
    assert found(talk(21, planted)) == ["greve"]


def test_good_news_in_the_same_words_is_none() -> None:
    names = ("Paul", "Anne", "Luc", "Marie", "Jean", "Lise", "Marc", "Rose", "Hugo", "Lou", "Max", "Eve")
    words = talk(21, [(STRIKE[number % 4].format(name), 94 + number % 3) for number, name in enumerate(names)])
    planted = words.stories.index[-len(names) :]
    stories = words.stories.assign(bad=words.stories["bad"].where(~words.stories.index.isin(planted), 0.0))
    assert found(Words(stories, words.matrix, words.vocabulary)) == []


def test_grid_counts_each_word_on_its_days() -> None:
    words = talk(21, [("grève", 95), ("grève", 95), ("grève", 97)])
    grid = word_grid(words, "a", DAYS, 90, 3)
    row = grid.units.index[grid.units["topic_id"] == "greve"][0]
    assert grid.counts["stories"][row, 95:98].tolist() == [2.0, 0.0, 1.0]
    assert grid.counts["stories"][0].sum() == len(words.stories)


def test_nothing_tested_finds_nothing() -> None:
    assert bursts({"a": talk(21)}, DAYS, np.ones(len(DAYS)), [], frozenset(), T) == []


def word_tests(p_values: dict[str, list[float]]) -> pd.DataFrame:
    """One day's tests of the words of some subjects, of which one window was looked at."""
    rows = [
        {"subject": subject, "unit": number + 1, "topic_id": f"w{number}", "p_value": p_value}
        for subject, values in p_values.items()
        for number, p_value in enumerate(values)
    ]
    return pd.DataFrame(rows).assign(day=DAYS[0], measure="bad_stories", window_days=1, share_of_level=1 / 6)


def test_words_of_a_busy_subject_are_no_burden_for_those_of_a_quiet_one() -> None:
    noise = list(np.linspace(0.01, 1.0, 400))
    found = discovered(word_tests({"busy": noise, "quiet": [0.0005, 0.4]}), 0.04).set_index("subject")["found_bad"]
    assert found["quiet"].tolist() == [True, False]
    assert not found["busy"].any()


def test_every_subject_more_costs_the_words_of_all() -> None:
    alone = discovered(word_tests({"a": [0.003]}), 0.04)
    among = discovered(word_tests({"a": [0.003], **{f"s{number}": [0.9] for number in range(9)}}), 0.04)
    assert alone["found_bad"].tolist() == [True]
    assert not among["found_bad"].any()


def test_in_quiet_any_word_of_any_subject_is_found_on_no_more_days_than_their_share_of_the_level() -> None:
    rng = np.random.default_rng(4)
    level = 0.6
    days = [
        discovered(word_tests({f"s{number}": list(rng.random(5)) for number in range(6)}), level)["found_bad"].any()
        for _ in range(150)
    ]
    assert np.mean(days) <= level * emergence.SHARE_OF_WORDS + 0.05
