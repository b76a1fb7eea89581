"""An affair is found whole however many topics it was split over, and nothing else with it."""

from __future__ import annotations

import pandas as pd
import pytest

from veille.signals.affairs import Words, stems, weigh, words_of

DAY = pd.Timestamp("2022-01-24")
FIRE = [
    "Une batterie de vélo prend feu devant la gare",
    "Deux vélos en feu, la batterie en cause",
    "Vélos : la batterie et le feu, les pompiers racontent",
    "La batterie a pris feu, les pompiers sont venus",
    "Les pompiers éteignent un vélo, sa batterie brûlait au feu",
]
OTHERS = [f"Le bus {word} a du retard ce matin encore" for word in ("bleu", "rouge", "vert", "jaune", "blanc", "noir", "gris")]


def words(titles: list[tuple[str, int, str]]) -> Words:
    """The words of stories given as (title, day, topic)."""
    frame = pd.DataFrame(titles, columns=["title", "offset", "topic_id"]).assign(subject="a", text="")
    frame["day"] = DAY + pd.to_timedelta(frame["offset"], unit="D")
    frame["story_id"] = [f"s{number}" for number in range(len(frame))]
    frame = frame.assign(gravity=0.0, gravity_category=None, bad=1.0)
    return words_of(frame, frame, "a")


def mixed() -> Words:
    told = [(title, -20 + number % 15, "bus") for number, title in enumerate(OTHERS * 4)]
    told += [(title, number % 3, f"t{number}") for number, title in enumerate(FIRE)]
    return words(told + [(title, 1, "bus") for title in OTHERS])


def test_stems_bring_plural_accents_and_endings_together() -> None:
    assert stems(pd.Series(["Les vélos brûlés", "le VELO brule", "@velo !"])) == [
        ["brule", "les", "velo"],
        ["brule", "velo"],
        [],
    ]


def test_affair_split_over_topics_is_found_whole_and_alone() -> None:
    told = mixed()
    fires = set(told.stories.index[told.stories["topic_id"].str.startswith("t")])
    seed = sorted(fires)[:2]
    assert told.grow(seed, DAY) == fires


def test_stories_of_before_and_of_other_affairs_stay_out() -> None:
    told = mixed()
    fires = sorted(told.stories.index[told.stories["topic_id"].str.startswith("t")])
    grown = told.grow(fires[:2], DAY, apart=fires[-1:])
    assert fires[-1] not in grown
    assert (told.stories.loc[list(grown), "day"] >= DAY).all()


def test_topic_of_which_half_joins_joins_whole() -> None:
    told = [(title, -20, "bus") for title in OTHERS] + [(title, 0, "t") for title in FIRE] + [("Ils savaient, tous", 0, "t")]
    read = words(told)
    assert read.grow(read.stories.index[-6:-4], DAY) == set(read.stories.index[-6:])


def test_telling_words_are_those_of_the_affair() -> None:
    told = mixed()
    fires = told.stories.index[told.stories["topic_id"].str.startswith("t")]
    signature = told.signature(fires, DAY)
    assert {"feu", "batter"} <= set(signature)
    assert not {"bus", "retard", "matin"} & set(signature)
    weights = weigh(["La batterie prend feu", "Le bus a du retard"], signature)
    assert weights[0] > weights[1] == 0
    assert weigh(["mot"], {}).tolist() == [0.0]


def test_loudest_words_of_ill_stories_are_a_seed() -> None:
    told = mixed()
    recent = told.stories.index[told.stories["day"] >= DAY]
    seed = told.burst(recent, DAY)
    assert seed
    assert told.stories.loc[list(seed), "topic_id"].str.startswith("t").all()


@pytest.mark.parametrize("chosen", [[], ["s0"], ["unknown"]])
def test_too_little_to_grow_from_grows_nothing(chosen: list[str]) -> None:
    assert len(mixed().grow(chosen, DAY - pd.Timedelta(days=30))) <= 1
    assert mixed().signature([], DAY) == {}
