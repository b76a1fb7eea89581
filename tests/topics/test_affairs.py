"""One event told in many ways becomes one topic; usual talk, chance and what clusters hold already become none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from veille.topics.about import RECENT_DAYS, About
from veille.topics.affairs import Known, gather
from veille.topics.cluster import unit

WORDS = ["bus", "train", "retard", "ligne", "arret", "chauffeur", "billet", "horaire", "gare", "quai", "siege", "route"]
EVENT = ["incendie", "batterie", "pompiers", "fumee", "flammes", "evacue"]


def talk(rng: np.random.Generator, days: range, each: int) -> list[tuple[int, str]]:
    return [(day, " ".join(rng.choice(WORDS, 4, replace=False))) for day in days for _ in range(each)]


def event(rng: np.random.Generator, days: range, each: int) -> list[tuple[int, str]]:
    return [
        (day, " ".join([*rng.choice(EVENT, 3, replace=False), *rng.choice(WORDS, 2, replace=False)]))
        for day in days
        for _ in range(each)
    ]


def about(told: list[tuple[int, str]], rng: np.random.Generator) -> About:
    """Give stories that hold an event's word a direction in common, weak enough for no clustering to find it."""
    noise = unit(rng.normal(size=(len(told), 40)))
    common = np.zeros(40)
    common[0] = 1.0
    inside = np.array([any(word in text.split() for word in EVENT) for _, text in told])
    return About(
        unit(noise + 0.6 * inside[:, None] * common), pd.Series([text for _, text in told]), np.array([day for day, _ in told])
    )


def alone(count: int) -> np.ndarray:
    return np.arange(count)


def unknown(count: int) -> Known:
    return Known(np.full(count, -1), np.array([], dtype=np.int64))


def test_an_event_told_in_many_ways_is_gathered() -> None:
    rng = np.random.default_rng(1)
    told = talk(rng, range(-40, 0), 5) + event(rng, range(-3, 0), 5)
    found = gather(alone(len(told)), about(told, rng), unknown(len(told)), apart=np.zeros(len(told), dtype=bool))
    inside = np.array([any(word in text for word in EVENT) for _, text in told])
    assert found.in_affair[inside].mean() >= 0.7
    assert found.in_affair[~inside].mean() <= 0.02
    assert len(np.unique(found.of_story[found.in_affair])) == 1


@pytest.mark.parametrize("seed", range(10))
def test_usual_talk_holds_no_affair(seed: int) -> None:
    rng = np.random.default_rng(seed)
    told = talk(rng, range(-40, 0), 5)
    found = gather(alone(len(told)), about(told, rng), unknown(len(told)), apart=np.zeros(len(told), dtype=bool))
    assert not found.in_affair.any()


def test_words_that_were_always_spoken_together_are_no_affair() -> None:
    rng = np.random.default_rng(2)
    told = talk(rng, range(-40, 0), 5) + event(rng, range(-40, 0), 2)
    found = gather(alone(len(told)), about(told, rng), unknown(len(told)), apart=np.zeros(len(told), dtype=bool))
    assert not found.in_affair.any()


def test_what_one_new_cluster_holds_needs_no_words() -> None:
    rng = np.random.default_rng(3)
    told = talk(rng, range(-40, 0), 5) + event(rng, range(-3, 0), 5)
    inside = np.array([any(word in text for word in EVENT) for _, text in told])
    labels = np.where(inside, len(told), alone(len(told)))
    found = gather(labels, about(told, rng), unknown(len(told)), apart=np.zeros(len(told), dtype=bool))
    assert not found.in_affair.any()
    assert len(np.unique(found.of_story[inside])) == 1


def test_a_known_affair_keeps_its_stories_and_takes_new_ones_by_the_words_it_began_with() -> None:
    rng = np.random.default_rng(4)
    told = talk(rng, range(-40, 0), 5) + event(rng, range(-17, -14), 5) + event(rng, range(-2, 0), 2)
    day = np.array([day for day, _ in told])
    inside = np.array([any(word in text for word in EVENT) for _, text in told])
    first = inside & (day < -RECENT_DAYS)
    known = Known(np.where(first, 3, -1), np.array([3]))
    found = gather(alone(len(told)), about(told, rng), known, apart=np.zeros(len(told), dtype=bool))
    assert found.in_affair[first].all()
    assert found.in_affair[inside & ~first].mean() >= 0.5
    assert len(np.unique(found.of_story[found.in_affair])) == 1
    assert not found.in_affair[~inside].any()


def test_an_affair_whose_beginning_has_left_the_window_takes_nothing_new() -> None:
    rng = np.random.default_rng(4)
    told = talk(rng, range(-20, 0), 5) + event(rng, range(-17, -14), 5) + event(rng, range(-2, 0), 1)
    day = np.array([day for day, _ in told])
    old = np.array([any(word in text for word in EVENT) for _, text in told]) & (day < -RECENT_DAYS)
    known = Known(np.where(old, 3, -1), np.array([3]))
    found = gather(alone(len(told)), about(told, rng), known, apart=np.zeros(len(told), dtype=bool))
    assert (found.in_affair == old).all()


def test_stories_held_by_something_else_join_no_affair() -> None:
    rng = np.random.default_rng(5)
    told = talk(rng, range(-40, 0), 5) + event(rng, range(-3, 0), 5)
    apart = np.array([any(word in text for word in EVENT) for _, text in told])
    found = gather(alone(len(told)), about(told, rng), unknown(len(told)), apart=apart)
    assert not found.in_affair.any()


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_few_stories_give_their_clusters_back(count: int) -> None:
    rng = np.random.default_rng(6)
    told = event(rng, range(-1, 0), count)
    found = gather(alone(count), about(told, rng), unknown(count), apart=np.zeros(count, dtype=bool))
    assert found.of_story.tolist() == list(range(count))
    assert not found.in_affair.any()


def test_the_order_of_stories_of_one_day_changes_nothing() -> None:
    rng = np.random.default_rng(7)
    told = talk(rng, range(-40, 0), 5) + event(rng, range(-3, 0), 5)
    whole = about(told, rng)
    order = rng.permutation(len(told))
    shuffled = About(whole.units[order], whole.texts.iloc[order].reset_index(drop=True), whole.day[order])
    none = np.zeros(len(told), dtype=bool)
    first = gather(alone(len(told)), whole, unknown(len(told)), apart=none).in_affair
    second = gather(alone(len(told)), shuffled, unknown(len(told)), apart=none).in_affair
    assert (second == first[order]).all()
