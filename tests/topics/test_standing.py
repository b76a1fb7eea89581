"""What the organisation answers publicly is a topic of its own, the same one for months."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from veille import reading, topics
from veille.mention import MENTIONS
from veille.store import Store
from veille.topics.about import About
from veille.topics.cluster import unit
from veille.topics.standing import Standing, asked, standing
from veille.topics.tables import Origin
from veille.watch import Watch, load_watch

START = datetime(2026, 3, 2, tzinfo=UTC)
ASKED = [
    "Peut-on monter avec son vélo dans le train de 8h ?",
    "Bonjour, peut-on prendre son vélo dans le train le samedi ?",
    "Est-ce qu'on peut monter avec un vélo dans les trains le matin ?",
    "Vélo dans le train de ce soir, peut-on monter avec ?",
]
OTHERS = [
    "Le train de 8h était encore en retard.",
    "Merci à la conductrice de la ligne 3.",
    "La gare est fermée pour travaux.",
    "Le distributeur de billets ne marche pas.",
    "Il pleut sur le quai et personne ne dit rien.",
    "Le prix de l'abonnement augmente encore.",
]


@pytest.fixture
def told(tmp_path: Path) -> tuple[Watch, Store]:
    """Return a watch with one public and one internal message, and two months of questions and other talk."""
    file = tmp_path / "watch.yml"
    file.write_text(
        "watch: w\norganisation: O\nsubjects: [{id: o, name: O, query: o}]\n"
        "audiences: {direction: 'TLP:AMBER', public: 'TLP:CLEAR'}\n"
        "messages:\n  - {id: velo, question: Peut-on monter avec son vélo dans les trains ?, answer: Oui.}\n"
        "  - {id: secret, question: Le prix de l'abonnement augmente-t-il ?, answer: Non., audience: direction}\n",
        encoding="utf-8",
    )
    watch = load_watch(file)
    store = Store(watch)
    texts = [text for week in range(10) for text in (ASKED[week % 4], *(f"{other} Semaine {week}." for other in OTHERS))]
    frame = pd.DataFrame({"text": texts})
    frame["mention_id"] = [f"m{number:03d}" for number in range(len(texts))]
    frame["published_at"] = [START + timedelta(days=number) for number in range(len(texts))]
    frame["subjects"] = [["o"]] * len(texts)
    store.merge(
        MENTIONS, MENTIONS.check(frame.assign(source="essai", source_type="import", kind="post", title="", publisher="site.fr"))
    )
    reading.read(watch, store, START + timedelta(days=200))
    return watch, store


def test_a_public_question_is_one_topic_for_months(told: tuple[Watch, Store]) -> None:
    watch, store = told
    expected = standing(watch, store).ids
    assert len(expected) == 1
    for days in (21, 42, 70):
        result = topics.update(watch, store, START + timedelta(days=days))
        question = result.topics.loc[result.topics["origin"] == Origin.QUESTION]
        assert question["topic_id"].tolist() == list(expected)
        inside = result.assignments.loc[result.assignments["topic_id"] == expected[0], "mention_id"]
        texts = store.load(MENTIONS, ["mention_id", "text"]).set_index("mention_id")["text"]
        assert texts[inside].isin(ASKED).all()


def test_a_question_that_a_person_merged_away_does_not_come_back(told: tuple[Watch, Store]) -> None:
    watch, store = told
    first = topics.update(watch, store, START + timedelta(days=21))
    (question,) = standing(watch, store).ids
    other = first.listed.loc[first.listed["topic_id"] != question, "topic_id"].iloc[0]
    topics.merge(watch, store, other, [question], at=START + timedelta(days=21, minutes=1), by="Ana")
    later = topics.update(watch, store, START + timedelta(days=42))
    assert question not in set(later.assignments["topic_id"])


def test_a_question_that_a_person_named_keeps_its_name(told: tuple[Watch, Store]) -> None:
    watch, store = told
    topics.update(watch, store, START + timedelta(days=21))
    (question,) = standing(watch, store).ids
    topics.rename(watch, store, question, "Vélos à bord", at=START + timedelta(days=21, minutes=1), by="Ana")
    later = topics.update(watch, store, START + timedelta(days=42))
    assert later.topics.set_index("topic_id").loc[question, "title"] == "Vélos à bord"


def test_what_asks_nothing_is_no_question_however_alike() -> None:
    units = unit(np.eye(4)[[0, 0, 1]])
    about = About(units, pd.Series(["on monte ?", "on monte.", "autre ?"]), np.array([-1, -1, -1]))
    found = asked(about, Standing(("q",), np.eye(4)[:1]), np.full(3, -1))
    assert found.tolist() == [0, -1, -1]


def test_what_asked_before_still_does_and_no_question_changes_nothing() -> None:
    about = About(np.eye(3), pd.Series(["a", "b", "c"]), np.array([-1, -1, -1]))
    before = np.array([-1, 0, -1])
    assert asked(about, Standing(("q",), np.eye(3)[:1]), before).tolist() == [-1, 0, -1]
    assert asked(about, Standing(), np.full(3, -1)).tolist() == [-1, -1, -1]
    # Vectors of another model cannot be compared.
    assert asked(about, Standing(("q",), np.eye(5)[:1]), np.full(3, -1)).tolist() == [-1, -1, -1]


def test_no_stories_ask_nothing() -> None:
    about = About(np.zeros((0, 3)), pd.Series([], dtype="object"), np.array([], dtype=np.int64))
    assert asked(about, Standing(("q",), np.eye(3)[:1]), np.array([], dtype=np.int64)).tolist() == []
