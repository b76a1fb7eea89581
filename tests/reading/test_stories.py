from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from veille.reading import stories
from veille.reading.texts import mention_texts

WIRE = "Incendie dans un dépôt de bus à Nantes : trois blessés légers et quarante véhicules détruits dans la nuit de mardi"
REWRITTEN = "Nantes : trois blessés légers dans l'incendie d'un dépôt de bus, quarante véhicules détruits dans la nuit"
OTHER = "Le conseil municipal vote la gratuité des transports publics pour les moins de dix-huit ans dès septembre"


def mentions(*rows: dict[str, Any]) -> pd.DataFrame:
    """Build rows of `text`, `day` and any other column; ids are a, b, c… in the order given."""
    frame = pd.DataFrame(
        {
            "mention_id": [chr(ord("a") + place) for place in range(len(rows))],
            "text": [row.get("text", "") for row in rows],
            "title": [row.get("title", "") for row in rows],
            "publisher": pd.Series([row.get("publisher") for row in rows], dtype="object"),
            "kind": [row.get("kind", "article") for row in rows],
            "source_type": "rss",
            "native_id": pd.Series([row.get("native_id") for row in rows], dtype="object"),
            "parent_id": pd.Series([row.get("parent_id") for row in rows], dtype="object"),
            "canonical_url": pd.Series([row.get("url") for row in rows], dtype="object"),
            "story_id": pd.Series([row.get("story_id") for row in rows], dtype="object"),
        }
    )
    day = pd.Series([row.get("day", place / 24) for place, row in enumerate(rows)])
    frame["published_at"] = pd.Timestamp("2026-11-02", tz="UTC") + pd.to_timedelta(day, unit="D")
    frame["known_at"] = frame["published_at"]
    frame["story_text"] = mention_texts(frame)["story_text"]
    return frame


def story(frame: pd.DataFrame) -> list[str]:
    return [str(item) for item in stories.assign(frame).reindex(frame.index)["story_id"]]


def test_a_rewritten_dispatch_joins_and_another_does_not() -> None:
    assert story(mentions({"text": WIRE}, {"text": OTHER}, {"text": REWRITTEN})) == ["a", "b", "a"]


def test_the_first_known_founds_whatever_the_order_of_the_rows() -> None:
    assert story(mentions({"text": WIRE, "day": 2}, {"text": REWRITTEN, "day": 1})) == ["b", "b"]


def test_a_story_id_does_not_depend_on_the_future() -> None:
    rows = [{"text": WIRE}, {"text": OTHER}, {"text": REWRITTEN}, {"text": WIRE + " encore"}, {"text": OTHER}]
    whole = story(mentions(*rows))
    for size in range(1, len(rows)):
        assert story(mentions(*rows[:size])) == whole[:size]


def test_reading_in_two_runs_gives_the_stories_of_one() -> None:
    rows = [{"text": WIRE}, {"text": OTHER}, {"text": REWRITTEN}, {"text": OTHER + " prochain"}]
    whole = story(mentions(*rows))
    first = story(mentions(*rows[:2]))
    known = [{**row, "story_id": name} for row, name in zip(rows, first, strict=False)]
    second = stories.assign(mentions(*known, *rows[2:]))["story_id"].tolist()
    assert first + second == whole


def test_a_mention_gathered_late_does_not_found_the_story_of_one_known_before() -> None:
    frame = mentions({"text": WIRE, "day": 0}, {"text": REWRITTEN, "day": 1})
    frame["gathered_at"] = frame["published_at"] + pd.to_timedelta([3, 0], unit="D")
    frame["known_at"] = stories.known_at(frame)
    assert story(frame) == ["b", "b"]


@pytest.mark.parametrize("text", ["Merci !", "Bonjour", "Bravo à tous", "", "😀😀", "Encore en retard"])
def test_short_texts_of_two_people_are_two_stories(text: str) -> None:
    assert story(mentions({"text": text}, {"text": text})) == ["a", "b"]


def test_the_same_long_text_is_one_story_and_fully_similar() -> None:
    found = stories.assign(mentions({"text": OTHER}, {"text": OTHER.upper()}))
    assert found["story_id"].tolist() == ["a", "a"]
    assert found["story_similarity"].tolist() == [1.0, 1.0]


def test_a_repost_joins_its_parent_however_short() -> None:
    rows = [
        {"text": "Nul", "kind": "post", "native_id": "1"},
        {"text": "RT @x: Nul", "kind": "repost", "native_id": "2", "parent_id": "1"},
        {"text": "Nul", "kind": "repost", "native_id": "3", "parent_id": "1"},
        {"text": "Nul", "kind": "comment", "native_id": "4", "parent_id": "1"},
    ]
    assert story(mentions(*rows)) == ["a", "a", "a", "d"]


def test_reposts_of_an_unseen_parent_are_one_story() -> None:
    rows = [{"text": "Nul", "kind": "repost", "native_id": str(place), "parent_id": "gone"} for place in range(3)]
    assert story(mentions(*rows)) == ["a", "a", "a"]


