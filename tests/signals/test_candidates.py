from __future__ import annotations

import pandas as pd

from veille.signals.affairs import Lexis
from veille.signals.candidates import Candidate, category_of, one_per_affair
from veille.signals.tables import SignalKind
from veille.signals.thresholds import Thresholds

T = Thresholds()
DAY = pd.Timestamp("2022-01-24")


def rise(
    topic: str, stories: str, *, subject: str = "a", p: float = 1e-5, category: str | None = None, day: int = 0
) -> Candidate:
    return Candidate(
        kind=SignalKind.NEGATIVE_EMERGENCE,
        subject=subject,
        topic_id=topic,
        first_day=DAY + pd.Timedelta(days=day),
        window_days=3,
        p_value=p,
        expected=0.1,
        stories=frozenset(stories),
        category=category,
        excess=len(stories),
    )


def affairs(*candidates: Candidate) -> list[Candidate]:
    """The affairs of stories that have no word in common, so that none grows."""
    rows = {
        (one.subject, story): one.topic_id for one in sorted(candidates, key=lambda one: one.topic_id) for story in one.stories
    }
    told = pd.DataFrame(
        [
            {"subject": subject, "story_id": story, "topic_id": topic, "title": f"{subject}{story}zz", "text": "", "day": DAY}
            for (subject, story), topic in sorted(rows.items())
        ]
    ).assign(gravity=0.0, gravity_category=None, bad=1.0)
    return one_per_affair(candidates, Lexis(told, told), T)


def kept(*candidates: Candidate) -> list[tuple[str, str]]:
    return sorted((candidate.subject, candidate.topic_id) for candidate in affairs(*candidates))


def test_topic_that_explains_the_rise_stands_for_the_subject() -> None:
    assert kept(rise("", "abcde"), rise("t1", "abcd")) == [("a", "t1")]


def test_subject_stands_where_no_topic_explains_the_rise() -> None:
    assert kept(rise("", "abcdefgh"), rise("t1", "abc")) == [("a", "")]


def test_two_sides_of_one_affair_are_one() -> None:
    one, other = rise("t1", "abc", p=1e-6, category="legal"), rise("t2", "def", category="legal", day=2)
    merged = affairs(one, other)
    assert [(candidate.topic_id, len(candidate.stories)) for candidate in merged] == [("t1", 6)]


def test_other_affairs_stay_apart() -> None:
    assert len(kept(rise("t1", "abc", category="legal"), rise("t2", "def", category="data"))) == 2
    assert len(kept(rise("t1", "abc", category="legal"), rise("t2", "def", category="legal", day=20))) == 2


def test_an_article_that_names_two_subjects_is_told_once() -> None:
    assert kept(rise("", "abc", p=1e-6), rise("", "abc", subject="b")) == [("a", "")]


def test_order_does_not_matter() -> None:
    several = [rise("", "abcde"), rise("t1", "abcd"), rise("t2", "xyz", subject="b"), rise("", "abcd", subject="c", p=0.001)]
    assert kept(*several) == kept(*several[::-1])


def test_danger_to_persons_in_two_stories_outweighs_many_of_another_kind() -> None:
    stories = pd.DataFrame({"gravity": [1.0, 1.0, 0.75, 0.75, 0.75], "gravity_category": ["persons"] * 2 + ["legal"] * 3})
    assert category_of(stories) == "persons"
    assert category_of(stories.iloc[1:]) == "legal"
    assert category_of(pd.DataFrame({"gravity": [0.0], "gravity_category": [None]})) is None
