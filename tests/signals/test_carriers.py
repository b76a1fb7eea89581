from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from veille.signals.carriers import Voice, carriers, shares, voices

START = datetime(2022, 3, 1, tzinfo=UTC)
NATIONAL = ("grand-journal.fr",)


def told(*rows: dict[str, Any]) -> pd.DataFrame:
    columns = {"publisher": None, "author": None, "press": False, "views": None, "author_followers": None}
    frame = pd.DataFrame([{**columns, **row} for row in rows], columns=[*columns, "story_id"])
    frame["mention_id"] = [f"m{n}" for n in range(len(rows))]
    frame["story_id"] = frame["story_id"].where(frame["story_id"].notna(), frame["mention_id"])
    frame["published_at"] = pd.to_datetime([START + timedelta(hours=n) for n in range(len(rows))], utc=True)
    return voices(frame, frozenset(["a_mayor"]), NATIONAL)


def article(publisher: str, **more: Any) -> dict[str, Any]:
    return {"publisher": publisher, "press": True, **more}


def post(author: str, **more: Any) -> dict[str, Any]:
    return {"publisher": "x.com", "author": author, **more}


def test_each_voice_is_told_for_what_it_is() -> None:
    frame = told(
        article("grand-journal.fr"), article("petit.fr"), post("a_mayor"), post("a_1"), {"publisher": "www.sante.gouv.fr"}, {}
    )
    assert frame["voice"].tolist() == [
        Voice.NATIONAL_PRESS, Voice.PRESS, Voice.OFFICIAL, Voice.ACCOUNT, Voice.OFFICIAL,
    ]  # fmt: skip
    assert frame["carrier"].tolist() == ["grand-journal.fr", "petit.fr", "a_mayor", "a_1", "www.sante.gouv.fr"]


def test_a_new_voice_with_reach_comes_first_and_old_ones_are_not_new() -> None:
    past = told(post("a_old"), post("a_loud"))
    now = told(
        *[post("a_old")] * 4, post("a_quiet", author_followers=3), post("a_new", author_followers=90_000), article("petit.fr")
    )
    found = carriers(now, past, known=True)
    assert found["carrier"].tolist()[:2] == ["a_new", "petit.fr"]
    assert found.set_index("carrier")["new"].to_dict() == {"a_new": True, "petit.fr": True, "a_quiet": True, "a_old": False}
    assert shares(now, found)["new_relays"] == 2


def test_a_short_past_does_not_say_who_is_new() -> None:
    now = told(article("petit.fr"), post("a_1"))
    found = carriers(now, told(post("a_2")), known=False)
    assert found["new"].isna().all()
    assert shares(now, found)["new_relays"] is None


def test_shares_are_of_stories_and_a_story_may_have_several_voices() -> None:
    now = told(
        article("grand-journal.fr", story_id="s"), article("petit.fr", story_id="s"), post("a_mayor", story_id="s"), post("a_1")
    )
    shared = shares(now, carriers(now, now.iloc[:0], known=True))
    assert (shared["press_ratio"], shared["national_ratio"], shared["official_ratio"]) == (0.5, 0.5, 0.5)


def test_nobody_carries_nothing() -> None:
    empty = told(post("a_1")).iloc[:0]
    found = carriers(empty, empty, known=True)
    assert found.empty
    assert shares(empty, found)["press_ratio"] == 0.0


def test_evidence_is_one_mention_a_story_in_order() -> None:
    found = carriers(told(*[post("a_1", story_id="s")] * 3, post("a_1", story_id="t")), told(post("a_2")), known=True)
    assert found["evidence"].tolist() == [["m0", "m3"]]


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.sampled_from(["a_1", "a_2", "a_3"]), min_size=1, max_size=12), st.sets(st.sampled_from(["a_1", "a_2", "a_3"]))
)
def test_every_voice_is_there_once_with_its_share(authors: list[str], before: set[str]) -> None:
    now, past = told(*[post(author) for author in authors]), told(*[post(author) for author in sorted(before)] or [{}])
    found = carriers(now, past, known=True)
    assert sorted(found["carrier"]) == sorted(set(authors))
    assert abs(found["share_ratio"].sum() - 1.0) < 1e-9
    assert set(found.loc[found["new"].astype(bool), "carrier"]) == set(authors) - before