def test_the_same_address_is_one_story_whatever_the_text() -> None:
    rows = [{"text": WIRE, "url": "https://e.org/1"}, {"text": OTHER, "url": "https://e.org/1"}, {"text": OTHER, "url": None}]
    assert story(mentions(*rows)) == ["a", "a", "a"]


def test_a_text_that_comes_back_after_the_window_is_told_anew() -> None:
    assert story(mentions({"text": WIRE, "day": 0}, {"text": WIRE, "day": 15}, {"text": WIRE, "day": 16})) == ["a", "b", "b"]


def test_a_chain_does_not_outlive_the_window_of_its_founder() -> None:
    rows = [{"text": WIRE, "day": 5 * place} for place in range(6)]
    assert story(mentions(*rows)) == ["a", "a", "a", "d", "d", "d"]


def test_threshold_falls_with_length_and_is_out_of_reach_below_five_words() -> None:
    levels = stories.threshold(np.arange(0, 60))
    assert (levels[: stories.FEWEST_WORDS] > 1).all()
    assert (np.diff(levels[stories.FEWEST_WORDS :]) <= 0).all()
    assert levels[stories.FEWEST_WORDS] == pytest.approx(stories.SHORT_THRESHOLD)
    assert levels[-1] == pytest.approx(stories.THRESHOLD)


@pytest.mark.parametrize("rows", [1, 2, 50])
@pytest.mark.parametrize("text", ["", "😀", OTHER])
def test_any_number_of_the_same_text(rows: int, text: str) -> None:
    names = story(mentions(*[{"text": text} for _ in range(rows)]))
    assert len(set(names)) == (1 if text == OTHER else rows)


def test_blocks_do_not_change_the_result(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = np.random.default_rng(3)
    words = OTHER.split() + WIRE.split()
    texts = [" ".join(draw.choice(words, 14)) for _ in range(20)]
    rows = [{"text": texts[place % 20] + (" fin" if place % 3 else ""), "day": place / 10} for place in range(26)]
    whole = stories.assign(mentions(*rows))
    monkeypatch.setattr(stories, "_ROWS_A_BLOCK", 4)
    monkeypatch.setattr(stories, "_COLUMNS_A_BLOCK", 3)
    pd.testing.assert_frame_equal(stories.assign(mentions(*rows)), whole)
    assert 1 < whole["story_id"].nunique() < len(rows)


FORM = "Découvrez en images les prévisions complètes pour la ville et sa région, heure par heure, sur la première chaîne locale"


def issue(title: str, publisher: str = "Le Quotidien", text: str = FORM) -> dict[str, Any]:
    return {"title": title, "text": text, "publisher": publisher}


def test_a_form_that_one_outlet_fills_each_day_is_told_anew() -> None:
    rows = [issue("Ciel gris dimanche à Nantes"), issue("Météo : averses et vent du nord lundi"), issue("Soleil mardi")]
    assert story(mentions(*rows)) == ["a", "b", "c"]


def test_another_outlet_may_give_the_dispatch_another_title() -> None:
    rows = [issue("Ciel gris dimanche à Nantes", text=WIRE + FORM), issue("Un incendie", "La Gazette", WIRE + FORM)]
    assert story(mentions(*rows)) == ["a", "a"]


def test_an_outlet_that_mends_its_title_tells_the_same_story() -> None:
    rows = [
        issue("Incendie du dépôt de bus à Nantes : trois blessés"),
        issue("Incendie du dépôt de bus à Nantes, trois blessés légers"),
    ]
    assert story(mentions(*rows)) == ["a", "a"]


def test_a_form_filled_several_times_needs_nearly_the_same_title() -> None:
    names = ["Martin", "Dupont", "Bernard", "Moreau", "Lefebvre"]
    rows = [issue(f"Portrait du conseiller municipal {name}") for name in names]
    found = story(mentions(*rows))
    assert found[3:] == ["d", "e"]
    assert story(mentions(*rows, issue("Portrait du conseiller municipal Moreau")))[-1] == "d"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Les trains du 29 janvier en Loire", "Les trains du 30 janvier en Loire", False),
        ("Les trains du 29 janvier en Loire", "Les trains du 29/01 en Loire", True),
        ("Trains of 1st March in the valley", "Trains of 2nd March in the valley", False),
        ("Les trains du soir en Loire", "Les trains du soir en Loire, 29 janvier", True),
    ],
)
def test_a_title_that_names_another_day_is_another_issue(one: str, other: str, same: bool) -> None:
    assert (story(mentions(issue(one), issue(other))) == ["a", "a"]) is same


def test_outlets_and_titles_that_are_missing_change_nothing() -> None:
    assert story(mentions({"text": WIRE, "publisher": "x"}, {"text": REWRITTEN, "publisher": "x"})) == ["a", "a"]
    assert story(mentions({"text": FORM, "title": "Ciel gris"}, {"text": FORM, "title": "Grand soleil mardi"})) == ["a", "a"]
