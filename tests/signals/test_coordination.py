from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from veille.reading import stories
from veille.signals.coordination import (
    FEWEST_PAST_DAYS,
    MARKED_ACCOUNTS,
    WINDOW_MINUTES,
    Coordination,
    accounts_within,
    coincidence,
    grade,
    rarity,
    shared_things,
    usual_strength,
)

START = datetime(2022, 3, 1, 12, tzinfo=UTC)
CALL = "Il faut que tout le monde sache ce que cette entreprise fait de nos impôts chaque année"
USUAL = (1.0, 0.5)


def posts(
    texts: list[str], minutes: list[float], *, authors: list[str] | None = None, kind: str = "post", story: str | None = None
) -> pd.DataFrame:
    count = len(texts)
    frame = pd.DataFrame({"title": "", "text": texts, "author": authors or [f"a{n}" for n in range(count)], "kind": kind})
    frame["published_at"] = pd.to_datetime([START + timedelta(minutes=minute) for minute in minutes], utc=True).as_unit("us")
    frame["mention_id"] = [f"{kind}{text[:9]}{minute}" for text, minute in zip(texts, minutes, strict=True)]
    return frame.assign(story_id=story or frame["mention_id"])


def nothing() -> pd.DataFrame:
    return shared_things(posts([], []))


def test_eight_accounts_with_the_same_rare_words_in_ten_minutes_are_marked_with_their_mentions() -> None:
    members = shared_things(posts([CALL] * 8, list(range(8)), story="s"))
    found = coincidence(members, nothing(), USUAL, 56)
    assert found.grade is Coordination.MARKED
    assert found.accounts == 8
    assert list(found.evidence) == members.sort_values("published_at")["mention_id"].tolist()


def test_the_same_over_two_days_is_no_coincidence() -> None:
    members = shared_things(posts([CALL] * 8, [360.0 * n for n in range(8)], story="s"))
    assert coincidence(members, nothing(), USUAL, 56).grade is Coordination.NONE


def test_without_enough_past_nothing_is_marked_and_without_any_the_usual_is_not_known() -> None:
    members = shared_things(posts([CALL] * 8, list(range(8)), story="s"))
    assert coincidence(members, nothing(), USUAL, FEWEST_PAST_DAYS - 1).grade is Coordination.POSSIBLE
    assert coincidence(members, nothing(), (0.0, 0.0), 0).usual is None


def test_a_news_link_that_many_pass_on_is_news_and_a_rare_page_is_not() -> None:
    link = "à lire absolument : https://{}/2022/03/article-a-1?utm_source=x"
    own_words = [f"{link} {'mot' + str(n)} avis numéro {n}" for n in range(8)]
    news = posts([text.format("journal.fr") for text in own_words], list(range(8)))
    rare = posts([text.format("petition-obscure.example") for text in own_words], list(range(8)))
    hosts = frozenset(["journal.fr"])
    assert shared_things(news, hosts)["form"].eq("words").all()
    assert coincidence(shared_things(news, hosts), nothing(), USUAL, 56).grade is Coordination.NONE
    assert coincidence(shared_things(rare, hosts), nothing(), USUAL, 56).grade is Coordination.MARKED


def test_a_headline_passed_on_by_a_share_button_is_no_sign() -> None:
    headline = posts([CALL], [0], kind="article", story="s")
    passed_on = posts([CALL] * 8, list(range(1, 9)), story="s")
    assert shared_things(pd.concat([headline, passed_on])).empty


def test_a_site_that_the_watch_passes_on_every_day_weighs_less() -> None:
    past = posts([f"photo du jour https://images.example/{n}" for n in range(200)], [30.0 * n - 90_000 for n in range(200)])
    now = shared_things(posts(["voyez https://images.example/nouveau"] * 6, list(range(6))))
    link = now.loc[now["form"] == "link"]
    assert rarity(link, shared_things(past)).max() < 0.1 < rarity(link, nothing()).min()


def test_a_watch_in_which_it_happens_every_day_is_not_told_of_it() -> None:
    days = [
        shared_things(posts([CALL + f" jour {day}"] * 8, [day * 1440.0 + n for n in range(8)], story=f"s{day}"))
        for day in range(20)
    ]
    usual = usual_strength(pd.concat(days, ignore_index=True), 20, "Europe/Paris")
    assert usual[0] > 4
    today = shared_things(posts([CALL] * 8, [30_000 + n for n in range(8)], story="s"))
    assert coincidence(today, nothing(), usual, 20).grade is Coordination.NONE


def test_reposts_articles_unknown_authors_and_thanks_are_not_counted() -> None:
    texts = [CALL] * 8
    assert shared_things(posts(texts, list(range(8)), kind="repost")).empty
    assert shared_things(posts(texts, list(range(8)), kind="article")).empty
    assert shared_things(posts(texts, list(range(8))).assign(author=None)).empty
    assert shared_things(posts(["Merci beaucoup !"] * 8, list(range(8)), story="s")).empty


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(0, 200), min_size=1, max_size=20))
def test_accounts_of_the_densest_window_are_those_counted_one_by_one(minutes: list[int]) -> None:
    things = shared_things(posts([CALL] * len(minutes), [float(minute) for minute in minutes], story="s"))
    slow = max(sum(first <= other <= first + WINDOW_MINUTES for other in minutes) for first in minutes)
    assert accounts_within(things).max() == slow


@settings(deadline=None, max_examples=40)
@given(st.integers(2, 15))
def test_who_repeats_himself_coincides_with_nobody(times: int) -> None:
    things = shared_things(posts([CALL] * times, list(range(times)), authors=["a"] * times, story="s"))
    assert accounts_within(things).max() == 1


ORDER = [Coordination.NONE, Coordination.POSSIBLE, Coordination.MARKED]


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 40), st.floats(0, 40), st.floats(0, 10), st.floats(0, 5), st.integers(0, 60))
def test_the_grade_rises_with_accounts_and_strength_and_falls_with_what_is_usual(
    accounts: int, strength: float, median: float, spread: float, days: int
) -> None:
    here = ORDER.index(grade(accounts, strength, (median, spread), days))
    assert ORDER.index(grade(accounts + 1, strength, (median, spread), days)) >= here
    assert ORDER.index(grade(accounts, strength + 1, (median, spread), days)) >= here
    assert ORDER.index(grade(accounts, strength, (median + 1, spread), days)) <= here
    assert ORDER.index(grade(accounts, strength, (median, spread), days + 1)) >= here


def test_its_ends_are_reached() -> None:
    assert grade(2, 100.0, (0.0, 0.0), 60) is Coordination.NONE
    assert grade(MARKED_ACCOUNTS, 100.0, (0.0, 0.0), 60) is Coordination.MARKED


def test_a_surge_of_identical_texts_is_one_story_however_many_accounts_post_it() -> None:
    count = 40
    frame = posts([CALL] * count, list(range(count))).assign(
        title="", publisher="x.com", source_type="x", native_id=None, parent_id=None, canonical_url=None, story_id=None
    )
    # Links, handles and a word more are what such posts differ by.
    said = CALL + pd.Series([f" https://t.example/{n} @user{n}" for n in range(count)])
    frame = frame.assign(story_text=said, known_at=frame["published_at"], mention_id=[f"m{n:02d}" for n in range(count)])
    assert stories.assign(frame)["story_id"].drop_duplicates().tolist() == ["m00"]
